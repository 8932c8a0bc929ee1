"""What people call things by: a task that went to several leads, an agency that has ended, a key by its label."""
import os
import subprocess

from harness import COORDCTL, Scenario


class References(Scenario):
    def setUp(self):
        super().setUp()
        self.admin.call("assign", reference="VP-12", leads=["huyen", "so"], content={"title": "Rà soát"})

    def test_a_task_of_several_leads_is_listed_by_its_reference(self):
        listed = self.broker.ctl_json("task", "list", "--reference", "VP-12")
        self.assertEqual([task["reference"] for task in listed], ["VP-12/huyen", "VP-12/so"])

    def told(self, *words, code=0, context=None):
        """What is said on standard error."""
        run = subprocess.run([COORDCTL, *words], capture_output=True, text=True, timeout=120, check=False,
                             env=dict(os.environ, COORD_CONTEXT=context or self.broker.admin))
        self.assertEqual(run.returncode, code, run.stderr)
        return run.stderr

    def test_a_task_that_takes_the_name_of_several_says_which_and_is_shown_with_them(self):
        new = ("task", "assign", "--to", "so", "--reference", "VP-12", "--title", "Thêm")
        self.assertIn("`VP-12` would name the new task alone from now on; these, which it named together, are named whole: "
                      "VP-12/huyen, VP-12/so", self.told(*new, "--dry-run"))
        self.assertEqual(self.told("task", "show", "VP-12/so"), "")
        self.assertIn("`VP-12` names the new task alone from now on; these, which it named together, are named whole: "
                      "VP-12/huyen, VP-12/so", self.told(*new))
        for words in ((), ("--json",)):
            self.assertIn("there are others beside it, named whole: VP-12/huyen, VP-12/so", self.told(*words, "task", "show", "VP-12"))
        self.assertEqual(self.told("task", "show", "@3"), "")
        # and it counts only what that agency gave, and what the reader may read
        own = self.context_file(self.so_context)
        self.assertIn("there is another task beside it, named whole: VP-12/so", self.told("task", "show", "tinh:VP-12", context=own))
        self.assertEqual(self.told("task", "assign", "--to", "so", "--reference", "VP-12", "--title", "Riêng", context=own), "")

    def test_tasks_of_several_leads_beside_one_of_the_same_reference_say_what_it_goes_on_meaning(self):
        self.admin.call("assign", reference="VP-13", leads=["so"], content={"title": "Một"})
        several = ("task", "assign", "--to", "so", "--to", "huyen", "--reference", "VP-13", "--title", "Nhiều")
        self.assertIn("`VP-13` names the task that has this very reference, as before; those of the several leads are named whole, "
                      "as VP-13/LEAD", self.told(*several))
        self.assertEqual(self.told("task", "assign", "--to", "so", "--reference", "VP-14", "--title", "x"), "")
        self.assertEqual(self.told("task", "assign", "--to", "so", "--to", "huyen", "--reference", "VP-15", "--title", "x"), "")

    def test_a_name_that_may_be_several_tasks_is_refused_with_all_of_them(self):
        for name in ("VP-12", "tinh:VP-12"):
            told = self.broker.ctl("task", "show", name, code=2)
            self.assertIn(f"`{name}` may be any of 2 tasks; name one: tinh:VP-12/huyen, tinh:VP-12/so", told)
        told = self.broker.ctl("task", "comment", "VP-12", "--note", "Gấp", code=2)
        self.assertIn("name one: tinh:VP-12/huyen", told)

    def test_a_reference_with_a_colon_is_not_taken_for_anothers(self):
        self.admin.call("assign", reference="tinh:5", leads=["so"], content={"title": "Một"})
        self.assertEqual(self.broker.ctl_json("task", "show", "tinh:5")["task"]["title"], "Một")
        other = self.admin.call("assign", reference="5", leads=["so"], content={"title": "Hai"})["tasks"][0]["task"]
        told = self.broker.ctl("task", "cancel", "tinh:5", "--note", "Thôi", code=2)
        self.assertIn(f"`tinh:5` may be a task of that reference or that of another's; name one: tinh:tinh:5, @{other}", told)
        self.assertEqual(self.broker.ctl_json("task", "show", "tinh:tinh:5")["task"]["title"], "Một")
        self.assertEqual(self.broker.ctl_json("task", "show", "5")["task"]["title"], "Hai")

    def test_one_that_leads_a_part_names_it_by_what_it_was_given(self):
        mine = self.context_file(self.so_context)
        for name in ("VP-12", "tinh:VP-12"):
            self.assertEqual(self.broker.ctl_json("task", "show", name, context=mine)["task"]["reference"], "VP-12/so")

    def test_more_tasks_than_a_line_holds_are_counted_and_listed_elsewhere(self):
        leads = [f"xa-{number:02}" for number in range(20)]
        for lead in leads:
            self.broker.agency(self.admin, lead)
        self.admin.call("assign", reference="Rà-soát", leads=leads, content={"title": "Rà soát"})
        told = self.broker.ctl("task", "show", "Rà-soát", code=2)
        self.assertIn("any of 20 tasks; name one: tinh:Rà-soát/xa-00, ", told)
        self.assertIn("next: coordctl task list --reference Rà-soát", told)


class Keys(Scenario):
    def test_a_key_is_changed_by_what_people_call_it(self):
        self.assertEqual(self.broker.ctl("key", "set", "so:văn thư", "--rights", "act,administer", "--label", "trưởng phòng"),
                         "set\n")
        key = self.broker.ctl_json("key", "list", "--agency", "so")[0]["key"]
        self.assertEqual((key["label"], key["rights"]), ("trưởng phòng", ["act", "administer"]))
        self.assertIn("so:LABEL", self.broker.ctl("key", "set", "so", "--label", "x", code=2))
        self.broker.ctl("key", "set", "so:văn thư", "--label", "x", code=3)

    def test_a_revoked_key_is_not_added_again_but_made_anew(self):
        public = self.so_context["public_key"]
        self.broker.ctl("key", "revoke", "so:văn thư")
        told = self.broker.ctl("key", "set", "so", "--public-key", public, "--label", "x", "--rights", "act", code=5)
        self.assertIn("next: coordctl help key new  # which makes a new one", told)


class Lists(Scenario):
    def test_what_may_be_given_again_may_stand_between_commas(self):
        self.broker.ctl("task", "assign", "--to", "huyen,so", "--reference", "VP-1", "--title", "Rà soát")
        listed = self.broker.ctl_json("task", "list", "--states", "assigned,accepted", "--roles", "lead", "--agency", "so")
        self.assertEqual([task["reference"] for task in listed], ["VP-1/so"])
        self.assertIn("cannot be `nothing`", self.broker.ctl("task", "list", "--states", "assigned,nothing", code=2))

    def test_the_officer_stands_in_the_history(self):
        self.broker.ctl("task", "assign", "--to", "so", "--reference", "VP-1", "--title", "Rà soát", "--officer", "Trần Văn Bình")
        self.assertIn("tinh (Trần Văn Bình)", self.broker.ctl("task", "history", "VP-1"))

    def test_what_lies_ahead_says_by_whose_clock(self):
        self.assign("so", "VP-1", due="5wd", reporting="weekly")
        self.assertIn("What lies ahead, by this machine's clock (UTC+07:00):", self.broker.ctl("task", "show", "VP-1", "--table"))

    def test_a_count_to_a_minute_keeps_it(self):
        self.assertIn("2024-06-13 16:30", self.broker.ctl("calendar", "count", "2024-06-12", "2024-06-13T16:30", "--table"))
