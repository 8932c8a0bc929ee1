"""Targets of the Ham Tan programme: a value each week or month, against a plan, through coordctl and through a client."""
import json
import unittest

from standing_clock import StandingClock
from screen import Screen


class Targets(StandingClock):
    """It is Monday 2024-06-10, in the week 2024-W24. vpdk answers for late land records, p-tckh for what the budget takes in."""

    tree = (("ubh", "tinh"), ("vpdk", "ubh"), ("p-tckh", "ubh"), ("so-tc", "tinh"))
    screen = Screen.screen

    def late_records(self, *words):
        """HT-036: the fewer the better, of all records of the week."""
        self.ctl("ubh", "task", "assign", "--reference", "HT-036", "--to", "vpdk", "--kind", "target", "--title",
                 "Giảm tỷ lệ hồ sơ đất đai trễ hạn", "--unit", "%", "--target", "5", "--reporting", "weekly", "--due",
                 "2024-06-28", "--better", "less", "--per", "100", "--plan", "2024-W24=9", "--plan", "2024-W25=7",
                 "--plan", "2024-W26=5", *words)
        self.ctl("vpdk", "task", "accept", "ubh:HT-036")

    def report(self, numerator, denominator, *words, **more):
        return self.ctl("vpdk", "target", "report", "ubh:HT-036", "--numerator", str(numerator), "--denominator",
                        str(denominator), *words, **more)

    def task(self, agency="ubh", reference="HT-036"):
        return self.client(agency).call("task_get", reference=reference, assigner="ubh")["task"]

    def target(self, reference="HT-036"):
        return self.client("ubh").call("target_get", reference=reference)

    def test_a_rate_is_reported_week_by_week_and_comes_to_something(self):
        self.late_records()
        self.assertIn("the value of 2024-W24 is owed by 2024-06-17: coordctl target report HT-036 --numerator NUMBER",
                      self.ctl("vpdk", "inbox"))
        self.report(48, 400, "--note", "Tuần đầu")
        self.assertEqual((self.task()["value"], self.task()["value_owed"]), (12, "2024-W25"))
        self.later("2024-06-18T08:00")
        self.report(34, 400)
        shown = self.target()
        self.assertEqual(
            [(period["period"], period.get("value"), period.get("met")) for period in shown["series"]],
            [("2024-W24", 12, False), ("2024-W25", 8.5, False), ("2024-W26", None, None)])
        target = shown["target"]
        self.assertEqual((target["trend"], target["forecast"], target["will_be_met"]), (-3.5, 5, True))
        self.assertEqual((target["latest"], target["deviation"], target["met"]), ("2024-W25", 1.5, False))
        piped = self.ctl("ubh", "target", "show", "HT-036")
        self.assertIn("period\t2024-W25\t8.5, plan 7 (+1.5, not met)\n", piped)
        self.assertIn("period\t2024-W26\tto come, plan 5\n", piped)

    def test_a_page_says_that_a_target_is_accepted_before_a_value_is_reported(self):
        self.ctl("ubh", "task", "assign", "--reference", "HT-037", "--to", "vpdk", "--kind", "target", "--title", "Thu ngân sách",
                 "--target", "5", "--reporting", "weekly", "--due", "2024-06-28", "--policy", "none", "--better", "more",
                 "--plan", "2024-W24=3")
        accepts = "The lead accepts it first, with: coordctl task accept HT-037"
        self.assertIn(accepts, self.screen("target", "show", "HT-037", context=self.files["vpdk"]))
        said = self.ctl("vpdk", "target", "report", "HT-037", "--value", "1", code=5)
        self.assertIn("next: coordctl task show HT-037  # what may be done now: work goes on with what was accepted, and is neither suspended nor closed", said)
        self.ctl("vpdk", "task", "accept", "HT-037")
        self.assertNotIn("accepts it first", self.screen("target", "show", "HT-037", context=self.files["vpdk"]))
        self.ctl("vpdk", "target", "report", "HT-037", "--value", "1")

    def test_what_is_missing_is_told_and_comes_first(self):
        self.late_records("--policy", "directive")
        self.ctl("vpdk", "task", "report", "ubh:HT-036", "--note", "Đang rà soát")  # words are no value
        self.later("2024-06-19T08:00")
        self.assertEqual(self.task()["value_missing"], "2024-W24")
        records = self.client("ubh").call("task_history", task=1)["records"]
        self.assertEqual([record["value_missing"] for record in records if "value_missing" in record], ["2024-W24"])
        self.assertIn("the value of 2024-W24 is missing: coordctl target report", self.ctl("vpdk", "inbox"))
        self.refused("period_wrong", "period", self.client("vpdk").call, "report", task=1, period="2024-W25",
                     numerator=1, denominator=2)
        said = self.report(1, 2, "--of", "2024-W25", code=2)
        self.assertIn("The value of 2024-W24 is missing: report that first", said)
        self.report(36, 400)
        self.assertNotIn("value_missing", self.task())
        self.report(30, 400)
        self.assertEqual(self.task()["value_owed"], "2024-W26")

    def test_what_went_by_without_a_value_stays_named(self):
        self.late_records("--policy", "directive")
        self.later("2024-07-09T08:00")
        periods = ["2024-W24", "2024-W25", "2024-W26", "2024-W27"]
        self.assertEqual((self.task()["value_missing"], self.task()["values_missing"]), ("2024-W27", periods))
        said = self.ctl("vpdk", "inbox")
        self.assertIn("the value of 2024-W27 is missing: coordctl target report", said)
        self.assertIn("; missing besides, each with --of: 2024-W24, 2024-W25, 2024-W26", said)
        self.report(36, 400)
        self.report(30, 400, "--of", "2024-W25")
        self.assertEqual((self.task().get("value_missing"), self.task()["values_missing"]), (None, ["2024-W24", "2024-W26"]))
        self.assertIn("; missing, each with --of: 2024-W24, 2024-W26", self.ctl("vpdk", "inbox"))
        shown = self.screen("target", "show", "HT-036", context=self.files["vpdk"])
        self.assertRegex(shown, r"missing +2024-W24, 2024-W26\n")
        self.assertIn("The value of any other that is missing with: coordctl target report HT-036 --of 2024-W24 --numerator", shown)

    def test_a_correction_is_on_record_and_survives_a_crash(self):
        self.late_records()
        self.assertRegex(self.report(48, 400), r"\t12 in 2024-W24\n$")
        due = self.task()["report_due"]
        tried = self.report(40, 400, "--dry-run")
        self.assertRegex(tried, r"\t10 in 2024-W24, which was 12\twould be\n$")
        self.assertRegex(self.report(40, 400, "--of", "2024-W24"), r"\t10 in 2024-W24, which was 12\n$")
        (record,) = self.client("ubh").call("task_history", task=1, limit=1)["records"]
        self.assertEqual(record["measured"], {"period": "2024-W24", "value": 10, "numerator": 40, "denominator": 400,
                                              "was": 12})
        self.assertEqual(record["reason"], "vpdk reported on HT-036: 10 in 2024-W24, which was 12.")
        self.assertIn("reported: 10 in 2024-W24, which was 12", self.ctl("ubh", "task", "history", "HT-036"))
        self.broker.restart(9)
        self.assertEqual((self.task()["value"], self.task()["report_due"], len(self.task()["values"])), (10, due, 1))
        vpdk = self.client("vpdk")
        for _ in range(2):  # sent once more, it is answered as it was
            (changed,) = vpdk.call("report", id="sua-W24", task=1, period="2024-W24", numerator=36, denominator=400)["tasks"]
            self.assertEqual(changed["measured"], {"period": "2024-W24", "value": 9, "numerator": 36, "denominator": 400,
                                                   "was": 10})

    def test_what_has_no_values_is_measured_no_longer_when_that_is_taken_away(self):
        self.late_records()
        self.ctl("ubh", "task", "amend", "HT-036", "--clear", "indicator")
        task = self.task()
        self.assertEqual([name for name in ("indicator", "plan", "value_owed") if name in task], [])
        self.assertIn("amended it: no indicator", self.ctl("ubh", "task", "history", "HT-036"))
        self.refused("no_indicator", "reference", self.client("ubh").call, "target_get", reference="HT-036")
        self.ctl("ubh", "target", "set", "HT-036", "--better", "less", "--plan", "2024-W24=9")
        self.ctl("vpdk", "target", "report", "ubh:HT-036", "--value", "8")
        self.refused("series_begun", "clear", self.client("ubh").call, "amend", task=1, content={}, clear=["indicator"])
        self.assertIn("It has values", self.ctl("ubh", "task", "amend", "HT-036", "--clear", "indicator", code=5))

    # ---- on the leaders' page ----

    def give(self, reference, lead, *words):
        self.ctl("ubh", "task", "assign", "--reference", reference, "--to", lead, "--kind", "target", "--title", "Chỉ tiêu",
                 "--reporting", "monthly", *words)
        self.ctl(lead, "task", "accept", "ubh:" + reference)

    def test_the_leaders_page_counts_which_are_met_on_the_way_and_without_a_value(self):
        self.late_records()  # to be 5 % at most by 2024-06-28
        self.give("HT-055", "p-tckh", "--target", "120", "--counting", "amount", "--due", "2024-12-13", "--plan", "2024-06=10")
        self.give("HT-056", "p-tckh", "--target", "3", "--due", "2024-06-21")  # never measured: the more the better
        self.give("HT-057", "p-tckh", "--due", "2024-06-14")  # without a figure: when it is over, neither
        self.report(16, 400)
        self.ctl("p-tckh", "target", "report", "ubh:HT-055", "--value", "9")
        none = dict.fromkeys(("met", "not_met", "on_the_way", "behind", "value_missed"), 0)
        report = json.loads(self.ctl("ubh", "report", "--json"))
        self.assertEqual(report["targets"], {"vpdk": dict(none, on_the_way=1), "p-tckh": dict(none, on_the_way=3, behind=1)})
        self.later("2024-06-25T08:00")  # of the week before there is no value, HT-056 and HT-057 are over
        self.assertEqual(json.loads(self.ctl("ubh", "report", "--json"))["targets"],
                         {"vpdk": dict(none, value_missed=1), "p-tckh": dict(none, not_met=1, on_the_way=1, behind=1)})
        piped = self.ctl("ubh", "report").splitlines()
        self.assertEqual([line for line in piped if line.startswith("targets ")],
                         ["targets of vpdk\t0\t0\t0\t0\t1", "targets of p-tckh\t0\t1\t1\t1\t0", "targets in all\t0\t1\t1\t1\t1"])
        self.report(16, 400)
        self.ctl("vpdk", "task", "submit", "ubh:HT-036")
        self.ctl("ubh", "task", "cancel", "HT-056", "--note", "Trùng")
        self.assertEqual(json.loads(self.ctl("ubh", "report", "--json"))["targets"],
                         {"vpdk": dict(none, met=1), "p-tckh": dict(none, on_the_way=1, behind=1)})
        self.assertEqual(json.loads(self.ctl("so-tc", "report", "--json"))["targets"], {})
        self.assertNotIn("targets", self.ctl("so-tc", "report"))
        shown = self.screen("report", context=self.files["ubh"])
        self.assertRegex(shown, r"TARGETS +MET +NOT MET +ON THE WAY +OF THESE BEHIND +VALUE MISSED\n")
        self.assertRegex(shown, r"\ntargets in all +1 +0 +1 +1 +0\n")

    def test_amounts_add_up_and_the_list_says_who_is_behind(self):
        self.ctl("ubh", "task", "assign", "--reference", "HT-055", "--to", "p-tckh", "--kind", "target", "--title",
                 "Thu ngân sách so với dự toán giao", "--due", "2024-12-13", "--reporting", "monthly")
        self.ctl("ubh", "target", "set", "HT-055", "--counting", "amount", "--unit", "tỷ đồng", "--target", "120",
                 "--plan", "2024-06=10", "--plan", "2024-07=20")
        self.ctl("p-tckh", "task", "accept", "ubh:HT-055")
        self.ctl("p-tckh", "target", "report", "ubh:HT-055", "--value", "12.4")
        self.assertEqual(self.ctl("ubh", "target", "list", "--behind"), "")
        self.later("2024-07-08T08:00")
        self.ctl("p-tckh", "target", "report", "ubh:HT-055", "--value", "9.1", "--of", "2024-07")
        self.assertEqual(self.task(reference="HT-055")["value"], 21.5)
        (line,) = self.ctl("ubh", "target", "list", "--behind").splitlines()
        self.assertEqual(line.split("\t")[:10], ["HT-055", "Thu ngân sách so với dự toán giao", "p-tckh", "2024-07", "9.1",
                                                 "20", "no", "120", "75.25", "no"])
        (listed,) = self.client("ubh").pages("target_list", agency="p-tckh")
        self.assertEqual((listed["reached"], listed["unit"]), (21.5, "tỷ đồng"))
        self.assertEqual(list(self.client("so-tc").pages("target_list")), [])
        # What is given of the indicator changes, and the rest stays; a plan is given anew.
        self.ctl("ubh", "target", "set", "HT-055", "--better", "more", "--plan", "2024-12=120")
        task = self.task(reference="HT-055")
        self.assertEqual((task["indicator"], task["plan"]), ({"better": "more", "counting": "amount"},
                                                             [{"period": "2024-12", "value": 120}]))
        self.refused("series_begun", "content.reporting", self.client("ubh").call, "amend", task=1,
                     content={"reporting": "quarterly"})

    def test_on_a_terminal_the_values_stand_against_the_plan(self):
        self.late_records()
        self.report(36, 400)
        shown = self.screen("target", "show", "HT-036", context=self.files["ubh"])
        self.assertIn("2024-W24   ##############################| 9, plan 9 (0, met)", shown)
        self.assertIn("newest             9 % in 2024-W24", shown)
        self.assertIn("measured           less is better, each value is what is reached, a rate to each 100",
                      self.screen("task", "show", "HT-036", context=self.files["ubh"]))

    def test_what_a_target_cannot_be_is_refused_by_name(self):
        ubh = self.client("ubh")
        content = {"title": "Chỉ tiêu", "kind": "target", "reporting": "monthly", "indicator": {}}
        for field, error, change in (("content.indicator", "bad_value", {"kind": "directive"}),
                                     ("content.reporting", "missing_field", {"reporting": None}),
                                     ("content.plan[0].period", "period_wrong",
                                      {"plan": [{"period": "2024-Q2", "value": 1}]}),
                                     ("content.plan[0].value", "bad_value",
                                      {"plan": [{"period": "2024-06", "value": 0.0001}]})):
            self.refused(error, field, ubh.call, "assign", reference="A-1", leads=["vpdk"], content={**content, **change})
        ubh.call("assign", reference="A-1", leads=["vpdk"], content={"title": "Việc", "due": "2024-06-28"})
        self.refused("no_indicator", "reference", ubh.call, "target_get", reference="A-1")
        self.client("vpdk").call("accept", task=1)
        self.refused("no_indicator", "period", self.client("vpdk").call, "report", task=1, period="2024-06", value=1)


if __name__ == "__main__":
    unittest.main()
