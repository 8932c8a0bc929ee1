"""Files for coordctl apply and calendar set: nothing is given twice, nothing goes in silence, and what is wrong is said before
anything is done."""
import json
import os
import subprocess

from harness import COORDCTL, Scenario


class Files(Scenario):
    def apply(self, code=0, words=("apply",), text=None, **lists):
        """What it printed on both streams; the text of the file, or the lists that are in it."""
        path = os.path.join(self.broker.directory, "file.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(lists) if text is None else text)
        run = self.run_ctl(*words, "-f", path, code=code)
        return run.stdout + run.stderr

    def run_ctl(self, *words, code=0):
        run = subprocess.run([COORDCTL, *words], capture_output=True, text=True, timeout=120, check=False,
                             env=dict(os.environ, COORD_CONTEXT=self.broker.admin, TZ="<+07>-7"))
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def tried(self, code=0, **lists):
        before = self.admin.call("hello")["seq"]
        said = self.apply(code, ("apply", "--dry-run"), **lists)
        self.assertEqual(self.admin.call("hello")["seq"], before)
        return said

    @staticmethod
    def task(reference, *leads, **content):
        return {"reference": reference, "leads": leads, "content": dict({"title": "Việc " + reference}, **content)}

    def references(self):
        return sorted(task["reference"] for task in self.admin.pages("task_list"))


class Leads(Files):
    def test_a_lead_added_to_a_task_of_one_lead_doubles_no_task(self):
        self.apply(tasks=[self.task("F-1", "huyen")])
        for look in (self.tried, self.apply):
            said = look(tasks=[self.task("F-1", "huyen", "so")])
            self.assertIn("task F-1: not taken: lead so: F-1 stands, led by huyen", said)
            self.assertIn("next: coordctl task reassign F-1 --to so --note ", said)
            self.assertNotIn("add", said)
        self.assertEqual(self.references(), ["F-1"])
        said = self.apply(tasks=[self.task("F-1", "so", "tinh")])
        self.assertIn("lead so: F-1 stands, led by huyen", said)
        self.assertIn("lead tinh: F-1 stands, led by huyen", said)
        self.assertEqual(self.references(), ["F-1"])

    def test_what_else_the_file_says_of_such_a_task_is_taken(self):
        self.apply(tasks=[self.task("F-1", "huyen")])
        self.assertIn("change\ttask\tF-1\ttitle", self.apply(tasks=[self.task("F-1", "huyen", "so", title="Khác")]))

    def test_a_lead_added_to_a_task_of_several_is_given_its_own(self):
        self.apply(tasks=[self.task("F-1", "huyen", "so")])
        self.assertEqual(self.apply(tasks=[self.task("F-1", "huyen", "so", "tinh")]), "add\ttask\tF-1/tinh\tto tinh\n")
        self.assertEqual(self.apply(tasks=[self.task("F-1", "huyen", "so", "tinh")]), "")

    def test_a_file_that_names_one_of_several_leads_doubles_no_task_and_tells_of_the_others(self):
        self.apply(tasks=[self.task("F-1", "huyen", "so")])
        for look in (self.tried, self.apply):
            said = look(tasks=[self.task("F-1", "so")])
            self.assertIn("task F-1/huyen: not taken: it stands, led by huyen, whom the file does not name", said)
            self.assertIn("next: coordctl task cancel F-1/huyen --note ", said)
            self.assertNotIn("add", said)
        self.assertEqual(self.references(), ["F-1/huyen", "F-1/so"])

    def test_a_lead_that_was_given_the_task_of_another_is_not_given_it_again(self):
        self.apply(tasks=[self.task("F-1", "huyen", "so")])
        self.broker.ctl("task", "reassign", "F-1/so", "--to", "tinh", "--note", "Đúng thẩm quyền")
        self.assertEqual(self.apply(tasks=[self.task("F-1", "huyen", "tinh")]), "")
        self.assertEqual(self.references(), ["F-1/huyen", "F-1/so"])

    def test_what_to_type_next_runs_when_it_is_typed(self):
        self.apply(tasks=[self.task("K 4 'a'", "huyen")])
        said = self.apply(tasks=[self.task("K 4 'a'", "so")])
        line = next(line for line in said.splitlines() if "next: " in line).split("next: coordctl ")[1]
        subprocess.run(["sh", "-c", f"{COORDCTL} {line}"], check=True, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
        self.assertEqual(self.admin.call("task_get", task=1)["task"]["lead"], "so")


class Twice(Files):
    def test_what_a_file_says_twice_is_refused_before_anything_is_set(self):
        calendar = {"calendar": "k", "utc_offset": 420, "hours": [{"weekday": 1, "open": 420, "close": 660}]}
        policy = {"policy": "p", "steps": []}
        for look in (self.tried, self.apply):
            said = look(2, agencies=[{"agency": "xa", "name": "Xã"}], calendars=[calendar, calendar], policies=[policy, policy],
                        tasks=[self.task("F-1", "huyen"), self.task("F-2", "so"), dict(self.task("F-1", "so"), assigner="tinh"),
                               self.task("F-3", "so", "huyen", "so")])
            for words in ("calendars[1].calendar: `k` is calendars[0] already", "policies[1].policy: `p` is policies[0] already",
                          "tasks[2].reference: `F-1` is the reference of tasks[0] already", "tasks[3].leads[2]: so is named already"):
                self.assertIn(words, said)
        self.assertEqual(self.references(), [])
        self.assertNotIn("xa", self.broker.ctl("agency", "list").split())

    def test_all_that_is_wrong_with_one_object_is_told_whatever_its_kind(self):
        calendar = {"calendar": "k", "utc_ofset": 420, "hours": [{"weekday": 9, "open": "x", "clos": 1}, 7], "exceptions": [{"day": "mai"}]}
        task = {"reference": "x" * 200, "leads": [], "assigner": 3, "content": {"title": 5, "kind": "directiv", "due": "x" * 40, "parent": "a", "tag": []},
                "dry_run": True}
        agency = {"agency": "xa", "nam": "Xã", "parent": 4, "valid_until": "2024-05-33", "may_task": ["so", 5]}
        for look in (self.tried, self.apply):
            said = look(2, agencies=[agency], calendars=[calendar], policies=[{"steps": [{}]}], tasks=[task], more=[])
            for words in ("bad_value: agencies[0].nam: ", "bad_type: agencies[0].parent: ", "bad_date: agencies[0].valid_until: ",
                          "bad_type: agencies[0].may_task[1]: ", "bad_value: calendars[0].utc_ofset: ", "missing_field: calendars[0].utc_offset: ",
                          "out_of_range: calendars[0].hours[0].weekday: ", "bad_type: calendars[0].hours[0].open: ",
                          "bad_value: calendars[0].hours[0].clos: ", "missing_field: calendars[0].hours[0].close: ", "bad_type: calendars[0].hours[1]: ",
                          "bad_date: calendars[0].exceptions[0].day: ", "missing_field: policies[0].policy: ", "missing_field: policies[0].steps[0].does: ",
                          "out_of_range: tasks[0].reference: ", "missing_field: tasks[0].leads: ", "bad_type: tasks[0].assigner: ",
                          "bad_type: tasks[0].content.title: ", "bad_term: tasks[0].content.kind: ", "out_of_range: tasks[0].content.due: ",
                          "bad_type: tasks[0].content.parent: ", "bad_value: tasks[0].content.tag: ", "bad_value: tasks[0].dry_run: ",
                          "bad_value: more: "):
                self.assertEqual(said.count(words), 1, f"{words}\n{said}")

    def test_what_is_added_to_a_list_and_what_takes_its_place_is_as_the_help_says(self):
        def granted():
            return next(one for one in self.broker.ctl_json("agency", "list") if one["agency"] == "so").get("may_task", [])
        self.assertRegex(self.broker.ctl("help", "agency", "set"), "may-task AGENCY .*besides those that it may already")
        self.broker.ctl("agency", "set", "so", "--may-task", "huyen")
        self.broker.ctl("agency", "set", "so", "--may-task", "tinh")
        self.assertEqual(granted(), ["huyen", "tinh"])
        self.broker.ctl("agency", "set", "so", "--may-task", "", "--may-task", "tinh")
        self.assertEqual(granted(), ["tinh"])
        self.apply(agencies=[{"agency": "so", "may_task": ["huyen"]}])
        self.assertEqual(granted(), ["huyen"])
        self.assertRegex(self.broker.ctl("help", "key", "set"), "rights RIGHT .*in the place of what it may")
        self.broker.ctl("key", "set", "so:văn thư", "--rights", "read")
        rights = [one["key"]["rights"] for one in self.broker.ctl_json("key", "list", "--agency", "so")]
        self.assertEqual(rights, [["read"]])
        self.assertIn("takes the place of the one before", self.broker.ctl("help", "task", "amend"))

    def test_an_agency_that_is_named_twice_with_two_values_of_one_field_is_refused_by_that_field(self):
        for first, second, field in (({"name": "A"}, {"name": "B"}, "name"), ({"parent": "so"}, {"parent": "huyen"}, "parent"),
                                     ({"successor": "so"}, {"successor": None}, "successor"),
                                     ({"may_task": ["so", "huyen"]}, {"may_task": ["so"]}, "may_task")):
            file = [dict({"agency": "xa", "name": "Xã"}, **first), {"agency": "xb", "name": "Khác"}, dict(second, agency="xa")]
            for look in (self.tried, self.apply):
                said = look(2, agencies=file)
                self.assertIn(f"bad_value: agencies[2].{field}: agencies[0] gives `xa` another `{field}`", said)
        self.assertNotIn("xa", self.broker.ctl("agency", "list").split())
        # what takes nothing away is a part, as ever
        self.apply(agencies=[{"agency": "xa", "name": "Xã", "may_task": ["so"]}, {"agency": "xa", "name": "Xã", "parent": "tinh", "may_task": ["huyen", "so"]}])
        stands = next(one for one in self.broker.ctl_json("agency", "list") if one["agency"] == "xa")
        self.assertEqual((stands["parent"], stands["may_task"]), ("tinh", ["huyen", "so"]))

    def test_another_assigners_task_of_the_same_reference_is_another(self):
        said = self.apply(tasks=[self.task("F-1", "huyen"), dict(self.task("F-1", "so"), assigner="so")])
        self.assertIn("add\ttask\tF-1", said)


class Documents(Files):
    """With --json a script reads one document, however much is wrong."""

    def document(self, code, *words, **lists):
        path = os.path.join(self.broker.directory, "file.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(lists, file)
        run = self.run_ctl("--json", *words, "-f", path, code=code)
        return json.loads(run.stdout), run.stderr

    def test_of_mistakes_in_the_file_it_is_the_first(self):
        for words in (("apply",), ("apply", "--dry-run")):
            document, told = self.document(2, *words, agencies=[{"agency": "xa", "nmae": "Xã"}, {"agency": "xb", "name": 7}])
            self.assertEqual(document["field"], "agencies[0].nmae")
            self.assertIn("agencies[0].nmae: ", told)
            self.assertIn("agencies[1].name: ", told)
        document, told = self.document(2, "calendar", "set", agencies=[{"agency": "xa", "name": "A"}], tasks=[self.task("F-1", "so")])
        self.assertEqual(document["field"], "agencies")
        self.assertIn("tasks: `calendar set` takes calendars alone", told)

    def test_of_what_the_broker_would_refuse_it_is_the_first(self):
        document, told = self.document(3, "apply", tasks=[self.task("F-1", "nowhere"), self.task("F-2", "nobody")])
        self.assertEqual(document["error"], "agency_unknown")
        self.assertIn("nowhere", document["message"])
        for words in ("task F-1 would be refused:", "task F-2 would be refused:", "nothing of the file was applied"):
            self.assertIn(words, told)

    def test_of_a_dry_run_it_is_the_list_with_all_that_would_be_refused(self):
        document, told = self.document(3, "apply", "--dry-run", tasks=[self.task("F-1", "nowhere"), self.task("F-2", "so"), self.task("F-3", "nobody")])
        self.assertEqual([(line["change"], line["id"]) for line in document], [("refused", "F-1"), ("add", "F-2"), ("refused", "F-3")])
        self.assertEqual(told.count("agency_unknown: "), 2)


class Faults(Files):
    def test_all_that_is_wrong_with_a_file_is_told_at_once(self):
        said = self.apply(2, agencies=[{"agency": "xa", "nmae": "Xã"}, {"agency": "xb", "name": 7}], calendars={},
                          policies=[{"policy": "p"}], tasks=[{"reference": "F-1"}, self.task("F-2", "so"), []], tsaks=[])
        for words in ("agencies[0].nmae: ", "agencies[1].name: ", "calendars: ", "policies[0].steps: ", "tasks[0].", "tasks[2]: ",
                      "did you mean `tasks`?"):
            self.assertIn(words, said)

    def test_a_task_of_a_file_names_its_leads_itself(self):
        for leads in ({}, {"leads": ["so"]}):
            said = self.apply(2, tasks=[{"reference": "F-1", "children_of": "tinh", "content": {"title": "x"}, **leads}])
            self.assertIn("bad_value: tasks[0].children_of: A task in a file names its leads", said)
            self.assertNotIn("tasks[0].leads", said)
        self.apply(tasks=[dict(self.task("F-1", "so"), children_of=None)])

    def test_a_file_that_is_all_wrong_is_told_in_part_and_counted(self):
        said = self.apply(2, tasks=[[]] * 130)
        self.assertEqual(said.count("bad_type"), 100)
        self.assertIn("and 30 more", said)

    def test_what_cannot_be_read_is_named(self):
        for text, words in (("", "there is nothing in it"), (" \n\t", "there is nothing in it"), ("{\n  oops", "file.json, line 2, column"),
                            ("[]", "file.json is an array")):
            said = self.apply(2, text=text)
            self.assertIn(words, said)
            self.assertIn("file.json", said)
        for name, words in ((self.broker.directory, "Is a directory"), ("/nowhere.json", "/nowhere.json: No such file"),
                            ("", "the name is empty")):
            self.assertIn(words, self.broker.ctl("apply", "-f", name, code=2))
        self.assertIn("standard input: there is nothing in it", self.broker.ctl("apply", "-f", "-", text="", code=2))

    def test_a_day_that_is_none_is_told_as_that(self):
        for day, words in (("2024-05-33", "that month has 31"), ("2024-02-30T08:00:00+07:00", "that month has 29"),
                           ("2024-13-01", "months run from 01 to 12"), ("2024-05-03", "write the moment of it: 2024-05-03T00:00:00+07:00"),
                           ("soon", "write it with its zone")):
            self.assertIn(words, self.apply(2, agencies=[{"agency": "xa", "name": "Xã", "valid_until": day}]))
        self.assertIn("that month has 31", self.broker.ctl("agency", "set", "xa", "--name", "Xã", "--valid-until", "2024-05-33", code=2))

    def test_agencies_that_wait_for_each_other_are_told_as_a_circle(self):
        for look in (self.tried, self.apply):
            said = look(5, agencies=[{"agency": "xa", "name": "A", "parent": "xb"}, {"agency": "xb", "name": "B", "parent": "xc"},
                                     {"agency": "xc", "name": "C", "parent": "xa"}])
            self.assertIn("tree_cycle: agencies[0].parent: ", said)
            self.assertIn("xa after xb after xc after xa", said)
        said = self.apply(2, agencies=[{"agency": "xa", "name": "A", "may_task": ["xb"]}, {"agency": "xb", "name": "B", "parent": "xa"}])
        self.assertIn("agencies[0].may_task[0]: ", said)
        self.assertIn("second entry", said)

    def test_a_second_entry_or_one_that_stands_is_no_circle(self):
        twice = [{"agency": "xa", "name": "A"}, {"agency": "xb", "name": "B", "parent": "xa"}, {"agency": "xa", "may_task": ["xb"]}]
        self.assertEqual(self.tried(agencies=twice).count("would add"), 2)
        self.assertEqual(self.apply(agencies=twice), "add\tagency\txa\t\nadd\tagency\txb\t\nchange\tagency\txa\tmay_task (now also xb)\n")
        self.apply(agencies=[{"agency": "xc", "name": "C", "parent": "xa"}, {"agency": "xa", "may_task": ["xb", "xc"]}])
        self.apply(agencies=[{"agency": "xa", "parent": "xd"}, {"agency": "xd", "name": "D", "parent": "tinh"}])

    def test_hours_from_utc_in_the_place_of_minutes_are_refused(self):
        calendar = {"calendar": "k", "hours": [{"weekday": 1, "open": 420, "close": 660}]}
        for offset, words in ((7, "no zone is 7 from UTC; 7 hours are 420"), (-5, "-5 hours are -300"), (45, "No zone is 45 minutes")):
            for look in (self.tried, self.apply):
                said = look(2, calendars=[dict(calendar, utc_offset=offset)])
                self.assertIn("calendar.utc_offset: ", said)
                self.assertIn(words, said)
        for offset in (0, 30, -30, 60, 345, 420, -210):
            self.apply(calendars=[dict(calendar, utc_offset=offset)])

    def test_a_calendar_is_set_by_a_file_of_calendars_alone(self):
        said = self.apply(2, ("calendar", "set"), agencies=[{"agency": "xa", "name": "A"}], policies=[{"policy": "p", "steps": []}],
                          tasks=[self.task("F-1", "so")])
        for kind in ("agencies: ", "policies: ", "tasks: "):
            self.assertIn(kind + "`calendar set` takes calendars alone; `coordctl apply -f` takes the whole file", said)
        self.assertEqual(self.references(), [])


class Whole(Files):
    def test_a_mistake_in_the_last_task_leaves_nothing_applied(self):
        before = self.admin.call("hello")["seq"]
        said = self.apply(3, agencies=[{"agency": "xa", "name": "Xã", "parent": "tinh"}],
                          tasks=[self.task("F-1", "huyen"), self.task("F-2", "nowhere")])
        self.assertIn("task F-2 would be refused:", said)
        self.assertIn("nothing of the file was applied", said)
        self.assertEqual(self.admin.call("hello")["seq"], before)

    def test_what_the_file_puts_right_itself_is_no_mistake(self):
        self.admin.call("agency_set", agency={"agency": "so", "name": "so", "parent": "tinh", "assignable": False})
        lists = dict(agencies=[{"agency": "so", "assignable": True}], tasks=[self.task("F-1", "so")])
        said = self.tried(**lists)
        self.assertIn("task F-1: as things stand it would be refused", said)
        self.assertIn("would add\ttask\tF-1", said)
        self.assertIn("add\ttask\tF-1", self.apply(**lists))

    def test_a_dry_run_finds_a_step_that_tells_nobody(self):
        step = {"deadline": "completion", "offset": -1, "unit": "working_days", "does": "remind"}
        for look in (self.tried, self.apply):
            said = look(2, policies=[{"policy": "p", "steps": [step]}])
            self.assertIn("policy p would be refused:", said)
            self.assertIn("It tells nobody", said)

    def test_a_dry_run_finds_what_is_wrong_beside_what_the_file_brings(self):
        calendar = {"calendar": "k", "utc_offset": 420, "hours": [{"weekday": 1, "open": 420, "close": 660}]}
        agency = {"agency": "xa", "name": "Xã", "parent": "tinh"}
        for wrong, words in (({"due": "10 wd"}, "10wd (working days)"), ({"cooperating": ["xa"]}, "xa has a role on the task already")):
            for look in (self.tried, self.apply):
                said = look(2, agencies=[agency], calendars=[calendar], tasks=[dict(self.task("F-1", "xa", **wrong), calendar="k")])
                self.assertIn("task F-1 would be refused:", said)
                self.assertIn(words, said)

    def test_an_own_role_beside_a_lead_that_is_brought_is_no_mistake(self):
        lists = dict(agencies=[{"agency": "xa", "name": "Xã", "parent": "tinh"}], tasks=[self.task("F-1", "xa", supervisor="tinh")])
        self.assertIn("would add\ttask\tF-1", self.tried(**lists))
        self.assertIn("add\ttask\tF-1", self.apply(**lists))


class Gone(Files):
    """What a list that takes another's place takes away is said."""

    def test_days_that_a_calendar_loses_and_gains_are_listed(self):
        tet = [{"day": f"2030-02-0{day}", "working": False, "name": "Tết"} for day in (4, 5, 6, 7)]
        own = {"day": "2030-05-02", "working": True, "open": 450, "close": 690, "name": "Bù"}
        calendar = {"calendar": "k", "utc_offset": 420, "hours": [{"weekday": day, "open": 420, "close": 660} for day in (1, 6)]}
        bare = {"day": "2030-05-04", "working": True}
        self.apply(calendars=[dict(calendar, exceptions=tet + [own, bare])])
        other = dict(calendar, hours=calendar["hours"][:1],
                     exceptions=tet[3:] + [{"day": "2030-09-02", "working": False, "name": "Quốc khánh"}])
        tried = self.tried(calendars=[other])
        self.assertEqual(tried.splitlines(), [
            "would change\tcalendar\tk\thours, exceptions",
            "would drop\tday\tk\t2030-02-04 to 2030-02-06: day off, Tết",
            "would drop\tday\tk\t2030-05-02: 07:30–11:30, Bù",
            "would drop\tday\tk\t2030-05-04: worked, in the usual hours",
            "would add\tday\tk\t2030-09-02: day off, Quốc khánh",
            "would drop\thours\tk\tSaturday 07:00–11:00"])
        self.assertEqual(self.apply(calendars=[other]), tried.replace("would ", ""))
        self.assertEqual(self.apply(calendars=[other]), "")

    def test_steps_that_a_policy_loses_and_gains_are_listed(self):
        step = {"deadline": "completion", "offset": -3, "unit": "working_days", "does": "remind", "to": ["lead"]}
        self.apply(policies=[{"policy": "p", "steps": [step, dict(step, offset=-1)]}])
        said = self.apply(policies=[{"policy": "p", "steps": [dict(step, offset=-1), dict(step, offset=0)]}])
        self.assertIn("drop\tstep\tp\t3 working days before due: remind the lead", said)
        self.assertIn("add\tstep\tp\ton the day it is due: remind the lead", said)
        self.assertNotIn("1 working day before", said)

    def test_agencies_that_a_task_loses_by_a_file_are_named(self):
        self.apply(tasks=[self.task("F-1", "huyen", cooperating=["so"], tags=["đất", "rừng"])])
        said = self.apply(tasks=[self.task("F-1", "huyen", cooperating=["tinh"], tags=["đất"])])
        self.assertIn("change\ttask\tF-1\tcooperating (no longer so; now also tinh), tags (no longer rừng)", said)

    def test_agencies_that_a_task_loses_by_an_amendment_are_named_when_it_is_tried_and_when_it_is_done(self):
        self.apply(tasks=[self.task("F-1", "huyen", cooperating=["so"], tags=["đất", "rừng"])])
        words = ("task", "amend", "F-1", "--cooperating", "tinh", "--tags", "đất", "--tags", "nước")
        for more, would in (("--dry-run",), "would be "), ((), ""):
            run = self.run_ctl(*words, *more)
            self.assertIn(f"F-1: {would}no longer cooperating: so\n", run.stderr)
            self.assertIn(f"F-1: {would}no longer tags: rừng\n", run.stderr)
        self.assertEqual(self.run_ctl("task", "amend", "F-1", "--observers", "so").stderr, "")
        self.assertIn("no longer observers: so", self.run_ctl("task", "amend", "F-1", "--observers", "").stderr)


class Typed(Files):
    """What it says to type, and what it calls what was typed."""

    def test_a_next_line_quotes_what_a_shell_would_take_apart(self):
        self.apply(tasks=[self.task("K 4", "huyen")])
        said = self.run_ctl("task", "confirm", "K 4", code=5).stderr
        self.assertIn("next: coordctl task show 'K 4'  # what may be done now", said)

    def test_a_context_that_the_environment_names_is_called_by_its_name(self):
        run = subprocess.run([COORDCTL, "inbox"], capture_output=True, text=True, timeout=120, check=False,
                             env=dict(os.environ, COORD_CONTEXT="phong.context"))
        self.assertIn("There is no context `phong.context`", run.stderr)

    def test_a_next_line_names_the_context_that_was_given(self):
        self.apply(tasks=[self.task("F-1", "huyen")])
        mine = self.context_file(self.huyen_context)
        said = self.run_ctl("--context", mine, "task", "submit", "F-1", code=5).stderr
        self.assertIn(f"next: coordctl --context {mine} task show F-1", said)
        said = self.run_ctl("--context", "nobody", "task", "show", "F-1", code=7).stderr
        self.assertIn("next: coordctl context list", said)

    def next_of(self, *words, code, **more):
        said = self.run_ctl(*words, code=code, **more).stderr
        return [line.split("next: ")[1].split("  #")[0] for line in said.splitlines() if "next: " in line]

    def test_what_is_asked_already_is_taken_back_as_the_next_line_says_whatever_else_is_open(self):
        self.apply(tasks=[self.task("F-1", "huyen", due="30wd")])
        mine = self.context_file(self.huyen_context)
        for kind, option in (("suspension", "--until"), ("extension", "--due")):
            self.run_ctl("--context", mine, "request", kind, "F-1", option, "2099-06-30", "--note", "x")
        line = self.next_of("--context", mine, "request", "extension", "F-1", "--due", "2099-06-30", "--note", "x", code=5)
        self.run_ctl(*line[0].split()[1:])
        asks = self.broker.ctl_json("task", "show", "F-1")["task"]["asks"]
        self.assertEqual([ask["asking"] for ask in asks if "outcome" not in ask], ["suspension"])

    def test_a_next_line_whose_task_nobody_named_is_not_told(self):
        mine = self.context_file(self.huyen_context)
        self.assertEqual(self.next_of("--context", mine, "key", "list", "--agency", "so", code=4), [f"coordctl --context {mine} key list"])
        self.apply(tasks=[self.task("F-1", "huyen")])
        line = self.next_of("--context", mine, "task", "assign", "--to", "huyen", "--reference", "F-2", "--title", "x", "--parent",
                            self.foreign(), code=4)
        self.assertEqual(line, [f"coordctl --context {mine} task list --roles lead"])

    def foreign(self):
        """A task that huyen may read, as an observer, and may not make parts of."""
        self.apply(tasks=[self.task("F-9", "so", observers=["huyen"])])
        return "tinh:F-9"

    def test_parts_that_are_open_and_may_not_be_read_are_confirmed_over_as_the_next_line_says(self):
        self.apply(tasks=[self.task("F-1", "huyen")])
        whole = self.admin.call("task_get", assigner="tinh", reference="F-1")["task"]["task"]
        self.huyen.call("accept", task=whole)
        self.huyen.call("assign", reference="P-1", leads=["huyen"], content={"title": "Phần", "parent": whole, "scope": "restricted"})
        self.huyen.call("submit", task=whole, note="Phần còn lại sau.")
        line = self.next_of("task", "confirm", "F-1", code=5)
        self.assertEqual(line, ["coordctl task confirm F-1 --note WHY"])
        self.run_ctl(*line[0].split()[1:])

    def test_who_has_ended_is_not_proposed_as_a_lead(self):
        for more in ({"valid_until": 1000}, {"assignable": False}):
            self.apply(tasks=[self.task("F-1", "huyen")])
            self.admin.call("agency_set", agency={"agency": "cu", "name": "Cũ", "parent": "tinh"})
            path = os.path.join(self.broker.directory, "cu.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"tasks": [self.task("F-1", "cu")]}, file)
            self.assertIn("next: coordctl task reassign F-1 --to cu ", self.run_ctl("apply", "-f", path).stderr)
            self.admin.call("agency_set", agency=dict({"agency": "cu", "name": "Cũ", "parent": "tinh"}, **more))
            said = self.run_ctl("apply", "-f", path).stderr
            self.assertIn("cu leads nothing now", said)
            self.assertNotIn("next:", said)
            self.assertEqual(self.next_of("task", "reassign", "F-1", "--to", "cu", "--note", "x", code=5), ["coordctl agency list"])

    def test_who_may_change_no_key_is_told_so_and_not_that_there_is_none(self):
        mine = self.context_file(self.huyen_context)
        for words in (("revoke", "so:văn thư"), ("set", "so:văn thư", "--label", "x"), ("revoke", "x" * 40)):
            said = self.run_ctl("--context", mine, "key", *words, code=4).stderr
            self.assertIn("right_missing", said)

    def test_the_next_line_of_anothers_tasks_keeps_what_was_asked(self):
        said = self.apply(words=("apply", "--backdated"), tasks=[dict(self.task("F-1", "so"), assigner="so")])
        self.assertIn("next: coordctl key new so --label apply --out so.context\n", said)
        self.assertRegex(said, r"next: coordctl --context ./so.context apply -f \S*file.json --backdated\n")
        said = self.apply(words=("apply", "--backdated", "--dry-run"), tasks=[dict(self.task("F-1", "so"), assigner="so")])
        self.assertRegex(said, r" --backdated --dry-run\n")

    def test_what_is_at_fault_is_called_as_the_command_line_has_it(self):
        self.apply(tasks=[self.task("F-1", "huyen")])
        self.huyen.call("ask", task=self.admin.call("task_get", assigner="tinh", reference="F-1")["task"]["task"], asking="return", note="x")
        for code, words, said in ((2, ("calendar", "count", "2024-06-03", "soon"), ": COUNT: "),
                                  (2, ("calendar", "count", "2024-06-03"), ": COUNT: COUNT is required, or --suspended and --resumed"),
                                  (2, ("calendar", "count", "", "3wd"), ": FROM: FROM is empty"),
                                  (3, ("request", "grant", "F-1", "--request", "99"), "; request of `coordctl task show` has them"), (2, ("calendar", "count", "soon", "3wd"), ": FROM: "),
                                  (2, ("backup", "../x"), ": NAME: "), (2, ("task", "amend", "F-1"), "bad_value: It names nothing to change."),
                                  (3, ("store", "set", "--default-policy", "nope"), ": --default-policy: "),
                                  (3, ("task", "assign", "--reference", "X", "--title", "x", "--to", "nope"), "`coordctl agency list` has the ids"),
                                  (3, ("task", "assign", "--reference", "X", "--title", "x", "--to", "so", "--policy", "nope"),
                                   "`coordctl policy list` has the ids"),
                                  (5, ("task", "confirm", "F-1"), "`coordctl task show` says what may be done to it"),
                                  (3, ("task", "show", " "), "task_unknown: there is no task ` `")):
            with self.subTest(words=words):
                told = self.run_ctl(*words, code=code).stderr
                self.assertIn(said, told)
                self.assertNotRegex(told, r"agency_list|policy_list|task_get|task_list|: (content|reference|path|add|from): ")
