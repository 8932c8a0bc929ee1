"""A relay on a real broker, with receivers of its own: a mail server, a webhook, lines."""
import hashlib
import hmac
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "scenario"))
from harness import COORDCTL, Scenario, free_port, read_context  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RELAY = os.environ.get("COORD_RELAY", os.path.join(os.path.dirname(COORDCTL), "coord-relay"))
SECRET = "một bí mật dài"
WAIT_SECONDS = 120
NOW = {"group_by": "each", "group_wait": "0s", "group_interval": "0s"}  # of a route: each by itself, at once


def until(what, seconds=WAIT_SECONDS):
    """Waits for the thing, and returns it."""
    end = time.monotonic() + seconds
    while not (value := what()):
        if time.monotonic() > end:
            raise AssertionError("it never came")
        time.sleep(0.02)
    return value


def verify(headers, body, secret=SECRET):
    """What a receiver does, whole: is it the relay's, and not an old one sent again?"""
    stamp = headers["X-Coord-Timestamp"]
    wanted = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return (hmac.compare_digest(headers["X-Coord-Signature"], "sha256=" + wanted)
            and abs(time.time() - int(stamp)) < 300)


class Hook:
    """A webhook. `answers` are the statuses of the next requests; 200 behind them, or `always`; `bodies` what it says."""

    def __init__(self, port=None):
        self.seen, self.answers, self.always, self.headers, self.count, self.bodies = [], [], 200, {}, 0, []
        self.room = None  # so many more it takes, and then answers 503
        self.lock = threading.Lock()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with hook.lock:
                    status = hook.answers.pop(0) if hook.answers else hook.always
                    if status == 200 and hook.room is not None:
                        status, hook.room = (200, hook.room - 1) if hook.room else (503, 0)
                    hook.seen.append((status, dict(self.headers), body))
                    hook.count += status == 200
                self.send_response(status)
                for name, value in hook.headers.items():
                    self.send_header(name, value)
                answer = hook.bodies.pop(0).encode() if hook.bodies else b""
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size, daemon_threads = 128, True

            def handle_error(self, request, client_address):
                """A relay that was killed leaves its connections behind."""

        self.server = Server(("127.0.0.1", port or free_port()), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/coord"
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken(self):
        return [json.loads(body) for status, _, body in list(self.seen) if status == 200]

    def notifications(self):
        return [item for parcel in self.taken() for item in parcel["notifications"]]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Mailbox:
    """A real mail server: aiosmtpd's. `refuse` is what it answers to the next mails, one each; with `tls`, an SSL context,
    it takes none before STARTTLS and a sign-in as coord."""

    def __init__(self, tls=None, password=None):
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult
        self.mails, self.refuse = [], []
        box = self
        logging.getLogger("mail.log").disabled = True  # what it says of clients that hang up

        class Handler:
            async def handle_DATA(self, server, session, envelope):
                if box.refuse:
                    return box.refuse.pop(0)
                box.mails.append((list(envelope.rcpt_tos), envelope.content))
                return "250 taken"

        def authenticate(server, session, envelope, mechanism, data):
            right = (data.login, data.password) == (b"coord", (password or "").encode())
            return AuthResult(success=right, handled=right)

        closed = {"tls_context": tls, "require_starttls": True, "auth_required": True, "authenticator": authenticate}
        self.controller = Controller(Handler(), hostname="127.0.0.1", port=free_port(), ready_timeout=WAIT_SECONDS,
                                     **(closed if tls else {}))
        self.controller.start()
        self.url = f"smtp://127.0.0.1:{self.controller.port}"

    def close(self):
        self.controller.stop()


class Relaying(Scenario):
    """A broker, agencies huyen and so, and a place for the relay: its context with a key that reads for the whole tree."""

    def setUp(self):
        super().setUp()
        import zmq
        public, secret = zmq.curve_keypair()
        self.admin.call("key_set", agency="tinh",
                        key={"public_key": public.decode(), "label": "relay", "rights": ["read"]})
        self.context = os.path.join(self.broker.directory, "relay.context")
        self.write_context(self.context, dict(read_context(self.broker.admin), agency="tinh", public_key=public.decode(),
                                              secret_key=secret.decode()))
        self.queue = os.path.join(self.broker.directory, "queue")
        os.mkdir(self.queue)
        self.config = os.path.join(self.broker.directory, "relay.conf")
        self.secret = self.write("secret", SECRET + "\n", 0o600)
        self.log, self.process = os.path.join(self.broker.directory, "relay.log"), None
        self.addCleanup(self.finish)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.broker.directory, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def write_context(self, path, settings):
        self.write(os.path.basename(path), "".join(f"{key} = {value}\n" for key, value in settings.items()), 0o600)

    def hook(self, port=None):
        hook = Hook(port)
        self.addCleanup(hook.close)
        return hook

    def lines(self, *names):
        return [{"name": name, "type": "lines", "file": os.path.join(self.broker.directory, name)} for name in names]

    def told(self, name):
        path = os.path.join(self.broker.directory, name)
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return [item["reference"] for line in file if line.endswith("\n") for item in json.loads(line)["notifications"]]

    def configure(self, text):
        """The configuration: JSON is YAML too, so it may be a dict."""
        if isinstance(text, dict):
            text = json.dumps(dict({"context": self.context}, **text), ensure_ascii=False)
        self.write("relay.conf", text)

    def spawn(self, **options):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([RELAY, "run", "--config", self.config, "--dir", self.queue], stdout=log,
                                            stderr=log, **options)

    def start(self):
        """Returns once the relay listens."""
        before = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        self.spawn()

        def listens():
            with open(self.log, encoding="utf-8") as file:
                file.seek(before)
                said = file.read()
            if self.process.poll() is not None:
                raise AssertionError("the relay ended: " + said)
            return "listening as" in said

        until(listens)

    def reload(self):
        """Has the relay read its configuration again; returns what it said of it."""
        before = os.path.getsize(self.log)
        self.process.send_signal(signal.SIGHUP)

        def said():
            with open(self.log, encoding="utf-8") as file:
                file.seek(before)
                text = file.read()
            return text if "coord-relay: goes " in text else None

        return until(said)

    def end(self, number=signal.SIGTERM):
        if not self.process:
            return None
        self.process.send_signal(number)
        code = self.process.wait(60)
        self.process = None
        return code

    def finish(self):
        """It ends in order when it is asked to, whatever it went through."""
        self.assertIn(self.end(), (None, 0), self.read_log()[-2000:] if os.path.exists(self.log) else "")

    def read_log(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    def relay(self, *arguments, code=0):
        run = subprocess.run([RELAY, *arguments], capture_output=True, text=True, timeout=WAIT_SECONDS, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout if code == 0 else run.stdout + run.stderr

    def counts(self):
        return {name: int(number) for name, number in
                (line.split() for line in self.relay("queue", "--dir", self.queue).splitlines())}
