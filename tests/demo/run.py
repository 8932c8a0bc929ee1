#!/usr/bin/env python3
"""The Ham Tan programme through a real broker, from assignment to the leaders' page, on a rehearsal clock.

Usage: run.py --build DIR [--keep]. With --keep the broker goes on afterwards, and what to type next is printed.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "clients", "python"), os.path.join(ROOT, "tests", "rig"), HERE]
from coord import Coord  # noqa: E402
from ports import free_port  # noqa: E402
from agency import ANSWERS, BOUNCED, BOUNCES, EXTENSIONS, PASSED_AS, WITHDRAWN  # noqa: E402
import targets  # noqa: E402
from tally import Tally  # noqa: E402
from web import Web  # noqa: E402
from work import DAY as DAY_MS  # noqa: E402
from work import day_of, time_of  # noqa: E402
from year import HEIRS, MERGED_MS, SCHEDULES, Year  # noqa: E402

BEGINS, ENDS = "2024-05-06", "2025-07-25"
KILLED, QUIET, STIRS, MERGES = "2024-09-03", "2025-01-31", "2025-06-13", "2025-06-28"  # the year's parts begin on these days
FIRST_DAYS, FIRST_SPEED = 10, 1.0  # a lead has one working day to accept: two seconds, so that a busy machine is no excuse
SPEED = 7.0  # days in a second, afterwards
QUIET_SPEED = 25.0  # while nothing is due but what is late already
STILL = 0.0001  # while agencies join, and while the page is made
PROGRAMME = os.path.join(ROOT, "tests", "data", "programme.json")
PRESETS = os.path.join(ROOT, "clients", "presets")
PRINTED_EVERY = 0.25  # seconds between two reminders or overdue notices; new escalations are shown all
COLOURS = {"reminder": "33", "overdue": "31", "escalated": "1;31", "acknowledged": "32"}
HOT_SPOT, HOT_AT, HOT_COUNT, HOT_TOLD = "cham-ubh", "ubh", 10, "btv-hu"  # so much that is late under it is too much
# Who may look at the page, of which agency: a leader, and the office that gave most of the tasks.
WEB_USERS = {"lanhdao": ("tu-ld", "Lê Quang Huy"), "vanphong": ("btv-du-ht", "Trần Văn Minh")}
WATCHERS = "tu", "ubt"


def coloured(text, colour):
    return f"\033[{colour}m{text}\033[0m" if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else text


def say(text):
    print("\n" + coloured(f"==> {text}", "1"), flush=True)


def cut(text, width):
    return text if len(text) <= width else text[:width - 1] + "…"


class Demo(Year):
    def __init__(self, build):
        self.coordd, self.coordctl = os.path.join(build, "coordd"), os.path.join(build, "coordctl")
        self.directory = tempfile.mkdtemp(prefix="coordd-demo-")
        self.store = os.path.join(self.directory, "store")
        self.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.admin = os.path.join(self.store, "admin.context")
        self.broker, self.agencies, self.watchers, self.showing, self.contexts = None, [], [], [], {}
        self.web = Web(self, build)
        self.shown, self.counts, self.lock, self.last_shown = set(), {}, threading.Lock(), 0.0
        self.width = shutil.get_terminal_size((140, 40)).columns

    # ---- broker and commands ----

    def start(self, speed, day=None):
        """From where the clock stood, or from a later day on."""
        path = os.path.join(self.directory, "notify")
        if os.path.exists(path):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, \
                open(os.path.join(self.directory, "log"), "ab") as log:
            listener.bind(path)
            listener.settimeout(300)
            self.broker = subprocess.Popen(
                [self.coordd, "run", "--dir", self.store, "--listen", self.endpoint, "--speed", str(speed),
                 *(["--rehearse", day] if day else [])], stdout=log, stderr=log, start_new_session=True,
                env=dict(os.environ, NOTIFY_SOCKET=path))
            while b"READY=1" not in listener.recv(4096):
                pass

    def end(self, number):
        self.broker.send_signal(number)
        self.broker.wait(300)

    def ctl(self, *arguments, context=None, quiet=False):
        run = subprocess.run([self.coordctl, *arguments], check=True, text=True, capture_output=True,
                             env=dict(os.environ, COORD_CONTEXT=context or self.admin, TZ="<+07>-7"))
        if not quiet:
            print(run.stdout, end="", flush=True)
        return run.stdout

    def set_up(self):
        subprocess.run([self.coordd, "init", "--dir", self.store, "--agency", "tu", "--name", "Tỉnh ủy Bình Thuận",
                        "--listen", self.endpoint, "--rehearse", BEGINS], check=True, stdout=subprocess.DEVNULL)
        self.start(STILL)
        for file in ("calendar-vn.json", "policies.json"):
            self.ctl("apply", "-f", os.path.join(PRESETS, file), quiet=True)
        self.ctl("apply", "-f", os.path.join(PRESETS, "holidays-vn.ics"), quiet=True)
        self.ctl("apply", "-f", PROGRAMME, quiet=True)
        with open(PROGRAMME, encoding="utf-8") as file:
            self.programme = json.load(file)
        acting = set()
        for task in self.programme["tasks"]:
            acting |= {task["assigner"], *task["leads"], task["content"].get("supervisor", task["assigner"])}
        for agency in sorted(acting | set(WATCHERS)):
            self.contexts[agency] = os.path.join(self.directory, agency + ".context")
            self.ctl("key", "new", agency, "--out", self.contexts[agency], quiet=True)
        for agency in SCHEDULES:
            self.set_schedule(agency, SCHEDULES)
        self.set_stand_in()
        self.ctl("hot-spot", "set", HOT_SPOT, "--agency", HOT_AT, "--count", str(HOT_COUNT), "--to", HOT_TOLD, quiet=True)
        print(f"{len(self.programme['agencies'])} agencies, {len(acting)} of them with tasks to give, lead or supervise")

    def assign(self):
        for assigner in ("btv-tu", "btv-hu"):
            lines = self.ctl("apply", "-f", PROGRAMME, context=self.contexts[assigner], quiet=True).splitlines()
            print(f"{assigner} assigns {len(lines)} tasks")
        targets.set_up(self.ctl, self.contexts["btv-tu"])

    # ---- what goes on meanwhile ----

    def run_agencies(self, agencies, *heir):
        for agency in agencies:
            ledger = os.path.join(self.directory, agency + ".ledger")
            self.agencies.append(subprocess.Popen([sys.executable, os.path.join(HERE, "agency.py"), self.contexts[agency], ledger, *heir]))
        self.wait_for_streams(len(self.agencies) + len(self.watchers))
        print(f"{len(self.agencies)} agencies run, each a process of its own; {len(self.watchers)} leaders' offices watch")

    def watch(self, agencies, *place):
        """Two leaders' offices watch what is below them, in the party and in the government."""
        for agency in agencies:
            process = subprocess.Popen(
                [self.coordctl, "watch", "--json", "--subtree", *place, "--consumer", "lãnh đạo", "--notices", "reminder",
                 "--notices", "overdue", "--notices", "escalated", "--notices", "acknowledged"],
                stdout=subprocess.PIPE, text=True, env=dict(os.environ, COORD_CONTEXT=self.contexts[agency], TZ="<+07>-7"))
            showing = threading.Thread(target=self.show, args=(process,), daemon=True)
            showing.start()
            self.showing.append(showing)
            self.watchers.append(process)

    def show(self, process):
        for line in process.stdout:
            record = json.loads(line)
            with self.lock:
                if record["seq"] in self.shown:
                    continue
                self.shown.add(record["seq"])
                what = record["notice"] + (f" {record['level']}" if record["notice"] == "escalated" else "")
                self.counts[what] = self.counts.get(what, 0) + 1
                now = time.monotonic()
                if "addressed" in record or now - self.last_shown > PRINTED_EVERY:
                    self.print_notice(record, what)
                    self.last_shown = now

    def print_notice(self, record, what):
        """One line: when, what, which task and why, and as much of its title as there is room for."""
        line = f"{record['time'][:10]}  {what:13} {record['reference']}  {record['reason']}"
        room = self.width - len(line) - 3
        title = f"  “{cut(record['title'], room - 1)}”" if room > 12 else ""
        print(coloured(cut(line, self.width), COLOURS[record["notice"]]) + title, flush=True)

    def wait_for_streams(self, count):
        with Coord(self.admin, timeout=90) as coord:
            while coord.call("status")["streams"] < count:
                time.sleep(0.02)

    def show_page(self):
        """On our own standard output, so that a terminal gets its colours."""
        sys.stdout.flush()
        subprocess.run([self.coordctl, "report", "--tasks", "--table"], check=True,
                       env=dict(os.environ, COORD_CONTEXT=self.admin, TZ="<+07>-7"))

    def wait_until(self, time_ms):
        with Coord(self.admin, timeout=90) as coord:
            while coord.call("hello")["time"] < time_ms:
                time.sleep(0.2)

    def crash(self):
        with Coord(self.admin, timeout=90) as coord:
            seq = coord.call("hello")["seq"]
            self.end(signal.SIGKILL)
            began = time.monotonic()
            self.start(SPEED)  # the others' clients go on by themselves
            again = coord.call("hello")["seq"]
        print(f"killed at record {seq}, ready again after {time.monotonic() - began:.2f} s with record {again}")
        if again < seq:
            raise SystemExit("an acknowledged record is gone")

    def go_on(self, speed, day=None):
        self.end(signal.SIGTERM)
        self.start(speed, day)

    def send_home(self):
        for process in self.agencies + self.watchers:
            process.send_signal(signal.SIGTERM)
            process.wait(300)
        for showing in self.showing:
            showing.join()  # it has read all that the watcher said
        self.agencies, self.watchers, self.showing = [], [], []

    def quiet(self):
        """The agencies go home, and the clock stands still: from here on the page cannot change."""
        self.send_home()
        self.go_on(STILL)

    # ---- the page for a browser ----

    def serve(self):
        self.web.configure(sorted({agency for agency, _ in WEB_USERS.values()}))
        for user, (agency, officer) in WEB_USERS.items():
            self.web.add_user(user, agency, officer)
        self.web.start()

    def check_web(self):
        """What a leader's browser is shown is what coordctl says with that agency's key."""
        agency, officer = WEB_USERS["lanhdao"]
        page, overview = self.web.overview("lanhdao")
        report = json.loads(self.ctl("report", "--json", context=self.contexts[agency], quiet=True))
        total = {name: sum(counts[name] for counts in overview["agencies"].values()) for name in ("assigned", "open", "overdue", "open_escalations")}
        is_built = 'type="module"' in page
        print(f"{self.web.url} shows {officer} of {agency}, signed in by a one-time link: {total['assigned']} tasks, {total['open']} of them open, "
              f"{total['overdue']} overdue, {total['open_escalations']} escalations unacknowledged; "
              + ("the pages are built" if is_built else "the pages themselves are not built: it takes node and npm"))
        problems = [f"the page says of {lead} {overview['agencies'].get(lead)}, coordctl report {counts}"
                    for lead, counts in report["agencies"].items()
                    if {name: overview["agencies"].get(lead, {}).get(name) for name in counts} != counts]
        if set(report["agencies"]) != set(overview["agencies"]) or report["escalations"] != overview["escalations"]:
            problems.append("the page and coordctl report name other agencies, or count other escalations")
        if is_built != os.path.exists(os.path.join(self.web.front, "index.html")):
            problems.append("the page that was served is not the one that was built: " + page[:200])
        return problems

    # ---- the end ----

    def check(self):
        ledger = []
        for agency in self.contexts:
            path = os.path.join(self.directory, agency + ".ledger")
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    ledger += [json.loads(line) for line in file]
        with Coord(self.admin, timeout=90) as coord:
            tally = Tally(coord)
        changes = [entry for entry in ledger if "left" not in entry]
        lost = [entry for entry in changes if tally.requests.get(entry["id"]) != entry["seq"]]
        page = json.loads(self.ctl("report", "--json", "--tasks", quiet=True))
        problems = [f"{len(lost)} acknowledged changes are not in the journal"] if lost else []
        if page["agencies"] != tally.agencies:
            problems += [f"{lead}: the report says {page['agencies'].get(lead)}, the journal {tally.agencies.get(lead)}"
                         for lead in sorted(set(page["agencies"]) | set(tally.agencies))
                         if page["agencies"].get(lead) != tally.agencies.get(lead)]
        references = sorted(task["reference"] for task in page["tasks"] if task["reference"].startswith("HT-"))
        passed_on = [f"HT-{number:03}{PASSED_AS}" for number, answer in ANSWERS.items() if answer[0] == "passed_on"]
        if references != sorted([task["reference"] for task in self.programme["tasks"]] + passed_on):
            problems.append("the page does not hold every task exactly once")
        problems += self.check_upward(page, tally, passed_on)
        problems += self.check_bounced(page, tally)
        problems += self.check_hot_spot(tally)
        problems += self.check_coverage(tally)
        problems += self.check_year(page, tally, ledger)
        for what in ("reminder", "overdue", "escalated 1", "escalated 2", "escalated 3", "acknowledged"):
            if not tally.notices.get(what):
                problems.append(f"there was no notification: {what}")
            if not self.counts.get(what):
                problems.append(f"the leaders' offices were not told: {what}")
        print(f"{len(changes)} changes acknowledged to the agencies, {len(lost)} of them lost; the totals from the journal's "
              f"history, by the Python client, are {'the same' if page['agencies'] == tally.agencies else 'OTHERS'}")
        print("notifications in the journal: " + ", ".join(f"{count} {what}" for what, count in sorted(tally.notices.items())))
        return problems

    def check_coverage(self, tally):
        """Which paragraphs of the documents are carried out by which tasks: by the broker, and by the journal."""
        problems = []
        for document in self.programme["documents"]:
            number = document["document"]
            told = json.loads(self.ctl("document", "coverage", number, "--json", quiet=True))
            counted = {one["paragraph"]: {name: count for name, count in one.items() if name != "paragraph"}
                       for one in told["paragraphs"] if "paragraph" in one}
            meant = {paragraph: counts for (of, paragraph), counts in tally.covered.items() if of == number}
            none = sorted(paragraph for paragraph, counts in counted.items() if not counts["tasks"])
            sums = {name: sum(counts[name] for counts in counted.values()) for name in ("tasks", "open", "completed", "overdue")}
            print(f"{number}: {len(counted)} paragraphs, {len(none)} of them without a task; {sums['tasks']} tasks, {sums['open']} open "
                  f"({sums['overdue']} overdue), {sums['completed']} completed")
            if counted != meant:
                problems.append(f"the coverage of {number} is {counted}, and by the journal {meant}")
            if none or set(counted) != {one["paragraph"] for one in document["paragraphs"]}:
                problems.append(f"not all of {number} is carried out: {none}")
        return problems

    def check_upward(self, page, tally, passed_on):
        """What was sent upward, and what leads asked: by the page, by the journal, and as the agencies are told to do."""
        answers = {task["reference"]: task.get("answer") for task in page["tasks"] if task["kind"] == "recommendation"}
        asked = {task["reference"]: [(one["asking"], one.get("outcome")) for one in task["asks"]]
                 for task in page["tasks"] if task.get("asks")}
        meant = {task["reference"]: ANSWERS.get(int(task["reference"][3:]), (None,))[0] for task in self.programme["tasks"]
                 if task["content"]["kind"] == "recommendation"}
        meant.update(dict.fromkeys(passed_on, "agreed"))
        asks = {f"HT-{number:03}": [("extension", "granted" if grants else "denied")] for number, grants in EXTENSIONS.items()}
        asks[f"HT-{WITHDRAWN:03}"] = [("withdrawal", "granted")]
        asks[f"HT-{BOUNCED:03}"] = [("transfer", "granted")] * (len(BOUNCES) - 1)
        print("recommendations: " + ", ".join(f"{reference} {answer or 'never answered, and escalated'}"
                                              for reference, answer in sorted(answers.items())))
        print("requests of leads: " + ", ".join(f"{reference} {asking} {outcome}" for reference, ones in sorted(asked.items())
                                                for asking, outcome in ones))
        from_journal = {reference: list(ones.values()) for reference, ones in tally.asked.items()}
        problems = [] if answers == tally.answers and asked == from_journal else [
            f"the page and the journal differ: {answers} and {tally.answers}, {asked} and {from_journal}"]
        if answers != meant or asked != asks:
            problems.append(f"not all went as it was to go: {answers} and not {meant}, {asked} and not {asks}")
        silent = [task for task in page["tasks"] if task["kind"] == "recommendation" and not task.get("answer")]
        problems += [f"nobody was told that {task['reference']} is not answered" for task in silent if not task.get("escalations")]
        return problems

    def check_bounced(self, page, tally):
        """The task that went from lead to lead: by the page, by the journal, and that the third time went up to level 3."""
        shown = {task["reference"]: task for task in page["tasks"] if task.get("bounces")}
        leads = {reference: [*task["led"], tally.tasks[task["task"]]["led"]] for reference, task in shown.items()}
        reference = f"HT-{BOUNCED:03}"
        for one, chain in leads.items():
            print(f"passed on {len(chain) - 1} times: {one}, {' → '.join(chain)}")
        problems = [] if leads == tally.bounced == {reference: list(BOUNCES)} else [
            f"passed on were {leads} by the page, {tally.bounced} by the journal"]
        ups = tally.pushed_up.get(reference, [])
        if list(tally.pushed_up) != [reference] or [one[:2] for one in ups] != [(len(BOUNCES) - 1, 3)]:
            problems.append(f"what was passed on was to go up once, to level 3, and not {tally.pushed_up}")
        for _, level, addressed, escalation in ups:
            ours = [one for one in shown[reference]["escalations"] if one["escalation"] == escalation and one["level"] == level]
            wanted = sorted({tally.stands(agency) for agency in addressed})
            if not ours or sorted(ours[0]["to"]) != wanted or "step" in ours[0] or "acknowledged" in ours[0]:
                problems.append(f"the page does not show the escalation as it stands: {ours}")
            else:
                print(f"escalated because of that, at level {level} to {', '.join(addressed)}: {ours[0]['reason']}")
        return problems

    def check_hot_spot(self, tally):
        """What was told of it, one by one, against the tasks' records that were there before; and how it stands now."""
        problems, told = [], []
        told_now = self.contexts[tally.stands(HOT_TOLD)]
        with Coord(told_now, timeout=90) as coord:
            last = coord.call("hello")["seq"]
            standing = coord.call("hot_spot_get", rule=HOT_SPOT)["hot_spot"]
        with Coord(told_now, timeout=90) as coord:
            coord.call("subscribe", credit=60000, notices=["hot_spot", "hot_spot_cleared"], reached=True, **{"from": 0})
            while message := coord._records.pop(0) if coord._records else coord._receive(90):
                if message["op"] == "record" and message["seq"] <= last:
                    told.append(message)
                if message["seq"] >= last:
                    break
            else:
                problems.append(f"{HOT_TOLD} is never told that its stream came to {last}")
        for record in told:
            counted = tally.hot(HOT_AT, record["seq"], record["time"])
            raises = record["notice"] == "hot_spot"
            if record["hot_spot"]["count"] != counted or raises != (counted >= HOT_COUNT):
                problems.append(f"record {record['seq']} counts {record['hot_spot']['count']} late tasks, the journal {counted}")
        now = tally.hot(HOT_AT, last + 1, tally.now)
        if (standing["count"], "raised" in standing) != (now, now >= HOT_COUNT):
            problems.append(f"the hot spot stands at {standing['count']}, by the journal at {now}")
        notices = [record["notice"] for record in told]
        if not told or notices != (["hot_spot", "hot_spot_cleared"] * len(told))[:len(told)] or "hot_spot_cleared" not in notices:
            problems.append(f"the hot spot was to be raised and cleared, in turn: {notices}")
        print("hot spot: " + ", ".join(f"{record['notice']} with {record['hot_spot']['count']} on {day_of(record['time'])}" for record in told))
        return problems

    def next_steps(self):
        print(f"""
The broker goes on (process {self.broker.pid}); its clock all but stands still. Try:

    export COORD_CONTEXT={self.contexts['btv-du-ht']} PATH={os.path.dirname(os.path.abspath(self.coordctl))}:$PATH
    coordctl inbox
    coordctl escalation list
    coordctl task show HT-001
    coordctl help

The page for clerks and leaders is {self.web.url} (process {self.web.process.pid}). Each of these links signs in, once:

    {self.web.link('lanhdao')}    {WEB_USERS['lanhdao'][1]}, a leader: all of it
    {self.web.link('vanphong')}    {WEB_USERS['vanphong'][1]}, of btv-du-ht: what waits for that office

When you have seen enough: kill {self.web.process.pid} {self.broker.pid} && rm -r {self.directory}""")

    def remove(self):
        self.web.end()
        for process in self.agencies + self.watchers + ([self.broker] if self.broker else []):
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def tell_beginning(demo):
    say("A broker: keys, an empty store, the calendar, the policies, the agencies")
    demo.set_up()
    demo.watch(WATCHERS, "--from", "0")
    demo.run_agencies(sorted(demo.contexts))
    say(f"The programme begins, {BEGINS}: a day is a second")
    demo.go_on(FIRST_SPEED)
    demo.wait_for_streams(len(demo.contexts) + 2)
    demo.assign()
    demo.wait_until(time_of(BEGINS) + FIRST_DAYS * DAY_MS)


def tell_year(demo):
    say(f"Everybody is at work: {SPEED:g} days are a second")
    demo.go_on(SPEED)
    demo.wait_until(time_of(KILLED))
    say("The broker is killed without warning (kill -9), and started again")
    demo.crash()
    demo.wait_until(time_of(QUIET))
    say(f"What is due was handed in, or is late: {QUIET_SPEED:g} days are a second")
    demo.go_on(QUIET_SPEED)
    demo.wait_until(time_of(STIRS))
    demo.go_on(SPEED)
    demo.wait_until(time_of(MERGES))


def tell_merger(demo):
    """The offices close a day before, and what they are told after that is left to those in their place."""
    say(f"{day_of(MERGED_MS)}: districts are abolished, and the province becomes a part of another")
    demo.go_on(FIRST_SPEED)
    demo.wait_until(MERGED_MS - 1.5 * DAY_MS)
    demo.send_home()
    demo.wait_until(MERGED_MS - 0.7 * DAY_MS)  # the week's reports were asked for by then
    demo.go_on(STILL)
    demo.merge()
    demo.go_on(STILL, day_of(MERGED_MS))
    demo.watch([HEIRS[agency] for agency in WATCHERS])
    demo.run_agencies(demo.new, "heir")
    demo.go_on(FIRST_SPEED)
    demo.wait_for_streams(len(demo.new) + len(WATCHERS))
    demo.wait_until(MERGED_MS + DAY_MS)
    demo.go_on(SPEED)
    demo.wait_until(time_of(ENDS))


def tell_story(demo):
    tell_beginning(demo)
    tell_year(demo)
    tell_merger(demo)
    demo.quiet()
    say("The leaders' page")
    demo.show_page()
    say("Held against the journal")
    problems = demo.check()
    say("The page in a browser")
    demo.serve()
    return problems + demo.check_web()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    demo = Demo(os.path.abspath(arguments.build))
    kept, began = False, time.monotonic()
    try:
        problems = tell_story(demo)
        for problem in problems:
            print("NOT AS IT SHOULD BE: " + problem)
        if not problems and arguments.keep:
            demo.next_steps()
            kept = True
        print("" if kept else "\n" + ("demo: FAILED" if problems else f"demo: all is as it should be ({time.monotonic() - began:.0f} s)"))
        return 1 if problems else 0
    finally:
        if not kept:
            demo.remove()


if __name__ == "__main__":
    sys.exit(main())
