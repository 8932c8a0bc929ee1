"""Recurring tasks: one a period, once, whatever becomes of the broker; and what cannot be made is told."""
import unittest

from standing_clock import StandingClock

WEEKLY = {"title": "Báo cáo tuần", "kind": "report", "due": "4wd"}


class Recurring(StandingClock):
    """It is Monday 2024-06-10, in the week 2024-W24."""

    tree = (("huyen", "tinh"), ("xa", "huyen"), ("xa-2", "huyen"))

    def weekly(self, id="BC-tuan", *words):
        return self.ctl("huyen", "schedule", "set", id, "--period", "weekly", "--to", "xa", "--title", "Báo cáo tuần",
                        "--kind", "report", "--due", "4wd", *words)

    def references(self, agency="xa"):
        return [task["reference"] for task in self.client(agency).pages("task_list")]

    def heard(self, agency, notice, count):
        stream = self.client(agency).stream(start=0, notices=[notice])
        return [next(stream) for _ in range(count)]

    def periods(self, id="BC-tuan"):
        return self.client("huyen").call("schedule_get", schedule=id)["schedule"]["periods"]

    def test_a_task_comes_each_week_and_each_once_across_restarts_and_crashes(self):
        said = self.weekly()
        self.assertIn("set\n", said)
        self.assertIn("ahead\t2024-06-17\tBC-tuan/2024-W25 is given to 1 lead: each week begins on Monday; due 4wd from "
                      "that day.", said)
        self.assertEqual(self.references(), [])
        self.later("2024-06-17T08:00")
        (record,) = self.heard("xa", "assigned", 1)
        self.assertEqual((record["reference"], record["due_day"]), ("BC-tuan/2024-W25", "2024-06-21"))
        self.assertEqual(record["scheduled"], {"schedule": "BC-tuan", "assigner": "huyen", "number": 1,
                                               "period": "2024-W25", "begin": "2024-06-17"})
        self.assertNotIn("actor", record)
        self.broker.restart(9)
        self.broker.restart()
        self.later("2024-06-24T08:00")
        self.heard("xa", "assigned", 2)
        self.assertEqual(self.references(), ["BC-tuan/2024-W25", "BC-tuan/2024-W26"])
        self.assertEqual(self.periods(), 2)
        self.assertIn("gave it to xa by schedule BC-tuan", self.ctl("xa", "task", "history", "huyen:BC-tuan/2024-W25"))

    def test_what_was_missed_is_made_as_the_schedule_says(self):
        for catchup in ("fire", "merge", "record"):
            self.weekly(catchup, "--catchup", catchup)
        self.later("2024-06-27T08:00")
        self.heard("xa", "assigned", 3)
        for catchup in ("fire", "merge", "record"):
            self.assertEqual(self.periods(catchup), 2)
        self.assertEqual(sorted(self.references()), ["fire/2024-W25", "fire/2024-W26", "merge/2024-W26"])

    def test_it_ends_with_its_count_or_when_it_is_ended(self):
        self.weekly("A", "--count", "1")
        self.weekly("B")
        self.assertEqual(self.ctl("huyen", "schedule", "end", "B", "--note", "Không cần nữa"), "ended\n")
        self.assertEqual(self.ctl("huyen", "schedule", "end", "B"), "unchanged\n")
        self.later("2024-06-17T08:00")
        self.heard("xa", "assigned", 1)
        self.assertEqual(self.ctl("huyen", "schedule", "list"), "")
        listed = [line.split("\t")[:4] for line in self.ctl("huyen", "schedule", "list", "--closed").splitlines()]
        self.assertEqual(listed, [["A", "Báo cáo tuần", "weekly", ""], ["B", "Báo cáo tuần", "weekly", ""]])
        self.assertIn("ahead\t\tIt has ended, after 1 periods.", self.ctl("huyen", "schedule", "show", "A"))
        self.assertEqual(self.references(), ["A/2024-W25"])

    def test_what_cannot_be_made_is_told_and_the_next_is_tried(self):
        self.weekly("BC-tuan", "--from", "2024-06-10")
        (first,) = self.heard("xa", "assigned", 1)
        self.assertEqual(first["reference"], "BC-tuan/2024-W24")
        xa = {"agency": "xa", "name": "Xã", "parent": "huyen", "valid_until": 1}
        self.admin.call("agency_set", agency=xa)
        self.assertIn("cannot be made then, as things stand: xa has ended", self.ctl("huyen", "schedule", "show", "BC-tuan"))
        self.later("2024-06-17T08:00")
        (told,) = self.heard("huyen", "cancelled", 1)
        self.assertEqual((told["scheduled"]["error"], told["scheduled"]["field"], told["severity"], told["to"]),
                         ("not_assignable", "leads[0]", "warning", ["huyen"]))
        self.assertIn("BC-tuan/2024-W25 could not be made: xa has ended", told["reason"])
        self.assertIn("BC-tuan/2024-W25 could not be made", self.ctl("huyen", "schedule", "list"))
        admin = self.client(None)
        admin.call("agency_set", agency=dict(xa, successor="xa-2"))
        self.later("2024-06-24T08:00")
        self.heard("xa-2", "assigned", 1)
        self.assertIn("BC-tuan/2024-W26", self.references("xa-2"))

    def test_it_is_taken_over_by_whoever_takes_its_agencys_place(self):
        self.weekly()
        self.admin.call("agency_set", agency={"agency": "huyen", "name": "Huyện", "parent": "tinh", "valid_until": 1,
                                              "successor": "xa-2"})
        self.later("2024-06-17T08:00")
        (record,) = self.heard("xa", "assigned", 1)
        self.assertEqual(record["assigner"], "xa-2")
        self.assertEqual(self.client("xa-2").call("schedule_get", schedule="BC-tuan")["schedule"]["assigner"], "xa-2")
        self.assertEqual(self.ctl("xa-2", "schedule", "end", "BC-tuan", "--assigner", "huyen"), "ended\n")

    def test_it_is_refused_what_cannot_be_and_shown_to_nobody_else(self):
        huyen, xa = self.client("huyen"), self.client("xa")
        schedule = {"schedule": "BC", "period": "monthly", "leads": ["xa"], "content": WEEKLY}

        def refused(error, field, **more):
            self.refused(error, field, huyen.call, "schedule_set", schedule={**schedule, **more})
        refused("bad_date", "schedule.content.due", content=dict(WEEKLY, due="2024-06-28"))
        refused("bad_value", "schedule.due_at_end", due_at_end=True)
        refused("bad_value", "schedule.from", **{"from": "2024-05-31"})
        refused("bad_value", "schedule.until", until="2024-06-30")
        refused("agency_unknown", "schedule.leads[0]", leads=["nobody"])
        refused("calendar_unknown", "schedule.calendar", calendar="nobody")
        refused("bad_date", "schedule.from", **{"from": "2100-01-01"})
        tried = huyen.call("schedule_set", schedule=schedule, dry_run=True)
        self.assertTrue(tried["dry_run"])
        self.refused("schedule_unknown", "schedule", huyen.call, "schedule_get", schedule="BC")
        huyen.call("schedule_set", schedule=schedule)
        self.refused("schedule_unknown", "schedule", xa.call, "schedule_get", schedule="BC")
        self.refused("schedule_unknown", "schedule", xa.call, "schedule_end", schedule="BC", assigner="huyen")
        self.assertEqual(list(xa.pages("schedule_list")), [])
        self.assertEqual([found["next"] for found in huyen.pages("schedule_list")], ["2024-07-01"])
        self.assertIn("next: coordctl schedule list --closed", self.ctl("huyen", "schedule", "show", "không", code=3))

    def test_a_quarter_ends_with_its_last_day(self):
        self.ctl("huyen", "schedule", "set", "BC-quy", "--period", "quarterly", "--to", "xa,xa-2", "--title",
                 "Báo cáo quý", "--due", "end", "--from", "2024-06-10")
        self.heard("xa", "assigned", 1)
        shown = [(task["reference"], task["due_day"]) for task in self.client("huyen").pages("task_list")]
        self.assertEqual(shown, [("BC-quy/2024-Q2/xa", "2024-07-01"),
                                 ("BC-quy/2024-Q2/xa-2", "2024-07-01")])  # 2024-06-30 is a Sunday


if __name__ == "__main__":
    unittest.main()
