"""The leaders' page once more, from the journal's history alone: every task's records, added up by its lead."""
import datetime

ZONE = datetime.timezone(datetime.timedelta(hours=7))


def day_of(time_ms):
    return datetime.datetime.fromtimestamp(time_ms / 1000, ZONE).date().isoformat()


class Tally:
    def __init__(self, coord):
        self.coord = coord
        self.now = coord.call("hello")["time"]
        self.agencies, self.notices, self.requests = {}, {}, {}
        self.covered = {}  # by document and paragraph: its tasks' counts
        self.answers, self.asked = {}, {}  # by reference: of recommendations, and of what a lead asked
        self.bounced = {}  # by reference: the leads that it had, one after another, where there was more than one…
        self.pushed_up = {}  # …and of each escalation because of that: after how many changes, at which level, to whom
        self.moments = {}  # by task: after each of its records, what a hot spot would go by
        self.parents = {agency["agency"]: agency.get("parent") for agency in coord.pages("agency_list", limit=1000)}
        for task in list(coord.pages("task_list", limit=1000)):
            self.add(task["task"])

    def add(self, task):
        state, lead, due, due_day, submitted, leads = None, None, None, None, None, []
        escalations = {}  # by id: whether it is open
        asks = {}  # by id: who decides, by when, and when that was over
        content = {}
        for record in reversed(list(self.coord.pages("task_history", task=task, limit=1000))):
            if "request" in record:
                self.requests[record["request"]] = record["seq"]
            for ended in record.get("superseded", ()):
                escalations[ended] = False
            content.update(record.get("content", {}))
            asked = record.get("asked")
            if record.get("action") == "ask":
                asks[asked["ask"]] = [asked["decider"], asked.get("decide_due"), None]
                self.asked.setdefault(record["reference"], {})[asked["ask"]] = (asked["asking"], None)
            elif asked and "outcome" in asked:
                asks[asked["ask"]][2] = record["time"]
                self.asked[record["reference"]][asked["ask"]] = (asked["asking"], asked["outcome"])
            elif asked:  # counted anew, or handed on
                asks[asked["ask"]][:2] = [asked["decider"], asked.get("decide_due")]
            for ended in record.get("ended", ()):
                asks[ended][2] = record["time"]
                self.asked[record["reference"]][ended] = (self.asked[record["reference"]][ended][0], "ended")
            if record.get("action") == "assign" and record["content"]["kind"] == "recommendation":
                self.answers[record["reference"]] = None
            elif record.get("action") == "answer":
                self.answers[record["reference"]] = record["answer"]
            notice = record.get("notice")
            if notice:
                what = f"escalated {record['level']}" if notice == "escalated" else notice
                self.notices[what] = self.notices.get(what, 0) + 1
            escalations.update(dict.fromkeys(record.get("superseded", ()), False))
            if not leads or leads[-1] != record.get("lead", leads[-1]):
                leads.append(record["lead"])
                self.bounced.update({record["reference"]: leads} if len(leads) > 1 else {})
            if record["record"] == "rung" and "bounces" in record:
                self.pushed_up.setdefault(record["reference"], []).append(
                    (len(leads) - 1, record["level"], sorted(record["addressed"]), record["escalation"]))
            self.moments.setdefault(task, []).append(
                [record["seq"], record.get("state", state), record.get("due", due), record.get("lead", lead), escalations])
            for opinion in record.get("opinions", ()) if record["record"] == "unanswered" else ():
                self.of(opinion["agency"])["silent"] += 1
            if record["record"] == "rung" or record.get("action") == "escalate":
                if "addressed" in record and record["escalation"] == record["seq"]:  # else one that is told again
                    escalations[record["escalation"]] = True
                self.moments[task][-1][4] = any(escalations.values())
                continue
            if record.get("action") == "acknowledge":
                escalations[record["escalation"]] = False
            state, lead = record.get("state", state), record.get("lead", lead)
            due, due_day = record.get("due", due), record.get("due_day", due_day)
            if record.get("action") in ("submit", "answer"):
                submitted = record["time"]
            if state in ("submitted", "completed", "cancelled"):
                escalations = dict.fromkeys(escalations, False)
            self.moments[task][-1][4] = any(escalations.values())
        self.count(state, lead, due, due_day, submitted, sum(escalations.values()))
        self.cover(content, state, due, submitted)
        if state != "cancelled":
            for decider, decide_due, over in asks.values():
                if decide_due is not None and decide_due <= (over or self.now):
                    self.of(decider)["undecided"] += 1

    def cover(self, content, state, due, submitted):
        """One task into the counts of the paragraphs that it carries out, as the message `covered` defines them."""
        done = state in ("submitted", "completed")
        in_time = due is None or (submitted if done else self.now) < due
        if "document" not in content or state == "cancelled":
            return
        for paragraph in content.get("paragraphs", ()):
            counts = self.covered.setdefault((content["document"], paragraph), dict.fromkeys(
                ("tasks", "open", "submitted", "completed", "overdue", "late"), 0))
            for name, more in (("tasks", 1), ("open", not done), ("submitted", state == "submitted"), ("completed", state == "completed"),
                               ("overdue", not done and not in_time), ("late", done and not in_time)):
                counts[name] += more

    def is_under(self, lead, agency):
        while lead and lead != agency:
            lead = self.parents[lead]
        return lead == agency

    def hot(self, agency, seq, now):
        """How many tasks that an agency or one under it leads were overdue, or escalated and not acknowledged, just before a record."""
        found = 0
        for moments in self.moments.values():
            before = [moment for moment in moments if moment[0] < seq]
            if before and before[-1][1] not in ("completed", "cancelled") and self.is_under(before[-1][3], agency):
                _, state, due, _, escalated = before[-1]
                found += escalated or (state != "submitted" and due is not None and due <= now)
        return found

    def of(self, agency):
        return self.agencies.setdefault(agency, dict.fromkeys(
            ("assigned", "open", "on_time", "late", "overdue", "open_escalations", "submitted", "undecided", "silent", "worst_delay"), 0))

    def count(self, state, lead, due, due_day, submitted, open_escalations):
        """One task into its lead's counts, as the message `tally` defines them."""
        if state == "cancelled":
            return
        done = state in ("submitted", "completed")
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
            delay = self.coord.call("calendar_explain", **{"from": due_day}, add=day_of(ended))["working_days"]
            counts["worst_delay"] = max(counts["worst_delay"], delay)
