"""What is only tried: coordctl's --dry-run finds what the broker would refuse, and changes nothing."""
import json
import os
import re

from harness import Scenario


class Tried(Scenario):
    def setUp(self):
        super().setUp()
        self.before = self.admin.call("hello")["seq"]

    def unchanged(self):
        self.assertEqual(self.admin.call("hello")["seq"], self.before)

    def apply(self, code=0, options=(), **lists):
        path = os.path.join(self.broker.directory, "file.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(lists, file)
        return self.broker.ctl("apply", "-f", path, *options, code=code)

    def tried(self, code=0, **lists):
        said = self.apply(code, ("--dry-run",), **lists)
        self.unchanged()
        return said

    def test_a_file_that_the_broker_would_refuse_is_found_out_item_by_item(self):
        said = self.tried(
            2, agencies=[{"agency": "sở", "name": "Sở"}, {"agency": "xa-1", "name": "Xã 1", "parent": "huyen"}],
            calendars=[{"calendar": "sai", "utc_offset": 420, "hours": [{"weekday": 1, "open": 700, "close": 600}]}],
            tasks=[{"reference": "T-1", "leads": ["nowhere"], "content": {"title": "Việc"}},
                   {"reference": "T-2", "leads": ["so"], "content": {"title": "Việc", "due": "2024-01-01"}},
                   {"reference": "T-3", "leads": ["so"], "content": {"title": "Việc", "parent": 99}},
                   {"reference": "T-4", "leads": ["so"], "content": {"title": "Việc", "supervisor": "so"}},
                   {"reference": "T-5", "leads": ["so"], "content": {"title": "Việc"}}])
        for item, error in (("agency sở", "bad_value"), ("calendar sai", "bad_value"), ("task T-1", "agency_unknown"),
                            ("task T-2", "due_in_past"), ("task T-3", "task_unknown"), ("task T-4", "duplicate_role")):
            self.assertIn(f"{item} would be refused:", said)
            self.assertIn(error, said)
        self.assertIn("would add\tagency\txa-1", said)
        self.assertIn("would add\ttask\tT-5", said)

    def test_what_the_file_itself_brings_is_no_fault_of_what_names_it(self):
        lists = dict(
            agencies=[{"agency": "xa-1", "name": "Xã 1", "parent": "moi"}, {"agency": "moi", "name": "Mới", "parent": "tinh"}],
            calendars=[{"calendar": "ca", "utc_offset": 420, "hours": [{"weekday": 1, "open": 420, "close": 660}]}],
            policies=[{"policy": "nhac", "steps": [{"deadline": "completion", "offset": -1, "unit": "working_days",
                                                     "does": "remind", "agencies": ["xa-1"]}]}],
            tasks=[{"reference": "T-1", "leads": ["xa-1"], "calendar": "ca", "policy": "nhac",
                    "content": {"title": "Việc", "cooperating": ["moi"], "due": "5wd"}}])
        self.assertEqual(self.tried(**lists).count("add\t"), 5)
        self.assertEqual(self.apply(**lists).count("add\t"), 5)
        self.assertEqual(self.apply(**lists), "")

    def test_a_task_of_a_file_is_no_dry_run_by_itself(self):
        said = self.apply(2, tasks=[{"reference": "T-1", "leads": ["so"], "content": {"title": "Việc"}, "dry_run": True}])
        self.assertIn("give --dry-run", said)
        self.unchanged()

    def test_every_command_that_changes_something_may_be_tried(self):
        task = self.assign("huyen")
        self.admin.call("escalate", task=task, to=["so"], note="Chậm")
        self.before = self.admin.call("hello")["seq"]
        mine = self.context_file(self.huyen_context)
        self.assertRegex(self.broker.ctl("task", "accept", "HT-1", "--dry-run", context=mine), r"accepted.*\twould be\n")
        said = self.broker.ctl("task", "assign", "--to", "so", "--reference", "HT-2", "--title", "Việc", "--due", "5wd",
                               "--dry-run")
        self.assertIn("HT-2\tso\tassigned", said)
        self.assertEqual(self.broker.ctl("agency", "set", "moi", "--name", "Mới", "--dry-run"), "would be set\n")
        self.assertEqual(self.broker.ctl("agency", "set", "so", "--name", "so", "--dry-run"), "would be unchanged\n")
        self.assertEqual(self.broker.ctl("store", "set", "--tasking", "tree", "--dry-run"), "would be set\n")
        self.assertEqual(self.broker.ctl("key", "revoke", "so:văn thư", "--dry-run"), "would be revoked\n")
        said = self.broker.ctl("escalation", "acknowledge", "HT-1", "--dry-run", context=self.context_file(self.so_context))
        self.assertIn("would be acknowledged", said)
        self.broker.ctl("task", "start", "HT-1", "--dry-run", context=mine, code=5)
        self.unchanged()

    def dry_commands(self):
        """The commands that take --dry-run, as the manual has them."""
        blocks = re.split(r"(?m)^\*coordctl ", self.broker.ctl("_manual"))[1:]
        return {block.split("*")[0] for block in blocks if "*--dry-run*" in block.split("# OPTIONS")[0]}

    def test_what_is_only_tried_says_so_in_a_log_and_in_json(self):
        """With --dry-run no line of any command is one that the command itself would print."""
        for number in (1, 2, 3):
            self.assign("huyen", f"HT-{number}")
        self.assign("huyen", "KN-1", kind="recommendation")
        self.assign("huyen", "CT-1", kind="target")
        self.admin.call("escalate", task=1, to=["huyen"], note="Chậm")
        mine, path = self.context_file(self.huyen_context), os.path.join(self.broker.directory, "calendar.json")
        calendar = self.admin.call("calendar_list")["calendars"][0]
        day = self.admin.call("calendar_explain", add="3wd", **{"from": self.day_of(self.admin.call("hello")["time"])})["day"]
        self.admin.call("amend", task=3, content={"due": "9wd"})
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"calendars": [dict(calendar, exceptions=[{"day": day, "working": False}])]}, file)
        as_huyen, programme = {"context": mine}, os.path.join(self.broker.directory, "programme.json")
        with open(programme, "w", encoding="utf-8") as file:
            json.dump({"agencies": [{"agency": "xa-7", "name": "Xã 7"}]}, file)
        policies = os.path.join(self.broker.directory, "policies.json")
        with open(policies, "w", encoding="utf-8") as file:
            json.dump({"policies": [{"policy": "moi", "steps": []}]}, file)
        commands = [
            (("task", "assign", "--to", "so", "--reference", "HT-9", "--title", "Việc"), {}),
            (("part", "give", "HT-3", "--to", "so", "--reference", "P-1", "--title", "Phần việc"), as_huyen),
            (("escalation", "acknowledge", "HT-1"), as_huyen),
            (("task", "accept", "HT-1"), as_huyen), (("task", "start", "HT-1"), as_huyen),
            (("task", "report", "HT-1", "--percent", "10"), as_huyen), (("task", "submit", "HT-1"), as_huyen),
            (("request", "withdrawal", "HT-1", "--note", "x"), as_huyen),
            (("task", "reject", "HT-1", "--note", "x"), {}), (("task", "submit", "HT-1"), as_huyen), (("task", "confirm", "HT-1"), {}),
            (("task", "suspend", "HT-2", "--note", "x"), {}), (("task", "resume", "HT-2"), {}),
            (("task", "comment", "HT-2", "--note", "x"), {}), (("task", "escalate", "HT-2", "--to", "so", "--note", "x"), {}),
            (("task", "amend", "HT-2", "--title", "Khác"), {}), (("task", "reassign", "HT-2", "--to", "so", "--note", "x"), {}),
            (("task", "cancel", "HT-2", "--note", "x"), {}), (("task", "answer", "KN-1", "--answer", "agreed", "--note", "x"), as_huyen),
            (("request", "extension", "HT-3", "--due", "2099-06-30", "--note", "x"), as_huyen), (("request", "deny", "HT-3", "--note", "x"), {}),
            (("request", "suspension", "HT-3", "--until", "2099-06-30", "--note", "x"), as_huyen), (("request", "take-back", "HT-3"), as_huyen),
            (("request", "transfer", "HT-3", "--lead", "so", "--note", "x"), as_huyen), (("request", "take-back", "HT-3"), as_huyen),
            (("opinion", "ask", "HT-3", "--to", "tinh", "--to", "so", "--due", "3wd", "--note", "x"), as_huyen),
            (("opinion", "give", "HT-3", "--answer", "agreed", "--note", "x"), {}), (("opinion", "recall", "HT-3"), as_huyen),
            (("request", "return", "HT-3", "--note", "x"), as_huyen), (("request", "grant", "HT-3"), {}),
            (("calendar", "set", "-f", path), {}), (("policy", "set", "-f", policies), {}), (("apply", "-f", programme), {}),
            (("agency", "set", "xa-8", "--name", "Xã 8"), {}), (("agency", "set", "xa-9", "--name", "Xã 9"), {}),
            (("agency", "stand-in", "xa-8", "so", "--until", "2099-01-01"), {}),
            (("agency", "succeed", "xa-9", "xa-8"), {}), (("agency", "close", "xa-8", "--yes"), {}),
            (("key", "new", "so", "--label", "máy", "--out", os.path.join(self.broker.directory, "so-9.context")), {}),
            (("key", "set", "so:văn thư", "--valid-until", "2099-01-01"), {}), (("key", "revoke", "so:văn thư"), {}),
            (("document", "set", "1-BC/T", "--type", "report", "--title", "Báo cáo"), {}),
            (("document", "set", "2-BC/T", "--type", "report", "--title", "Báo cáo"), {}),
            (("document", "replace", "1-BC/T", "--by", "2-BC/T", "--note", "x"), {}), (("document", "withdraw", "2-BC/T", "--note", "x"), {}),
            (("target", "set", "CT-1", "--reporting", "weekly", "--unit", "%"), {}), (("task", "accept", "CT-1"), as_huyen),
            (("target", "report", "CT-1", "--value", "9"), as_huyen),
            (("hot-spot", "set", "dat-dai", "--area", "land", "--count", "5", "--to", "tinh"), {}), (("hot-spot", "remove", "dat-dai"), {}),
            (("schedule", "set", "BC", "--period", "weekly", "--to", "so", "--title", "Báo cáo tuần", "--due", "4wd"), {}),
            (("schedule", "end", "BC", "--note", "x"), {}), (("store", "set", "--tasking", "tree"), {})]
        self.assertEqual({" ".join(words[:2]) if words[0] != "apply" else "apply" for words, _ in commands}, self.dry_commands())
        for words, more in commands:
            tried, plain = self.broker.ctl_json(*words, "--dry-run", **more), self.broker.ctl(*words, "--dry-run", **more)
            done = self.broker.ctl(*words, **more)
            for one in tried if isinstance(tried, list) else [tried]:
                self.assertIs(one.get("dry_run"), True, words)
            self.assertTrue(plain and done, words)
            self.assertIn("would ", plain.splitlines()[0], words)
            self.assertNotIn("would", done, words)
            self.assertFalse(set(plain.splitlines()[:1]) & set(done.splitlines()), words)

    def test_a_calendar_says_what_it_moves_when_it_is_set_as_when_it_is_tried(self):
        self.assign("so", "HT-1", due="5wd")
        self.before = self.admin.call("hello")["seq"]
        calendar = self.admin.call("calendar_list")["calendars"][0]
        today = self.admin.call("calendar_explain", add="2wd", **{"from": self.day_of(self.admin.call("hello")["time"])})["day"]
        wanted = dict(calendar, exceptions=calendar["exceptions"] + [{"day": today, "working": False}])
        tried = self.tried(calendars=[wanted])
        self.assertIn("would move\ttask\tHT-1\tdue ", tried)
        self.assertEqual(self.apply(calendars=[wanted]), tried.replace("would ", ""))

    def test_due_times_that_the_key_may_not_read_are_counted(self):
        self.admin.call("agency_set", agency={"agency": "ngoai", "name": "Ngoài"})
        self.so.call("assign", reference="R-1", leads=["so"], content={"title": "Việc", "due": "5wd", "scope": "restricted"})
        self.before = self.admin.call("hello")["seq"]
        calendar = self.admin.call("calendar_list")["calendars"][0]
        day = self.admin.call("calendar_explain", add="2wd", **{"from": self.day_of(self.admin.call("hello")["time"])})["day"]
        said = self.tried(calendars=[dict(calendar, exceptions=calendar["exceptions"] + [{"day": day, "working": False}])])
        self.assertIn("(1 more)", said)
        self.assertNotIn("R-1", said)

    @staticmethod
    def day_of(time_ms):
        import datetime
        return datetime.datetime.fromtimestamp(time_ms / 1000 + 7 * 3600, datetime.timezone.utc).strftime("%Y-%m-%d")
