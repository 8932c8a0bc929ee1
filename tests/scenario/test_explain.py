"""What is told before it happens, and why it happened: a calendar and a policy that are tried, and a task explained line by line."""
import json
import os
import unittest

from standing_clock import StandingClock

POLICY = {"policy": "chi-thi", "accept_within": 2, "decide_within": 3, "steps": [
    {"deadline": "completion", "offset": -2, "unit": "working_days", "does": "remind", "to": ["lead"]},
    {"deadline": "completion", "offset": 3, "unit": "working_days", "does": "escalate", "level": 1, "to": ["supervisor"]}]}


class Explain(StandingClock):
    """xa and phong under huyen under tinh. The clock stands at Monday 10 June 2024, 9:00."""

    tree = (("huyen", "tinh"), ("xa", "huyen"), ("phong", "huyen"))

    def setUp(self):
        super().setUp()
        self.admin.call("policy_set", policy=POLICY)

    def written(self, **lists):
        path = os.path.join(self.broker.directory, "file.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(lists, file)
        return path

    def assign(self, reference="VP-1", due="5wd", *words):
        self.ctl("huyen", "task", "assign", "--to", "xa", "--reference", reference, "--title", "Rà soát hồ sơ", "--due", due,
                 "--policy", "chi-thi", "--supervisor", "phong", *words)
        self.ctl("xa", "task", "accept", reference)

    def seq(self):
        return self.admin.call("hello")["seq"]

    def calendar_with(self, *days):
        calendar = self.admin.call("calendar_list")["calendars"][0]
        return dict(calendar, exceptions=calendar.get("exceptions", []) + [{"day": day, "working": False, "name": "Nghỉ bù"} for day in days])

    # ---- a calendar

    def test_a_calendar_that_is_tried_says_all_that_then_moves(self):
        self.assign()
        self.ctl("xa", "request", "extension", "VP-1", "--due", "2024-06-28", "--note", "Chưa đo đạc xong")
        self.ctl("xa", "opinion", "ask", "VP-1", "--to", "phong", "--due", "4wd", "--note", "Phương án")
        self.broker.ctl("schedule", "set", "BC-tuan", "--period", "weekly", "--to", "huyen", "--title", "Báo cáo tuần", "--due", "2wd")
        path, before = self.written(calendars=[self.calendar_with("2024-06-13", "2024-06-18")]), self.seq()
        said = self.broker.ctl("calendar", "set", "-f", path, "--dry-run")
        self.assertEqual(self.seq(), before)
        for line in ("would move\ttask\tVP-1\tdue 2024-06-17 becomes 2024-06-19",
                     "would move\ttask\tVP-1\tto be decided on by 2024-06-13 becomes 2024-06-14",
                     "would move\ttask\tVP-1\topinions are owed by 2024-06-14 becomes 2024-06-17",
                     "would move\tschedule\tBC-tuan\t2024-W25 begins 2024-06-17; its tasks, due 2024-06-19, become due 2024-06-20",
                     "would move\tcalendar\tdefault\tin all: 3 due times, 0 that stay as they are, 1 schedule, 0 not shown"):
            self.assertIn(line + "\n", said)
        pages, after = [], 0
        while after is not None:
            page = self.admin.call("calendar_set", calendar=self.calendar_with("2024-06-13", "2024-06-18"), dry_run=True, after=after)
            pages.append(page)
            after = page.get("next")
        moves = {move.get("deadline", "opinion" if "question" in move else "completion"): move["to_day"] for page in pages for move in page["moves"]}
        self.assertEqual(moves, {"completion": "2024-06-19", "decision": "2024-06-14", "opinion": "2024-06-17"})
        self.assertEqual([one["to_day"] for page in pages for one in page.get("schedules", [])], ["2024-06-20"])
        self.broker.ctl("calendar", "set", "-f", path)
        while (task := self.admin.call("task_get", task=1)["task"])["due_day"] != moves["completion"]:
            pass  # until the broker has counted it anew
        while (task := self.admin.call("task_get", task=1)["task"])["questions"][0]["due_day"] != moves["opinion"]:
            pass
        self.assertEqual(task["asks"][0]["decide_due"], {m.get("deadline"): m["to"] for page in pages for m in page["moves"]}["decision"])

    # ---- a policy

    def stricter(self):
        steps = [POLICY["steps"][0], dict(POLICY["steps"][1], offset=1), dict(POLICY["steps"][1], offset=2, level=2, to=["assigner"])]
        return dict(POLICY, steps=steps)

    def test_a_policy_that_is_rehearsed_tells_what_would_have_been_and_what_would_come(self):
        self.assign("VP-1", "1wd")
        self.assign("VP-2", "10wd")
        self.later("2024-06-17T09:00")
        path, before = self.written(policies=[self.stricter()]), self.seq()
        said = self.broker.ctl("policy", "set", "-f", path, "--dry-run", "--since", "2024-06-01")
        self.assertEqual(self.seq(), before)
        self.assertRegex(said, r"would have fired\ttask\tVP-1\tescalate at level 1 \(completion\) to supervisor 2024-06-12 07:30, "
                               r"by step 1; by version 1 it was 2024-06-17 09:00\n")
        self.assertIn("would have fired\ttask\tVP-1\tescalate at level 2 (completion) to assigner 2024-06-13 07:30, by step 2; by version 1 it was not\n", said)
        self.assertIn("would fire\ttask\tVP-2\tescalate at level 1 (completion) to supervisor 2024-06-25 07:30, by step 1; "
                      "by version 1 it comes 2024-06-27 07:30\n", said)
        self.assertIn("would rehearse\tpolicy\tchi-thi\tin all: 2 tasks have it, and keep their version; of 2 something differs, "
                      "0 of these not shown; of 0 not all that lies behind is known\n", said)
        reply = self.admin.call("policy_set", policy=self.stricter(), dry_run=True, since=0)
        first = reply["rehearsed"][0]
        self.assertEqual((reply["compared"], first["reference"], first["policy_version"]), (2, "VP-1", 1))
        self.assertEqual([(rung["level"], rung.get("was_step"), rung["step"], rung["past"]) for rung in first["rungs"]], [(1, 1, 1, True), (2, None, 2, True)])
        self.assertEqual(first["rungs"][0]["escalation"], self.admin.call("task_get", task=1)["task"]["escalations"][0]["escalation"])
        lines = json.loads(self.broker.ctl("--json", "policy", "set", "-f", path, "--dry-run", "--since", "2024-06-18"))
        self.assertFalse([line for line in lines if "have fired" in line["change"]])
        self.assertTrue(all(line["dry_run"] for line in lines))

    def test_of_a_task_all_that_is_not_known_is_told(self):
        """What came of its first date is not kept, and what 32 steps made of the second is more than is gone through."""
        steps = [{"deadline": "completion", "offset": hour, "unit": "hours", "does": "escalate", "level": 1 + hour % 9, "to": ["assigner"]} for hour in range(1, 33)]
        self.admin.call("policy_set", policy=dict(POLICY, steps=steps))
        self.assign("VP-1", "1wd")
        self.later("2024-06-12T09:00")
        self.ctl("huyen", "task", "amend", "VP-1", "--due", "2024-06-13")
        self.later("2024-06-17T09:00")
        path = self.written(policies=[dict(POLICY, steps=[dict(step, offset=step["offset"] + 40) for step in steps])])
        said = self.broker.ctl("policy", "set", "-f", path, "--dry-run", "--since", "2024-06-01")
        self.assertRegex(said, r"would say nothing\ttask\tVP-1\tcompletion: what came of dates and leads before 2024-06-1\d \d\d:\d\d is not kept\n"
                               r"would say nothing\ttask\tVP-1\tmore lies behind than is gone through: of what comes after it nothing is said\n")
        self.assertIn("\tin all: 1 task has it, and keeps its version; of 1 something differs", said)

    def test_since_is_rehearsed_and_never_done(self):
        path = self.written(policies=[self.stricter()])
        self.assertIn("give --dry-run with it", self.broker.ctl("policy", "set", "-f", path, "--since", "2024-06-01", code=2))
        self.assertEqual(self.admin.call("policy_list")["policies"][0]["version"], 1)
        self.assertIn("policy set` takes policies alone", self.broker.ctl("policy", "set", "-f", self.written(agencies=[{"agency": "a", "name": "A"}]), code=2))
        self.broker.ctl("policy", "set", "-f", self.written(policies=[self.stricter()]))
        self.assertEqual(self.admin.call("policy_list")["policies"][0]["version"], 2)

    # ---- a task

    def explained(self, agency="huyen", reference="VP-1"):
        return json.loads(self.ctl(agency, "--json", "task", "explain", reference))

    def test_a_date_is_explained_day_by_day_with_what_moved_it(self):
        self.admin.call("calendar_set", calendar=self.calendar_with("2024-06-13"))
        self.assign()
        asked = self.ctl("xa", "request", "extension", "VP-1", "--due", "2024-06-28", "--note", "Chưa đo đạc xong")
        self.assertTrue(asked)
        self.ctl("huyen", "request", "grant", "VP-1")
        self.ctl("huyen", "task", "amend", "VP-1", "--due", "10wd")
        said = self.explained()
        due = [date for date in said["dates"] if date["deadline"] == "completion"][0]
        self.assertEqual((due["due_day"], due["first_day"], due["counted"]["words"]), ("2024-06-25", "2024-06-18", "10wd"))
        self.assertIn("2024-06-13: day off (Nghỉ bù), does not count.", [line["text"] for line in due["lines"]])
        self.assertTrue(due["runs"] and due["round"] == 3)
        self.assertEqual(said["granted"][0]["granted"]["due_day"], "2024-06-28")
        history = self.client("huyen").call("task_history", task=1)
        self.assertEqual([record["action"] for record in said["moved_by"]], ["amend", "grant", "assign"])
        self.assertEqual(len(history["records"]), 5)
        lines = self.ctl("huyen", "task", "explain", "VP-1")
        for line in ("date\t\tdue 2024-06-25: 10wd, counted from 2024-06-10 09:00; round 3 of its ladder, since 2024-06-10 09:00\n",
                     "first\t2024-06-18\tat first it was 2024-06-18\n", "custody\t", "the clock of xa runs: working."):
            self.assertIn(line, lines)
        self.assertRegex(lines, r"moved\t2024-06-10 09:00\trecord \d+: huyen granted")

    def test_only_what_gave_another_date_is_said_to_have_moved_it(self):
        self.broker.agency(self.admin, "ngoai", parent="")
        self.assign("VP-1", "5wd", "--observers", "ngoai")
        self.ctl("huyen", "task", "amend", "VP-1", "--observers", "")
        self.ctl("huyen", "task", "comment", "VP-1", "--note", "Khẩn trương")
        history = self.ctl("huyen", "task", "history", "VP-1")
        self.assertIn("took off", history)
        self.assertEqual([record["action"] for record in self.explained()["moved_by"]], ["assign"])

    def test_the_ladder_says_what_fired_to_whom_and_what_comes(self):
        self.assign("VP-1", "1wd")
        self.assign("VP-2", "10wd")
        self.later("2024-06-17T09:00")
        said = self.explained()
        ladder = said["ladder"]
        self.assertEqual([(step["step"], step["fired"]) for step in ladder], [(0, 0), (1, 1)])
        self.assertEqual([(record["step"], record["to"]) for record in said["fired_by"]], [(1, ["phong"])])
        self.assertEqual(ladder[1]["escalation"], said["fired_by"][0]["seq"])
        later = self.client("xa").call("task_explain", task=2)
        self.assertEqual([(step["next_day"], step["told"]) for step in later["ladder"]], [("2024-06-20", ["xa"]), ("2024-06-27", ["phong"])])
        self.assertEqual((later["custody"]["agency"], later["lead"], later["policy_version"]), ("xa", "xa", 1))
        ahead = [line["text"] for line in self.client("xa").call("task_get", task=2)["ahead"]]
        for step in later["ladder"]:
            self.assertIn(step["text"], ahead)
        self.assertRegex(self.ctl("huyen", "task", "explain", "VP-1"), r"fired\t[^\t]+\trecord \d+: the clock escalated")

    def test_what_stands_still_and_what_holds_it_up_is_told(self):
        self.assign("VP-1", "5wd")
        self.assign("VP-2", "10wd", "--waits-for", "VP-1")
        self.ctl("huyen", "task", "suspend", "VP-2", "--until", "2024-06-20", "--note", "Chờ")
        self.ctl("huyen", "task", "suspend", "VP-1", "--note", "Chờ")
        self.later("2024-06-12T09:00")
        self.ctl("huyen", "task", "resume", "VP-1")
        said = self.explained()
        due = [date for date in said["dates"] if date["deadline"] == "completion"][0]
        self.assertEqual((due["due_day"], due["counted"]["stood"]), ("2024-06-19", 2))
        self.assertIn("Its clock stood still for 2 working days since: that puts it off to 2024-06-19.", [line["text"] for line in due["lines"]])
        self.assertEqual([turn["agency"] for turn in said["stood"]], ["huyen"])
        other = self.explained(reference="VP-2")
        self.assertEqual([(one["reference"], one["lead"]) for one in other["held_by"]], [("VP-1", "xa")])
        self.assertTrue([date for date in other["dates"] if date.get("suspension")])
        self.assertEqual(other["custody"]["charge"], "suspended")
        self.assertIn("Suspended: no clock runs", other["notes"][0]["text"])

    def test_a_task_that_may_not_be_read_is_not_explained(self):
        self.assign()
        self.ctl("huyen", "task", "amend", "VP-1", "--scope", "restricted")
        outside = self.broker.client(self.broker.agency(self.admin, "ngoai", parent=""))
        self.addCleanup(outside.close)
        self.refused("task_unknown", "task", outside.call, "task_explain", task=1)
        self.refused("task_unknown", "task", self.admin.call, "task_explain", task=9)


if __name__ == "__main__":
    unittest.main()
