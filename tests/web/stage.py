#!/usr/bin/env python3
"""The Ham Tan programme on a real broker, stopped in the middle: some tasks done, some late, some escalated; and coord-web
before it, for the tests in a browser.

Usage: stage.py --build DIR --front DIST. Prints one line of JSON when all stands (the address, the users, the contexts), then
does what its standard input says, a line at a time, and answers each with a line: `kill` (the broker, without warning), `start`,
`report USER` (what coordctl report --json says to that user's agency). The end of its input is the end of all that it started.
"""
import argparse
import json
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "demo"))
import run as demo_run  # noqa: E402

DAYS = 225  # after the beginning: in the middle of December, days after most of it was due
PASSWORD = "mật khẩu đủ dài"
WAIT_SECONDS = 60
# Who gives, who does, who watches over both, and one who may only read.
USERS = {"giao": ("btv-hu", "Trần Văn Minh", "read,act"), "vanthu": ("p-tnmt", "Nguyễn Thị Hoa", "read,act"),
         "lanhdao": ("btv-tu", "Lê Quang Huy", "read,act"), "xem": ("btv-tu", "Phạm Thu Hà", "read"),
         "huyen": ("ubh", "Võ Thị Mai", "read,act")}


class Stage(demo_run.Demo):
    def __init__(self, build, front):
        super().__init__(build)
        self.program, self.front, self.web = os.path.join(build, "coord-web"), front, None
        self.web_dir = os.path.join(self.directory, "web")

    def play(self):
        """The demonstration's own steps, so that the pages show what it shows."""
        self.set_up()
        self.run_agencies()
        self.end(signal.SIGTERM)
        self.start(demo_run.FIRST_SPEED)
        self.wait_for_streams(len(self.contexts))
        self.assign()
        self.wait_until_day(demo_run.FIRST_DAYS)
        self.end(signal.SIGTERM)
        self.start(demo_run.SPEED)
        self.wait_until_day(DAYS)
        self.quiet()

    # ---- coord-web ----

    def command(self, *arguments, text=None):
        return subprocess.run([self.program, *arguments], input=text, check=True, capture_output=True, text=True).stdout

    def serve(self):
        os.mkdir(self.web_dir)
        contexts = {}
        for agency in sorted({agency for agency, _, _ in USERS.values()}):
            contexts[agency] = os.path.join(self.directory, agency + "-web.context")
            self.ctl("key", "new", agency, "--label", "web", "--rights", "read", "--rights", "act", "--out", contexts[agency],
                     quiet=True)
        config, log = os.path.join(self.directory, "web.conf"), os.path.join(self.directory, "web.log")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"contexts": list(contexts.values()), "listen": "127.0.0.1:0",
                       "url": "http://127.0.0.1", "front": self.front}, file)
        at = ("--config", config, "--dir", self.web_dir)
        for user, (agency, officer, rights) in USERS.items():
            self.command("user", "add", user, *at, "--context", contexts[agency], "--officer", officer, "--rights", rights)
            self.command("user", "password", user, "--dir", self.web_dir, text=PASSWORD + "\n")
        with open(log, "wb") as file:
            self.web = subprocess.Popen([self.program, "run", *at], stdout=file, stderr=file, start_new_session=True)
        end = time.monotonic() + WAIT_SECONDS
        while True:
            with open(log, encoding="utf-8") as file:
                said = file.read()
            if said.count("listening as") >= len(contexts):
                return "http://" + said.split("listening on ")[1].split()[0]
            if self.web.poll() is not None or time.monotonic() > end:
                raise SystemExit("coord-web does not listen:\n" + said)
            time.sleep(0.05)

    def obey(self, line):
        words = line.split()
        if words[0] == "kill":
            self.end(signal.SIGKILL)
        elif words[0] == "start":
            self.start(demo_run.STILL)
        elif words[0] == "report":
            return json.loads(self.ctl("report", "--json", context=self.contexts[USERS[words[1]][0]], quiet=True))
        else:
            raise SystemExit(f"stage: kill, start or report USER, not {line!r}")
        return "done"

    def remove(self):
        if self.web and self.web.poll() is None:
            self.web.send_signal(signal.SIGTERM)
            self.web.wait(WAIT_SECONDS)
        super().remove()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--front", required=True)
    arguments = parser.parse_args()
    told = sys.stdout
    sys.stdout = sys.stderr  # what the demonstration says is for its log
    stage = Stage(os.path.abspath(arguments.build), os.path.abspath(arguments.front))
    try:
        stage.play()
        url = stage.serve()
        print(json.dumps({"url": url, "password": PASSWORD, "users": {user: agency for user, (agency, _, _) in USERS.items()},
                          "contexts": stage.contexts, "directory": stage.directory}), file=told, flush=True)
        for line in sys.stdin:
            print(json.dumps(stage.obey(line)), file=told, flush=True)
    finally:
        stage.remove()


if __name__ == "__main__":
    main()
