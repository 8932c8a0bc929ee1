"""What people call things by: a task that went to several leads, an agency that has ended, a key by its label."""

from harness import Scenario


class References(Scenario):
    def setUp(self):
        super().setUp()
        self.admin.call("assign", reference="VP-12", leads=["huyen", "so"], content={"title": "Rà soát"})

    def test_a_task_of_several_leads_is_listed_by_its_reference(self):
        listed = self.broker.ctl_json("task", "list", "--reference", "VP-12")
        self.assertEqual([task["reference"] for task in listed], ["VP-12/huyen", "VP-12/so"])

    def test_a_name_that_may_be_several_tasks_is_refused_with_all_of_them(self):
        for name in ("VP-12", "tinh:VP-12"):
            told = self.broker.ctl("task", "show", name, code=2)
            self.assertIn(f"`{name}` may be any of 2 tasks; name one: tinh:VP-12/huyen, tinh:VP-12/so", told)
        told = self.broker.ctl("task", "comment", "VP-12", "--note", "Gấp", code=2)
        self.assertIn("name one: tinh:VP-12/huyen", told)

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
