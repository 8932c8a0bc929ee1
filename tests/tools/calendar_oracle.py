#!/usr/bin/python3
"""Counts Vietnamese working days a second time, by other means than the broker does, for the broker to be held against.

    calendar_oracle.py vectors   writes tests/data/calendar/vectors.tsv to stdout
    calendar_oracle.py check     holds vectors.tsv and the preset calendar files against the days below

Days are counted by numpy's busday functions over the list of days off below, which is typed from the government's
yearly announcements and shares nothing with the presets. The choice of days to count from is fixed, not random.

A line of vectors.tsv is one of:
    off    DAY                       a weekday off             work   DAY     a make-up working day
    wd     FROM  N     DAY           N working days after FROM
    d      FROM  N     DAY           N days after FROM, rolled to a working day
    count  FROM  TO    N             working days after FROM, up to and with TO
    month  FROM  N     DAY           N months after FROM, rolled to a working day
    wh     FROM  N     MINUTE        N working hours after the minute FROM, counted minute by minute
    worked FROM  TO    N             working minutes between two minutes
"""
import json
import pathlib
import re
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests/data/calendar/vectors.tsv"
PRESETS = ROOT / "clients/presets"

# Weekdays on which nobody works, as "year: day/month ranges", and the Saturdays worked in their place.
OFF = {
    2024: "1/1 8-14/2 18/4 29-30/4 1/5 2-3/9",
    2025: "1/1 27-31/1 7/4 30/4 1-2/5 1-2/9",
    2026: "1-2/1 16-20/2 27/4 30/4 1/5 31/8 1-2/9",
    2027: "1/1 4-10/2 16/4 30/4 3/5 2-3/9",
}
WORKED = {2024: "4/5", 2025: "26/4", 2026: "10/1 22/8", 2027: ""}

# Counted by hand, or stated by those who asked for them: whatever numpy says, these hold.
STATED = [
    ("wd", "2024-02-06", 5, "2024-02-20"),
    ("wd", "2024-04-26", 5, "2024-05-07"),
    ("d", "2024-01-09", 30, "2024-02-15"),
]


def days(table):
    found = []
    for year, ranges in table.items():
        for first, last, month in re.findall(r"(\d+)(?:-(\d+))?/(\d+)", ranges):
            found += [np.datetime64(f"{year}-{int(month):02}-{day:02}") for day in range(int(first), int(last or first) + 1)]
    return np.array(found, dtype="datetime64[D]")


WORK = days(WORKED)
DAY_OFF = np.array([day for day in days(OFF) if np.is_busday(day)], dtype="datetime64[D]")
# numpy knows no working Saturday: the week has all seven days, and every day off is named.
SPAN = np.arange("2000-01-01", "2100-01-01", dtype="datetime64[D]")
WEEKEND = SPAN[~np.is_busday(SPAN)]
HOLIDAYS = np.concatenate([DAY_OFF, np.setdiff1d(WEEKEND, WORK)])
CALENDAR = np.busdaycalendar(weekmask="1111111", holidays=HOLIDAYS)


def roll(day):
    return np.busday_offset(day, 0, roll="forward", busdaycal=CALENDAR)


def add_working(day, count):
    """The first day does not count, so that a day off before it is as good as the last working day."""
    return np.busday_offset(day, count, roll="backward", busdaycal=CALENDAR)


def add_days(day, count):
    return roll(day + np.timedelta64(count, "D"))


def add_months(day, count):
    month = day.astype("datetime64[M]") + count
    last = (month + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    same = month.astype("datetime64[D]") + (day - day.astype("datetime64[M]").astype("datetime64[D]"))
    return roll(min(same, last))


def count_working(first, last):
    one = np.timedelta64(1, "D")
    if last >= first:
        return int(np.busday_count(first + one, last + one, busdaycal=CALENDAR))
    return -int(np.busday_count(last + one, first + one, busdaycal=CALENDAR))


# Monday to Friday, 7:30 to 11:30 and 13:30 to 17:00, on make-up Saturdays as well.
OPEN = [minute for begin, end in ((450, 690), (810, 1020)) for minute in range(begin, end)]


def works(day):
    return bool(np.is_busday(day, busdaycal=CALENDAR))


def add_hours(minute, hours):
    """Minute by minute: the end of the last minute that is worked."""
    day, of_day = minute.astype("datetime64[D]"), 0
    of_day = int((minute - day.astype("datetime64[m]")).astype(int))
    left = hours * 60
    while left:
        worked = [m for m in OPEN if m >= of_day] if works(day) else []
        if len(worked) >= left:
            return day.astype("datetime64[m]") + worked[left - 1] + 1
        left, day, of_day = left - len(worked), day + 1, 0


def worked_minutes(first, last):
    minutes = np.arange(first, last, dtype="datetime64[m]")
    days = minutes.astype("datetime64[D]")
    return int(np.sum(np.is_busday(days, busdaycal=CALENDAR) & np.isin((minutes - days).astype(int), OPEN)))


def begins():
    """Every eleventh day of the four years, and all days within a week of a day off or a make-up day."""
    span = np.arange("2024-01-01", "2027-12-01", dtype="datetime64[D]")
    near = [day for i, day in enumerate(span) if i % 11 == 0 or np.min(np.abs(DAY_OFF - day)).astype(int) <= 4
            or np.min(np.abs(WORK - day)).astype(int) <= 4]
    return near


def vectors():
    rows = [("off", str(day)) for day in DAY_OFF] + [("work", str(day)) for day in WORK]
    rows += [(kind, first, str(count), day) for kind, first, count, day in STATED]
    assert str(add_hours(np.datetime64("2024-06-03T16:00"), 4)) == "2024-06-04T10:30"
    for kind, first, count, day in STATED:
        made = {"wd": add_working, "d": add_days}[kind](np.datetime64(first), count)
        assert str(made) == day, (kind, first, count, day, str(made))
    steps = [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 70, 90]
    for i, day in enumerate(begins()):
        count = steps[i % len(steps)]
        rows.append(("wd", str(day), str(count), str(add_working(day, count))))
        rows.append(("wd", str(day), str(-count), str(add_working(day, -count))))
        rows.append(("d", str(day), str(count), str(add_days(day, count))))
        other = day + np.timedelta64(7 * (i % 23) - 60 + i % 7, "D")
        rows.append(("count", str(day), str(other), str(count_working(day, other))))
        if i % 3 == 0:
            months = [1, 3, 6, 12][i % 4]
            rows.append(("month", str(day), str(months), str(add_months(day, months))))
        if i % 2 == 0:
            minute = day.astype("datetime64[m]") + (i * 97) % 1440
            hours = [1, 2, 4, 7, 8, 15, 16, 40, 100][i // 2 % 9]
            later = minute + (i * 6151) % 20000
            rows.append(("wh", str(minute), str(hours), str(add_hours(minute, hours))))
            rows.append(("worked", str(minute), str(later), str(worked_minutes(minute, later))))
    return "".join("\t".join(row) + "\n" for row in rows)


def from_json():
    calendar = json.loads((PRESETS / "calendar-vn.json").read_text())["calendars"][0]
    return {e["day"]: e["working"] for e in calendar["exceptions"]}


def from_ics():
    text = (PRESETS / "holidays-vn.ics").read_text()
    found = {}
    for event in re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", text, re.S):
        first, end = (np.datetime64(f"{d[:4]}-{d[4:6]}-{d[6:]}") for d in re.findall(r"DATE:(\d{8})", event))
        for day in np.arange(first, end):
            found[str(day)] = "CATEGORIES:WORKDAY" in event
    return found


def check():
    wanted = {str(day): False for day in DAY_OFF} | {str(day): True for day in WORK}
    for name, found in (("calendar-vn.json", from_json()), ("holidays-vn.ics", from_ics())):
        weekdays = {day: working for day, working in found.items() if working or np.is_busday(np.datetime64(day))}
        if weekdays != wanted:
            sys.exit(f"{name}: {sorted(weekdays.items() ^ wanted.items())}")
    if VECTORS.read_text() != vectors():
        sys.exit("vectors.tsv is stale: tests/tools/calendar_oracle.py vectors > tests/data/calendar/vectors.tsv")
    print(f"{len(VECTORS.read_text().splitlines())} lines, {len(wanted)} days: all agree")


if __name__ == "__main__":
    if sys.argv[1:] == ["vectors"]:
        sys.stdout.write(vectors())
    elif sys.argv[1:] == ["check"]:
        check()
    else:
        sys.exit(__doc__)
