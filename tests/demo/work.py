"""Working days and working time, counted in Python day by day from the calendar's file: so that the broker is not asked what the
broker is held against."""
import datetime
import json

ZONE = datetime.timezone(datetime.timedelta(hours=7))
MINUTE = 60 * 1000
DAY = 24 * 60 * MINUTE


def date_of(time_ms):
    return datetime.datetime.fromtimestamp(time_ms / 1000, ZONE).date()


def day_of(time_ms):
    return date_of(time_ms).isoformat()


def time_of(day):
    """When a day begins, in milliseconds."""
    day = datetime.date.fromisoformat(day) if isinstance(day, str) else day
    return int(datetime.datetime.combine(day, datetime.time(), ZONE).timestamp() * 1000)


class Calendar:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            calendar = json.load(file)["calendars"][0]
        self.hours = {weekday: [(span["open"], span["close"]) for span in calendar["hours"] if span["weekday"] == weekday]
                      for weekday in range(1, 8)}
        self.exceptions = {exception["day"]: exception for exception in calendar["exceptions"]}

    def spans(self, day):
        """When work is done on a day: pairs of minutes after midnight."""
        exception = self.exceptions.get(day.isoformat())
        if exception is None:
            return self.hours[day.isoweekday()]
        if not exception["working"]:
            return []
        return [(exception["open"], exception["close"])] if "open" in exception else self.hours[1]

    def days(self, after, until):
        """How many working days come after one day, up to another and with it; 0 when that is none."""
        after, until = (datetime.date.fromisoformat(day) for day in (after, until))
        return sum(bool(self.spans(after + datetime.timedelta(days))) for days in range(1, (until - after).days + 1))

    def worked(self, since, until):
        """The working time from one instant to another, in milliseconds."""
        total, day = 0, date_of(since)
        while time_of(day) < until:
            for opens, closes in self.spans(day):
                total += max(0, min(until, time_of(day) + closes * MINUTE) - max(since, time_of(day) + opens * MINUTE))
            day += datetime.timedelta(1)
        return total
