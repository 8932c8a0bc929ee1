"""What clerks and administrators are told of what they did: what changed, what moved, and what did not."""
import datetime
import itertools
import json
import os
import shutil
import subprocess
import unittest
from unittest import mock

from harness import COORDCTL, Scenario


class Answers(Scenario):
    def place(self, name):
        return os.path.join(self.broker.directory, name)


class EndingsByFile(Answers):
    """A file that ends an agency does it as `agency close` does: asked about, and told."""

    def setUp(self):
        super().setUp()
        self.assign("huyen", "HT-1")

    def apply(self, *words, code=0, **fields):
        path = os.path.join(self.broker.directory, "file.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"agencies": [fields, {"agency": "moi", "name": "Mới"}]}, file)
        return self.broker.ctl("apply", "-f", path, *words, code=code)

    def ended(self, agency):
        (found,) = self.admin.call("agency_list", name=agency)["agencies"]
        return "valid_until" in found

    def agencies(self):
        return [item["agency"] for item in self.admin.pages("agency_list")]

    def test_open_tasks_that_nobody_would_have_are_asked_about_before_anything_is_done(self):
        said = self.apply(agency="huyen", valid_until="2024-01-01T00:00:00+07:00", code=2)
        self.assertIn("huyen leads 1 open task and gave 0 that are open", said)
        self.assertIn("nobody takes its place", said)
        self.assertIn("next: say in the file who is its `successor`, or the same with --yes", said)
        self.assertFalse(self.ended("huyen"))
        self.assertNotIn("moi", self.agencies())
        self.apply("--dry-run", agency="huyen", valid_until="2024-01-01T00:00:00+07:00")
        self.assertFalse(self.ended("huyen"))
        said = self.apply("--yes", agency="huyen", valid_until="2024-01-01T00:00:00+07:00")
        self.assertIn("huyen leads 1 open task", said)
        self.assertTrue(self.ended("huyen"))
        self.assertIn("moi", self.agencies())

    def test_with_a_successor_it_is_said_where_the_tasks_go(self):
        said = self.apply(agency="huyen", valid_until="2024-01-01T00:00:00+07:00", successor="so")
        self.assertIn("change\tagency\thuyen", said)
        self.assertIn("huyen leads 1 open task and gave 0 that are open, of those that this key may read: they go to so", said)
        self.assertIn("they come back to it from so", self.apply("--yes", agency="huyen", valid_until=None, successor=None))
        self.assertEqual(self.apply(agency="huyen", name_en="District"), "change\tagency\thuyen\tname_en none → District\n")

    def test_the_agency_of_the_key_in_use_ends_only_with_a_yes_and_the_last_that_administers_is_named(self):
        for look in ((), ("--json",)):
            said = self.apply(*look, agency="tinh", valid_until="2024-01-01T00:00:00+07:00", successor="so", code=2)
            self.assertIn("tinh is the agency of the key that this context uses", said)
            self.assertIn("it is the last key that administers", said)
        asked = ("agency", "close", "tinh", "--successor", "so")
        self.assertIn("bad_argument: --yes: ", self.broker.ctl(*asked, code=2))
        told, _ = json.JSONDecoder().raw_decode(self.broker.ctl("--json", *asked, code=2))
        self.assertEqual((told["error"], told["field"]), ("bad_argument", "yes"))
        self.assertIn("it is the last key that administers", told["message"])
        self.refused("bad_value", "agency.valid_until", self.admin.call, "agency_set",
                     agency={"agency": "tinh", "name": "Tỉnh", "valid_until": 1})
        self.assertFalse(self.ended("tinh"))
        self.broker.ctl("agency", "close", "tinh", "--successor", "so", "--yes")
        self.assertIn("agency_closed", self.broker.ctl("status", code=4))


class Endings(Answers):
    """An agency that has ended, and who goes on with its tasks."""

    def setUp(self):
        super().setUp()
        self.assign("huyen", "HT-1")
        self.broker.ctl("agency", "close", "huyen", "--successor", "so")
        self.assertEqual(self.lead(), "so")

    def lead(self):
        return self.admin.call("task_get", task=1)["task"]["lead"]

    def test_a_successor_is_taken_away_only_with_a_yes_and_the_tasks_are_named(self):
        said = self.broker.ctl("agency", "set", "huyen", "--successor", "", code=2)
        self.assertIn("huyen leads 1 open task and gave 0 that are open", said)
        self.assertIn("so no longer takes its place, and nobody does", said)
        self.assertIn("next: the same with --successor AGENCY, or with --yes", said)
        self.assertEqual(self.lead(), "so")
        said = self.broker.ctl("agency", "set", "huyen", "--successor", "", "--yes")
        self.assertIn("set\nhuyen leads 1 open task", said)
        self.assertIn("nobody takes its place", said)

    def test_another_successor_is_said_to_have_the_tasks(self):
        self.broker.agency(self.admin, "moi")
        said = self.broker.ctl("agency", "set", "huyen", "--successor", "moi", code=2)
        self.assertIn("so stands in its place now, and loses that to moi", said)
        said = self.broker.ctl("agency", "set", "huyen", "--successor", "moi", "--yes")
        self.assertIn("so does no more, and they go to moi, which takes its place", said)
        self.assertEqual(self.lead(), "moi")

    def test_an_agency_is_opened_again_by_an_empty_end_and_its_tasks_come_back(self):
        said = self.broker.ctl("agency", "set", "huyen", "--valid-until", "", code=2)
        self.assertIn("so stands in its place now, and loses that to huyen", said)
        said = self.broker.ctl("agency", "set", "huyen", "--valid-until", "", "--yes")
        self.assertIn("huyen leads 1 open task and gave 0 that are open, of those that this key may read: they come back to it from so",
                      said)
        self.assertEqual(self.lead(), "huyen")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")

    def test_an_agency_that_has_ended_is_not_ended_again(self):
        self.assertEqual(self.broker.ctl("agency", "close", "huyen"), "unchanged\n")
        self.assertEqual(self.broker.ctl("agency", "close", "huyen", "--dry-run"), "would be unchanged\n")

    def test_an_end_without_a_time_is_none(self):
        for name in ("huyen", "so"):
            said = self.broker.ctl("agency", "close", name, "--valid-until", "", "--yes", code=2)
            self.assertIn("bad_argument: --valid-until: give the time at which it ends, or leave it out", said)
        self.assertEqual(self.lead(), "so")

    def test_one_agency_succeeds_another_now_or_on_a_day(self):
        self.broker.agency(self.admin, "moi")
        self.assertIn("would be closed", self.broker.ctl("agency", "succeed", "so", "moi", "--dry-run"))
        self.assertEqual(self.lead(), "so")
        for on, said in (("", "bad_argument: --on: give the time"), ("hôm nay", "bad_date: --on: ")):
            self.assertIn(said, self.broker.ctl("agency", "succeed", "so", "moi", "--on", on, code=2))
        said = self.broker.ctl("agency", "succeed", "so", "moi", "--on", "2099-07-01")
        self.assertTrue(said.startswith("closed from 2099-07-01 00:00 on\n"), said)
        self.assertEqual(self.lead(), "so")
        self.assertIn("they go to moi, which takes its place", self.broker.ctl("agency", "succeed", "so", "moi"))
        self.assertEqual(self.lead(), "moi")
        self.assertIn("agency_unknown: OLD", self.broker.ctl("agency", "succeed", "không-có", "moi", code=3))
        self.assertIn("agency_unknown: NEW", self.broker.ctl("agency", "succeed", "moi", "không-có", "--yes", code=3))

    def test_an_end_on_a_day_that_has_passed_is_meant_by_who_says_so(self):
        self.broker.agency(self.admin, "moi")
        for words in (("close", "so", "--valid-until", "2020-01-01", "--yes"), ("succeed", "so", "moi", "--on", "2020-01-01"),
                      ("set", "so", "--valid-until", "2020-01-01", "--successor", "moi")):
            option = "--on" if "--on" in words else "--valid-until"
            for more in ((), ("--dry-run",)):
                said = self.broker.ctl("agency", *words, *more, code=2)
                self.assertIn(f"due_in_past: {option}: 2020-01-01 00:00 has passed", said)
                self.assertIn("next: --backdated", said)
            self.assertIn("Take a day that has passed as its end", self.broker.ctl("help", "agency", words[0]))
        self.assertEqual(self.lead(), "so")
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()
        self.broker.ctl("agency", "succeed", "so", "moi", "--on", str(today), "--dry-run")
        self.broker.ctl("agency", "succeed", "so", "moi", "--on", "2020-01-01", "--backdated")
        self.assertEqual(self.lead(), "moi")
        self.broker.ctl("agency", "succeed", "so", "moi", "--on", "2020-01-01")  # as it stands

    def test_a_script_reads_what_is_wrong_with_its_command_line(self):
        for words, said in ((("task", "assign"), "`task assign` needs --reference CODE"), (("tsak", "list"), "there is no command `tsak`"),
                            (("task", "list", "--colour"), "takes no option --colour"), (("task", "show"), "takes TASK"),
                            (("agency", "close", "huyen", "so", "x"), "is too many")):
            for line in (("--json", *words), (*words, "--json")):
                run = subprocess.run([COORDCTL, *line], capture_output=True, text=True, timeout=120, check=False,
                                     env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
                told = json.loads(run.stdout)
                self.assertEqual((run.returncode, told["error"]), (2, "bad_argument"))
                self.assertIn(said, told["message"])
                self.assertIn(said, run.stderr)
        self.admin.call("agency_set", agency={"agency": "moi", "name": "Mới", "parent": "tinh", "valid_until": 1000})
        self.assertNotIn("moi", self.broker.ctl("_complete", "task", "assign", "--to", ""))
        self.assertIn("moi", self.broker.ctl("_complete", "agency", "set", ""))

    def test_an_end_to_come_is_said_as_one_and_those_under_it_are_named(self):
        self.broker.agency(self.admin, "xa-1", parent="so")
        said = self.broker.ctl("agency", "close", "so", "--valid-until", "2099-01-01", "--yes")
        self.assertTrue(said.startswith("closed from 2099-01-01 00:00 on\n"), said)
        self.assertIn("1 agency stands under it, and stays there: xa-1; next: coordctl agency set AGENCY --parent ANOTHER\n", said)
        said = self.broker.ctl("--context", self.broker.admin, "agency", "close", "so", "--valid-until", "2099-01-02", "--yes")
        self.assertIn(f"next: coordctl --context {self.broker.admin} agency set AGENCY --parent ANOTHER\n", said)

    def test_a_successor_that_takes_no_tasks_is_refused_by_name(self):
        self.admin.call("agency_set", agency={"agency": "khu", "name": "Khu", "parent": "tinh", "assignable": False})
        said = self.broker.ctl("agency", "close", "so", "--successor", "khu", "--yes", code=5)
        self.assertIn("not_assignable: --successor: khu takes no tasks, and those of so would go to it", said)
        self.admin.call("agency_set", agency={"agency": "nd", "name": "Nhân dân", "assignable": False, "successor": "khu"})

    def test_an_agency_without_open_tasks_hands_on_none(self):
        self.broker.agency(self.admin, "moi")
        said = self.broker.ctl("agency", "close", "moi", "--successor", "so", "--yes")
        self.assertIn("moi has no open task that this key may read: so takes its place", said)


class Amendments(Answers):
    def setUp(self):
        super().setUp()
        self.assign("huyen", "HT-1", due="2099-06-30", cooperating=["so"], tags=["đất"])

    def told(self, since, count):
        amended = (record for record in self.huyen.stream(start=since, idle=60) if record.get("notice") == "amended")
        return list(itertools.islice(amended, count))

    def test_an_amendment_to_what_is_so_already_changes_nothing_and_tells_nobody(self):
        same = {"title": "Rà soát hồ sơ đất công", "due": "2099-06-30", "cooperating": ["so"], "tags": ["đất"], "kind": "directive",
                "scope": "normal", "supervisor": "", "excluded": []}
        before = self.admin.call("task_get", task=1)["task"]
        reply = self.admin.call("amend", task=1, content=same)
        self.assertEqual((reply["seq"], reply.get("tasks", [])), (0, []))
        self.assertEqual(self.broker.ctl("task", "amend", "HT-1", "--due", "2099-06-30"), "unchanged\n")
        self.assertEqual(self.broker.ctl("task", "amend", "HT-1", "--cooperating", "so", "--dry-run"), "would be unchanged\n")
        self.assertEqual(self.admin.call("task_get", task=1)["task"], before)
        said = self.admin.call("amend", task=1, content={"title": "Rà soát hồ sơ đất công"}, note="Gấp")["seq"]
        self.assertEqual([record["seq"] for record in self.told(before["record"], 1)], [said])
        self.assertEqual(self.admin.call("task_get", task=1)["task"]["assigner_note"], "Gấp")
        self.assertEqual(self.admin.call("amend", task=1, content={"due": "2099-06-30"}, note="Gấp")["seq"], 0)

    def test_record_notice_and_history_have_what_changed_alone(self):
        before = self.admin.call("task_get", task=1)["task"]["record"]
        self.broker.ctl("task", "amend", "HT-1", "--title", "Rà soát lại", "--due", "2099-06-30", "--cooperating", "so")
        self.broker.ctl("task", "amend", "HT-1", "--title", "Rà soát lại", "--due", "2099-07-31")
        told = self.told(before, 2)
        self.assertEqual([sorted(record["content"]) for record in told], [["title"], ["due"]])
        self.assertEqual([record["reason"] for record in told],
                         ["tinh amended HT-1: title.", "tinh amended HT-1: due 2099-07-31."])
        what = [line.split("\t")[3] for line in self.broker.ctl("task", "history", "HT-1").splitlines()]
        self.assertEqual(what[:2], ["amended it, due 2099-07-31", "amended it: title"])

    def test_a_count_said_again_on_the_same_day_stays_and_of_a_clock_that_stands_still_it_is_new(self):
        amended = [self.admin.call("amend", task=1, content={"due": "10wd"})["seq"] for _ in range(3)]
        self.assertIn(0, amended[1:])  # one of them may be of the day after
        self.assertNotEqual(self.admin.call("amend", task=1, content={"due": "11wd"})["seq"], 0)
        self.admin.call("suspend", task=1, note="Chờ")
        self.assertNotEqual(self.admin.call("amend", task=1, content={"due": "11wd"})["seq"], 0)


class Dates(Answers):
    """Due times, as days and minutes of the task's calendar."""

    def test_the_minute_of_a_due_time_is_in_every_listing_and_the_end_of_a_day_is_that_day(self):
        said = self.broker.ctl("task", "assign", "--to", "huyen", "--reference", "HT-1", "--title", "Việc", "--due", "2099-06-30T16:30")
        self.assertIn("\t2099-06-30 16:30\t", said)
        self.assign("huyen", "HT-2", due="2099-06-30")
        mine = self.context_file(self.huyen_context)
        for words in (("task", "list"), ("inbox",), ("report", "--tasks")):
            lines = self.broker.ctl(*words, context=mine).splitlines()
            one, other = (next(line for line in lines if line.startswith(name + "\t")).split("\t") for name in ("HT-1", "HT-2"))
            self.assertIn("2099-06-30 16:30", one, words)
            self.assertIn("2099-06-30", other, words)
        self.assertIn("\t2099-07-01 09:00\t", self.broker.ctl("task", "amend", "HT-1", "--due", "2099-07-01T09:00"))
        self.assertEqual(self.broker.ctl_json("task", "list")[0]["due_day"], "2099-07-01")

    def test_what_a_calendar_moves_is_told_by_the_last_day(self):
        self.assign("huyen", "HT-1", due="5wd")
        calendar = self.admin.call("calendar_list")["calendars"][0]
        before = self.admin.call("task_get", task=1)["task"]["due_day"]
        path = self.place("c.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"calendars": [dict(calendar, exceptions=calendar["exceptions"] + [{"day": before, "working": False}])]}, file)
        said = self.broker.ctl("calendar", "set", "-f", path)
        after = self.admin.call("task_get", task=1)["task"]["due_day"]
        self.assertIn(f"HT-1\tdue {before} becomes {after}\n", said)

    def test_a_named_date_that_is_a_day_off_now_is_said_as_it_is(self):
        self.assign("huyen", "HT-1", due="2099-06-30")
        calendar = self.admin.call("calendar_list")["calendars"][0]
        path = self.place("c.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"calendars": [dict(calendar, exceptions=calendar["exceptions"] + [{"day": "2099-06-30", "working": False}])]}, file)
        self.assertIn("would be a day off", self.broker.ctl("calendar", "set", "-f", path, "--dry-run"))
        self.huyen.call("accept", task=1)
        self.admin.call("suspend", task=1, note="Chờ", until="2099-06-30")
        self.assertIn("stay\ttask\tHT-1\tsuspended until 2099-06-30, which would be a day off\n",
                      self.broker.ctl("calendar", "set", "-f", path, "--dry-run"))
        self.assertIn("stay\ttask\tHT-1\tdue 2099-06-30, which is now a day off; amend it?", self.broker.ctl("calendar", "set", "-f", path))

    def test_a_due_date_that_is_a_day_off_is_said_when_it_is_given_by_command_and_by_file(self):
        def told(*words):
            done = subprocess.run([COORDCTL, *words], capture_output=True, text=True, timeout=120, check=False,
                                  env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stderr
        off = ": 2099-06-28 is a day off; it stands as it was named"
        new = ("task", "assign", "--to", "huyen", "--title", "Việc", "--reference")
        self.assertIn("HT-1" + off.replace("it stands", "it would stand"), told(*new, "HT-1", "--due", "2099-06-28", "--dry-run"))
        self.assertIn("HT-1" + off, told(*new, "HT-1", "--due", "2099-06-28"))
        self.assertEqual(told("task", "amend", "HT-1", "--due", "2099-06-30"), "")
        self.assertIn("HT-1" + off, told("task", "amend", "HT-1", "--due", "2099-06-28"))
        path = self.place("t.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"tasks": [{"reference": "HT-2", "leads": ["huyen"], "content": {"title": "Việc", "due": "2099-06-28"}}]}, file)
        self.assertIn("HT-2" + off.replace("it stands", "it would stand"), told("apply", "-f", path, "--dry-run"))
        self.assertEqual(told("apply", "-f", path).count(off), 1)
        self.assertEqual(told("apply", "-f", path), "")


class Reports(Answers):
    def test_what_is_handed_in_is_not_done_before_it_is_confirmed(self):
        for number in (1, 2):
            self.assign("huyen", f"HT-{number}")
            for op in ("accept", "submit"):
                self.huyen.call(op, task=number)
        self.admin.call("confirm", task=2)
        page = " ".join(self.broker.ctl("--table", "report").split())
        self.assertIn("2 tasks: 1 done and 1 handed in to be confirmed, of them 2 on time and 0 late; 0 open", page)
        self.assertEqual(self.admin.call("summary")["tallies"][0]["submitted"], 1)


class Hints(Answers):
    def test_a_context_that_is_a_file_here_is_said_to_be_one(self):
        def run(*words):
            done = subprocess.run([COORDCTL, *words], capture_output=True, text=True, timeout=120, check=False, cwd=self.broker.store,
                                  env=dict(os.environ, HOME=self.broker.directory, XDG_CONFIG_HOME=self.broker.directory))
            self.assertEqual(done.returncode, 7)
            return done.stderr
        self.assertIn("did you mean --context ./admin.context?", run("--context", "admin.context", "inbox"))
        self.assertIn("did you mean --context ./admin.context?", run("--context", "admin", "inbox"))
        os.makedirs(os.path.join(self.broker.directory, "coord", "contexts"))
        shutil.copy(self.broker.admin, os.path.join(self.broker.directory, "coord", "contexts", "quan-tri.context"))
        self.assertIn("did you mean --context quan-tri?", run("--context", "quan-tru", "inbox"))
        self.assertIn("did you mean --context quan-tri?", run("--context", "quan-tri.context", "inbox"))
        self.assertNotIn("did you mean", run("--context", "khac", "inbox"))

    def test_a_field_that_is_missing_is_said_without_the_pages_links(self):
        said = self.refused("missing_field", "reference", self.admin.call, "assign", leads=["so"], content={"title": "Việc"})
        self.assertIn("by the rule of references. With", said["message"])

    def test_the_parent_of_an_agency_is_explained_as_one(self):
        text = " ".join(self.broker.ctl("help", "agency", "set").split())
        self.assertIn("--parent AGENCY The agency above it", text)
        self.assertNotIn("a part of", text)

    def test_doctor_says_that_a_context_names_another_agency_than_its_keys(self):
        self.assertEqual(self.broker.ctl("doctor", context=self.context_file(self.huyen_context)).count("ok\t"), 5)
        path = self.context_file(dict(self.huyen_context, agency="so"))
        said = self.broker.ctl("doctor", context=path, code=7)
        self.assertIn("NOT OK\tcontext: it says agency so, and its key is one of huyen", said)
        self.assertIn(f"next: agency = huyen in {path}, or a context file of so", said)

    def test_doctor_says_once_what_to_do(self):
        path = self.context_file(self.huyen_context)
        os.chmod(path, 0o644)
        said = self.broker.ctl("doctor", context=path, code=7)
        self.assertIn("next: mend that file as it says", said)
        os.chmod(path, 0o600)
        self.admin.call("key_revoke", public_key=self.huyen_context["public_key"])
        said = self.broker.ctl("doctor", context=path, code=4)
        self.assertIn("one that was revoked is so for good", said)

    def test_whoever_is_replaced_as_a_consumer_is_told_by_whom_and_what_to_do(self):
        path = self.context_file(self.huyen_context)
        first = subprocess.Popen([COORDCTL, "watch", "--consumer", "kho"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env=dict(os.environ, COORD_CONTEXT=path))
        self.addCleanup(first.kill)
        while self.admin.call("status", accounts=10)["streams"] == 0:
            pass
        self.huyen.call("subscribe", credit=1, consumer="kho")
        said = first.communicate(timeout=120)[1]
        self.assertIn("another program listens as consumer `kho` now", said)
        self.assertIn("next: a --consumer of its own", said)


class Accounts(Answers):
    def setUp(self):
        super().setUp()
        once = mock.patch("coord.RESEND_SECONDS", 120)  # each refusal is to be counted once, on a busy machine too
        once.start()
        self.addCleanup(once.stop)

    def test_a_reference_that_is_looked_up_and_free_is_no_refusal(self):
        path = self.place("p.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write('{"tasks": [{"reference": "P-1", "leads": ["so"], "content": {"title": "Việc"}}]}')
        self.broker.ctl("apply", "-f", path)
        self.refused("task_unknown", "reference", self.admin.call, "task_get", reference="P-9")
        status = self.admin.call("status", accounts=10)
        self.assertEqual(next(account["refused"] for account in status["accounts"] if account["agency"] == "tinh"), 0)
        self.assertEqual(status["refused"], 0)
        self.refused("task_unknown", "task", self.admin.call, "task_get", task=99)
        self.assertEqual(self.admin.call("status")["refused"], 1)


class Keys(Answers):
    def test_a_new_key_is_only_tried_by_a_dry_run(self):
        out = self.place("so-moi.context")
        said = self.broker.ctl("key", "new", "so", "--label", "máy", "--out", out, "--dry-run")
        self.assertEqual(said, "would be made\n")
        self.assertFalse(os.path.exists(out))
        self.assertEqual(self.broker.ctl("key", "list", "--agency", "so").count("\n"), 1)
        self.broker.ctl("key", "new", "so", "--label", "văn thư", "--out", out, "--dry-run", code=5)
        said = self.broker.ctl("key", "new", "so", "--label", "máy", "--out", "/nowhere/a.context", code=8)
        self.assertIn("--out: nothing can be written in /nowhere: No such file", said)

    def test_a_new_key_that_could_never_be_used_is_refused_and_leaves_no_file(self):
        out = self.place("so-moi.context")
        said = self.broker.ctl("key", "new", "so", "--label", "máy", "--out", out, "--valid-until", "2020-01-01", code=2)
        self.assertIn("--valid-until: It has passed already", said)
        self.assertFalse(os.path.exists(out))

    def test_an_empty_time_takes_the_end_of_a_key_away(self):
        self.broker.ctl("key", "set", "so:văn thư", "--valid-until", "2099-01-01")
        self.assertIn("2099-01-01", self.broker.ctl("key", "list", "--agency", "so"))
        self.broker.ctl("key", "set", "so:văn thư", "--valid-until", "")
        self.assertNotIn("2099-01-01", self.broker.ctl("key", "list", "--agency", "so"))


class Acknowledgements(Answers):
    def test_who_may_not_acknowledge_is_told_who_may(self):
        self.assign("huyen", "HT-1")
        self.admin.call("escalate", task=1, to=["so"], note="Chậm")
        said = self.broker.ctl("escalation", "acknowledge", "HT-1", context=self.context_file(self.huyen_context), code=4)
        self.assertIn("The escalation is addressed to others: so; one of these is to acknowledge it.", said)


if __name__ == "__main__":
    unittest.main()
