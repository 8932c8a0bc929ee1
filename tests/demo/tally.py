"""The leaders' page once more, from the journal's history alone: every task's records, added up by who answers for it now."""
import os

from targets import STANDINGS, Measured
from work import Calendar, day_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CALENDAR = os.path.join(ROOT, "clients", "presets", "calendar-vn.json")
ESCALATIONS_MAX = 64  # that a task keeps: for one more the oldest goes, or the one that the record names
COUNTED = ("assigned", "open", "on_time", "late", "overdue", "open_escalations", "submitted", "undecided", "silent", "worst_delay")
DONE, CLOSED = ("submitted", "completed"), ("completed", "cancelled")


class Journal:
    """The agencies, with who stands for whom when; and each task's records, the oldest first."""

    def __init__(self, coord):
        self.now = coord.call("hello")["time"]
        self.agencies = {agency["agency"]: agency for agency in coord.pages("agency_list", limit=1000)}
        self.tasks = {task["task"]: list(reversed(list(coord.pages("task_history", task=task["task"], limit=1000))))
                      for task in list(coord.pages("task_list", limit=1000))}

    def stands(self, agency, at=None):
        """Who is in an agency's place: now, or at a time."""
        at = self.now if at is None else at
        while self.agencies[agency].get("successor") and self.agencies[agency]["valid_until"] <= at:
            agency = self.agencies[agency]["successor"]
        return agency

    def is_under(self, lead, agency, at):
        agency, lead = self.stands(agency, at), self.stands(lead, at)
        while lead and lead != agency:
            lead = self.agencies[lead].get("parent")
        return lead == agency


class Escalations:
    """Those of one task, as it keeps them: each with its level, and whether it is open, acknowledged or over."""

    def __init__(self):
        self.kept = {}

    def add(self, record):
        if len(self.kept) == ESCALATIONS_MAX:
            del self.kept[record.get("forgotten", next(iter(self.kept)))]
        self.kept[record["escalation"]] = [record["level"], "open"]

    def end(self, escalation, how):
        if self.kept.get(escalation, [0, ""])[1] == "open":
            self.kept[escalation][1] = how

    def end_all(self):
        for escalation in self.kept:
            self.end(escalation, "ended")

    def open(self):
        return sum(how == "open" for _, how in self.kept.values())


class Tally:
    def __init__(self, coord):
        self.journal, self.calendar = Journal(coord), Calendar(CALENDAR)
        self.now, self.stands = self.journal.now, self.journal.stands
        self.agencies, self.notices, self.requests = {}, {}, {}
        self.tasks, self.levels = {}, {}  # by number: as its line on the page says; by level: how many escalations stand how
        self.covered = {}  # by document and paragraph: its tasks' counts
        self.answers, self.asked = {}, {}  # by reference: of recommendations, and of what a lead asked
        self.bounced = {}  # by reference: the leads that it had, one after another, where there was more than one…
        self.pushed_up = {}  # …and of each escalation because of that: after how many changes, at which level, to whom
        self.moments = {}  # by task: after each of its records, what a hot spot would go by
        self.opinions = {}  # by task: of each that was asked, on which day it was owed, how it ended and when
        self.turns = {}  # by task: whose clock ran from when, and what for
        self.told = {}  # by record: whom it tells
        self.in_names = {}  # by reference, in whose name and by whom: what was done so
        self.measured, self.standings, self.targets = {}, {}, {}  # by reference: a target, and how it stands; by lead: how many stand how
        for task, records in self.journal.tasks.items():
            self.add(task, records)

    def add(self, task, records):
        state, lead, due, due_day, submitted, leads = None, None, None, None, None, []
        escalations = Escalations()
        asks = {}  # by id: who decides, by when, and when that was over
        content = {}
        measured = Measured()
        for record in records:
            measured.add(record)
            if "request" in record:
                self.requests[record["request"]] = record["seq"]
            self.told[record["seq"]] = (record["time"], record.get("to", []))
            if "stand_in" in record:
                self.in_names.setdefault((record["reference"], record["actor"], record["stand_in"]), []).append(record["action"])
            for ended in record.get("superseded", ()):
                escalations.end(ended, "ended")
            content.update(record.get("content", {}))
            self.ask(record, asks)
            self.opine(task, record)
            self.turn(task, record)
            if record.get("action") == "assign" and record["content"]["kind"] == "recommendation":
                self.answers[record["reference"]] = None
            elif record.get("action") == "answer":
                self.answers[record["reference"]] = record["answer"]
            notice = record.get("notice")
            if notice:
                what = f"escalated {record['level']}" if notice == "escalated" else notice
                self.notices[what] = self.notices.get(what, 0) + 1
            if not leads or record.get("lead", leads[-1]) not in (leads[-1], self.stands(leads[-1], record["time"])):
                leads.append(record["lead"])
                self.bounced.update({record["reference"]: leads} if len(leads) > 1 else {})
            if record["record"] == "rung" and "bounces" in record:
                self.pushed_up.setdefault(record["reference"], []).append(
                    (len(leads) - 1, record["level"], sorted(record["addressed"]), record["escalation"]))
            moment = [record["seq"], record.get("state", state), record.get("due", due), record.get("lead", lead), 0]
            self.moments.setdefault(task, []).append(moment)
            if record["record"] == "rung" or record.get("action") == "escalate":
                if "addressed" in record and record["escalation"] == record["seq"]:  # else one that is told again
                    escalations.add(record)
                moment[4] = escalations.open()
                continue
            if record.get("action") == "acknowledge":
                escalations.end(record["escalation"], "acknowledged")
            state, lead = record.get("state", state), record.get("lead", lead)
            due, due_day = record.get("due", due), record.get("due_day", due_day)
            if record.get("action") in ("submit", "answer"):
                submitted = record["time"]
            if state in ("submitted", "completed", "cancelled"):
                escalations.end_all()
            if state in CLOSED:
                self.close_opinions(task, record["time"])
            moment[4] = escalations.open()
        self.count(state, lead, due, due_day, submitted, escalations.open())
        self.line(task, records[0], content, state, lead, due, due_day, submitted)
        for level, how in escalations.kept.values():
            counts = self.levels.setdefault(level, dict.fromkeys(("open", "acknowledged", "ended"), 0))
            counts[how] += 1
        self.cover(content, state, due, submitted)
        self.target(records[0]["reference"], measured, self.stands(lead), measured.standing(state, due, self.now))
        if state != "cancelled":
            for decider, decide_due, over in asks.values():
                if decide_due is not None and decide_due <= (over or self.now):
                    self.of(decider)["undecided"] += 1
            for agency, opinion in self.opinions.get(task, {}).items():
                self.of(agency)["silent"] += opinion["silent"]

    # ---- what is asked ----

    def ask(self, record, asks):
        """What a lead asks of whoever decides it: counted anew, handed on, decided, or ended with the task."""
        asked, reference = record.get("asked"), record["reference"]
        if record.get("action") == "ask":
            asks[asked["ask"]] = [asked["decider"], asked.get("decide_due"), None]
            self.asked.setdefault(reference, {})[asked["ask"]] = (asked["asking"], None)
        elif asked and "outcome" in asked:
            asks[asked["ask"]][2] = record["time"]
            self.asked[reference][asked["ask"]] = (asked["asking"], asked["outcome"])
        elif asked:
            asks[asked["ask"]][:2] = [asked["decider"], asked.get("decide_due")]
        for ended in record.get("ended", ()):
            asks[ended][2] = record["time"]
            self.asked[reference][ended] = (self.asked[reference][ended][0], "ended")

    def opine(self, task, record):
        """Of each agency one opinion: the year asks none twice."""
        own = self.opinions.setdefault(task, {})
        if record.get("action") == "consult":
            for opinion in record["opinions"]:
                own[opinion["agency"]] = {"due_day": record["question"]["due_day"], "state": "asked", "ended": None, "silent": False}
        elif record["record"] == "unanswered":
            for opinion in record["opinions"]:
                own[opinion["agency"]].update(state="silent", silent=True)
        elif record.get("action") == "opine":
            own[record["actor"]].update(state="given", ended=record["time"])

    def close_opinions(self, task, time):
        for opinion in self.opinions.get(task, {}).values():
            opinion["ended"] = opinion["ended"] or time

    def silent_days(self, opinion):
        return self.calendar.days(opinion["due_day"], day_of(opinion["ended"] or self.now)) if opinion["silent"] else 0

    # ---- whose clock ran ----

    def turn(self, task, record):
        turns = self.turns.setdefault(task, [])
        if record.get("action") == "assign":
            upward = record["content"]["kind"] == "recommendation"
            turns.append([record["lead"], "answering" if upward else "taking_up", record["time"]])
        elif "custody" in record and turns[-1][:2] != [record["custody"].get("agency"), record["custody"].get("charge")]:
            turns.append([record["custody"].get("agency"), record["custody"].get("charge"), record["time"]])

    def custody(self, task, now):
        """Its turns, each whole or in two where an agency was succeeded meanwhile: whose, what for, from when to when, how long."""
        turns, whole = self.turns[task], []
        for at, (agency, charge, since) in enumerate(turns):
            until = turns[at + 1][2] if at + 1 < len(turns) else now
            while agency:
                name = self.stands(agency, since)
                ends = self.journal.agencies[name]
                end = min(until, ends["valid_until"]) if ends.get("successor") else until
                whole.append((name, charge, since, end, self.calendar.worked(since, end)))
                if end == until:
                    break
                since = end
        return whole

    # ---- the page's lines ----

    def line(self, task, first, content, state, lead, due, due_day, submitted):
        done = state in DONE
        in_time = due is None or (submitted if done else self.now) < due
        self.tasks[task] = {"reference": first["reference"], "assigner": self.stands(first["assigner"]), "lead": self.stands(lead),
                            "gave": first["assigner"], "given": first["lead"], "led": lead, "state": state, "due_day": due_day, "due": due,
                            "submitted": submitted if done else None, "title": content["title"],
                            "timeliness": ("on_time" if in_time else "late") if done else "on_time" if in_time else "overdue",
                            "scheduled": first.get("scheduled")}

    def cover(self, content, state, due, submitted):
        """One task into the counts of the paragraphs that it carries out, as the message `covered` defines them."""
        done = state in DONE
        in_time = due is None or (submitted if done else self.now) < due
        if "document" not in content or state == "cancelled":
            return
        for paragraph in content.get("paragraphs", ()):
            counts = self.covered.setdefault((content["document"], paragraph), dict.fromkeys(
                ("tasks", "open", "submitted", "completed", "overdue", "late"), 0))
            for name, more in (("tasks", 1), ("open", not done), ("submitted", state == "submitted"), ("completed", state == "completed"),
                               ("overdue", not done and not in_time), ("late", done and not in_time)):
                counts[name] += more

    def target(self, reference, measured, lead, standing):
        self.measured[reference], self.standings[reference] = measured, standing
        if standing:
            self.targets.setdefault(lead, dict.fromkeys(STANDINGS, 0))[standing] += 1

    def hot(self, agency, seq, now):
        """How many tasks that an agency or one under it leads were overdue, or escalated and not acknowledged, just before a record."""
        found = 0
        for moments in self.moments.values():
            before = [moment for moment in moments if moment[0] < seq]
            if before and before[-1][1] not in CLOSED and self.journal.is_under(before[-1][3], agency, now):
                _, state, due, _, escalated = before[-1]
                found += bool(escalated) or (state != "submitted" and due is not None and due <= now)
        return found

    def of(self, agency):
        return self.agencies.setdefault(self.stands(agency), dict.fromkeys(COUNTED, 0))

    def count(self, state, lead, due, due_day, submitted, open_escalations):
        """One task into its lead's counts, as the message `tally` defines them."""
        if state == "cancelled":
            return
        done = state in DONE
        ended = submitted if done else self.now
        in_time = due is None or ended < due
        counts = self.of(lead)
        counts["assigned"] += 1
        counts["open"] += not done
        counts["on_time"] += done and in_time
        counts["late"] += done and not in_time
        counts["overdue"] += not done and not in_time
        counts["open_escalations"] += open_escalations
        counts["submitted"] += state == "submitted"
        if not in_time:
            counts["worst_delay"] = max(counts["worst_delay"], self.calendar.days(due_day, day_of(ended)))
