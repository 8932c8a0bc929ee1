"""Agencies that work on the cluster while faults happen: eight writers, four durable subscribers, one who reads at each coordd, and a ledger of
what was tried and acknowledged."""
import collections
import json
import os
import subprocess
import threading
import time

from coord import Coord, read_context
from machines import ADDRESSES, HOME
from programs import wait
from readers import Reader
from subscribers import Archive, Watch

PATIENT = 300  # seconds: a call waits so long for a leader
TOLD_SECONDS = ACKNOWLEDGED_SECONDS = ANSWERED_SECONDS = 120
ANSWERS = 4  # of each coordd, before a fault and after it
ENDPOINTS = ", ".join(f"tcp://{address}:5670" for address in ADDRESSES.values())
WRITERS, BY_LIBCOORD = 8, 2
PAUSE_SECONDS = 0.02  # of a writer between two: the processors are three machines', and etcd's elections want some of them


class Writer(threading.Thread):
    """Reports on a task, one after the other; a note each, which is also the request's id."""

    def __init__(self, name, report, ending=""):
        super().__init__(daemon=True)
        self.name, self.report, self.note_ending = name, report, ending
        self.tried, self.acknowledged, self.ending, self.failure = [], {}, threading.Event(), None
        self.times, self.ledger = [], []  # of what was acknowledged: when; (sequence, the whole note, when)

    def run(self):
        try:
            while not self.ending.is_set():
                note = f"{self.name}-{len(self.tried) + 1}"
                self.tried.append(note)
                self.acknowledged[note] = self.report(note)
                self.times.append(time.monotonic())
                self.ledger.append((self.acknowledged[note], note + self.note_ending, self.times[-1]))
                time.sleep(PAUSE_SECONDS)
        except Exception as failure:
            self.failure = failure


class Noting(Coord):
    """Notes what it is refused with, also where it goes on by itself. It begins at one of the endpoints."""

    def __init__(self, context, timeout, first):
        endpoints = ENDPOINTS.split(", ")
        first %= len(endpoints)
        super().__init__(dict(context, endpoint=", ".join(endpoints[first:] + endpoints[:first])), timeout)
        self.refused = []

    def _await(self, id, deadline):
        reply = super()._await(id, deadline)
        if reply and reply["op"] == "error":
            self.refused.append(reply["error"])
        return reply


def write_context(name, fields):
    path = os.path.join(HOME, name + ".context")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{key} = {value}\n" for key, value in fields.items())
    return path


class Office:
    """The agencies tinh and huyen, and tinh's subscribers, who are there from the first fault to the last."""

    def __init__(self, coordctl, admin_context, machines):
        import zmq
        self.coordctl = coordctl
        made = read_context(admin_context)
        assert made["endpoint"] == ENDPOINTS, made["endpoint"]  # by `advertise`
        self.tinh = made
        self.admin = Coord(self.tinh, PATIENT)
        public, secret = zmq.curve_keypair()
        self.admin.call("agency_set", agency={"agency": "huyen", "name": "Huyện", "parent": "tinh"})
        seq = self.admin.call("key_set", agency="huyen", key={"public_key": public.decode(), "label": "văn thư", "rights": ["act", "read"]})["seq"]
        for machine in machines:  # one that has not come so far would refuse the key
            with Coord(dict(made, endpoint=machine.endpoint), PATIENT) as client:
                client.call("agency_list", at_least=seq)
        self.huyen = dict(made, agency="huyen", public_key=public.decode(), secret_key=secret.decode())
        self.huyen_file, self.tinh_file = write_context("huyen", self.huyen), write_context("tinh", self.tinh)
        start = self.admin.call("status")["seq"]
        self.archives = [Archive(self.tinh, f"archive-{number}", start) for number in range(2)]
        for archive in self.archives:
            archive.start()
        self.subscribers = self.archives + [Watch(coordctl, self.tinh_file, f"watch-{number}", start) for number in range(2)]
        self.number = 0

    def end(self):
        for subscriber in self.subscribers:
            subscriber.end()

    def begin(self, note, machines, leader):
        """Two of the subscribers are then at who follows."""
        followers = [machine for machine in machines if machine is not leader]
        for archive, machine in zip(self.archives, followers):
            archive.send_to(machine.endpoint)
        for archive, machine in zip(self.archives, followers):
            wait(lambda: archive.stands_at(machine.endpoint), f"{archive.consumer} does not get to {machine.name}")
        self.number += 1
        return Work(self, self.number, note, machines)


class Work:
    """The writers of one fault."""

    def __init__(self, office, number, note, machines):
        self.office, self.note = office, note
        self.start = office.admin.call("status")["seq"]
        reply = office.admin.call("assign", reference=f"HT-{number}", leads=["huyen"], content={"title": "Rà soát hồ sơ đất công"})
        self.task = reply["tasks"][0]["task"]
        self.clients = [Noting(office.huyen, PATIENT, number) for number in range(WRITERS - BY_LIBCOORD)]
        first = self.clients[0].call("accept", task=self.task)["seq"]
        self.writers = [Writer(f"{number}-python{at}", self.by_python(client), note) for at, client in enumerate(self.clients)]
        self.writers += [Writer(f"{number}-libcoord{at}", self.by_libcoord, note) for at in range(BY_LIBCOORD)]
        for writer in self.writers:
            writer.start()
        self.readers = [Reader(office.huyen, machine, self.task, first, self.ledger) for machine in machines]
        for reader in self.readers:
            reader.start()
        self.go_on(10)
        self.read_on()

    def by_python(self, client):
        return lambda note: client.call("report", id=note, task=self.task, percent=1, note=note + self.note)["seq"]

    def by_libcoord(self, note):
        run = subprocess.run([self.office.coordctl, "--context", self.office.huyen_file, "--timeout", str(PATIENT), "--json", "task",
                              "report", f"@{self.task}", "--percent", "1", "--note", note + self.note], capture_output=True, text=True,
                             timeout=PATIENT + 60, check=False)
        if run.returncode:
            raise AssertionError(run.stdout + run.stderr)
        return json.loads(run.stdout)["seq"]

    def ledger(self):
        return [entry for writer in self.writers for entry in list(writer.ledger)]

    def refused(self):
        """What the clients in Python were refused with until now, how often each."""
        return collections.Counter(name for client in self.clients for name in client.refused)

    def look(self):
        for writer in self.writers:
            if writer.failure:
                raise AssertionError(f"{writer.name}: {writer.failure!r}")
        for reader in self.readers:
            reader.answers()

    def read_on(self):
        """Until each coordd has answered who reads there, a few times more."""
        wanted = [reader.answers() + ANSWERS for reader in self.readers]
        for reader, most in zip(self.readers, wanted):
            wait(lambda: reader.answers() >= most, f"coordd of {reader.machine.name} answers nobody", ANSWERED_SECONDS)

    def go_on(self, more):
        """Until each writer has so many acknowledged beyond what it had; of a new process for each, two."""
        wanted = [len(writer.times) + (2 if "libcoord" in writer.name else more) for writer in self.writers]

        def done():
            self.look()
            return all(len(writer.times) >= most for writer, most in zip(self.writers, wanted))

        wait(done, "nobody acknowledges", ACKNOWLEDGED_SECONDS)

    def end(self):
        """Ends it; then what was acknowledged is there once, each subscriber was told all, in sequence, once, and each coordd has the same.
        Returns how many."""
        self.go_on(5)
        self.read_on()
        for writer in self.writers:
            writer.ending.set()
        for writer in self.writers:
            writer.join(PATIENT + 60)
        for reader in self.readers:
            reader.end()
        self.look()
        done = {}
        for record in self.office.admin.pages("task_history", task=self.task, limit=1000):
            if record.get("action") == "report":
                note = record["note"][:len(record["note"]) - len(self.note)]
                assert note not in done, f"{note} was done twice"
                done[note] = record["seq"]
        acknowledged = {note: seq for writer in self.writers for note, seq in writer.acknowledged.items()}
        lost = {note for note, seq in acknowledged.items() if done.get(note) != seq}
        assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged are lost: {sorted(lost)[:5]}"
        tried = {note for writer in self.writers for note in writer.tried}
        assert set(done) == tried == set(acknowledged), "what was done is not what was tried"
        for reader in self.readers:
            gone = {note: seq for seq, note in reader.seen.items() if done.get(note[:len(note) - len(self.note)]) != seq}
            assert not gone, f"{reader.machine.name} has shown what is not there: {[note[:40] for note in gone][:5]}"
        self.hold_subscribers(max(acknowledged.values()))
        self.hold_brokers(max(acknowledged.values()))
        for client in self.clients:
            client.close()
        return len(acknowledged)

    def hold_subscribers(self, last):
        """Against what a stream tells that begins where this work did."""
        told = []
        with Coord(self.office.tinh, PATIENT) as coord:
            for record in coord.stream(start=self.start):
                told.append(record["seq"])
                if record["seq"] >= last:
                    break
        assert told[-1] == last and told == sorted(set(told))
        for subscriber in self.office.subscribers:
            wait(lambda: (subscriber.seqs() or [0])[-1] >= last, "a subscriber was not told all", TOLD_SECONDS)
            got = [seq for seq in subscriber.seqs() if self.start < seq <= last]
            assert got == told, f"a subscriber was told {len(got)}, and not {len(told)}"
            assert subscriber.seqs() == sorted(set(subscriber.seqs())), "a subscriber was told twice, or not in sequence"

    def hold_brokers(self, last):
        """Each coordd has the same state, and of the task the same records."""
        clients = [Coord(dict(self.office.tinh, endpoint=reader.machine.endpoint), PATIENT) for reader in self.readers]
        wait(lambda: len({self.state_at(client, last) for client in clients}) == 1, "who follows stands otherwise than who leads", TOLD_SECONDS)
        for client in clients:
            client.close()

    def state_at(self, client, last):
        lists = {op: list(client.pages(op, limit=1000, at_least=last)) for op in ("agency_list", "key_list", "task_list", "escalation_list")}
        lists["records"] = list(client.pages("task_history", task=self.task, limit=1000, at_least=last))
        task = client.call("task_get", task=self.task, at_least=last)["task"]
        return json.dumps([lists, task], sort_keys=True, default=bytes.hex)

    def longest(self, since):
        """Seconds without an acknowledgement to anybody, after that."""
        times = sorted(at for writer in self.writers for at in writer.times)
        before = [at for at in times if at <= since][-1:]
        after = before + [at for at in times if at > since]
        return max((b - a for a, b in zip(after, after[1:])), default=0.0)
