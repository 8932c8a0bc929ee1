"""Who reads at each coordd while the writers work and faults happen, and holds every answer to what it says of itself: it has what `at_least`
asks for, all that was acknowledged up to `as_of`, and all that was acknowledged `lag_ms` before it was asked. Who leads says neither, and has
everything. What anybody was shown is there in the end."""
import threading
import time

from coord import Coord, CoordError, TimedOut, Unreachable

ANSWER_SECONDS = 5
PAUSE_SECONDS = 0.1
PAGE = 40  # of the task's newest records
ROUND_MS = 1  # lag_ms is told in whole ones


class Reader(threading.Thread):
    """At one coordd, whoever that is: it follows, leads, is gone. `first`: the record that has the task there; `ledger` returns what each writer
    was acknowledged: (sequence, note, when)."""

    def __init__(self, context, machine, task, first, ledger):
        super().__init__(daemon=True)
        self.machine, self.task, self.first, self.ledger = machine, task, first, ledger
        self.context = dict(context, endpoint=machine.endpoint)
        self.followed = self.led = self.refused = self.silent = 0
        self.lags, self.seen = [], {}  # how old the answers said they are; the note of each report in them, by its sequence
        self.ending, self.failure = threading.Event(), None

    def run(self):
        try:
            with Coord(self.context, ANSWER_SECONDS) as client:
                while not self.ending.is_set():
                    self.read(client, (self.followed + self.led) % 2 == 0)
                    time.sleep(PAUSE_SECONDS)
        except Exception as failure:
            self.failure = failure

    def read(self, client, own):
        """`own`: it wants to see the newest that was acknowledged to anybody; else it takes what there is, and what that says of its age."""
        before = self.ledger()
        newest = max((seq for seq, _, _ in before), default=self.first)
        asked = time.monotonic()
        try:
            reply = client.call("task_history", task=self.task, limit=PAGE, **({"at_least": newest} if own else {}))
        except CoordError as refusal:
            if refusal.name not in ("behind", "stopping"):
                raise
            self.refused += 1
            return
        except (TimedOut, Unreachable):
            self.silent += 1
            return
        self.hold(reply, newest if own else 0, before, asked)

    def hold(self, reply, at_least, before, asked):
        follows = "as_of" in reply
        assert follows == ("lag_ms" in reply), reply
        as_of, lag_seconds = (reply["as_of"], (reply["lag_ms"] + ROUND_MS) / 1000) if follows else (float("inf"), 0)
        assert as_of >= at_least, f"{self.machine.name} answers as of {as_of}, and was asked for {at_least}"
        late = [seq for seq, _, at in before if at < asked - lag_seconds and seq > as_of]
        assert not late, f"{self.machine.name} says that it is {reply.get('lag_ms')} ms old and as of {as_of}: {late} is older than that"
        there = {record["seq"]: record.get("note", "") for record in reply["records"]}
        self.seen.update((record["seq"], record["note"]) for record in reply["records"] if record.get("action") == "report")
        oldest = min(there, default=0)
        for seq, note, _ in before:
            if oldest <= seq <= as_of:
                assert there.get(seq) == note, f"{self.machine.name} answers as of {as_of} and has no {note[:40]}, which is {seq}"
        if follows:
            self.followed += 1
            self.lags.append(reply["lag_ms"])
        else:
            self.led += 1

    def answers(self):
        if self.failure:
            raise AssertionError(f"who reads at {self.machine.name}: {self.failure!r}")
        return self.followed + self.led

    def end(self):
        self.ending.set()
        self.join(2 * ANSWER_SECONDS)
        self.answers()


def told(readers):
    """What a fault's readers came to, in words."""
    lags = sorted(lag for reader in readers for lag in reader.lags)
    age = f", {lags[len(lags) // 2]} ms old at the median, {lags[-1]} at most" if lags else ""
    return (f"{len(lags)} answers of followers{age}; {sum(reader.led for reader in readers)} of who led,"
            f" {sum(reader.refused for reader in readers)} refused, {sum(reader.silent for reader in readers)} without one")
