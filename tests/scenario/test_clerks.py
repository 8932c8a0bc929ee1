"""What clerks and administrators see of coordctl where a careless program would say nothing, or the wrong thing."""
import datetime
import hashlib
import json
import os
import subprocess

from harness import COORDCTL, CoordError, Scenario, of_files

ZONE = datetime.timezone(datetime.timedelta(hours=7))
MARK = b"\xef\xbb\xbf"


def ics(*events, head=""):
    """An .ics file of events, each (UID, day, further lines)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"] + ([head] if head else [])
    for uid, day, *more in events:
        lines += ["BEGIN:VEVENT", "UID:" + uid, "DTSTART;VALUE=DATE:" + day, *more, "END:VEVENT"]
    return "\r\n".join(lines + ["END:VCALENDAR", ""]).encode()


class Clerks(Scenario):
    def run_ctl(self, *words, context=None, data=None, **more):
        return subprocess.run([COORDCTL, *words], input=data, capture_output=True, timeout=120, check=False,
                              env=dict(os.environ, COORD_CONTEXT=context or self.broker.admin, TZ="<+07>-7"), **more)

    def file(self, name, data):
        path = os.path.join(self.broker.directory, name)
        with open(path, "wb") as file:
            file.write(data)
        return path


class Holidays(Clerks):
    def setUp(self):
        super().setUp()
        calendar = self.admin.call("calendar_list")["calendars"][0]
        self.admin.call("calendar_set", calendar=dict(calendar, exceptions=[]))

    def days(self):
        return {day["day"]: day["working"] for day in self.broker.ctl_json("calendar", "show", "default")["exceptions"]}

    def test_a_later_edition_of_a_feed_takes_days_back_and_says_so(self):
        two = ics(("a@f", "20240902"), ("b@f", "20241225", "SUMMARY:Noel"))
        self.assertEqual(self.run_ctl("apply", "-f", "-", data=two).returncode, 0)
        self.assertEqual(self.run_ctl("apply", "-f", "-", data=two).stdout, b"")
        self.assertEqual(self.days(), {"2024-09-02": False, "2024-12-25": False})
        done = self.run_ctl("apply", "-f", "-", data=ics(("a@f", "20240902")))
        self.assertIn("2024-12-25, `Noel`, is no longer in the feed", done.stderr.decode())
        self.assertEqual(self.days(), {"2024-09-02": False})
        self.assertEqual(self.admin.call("calendar_explain", **{"from": "2024-12-24", "add": "1wd"})["day"], "2024-12-25")

    def test_what_says_how_a_feed_is_read_is_refused_with_a_file_that_is_none(self):
        for words in (("--observances",), ("--calendar", "default")):
            done = self.run_ctl("apply", *words, "-f", "-", data=b'{"agencies": [{"agency": "so", "name": "Khac"}]}')
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{words[0]} says how an .ics file is read, and this file is JSON", done.stderr.decode())
        self.assertNotIn("Khac", self.broker.ctl("agency", "list"))

    def test_events_that_are_passed_over_are_named_with_why(self):
        done = self.run_ctl("apply", "-f", "-", data=ics(
            ("a@f", "20241120", "SUMMARY:Ngày Nhà giáo", "DESCRIPTION:Observance"),
            ("b@f", "20241121", "SUMMARY:Họp", "STATUS:CANCELLED")))
        self.assertIn("`Ngày Nhà giáo` of 2024-11-20: an observance", done.stderr.decode())
        self.assertIn("`Họp` of 2024-11-21: it is cancelled", done.stderr.decode())
        self.assertEqual(self.days(), {})
        self.run_ctl("apply", "--observances", "-f", "-", data=ics(("a@f", "20241120", "DESCRIPTION:Observance")))
        self.assertEqual(self.days(), {"2024-11-20": False})

    def test_the_end_of_a_rule_in_utc_is_read_by_the_calendars_own_clock(self):
        west = {"calendar": "west", "utc_offset": -300, "hours": [{"weekday": 1, "open": 480, "close": 960}]}
        self.admin.call("calendar_set", calendar=west)
        self.run_ctl("apply", "--calendar", "west", "-f", "-",
                     data=ics(("a@f", "20250501", "RRULE:FREQ=YEARLY;UNTIL=20260501T050000Z")))
        days = self.broker.ctl_json("calendar", "show", "west")["exceptions"]
        self.assertEqual([day["day"] for day in days], ["2025-05-01", "2026-05-01"])


class ByteOrderMarks(Clerks):
    @of_files
    def test_a_byte_order_mark_is_read_over_everywhere(self):
        agency = json.dumps({"agencies": [{"agency": "xa", "name": "Xã", "parent": "tinh"}]}).encode()
        with open(self.broker.admin, "rb") as file:
            context = self.file("marked.context", MARK + file.read())
        os.chmod(context, 0o600)
        self.broker.config = self.file("coordd.conf", MARK + b"# marked\n")
        self.broker.restart()
        for words, data in ((("-f", self.file("a.json", MARK + agency)), None), (("-f", "-"), MARK + agency),
                            (("-f", self.file("a.ics", MARK + ics(("a@f", "20240902")))), None),
                            (("-f", "-"), MARK + ics(("a@f", "20240902")))):
            done = self.run_ctl("apply", *words, data=data, context=context)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_a_file_in_utf_16_is_refused_by_name(self):
        done = self.run_ctl("apply", "-f", self.file("a.json", '{"agencies": []}'.encode("utf-16")))
        self.assertEqual(done.returncode, 2)
        self.assertIn("save it as UTF-8", done.stderr.decode())


class Moves(Clerks):
    def test_a_dry_run_of_a_calendar_says_which_dates_of_a_task_move_and_all_are_told_once(self):
        self.admin.call("policy_set", policy={"policy": "p", "accept_within": 3, "due": "10wd", "steps": []})
        self.assign(reference="HT-1")
        self.admin.call("assign", reference="HT-2", leads=["huyen"], policy="p",
                        content={"title": "Việc", "reporting": "weekly"})
        there = self.broker.ctl_json("calendar", "show", "default")
        task = self.admin.call("task_get", task=2)["task"]
        due, report = (datetime.datetime.fromtimestamp(task[field] / 1000, ZONE).date()  # the day after the last in time
                       for field in ("accept_due", "report_due"))
        days = sorted({due - datetime.timedelta(days=number) for number in range(1, 8)} | {report - datetime.timedelta(days=1)})
        there["exceptions"] = [{"day": str(day), "working": False} for day in days]
        path = self.file("c.json", json.dumps({"calendars": [there]}).encode())
        said = self.broker.ctl("apply", "-f", path, "--dry-run")
        self.assertRegex(said, r"HT-2\tto be accepted by .* becomes ")
        self.assertRegex(said, r"HT-2\tdue .* becomes ")
        self.assertRegex(said, r"HT-2\tto report by .* becomes ")
        self.assertEqual(self.admin.call("task_get", task=2)["task"]["record"], task["record"])
        self.broker.ctl("apply", "-f", path)
        while self.admin.call("task_get", task=2)["task"]["record"] == task["record"]:
            pass  # until the broker has counted it anew
        told = [record for record in self.told_by_now(self.huyen, "huyen", start=task["record"]) if record.get("notice") == "due_moved"]
        self.assertEqual([record["task"] for record in told], [2])
        moved = self.admin.call("task_get", task=2)["task"]
        for which, date in (("counted", "due"), ("accept_counted", "accept_due"), ("report_counted", "report_due")):
            self.assertEqual(told[0][which]["was"], task[date])
            self.assertGreater(moved[date], task[date])
        self.assertRegex(self.broker.ctl("task", "history", "HT-2"),
                         r"the due date moved to .*, the date to accept by moved, the date to report by moved")


class Figures(Clerks):
    def test_figures_keep_their_digits_in_text_and_in_json(self):
        self.broker.ctl("task", "assign", "--to", "huyen", "--reference", "N", "--title", "Thu", "--target", "1234567.89")
        self.huyen.call("accept", task=1)
        self.huyen.call("report", task=1, value=16777217)
        text = dict(line.split("\t", 1) for line in self.broker.ctl("task", "show", "N").splitlines())
        self.assertEqual((text["target"], text["value"]), ("1234567.89", "16777217"))
        self.assertIn('"target": 1234567.89,', self.broker.ctl("--json", "task", "show", "N"))

    def test_an_integer_that_would_be_rounded_is_refused(self):
        words = ("task", "assign", "--to", "huyen", "--reference", "N", "--title", "Thu", "--target")
        self.assertIn("--target", self.broker.ctl(*words, "9007199254740993", code=2))
        file = json.dumps({"tasks": [{"reference": "N", "leads": ["huyen"],
                                      "content": {"title": "Thu", "target": 9007199254740993}}]})
        self.assertIn("content.target", self.broker.ctl("apply", "-f", "-", text=file, code=2))
        with self.assertRaises(CoordError) as raised:
            self.admin.call("assign", reference="N", leads=["huyen"], content={"title": "Thu", "target": 2 ** 53 + 1})
        self.assertEqual(raised.exception.name, "out_of_range")

    def test_whole_floats_are_taken_for_integers(self):
        self.admin.call("assign", reference="N", leads=["huyen"], content={"title": "Thu"})
        self.huyen.call("accept", task=1.0, expect=1.0)
        self.huyen.call("report", task=1.0, percent=50.0)
        self.assertEqual(self.admin.call("task_get", task=1.0)["task"]["percent"], 50)


class TakenAway(Clerks):
    def test_a_date_a_period_a_whole_and_a_figure_are_taken_away_by_name(self):
        for reference in ("W", "P"):
            self.broker.ctl("task", "assign", "--to", "huyen", "--reference", reference, "--title", "Thu", "--due", "2099-06-30")
        self.broker.ctl("task", "amend", "P", "--parent", "W", "--target", "5", "--reporting", "weekly")
        task = self.broker.ctl_json("task", "show", "P")["task"]
        self.assertLessEqual({"due", "parent", "target", "reporting", "report_due"}, task.keys())
        words = [word for name in ("due", "parent", "target", "reporting") for word in ("--clear", name)]
        self.broker.ctl("task", "amend", "P", *words, "--note", "chưa định")
        left = self.broker.ctl_json("task", "show", "P")["task"]
        self.assertEqual({"due", "due_day", "parent", "target", "reporting", "report_due"} & left.keys(), set())
        self.assertEqual(left["original_due"], task["due"])
        self.assertIn("amended it: no due, no parent, no reporting, no target", self.broker.ctl("task", "history", "P"))
        reason = self.huyen.call("task_history", task=2)["records"][0]["reason"]
        self.assertIn("no due, no parent, no reporting, no target", reason)
        self.assertIn("one of: due", self.broker.ctl("task", "amend", "P", "--clear", "xyzzy", code=2))
        self.assertIn("given, and taken away", self.broker.ctl("task", "amend", "P", "--clear", "due", "--due", "2099-07-31", code=2))


class Output(Clerks):
    def test_what_could_not_be_written_is_never_consumed(self):
        for number in range(3):
            self.assign(reference=f"T{number}")
        context = self.context_file(self.huyen_context)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COORDCTL, "watch", "--consumer", "d", "--from", "0"], stdout=full, stderr=subprocess.PIPE,
                                  timeout=120, check=False, env=dict(os.environ, COORD_CONTEXT=context))
        self.assertEqual(done.returncode, 8)
        self.assertIn(b"No space left", done.stderr)
        lines = self.broker.ctl("--json", "watch", "--consumer", "d", "--count", "3", context=context).splitlines()
        self.assertEqual([json.loads(line)["reference"] for line in lines], ["T0", "T1", "T2"])

    def test_every_command_says_when_its_output_could_not_be_written(self):
        self.assign(reference="T")
        for words in (("help",), ("help", "task"), ("--help",), ("--version",), ("version",), ("task", "list", "--help"),
                      ("completion", "bash"), ("_complete", "ta"), ("_manual",), ("task", "list"), ("task", "show", "T"),
                      ("--json", "task", "show", "T"), ("--table", "task", "list"), ("task", "history", "T"), ("agency", "list"),
                      ("key", "list"), ("calendar", "show", "default"), ("calendar", "count", "2024-06-03", "3wd"), ("report",),
                      ("status",), ("doctor",), ("context", "show"), ("watch", "--from", "0", "--count", "1", "--subtree")):
            with self.subTest(words=words), open("/dev/full", "wb") as full:
                done = subprocess.run([COORDCTL, *words], stdout=full, stderr=subprocess.PIPE, timeout=120, check=False,
                                      env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
                self.assertEqual(done.returncode, 8, done.stderr)
                self.assertIn(b"standard output could not be written", done.stderr)

    def test_a_closed_standard_output_is_no_failure_when_nothing_is_said(self):
        done = subprocess.run(["sh", "-c", f'"{COORDCTL}" inbox >&-'], capture_output=True, timeout=120, check=False,
                              env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
        self.assertEqual((done.returncode, done.stderr), (0, b""))


class Applying(Clerks):
    def setUp(self):
        super().setUp()
        self.task = {"reference": "P-1", "leads": ["huyen"],
                     "content": {"title": "Rà soát", "description": "Cả huyện", "due": "2099-06-30"}}
        self.apply()

    def apply(self, *words, code=0, **other):
        """Applies the task, with some keys and some of its content other than before."""
        content = dict(self.task["content"], **other.pop("content", {}))
        file = {"tasks": [dict(self.task, content=content, **other)]}
        done = self.run_ctl("apply", *words, "-f", "-", data=json.dumps(file).encode())
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode(), done.stderr.decode()

    def shown(self):
        return self.broker.ctl_json("task", "show", "P-1")["task"]

    def test_a_minute_of_a_due_date_is_taken(self):
        self.assertIn("due", self.apply(content={"due": "2099-06-30T16:30"})[0])
        self.assertEqual(self.shown()["due"], "2099-06-30T16:30:00+07:00")
        self.assertEqual(self.apply(content={"due": "2099-06-30T16:30"}), ("", ""))
        self.assertIn("due", self.apply()[0])
        self.assertEqual(self.shown()["due"], "2099-07-01T00:00:00+07:00")

    def test_a_count_that_comes_to_another_day_is_told(self):
        self.task["reference"], self.task["content"]["due"] = "P-2", "10wd"
        self.apply()
        self.assertEqual(self.apply(), ("", ""))
        self.assertIn("P-2: not taken: due 20wd", self.apply(content={"due": "20wd"})[1])

    def test_a_policy_and_a_calendar_named_later_are_told(self):
        self.admin.call("policy_set", policy={"policy": "p", "steps": []})
        out, told = self.apply(policy="p", calendar="k")
        self.assertEqual(out, "")
        self.assertIn("P-1: not taken: policy p: a task keeps the policy that it was given under", told)
        self.assertIn("P-1: not taken: calendar k: a task keeps the calendar that it was given under, default", told)

    def test_what_is_empty_in_the_file_is_cleared(self):
        self.assertIn("description", self.apply(content={"description": ""})[0])
        self.assertNotIn("description", self.shown())

    def test_what_a_closed_task_does_not_take_is_told_and_the_rest_applied(self):
        self.broker.ctl("task", "cancel", "P-1", "--note", "thôi")
        self.assertIn("P-1: not taken: title \"Rà soát\" → Khác: the task is cancelled", self.apply(content={"title": "Khác"})[1])

    def test_a_date_that_has_passed_is_taken_with_backdated(self):
        past = {"due": "2020-06-30"}
        self.assertIn("next: --backdated", self.apply(content=past, code=2)[1])
        self.assertIn("due", self.apply("--backdated", content=past)[0])
        self.assertEqual(self.shown()["due_day"], "2020-06-30")
        said = self.broker.ctl("task", "amend", "P-1", "--due", "2020-07-31", code=2)
        self.assertIn("next: --backdated", said)
        self.broker.ctl("task", "amend", "P-1", "--due", "2020-07-31", "--backdated")
        self.assertEqual(self.shown()["due_day"], "2020-07-31")

    def test_a_decomposed_title_is_no_change(self):
        self.assertEqual(self.apply(content={"title": "Ra\u0300 soa\u0301t"}), ("", ""))

    def test_tasks_of_other_assigners_are_told_by_name(self):
        self.assertIn("tasks of so: not taken: 1 in the file are its to assign", self.apply(assigner="so")[1])

    def test_a_version_in_the_file_is_told(self):
        done = self.run_ctl("apply", "-f", "-", data=b'{"policies": [{"policy": "p", "version": 7, "steps": []}]}')
        self.assertIn("policy p: not taken: version 7", done.stderr.decode())

    def test_with_json_what_was_left_stands_in_the_list(self):
        lines = json.loads(self.apply("--json", policy="p")[0])
        self.assertEqual([line["change"] for line in lines], ["left"])


class Agencies(Clerks):
    """What an apply file says of agencies that are there."""

    def apply(self, *agencies, code=0, words=()):
        done = self.run_ctl("apply", *words, "-f", "-", data=json.dumps({"agencies": agencies}).encode())
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode() + done.stderr.decode()

    def shown(self, name):
        return next(agency for agency in self.broker.ctl_json("agency", "list") if agency["agency"] == name)

    def test_a_programme_applied_again_after_a_succession_changes_nothing(self):
        programme = ({"agency": "xa-1", "name": "Xã Một", "parent": "huyen"}, {"agency": "xa-moi", "name": "Xã Mới", "parent": "huyen"})
        self.apply(*programme)
        self.broker.ctl("agency", "close", "xa-1", "--successor", "xa-moi")
        closed = self.shown("xa-1")
        self.assertIn("valid_until", closed)
        self.assertEqual(self.apply(*programme, words=("--dry-run",)), "")
        self.assertEqual(self.apply(*programme), "")
        self.assertEqual(self.shown("xa-1"), closed)

    def test_a_name_alone_keeps_grants_and_the_agency_above(self):
        self.broker.ctl("agency", "set", "so", "--may-task", "huyen", "--sort", "government")
        before = self.shown("so")
        for words in (("--dry-run",), ()):
            self.assertEqual(self.apply({"agency": "so", "name": "Tên khác"}, words=words),
                             ("would " if words else "") + 'change\tagency\tso\tname so → "Tên khác"\n')
        self.assertEqual(self.shown("so"), dict(before, name="Tên khác"))
        self.apply({"agency": "so", "name_en": "Department"})
        self.assertEqual(self.shown("so"), dict(before, name="Tên khác", name_en="Department"))

    def test_what_is_null_or_empty_in_an_agency_is_cleared(self):
        self.broker.ctl("agency", "set", "so", "--may-task", "huyen", "--sort", "government")
        for words in (("--dry-run",), ()):
            self.assertEqual(self.apply({"agency": "so", "may_task": [], "sort": ""}, words=words),
                             ("would " if words else "") + "change\tagency\tso\tsort government → none, may_task (no longer huyen)\n")
        self.assertFalse({"may_task", "sort"} & set(self.shown("so")))
        self.broker.ctl("agency", "close", "so", "--successor", "huyen", "--yes")
        self.apply({"agency": "so", "valid_until": None, "successor": None})
        self.assertFalse({"valid_until", "successor"} & set(self.shown("so")))

    def test_an_agency_named_twice_in_a_file_is_what_both_say(self):
        self.apply({"agency": "xa-1", "name": "Xã", "parent": "huyen"}, {"agency": "xa-1", "sort": "government"})
        self.assertEqual(self.shown("xa-1"), {"agency": "xa-1", "name": "Xã", "parent": "huyen", "sort": "government"})
        self.assertEqual(self.apply({"agency": "so", "sort": "party"}, {"agency": "so", "name_en": "D"}),
                         "change\tagency\tso\tsort none → party\nchange\tagency\tso\tname_en none → D\n")

    def test_an_agency_that_is_not_there_needs_its_name_before_anything_is_set(self):
        said = self.apply({"agency": "so", "name": "Khác"}, {"agency": "xa-9", "parent": "huyen"}, code=2)
        self.assertIn("agencies[1].name: ", said)
        self.assertNotEqual(self.shown("so")["name"], "Khác")
        self.assertIn("agencies[0].name: ", self.apply({"agency": "so", "name": None}, code=2))


class Names(Clerks):
    def test_a_label_that_is_taken_says_what_to_do(self):
        out = os.path.join(self.broker.directory, "so.context")
        said = self.broker.ctl("key", "new", "so", "--label", "văn thư", "--out", out, code=5)
        self.assertIn("label_taken", said)
        self.assertIn("--label", said)
        self.assertFalse(os.path.exists(out) and os.path.getsize(out))

    def test_an_id_told_apart_by_capital_letters_alone_is_refused(self):
        self.assertIn("`so`", self.broker.ctl("agency", "set", "SO", "--name", "Sở", "--parent", "tinh", code=2))
        self.assertIn("--name", self.broker.ctl("agency", "set", "so-7", "--name", "   ", "--parent", "tinh", code=2))
        self.broker.ctl("agency", "set", "H55.24", "--name", "Sở Nội vụ", "--parent", "tinh")


    def test_a_reference_is_none_of_the_things_that_a_command_takes_it_for(self):
        for reference in ("@5", "--to", " HT-1", "HT\n1"):
            self.refused("bad_value", "reference", self.assign, reference=reference)
        self.refused("bad_value", "content.title", self.assign, reference="HT-1", title=" ")
        said = self.broker.ctl("task", "assign", "--to", "huyen", "--reference", "@5", "--title", "Việc", code=2)
        self.assertIn("--reference", said)
        self.assertIn("does not begin with `@`", said)

    def test_a_step_has_one_number_wherever_it_is_shown(self):
        step = {"deadline": "completion", "unit": "working_days", "does": "remind", "to": ["lead"]}
        self.admin.call("policy_set", policy={"policy": "p", "steps": [dict(step, offset=-3), dict(step, offset=-1)]})
        self.admin.call("assign", reference="HT-1", leads=["huyen"], policy="p", content={"title": "Việc", "due": "2099-06-30"})
        lines = [line.split("\t") for line in self.broker.ctl("policy", "show", "p").splitlines()]
        numbers = {offset[1]: number[1] for number, offset in
                   zip([line for line in lines if line[0] == "steps"], [line for line in lines if line[0] == "offset"])}
        self.assertEqual(numbers, {"-3": "0", "-1": "1"})
        ahead = [line for line in self.broker.ctl("task", "show", "HT-1").splitlines() if line.startswith("ahead\t")]
        for offset, number in numbers.items():
            self.assertEqual(len([line for line in ahead if f"step {number}, {offset[1]} working day" in line]), 1, ahead)


class Evidence(Clerks):
    def test_a_file_that_is_not_there_is_an_error_and_a_url_is_none(self):
        self.assign()
        self.huyen.call("accept", task=1)
        huyen = self.context_file(self.huyen_context)
        submit = ("task", "submit", "HT-1", "--evidence")
        for path, said in (("/nowhere/bao-cao.pdf", "No such file"), (self.broker.directory, "it is a directory"),
                           ("://x", "No such file"), ("", "it is empty; give a file"), ("/dev/null", "no regular file"),
                           (self.file("rỗng.pdf", b""), "there is nothing in it"), ("htp://x.vn/a", "did you mean http://x.vn/a?"),
                           ("ttps://x.vn/a", "did you mean https://x.vn/a?"), ("hhtps://x.vn/a", "did you mean https://x.vn/a?")):
            told = self.broker.ctl(*submit, path, context=huyen, code=2)
            self.assertIn("--evidence", told)
            self.assertIn(said, told)
        self.broker.ctl(*submit, "https://luu-tru.vn/bao-cao.pdf", context=huyen)
        self.assertEqual(self.admin.call("task_get", task=1)["task"]["evidence"], "https://luu-tru.vn/bao-cao.pdf")

    def test_several_files_are_kept_each_with_name_size_and_hash(self):
        self.assign()
        self.huyen.call("accept", task=1)
        huyen = self.context_file(self.huyen_context)
        contents = {"biên bản.pdf": b"xong\n", "một.txt": b"1", "ảnh.jpg": os.urandom(70000)}
        words = [word for name, content in contents.items() for word in ("--evidence", self.file(name, content))]
        wanted = [{"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                  for name, content in contents.items()] + [{"name": "https://luu-tru.vn/1"}]
        self.broker.ctl("task", "submit", "HT-1", *words, "--evidence", "https://luu-tru.vn/1", "--note", "Xong", context=huyen)
        self.assertEqual(self.broker.ctl_json("task", "show", "HT-1")["task"]["evidence_files"], wanted)
        self.assertEqual(self.broker.ctl_json("task", "history", "HT-1")[0]["evidence_files"], wanted)
        self.assertEqual(self.broker.ctl_json("report", "--tasks")["tasks"][0]["evidence_files"], wanted)
        last = self.broker.ctl("task", "history", "HT-1").splitlines()[0].split("\t")
        self.assertEqual(last[-2:], ["Xong", "biên bản.pdf, một.txt, ảnh.jpg, https://luu-tru.vn/1"])
        shown = self.broker.ctl("task", "show", "HT-1").splitlines()
        for name in ("biên bản.pdf", "ảnh.jpg"):
            self.assertIn(f"name\t{name}", shown)
        self.broker.restart()
        self.assertEqual(self.broker.ctl_json("task", "show", "HT-1")["task"]["evidence_files"], wanted)
        self.admin.call("reject", task=1, note="Thiếu")
        many = [word for number in range(17) for word in ("--evidence", f"https://luu-tru.vn/{number}")]
        self.assertIn("more than 16", self.broker.ctl("task", "submit", "HT-1", *many, context=huyen, code=2))

    def test_the_same_proof_twice_is_one_piece_and_refused_as_two(self):
        self.assign()
        self.huyen.call("accept", task=1)
        huyen, first, second = self.context_file(self.huyen_context), self.file("a.pdf", b"x"), self.file("b.pdf", b"x")
        for pieces, said in (((first, first), "a.pdf is given twice"), ((first, second), "a.pdf and b.pdf are the same, byte for byte"),
                             (("https://x.vn/1", first, "https://x.vn/1"), "https://x.vn/1 is given twice")):
            words = [word for piece in pieces for word in ("--evidence", piece)]
            self.assertIn(said, self.broker.ctl("task", "report", "HT-1", *words, context=huyen, code=2))
        self.broker.ctl("task", "report", "HT-1", "--evidence", "edoc://kho/1", "--evidence", "HTTPS://x.vn/1", context=huyen)

    def test_a_policy_that_asks_for_proof_is_set_by_a_file_and_says_what_is_missing(self):
        path = self.file("p.json", b'{"policies": [{"policy": "p", "evidence": "required", "steps": []}]}')
        self.broker.ctl("apply", "-f", path)
        self.assertIn("evidence\trequired", self.broker.ctl("policy", "show", "p").splitlines())
        self.admin.call("assign", reference="HT-1", leads=["huyen"], policy="p", content={"title": "Việc"})
        self.huyen.call("accept", task=1)
        huyen = self.context_file(self.huyen_context)
        told = self.broker.ctl("task", "submit", "HT-1", context=huyen, code=2)
        self.assertIn("evidence_required", told)
        self.assertIn("next: --evidence FILE", told)
        self.refused("evidence_required", "evidence_files", self.huyen.call, "submit", task=1)
        self.broker.ctl("task", "submit", "HT-1", "--evidence", path, context=huyen)
        wrong = self.file("q.json", b'{"policies": [{"policy": "q", "evidence": "yes", "steps": []}]}')
        self.assertIn("required", self.broker.ctl("apply", "-f", wrong, code=2))


class Words(Clerks):
    """A submission that was sent back, and what was said since."""

    def setUp(self):
        super().setUp()
        self.assign()
        self.lead = self.context_file(self.huyen_context)
        for op in ("accept", "submit"):
            self.huyen.call(op, task=1)

    def shown(self, *words):
        done = self.run_ctl(*words, context=self.lead)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def inbox(self):
        return [line.split("\t") for line in self.shown("inbox").splitlines()]

    def test_a_rejection_stands_in_task_show_and_inbox_until_it_is_submitted_again(self):
        self.admin.call("reject", task=1, note="Thiếu biên bản\nđo đạc")
        self.assertEqual(self.inbox()[0][-1], "rejected: Thiếu biên bản đo đạc")
        fields = dict(line.split("\t", 1) for line in self.shown("task", "show", "HT-1").splitlines())
        self.assertEqual((fields["rejection"], fields["rejected_by"]), ("Thiếu biên bản đo đạc", "tinh"))
        self.assertRegex(fields["rejected"], r"^\d{4}-\d\d-\d\d \d\d:\d\d$")
        self.assertEqual(json.loads(self.shown("inbox", "--json"))[0]["rejection"], "Thiếu biên bản\nđo đạc")
        self.huyen.call("submit", task=1, note="Đã bổ sung")
        self.assertNotIn("rejection", json.loads(self.shown("task", "show", "HT-1", "--json"))["task"])

    def test_who_watches_is_told_what_was_said_with_it(self):
        self.admin.call("reject", task=1, note="Thiếu biên bản\nđo đạc")
        self.huyen.call("comment", task=1, note="Đã bổ sung")
        told = self.run_ctl("watch", "--from", "0", "--count", "2", context=self.lead).stdout.decode().splitlines()
        self.assertTrue(told[-1].endswith("\tThiếu biên bản đo đạc"), told)
        for rejected in told[:-1]:
            self.assertTrue(rejected.endswith(".\t"), told)  # nothing was said
        told = self.broker.ctl("watch", "--from", "0", "--notices", "commented", "--count", "1").splitlines()
        self.assertTrue(told[0].endswith("\tĐã bổ sung"), told)

    def submitted(self):
        return dict(line.split("\t", 1) for line in self.shown("task", "show", "HT-1").splitlines())["submitted"]

    def test_a_submission_that_was_sent_back_is_not_shown_as_handed_in(self):
        handed_in = r"^\d{4}-\d\d-\d\d \d\d:\d\d"
        self.assertRegex(self.submitted(), handed_in + "$")
        self.admin.call("reject", task=1, note="Thiếu biên bản")
        self.assertRegex(self.submitted(), handed_in + r", sent back \d{4}-\d\d-\d\d \d\d:\d\d by tinh$")
        table = self.shown("report", "--tasks").splitlines()
        row = [line.split("\t") for line in table if line.startswith("HT-1\t")][0]
        self.assertEqual((row[2], row[5]), ("in_progress", ""))
        self.admin.call("suspend", task=1, note="Chờ")
        self.assertIn("sent back", self.submitted())
        self.admin.call("resume", task=1)
        self.huyen.call("submit", task=1)
        self.assertRegex(self.submitted(), handed_in + "$")
        self.admin.call("suspend", task=1, note="Chờ")
        self.assertRegex(self.submitted(), handed_in + "$")
        self.admin.call("cancel", task=1, note="Thôi")
        self.assertRegex(self.submitted(), handed_in + ", before it became cancelled$")

    def test_open_comments_stand_in_the_inbox_of_the_side_that_owes_an_answer(self):
        self.huyen.call("comment", task=1, note="Xin xem sớm")
        mine = self.broker.ctl("inbox").splitlines()[0].split("\t")
        self.assertEqual((len(mine), mine[0], mine[-1]), (10, "HT-1", "open comments: 1: Xin xem sớm"))
        self.admin.call("reject", task=1, note="Thiếu số liệu")
        self.admin.call("comment", task=1, note="Gửi trước thứ Sáu")
        self.assertEqual(self.inbox()[0][-1], "rejected: Thiếu số liệu; open comments: 1: Gửi trước thứ Sáu")
        self.huyen.call("report", task=1)
        self.assertEqual(self.inbox()[0][-1], "rejected: Thiếu số liệu")
