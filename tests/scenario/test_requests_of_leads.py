"""What the lead of a task asks of its assigner, from the command line and through the Python client: asked, decided, and
what becomes of a silence."""
import itertools
import os
import re
import shlex
import unittest

from harness import PRESETS, ROOT
from screen import Screen
from standing_clock import StandingClock

DAY = 86400000
WHY = "Chưa có kết quả đo đạc"


class Asking(StandingClock):
    """tinh over huyen over three xa, one of them with a task under the preset for directives. Where the broker goes on later it
    was down meanwhile: what time did then is told late, and told."""

    tree = (("huyen", "tinh"), ("xa-1", "huyen"), ("xa-2", "huyen"), ("xa-3", "huyen"))

    def setUp(self):
        super().setUp()
        self.ctl("huyen", "task", "assign", "--to", "xa-1", "--reference", "HT-1", "--title", "Rà soát quỹ đất công",
                 "--policy", "directive", "--due", "2024-06-28")
        self.ctl("xa-1", "task", "accept", "HT-1")

    def ctl_json(self, agency, *words):
        return self.broker.ctl_json(*words, context=self.files[agency])

    def shown(self, agency="xa-1", reference="HT-1"):
        return [line.split("\t", 1) for line in self.ctl(agency, "task", "show", reference).splitlines()]

    def values(self, name, **whose):
        return [value for label, value in self.shown(**whose) if label == name]

    def ask(self, kind, *words):
        """Asks, and returns the number of the request as coordctl prints it."""
        return self.ctl("xa-1", "request", kind, "HT-1", *words, "--note", WHY).split("\t")[-1].strip()

    # ---- extension ----

    def test_an_extension_is_asked_for_granted_otherwise_and_both_dates_stay_shown(self):
        number = self.ask("extension", "--due", "2024-07-10")
        self.assertRegex(number, r"^\d+$")
        self.assertEqual(self.values("request"), [f"{number}: xa-1 asks for an extension to 2024-07-10, 2024-06-10 09:00: {WHY}; to be "
                                                  "decided by huyen, by 2024-06-13"])
        self.assertIn("request grant,request deny", self.values("may", agency="huyen")[0])
        self.assertNotIn("grant", self.values("may")[0])
        self.ctl("huyen", "request", "grant", "HT-1", "--due", "2024-07-05", "--note", "Gia hạn một lần")
        self.assertEqual(self.values("due_day"), ["2024-07-05"])
        (decided,) = self.values("request_decided")
        self.assertRegex(decided, r"; granted by huyen, 2024-06-10 09:\d\d: an extension to 2024-07-05: Gia hạn một lần$")
        self.ask("extension", "--due", "2024-07-12")
        self.ctl("huyen", "request", "grant", "HT-1")
        self.assertEqual(self.values("due_granted"), ["2024-07-05, 2024-07-12"])
        self.assertTrue(self.values("original_due")[0].startswith("2024-06-29 00:00"))
        history = self.ctl("xa-1", "task", "history", "HT-1")
        self.assertIn(f"asked for an extension to 2024-07-10 (request {number})", history)
        self.assertIn(f"granted an extension to 2024-07-05 (request {number})", history)

    def test_a_denial_says_why_and_the_lead_goes_on(self):
        number = self.ask("extension", "--due", "2024-07-10")
        self.assertIn("needs --note", self.ctl("huyen", "request", "deny", "HT-1", code=2))
        self.ctl("huyen", "request", "deny", "HT-1", "--request", number, "--note", "Không có lý do chính đáng")
        self.assertRegex(self.values("request_decided")[0], r"; denied by huyen, .*: Không có lý do chính đáng$")
        self.assertEqual(self.values("due_day") + self.values("due_granted") + self.values("lead"), ["2024-06-28", "xa-1"])
        self.assertIn(f"denied an extension to 2024-07-10 (request {number})", self.ctl("xa-1", "task", "history", "HT-1"))

    def test_an_extension_is_asked_for_as_early_as_the_preset_says(self):
        self.later("2024-06-26T09:00")
        said = self.ctl("xa-1", "request", "extension", "HT-1", "--due", "2024-07-10", "--note", WHY, code=5)
        self.assertIn("asked_late", said)
        self.assertIn("by 2024-06-25", said)
        self.assertIn("coordctl task comment HT-1", said)
        self.refused("asked_late", "asking", self.client("xa-1").call, "ask", task=1, asking="extension", due="2024-07-10", note=WHY)

    # ---- the other kinds ----

    def test_a_return_gives_the_task_to_whom_the_decider_names_or_to_itself(self):
        self.ask("return", "--lead", "xa-2")
        self.ctl("huyen", "request", "grant", "HT-1")
        self.assertEqual((self.values("lead", agency="huyen"), self.values("state", agency="huyen")), (["xa-2"], ["assigned"]))
        self.ctl("xa-2", "request", "return", "HT-1", "--note", WHY)
        self.ctl("huyen", "request", "grant", "HT-1", "--due", "2024-07-19")
        self.assertEqual((self.values("lead", agency="huyen"), self.values("due_day", agency="huyen")), (["huyen"], ["2024-07-19"]))

    def test_a_transfer_names_a_lead_that_the_decider_may_replace(self):
        said = self.ctl("xa-1", "request", "transfer", "HT-1", "--note", WHY, code=2)
        self.assertIn("needs --lead AGENCY", said)
        self.assertIn("--lead: ", self.ctl("xa-1", "request", "transfer", "HT-1", "--lead", "xa-9", "--note", WHY, code=3))
        self.ask("transfer", "--lead", "xa-2")
        self.ctl("huyen", "request", "grant", "HT-1", "--lead", "xa-3")
        self.assertEqual(self.values("lead", agency="huyen"), ["xa-3"])

    def test_a_suspension_ends_by_itself_and_an_assigner_may_suspend_so_unasked(self):
        self.ask("suspension", "--until", "2024-06-12")
        self.ctl("huyen", "request", "grant", "HT-1")
        self.assertEqual((self.values("state"), self.values("until")), (["suspended"], ["2024-06-13 00:00"]))
        self.assertIn("granted a suspension until 2024-06-12", self.ctl("xa-1", "task", "history", "HT-1"))
        self.later("2024-06-14T09:00")
        self.assertEqual(self.values("state"), ["accepted"])
        self.ctl("huyen", "task", "suspend", "HT-1", "--until", "2024-06-20", "--note", "Chờ kết luận thanh tra")
        self.assertEqual(self.values("until"), ["2024-06-21 00:00"])
        self.assertIn("suspended it until 2024-06-20", self.ctl("xa-1", "task", "history", "HT-1"))

    def test_a_submission_is_withdrawn_when_that_is_granted(self):
        self.assertIn("wrong_state", self.ctl("xa-1", "request", "withdrawal", "HT-1", "--note", WHY, code=5))
        self.ctl("xa-1", "task", "submit", "HT-1")
        self.ask("withdrawal")
        self.ctl("huyen", "request", "grant", "HT-1")
        self.assertEqual(self.values("state"), ["in_progress"])

    # ---- which one ----

    def test_of_several_open_requests_one_must_be_named_and_all_are_told(self):
        self.assertIn("HT-1 has no open request", self.ctl("huyen", "request", "deny", "HT-1", "--note", "x", code=3))
        first, second = self.ask("extension", "--due", "2024-07-10"), self.ask("return")
        said = self.ctl("huyen", "request", "grant", "HT-1", code=2)
        self.assertIn(f"--request: HT-1 has 2 open requests: {first} (an extension to 2024-07-10), {second} (a return); say which", said)
        self.assertIn("already_asked", self.ctl("xa-1", "request", "return", "HT-1", "--note", WHY, code=5))
        self.ctl("xa-1", "request", "take-back", "HT-1", "--request", second)
        self.assertIn(f"took back a return (request {second})", self.ctl("xa-1", "task", "history", "HT-1"))
        self.ctl("huyen", "request", "grant", "HT-1")
        self.assertEqual(self.values("due_granted"), ["2024-07-10"])
        self.assertIn("HT-1 has no open request", self.ctl("huyen", "request", "grant", "HT-1", code=3))
        third = self.ask("return")
        self.assertIn("ask_unknown: --request: ", self.ctl("huyen", "request", "grant", "HT-1", "--request", first, code=3))
        self.ctl("huyen", "request", "deny", "HT-1", "--request", third, "--note", "Không")

    def test_the_asker_does_not_decide(self):
        self.ask("return")
        self.assertIn("not_authorised", self.ctl("xa-1", "request", "grant", "HT-1", code=4))
        self.assertIn("not_authorised", self.ctl("huyen", "request", "return", "HT-1", "--note", WHY, code=4))

    def test_a_dry_run_asks_for_nothing(self):
        self.assertIn("would be", self.ctl("xa-1", "request", "return", "HT-1", "--note", WHY, "--dry-run"))
        self.assertEqual(self.values("request"), [])

    # ---- what waits ----

    def test_a_decision_waits_in_the_list_and_in_the_inbox_with_what_to_type(self):
        self.assertEqual(self.ctl("huyen", "request", "list") + self.ctl("huyen", "inbox"), "")
        number = self.ask("extension", "--due", "2024-07-10")
        (row,) = self.ctl("huyen", "request", "list").splitlines()
        self.assertEqual(row.split("\t"), ["HT-1", "Rà soát quỹ đất công", "xa-1", "an extension to 2024-07-10", "2024-06-28", "huyen",
                                           "2024-06-13", number, WHY])
        self.assertEqual(self.ctl("xa-1", "request", "list"), "")
        self.assertIn("an extension to 2024-07-10", self.ctl("xa-1", "request", "list", "--asked"))
        self.assertEqual(self.ctl("huyen", "request", "list", "--asked"), "")
        (listed,) = self.ctl_json("huyen", "request", "list")
        self.assertEqual((listed["reference"], listed["asked"]["asking"], listed["asked"]["ask"]), ("HT-1", "extension", int(number)))
        (waits,) = self.ctl("huyen", "inbox").splitlines()
        self.assertIn(f"xa-1 asks for an extension to 2024-07-10, to be decided by 2024-06-13: {WHY}; coordctl request grant HT-1, "
                      "or coordctl request deny HT-1 --note WHY", waits)
        (waits,) = self.ctl_json("huyen", "inbox")
        self.assertEqual(waits["asks"][0]["ask"], int(number))
        # and what is to be typed is taken
        words = re.search(r"coordctl (request deny [^;]*) --note WHY", self.ctl("huyen", "inbox")).group(1).split()
        self.ctl("huyen", *words, "--note", "Không")
        self.assertEqual(self.ctl("huyen", "inbox") + self.ctl("huyen", "request", "list"), "")

    def test_what_to_type_names_a_reference_as_a_shell_takes_it(self):
        name = "HT 2; don't $(hurry)"
        self.ctl("huyen", "task", "assign", "--to", "xa-1", "--reference", name, "--title", "Rà soát", "--due", "2024-06-28")
        self.ctl("xa-1", "request", "return", name, "--note", WHY)
        line = re.search(r"coordctl (request deny .*) --note WHY", self.ctl("huyen", "inbox")).group(1)
        self.assertEqual(shlex.split(line), ["request", "deny", name])
        self.ctl("huyen", *shlex.split(line), "--note", "Làm tiếp")
        self.assertEqual(self.ctl("huyen", "inbox"), "")

    def test_what_is_handed_in_and_asked_back_is_in_the_inbox_once(self):
        self.ctl("xa-1", "task", "submit", "HT-1")
        self.ask("withdrawal")
        (waits,) = self.ctl("huyen", "inbox").splitlines()
        self.assertIn("asks for the submission back", waits)

    def test_the_minute_of_a_date_is_shown_to_whoever_decides_it_and_afterwards_by_the_clock_of_its_calendar(self):
        """Wherever its words stand; and a day's end is shown as the day."""
        self.admin.call("calendar_set", calendar=dict(self.admin.call("calendar_list")["calendars"][0], calendar="muon", utc_offset=540))
        self.ctl("huyen", "task", "assign", "--to", "xa-1", "--reference", "HT-2", "--title", "Việc", "--calendar", "muon", "--due", "2024-06-28T16:30")
        self.ctl("xa-1", "request", "extension", "HT-2", "--due", "2024-07-05T15:15", "--note", WHY)
        self.ctl("xa-1", "request", "suspension", "HT-2", "--until", "2024-06-21T10:45", "--note", WHY)
        self.ctl("xa-1", "request", "transfer", "HT-2", "--lead", "xa-2", "--note", WHY)
        number = self.ctl_json("huyen", "task", "show", "HT-2")["task"]["task"]
        asked = ("an extension to 2024-07-05 15:15", "a suspension until 2024-06-21 10:45")
        for words in (("request", "list"), ("inbox",), ("task", "show", "HT-2"), ("task", "history", "HT-2"), ("task", "history", f"@{number}")):
            said = self.ctl("huyen", *words)
            for one in asked:
                self.assertIn(one, said, words)
        self.assertIn("\t2024-06-28 16:30\thuyen\t", self.ctl("huyen", "request", "list"))
        self.assertIn("gave it to xa-1, due 2024-06-28 16:30", self.ctl("huyen", "task", "history", "HT-2"))
        which = self.ctl("huyen", "request", "grant", "HT-2", code=2)
        for one in asked:
            self.assertIn(f"({one})", which)
        asks = {ask["asking"]: str(ask["ask"]) for ask in self.ctl_json("huyen", "task", "show", "HT-2")["task"]["asks"]}
        self.ctl("huyen", "request", "grant", "HT-2", "--request", asks["extension"], "--due", "2024-07-04T08:20")
        self.ctl("huyen", "request", "grant", "HT-2", "--request", asks["suspension"], "--until", "2024-06-20")
        said = self.ctl("huyen", "task", "history", "HT-2")
        self.assertIn("granted an extension to 2024-07-04 08:20", said)
        self.assertIn("granted a suspension until 2024-06-20 (", said)
        self.assertEqual(self.values("due_granted", reference="HT-2"), ["2024-07-04 08:20"])

    def test_what_an_agency_may_do_are_commands_that_find_something(self):
        """Each word of `may` is tried; and of requests none is named that would find none, or find it asked for."""
        more = {"extension": ("--due", "2024-07-31"), "return": (), "transfer": ("--lead", "xa-2"), "suspension": ("--until", "2024-07-31"),
                "withdrawal": (), "reassign": ("--to", "xa-3"), "amend": ("--title", "Khác"),
                "ask": ("--to", "xa-3", "--due", "3wd")}

        def may(agency):
            words = self.values("may", agency=agency)[0].split(",")
            for word in words:
                command = word.split() if " " in word else ["task", word]
                self.ctl(agency, *command, "HT-1", "--dry-run", *(("--note", WHY) if word != "escalate" else ("--note", WHY, "--to", "xa-3")),
                         *more.get(command[1], ()))
            return [word for word in words if word.startswith("request ")]

        asks = ["request extension", "request return", "request transfer", "request suspension"]
        self.assertEqual((may("xa-1"), may("huyen")), (asks, []))
        self.ctl("xa-1", "request", "extension", "HT-1", "--due", "2024-07-31", "--note", WHY)
        self.assertEqual((may("xa-1"), may("huyen")), (asks[1:] + ["request take-back"], ["request grant", "request deny"]))
        self.ctl("xa-1", "request", "take-back", "HT-1")
        self.ctl("xa-1", "task", "submit", "HT-1")
        self.assertEqual((may("xa-1"), may("huyen")), (["request withdrawal"], []))

    def test_each_of_two_requests_is_named_in_what_is_to_be_typed(self):
        numbers = self.ask("extension", "--due", "2024-07-10"), self.ask("return")
        (waits,) = self.ctl("huyen", "inbox").splitlines()
        for number in numbers:
            self.assertIn(f"coordctl request grant HT-1 --request {number}", waits)

    def test_completion_offers_the_tasks_that_wait(self):
        self.ctl("huyen", "task", "assign", "--to", "xa-2", "--reference", "HT-2", "--title", "Khác")
        self.assertEqual(self.ctl("huyen", "_complete", "request", "grant", "HT"), "")
        self.ask("return")
        self.assertEqual(self.ctl("huyen", "_complete", "request", "grant", "HT"), "HT-1\n")
        self.assertEqual(self.ctl("huyen", "_complete", "request", "return", "HT"), "")
        self.assertEqual(self.ctl("xa-2", "_complete", "request", "return", "HT"), "HT-2\n")
        self.assertIn("take-back\n", self.ctl("huyen", "_complete", "request", ""))

    # ---- silence ----

    def test_silence_is_reminded_of_and_escalated_past_the_decider(self):
        number = self.ask("extension", "--due", "2024-07-10")
        self.later("2024-06-12T09:00")
        self.assertIn("reminded huyen (the decision, step 13", self.ctl("huyen", "task", "history", "HT-1"))
        self.later("2024-06-17T09:00")
        history = self.ctl("huyen", "task", "history", "HT-1")
        self.assertIn("escalated at level 1 to tinh (the decision, step 14", history)
        self.assertIn("HT-1", self.broker.ctl("escalation", "list", "--mine"))
        told = next(record for record in self.client("xa-1").stream(start=0, idle=60) if record.get("notice") == "escalated")
        self.assertIn("huyen was to decide what xa-1 asks about HT-1 by 2024-06-13", told["reason"])
        self.ctl("huyen", "request", "deny", "HT-1", "--request", number, "--note", "Không")
        before = self.ctl("huyen", "task", "history", "HT-1").count("the decision")
        self.later("2024-06-26T09:00")
        self.assertEqual(self.ctl("huyen", "task", "history", "HT-1").count("the decision"), before)

    # ---- the Python client ----

    def test_a_request_to_one_that_is_merged_with_the_asker_goes_to_the_next_above(self):
        number = self.ask("extension", "--due", "2024-07-10")
        self.admin.call("agency_set", agency={"agency": "huyen", "name": "huyen", "parent": "tinh", "successor": "xa-1",
                                              "valid_until": self.admin.call("hello")["time"]})
        told = next(record for record in self.admin.stream(start=int(number)) if record["record"] == "handed_on")
        self.assertEqual((told["notice"], told["asked"]["decider"], told["to"]), ("asked", "tinh", ["xa-1", "tinh"]))
        self.assertIn("huyen is one with the lead by now", told["reason"])
        self.broker.restart()
        self.assertIn("to be decided by tinh, by 2024-06-13", self.values("request")[0])
        self.assertIn("request for extension handed on to tinh", self.ctl("xa-1", "task", "history", "HT-1"))
        self.broker.ctl("request", "grant", "HT-1")
        self.assertEqual(self.values("due_day"), ["2024-07-10"])

    def test_a_program_asks_grants_and_lists_as_a_clerk_does(self):
        lead, assigner = self.client("xa-1"), self.client("huyen")
        ask = lead.call("ask", task=1, asking="extension", due="2024-07-10", note=WHY)["seq"]
        (task,) = assigner.pages("task_list", agency="huyen", roles=["decider"])
        self.assertEqual((task["asks"][0]["ask"], task["asks"][0]["decider"], task["asks"][0]["reason"]), (ask, "huyen", WHY))
        self.refused("not_authorised", "ask", lead.call, "grant", task=1, ask=ask)
        self.refused("already_asked", "asking", lead.call, "ask", task=1, asking="extension", due="2024-07-12", note=WHY)
        assigner.call("grant", task=1, ask=ask, due="2024-07-08")
        self.assertEqual(lead.call("task_get", task=1)["task"]["due_day"], "2024-07-08")
        second = lead.call("ask", task=1, asking="suspension", until="2024-06-20", note=WHY)["seq"]
        self.refused("ask_unknown", "ask", assigner.call, "deny", task=1, ask=ask, note="Không")
        lead.call("take_back", task=1, ask=second)
        told = [record["notice"] for record in itertools.islice(assigner.stream(start=ask - 1, idle=60), 3)]
        self.assertEqual(told, ["asked", "asked", "taken_back"])


class Pages(Screen):
    def test_the_page_of_a_task_says_who_must_decide_and_by_when(self):
        self.admin.call("policy_set", policy={"policy": "p", "decide_within": 3, "ask_before": 2, "ordinary": 1, "steps": [
            {"deadline": "decision", "offset": 0, "unit": "working_days", "does": "remind", "to": ["decider"]},
            {"deadline": "decision", "offset": 1, "unit": "working_days", "does": "escalate", "level": 1, "to": ["decider_superior"]}]})
        self.admin.call("assign", reference="HT-1", leads=["huyen"], policy="p", content={"title": "Việc", "due": "2099-06-30"})
        self.huyen.call("accept", task=1)
        context = self.context_file(self.huyen_context)
        self.broker.ctl("request", "extension", "HT-1", "--due", "2099-07-31", "--note", WHY, context=context)
        page = self.screen("task", "show", "HT-1", columns=200)
        self.assertRegex(page, r"(?m)^request +\d+: huyen asks for an extension to 2099-07-31, .*: " + WHY + "; to be decided by tinh, by 20")
        self.broker.ctl("request", "grant", "HT-1")
        page = self.screen("task", "show", "HT-1", columns=200)
        self.broker.ctl("task", "suspend", "HT-1", "--until", "2099-01-31", "--note", "x")
        self.assertRegex(self.screen("task", "show", "HT-1", columns=200), r"(?m)^suspended until +2099-01-31$")
        self.assertRegex(page, r"(?m)^due +2099-07-31; at first 2099-06-30; granted 2099-07-31")
        self.assertRegex(page, r"(?m)^request, decided +\d+: huyen asks for an extension to 2099-07-31, .*; granted by tinh, ")
        self.assertIn("No request waits for this agency.", self.screen("request", "list"))

    def test_the_page_of_a_policy_says_what_may_be_asked_for_and_who_decides(self):
        self.broker.ctl("apply", "-f", os.path.join(PRESETS, "policies.json"))
        page = self.screen("policy", "show", "directive", columns=160)
        self.assertRegex(page, "(?m)^decision +what a lead asks for is decided within 3 working days")
        self.assertRegex(page, "(?m)^extension +asked for 3 working days before the due date at the latest")
        self.assertIn("  13  1 working day before a decision is due: remind who has to decide", page)
        self.assertIn("  14  1 working day after a decision was due: escalate at level 1 to the lead, who has to decide and the "
                      "decider's superior; again every 5 working days", page)
        self.admin.call("policy_set", policy={"policy": "p", "ordinary": 2, "steps": []})
        self.assertIn("the assigner grants 2 of a kind; the assigner's superior decides the next",
                      self.screen("policy", "show", "p", columns=160))

    def test_the_page_of_a_policy_has_all_that_a_policy_says(self):
        """Each field of it, and of a step, changes the page."""
        step = {"deadline": "completion", "offset": 2, "unit": "hours", "does": "escalate", "level": 1, "to": ["lead"], "agencies": ["so"],
                "repeat": 3, "repeat_unit": "hours", "repeat_max": 5, "catchup": "fire", "in_working_time": True}
        up = [{"deadline": "completion", "offset": 9, "unit": "hours", "does": "escalate", "level": level, "to": ["lead"]} for level in (2, 3)]
        whole = {"policy": "p", "name": "Chính sách", "source": "Luật", "accept_within": 2, "accept_unit": "hours", "due": "30d", "steps": [step, *up],
                 "acknowledged_for": 7, "evidence": "required", "decide_within": 4, "decide_unit": "hours", "ask_before": 2, "ordinary": 2,
                 "answer_at_least": 4, "bounces_max": 2, "bounces_level": 2}
        with open(os.path.join(ROOT, "protocol", "PROTOCOL.md"), encoding="utf-8") as file:
            text = file.read()
        fields = {name: set(re.findall(r"(?m)^\| `(\w+)` \|", text[(at := text.index(f"#### {name}\n")):text.index("\n#### ", at + 1)])) for name in ("policy", "step")}
        self.assertEqual((fields["policy"], fields["step"]), (set(whole) | {"version"}, set(step)))

        def page(policy):
            self.admin.call("policy_set", policy=policy)
            return re.sub("(?m)^version.*$", "", self.screen("policy", "show", "p", columns=200))

        first = page(whole)
        self.assertIn("evidence           a submission brings proof of the work", first)
        for field in set(whole) - {"policy", "steps"}:
            gone = {field, field.replace("_within", "_unit").replace("_max", "_level")}  # a unit of nothing is refused
            self.assertNotEqual(page({name: value for name, value in whole.items() if name not in gone}), first, field)
        for others in ({"level", "does"}, {"to"}, {"agencies"}, {"repeat", "repeat_unit", "repeat_max"}, {"repeat_max"}, {"catchup"}, {"in_working_time"}):
            other = dict({name: value for name, value in step.items() if name not in others}, **({"does": "remind"} if "does" in others else {}))
            self.assertNotEqual(page(dict(whole, steps=[other, *up])), first, others)
        for field, value in (("deadline", "acceptance"), ("offset", 3), ("unit", "minutes"), ("repeat_unit", "minutes")):
            self.assertNotEqual(page(dict(whole, steps=[dict(step, **{field: value}), *up])), first, field)

    def test_every_command_of_requests_has_a_page_of_help(self):
        listed = re.findall(r"(?m)^  request (\S+)", self.broker.ctl("help", "request"))
        self.assertEqual(len(listed), 9)
        for verb in listed:
            self.assertIn(f"coordctl request {verb}", self.broker.ctl("help", "request", verb))


if __name__ == "__main__":
    unittest.main()
