"""Pages as a clerk reads them on a terminal: calendars by the clock, policies in words, lists in which the title has the room."""
import json
import os
import unittest

from harness import ROOT
from screen import Screen, columns_of

with open(os.path.join(ROOT, "tests", "data", "ham-tan.json"), encoding="utf-8") as programme:
    TITLES = sorted((task["title_vi"] for task in json.load(programme)["tasks"]), key=len)


class Pages(Screen):
    def lines(self, *words, **more):
        return self.screen(*words, NO_COLOR="1", **more).rstrip("\n").split("\n")

    def huyen_file(self):
        path = os.path.join(self.broker.directory, "huyen.context")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in self.huyen_context.items())
        return path

    # ---- calendars ----

    def test_a_calendar_is_hours_by_the_clock_and_days_with_their_names(self):
        page = "\n".join(self.lines("calendar", "show", "default", columns=100))
        for said in ("Asia/Ho_Chi_Minh, UTC+07:00", "Monday to Friday: 07:30–11:30, 13:30–17:00", "Saturday, Sunday: day off",
                     "2024-02-08 to 2024-02-14 day off                   Tết Nguyên đán Giáp Thìn",
                     "2024-05-04 Sat           worked, in Monday's hours Làm bù cho thứ Hai 29/4",
                     "days from 2027-01-01 on are not decreed yet"):
            self.assertIn(said, page)
        self.assertNotIn("450", page)
        self.assertEqual(self.broker.ctl_json("calendar", "show", "default")["hours"][0], {"weekday": 1, "open": 450, "close": 690})

    def test_spans_of_one_day_are_one_line_and_odd_hours_keep_their_minutes(self):
        days = [{"day": "2024-06-14", "working": True, "open": 810, "close": 905, "name": "Họp"},
                {"day": "2024-06-14", "working": True, "open": 480, "close": 690, "name": "Họp"},
                {"day": "2024-06-15", "working": True, "name": "Làm bù"}]
        self.admin.call("calendar_set", calendar={"calendar": "west", "utc_offset": -210, "exceptions": days,
                                                  "hours": [{"weekday": 3, "open": 0, "close": 1440}]})
        page = self.lines("calendar", "show", "west")
        self.assertIn("zone               UTC-03:30", page)
        self.assertIn("                   Wednesday: 00:00–24:00", page)
        self.assertIn("2024-06-14 Fri 08:00–11:30, 13:30–15:05     Họp", page)
        self.assertIn("2024-06-15 Sat worked, in Wednesday's hours Làm bù", page)

    def test_a_count_ends_with_what_it_comes_to(self):
        for words, said in ((("2024-06-03T16:00", "16wh"), "= 2024-06-05 17:00, 16 working hours"),
                            (("2024-06-03T16:00", "1wh"), "= 2024-06-03 17:00, 1 working hour"),
                            (("2024-02-06", "5wd"), "= 2024-02-20, 5 working days"),
                            (("2024-06-03", "2024-06-04"), "= 2024-06-04, 1 working day"),
                            (("2024-06-10T16:00", "--suspended", "2024-06-05T08:00", "--resumed", "2024-06-06T10:00"),
                             "= the deadline moves to 2024-06-12 08:30")):
            self.assertEqual(self.lines("calendar", "count", *words, TZ="UTC")[-1], said)
        piped = self.broker.ctl("calendar", "count", "2024-06-03T16:00", "16wh").splitlines()
        self.assertEqual(piped[-1], "2024-06-05\t2\t2024-06-05 17:00\t960")
        self.assertEqual(self.broker.ctl("calendar", "count", "2024-02-06", "5wd").splitlines()[-1], "2024-02-20\t5")

    # ---- policies ----

    def test_the_steps_of_a_policy_are_sentences_numbered_as_in_what_lies_ahead(self):
        self.broker.ctl("apply", "-f", os.path.join(ROOT, "clients", "presets", "policies.json"))
        page = self.lines("policy", "show", "directive", columns=160)
        for line in ("   0  on the day acceptance is due: remind the lead",
                     "   1  1 working day after acceptance was due: warn the lead and the assigner",
                     "   4  3 working days before due: remind the lead and the cooperating agencies",
                     "   8  5 working days after due: escalate at level 2 to the lead, the assigner and the supervisor; again every 5 "
                     "working days, at most 52 times"):
            self.assertIn(line, page)
        self.assertIn("acceptance         within 1 working day of the assignment", page)
        steps = self.broker.ctl_json("policy", "show", "directive")["steps"]
        self.assertEqual(len(steps), sum(line[:6].strip().isdigit() and line[:2] == "  " for line in page))
        self.admin.call("assign", reference="HT-1", leads=["huyen"], policy="directive", content={"title": "Việc", "due": "2099-06-30"})
        self.assertIn("step 4, 3 working days before", self.broker.ctl("task", "show", "HT-1"))

    def test_steps_by_hours_say_whether_they_are_working_hours(self):
        steps = [{"deadline": "completion", "offset": -2, "unit": "hours", "does": "remind", "to": ["lead"], "in_working_time": True},
                 {"deadline": "completion", "offset": -90, "unit": "minutes", "does": "remind", "agencies": ["so"]}]
        self.admin.call("policy_set", policy={"policy": "gap", "steps": steps, "due": "16wh", "acknowledged_for": 0})
        page = self.lines("policy", "show", "gap")
        self.assertIn("   0  2 working hours before due: remind the lead", page)
        self.assertIn("   1  90 minutes before due: remind so", page)
        self.assertIn("due                16wh when the assigner names no date", page)
        self.assertIn("acknowledgement    an acknowledgement holds nothing back", page)

    # ---- lists ----

    def test_the_title_has_the_room_in_the_inbox_and_what_was_said_a_line(self):
        said = "Thiếu biên bản đo đạc của các xã ven biển, đề nghị bổ sung trước thứ Sáu"
        for number, title in enumerate(TITLES[-8:]):
            self.assign(reference=f"HT-{number}", title=title, due="2099-06-30")
        self.huyen.call("accept", task=1)
        self.huyen.call("submit", task=1)
        self.admin.call("reject", task=1, note=said)
        context = self.huyen_file()
        for columns, room in ((80, 30), (100, 42), (140, 70)):
            lines = self.lines("inbox", columns=columns, context=context)
            self.assertTrue(all(columns_of(line) <= columns for line in lines), lines)
            begin = lines[0].index("TITLE")
            title = lines[1][begin:].split("  ")[0].split("… ")[0]
            self.assertGreaterEqual(columns_of(title), room, lines[1])
            self.assertIn("    rejected: Thiếu biên bản đo đạc", lines[2])
            self.assertEqual("SAID" in lines[0], False)
            self.assertEqual("TASK" in lines[0], columns == 140)
        self.assertEqual(len(self.broker.ctl("inbox", context=context).splitlines()[0].split("\t")), 10)

    def test_pages_have_words_and_no_names_of_fields(self):
        self.assign(due="2099-06-30", reporting="monthly")
        for words in (("task", "show", "HT-1"), ("status",), ("store", "show")):
            page = self.lines(*words)
            self.assertFalse([line for line in page if "_" in line[:19].rstrip().split("  ")[0]], page)
        self.assertIn("1 task: 0 done", "\n".join(self.lines("report")))

    def test_dates_of_agencies_are_as_elsewhere(self):
        self.broker.ctl("agency", "set", "cu", "--name", "Cũ", "--parent", "tinh", "--valid-until", "2099-06-30T16:30",
                        "--successor", "so")
        self.assertIn("\t2099-06-30 16:30\tso", self.broker.ctl("agency", "list"))
        self.assertIn("2099-06-30 16:30 so", "\n".join(self.lines("agency", "list")))
        self.assertIn("2099-06-30T16:30:00+07:00", self.broker.ctl("--json", "agency", "list"))

    # ---- what happened ----

    def test_a_history_says_who_did_what_when_and_why(self):
        self.admin.call("assign", reference="HT-1", leads=["huyen"], backdated=True, content={"title": "Rà soát", "due": "2024-06-28"})
        self.huyen.call("accept", task=1)
        self.huyen.call("report", task=1, percent=40, note="Đã rà soát 12/20 xã.")
        self.admin.call("amend", task=1, note="theo đề nghị", content={"due": "2099-06-30", "area": "land"})
        self.admin.call("escalate", task=1, to=["so"], note="chậm")
        lines = self.lines("task", "history", "HT-1", columns=120)
        page = "\n".join(line.split(":", 1)[-1] for line in lines)
        for said in ("tinh  gave it to huyen, due 2024-06-28", "huyen accepted it", "huyen reported, 40 % done\n    Đã rà soát 12/20 xã.",
                     "tinh  amended it: area, due 2099-06-30\n    theo đề nghị", "tinh  escalated it at level 1 to so\n    chậm"):
            self.assertIn(said, page)
        self.assertIn("\thuyen\treported, 40 % done\tĐã rà soát 12/20 xã.\t\n", self.broker.ctl("task", "history", "HT-1"))

    def test_a_note_of_a_history_cannot_be_taken_for_proof(self):
        self.admin.call("assign", reference="HT-1", leads=["huyen"], content={"title": "Rà soát"})
        self.huyen.call("accept", task=1)
        forged = "Xong; proof: giả.pdf\n  PROOF  giả.pdf\tgiả.pdf " + "x" * 100 + " PROOF  giả.pdf"
        self.huyen.call("report", task=1, note=forged)
        self.huyen.call("submit", task=1, note="Xong", evidence="biên bản.pdf")
        for columns in (60, 80, 120):
            lines = self.lines("task", "history", "HT-1", columns=columns)
            self.assertEqual([line for line in lines if line.startswith("  PROOF")], ["  PROOF  biên bản.pdf"])
        submitted, reported = (line.split("\t")[4:] for line in self.broker.ctl("task", "history", "HT-1").splitlines()[:2])
        self.assertEqual(submitted, ["Xong", "biên bản.pdf"])
        self.assertEqual((len(reported), reported[1]), (2, ""))


if __name__ == "__main__":
    unittest.main()
