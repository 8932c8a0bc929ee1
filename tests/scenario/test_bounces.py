"""A task that is passed from one agency to another: counted, shown, and past the policy's limit escalated at once."""
import json
import unittest

from standing_clock import StandingClock

LEVEL_3 = {"deadline": "completion", "offset": 10, "unit": "working_days", "does": "escalate", "level": 3,
           "to": ["lead", "assigner"], "agencies": ["tinh"]}


class Bouncing(StandingClock):
    """xa-1 and xa-2 under huyen under tinh, with so beside huyen."""

    tree = (("huyen", "tinh"), ("so", "tinh"), ("xa-1", "huyen"), ("xa-2", "huyen"))

    def give(self, **limits):
        self.admin.call("policy_set", policy={"policy": "p", "steps": [LEVEL_3], **limits})
        self.ctl("huyen", "task", "assign", "--to", "xa-1", "--reference", "CV-1", "--title", "Rà soát quỹ đất",
                 "--policy", "p", "--due", "2024-06-28")

    def pass_on(self, *leads):
        for lead in leads:
            self.ctl("huyen", "task", "reassign", "CV-1", "--to", lead, "--note", "Không thuộc chức năng")

    def shown(self, agency):
        return dict(line.split("\t", 1) for line in self.ctl(agency, "task", "show", "CV-1").splitlines() if "\t" in line)

    def test_each_time_past_the_limit_goes_up_with_the_whole_chain_and_is_acknowledged_like_any(self):
        self.give(bounces_max=2)
        self.pass_on("xa-2", "so")
        shown = self.shown("huyen")
        self.assertEqual((shown["bounces"], shown["led"]), ("2", "xa-1,xa-2"))
        self.assertEqual(json.loads(self.ctl("tinh", "escalation", "list", "--mine", "--json")), [])
        self.pass_on("xa-1")
        told = next(self.client(None).stream(start=0, notices=["escalated"]))
        self.assertEqual((told["record"], told["severity"], told["level"], told["bounces"]), ("rung", "critical", 3, 3))
        self.assertEqual(told["reason"], "CV-1 was passed on 3 times, and 2 is the most: xa-1 → xa-2 → so → xa-1.")
        self.assertEqual((sorted(told["to"]), sorted(told["addressed"])), (["huyen", "tinh", "xa-1"], ["huyen", "tinh"]))
        self.assertIn("escalated at level 3 to huyen, tinh (passed on 3 times)", self.ctl("huyen", "task", "history", "CV-1"))
        self.ctl("tinh", "escalation", "acknowledge", "CV-1", "--note", "Giao huyện chỉ rõ trách nhiệm")
        one, = self.client("huyen").call("task_get", task=1)["task"]["escalations"]
        self.assertEqual((one["acknowledged_by"], "step" in one, "by" in one), ("tinh", False, False))

    def test_without_a_limit_nothing_goes_up(self):
        self.give()
        self.pass_on("xa-2", "xa-1", "xa-2", "xa-1")
        task = self.client("huyen").call("task_get", task=1)["task"]
        self.assertEqual((task["bounces"], task["led"]), (4, ["xa-1", "xa-2", "xa-1", "xa-2"]))
        self.assertNotIn("escalations", task)

    def test_a_try_escalates_nothing_and_a_change_sent_twice_does_so_once(self):
        self.give(bounces_max=0, bounces_level=3)
        huyen = self.client("huyen")
        huyen.call("reassign", task=1, lead="so", note="x", dry_run=True)
        self.assertNotIn("bounces", huyen.call("task_get", task=1)["task"])
        for _ in range(2):
            huyen.call("reassign", task=1, lead="so", note="x", id="mot-lan")
        records = list(huyen.pages("task_history", task=1))
        self.assertEqual([one.get("bounces") for one in records], [1, 1, None])

    def test_a_limit_that_would_tell_nobody_is_refused_with_what_would_be_right(self):
        def set_policy(**limits):
            return self.admin.call("policy_set", policy={"policy": "p", "steps": [LEVEL_3], **limits})
        self.refused("bad_value", "policy.bounces_level", set_policy, bounces_max=2, bounces_level=1)
        self.refused("bad_value", "policy.bounces_level", set_policy, bounces_level=3)
        self.refused("out_of_range", "policy.bounces_max", set_policy, bounces_max=1001)
        set_policy(bounces_max=2)

    def test_a_page_for_people_says_the_way_that_it_went(self):
        self.give(bounces_max=1)
        self.pass_on("xa-2", "so")
        self.assertRegex(self.ctl("huyen", "task", "show", "CV-1", "--table"), r"passed on +2 times: xa-1 → xa-2 → so\n")
        self.assertRegex(self.ctl("tinh", "policy", "show", "p", "--table"),
                         r"bounces +passed on more than 1 time it is escalated, at level 3\n")


if __name__ == "__main__":
    unittest.main()
