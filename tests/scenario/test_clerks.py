"""What clerks and administrators see of coordctl where a careless program would say nothing, or the wrong thing."""
import json
import os
import subprocess

from harness import COORDCTL, Scenario

MARK = b"\xef\xbb\xbf"


def ics(*events, head=""):
    """An .ics file of events, each (UID, day, further lines)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"] + ([head] if head else [])
    for uid, day, *more in events:
        lines += ["BEGIN:VEVENT", "UID:" + uid, "DTSTART;VALUE=DATE:" + day, *more, "END:VEVENT"]
    return "\r\n".join(lines + ["END:VCALENDAR", ""]).encode()


class Clerks(Scenario):
    def run_ctl(self, *words, context=None, data=None, **more):
        return subprocess.run([COORDCTL, *words], input=data, capture_output=True, timeout=120, check=False,
                              env=dict(os.environ, COORD_CONTEXT=context or self.broker.admin, TZ="<+07>-7"), **more)

    def file(self, name, data):
        path = os.path.join(self.broker.directory, name)
        with open(path, "wb") as file:
            file.write(data)
        return path


class Holidays(Clerks):
    def setUp(self):
        super().setUp()
        calendar = self.admin.call("calendar_list")["calendars"][0]
        self.admin.call("calendar_set", calendar=dict(calendar, exceptions=[]))

    def days(self):
        return {day["day"]: day["working"] for day in self.broker.ctl_json("calendar", "show", "default")["exceptions"]}

    def test_a_later_edition_of_a_feed_takes_days_back_and_says_so(self):
        two = ics(("a@f", "20240902"), ("b@f", "20241225", "SUMMARY:Noel"))
        self.assertEqual(self.run_ctl("apply", "-f", "-", data=two).returncode, 0)
        self.assertEqual(self.run_ctl("apply", "-f", "-", data=two).stdout, b"")
        self.assertEqual(self.days(), {"2024-09-02": False, "2024-12-25": False})
        done = self.run_ctl("apply", "-f", "-", data=ics(("a@f", "20240902")))
        self.assertIn("2024-12-25, `Noel`, is no longer in the feed", done.stderr.decode())
        self.assertEqual(self.days(), {"2024-09-02": False})
        self.assertEqual(self.admin.call("calendar_explain", **{"from": "2024-12-24", "add": "1wd"})["day"], "2024-12-25")

    def test_events_that_are_passed_over_are_named_with_why(self):
        done = self.run_ctl("apply", "-f", "-", data=ics(
            ("a@f", "20241120", "SUMMARY:Ngày Nhà giáo", "DESCRIPTION:Observance"),
            ("b@f", "20241121", "SUMMARY:Họp", "STATUS:CANCELLED")))
        self.assertIn("`Ngày Nhà giáo` of 2024-11-20: an observance", done.stderr.decode())
        self.assertIn("`Họp` of 2024-11-21: it is cancelled", done.stderr.decode())
        self.assertEqual(self.days(), {})
        self.run_ctl("apply", "--observances", "-f", "-", data=ics(("a@f", "20241120", "DESCRIPTION:Observance")))
        self.assertEqual(self.days(), {"2024-11-20": False})

    def test_the_end_of_a_rule_in_utc_is_read_by_the_calendars_own_clock(self):
        west = {"calendar": "west", "utc_offset": -300, "hours": [{"weekday": 1, "open": 480, "close": 960}]}
        self.admin.call("calendar_set", calendar=west)
        self.run_ctl("apply", "--calendar", "west", "-f", "-",
                     data=ics(("a@f", "20250501", "RRULE:FREQ=YEARLY;UNTIL=20260501T050000Z")))
        days = self.broker.ctl_json("calendar", "show", "west")["exceptions"]
        self.assertEqual([day["day"] for day in days], ["2025-05-01", "2026-05-01"])


class ByteOrderMarks(Clerks):
    def test_a_byte_order_mark_is_read_over_everywhere(self):
        agency = json.dumps({"agencies": [{"agency": "xa", "name": "Xã", "parent": "tinh"}]}).encode()
        with open(self.broker.admin, "rb") as file:
            context = self.file("marked.context", MARK + file.read())
        os.chmod(context, 0o600)
        self.broker.config = self.file("coordd.conf", MARK + b"# marked\n")
        self.broker.restart()
        for words, data in ((("-f", self.file("a.json", MARK + agency)), None), (("-f", "-"), MARK + agency),
                            (("-f", self.file("a.ics", MARK + ics(("a@f", "20240902")))), None),
                            (("-f", "-"), MARK + ics(("a@f", "20240902")))):
            done = self.run_ctl("apply", *words, data=data, context=context)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_a_file_in_utf_16_is_refused_by_name(self):
        done = self.run_ctl("apply", "-f", self.file("a.json", '{"agencies": []}'.encode("utf-16")))
        self.assertEqual(done.returncode, 2)
        self.assertIn("save it as UTF-8", done.stderr.decode())
