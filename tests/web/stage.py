#!/usr/bin/env python3
"""The Ham Tan programme on a real broker, stopped in the middle: some tasks done, some late, some escalated; and coord-web
before it, for the tests in a browser.

Usage: stage.py --build DIR --front DIST [--tasks N]. With --tasks it is N tasks of a like programme instead, some overdue, none
acted on. Prints one line of JSON when all stands (the address, the users, the contexts), then
does what its standard input says, a line at a time, and answers each with a line: `kill` (the broker, without warning), `start`,
`report USER` (what coordctl report --json says to that user's agency), `cancel N` (of the filled tasks the next N). The end of its input is the end of all that it started.
"""
import argparse
import datetime
import json
import os
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "demo"))
import run as demo_run  # noqa: E402
from coord import Coord, CoordError  # noqa: E402
from web import Web  # noqa: E402

DAYS = 225  # after the beginning: in the middle of December, days after most of it was due
FIRST_DAYS = 3  # in which a lead must accept
SPEED = 15.0  # days in a second, afterwards: an agency that is late by that is one more that is late
FILLED_SPEED = 2.0
PASSWORD = "mật khẩu đủ dài"
TARGET, AMOUNTS = "CT-DAT", "CT-VON"
# Who gives, who does, who watches over both, and one who may only read.
USERS = {"giao": ("btv-hu", "Trần Văn Minh", "read,act"), "vanthu": ("p-tnmt", "Nguyễn Thị Hoa", "read,act"),
         "lanhdao": ("btv-tu", "Lê Quang Huy", "read,act"), "xem": ("btv-tu", "Phạm Thu Hà", "read"),
         "huyen": ("ubh", "Võ Thị Mai", "read,act")}


class Stage(demo_run.Demo):
    def __init__(self, build, front):
        super().__init__(build)
        self.web, self.cancelled = Web(self, build, front), 0

    def play(self):
        """The demonstration's own steps, so that the pages show what it shows."""
        self.set_up()
        self.run_agencies(sorted(self.contexts))
        self.end(signal.SIGTERM)
        self.start(demo_run.FIRST_SPEED)
        self.wait_for_streams(len(self.contexts))
        self.assign()
        self.give_targets()
        self.wait_until_day(FIRST_DAYS)
        self.end(signal.SIGTERM)
        self.start(SPEED)
        self.wait_until_day(DAYS)
        self.quiet()

    def give_targets(self):
        """A rate and an amount, month by month, against a plan. Their lead takes them up and says a word, and no value ever comes. They are due long
        after what is played, so that a forecast lies ahead on a machine that is slow to stop it as well."""
        with Coord(self.contexts["btv-hu"], timeout=90) as coord:
            coord.call("assign", reference=TARGET, leads=["p-tnmt"], content={
                "kind": "target", "title": "Giảm tỷ lệ hồ sơ đất đai trễ hạn", "due": "2025-06-30", "reporting": "monthly",
                "unit": "%", "target": 5, "indicator": {"better": "less", "per": 100},
                "plan": [{"period": "2024-06", "value": 9}, {"period": "2024-12", "value": 5}]})
            coord.call("assign", reference=AMOUNTS, leads=["p-tnmt"], content={
                "kind": "target", "title": "Giải ngân vốn đo đạc, lập hồ sơ địa chính", "due": "2025-06-30", "reporting": "monthly", "area": "đất đai",
                "unit": "triệu đồng", "target": 4200, "indicator": {"counting": "amount"},
                "plan": [{"period": f"2024-{month:02}", "value": 600} for month in range(6, 13)]})

    def wait_until_day(self, day):
        self.wait_until(demo_run.time_of(demo_run.BEGINS) + day * demo_run.DAY_MS)

    def fill(self, count):
        """So many open tasks, the first third of them overdue; those that lead have about as many each."""
        self.set_up()
        leads = sorted({lead for task in self.programme["tasks"] if task["assigner"] == "btv-tu" for lead in task["leads"]})
        begins = datetime.date.fromisoformat(demo_run.BEGINS)
        given = 0
        with Coord(self.contexts["btv-tu"], timeout=300) as coord:
            while given < count:
                requests = []
                while given < count and len(requests) < 32:  # a frame holds some 2,000 tasks
                    chosen = leads[:count - given]
                    due = begins + datetime.timedelta(days=5 + (given // len(leads)) % 30)
                    requests.append(("assign", {"reference": f"N-{given}", "leads": chosen, "content": {
                        "title": "Rà soát quỹ đất công và báo cáo phương án xử lý các trường hợp lấn chiếm", "due": due.isoformat()}}))
                    given += len(chosen)
                for reply in coord.batch(requests):
                    if "error" in reply:
                        raise CoordError(reply)
        self.end(signal.SIGTERM)
        self.start(FILLED_SPEED)
        self.wait_until_day(15)
        self.quiet()

    def cancel(self, count):
        """The next so many of the filled tasks, as fast as the broker takes it."""
        with Coord(self.contexts["btv-tu"], timeout=300) as coord:
            while count > 0:
                chosen = range(self.cancelled + 1, self.cancelled + 1 + min(count, 200))
                for reply in coord.batch([("cancel", {"task": task, "note": "Gộp vào nhiệm vụ khác."}) for task in chosen]):
                    if "error" in reply:
                        raise CoordError(reply)
                self.cancelled += len(chosen)
                count -= len(chosen)
        return self.cancelled

    # ---- coord-web ----

    def serve(self):
        self.web.configure(sorted({agency for agency, _, _ in USERS.values()}), link_secret_file=self.link_secret())
        for user, (agency, officer, rights) in USERS.items():
            self.web.add_user(user, agency, officer, rights, PASSWORD)
        self.web.start()
        return self.web.url

    def link_secret(self):
        """What the relay would sign its links with."""
        path = os.path.join(self.directory, "link.secret")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        return path

    def obey(self, line):
        words = line.split()
        if words[0] == "kill":
            self.end(signal.SIGKILL)
        elif words[0] == "start":
            self.start(demo_run.STILL)
        elif words[0] == "report":
            return json.loads(self.ctl("report", "--json", context=self.contexts[USERS[words[1]][0]], quiet=True))
        elif words[0] == "cancel":
            return self.cancel(int(words[1]))
        else:
            raise SystemExit(f"stage: kill, start, report USER or cancel N, not {line!r}")
        return "done"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--front", required=True)
    parser.add_argument("--tasks", type=int, default=0)
    arguments = parser.parse_args()
    told = sys.stdout
    sys.stdout = sys.stderr  # what the demonstration says is for its log
    stage = Stage(os.path.abspath(arguments.build), os.path.abspath(arguments.front))
    try:
        if arguments.tasks:
            stage.fill(arguments.tasks)
        else:
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
