"""One agency of the demonstration: it does what its clerks would, and writes down what the broker acknowledged.

Usage: agency.py CONTEXT LEDGER. Whether it is prompt, late or silent follows from a task's number, so each run tells the
same story. All times are the broker's.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "clients", "python"))
from coord import Coord, CoordError  # noqa: E402

HOUR = 3600 * 1000
DAY = 24 * HOUR
TICK_SECONDS = 0.1
ORDINARY = ("wrong_state", "escalation_unknown", "conflict", "task_unknown", "not_authorised")  # somebody was quicker


def number_of(record):
    return int(record["reference"][3:6])


def submits_after(number):
    """Milliseconds after its due time at which a task is submitted; None for never."""
    return {0: None, 1: 9 * DAY, 2: 2 * DAY}.get(number % 8, -(number % 5 + 2) * DAY)


class Agency:
    def __init__(self, context, ledger):
        self.coord = Coord(context, timeout=90)
        self.id = self.coord.call("hello")["agency"]
        self.ledger = open(ledger, "a", encoding="utf-8", buffering=1)
        self.plan = []  # (when, op, task, fields)
        self.now = 0

    def act(self, op, task, **fields):
        try:
            reply = self.coord.call(op, task=task, **fields)
        except CoordError as error:
            if error.name not in ORDINARY:
                raise
            return
        self.ledger.write(json.dumps({"op": op, "task": task, "id": reply["id"], "seq": reply["seq"]}) + "\n")

    def later(self, when, op, task, **fields):
        self.plan.append((when, op, task, fields))

    def work_off_plan(self):
        due = [step for step in self.plan if step[0] <= self.now]
        self.plan = [step for step in self.plan if step[0] > self.now]
        for _, op, task, fields in sorted(due, key=lambda step: step[0]):
            self.act(op, task, **fields)

    # ---- what a notification makes it do ----

    def on_assigned(self, record):
        if record["lead"] != self.id:
            return
        task, number, time = record["task"], number_of(record), record["time"]
        accepted = time + (6 * DAY if number % 8 == 3 else 10 * HOUR)
        self.later(accepted, "accept", task, note="Đã tiếp nhận.", officer="Nguyễn Văn A")
        self.later(accepted + 5 * DAY, "report", task, percent=30, note="Đã lập kế hoạch thực hiện.")
        if submits_after(number) is not None:
            self.later(record["due"] + submits_after(number), "submit", task, percent=100, evidence="bao-cao.pdf",
                       note="Trình kết quả thực hiện.")

    def on_reminder(self, record):
        if record["lead"] == self.id and record.get("deadline") == "report" and number_of(record) % 16:
            self.later(record["time"] + 6 * HOUR, "report", record["task"], percent=60, note="Báo cáo tiến độ định kỳ.")

    def on_submitted(self, record):
        if record["assigner"] == self.id and number_of(record) % 8 == 7 and not record.get("note", "").startswith("Đã bổ"):
            self.later(record["time"] + DAY, "reject", record["task"], note="Thiếu phụ lục số liệu, đề nghị bổ sung.")
        elif record["assigner"] == self.id:
            self.later(record["time"] + 2 * DAY, "confirm", record["task"])

    def on_rejected(self, record):
        if record["lead"] == self.id:
            self.later(record["time"] + 12 * HOUR, "submit", record["task"], percent=100, note="Đã bổ sung phụ lục.")

    def on_escalated(self, record):
        number, level = number_of(record), record["level"]
        mine = record["lead"] == self.id if level == 1 else record["lead"] != self.id
        if mine and (number + level) % 3 != 0 and level < 3:
            self.later(record["time"] + DAY, "acknowledge", record["task"], escalation=record["escalation"],
                       note="Đã giao lãnh đạo trực tiếp đôn đốc.")

    def run(self):
        for record in self.coord.stream(consumer="van-phong", start=0, tick=TICK_SECONDS):
            if record is None:
                self.now = self.coord.call("hello")["time"]
            else:
                self.now = max(self.now, record["time"])
                getattr(self, "on_" + record["notice"], lambda _: None)(record)
            self.work_off_plan()


if __name__ == "__main__":
    try:
        Agency(*sys.argv[1:3]).run()
    except KeyboardInterrupt:
        pass
