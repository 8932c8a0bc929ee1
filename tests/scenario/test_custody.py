"""Whose clock ran, what for, and how long: from a task that is pushed around, by coordctl and by a client."""
import json
import os
import unittest

from standing_clock import StandingClock

HOUR = 3600000


def hours(worked):
    """The broker's clock goes on by some ms while a test acts."""
    return round(worked / HOUR, 2)


def rounded(tally):
    return {name: hours(value) if isinstance(value, int) and value > 1000 else value for name, value in tally.items()}


class Custody(StandingClock):
    """xa and phong under huyen under tinh."""

    tree = (("huyen", "tinh"), ("xa", "huyen"), ("phong", "huyen"))

    def pushed_around(self):
        """Monday 9:00 xa; Tuesday 9:00 phong; Wednesday 9:00 xa again, which accepts and submits."""
        self.ctl("huyen", "task", "assign", "--to", "xa", "--reference", "VP-1", "--title", "Rà soát hồ sơ đất công")
        self.later("2024-06-11T09:00")
        self.ctl("huyen", "task", "reassign", "VP-1", "--to", "phong", "--note", "Đúng thẩm quyền")
        self.later("2024-06-12T09:00")
        self.ctl("huyen", "task", "reassign", "VP-1", "--to", "xa", "--note", "Phòng trả lại")
        self.ctl("xa", "task", "accept", "VP-1")
        self.later("2024-06-12T11:00")
        self.ctl("xa", "task", "submit", "VP-1")
        self.later("2024-06-13T11:00")

    def test_the_line_of_a_task_names_each_that_held_it_and_adds_up(self):
        self.pushed_around()
        custody = json.loads(self.ctl("xa", "--json", "task", "custody", "VP-1"))
        self.assertEqual([(turn["agency"], turn["charge"]) for turn in custody["turns"]],
                         [("xa", "taking_up"), ("phong", "taking_up"), ("xa", "taking_up"), ("xa", "working"),
                          ("huyen", "confirming")])
        self.assertEqual(sum(turn["worked"] for turn in custody["turns"]), custody["elapsed"])
        day = custody["turns"][0]["worked"]
        self.assertEqual(hours(custody["turns"][3]["worked"]), 2)
        self.assertEqual(hours(custody["turns"][4]["worked"]), hours(day))
        self.assertNotIn("until", custody["turns"][4])
        by_agency = {tally["agency"]: tally for tally in custody["tallies"]}
        self.assertEqual((by_agency["xa"]["passed_on"], by_agency["xa"]["came_back"]), (1, 1))
        self.assertEqual((by_agency["phong"]["passed_on"], by_agency["phong"]["came_back"]), (1, 0))
        self.assertEqual(by_agency["huyen"]["now"], 1)
        again = self.client("xa").call("task_custody", task=1)
        self.assertEqual(sum(turn["worked"] for turn in again["turns"]), again["elapsed"])
        self.assertEqual(hours(again["elapsed"]), hours(custody["elapsed"]))
        lines = [line.split("\t") for line in self.ctl("xa", "task", "custody", "VP-1").splitlines()]
        self.assertEqual([line[2:5] for line in lines[:1] + lines[3:]],
                         [["xa", "taking_up", "7 h 30 min"], ["xa", "working", "2 h"], ["huyen", "confirming", "7 h 30 min"]])
        self.assertIn("huyen, confirming since 2024-06-12 11:00", self.ctl("xa", "task", "show", "VP-1"))

    def test_what_agencies_held_is_summed_over_pages_and_told_to_who_held_it(self):
        self.pushed_around()
        for number in range(3):
            self.ctl("huyen", "task", "assign", "--to", "phong", "--reference", f"VP-{number + 2}", "--title", "Lập kế hoạch")
        self.ctl("huyen", "task", "amend", "VP-1", "--scope", "restricted")
        self.later("2024-06-14T11:00")
        held = {tally["agency"]: tally for tally in json.loads(self.ctl("huyen", "--json", "agency", "custody", "--subtree"))}
        self.assertEqual((held["phong"]["tasks"], held["phong"]["now"], held["phong"]["passed_on"]), (4, 3, 1))
        self.assertEqual((held["xa"]["tasks"], held["xa"]["now"], hours(held["xa"]["working"])), (1, 0, 2))
        mine = json.loads(self.ctl("phong", "--json", "agency", "custody"))
        self.assertEqual([rounded(tally) for tally in mine], [rounded(held["phong"])])  # of what it may read no longer as well
        pages, after, client = {}, 0, self.client("phong")
        while after is not None:
            reply = client.call("agency_custody", limit=1, after=after)
            for tally in reply["tallies"]:
                for name, value in tally.items():
                    pages[name] = value if name == "agency" else pages.get(name, 0) + value
            after = reply.get("next")
        self.assertEqual(rounded(pages), rounded(held["phong"]))
        some = json.loads(self.ctl("huyen", "--json", "agency", "custody", "xa", "--since", "2024-06-12", "--before", "2024-06-12T10:00"))
        self.assertEqual((hours(some[0]["working"]), some[0]["came_back"]), (1, 1))
        self.refused("bad_value", "before", client.call, "agency_custody", since=5, before=5)
        self.refused("agency_unknown", "agency", client.call, "agency_custody", agency="nobody")
        self.refused("task_unknown", "task", client.call, "task_custody", task=99)

    def test_a_notification_says_whose_clock_runs_from_there(self):
        self.pushed_around()
        told = next(self.client("huyen").stream(start=0, notices=["submitted"]))
        self.assertEqual(told["custody"], {"agency": "huyen", "charge": "confirming"})


class ChangedSuccession(StandingClock):
    """xa-1 is succeeded by xa-2, which works, and is then to be succeeded by xa-3 instead."""
    tree = (("huyen", "tinh"), ("xa-1", "huyen"), ("xa-2", "huyen"), ("xa-3", "huyen"))

    def agency(self, agency):
        return self.admin.call("agency_list", name=agency)["agencies"][0]

    def test_who_loses_by_it_is_asked_about_and_told_and_keeps_what_it_held(self):
        self.ctl("huyen", "task", "assign", "--to", "xa-1", "--reference", "RE-1", "--title", "Chuyển tiếp", "--due", "2024-09-30")
        self.ctl("xa-1", "task", "accept", "RE-1")
        self.later("2024-06-11T09:00")
        self.ctl("tinh", "agency", "succeed", "xa-1", "xa-2")
        ends = self.agency("xa-1")["valid_until"]
        self.later("2024-06-12T09:00")
        self.ctl("xa-2", "task", "report", "RE-1", "--percent", "30")
        for words, to in ((("agency", "succeed", "xa-1", "xa-3"), "xa-3"),
                          (("agency", "set", "xa-1", "--valid-until", "", "--successor", ""), "xa-1")):
            self.assertIn(f"xa-1 leads 1 open task and gave 0 that are open, of those that this key may read; xa-2 stands in its "
                          f"place now, and loses that to {to}", self.ctl("tinh", *words, code=2))
        self.assertIn("xa-2 would do no more, and they would go to xa-3, which takes its place",
                      self.ctl("tinh", "agency", "succeed", "xa-1", "xa-3", "--dry-run"))
        self.ctl("tinh", "agency", "set", "xa-1", "--name", "Xã Một")  # nothing of that is a question
        said = self.ctl("tinh", "agency", "succeed", "xa-1", "xa-3", "--yes")
        self.assertIn("xa-2 does no more, and they go to xa-3, which takes its place", said)
        stood = self.agency("xa-1")["stood"]
        self.assertEqual([(span["by"], span["from"]) for span in stood], [("xa-2", ends)])
        for name in ("xa-2", "xa-3"):
            told = [record for record in self.told_by_now(self.client(name), name) if record.get("record") == "agency"]
            self.assertEqual([record["notice"] for record in told], ["assigned"], name)
            self.assertIn("xa-3 takes its place instead of xa-2", told[0]["reason"])
        path = os.path.join(self.broker.directory, "file.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"agencies": [dict(self.agency("xa-1"), stood=[], succession_set=1)]}, file)
        self.assertNotIn("change", self.ctl("tinh", "apply", "-f", path))  # that is not a file's to say
        self.assertEqual(self.agency("xa-1")["stood"], stood)
        self.later("2024-06-13T09:00")
        turns = self.admin.call("task_custody", task=1)["turns"]
        self.assertEqual([turn["agency"] for turn in turns][-3:], ["xa-1", "xa-2", "xa-3"])
        self.assertEqual((turns[-2]["since"], turns[-1]["since"]), (ends, stood[0]["until"]))
        self.assertIn("xa-2", self.ctl("xa-2", "agency", "custody"))
        self.ctl("tinh", "agency", "set", "xa-1", "--valid-until", "", "--successor", "", "--yes")
        self.assertEqual(self.admin.call("task_custody", task=1)["turns"][-2]["agency"], "xa-3")


if __name__ == "__main__":
    unittest.main()
