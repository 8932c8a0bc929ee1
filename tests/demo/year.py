"""What the year has beside assignments and what leads ask: an opinion that does not come, weekly reports by schedule, and the merger.

The stories are data here, with which agencies play and what the end is held against; `Year` is what the demonstration does of it.
"""
import datetime
import json
import os

from coord import Coord
import targets
from work import day_of, time_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MERGER = os.path.join(ROOT, "tests", "data", "merger.json")

# The lead of this task asks two others their opinion. One gives it; of the other that it did not is on record, and the lead goes on.
CONSULTED, ASKED, SILENT, OPINION_DUE = 33, ("ubh", "bql-kcn"), "bql-kcn", "5wd"
# Weekly reports: whose schedule, to whom, the Mondays from the first to the last, and who sees them besides.
WEEKLY = "BC-tuan"
SCHEDULES = {"ubh": (("p-tckh", "p-tnmt"), "2024-07-01", "2024-08-05", ("--supervisor", "btv-hu")),
             "ubt": (("so-nnptnt", "so-tnmt"), "2025-06-16", "2025-07-14", ("--observers", "btv-tu"))}
# The province that this one becomes a part of has a schedule of the same id.
OWN = {"ubt-ld": (("so-tc-ld",), "2025-06-30", "2025-07-14", ("--observers", "btv-tu-ld"))}
LATE = ("2024-W29", "p-tckh")  # who hands in one of them late
ABSENT, STANDS_IN, ABSENCE = "p-tnmt", "p-tckh", ("2024-W30", "2024-07-22", "2024-08-31")  # whose report of a week another makes in its name
MERGED_MS = time_of("2025-07-01")
STAYS_UNDONE = 16  # of the tasks that the district leaves undone, those whose number this divides


def heirs():
    with open(MERGER, encoding="utf-8") as file:
        return {entry["agency"]: entry["successor"] for entry in json.load(file)["agencies"] if "successor" in entry}


HEIRS = heirs()


def weeks(first, last):
    """The Mondays from one to another."""
    first, last = (datetime.date.fromisoformat(day) for day in (first, last))
    return [first + datetime.timedelta(days) for days in range(0, (last - first).days + 1, 7)]


def references(agency):
    """What the tasks of a schedule are to be called, and who leads them, by the week that each is of."""
    leads, first, last, _ = {**SCHEDULES, **OWN}[agency]
    for monday in weeks(first, last):
        year, week, _ = monday.isocalendar()
        merged = time_of(monday) >= MERGED_MS
        name = f"{WEEKLY}/{year}-W{week:02}" + (f"/{agency}" if merged and agency in HEIRS else "")
        today = sorted({HEIRS.get(lead, lead) for lead in leads} if merged else leads)
        yield from ((name if len(today) == 1 else f"{name}/{lead}", lead) for lead in today)


def lines_of(tally, names):
    """The page as it is piped: what stands in it, and in which column, by the journal."""
    columns = ("assigned", "open", "on_time", "late", "overdue", "worst_delay", "open_escalations", "submitted", "undecided", "silent")
    total = {name: (max if name == "worst_delay" else sum)(counts[name] for counts in tally.agencies.values()) for name in columns}
    for agency, counts in [*tally.agencies.items(), ("total", total)]:
        yield "\t".join([agency, names.get(agency, ""), *(str(counts[name]) for name in columns)])
    yield from targets.lines_of(tally.targets)
    for level, counts in tally.levels.items():
        yield "\t".join([f"level {level}", *(str(counts[how]) for how in ("open", "acknowledged", "ended"))])
    for line in tally.tasks.values():
        yield "\t".join([line["reference"], line["lead"], tally.answers.get(line["reference"]) or line["state"], line["timeliness"],
                         line["due_day"], day_of(line["submitted"]) if line["submitted"] else "", line["title"]])


class Year:
    """A part of the demonstration: it has `ctl`, `contexts` by agency, and `admin`."""

    def set_schedule(self, agency, schedules):
        leads, first, last, options = schedules[agency]
        self.ctl("schedule", "set", WEEKLY, "--period", "weekly", "--to", ",".join(leads), "--title", "Báo cáo tuần", "--kind", "report",
                 "--due", "4wd", "--policy", "directive", "--from", first, "--until", last, *options, context=self.contexts[agency],
                 quiet=True)

    def set_stand_in(self):
        self.ctl("agency", "stand-in", ABSENT, STANDS_IN, "--from", ABSENCE[1], "--until", ABSENCE[2], context=self.contexts["ubh"], quiet=True)

    def merge(self):
        """The districts are abolished, and the province becomes a part of another: each agency's place is another's from that day on."""
        admin = os.path.join(self.directory, "tu-ld-admin.context")
        self.ctl("agency", "set", "tu-ld", "--name", "Tỉnh ủy Lâm Đồng", "--sort", "party", quiet=True)
        self.ctl("key", "new", "tu-ld", "--rights", "act,administer", "--label", "quản trị", "--out", admin, quiet=True)
        self.ctl("apply", "-f", MERGER, context=admin, quiet=True)
        self.old, self.admin = sorted(self.contexts), admin
        self.new = sorted({HEIRS[agency] for agency in self.old} | {lead for leads, *_ in OWN.values() for lead in leads})
        for agency in self.new:
            self.contexts[agency] = os.path.join(self.directory, agency + ".context")
            self.ctl("key", "new", agency, "--out", self.contexts[agency], quiet=True)
        for agency in OWN:
            self.set_schedule(agency, OWN)
        print(f"{len(HEIRS)} agencies end with {day_of(MERGED_MS - 1)}; {len(set(HEIRS.values()))} of the commune and the province take their place")

    # ---- held against the journal ----

    def check_year(self, page, tally, ledger):
        return (self.check_lines(page, tally) + self.check_opinions(page, tally) + self.check_weekly(tally) + self.check_stand_in(tally)
                + self.check_custody(tally) + targets.check(page, tally) + self.check_merger(tally, ledger))

    def check_lines(self, page, tally):
        """Each line of the page as it is printed: by agency, by level of escalation, by task."""
        names = {agency["agency"]: agency["name"] for agency in tally.journal.agencies.values()}
        told = self.ctl("report", "--tasks", quiet=True).splitlines()
        counted = list(lines_of(tally, names))
        problems = [f"the page says {line!r}, the journal does not" for line in sorted(set(told) - set(counted))]
        problems += [f"the journal says {line!r}, the page does not" for line in sorted(set(counted) - set(told))]
        if len(told) != len(counted):
            problems.append(f"the page has {len(told)} lines, by the journal {len(counted)}")
        if {task["task"] for task in page["tasks"]} != set(tally.tasks):
            problems.append("the page has other tasks than the journal")
        print(f"{len(told)} lines of the page recounted from the journal, by agency, by level of escalation and by task: "
              f"{'each the same' if not problems else 'NOT THE SAME'}")
        return problems

    def check_opinions(self, page, tally):
        problems, reference = [], f"HT-{CONSULTED:03}"
        asked = {task["reference"]: {one["agency"]: (one["state"], one.get("silent_days", 0)) for one in task["opinions"]}
                 for task in page["tasks"] if task.get("opinions")}
        counted = {tally.tasks[task]["reference"]: {agency: (one["state"], tally.silent_days(one)) for agency, one in opinions.items()}
                   for task, opinions in tally.opinions.items() if opinions}
        if asked != counted:
            problems.append(f"the page says of opinions {asked}, the journal {counted}")
        states = {agency: state for agency, (state, _) in counted.get(reference, {}).items()}
        if list(counted) != [reference] or states != {agency: "silent" if agency == SILENT else "given" for agency in ASKED}:
            problems.append(f"one opinion was to come and one not, and it was {counted}")
        for agency, (state, days) in counted.get(reference, {}).items():
            print(f"opinion on {reference}: {agency} {state}" + (f", silent for {days} working days, which is on record" if days else ""))
        if not counted.get(reference, {}).get(SILENT, (None, 0))[1]:
            problems.append("no day of silence was counted")
        went_on = [record["seq"] for task, records in tally.journal.tasks.items() for record in records
                   if record["reference"] == reference and record.get("action") == "report" and SILENT in record.get("note", "")]
        if not went_on:
            problems.append("the lead did not go on without the opinion")
        return problems

    def check_weekly(self, tally):
        problems = []
        lines = [line for line in tally.tasks.values() if line["scheduled"]]
        for agency, stands in ((agency, tally.stands(agency)) for agency in (*SCHEDULES, *OWN)):
            own = [line for line in lines if line["scheduled"]["assigner"] == agency]
            meant, made = sorted(references(agency)), sorted((line["reference"], line["given"]) for line in own)
            with Coord(self.contexts[stands], timeout=90) as coord:
                schedule = coord.call("schedule_get", schedule=WEEKLY, assigner=agency)["schedule"]
            periods = len({line["scheduled"]["period"] for line in own})
            if made != meant:
                problems.append(f"by {agency}'s {WEEKLY} were made {made}, and not {meant}")
            if (schedule["periods"], schedule["made"], schedule.get("set_by", agency)) != (periods, len(own), agency):
                problems.append(f"{agency}'s {WEEKLY} says {schedule}, the journal {periods} periods and {len(own)} tasks")
            late = [line["reference"] for line in own if line["timeliness"] == "late"]
            print(f"weekly reports by {agency}'s {WEEKLY}" + (f", now of {stands}" if stands != agency else "") + f": {len(own)} in {periods} weeks, "
                  f"{sum(line['timeliness'] == 'on_time' and line['state'] == 'completed' for line in own)} in time, {len(late)} late"
                  + (f" ({', '.join(late)})" if late else ""))
        if f"{WEEKLY}/{'/'.join(LATE)}" not in [line["reference"] for line in lines if line["timeliness"] == "late"]:
            problems.append(f"{LATE[1]}'s report of {LATE[0]} was to be late")
        names = [(line["assigner"], line["reference"]) for line in lines]
        problems += [f"two tasks are called {name}" for name in sorted(set(names)) if names.count(name) > 1]
        return problems

    def check_stand_in(self, tally):
        report = f"{WEEKLY}/{ABSENCE[0]}/{ABSENT}"
        wanted = {(report, ABSENT, STANDS_IN): ["accept", "submit"]}
        print(f"in {ABSENCE[0]} {STANDS_IN} stood in for {ABSENT}: " + ", ".join(f"{' and '.join(did)} of {one[0]}" for one, did in tally.in_names.items()))
        return [] if tally.in_names == wanted else [f"in another's name was done {tally.in_names}, and not {wanted}"]

    def check_custody(self, tally):
        """Whose clock ran: each turn, and that of the working time since the assignment nothing is left over or counted twice."""
        problems, before, total = [], 0, 0
        with Coord(self.admin, timeout=90) as coord:
            for task in tally.tasks:
                told, now = coord.call("task_custody", task=task), coord.call("hello")["time"]
                least, most = tally.custody(task, tally.now), tally.custody(task, now)  # the clock stands all but still
                turns = [(turn["agency"], turn["charge"], turn["since"], turn.get("until"), turn["worked"]) for turn in told["turns"]]
                is_so = len(turns) == len(least) and told["elapsed"] == sum(turn[4] for turn in turns) and all(
                    one[:3] == other[:3] and one[3] in (other[3], None) and other[4] <= one[4] <= last[4]
                    for one, other, last in zip(turns, least, most))
                if not is_so or any(turn[3] is None for turn in turns[:-1]):
                    problems.append(f"the clock of {tally.tasks[task]['reference']} ran {turns}, by the journal {least}")
                before += sum(turn[4] for turn in least if turn[0] in HEIRS)
                total += sum(turn[4] for turn in least)
        print(f"whose clock ran: {total / 3600000:,.0f} hours of working time, {before / 3600000:,.0f} of them by agencies that are gone, "
              "under their own names")
        return problems

    def check_merger(self, tally, ledger):
        problems = []
        gone = sorted(agency for agency in HEIRS if agency in tally.agencies)
        if gone:
            problems.append(f"agencies that are gone are still on the page: {gone}")
        moved = [line for line in tally.tasks.values() if line["led"] in HEIRS and line["state"] not in ("completed", "cancelled")]
        done = [line for line in tally.tasks.values() if line["gave"] in HEIRS and line["led"] not in HEIRS and line["state"] == "completed"]
        left = [entry for entry in ledger if "left" in entry]
        for entry in left:
            time, to = tally.told.get(entry["left"], (0, []))
            if time >= MERGED_MS or entry["agency"] not in [HEIRS.get(agency) for agency in to]:
                problems.append(f"{entry['agency']} was told of record {entry['left']}, which was not left to it")
        if len({(entry["agency"], entry["left"]) for entry in left}) != len(left):
            problems.append("something that was left was told twice")
        if not left or not done or not moved:
            problems.append(f"of {len(left)} notifications, {len(done)} tasks that were done and {len(moved)} that are open something was to be left")
        print(f"{len(left)} notifications that the agencies of before had not dealt with reached those in their place, each once; "
              f"{len(done)} tasks that these were left are done, {len(moved)} stay open")
        return problems
