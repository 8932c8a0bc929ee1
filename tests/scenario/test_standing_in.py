"""An agency is stood in for from a day to a day: what its stand-in does in its name, reads and hears, through both clients; what
neither may; and what is left when it is over."""
import datetime
import json
import os

from harness import CoordError
from screen import Screen


class StandingIn(Screen):
    def setUp(self):
        super().setUp()
        self.xa = {name: self.broker.agency(self.admin, name) for name in ("xa-1", "xa-2", "so-1")}
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()  # as the calendar has it
        self.days = [str(today + datetime.timedelta(days=days)) for days in (-1, 0, 7, 14)]
        self.admin.call("assign", reference="HT-1", leads=["xa-1"], content={"title": "Rà soát quỹ đất", "due": "2099-06-30"})
        self.task = self.admin.call("task_get", reference="HT-1")["task"]["task"]
        self.so = self.client(self.xa["so-1"])
        self.context = self.context_file(self.xa["so-1"])

    def stands_in(self, agency="xa-1", by="so-1"):
        self.admin.call("agency_stand_in", agency=agency, by=by, until=self.days[2])

    def record(self):
        """The task's newest."""
        return self.admin.call("task_history", task=self.task, limit=1)["records"][0]

    def refuses(self, name, call):
        with self.assertRaises(CoordError) as caught:
            call()
        self.assertEqual(caught.exception.name, name)

    # ---- through the Python client ----

    def test_it_acts_in_the_agencys_name_and_records_name_both(self):
        self.refuses("task_unknown", lambda: self.so.call("accept", task=self.task))
        self.stands_in()
        self.assertEqual(self.so.call("hello")["stands_in_for"], ["xa-1"])
        self.so.call("accept", task=self.task, officer="Nguyễn An")
        record = self.record()
        self.assertEqual((record["actor"], record["stand_in"], record["officer"]), ("xa-1", "so-1", "Nguyễn An"))
        self.assertEqual(record["to"], ["tinh", "xa-1"])
        self.so.call("report", task=self.task, percent=40, in_name_of="xa-1")
        self.assertEqual(self.record()["stand_in"], "so-1")
        shown = self.so.call("task_get", task=self.task)
        self.assertEqual((shown["stands_in_for"], shown["task"]["lead"]), ("xa-1", "xa-1"))
        self.assertIn("submit", shown["may"])
        self.client(self.xa["xa-1"]).call("submit", task=self.task)  # its own key works as ever
        self.assertNotIn("stand_in", self.record())
        self.broker.restart()
        self.assertEqual(self.so.call("task_get", task=self.task)["stands_in_for"], "xa-1")

    def test_in_its_name_it_reads_what_the_agency_reads(self):
        self.stands_in()
        self.assertEqual(self.so.call("task_list")["tasks"], [])
        self.assertEqual([task["reference"] for task in self.so.call("task_list", in_name_of="xa-1")["tasks"]], ["HT-1"])
        self.assertEqual(self.so.call("summary", in_name_of="xa-1")["tallies"][0]["lead"], "xa-1")
        self.refuses("bad_value", lambda: self.so.call("load", in_name_of="xa-1"))
        self.refuses("not_stood_in_for", lambda: self.so.call("task_list", in_name_of="xa-2"))

    def test_what_is_told_to_the_agency_its_stand_in_hears_and_nobody_else(self):
        self.stands_in()
        streams = {name: self.client(self.xa[name]) for name in ("xa-1", "so-1", "xa-2")}
        for stream in streams.values():
            stream.call("subscribe", credit=100)
        self.admin.call("comment", task=self.task, note="Đến đâu rồi?")
        seq = self.record()["seq"]
        for name in ("xa-1", "so-1"):
            told = streams[name]._records.pop(0) if streams[name]._records else streams[name]._receive(60)
            self.assertEqual((told["seq"], told["to"], told["stand_ins"]), (seq, ["xa-1"], ["so-1"]))
        self.admin.call("agency_stand_in", agency="xa-1")
        self.admin.call("comment", task=self.task, note="Và bây giờ?")
        self.assertNotIn("stand_ins", self.record())
        self.admin.call("assign", reference="HT-2", leads=["xa-2", "so-1"], content={"title": "Việc"})
        for name, wanted in (("xa-2", ["assigned"]), ("so-1", ["removed", "assigned"])):
            heard = []
            while not heard or heard[-1] != "assigned":
                told = streams[name]._records.pop(0) if streams[name]._records else streams[name]._receive(60)
                heard.append(told["notice"])
            self.assertEqual(heard, wanted)

    def test_nobody_confirms_its_own_work_in_another_name(self):
        self.admin.call("agency_stand_in", agency="tinh", by="xa-1", until=self.days[2])
        lead = self.client(self.xa["xa-1"])
        lead.call("accept", task=self.task)
        lead.call("submit", task=self.task)
        self.refuses("not_its_own", lambda: lead.call("confirm", task=self.task, in_name_of="tinh"))
        self.refuses("not_authorised", lambda: lead.call("confirm", task=self.task))
        self.assertEqual(self.broker.ctl_json("inbox", context=self.context_file(self.xa["xa-1"])), [])  # nor does it wait for it
        self.assertEqual([task["reference"] for task in self.broker.ctl_json("inbox")], ["HT-1"])
        self.admin.call("confirm", task=self.task)

    def test_what_would_be_refused_as_not_its_own_waits_in_no_inbox(self):
        """so-1 stands in for xa-1, which leads a task, and for tinh, which gave it and to which it is escalated."""
        self.admin.call("assign", reference="HT-2", leads=["xa-2"], content={"title": "Đo đạc"})
        self.stands_in()
        self.admin.call("agency_stand_in", agency="tinh", by="so-1", until=self.days[2])
        tasks = {"HT-1": self.task, "HT-2": self.admin.call("task_get", reference="HT-2")["task"]["task"]}
        escalations = {}
        for reference, lead in (("HT-1", "xa-1"), ("HT-2", "xa-2")):
            key = self.client(self.xa[lead])
            key.call("accept", task=tasks[reference])
            key.call("submit", task=tasks[reference])
            key.call("escalate", task=tasks[reference], to=["tinh"], note="Chưa ai xem.")
            escalations[reference] = self.admin.call("task_get", task=tasks[reference])["task"]["escalations"][0]["escalation"]
        self.refuses("not_its_own", lambda: self.so.call("confirm", task=tasks["HT-1"], in_name_of="tinh"))
        self.refuses("not_its_own", lambda: self.so.call("acknowledge", task=tasks["HT-1"], escalation=escalations["HT-1"], in_name_of="tinh"))
        for words, name in (((), "tinh"), (("--for", "tinh"), None)):
            waits = self.broker.ctl_json("inbox", *words, context=self.context)
            self.assertEqual([(one["reference"], "escalation" in one, one.get("stands_in_for")) for one in waits],
                             [("HT-2", False, name), ("HT-2", True, name)])
            self.assertNotIn("HT-1", self.broker.ctl("inbox", *words, context=self.context))
            self.assertIn("1 escalation waits for tinh" if name else "1 escalation waits for this agency",
                          self.broker.ctl("inbox", "--table", *words, context=self.context))
        self.so.call("confirm", task=tasks["HT-2"], in_name_of="tinh")
        # Its own name does what its own roles allow, and so does that of the lead.
        self.admin.call("reject", task=tasks["HT-1"], note="Thiếu bản đồ.")
        self.assertEqual([(one["reference"], one["stands_in_for"]) for one in self.broker.ctl_json("inbox", context=self.context)
                          if "escalation" not in one], [("HT-1", "xa-1")])
        self.assertEqual([one["reference"] for one in self.broker.ctl_json("inbox", "--for", "xa-1", context=self.context)], ["HT-1"])

    def test_who_says_another_at_once_is_told_when_and_waits(self):
        """Both clients send it again by themselves until it may be said, unless they are given less time than that."""
        refused, words = {}, ("agency", "stand-in", "xa-1")
        for by in ("so-1", "xa-2") * 10:  # a machine that is busy may be slower than that
            (refused,) = self.admin.batch([("agency_stand_in", {"agency": "xa-1", "by": by, "until": self.days[2]})])
            if "error" in refused:
                break
        self.assertEqual([refused.get(name) for name in ("error", "retry", "field")], ["rate_limited", True, "agency"])
        self.assertRegex(refused["message"], r"may be said again in [1-5] s\.")
        self.assertIn("was said just now", self.broker.ctl("--timeout", "1", *words, "xa-2", "--until", self.days[3], code=1))
        self.assertIn("set", self.broker.ctl(*words, "xa-2", "--until", self.days[3]))
        self.admin.call("agency_stand_in", agency="xa-1", by="so-1", until=self.days[3])
        self.assertEqual(self.so.call("hello")["stands_in_for"], ["xa-1"])

    def test_what_only_the_stand_in_could_decide_waits_on_its_list_until_that_is_over(self):
        lead = self.client(self.xa["xa-1"])
        lead.call("accept", task=self.task)
        lead.call("ask", task=self.task, asking="extension", due="2099-07-30", note="Mưa lũ.")
        ask = self.record()["seq"]
        self.stands_in(by="tinh")
        shown = self.admin.call("task_get", task=self.task)
        self.assertEqual((shown["task"]["asks"][0]["decider"], {"grant", "deny"} & set(shown["may"])), ("tinh", set()))
        self.refuses("not_authorised", lambda: self.admin.call("grant", task=self.task, ask=ask))
        self.broker.restart()
        self.assertEqual([one["task"] for one in self.admin.call("task_list", roles=["decider"], agency="tinh")["tasks"]], [self.task])
        self.assertIn("HT-1", self.broker.ctl("request", "list"))
        said = self.broker.ctl("inbox")  # nothing that would be refused
        self.assertIn(f"Mưa lũ.; tinh stands in for xa-1 until {self.days[2]}, and decides after that", said)
        self.assertNotIn("request grant", said)
        self.assertIn("waits until", self.broker.ctl("request", "grant", "HT-1", code=4))
        # Nor to who stands in for the one that decides: what that may not, is not done in its name.
        self.admin.call("agency_stand_in", agency="tinh", by="so-1", until=self.days[3])
        for words in ((), ("--for", "tinh")):
            said = self.broker.ctl("inbox", *words, context=self.context)
            self.assertIn(f"tinh stands in for xa-1 until {self.days[2]}, and decides after that", said)
            self.assertNotIn("request grant", said)
        self.refuses("not_authorised", lambda: self.so.call("grant", task=self.task, ask=ask, in_name_of="tinh"))
        self.admin.call("agency_stand_in", agency="xa-1")
        self.assertIn("coordctl request grant HT-1, or", self.broker.ctl("inbox"))
        self.assertIn("coordctl request grant HT-1 --for tinh, or", self.broker.ctl("inbox", context=self.context))
        self.broker.ctl("request", "grant", "HT-1")
        self.assertEqual(self.admin.call("task_get", task=self.task)["task"]["due_day"], "2099-07-30")

    def test_a_resend_is_answered_when_it_is_over(self):
        self.stands_in()
        first = self.so.call("accept", task=self.task, id="mot")
        self.admin.call("agency_stand_in", agency="xa-1")
        self.broker.restart()
        again = self.so.call("accept", task=self.task, id="mot")
        self.assertEqual(again["seq"], first["seq"])
        self.refuses("task_unknown", lambda: self.so.call("start", task=self.task))

    # ---- through coordctl ----

    def test_a_clerk_sets_it_works_by_it_and_ends_it(self):
        ctl = self.broker.ctl
        self.assertIn("set", ctl("agency", "stand-in", "xa-1", "so-1", "--until", self.days[2]))
        self.assertIn("unchanged", ctl("agency", "stand-in", "xa-1", "so-1", "--until", self.days[2]))
        self.assertIn(f"so-1, {self.days[1]} to {self.days[2]}", ctl("agency", "list"))
        inbox = self.broker.ctl_json("inbox", context=self.context)
        self.assertEqual([(task["reference"], task["stands_in_for"]) for task in inbox], [("HT-1", "xa-1")])
        self.assertIn("in the name of xa-1", ctl("inbox", context=self.context))
        ctl("task", "accept", "HT-1", context=self.context)
        ctl("task", "report", "HT-1", "--percent", "30", "--for", "xa-1", context=self.context)
        history = ctl("task", "history", "HT-1", context=self.context)
        self.assertIn("xa-1, by so-1", history)
        self.assertEqual(self.broker.ctl_json("task", "show", "HT-1", context=self.context)["stands_in_for"], "xa-1")
        self.assertIn("ended", ctl("agency", "stand-in", "xa-1", "--end"))
        self.assertEqual(self.broker.ctl_json("inbox", context=self.context), [])
        self.broker.ctl("task", "report", "HT-1", "--for", "xa-1", context=self.context, code=self.code("not_stood_in_for"))

    def code(self, error):
        return {"not_stood_in_for": 4}[error]

    def test_a_file_says_nothing_of_it_but_what_stands(self):
        self.stands_in()
        agency = next(one for one in self.broker.ctl_json("agency", "list") if one["agency"] == "xa-1")
        path = os.path.join(self.broker.directory, "f.json")
        for stand_in, code in ((agency["stand_in"], 0), (dict(agency["stand_in"], by="xa-2"), 2), (None, 2)):
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"agencies": [{"agency": "xa-1", "name": "Xã một", "stand_in": stand_in}]}, file)
            said = self.broker.ctl("apply", "-f", path, "--yes", code=code)
            if code:
                self.assertIn("coordctl agency stand-in", said)
        self.assertEqual(self.so.call("hello")["stands_in_for"], ["xa-1"])

    def test_a_file_written_from_what_stood_then_does_not_change_when_it_was_said(self):
        self.stands_in()
        agency = next(one for one in self.broker.ctl_json("agency", "list") if one["agency"] == "xa-1")
        path = os.path.join(self.broker.directory, "f.json")
        self.broker.ctl("agency", "stand-in", "xa-1", "so-1", "--until", self.days[3])
        now = next(one for one in self.broker.ctl_json("agency", "list") if one["agency"] == "xa-1")
        self.assertGreater(now["stand_in_set"], agency["stand_in_set"])
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"agencies": [dict(now, stand_in_set=agency["stand_in_set"])]}, file)
        self.assertEqual(self.broker.ctl("apply", "-f", path), "")  # nothing to do

    # ---- and those that end ----

    def ends(self, agency, successor):
        self.admin.call("agency_set", agency={"agency": agency, "name": agency, "parent": "tinh", "successor": successor,
                                              "valid_until": self.admin.call("hello")["time"]}, even_last=True)

    def test_an_agency_that_ends_is_stood_in_for_no_more_nor_is_its_successor(self):
        self.stands_in()
        second = self.client(self.xa["xa-2"])
        self.so.call("accept", task=self.task)
        self.ends("xa-1", "xa-2")
        self.refuses("task_unknown", lambda: self.so.call("report", task=self.task, percent=20))
        for name in ("xa-1", "xa-2"):
            self.refuses("not_stood_in_for", lambda name=name: self.so.call("report", task=self.task, percent=20, in_name_of=name))
        self.assertNotIn("stands_in_for", self.so.call("hello"))
        second.call("report", task=self.task, percent=30)
        record = self.record()
        self.assertEqual((record["actor"], "stand_in" in record, "stand_ins" in record), ("xa-2", False, False))
        self.stands_in("xa-2")  # which is one's own to say
        self.so.call("report", task=self.task, percent=40)
        record = self.record()
        self.assertEqual((record["actor"], record["stand_in"]), ("xa-2", "so-1"))

    def test_who_succeeds_the_stand_in_does_not_stand_in(self):
        self.stands_in()
        third = self.broker.agency(self.admin, "so-moi")
        self.so.call("accept", task=self.task)
        self.ends("so-1", "so-moi")
        moi = self.client(third)
        self.assertNotIn("stands_in_for", moi.call("hello"))
        self.refuses("task_unknown", lambda: moi.call("report", task=self.task, percent=10))
        self.refuses("agency_closed", lambda: self.so.call("report", task=self.task, percent=10))
        self.admin.call("comment", task=self.task, note="Ai làm?")
        self.assertEqual((self.record()["to"], "stand_ins" in self.record()), (["xa-1"], False))

    def test_what_is_typed_next_names_the_agency_that_is_stood_in_for(self):
        self.stands_in()
        ctl = lambda *words, **how: self.broker.ctl(*words, context=self.context, **how)  # noqa: E731
        self.admin.call("assign", reference="TB-1", leads=["xa-1", "xa-2"], content={"title": "Lịch nghỉ", "kind": "circular"})
        self.assertIn("coordctl task accept TB-1/xa-1 --for xa-1", ctl("inbox"))
        self.assertIn("coordctl task accept TB-1/xa-1 --for xa-1", ctl("inbox", "--for", "xa-1"))
        self.assertIn("in the name of xa-1: a circular", ctl("inbox"))
        said = ctl("task", "report", "HT-1", "--percent", "5", "--for", "xa-1", code=5)
        self.assertIn("coordctl --for xa-1 task show HT-1  # what may be done now: work goes on with what was accepted, and is neither suspended nor closed", said)
        self.assertIn("xa-1", ctl("report", "--for", "xa-1", "--table").splitlines()[0])
        self.assertNotIn("so-1", ctl("report", "--for", "xa-1", "--table").splitlines()[0])

    def test_escalations_to_acknowledge_are_in_every_form_of_the_inbox(self):
        self.stands_in()
        self.admin.call("assign", reference="HT-2", leads=["xa-2"], content={"title": "Đo đạc", "due": "2099-06-30"})
        self.broker.ctl("task", "escalate", "HT-2", "--to", "xa-1", "--note", "Chậm")
        for context, words, named in ((self.context_file(self.xa["xa-1"]), (), ""), (self.context, (), " --for xa-1"),
                                      (self.context, ("--for", "xa-1"), " --for xa-1")):
            ctl = lambda *more: self.broker.ctl("inbox", *words, *more, context=context)  # noqa: E731,B023
            row = ctl().splitlines()[-1].split("\t")
            self.assertEqual(row[:4] + row[8:9], ["HT-2", "Đo đạc", "xa-2", "", row[8]])
            self.assertTrue(row[9].endswith(f"an escalation of level 1: coordctl{named} escalation acknowledge HT-2"), row[9])
            self.assertEqual(row[9].startswith("in the name of xa-1: "), named != "" and not words)
            item = json.loads(ctl("--json"))[-1]
            self.assertEqual((item["reference"], item["escalation"]["to"]), ("HT-2", ["xa-1"]))
            self.assertEqual(item.get("stands_in_for"), "xa-1" if named and not words else None)
            self.assertIn(f"to acknowledge: coordctl{named} escalation list --mine\n", ctl("--table"))
        self.broker.ctl("escalation", "acknowledge", "HT-2", "--for", "xa-1", context=self.context)
        self.assertNotIn("HT-2", self.broker.ctl("inbox", context=self.context))

    def test_a_circular_is_found_by_its_leads_as_by_who_gave_it(self):
        self.admin.call("assign", reference="TB-1", leads=["xa-1", "xa-2"], content={"title": "Lịch nghỉ", "kind": "circular"})
        self.client(self.xa["xa-1"]).call("accept", task=self.admin.call("task_get", reference="TB-1/xa-1")["task"]["task"])
        for name, lead in (("TB-1", "xa-1"), ("TB-1/xa-1", "xa-1"), ("TB-1", "xa-2"), ("tinh:TB-1", "xa-2")):
            said = json.loads(self.broker.ctl("--json", "circular", name, context=self.context_file(self.xa[lead])))
            self.assertEqual((said["partial"], [task["lead"] for task in said["tasks"]]), (True, [lead]))
        self.assertEqual(json.loads(self.broker.ctl("--json", "circular", "TB-1"))["sent"], 2)
        self.assertIn("no circular TB-2", self.broker.ctl("circular", "TB-2", code=3))
        # Two of one reference: it is asked which.
        self.client(self.xa["xa-2"]).call("assign", reference="TB-1", leads=["xa-1"], content={"title": "Họp", "kind": "circular"})
        self.assertIn("ASSIGNER:REFERENCE", self.broker.ctl("circular", "TB-1", context=self.context_file(self.xa["xa-1"]), code=2))

    def test_coordctl_says_what_is_missing_and_what_is_done_in_ones_own_name_alone(self):
        for words in (("xa-1",), ("xa-1", "so-1"), ("xa-1", "so-1", "--end"), ("xa-1", "--until", self.days[2])):
            self.broker.ctl("agency", "stand-in", *words, code=2)
        self.stands_in()
        said = self.broker.ctl("key", "list", "--for", "xa-1", context=self.context, code=2)
        self.assertIn("`key list` takes no option --for: it is done in one's own name alone", said)
        self.assertIn("`key list` takes no option --for", self.broker.ctl("--for=xa-1", "key", "list", context=self.context, code=2))
        self.assertNotIn("--for", self.broker.ctl("help", "key", "list"))
        self.assertEqual(self.broker.ctl("help", "task", "list").count("--for "), 1)
        self.assertIn("--lasts", self.broker.ctl("help", "web", "login"))
        self.assertNotIn("--for\n", self.broker.ctl("_complete", "agency", "list", "--fo"))
        self.assertIn("--for\n", self.broker.ctl("_complete", "task", "list", "--fo"))
        self.assertEqual(json.loads(self.broker.ctl("--json", "inbox", "--for", "xa-1", context=self.context))[0]["reference"], "HT-1")

    def test_who_is_replaced_or_ends_is_named(self):
        context = ("--context", self.broker.admin)
        def ctl(*args, code=0):
            return self.broker.ctl(*context, *args, code=code)
        self.assertEqual(ctl("agency", "stand-in", "xa-1", "so-1", "--until", self.days[2]), "set\n")
        said = ctl("agency", "stand-in", "xa-1", "xa-2", "--from", self.days[2], "--until", self.days[3], code=2)
        self.assertIn(f"so-1 stands in for xa-1 until {self.days[2]}", said)
        tried = ctl("agency", "stand-in", "xa-1", "xa-2", "--until", self.days[3], "--dry-run")
        self.assertEqual(tried, f"would be set instead of so-1, {self.days[1]} to {self.days[2]}\n")
        said = ctl("agency", "stand-in", "xa-1", "xa-2", "--until", self.days[3])
        self.assertEqual(said, f"set instead of so-1, {self.days[1]} to {self.days[2]}\n")
        said = ctl("agency", "close", "xa-2", "--valid-until", self.days[2], "--successor", "so-1", "--dry-run")
        self.assertIn("it would stand in for nobody more, nor does its successor: xa-1; next:", said)
        said = ctl("agency", "close", "xa-2", "--valid-until", self.days[2], "--successor", "so-1")
        self.assertIn("it stands in for nobody more, nor does its successor: xa-1; next:", said)
        self.assertIn(f"xa-2, {self.days[1]} to {self.days[3]}; ends {self.days[2]}", self.screen("agency", "list", columns=250))
        ctl("agency", "close", "xa-2", "--yes")
        self.assertNotIn("stand_in", self.admin.call("agency_list", name="xa-1")["agencies"][0])
