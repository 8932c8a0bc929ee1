"""What no browser sends: requests made up by chance, from a seed, among them nearly right ones. Nothing may end or hang the
server, and each answer is whole. FULL=1: 100,000 of them."""
import json
import os
import random
import resource
import socket
import unittest

from serving import WAIT_SECONDS, Browser, Serving, until

COUNT = 100000 if os.environ.get("FULL") else 1000
SEED = int(os.environ.get("SEED", "1"))
PATHS = ["/", "/api/me", "/api/sign-in", "/api/sign-out", "/api/password", "/api/calendar", "/api/evidence", "/api/evidence?name=a",
         "/login/" + "0" * 64, "/login/", "/evidence/" + "a" * 64 + "/x", "/evidence/", "/agencies/huyen/tasks.ics?token=x",
         "/agencies/", "/api/overview", "/acknowledge?task=1&escalation=x&until=9", "/acknowledge", "/assets/x", "/..%2f..", "/%00", "/api/events?after=x.1", "/metrics"]
OPS = ["hello", "task_list", "task_get", "task_history", "assign", "accept", "report", "comment", "summary", "agency_list",
       "calendar_explain", "subscribe", "batch", "status", "nothing", "", "ask", "grant", "consult", "opine", "recall", "document_set",
       "document_list", "document_coverage", "document_replace", "hot_spot_list", "hot_spot_get", "schedule_set", "schedule_list"]
VALUES = [None, True, 0, 1, -1, 2**63 - 1, 2**64, 1e308, "", "x", "0", "x" * 300, "\u202e", "đ\u0323", [], {}, [[]], ["a", 1], {"a": 1},
          "2030-01-01", "10wd", [{}] * 3]
FIELDS = ["task", "officer", "note", "expect", "limit", "after", "reference", "leads", "content", "percent", "evidence_files", "states",
          "roles", "from", "add", "document", "rule", "schedule", "question", "agencies", "moves", "wanted", "user", "password", "code", "new", "old", "agency"]
# None of these makes a body longer than what is sent: a server may wait HTTP_SILENCE_S for the rest.
HEADERS = ["Content-Type: application/json", "Content-Type: text/plain", "X-Request-Id: 1", "X-Request-Id: \xff", "X-CSRF: 0",
           "Accept-Encoding: gzip", "If-None-Match: *", "Last-Event-ID: a.b", "Last-Event-ID: " + "9" * 100, "Range: bytes=0-1",
           "Expect: 100-continue", "X-Remote-User: an", "Cookie: coord_session=", "Cookie: ;;=;coord_session", "Connection: close",
           "Host: x", "A" * 2000 + ": b", ": b", "Upgrade: websocket"]


class Chance:
    def __init__(self, seed, browser):
        self.random, self.browser = random.Random(seed), browser

    def body(self):
        fields = {self.random.choice(FIELDS): self.random.choice(VALUES) for _ in range(self.random.randrange(5))}
        text = json.dumps(fields, ensure_ascii=self.random.random() < 0.5).encode("utf-8", "surrogatepass")
        if self.random.random() < 0.3:
            text = self.mangled(text)
        return text if self.random.random() < 0.95 else text * 200

    def mangled(self, text):
        text = bytearray(text or b"x")
        for _ in range(self.random.randrange(1, 4)):
            at = self.random.randrange(len(text))
            text[at:at + self.random.randrange(3)] = self.random.randbytes(self.random.randrange(3))
            text = text or bytearray(b"x")
        return bytes(text)

    def request(self):
        choice = self.random.choice
        path = choice(PATHS) if self.random.random() < 0.4 else "/api/op/" + choice(OPS)
        method = choice(["GET", "POST", "POST", "POST", "HEAD", "PUT", "OPTIONS", "X"])
        body = self.body() if method != "GET" else b""
        headers = [choice(HEADERS) for _ in range(self.random.randrange(3))]
        headers += ["Host: x", f"Content-Length: {len(body)}"]
        if self.random.random() < 0.8:
            headers += ["Cookie: " + self.browser.cookie, "X-CSRF: " + self.browser.csrf, "Content-Type: application/json",
                        f"X-Request-Id: f{self.random.randrange(1000)}"]
        headers.append("Connection: close")
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(header + "\r\n" for header in headers) + "\r\n"
        whole = head.encode("latin-1") + body
        return (self.mangled(whole), False) if self.random.random() < 0.2 else (whole, True)


class Fuzz(Serving):
    def exchange(self, port, request, whole):
        """Sends it, and reads until the server has hung up; what is broken may be waited for, so it is only sent."""
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.settimeout(WAIT_SECONDS)
            try:
                raw.sendall(request)
                if not whole:
                    return None
                answer = b""
                while piece := raw.recv(65536):
                    answer += piece
                    if b"text/event-stream" in answer[:2000]:
                        return None  # which goes on as long as somebody listens
            except TimeoutError:
                self.fail(f"it hangs: {request!r}, having answered {answer!r}")
            except (ConnectionResetError, BrokenPipeError):
                return None
        return answer

    def test_no_request_ends_the_server(self):
        self.start()
        an = self.browser("an")
        chance, statuses = Chance(SEED, an), {}
        for number in range(COUNT):
            request, whole = chance.request()
            answer = self.exchange(self.port, request, whole)
            if answer:
                head, _, body = answer.partition(b"\r\n\r\n")
                status = head[9:12].decode("latin-1")
                statuses[status] = statuses.get(status, 0) + 1
                self.assertTrue(head.startswith(b"HTTP/1."), (number, request, answer[:200]))
                self.assertNotEqual(status, "500", (number, request, answer))
                if b"application/json" in head and body and b"HEAD" not in request[:5]:
                    self.assertIsInstance(json.loads(body.partition(b"HTTP/1.1")[0]), dict, (number, request))
            if self.process.poll() is not None:
                self.fail(f"seed {SEED}, request {number} ended it: {request!r}\n{self.read_log()[-4000:]}")
            if number % 500 == 0:
                an = self.browser("an")  # it may have signed itself out
                chance.browser = an
        self.assertGreater(len(statuses), 5, statuses)
        self.assertEqual(self.browser("an").op("hello").status, 200)


class Full(Serving):
    def test_a_disk_that_is_full_takes_nothing_and_loses_nothing(self):
        def little():
            resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))

        self.start(preexec_fn=little, restore_signals=False)  # a file that would be larger is refused as by a full disk
        an = self.browser("an")
        task = self.assign("huyen")
        answer = an.ask("POST", "/api/evidence?name=a.bin", b"x" * 400000, X_CSRF=an.csrf)
        self.assertEqual((answer.status, answer.error["name"]), (507, "full"))
        until(lambda: not [name for _, _, files in os.walk(os.path.join(self.dir, "evidence")) for name in files])
        self.assertEqual(an.ask("POST", "/api/evidence?name=a.bin", b"x" * 200000, X_CSRF=an.csrf).status, 200)
        self.assertEqual(an.op("accept", {"task": task}).status, 200)
        self.assertEqual(Browser(self.port).get("/").status, 200)


if __name__ == "__main__":
    unittest.main()
