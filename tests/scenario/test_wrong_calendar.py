"""A calendar that was wrong for a while is put right: what had passed comes back to its day, and what stays is said."""
import json
import os
import unittest

from harness import PRESETS, Broker

FILE = "calendar-vn.json"


class WrongCalendar(unittest.TestCase):
    def setUp(self):
        self.broker = Broker(rehearse="2024-06-03T08:00", speed=0.0001)
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.broker.ctl("agency", "set", "huyen", "--name", "Huyện")
        with open(os.path.join(PRESETS, FILE), encoding="utf-8") as file:
            self.right = json.load(file)
        self.set(self.right)
        self.broker.ctl("task", "assign", "--to", "huyen", "--reference", "F-1", "--title", "Việc", "--due", "3wd", "--policy", "none")
        wrong = json.loads(json.dumps(self.right))
        wrong["calendars"][0]["exceptions"].append({"day": "2024-06-05", "working": False, "name": "Nhầm"})
        self.assertIn("move\ttask\tF-1\tdue 2024-06-06 becomes 2024-06-07\n", self.set(wrong))
        self.wait_for("2024-06-07")

    def set(self, calendar, *words):
        path = os.path.join(self.broker.directory, FILE)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(calendar, file)
        return self.broker.ctl("calendar", "set", "-f", path, *words)

    def day(self, day):
        self.broker.day = day + "T08:00"
        self.broker.restart()

    def wait_for(self, day):
        """Until the broker, which counts a few tasks at a time, has come to this one."""
        while f"the due date moved to {day}" not in self.broker.ctl("task", "history", "F-1"):
            pass

    def due_day(self):
        return self.broker.ctl_json("task", "show", "F-1")["task"]["due_day"]

    def test_on_the_day_that_was_given_by_mistake_the_date_stays_and_that_is_said(self):
        self.day("2024-06-07")
        said = "stay\ttask\tF-1\tdue 2024-06-07, which by its count {} 2024-06-06; that has passed, and nobody is late by a calendar; amend it?\n"
        self.assertIn("would " + said.format("would be"), self.set(self.right, "--dry-run"))
        self.assertIn(said.format("is now"), self.set(self.right))
        self.assertEqual(self.due_day(), "2024-06-07")

    def test_once_that_day_has_passed_too_the_date_is_the_right_one_again(self):
        self.day("2024-06-11")
        self.assertIn("move\ttask\tF-1\tdue 2024-06-07 becomes 2024-06-06\n", self.set(self.right))
        self.wait_for("2024-06-06")
        self.assertEqual(self.due_day(), "2024-06-06")


if __name__ == "__main__":
    unittest.main()
