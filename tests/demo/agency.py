"""One agency of the demonstration: it does what its clerks would, and writes down what the broker acknowledged.

Usage: agency.py CONTEXT LEDGER [heir]. An heir takes the place of others: it begins where these stopped. Whether an agency is
prompt, late or silent follows from a task's number, so each run tells the same story. All times are the broker's.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "clients", "python"))
from coord import Coord, CoordError  # noqa: E402
from targets import MEASURED  # noqa: E402
from year import ABSENCE, ABSENT, ASKED, CONSULTED, LATE, MERGED_MS, OPINION_DUE, SILENT, STANDS_IN, STAYS_UNDONE  # noqa: E402

HOUR = 3600 * 1000
DAY = 24 * HOUR
TICK_SECONDS = 0.1
ORDINARY = ("wrong_state", "escalation_unknown", "conflict", "task_unknown", "not_authorised")  # somebody was quicker


# What becomes of the nine recommendations, by a task's number: how each is answered, with what words. One is never answered.
ANSWERS = {37: ("agreed", "Đồng ý phối hợp rà soát, trình thu hồi các dự án chậm triển khai."),
           61: ("passed_on", "Vượt thẩm quyền của Sở, chuyển Ban Cán sự đảng Ủy ban nhân dân tỉnh xem xét."),
           62: ("agreed_in_part", "Bố trí vốn đoạn Tân Xuân - Tân Thắng trong năm 2025, đoạn còn lại sau năm 2025."),
           63: ("refused", "Chưa có trong kế hoạch đầu tư công trung hạn 2021 - 2025."),
           65: ("agreed", "Đã đưa vào danh mục đầu tư nước sạch nông thôn."),
           66: ("agreed_in_part", "Đầu tư trước tuyến kênh chính, các tuyến nhánh xem xét sau."),
           67: ("agreed", "Đã giao bồi thường, giải tỏa theo tiến độ từng khu công nghiệp."),
           68: ("refused", "Đề nghị huyện cân đối từ ngân sách cấp huyện.")}
PASSED_TO, PASSED_AS = "bcsd-ubt", "-BCSD"  # the party committee of the province's government, which agrees; and its reference's end
# The leads of these ask for a later date 20 days before theirs; whether their assigner grants it.
EXTENSIONS = {20: True, 21: True, 27: False, 28: False}
EXTENDED_TO = "2025-01-10"
# A task that nobody wants: each lead asks that another have it, in this order, and the first has it again, and leaves it undone.
BOUNCED, BOUNCES = 32, ("p-ktht", "p-tckh", "p-nnptnt", "p-ktht")
WITHDRAWN = 38  # handed in by mistake, and asked back


def number_of(record):
    """0 of what is no task of the programme."""
    return int(record["reference"][3:6]) if record["reference"].startswith("HT-") else 0


def submits_after(number):
    """Milliseconds after its due time at which a task is submitted; None for never."""
    return {0: None, 1: 9 * DAY, 2: 2 * DAY}.get(number % 8, -(number % 5 + 2) * DAY)


class Agency:
    def __init__(self, context, ledger, heir=None):
        self.coord, self.is_heir = Coord(context, timeout=90), heir is not None
        self.id = self.coord.call("hello")["agency"]
        self.ledger = open(ledger, "a", encoding="utf-8", buffering=1)
        self.plan = []  # (when, op, task, fields)
        self.measured = {}  # by task: how many values it has reported
        self.now = 0

    def act(self, op, task, **fields):
        try:
            reply = self.coord.call(op, **fields, **({} if task is None else {"task": task}))
        except CoordError as error:
            if error.name not in ORDINARY:
                raise
            return
        self.ledger.write(json.dumps({"op": op, "task": task, "id": reply["id"], "seq": reply["seq"]}) + "\n")
        if op == "submit" and reply["tasks"][0]["reference"] == f"HT-{WITHDRAWN:03}" and not fields["note"].startswith("Đã bổ"):
            self.later(self.now + DAY, "ask", task, asking="withdrawal", note="Trình nhầm bản dự thảo, xin rút lại.")

    def later(self, when, op, task, **fields):
        self.plan.append((when, op, task, fields))

    def work_off_plan(self):
        due = [step for step in self.plan if step[0] <= self.now]
        self.plan = [step for step in self.plan if step[0] > self.now]
        for _, op, task, fields in sorted(due, key=lambda step: step[0]):
            self.act(op, task, **fields)

    # ---- what a notification makes it do ----

    def on_assigned(self, record):
        if "task" not in record:  # who stands in for whom
            return
        if record.get("scheduled", {}).get("period") == ABSENCE[0] and record["lead"] == ABSENT:
            if self.id == STANDS_IN:
                self.plan_weekly(record, in_name_of=ABSENT)
            return
        if record["lead"] != self.id:
            return
        if "scheduled" in record:
            self.plan_weekly(record)
            return
        task, number, time = record["task"], number_of(record), record["time"]
        accepted = time + (6 * DAY if number % 8 == 3 else 10 * HOUR)
        self.later(accepted, "accept", task, note="Đã tiếp nhận.", officer="Nguyễn Văn A")
        self.later(accepted + 5 * DAY, "report", task, percent=30, note="Đã lập kế hoạch thực hiện.")
        if record["content"]["kind"] == "recommendation":
            self.plan_answer(record)
            return
        if number == CONSULTED:
            self.later(time + 20 * DAY, "consult", task, agencies=list(ASKED), due=OPINION_DUE, note="Phương án đăng ký đất đai.")
        if number == BOUNCED:
            self.plan_to_pass_on(record, BOUNCES[1])
        if number in EXTENSIONS:
            self.later(record["due"] - 20 * DAY, "ask", task, asking="extension", due=EXTENDED_TO,
                       note="Khối lượng lớn hơn dự kiến, đề nghị gia hạn.")
        if submits_after(number) is not None:
            if MEASURED.get(number, ((), []))[1]:  # the last value comes with what is handed in
                self.later(record["due"] + submits_after(number) - HOUR, "report", task, note="Số liệu cuối kỳ.", **MEASURED[number][1][-1])
            self.later(record["due"] + submits_after(number), "submit", task, percent=100, evidence="bao-cao.pdf",
                       note="Trình kết quả thực hiện.")

    def plan_to_pass_on(self, record, to):
        self.later(record["time"] + 2 * DAY, "ask", record["task"], asking="transfer", lead=to,
                   note="Không thuộc chức năng của cơ quan, đề nghị chuyển.")

    def plan_weekly(self, record, **name):
        """Two days before it is due, but for one that comes two days late."""
        is_late = (record["scheduled"]["period"], self.id) == LATE
        self.later(record["time"] + 10 * HOUR, "accept", record["task"], note="Đã tiếp nhận.", **name)
        self.later(record["due"] + (2 if is_late else -3) * DAY, "submit", record["task"], percent=100, note="Báo cáo tuần.", **name)

    def plan_answer(self, record):
        """Whoever passes one on recommends it itself, and says what it follows; the one that gets it agrees."""
        task, number = record["task"], number_of(record)
        if "follows" in record["content"]:
            self.later(record["time"] + 12 * DAY, "answer", task, answer="agreed", note="Đồng ý, giao Sở lập dự án.")
        elif number in ANSWERS:
            answer, note = ANSWERS[number]
            when = record["due"] + submits_after(number)
            passed = {"to": PASSED_TO} if answer == "passed_on" else {}
            self.later(when, "answer", task, answer=answer, note=note, **passed)
            if passed:
                self.later(when + HOUR, "assign", None, reference=record["reference"] + PASSED_AS, leads=[PASSED_TO],
                           content={"kind": "recommendation", "title": record["title"], "due": "20wd", "follows": task})

    def on_consulted(self, record):
        if self.id in ASKED and self.id != SILENT:
            self.later(record["time"] + DAY, "opine", record["task"], question=record["question"]["question"], answer="agreed",
                       note="Thống nhất phương án.")

    def on_overdue(self, record):
        """No opinion came: it is gone on without."""
        if record["record"] == "unanswered" and record["lead"] == self.id:
            silent = ", ".join(opinion["agency"] for opinion in record["opinions"])
            self.later(record["time"] + HOUR, "report", record["task"], percent=50,
                       note=f"Chưa có ý kiến của {silent}; tiếp tục thực hiện.")

    def on_asked(self, record):
        asked, number = record["asked"], number_of(record)
        if asked["decider"] != self.id:
            return
        grants = EXTENSIONS.get(number, True)
        self.later(record["time"] + DAY, "grant" if grants else "deny", record["task"], ask=asked["ask"],
                   note="Đồng ý." if grants else "Không đồng ý: đã có đủ thời gian thực hiện.")

    def on_granted(self, record):
        """A later date is used; what was asked back is handed in again with what was missing."""
        if record["lead"] != self.id:
            return
        number, task = number_of(record), record["task"]
        if record["asked"]["asking"] == "transfer":
            if self.id != BOUNCES[-1]:
                self.plan_to_pass_on(record, BOUNCES[BOUNCES.index(self.id) + 1])
            return
        if record["asked"]["asking"] == "withdrawal":
            self.later(record["time"] + 2 * DAY, "submit", task, percent=100, note="Đã bổ sung số liệu còn thiếu.")
            return
        for at, (when, op, of, fields) in enumerate(self.plan):
            if op == "submit" and of == task:
                self.plan[at] = (record["due"] + submits_after(number), op, of, fields)

    def on_reminder(self, record):
        number, task = number_of(record), record["task"]
        if record["lead"] == self.id and record.get("deadline") == "report" and number % 16:
            self.later(record["time"] + 6 * HOUR, "report", task, percent=60, note="Báo cáo tiến độ định kỳ.", **self.next_value(task, number))

    def next_value(self, task, number):
        """Of a target: each value in its turn, and the last again when there are no more."""
        values = MEASURED.get(number, ((), []))[1]
        at = self.measured[task] = self.measured.get(task, -1) + 1
        return values[min(at, len(values) - 1)] if values else {}

    def on_submitted(self, record):
        if record["assigner"] == self.id and number_of(record) % 8 == 7 and not record.get("note", "").startswith("Đã bổ"):
            self.later(record["time"] + DAY, "reject", record["task"], note="Thiếu phụ lục số liệu, đề nghị bổ sung.")
        elif number_of(record) == WITHDRAWN and not record.get("note", "").startswith("Đã bổ"):
            pass  # the lead is about to ask it back
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

    # ---- what an heir finds ----

    def take_over(self):
        """Whoever comes into an office looks first at what is open there: what can be done is handed in, what was is confirmed."""
        self.now = self.coord.call("hello")["time"]
        for task in list(self.coord.pages("task_list", limit=1000, roles=["lead"], states=["assigned", "accepted", "in_progress"])):
            number = number_of(task)
            if number == 0 and task["state"] == "assigned":
                self.later(self.now + HOUR, "accept", task["task"], note="Đã tiếp nhận.")
            if task["kind"] != "recommendation" and (number == 0 or (number % STAYS_UNDONE and number != BOUNCED)):
                self.later(self.now + (1 + number % 5) * DAY, "submit", task["task"], percent=100,
                           note="Tiếp nhận khi sắp xếp đơn vị hành chính, trình kết quả.")
        for task in list(self.coord.pages("task_list", limit=1000, roles=["assigner"], states=["submitted"])):
            self.later(self.now + DAY, "confirm", task["task"])

    def is_left(self, record):
        """Told to whom it succeeds, and not dealt with there: as one of its own would have been told it later."""
        if not self.is_heir or record["time"] >= MERGED_MS or self.id in record["to"]:
            return False
        if "task" in record:
            self.ledger.write(json.dumps({"left": record["seq"], "agency": self.id}) + "\n")
        return True

    def is_for_another(self, record):
        """Told because it stands in, which it does for that report and no more: the other is at work again."""
        return self.id in record.get("stand_ins", ()) and record.get("scheduled", {}).get("period") != ABSENCE[0]

    def run(self):
        if self.is_heir:
            self.take_over()
        for record in self.coord.stream(consumer="van-phong", start=None if self.is_heir else 0, tick=TICK_SECONDS):
            if record is None:
                self.now = self.coord.call("hello")["time"]
            elif not (self.is_left(record) or self.is_for_another(record)):
                self.now = max(self.now, record["time"])
                getattr(self, "on_" + record["notice"], lambda _: None)(record)
            self.work_off_plan()


if __name__ == "__main__":
    try:
        Agency(*sys.argv[1:4]).run()
    except KeyboardInterrupt:
        pass
