"""Several brokers of one store in PostgreSQL, who writes at them, and what came of it."""
import json
import signal
import subprocess
import threading
import time

from harness import COORDCTL, Broker, Coord, CoordError, TimedOut, Unreachable, postgresql, read_context
from on_postgres import OnPostgres, Second
from breaking import Breaking

LEASE = 3   # seconds: the default
AMPLE = 15  # whom a lead was for has one, and all others two: between them its giver takes it back, however slow the machine is
LONG = 60   # the longest: where nobody is to be overtaken, however slow the machine is
HANGS = 300  # what did not happen by then never will
PATIENT = 120  # a call that waits for a leader on a slow machine
LEADS = "leads from here on"
MAY_WAIT = "nobody answers there; it waits for its turn, being a candidate, or is not there"  # doctor's words


class First(Broker):
    """Leads once it has started."""

    def start(self):
        super().start()
        wait_for(lambda: LEADS in self.read_log(), "it does not lead")
        return self


def wait_for(happened, what):
    """What it answers, once that is something."""
    ends = time.monotonic() + HANGS
    while not (found := happened()):
        if time.monotonic() > ends:
            raise AssertionError(what)
        time.sleep(0.02)
    return found


# ---- work, and what came of it ----

class Writer(threading.Thread):
    """Reports on a task until it is told to end; `ledger` has what was acknowledged: the note, the sequence, and when."""

    def __init__(self, name, report):
        super().__init__(daemon=True)
        self.name, self.report = name, report
        self.ledger, self.ending, self.failure = [], threading.Event(), None

    def run(self):
        number = 0
        try:
            while not self.ending.is_set():
                number += 1
                note = f"{self.name}-{number}"
                self.ledger.append((note, self.report(note), time.monotonic()))
        except Exception as failure:
            self.failure = failure
            raise


class Seeker(Writer):
    """At whichever broker leads: told who does, it goes there; unanswered, to the next. `refused` has what it was refused with."""

    def __init__(self, name, test, task):
        super().__init__(name, self.seek_and_report)
        self.task, self.refused = task, []
        self.clients = {broker.endpoint: test.client(dict(test.huyen_context, endpoint=broker.endpoint)) for broker in test.brokers}
        self.endpoint = test.broker.endpoint

    def seek_and_report(self, note):
        while True:
            try:
                return self.clients[self.endpoint].call("report", id=note, task=self.task, percent=1, note=note, timeout=1)["seq"]
            except CoordError as refusal:
                self.refused.append(refusal.name)
                if refusal.name != "not_leader":
                    raise
                self.go_on(refusal.fields.get("leader"))
            except (TimedOut, Unreachable):
                self.go_on(None)

    def go_on(self, leader):
        endpoints = list(self.clients)
        self.endpoint = leader if leader in self.clients else endpoints[(endpoints.index(self.endpoint) + 1) % len(endpoints)]


def reports_on(task, client):
    """The notes of the reports on a task, each of which is there once, with their sequences."""
    notes = {}
    for record in client.pages("task_history", task=task, limit=1000):
        if record.get("action") == "report":
            assert record["note"] not in notes, f"done twice: {record['note']}"
            notes[record["note"]] = record["seq"]
    return notes


def end_writers(test, client):
    """Ends them; then what was acknowledged is there, once, and nothing else."""
    for writer in test.writers:
        writer.ending.set()
    for writer in test.writers:
        writer.join()
    acknowledged = {note: seq for writer in test.writers for note, seq, _ in writer.ledger}
    test.assertEqual(reports_on(test.task, client), acknowledged)
    return acknowledged


def tell_pause(what, test):
    """Says what the work has shown, and returns the longest time in which nothing was acknowledged."""
    times = sorted(at for writer in test.writers for _, _, at in writer.ledger)
    longest = max(after - before for before, after in zip(times, times[1:]))
    print(f"measured {what}: {longest:.2f} s without a leader, {len(times)} acknowledged, 0 lost, 0 doubled, lease {test.lease} s")
    return longest


# ---- the brokers ----

class Several(OnPostgres):
    """Brokers for one store, the first of which leads."""
    lease = LONG
    settings = {}

    def make_broker(self):
        return First(server=postgresql(), role="follower", lease_seconds=self.lease, **self.settings)

    def setUp(self):
        super().setUp()
        self.brokers = [self.broker]
        self.second = self.follower("second")
        self.there, self.there_huyen = self.at(self.second), self.at(self.second, self.huyen_context)

    def follower(self, name, **journal):
        broker = Second(self.broker, name, **journal)
        self.addCleanup(broker.end, signal.SIGKILL)
        broker.start()
        self.brokers.append(broker)
        client = self.at(broker)
        wait_for(lambda: "leader" in client.call("hello"), "it does not know who leads")
        return broker

    def at(self, broker, context=None):
        return self.client(dict(context or read_context(self.broker.admin), endpoint=broker.endpoint))

    def leads(self, broker):
        wait_for(lambda: LEADS in broker.read_log(), "it does not lead")

    def newest(self):
        return self.admin.call("status")["seq"]

    def begin(self, writers=3):
        self.task = self.assign()
        self.huyen.call("accept", task=self.task)
        self.writers = [Seeker(f"w{number}", self, self.task) for number in range(writers)]
        for writer in self.writers:
            writer.start()
        self.go_on(10)

    def go_on(self, more):
        """Until each writer has so many acknowledged beyond what it had."""
        wanted = [len(writer.ledger) + more for writer in self.writers]
        while any(len(writer.ledger) < most for writer, most in zip(self.writers, wanted)):
            for writer in self.writers:
                self.assertIsNone(writer.failure)
            time.sleep(0.02)

    def end_work(self, what, client):
        end_writers(self, client)
        return tell_pause(what, self)

    def everything(self, client, seq):
        """All that can be read, by who may read all of it."""
        tasks = list(client.pages("task_list", limit=1000, at_least=seq))
        lists = {op: list(client.pages(op, limit=1000))
                 for op in ("agency_list", "key_list", "calendar_list", "policy_list", "document_list", "schedule_list", "hot_spot_list",
                            "escalation_list")}
        each = [{op: {name: value for name, value in client.call(op, task=task["task"]).items() if name not in ("id", "as_of", "lag_ms")}
                 for op in ("task_get", "task_history")} for task in tasks]
        return tasks, lists, each

    def alike(self, one, other):
        """Two brokers stand alike at the newest record; of what depends on the time, each is asked until both are of one instant."""
        seq, ends = self.newest(), time.monotonic() + HANGS
        while (here := self.everything(one, seq)) != (there := self.everything(other, seq)):
            if time.monotonic() > ends:
                self.assertEqual(here, there)


class Proxied(Several):
    """The follower reaches the store through what can be cut."""

    def follower(self, name):
        self.proxy = Breaking(postgresql().port, seed=1)
        self.proxy.breaks = False
        self.addCleanup(self.proxy.close)
        return super().follower(name, hosts=f"127.0.0.1:{self.proxy.port}", tls="off")


class Three(Several):
    """Three of them, a task, and clients whose contexts name several."""

    def setUp(self):
        super().setUp()
        self.follower("third")
        self.all = self.named(self.brokers)
        self.task = self.assign()
        self.accepted = self.huyen.call("accept", task=self.task)["seq"]

    @staticmethod
    def named(brokers):
        return ", ".join(broker.endpoint for broker in brokers)

    def among(self, brokers, context=None, **options):
        """A client that knows these, in this order."""
        return self.client(dict(context or self.huyen_context, endpoint=self.named(brokers)), **options)

    def file_of(self, brokers, context=None):
        """A context file that names these, in this order."""
        return self.context_file(dict(context or read_context(self.broker.admin), endpoint=self.named(brokers)))

    def leader(self):
        """The broker that says that it leads, once one does."""
        return wait_for(lambda: next((broker for broker in self.brokers if broker.process and self.role_of(broker) == "leader"), None),
                        "nobody leads")

    def role_of(self, broker):
        with Coord(dict(read_context(self.broker.admin), endpoint=broker.endpoint), timeout=5) as client:
            try:
                return client.call("hello")["role"]
            except Exception:
                return None

    def reports(self):
        return reports_on(self.task, self.among(self.brokers))

    def by_coordctl(self, path, note):
        run = subprocess.run([COORDCTL, "--context", path, "--timeout", str(PATIENT), "--json", "task", "report", f"@{self.task}",
                              "--percent", "1", "--note", note], capture_output=True, text=True, timeout=PATIENT + 60, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return json.loads(run.stdout)["seq"]
