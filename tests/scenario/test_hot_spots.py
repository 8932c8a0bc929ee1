"""Hot spots: a rule names a place and how much late in it is too much; whom it names is told, once, and once when it is over."""
import json
import unittest

from standing_clock import StandingClock
from coord import CoordError


class HotSpots(StandingClock):
    """xa-1 and xa-2 under huyen under tinh, with so beside huyen."""

    tree = (("huyen", "tinh"), ("so", "tinh"), ("xa-1", "huyen"), ("xa-2", "huyen"))

    def give(self, reference, lead, *more, area="land"):
        self.ctl("huyen", "task", "assign", "--to", lead, "--reference", reference, "--title", "Rà soát quỹ đất",
                 "--area", area, "--due", "2024-06-28", "--policy", "none", *more)

    def shown(self, agency, rule):
        return json.loads(self.ctl(agency, "hot-spot", "show", rule, "--json"))

    def told(self, agency, count, *notices):
        """All of these that it was told by now, once so many have come: they are counted at a tick."""
        stream = self.client(agency).stream(start=0, notices=notices)
        for _ in range(count):
            next(stream)
        return [record for record in self.told_by_now(self.client(agency), agency) if record["notice"] in notices]

    def test_two_that_are_overdue_raise_one_hot_spot_and_one_that_is_handed_in_clears_it(self):
        self.ctl("tinh", "hot-spot", "set", "dat-dai", "--area", "land", "--agency", "huyen", "--count", "2",
                 "--to", "huyen", "--to", "so")
        self.give("CV-1", "xa-1")
        self.give("CV-2", "xa-2")
        self.give("CV-3", "xa-2", area="schools")
        self.assertEqual(self.shown("huyen", "dat-dai")["count"], 0)
        self.later("2024-07-01T09:00")
        shown = self.shown("huyen", "dat-dai")
        self.assertEqual((shown["count"], [one["reference"] for one in shown["tasks"]]), (2, ["CV-1", "CV-2"]))
        self.assertIn("raised", shown)
        told, = self.told("huyen", 1, "hot_spot")
        self.assertEqual((told["record"], told["severity"], told["hot_spot"]["count"]), ("hot_spot", "critical", 2))
        self.assertEqual([one["reference"] for one in told["hot_spot"]["tasks"]], ["CV-1", "CV-2"])
        other, = self.told("so", 1, "hot_spot")  # it may read neither
        self.assertEqual((other["hot_spot"]["count"], "tasks" in other["hot_spot"]), (2, False))
        self.assertEqual(self.shown("so", "dat-dai").get("tasks", []), [])
        self.ctl("xa-1", "task", "accept", "CV-1")
        self.ctl("xa-1", "task", "submit", "CV-1")
        cleared, = self.told("so", 1, "hot_spot_cleared")
        self.assertEqual((cleared["hot_spot"]["count"], sorted(cleared["to"])), (1, ["huyen", "so"]))
        self.broker.restart()
        self.assertEqual(len(self.told("huyen", 2, "hot_spot", "hot_spot_cleared")), 2)  # nothing of it comes again

    def test_an_agency_s_rule_counts_what_that_may_read_and_is_raised_once_an_hour(self):
        self.ctl("huyen", "hot-spot", "set", "cua-huyen", "--agency", "xa-1", "--count", "1", "--to", "huyen")
        said = self.refused("not_authorised", "rule.rule", self.client("so").call, "hot_spot_set",
                            rule={"rule": "cua-huyen", "agency": "so", "tasks": 1, "to": ["so"]})
        self.assertNotIn("huyen", str(said).replace("cua-huyen", ""))
        self.ctl("tinh", "task", "assign", "--to", "xa-1", "--reference", "MAT-1", "--title", "Việc mật", "--scope", "restricted",
                 "--due", "2024-06-28", "--policy", "none")
        self.later("2024-07-01T09:00")
        self.assertEqual(self.shown("huyen", "cua-huyen")["count"], 0)
        self.ctl("tinh", "task", "amend", "MAT-1", "--observers", "huyen")
        self.client("huyen").call("hot_spot_get", rule="cua-huyen")
        task = self.admin.call("task_get", reference="MAT-1")["task"]["task"]
        self.client("xa-1").call("accept", task=task)
        for _ in range(3):
            self.client("xa-1").call("submit", task=task, note="Xong")
            self.admin.call("reject", task=task, note="Chưa đạt")
        self.assertEqual([one["notice"] for one in self.told("huyen", 2, "hot_spot", "hot_spot_cleared")], ["hot_spot", "hot_spot_cleared"])
        self.later("2024-07-01T10:30")
        self.assertEqual([one["notice"] for one in self.told("huyen", 3, "hot_spot", "hot_spot_cleared")],
                         ["hot_spot", "hot_spot_cleared", "hot_spot"])

    def test_pages_for_people_say_how_it_stands_and_the_inbox_that_it_is_raised(self):
        self.ctl("tinh", "hot-spot", "set", "dat-dai", "--area", "land", "--count", "1", "--to", "huyen")
        self.give("CV-1", "xa-1")
        self.assertRegex(self.ctl("huyen", "hot-spot", "show", "dat-dai", "--table"), r"stands +no hot spot: 0 of 1\n")
        self.assertIn("No task is late or escalated there.", self.ctl("huyen", "hot-spot", "show", "dat-dai", "--table"))
        self.assertEqual(self.ctl("huyen", "_complete", "hot-spot", "show", "d"), "dat-dai\n")
        self.assertEqual(self.ctl("xa-1", "_complete", "hot-spot", "show", ""), "")
        self.assertIn("did you mean dat-dai?", self.ctl("huyen", "hot-spot", "show", "dat-da", code=3))
        self.later("2024-07-01T09:00")
        page = self.ctl("huyen", "hot-spot", "show", "dat-dai", "--table")
        self.assertRegex(page, r"stands +a hot spot since 2024-07-01 .*: 1 of 1\n")
        self.assertRegex(page, r"CV-1 +xa-1 +overdue")
        self.assertIn("A hot spot, 1 task: coordctl hot-spot show dat-dai", self.ctl("huyen", "inbox", "--table"))
        self.assertIn("\thot spot, 1 task: coordctl hot-spot show dat-dai\n", self.ctl("huyen", "inbox"))
        spot, = [item for item in json.loads(self.ctl("huyen", "inbox", "--json")) if "rule" in item]
        self.assertEqual((spot["rule"]["rule"], spot["count"]), ("dat-dai", 1))
        self.ctl("tinh", "agency", "stand-in", "huyen", "so", "--from", "2024-07-01", "--until", "2024-07-05")
        said = self.ctl("so", "inbox", "--table")
        self.assertIn("A hot spot, 1 task, for huyen: coordctl --for huyen hot-spot show dat-dai", said)
        self.assertIn("A hot spot, 1 task: coordctl --for huyen hot-spot show dat-dai", self.ctl("so", "inbox", "--table", "--for", "huyen"))
        self.ctl("so", "hot-spot", "show", "dat-dai", "--for", "huyen")
        spot, = [item for item in json.loads(self.ctl("so", "inbox", "--json")) if "rule" in item]
        self.assertEqual(spot["stands_in_for"], "huyen")
        self.assertRegex(self.ctl("huyen", "hot-spot", "list", "--table"), r"dat-dai +2024-07-01")
        self.assertEqual(json.loads(self.ctl("xa-1", "hot-spot", "list", "--json")), [])

    def test_an_agency_sets_and_removes_rules_for_what_is_under_it(self):
        self.ctl("huyen", "hot-spot", "set", "cua-huyen", "--agency", "xa-1", "--count", "3", "--to", "huyen", "--dry-run")
        self.assertEqual(json.loads(self.ctl("huyen", "hot-spot", "list", "--json")), [])
        self.ctl("huyen", "hot-spot", "set", "cua-huyen", "--agency", "xa-1", "--count", "3", "--to", "huyen")
        one, = self.client("huyen").call("hot_spot_list")["hot_spots"]
        self.assertEqual((one["rule"]["by"], one["rule"]["tasks"], one["count"]), ("huyen", 3, 0))
        huyen, xa = self.client("huyen"), self.client("xa-1")
        rule = {"rule": "r", "agency": "so", "tasks": 1, "to": ["huyen"]}
        self.refused("not_authorised", "rule.agency", huyen.call, "hot_spot_set", rule=rule)
        self.refused("not_authorised", "rule.to[0]", huyen.call, "hot_spot_set", rule=dict(rule, agency="xa-1", to=["so"]))
        self.refused("missing_field", "rule.agency", self.admin.call, "hot_spot_set", rule={"rule": "r", "tasks": 1, "to": ["so"]})
        self.refused("not_authorised", "rule", xa.call, "hot_spot_remove", rule="cua-huyen")
        self.refused("hot_spot_unknown", "rule", self.client("so").call, "hot_spot_get", rule="cua-huyen")
        self.refused("out_of_range", "rule.tasks", huyen.call, "hot_spot_set", rule=dict(rule, tasks=0))
        self.ctl("huyen", "hot-spot", "remove", "cua-huyen")
        self.assertIn("hot_spot_unknown", self.ctl("huyen", "hot-spot", "remove", "cua-huyen", code=3))

    def test_a_key_that_may_only_read_sets_none(self):
        reading = self.broker.agency(self.admin, "doc", "tinh", rights=["read"])
        with self.assertRaises(CoordError) as refused:
            self.broker.client(reading).call("hot_spot_set", rule={"rule": "r", "agency": "doc", "tasks": 1, "to": ["doc"]})
        self.assertEqual(refused.exception.name, "right_missing")


if __name__ == "__main__":
    unittest.main()
