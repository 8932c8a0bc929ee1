"""coord-web before the demonstration's broker: its keys, its accounts, its links; and what its page says, asked as a browser asks."""
import http.cookiejar
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "rig"))
from ports import free_port  # noqa: E402

FRONT = os.path.join(ROOT, "clients", "web", "front", "dist")
WAIT_SECONDS = 120


class Web:
    """One process for several agencies: `demo` makes their keys."""

    def __init__(self, demo, build, front=FRONT):
        self.demo, self.program, self.front, self.process = demo, os.path.join(build, "coord-web"), front, None
        self.directory, self.contexts = os.path.join(demo.directory, "web"), {}
        self.config, self.log = os.path.join(demo.directory, "web.conf"), os.path.join(demo.directory, "web.log")
        self.address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.address}"

    def command(self, *arguments, text=None):
        return subprocess.run([self.program, *arguments], input=text, check=True, capture_output=True, text=True).stdout

    def at(self):
        return "--config", self.config, "--dir", self.directory

    def configure(self, agencies, **settings):
        """Each gets a key that reads and acts; none that administers. `settings` are more of its configuration."""
        os.mkdir(self.directory)
        for agency in agencies:
            self.contexts[agency] = os.path.join(self.demo.directory, agency + "-web.context")
            self.demo.ctl("key", "new", agency, "--label", "web", "--rights", "read", "--rights", "act", "--out",
                          self.contexts[agency], quiet=True)
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump(dict({"contexts": list(self.contexts.values()), "listen": self.address, "url": self.url, "front": self.front},
                           **settings), file)

    def add_user(self, user, agency, officer, rights="read,act", password=None):
        self.command("user", "add", user, *self.at(), "--context", self.contexts[agency], "--officer", officer, "--rights", rights)
        if password:
            self.command("user", "password", user, "--dir", self.directory, text=password + "\n")

    def start(self):
        """Returns once it listens, and hears the broker."""
        with open(self.log, "wb") as file:
            self.process = subprocess.Popen([self.program, "run", *self.at()], stdout=file, stderr=file, start_new_session=True)
        end = time.monotonic() + WAIT_SECONDS
        while (said := self.said()).count("listening as") < len(self.contexts):
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("coord-web does not listen:\n" + said)
            time.sleep(0.05)

    def said(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(WAIT_SECONDS)

    def link(self, user):
        """Signs that user in, once."""
        return self.command("login", user, *self.at()).strip()

    def overview(self, user):
        """The page that a browser gets after such a link, and the numbers on it."""
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        with browser.open(self.link(user), timeout=WAIT_SECONDS) as answer:  # and on to the page
            page = answer.read().decode()
        with browser.open(self.url + "/api/overview", timeout=WAIT_SECONDS) as answer:
            return page, json.load(answer)
