"""coord-web on a real broker, asked over real sockets by Python's http.client."""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "scenario"))
from harness import COORDCTL, Scenario, free_port, read_context  # noqa: E402

WEB = os.environ.get("COORD_WEB", os.path.join(os.path.dirname(COORDCTL), "coord-web"))
WAIT_SECONDS = 120
PASSWORD = "mật khẩu đủ dài"


def until(what, seconds=WAIT_SECONDS):
    """Waits for the thing, and returns it."""
    end = time.monotonic() + seconds
    while not (value := what()):
        if time.monotonic() > end:
            raise AssertionError("it never came")
        time.sleep(0.02)
    return value


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["error"]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=WAIT_SECONDS)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(WAIT_SECONDS)
        self.sock.connect(self.path)


class Browser:
    """One browser's context: a cookie, and what /api/me said."""

    def __init__(self, port=None, path=None, headers=None):
        self.port, self.path, self.always, self.cookie, self.csrf = port, path, headers or {}, None, ""

    def connection(self):
        if self.path:
            return UnixConnection(self.path)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)

    def ask(self, method, path, body=None, **headers):
        headers = dict(self.always, **{name.replace("_", "-"): value for name, value in headers.items()})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        connection = self.connection()
        connection.request(method, path, body=body, headers=headers)
        answer = Answer(connection.getresponse())
        connection.close()
        given = answer.headers.get("Set-Cookie")
        if given:
            self.cookie = given.split(";")[0]
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def me(self):
        me = self.get("/api/me").json
        self.csrf = me.get("csrf", "")
        return me

    def sign_in(self, user, password=PASSWORD, **more):
        answer = self.ask("POST", "/api/sign-in", dict({"user": user, "password": password}, **more))
        if answer.status == 200:
            self.csrf = answer.json["csrf"]
        return answer

    def op(self, name, body=None, request_id=None, **headers):
        headers.setdefault("X_CSRF", self.csrf)
        headers.setdefault("X_Request_Id", request_id or str(uuid.uuid4()))
        return self.ask("POST", f"/api/op/{name}", body or {}, **headers)

    def events(self, last=None):
        return Events(self, last)


class Events:
    """An open /api/events: what came, as (event, id, data). A thread reads it."""

    def __init__(self, browser, last=None):
        self.connection = browser.connection()
        headers = {"Cookie": browser.cookie}
        if last:
            headers["Last-Event-ID"] = last
        self.connection.request("GET", "/api/events", headers=headers)
        self.response = self.connection.getresponse()
        self.status, self.came, self.last, self.ended, self.beats = self.response.status, [], last, False, 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        event = {}
        try:
            for line in iter(self.response.readline, b""):
                line = line.decode().rstrip("\n")
                if line.startswith(":"):
                    self.beats += 1
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif event:
                    self.last = event.get("id", self.last)
                    self.came.append((event["event"], event.get("id"), json.loads(event["data"])))
                    event = {}
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass
        self.ended = True

    def of(self, name):
        return [data for event, _, data in list(self.came) if event == name]

    def close(self):
        """Hangs up, as a browser that goes away."""
        sock = self.connection.sock or self.response.fp.raw._sock
        sock.shutdown(socket.SHUT_RDWR)


class Serving(Scenario):
    """A broker, agencies huyen and so, each with a context of a key that reads and acts; coord-web for both."""

    settings = {}

    def setUp(self):
        super().setUp()
        self.dir = os.path.join(self.broker.directory, "web")
        os.mkdir(self.dir)
        self.contexts = {agency: self.web_context(agency) for agency in ("huyen", "so")}
        self.config = self.write("web.conf", json.dumps(dict({
            "contexts": list(self.contexts.values()), "listen": "127.0.0.1:0", "url": "http://127.0.0.1",
            "front": os.path.join(self.dir, "none")}, **self.settings)))
        self.log, self.process, self.port = os.path.join(self.broker.directory, "web.log"), None, None
        self.addCleanup(self.finish)

    def web_context(self, agency, rights=("read", "act"), label="web"):
        import zmq
        public, secret = (key.decode() for key in zmq.curve_keypair())
        self.admin.call("key_set", agency=agency, key={"public_key": public, "label": label, "rights": list(rights)})
        settings = dict(read_context(self.broker.admin), agency=agency, public_key=public, secret_key=secret)
        return self.write(f"{agency}-{label}.context", "".join(f"{key} = {value}\n" for key, value in settings.items()), 0o600)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.broker.directory, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self, **options):
        """Returns once it listens, and hears the broker."""
        before = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([WEB, "run", "--config", self.config, "--dir", self.dir], stdout=log,
                                            stderr=log, **options)

        def listens():
            said = self.read_log()[before:]
            if self.process.poll() is not None:
                raise AssertionError("coord-web ended: " + said)
            if said.count("listening as") < len(self.contexts):
                return None
            return int(said.split("listening on 127.0.0.1:")[1].split()[0])

        self.port = until(listens)

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

    def web(self, *arguments, code=0, text=None):
        run = subprocess.run([WEB, *arguments], input=text, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout if code == 0 else run.stdout + run.stderr

    def user(self, name, agency="huyen", *more, password=PASSWORD):
        self.web("user", "add", name, "--config", self.config, "--dir", self.dir, "--context", self.contexts[agency], *more)
        if password:
            self.web("user", "password", name, "--dir", self.dir, text=password + "\n")

    def link(self, name):
        return self.web("login", name, "--config", self.config, "--dir", self.dir).strip()

    def browser(self, name=None, agency="huyen", *more):
        """A new one; signed in as a user, who is made if need be."""
        browser = Browser(self.port)
        if name:
            if f"{name} " not in self.web("user", "list", "--dir", self.dir):
                self.user(name, agency, *more, password=None)
            path = "/login/" + self.link(name).rsplit("/", 1)[1]
            until(lambda: browser.get(path).status != 503)  # busy, where others have asked for links by chance
            browser.me()
        return browser
