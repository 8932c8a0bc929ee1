"""What coordctl says to whom something is missing or wrong: the option's name, a line that would do, one exit status for one kind."""
import os
import unittest

from harness import COORDCTL, Scenario


class Help(Scenario):
    def test_the_page_of_files_lists_every_term_that_a_field_takes(self):
        with open(os.path.join(os.path.dirname(COORDCTL), "man", "coord-apply.5.scd"), encoding="utf-8") as file:
            page = file.read()
        for terms in ("one of *directive*, *recommendation*, *target*, *case*", "*normal*, *high*, *urgent*", "*remind*, *notify*, *escalate*",
                      "*working\\_days*", "*weekly*, *monthly*", "*optional*, *required*"):
            self.assertIn(terms, page)

    def test_help_says_which_options_a_command_does_not_run_without(self):
        for words, said in ((("task", "assign"), "task assign --reference CODE --title TEXT (--to AGENCY or --children-of AGENCY)"),
                            (("task", "assign"), "--title TEXT                 Required. What"), (("apply",), "-f, --file FILE"),
                            (("apply",), "Required. What to apply"), (("agency", "set"), "--parent AGENCY "),
                            (("task", "list"), "--parent TASK "), (("calendar", "set"), "The same as apply"),
                            (("key", "new"), "--out FILE                   One of these."),
                            (("key", "new"), "For example: coordctl key new so-tnmt")):
            self.assertIn(said, self.broker.ctl("help", *words))
        self.assertIn("*-f*, *--file*", self.broker.ctl("_manual"))

    def test_help_says_which_right_a_commands_key_needs(self):
        for words, right in ((("status",), "administer"), (("agency", "close"), "administer"), (("task", "accept"), "act"),
                             (("task", "show"), "read"), (("backup",), "administer")):
            self.assertIn(f"It needs a key that may {right}.\n", self.broker.ctl("help", *words))
        self.assertIn("a key that may act for documents and tasks, and one that may administer for the others", " ".join(self.broker.ctl("help", "apply").split()))
        self.assertNotIn("needs a key", self.broker.ctl("help", "agency", "list"))
        manual = self.broker.ctl("_manual")
        self.assertIn("It needs a key that may administer.", manual.split("*coordctl status*")[1].split("*coordctl")[0])
        # and it is true: the key of an agency that only acts
        self.broker.ctl("status", context=self.context_file(self.huyen_context), code=4)

    def test_what_is_missing_is_named_with_a_line_that_would_do(self):
        for words, said in ((("task", "assign", "--to", "so"), "needs --reference CODE, and --title TEXT"),
                            (("task", "assign", "--reference", "X", "--title", "x"), "needs --to AGENCY or --children-of AGENCY"),
                            (("task", "reject", "HT-1"), "for example: coordctl task reject HT-036 --note '"),
                            (("task", "show"), "for example: coordctl task show HT-036"), (("apply",), "coordctl apply -f programme.json"),
                            (("agency", "set", "x", "--parent"), "next: coordctl help agency set")):
            self.assertIn(said, self.broker.ctl(*words, code=2))

    def test_a_report_with_nothing_in_it_is_refused_with_what_would_be_one(self):
        self.assign()
        huyen = self.context_file(self.huyen_context)
        self.broker.ctl("task", "accept", "HT-1", context=huyen)
        before = self.broker.ctl_json("task", "show", "HT-1")["task"]["version"]
        for words in ((), ("--note", "")):
            said = self.broker.ctl("task", "report", "HT-1", *words, code=2, context=huyen)
            self.assertIn("missing_field: a report says how far the work is: give --percent, --value, --note or --evidence", said)
            self.assertIn("next: coordctl help task report", said)
        self.assertEqual(self.broker.ctl_json("task", "show", "HT-1")["task"]["version"], before)
        for words in (("--percent", "0"), ("--note", "x"), ("--evidence", "https://a.vn/1")):
            self.broker.ctl("task", "report", "HT-1", *words, context=huyen)

    def test_fields_of_the_wire_are_called_as_on_the_command_line(self):
        for words, code, said in (
                (("agency", "set", "so", "--valid-from", "2024-01-02", "--valid-until", "2024-01-01", "--backdated"), 2,
                 "--valid-until: It must be later than --valid-from."),
                (("agency", "set", "x y", "--name", "x"), 2, "AGENCY: "),
                (("agency", "set", "new"), 2, "--name: --name is required"),
                (("task", "assign", "--to", "no", "--reference", "X", "--title", "x"), 3, "--to: "),
                (("task", "assign", "--to", "so", "--reference", "X", "--title", "x", "--due", "soon"), 2, "--due: "),
                (("key", "set", "so", "--public-key", "x"), 2, "--public-key: ")):
            self.assertIn(said, self.broker.ctl(*words, code=code))
        # in a file they are called as the file calls them
        self.assertIn("agencies[0].agency: ", self.broker.ctl("apply", "-f", "-", text='{"agencies": [{"name": "x"}]}', code=2))
        # and a word of the user's own stays theirs
        self.assertIn("`title`", self.broker.ctl("task", "assign", "--to", "title", "--reference", "X", "--title", "x", code=3))

    def test_a_file_that_cannot_be_read_has_one_exit_status_and_one_that_cannot_be_written_another(self):
        nowhere = os.path.join(self.broker.directory, "no", "where")
        self.assign()
        self.admin.call("key_set", agency="huyen", key={"public_key": self.huyen_context["public_key"], "label": "x", "rights": ["act"]})
        for path in (nowhere, self.broker.directory):
            self.assertIn("--file: ", self.broker.ctl("apply", "-f", path, code=2))
            self.assertIn("--file: ", self.broker.ctl("calendar", "set", "-f", path, code=2))
            self.assertIn("--evidence: ", self.broker.ctl("task", "report", "HT-1", "--evidence", path, code=2))
        self.broker.ctl("key", "new", "so", "--label", "2", "--out", nowhere, code=8)

    def test_a_key_keeps_what_is_not_given(self):
        key = self.so_context["public_key"]
        self.broker.ctl("key", "set", "so", "--public-key", key, "--valid-until", "2099-01-01T00:00+07:00")
        self.broker.ctl("key", "set", "so", "--public-key", key, "--rights", "read")
        (owned,) = self.broker.ctl_json("key", "list", "--agency", "so")
        self.assertEqual(owned["key"], {"public_key": key, "label": "văn thư", "rights": ["read"],
                                        "valid_until": "2099-01-01T00:00:00+07:00"})

    def test_the_doctor_says_a_finding_once(self):
        path = os.path.join(self.broker.directory, "nowhere.context")
        said = self.broker.ctl("doctor", context=path, code=7)
        self.assertEqual(said.count(path), 1, said)


if __name__ == "__main__":
    unittest.main()
