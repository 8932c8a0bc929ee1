"""A store in PostgreSQL that several machines may serve: one leads, the others wait, and clients find who leads. Whatever becomes of
the leader, nothing that was acknowledged is lost, nothing is done twice, and subscribers see each notification once and in sequence."""
import json
import os
import signal
import socket
import subprocess
import threading
import time
import unittest

import msgpack

from harness import COORDCTL, COORDD, Broker, Coord, Unreachable, free_port, of_files, postgresql, read_context
from on_postgres import OnPostgres, Second
from breaking import Breaking
from several import LEASE, LONG, PATIENT, Writer, end_writers, tell_pause, wait_for

OSFILE, CONFIG, NO_BROKER = 72, 78, 6


class Archive(threading.Thread):
    """A durable subscriber in Python; `seqs` has what it was given."""

    def __init__(self, context, start):
        super().__init__(daemon=True)
        self.context, self.start_at = context, start
        self.seqs, self.ending = [], threading.Event()

    def run(self):
        with Coord(self.context) as coord:
            for record in coord.stream(consumer="archive", start=self.start_at, tick=0.2):
                if record:
                    self.seqs.append(record["seq"])
                elif self.ending.is_set():
                    return


class InTurn(OnPostgres):
    """Two brokers for one store, the first of which leads, and contexts that name both."""
    lease = LEASE

    def make_broker(self):
        return Broker(server=postgresql(), role="candidate", lease_seconds=self.lease)

    def setUp(self):
        super().setUp()
        self.second = self.candidate("second")
        self.both = ", ".join((self.broker.endpoint, self.second.endpoint))
        self.huyen_both = dict(self.huyen_context, endpoint=self.both)
        self.tinh_both = dict(read_context(self.broker.admin), endpoint=self.both)

    def candidate(self, name, **journal):
        broker = Second(self.broker, name, **journal)
        self.addCleanup(broker.end, signal.SIGKILL)
        broker.start()
        self.until(broker.read_log, "waits: coordd:", " leads")
        return broker

    def until(self, read, *words):
        """Returns once what is read has a line with all these words."""
        wait_for(lambda: any(all(word in line for word in words) for line in read().splitlines()), words)

    def led_by(self, broker):
        self.until(broker.read_log, " ready")

    # ---- work, and what came of it ----

    def by_python(self, client):
        def report(note):
            return client.call("report", id=note, task=self.task, percent=1, note=note, timeout=PATIENT)["seq"]
        return report

    def by_libcoord(self, note):
        run = subprocess.run([COORDCTL, "--context", self.context_file(self.huyen_both), "--timeout", str(PATIENT), "--json",
                              "task", "report", f"@{self.task}", "--percent", "1", "--note", note], capture_output=True,
                             text=True, timeout=PATIENT + 60, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return json.loads(run.stdout)["seq"]

    def begin(self):
        self.task = self.assign()
        self.huyen.call("accept", task=self.task)
        self.begun = self.admin.call("status")["seq"]
        self.writers = [Writer(f"python-{number}", self.by_python(self.client(self.huyen_both))) for number in range(3)]
        self.writers.append(Writer("libcoord", self.by_libcoord))
        self.archive = Archive(self.tinh_both, self.begun)
        self.watched = os.path.join(self.broker.directory, "watched")
        with open(self.watched, "w", encoding="utf-8") as out, open(self.watched + ".err", "w", encoding="utf-8") as err:
            self.watch = subprocess.Popen([COORDCTL, "--context", self.context_file(self.tinh_both), "--json", "watch",
                                           "--consumer", "watch", "--from", str(self.begun)], stdout=out, stderr=err)
        self.addCleanup(self.end_watch)
        for thread in (self.archive, *self.writers):
            thread.start()
        self.go_on(10)

    def end_watch(self):
        if self.watch.poll() is None:
            self.watch.kill()
            self.watch.wait(60)

    def go_on(self, more):
        """Until each writer has so many acknowledged beyond what it had; of a new process for each, two."""
        wanted = [len(writer.ledger) + (2 if writer.name == "libcoord" else more) for writer in self.writers]
        while any(len(writer.ledger) < most for writer, most in zip(self.writers, wanted)):
            for writer in self.writers:
                self.assertIsNone(writer.failure)
            time.sleep(0.02)

    def watched_seqs(self):
        with open(self.watched, encoding="utf-8") as file:
            return [json.loads(line)["seq"] for line in file if line.endswith("\n")]

    def end_work(self, what):
        """Ends it; then what was acknowledged is there once, and each subscriber was told all, in sequence, once."""
        self.go_on(10)
        there = self.client(self.tinh_both)
        acknowledged = end_writers(self, there)
        last = max(acknowledged.values())
        told = []
        for record in there.stream(start=self.begun):
            told.append(record["seq"])
            if record["seq"] >= last:
                break
        self.assertEqual(told[-1], last)
        self.hold_subscriber(told, last, lambda: self.archive.seqs)
        self.hold_subscriber(told, last, self.watched_seqs)
        self.archive.ending.set()
        tell_pause(what, self)

    def hold_subscriber(self, told, last, seqs):
        wait_for(lambda: seqs() and seqs()[-1] >= last, "a subscriber was not told all")
        self.assertEqual(seqs(), told)

    def demoted(self, broker):
        self.assertEqual(broker.process.wait(60), OSFILE)
        broker.process = None
        self.assertIn("another coordd has taken the store over", broker.read_log())


class Leaders(InTurn):
    def test_one_that_was_killed_is_followed(self):
        self.begin()
        self.broker.end(signal.SIGKILL)
        self.led_by(self.second)
        self.end_work("killed")
        self.assertEqual(self.second.end(), 0)
        self.coordd("verify")

    def test_one_that_froze_is_followed_and_answers_nothing_when_it_wakes(self):
        self.begin()
        self.broker.process.send_signal(signal.SIGSTOP)
        self.led_by(self.second)
        self.go_on(10)
        self.broker.process.send_signal(signal.SIGCONT)
        self.demoted(self.broker)
        self.end_work("frozen")
        self.broker.start()
        self.until(self.broker.read_log, "waits: coordd:", " leads")

    def test_one_that_was_stopped_is_followed_at_once(self):
        self.begin()
        self.assertEqual(self.broker.end(), 0)
        self.led_by(self.second)
        self.end_work("stopped")
        self.assertNotIn("who led is silent", self.second.read_log())

    def test_both_in_turn_and_back(self):
        self.begin()
        for leader, other in ((self.broker, self.second), (self.second, self.broker)) * 2:
            open(other.log, "w").close()
            self.assertEqual(leader.end(), 0)
            self.led_by(other)
            self.go_on(5)
            leader.start()
        self.end_work("stopped four times")

    def test_nobody_need_append_for_one_to_be_found_demoted(self):
        self.sql("UPDATE coordd.head SET epoch = epoch + 1, leader = 'another'")
        self.demoted(self.broker)
        self.led_by(self.second)  # the other gives no sign of life


class Idle(InTurn):
    lease = 10

    def test_it_goes_on_leading(self):
        beat = int(self.sql("SELECT beat FROM coordd.head"))
        epoch = self.sql("SELECT epoch FROM coordd.head")
        while int(self.sql("SELECT beat FROM coordd.head")) < beat + 2 * self.lease + 1:
            time.sleep(0.05)
        self.assertEqual(self.sql("SELECT epoch FROM coordd.head"), epoch)


class Proxied(InTurn):
    """The first reaches the store through what can be cut."""

    def make_broker(self):
        self.proxy = Breaking(postgresql().port, seed=1)
        self.proxy.breaks = False
        self.addCleanup(self.proxy.close)
        return Broker(server=postgresql(), hosts=f"127.0.0.1:{self.proxy.port}", tls="off", role="candidate", lease_seconds=self.lease,
                      patience_seconds=600)

    def candidate(self, name):
        return super().candidate(name, hosts=f"{postgresql().directory}:{postgresql().port}")


class Cut(Proxied):
    def test_one_that_is_cut_off_is_followed_and_stops_once_it_knows(self):
        self.begin()
        self.proxy.cut()
        self.led_by(self.second)
        with Coord(dict(self.tinh_both, endpoint=self.broker.endpoint)) as left:  # what it says may be of before
            left.send_frame(msgpack.packb({"op": "task_get", "id": "t", "task": self.task}))
            self.assertIsNone(left._receive(3))
        self.go_on(10)
        self.proxy.heal()
        self.demoted(self.broker)
        self.end_work("cut off")


class Broken(Proxied):
    lease = LONG

    def test_one_whose_connection_broke_goes_on_leading(self):
        epoch = int(self.sql("SELECT epoch FROM coordd.head"))
        self.begin()
        self.proxy.cut()
        self.proxy.heal()
        self.go_on(10)
        self.end_work("connection broken")
        self.assertGreater(int(self.sql("SELECT epoch FROM coordd.head")), epoch)
        self.assertIsNone(self.broker.process.poll())


class Candidates(InTurn):
    def test_of_two_one_wins_and_the_other_goes_on_waiting(self):
        third = self.candidate("third")
        self.both = ", ".join((self.both, third.endpoint))
        self.huyen_both["endpoint"] = self.tinh_both["endpoint"] = self.both
        self.begin()
        open(third.log, "w").close()
        open(self.second.log, "w").close()
        self.broker.end(signal.SIGKILL)
        wait_for(lambda: any(" ready" in broker.read_log() for broker in (self.second, third)), "nobody leads")
        won, waits = (self.second, third) if " ready" in self.second.read_log() else (third, self.second)
        self.until(waits.read_log, "waits: ", f":{won.process.pid}:", " leads")
        self.go_on(10)
        won.end(signal.SIGKILL)
        self.led_by(waits)
        self.end_work("killed, and the one after it")


class Waiting(InTurn):
    lease = LONG

    def test_one_that_waits_ends_when_it_is_told_to_and_reads_its_limits(self):
        self.second.process.send_signal(signal.SIGHUP)
        self.until(self.second.read_log, "limits reloaded")
        self.assertEqual(self.second.end(), 0)
        self.assertIsNone(self.broker.process.poll())
        self.assign()

    def test_a_socket_that_was_passed_keeps_nobody_waiting(self):
        """The service manager listens for it: who connects is let go, and served there once it leads."""
        self.assertEqual(self.second.end(), 0)
        listener = socket.create_server(("127.0.0.1", free_port()))
        self.addCleanup(listener.close)
        address = listener.getsockname()
        with open(self.second.log, "w", encoding="utf-8") as log:
            self.second.process = subprocess.Popen(
                ["sh", "-c", 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@"', *self.second.arguments()], stderr=log, pass_fds=[3],
                preexec_fn=lambda: os.dup2(listener.fileno(), 3))
        self.until(self.second.read_log, "waits: coordd:", " leads")
        for _ in range(3):
            with socket.create_connection(address) as connection:
                connection.settimeout(60)
                self.assertEqual(connection.recv(1), b"")
        client = self.client(dict(self.tinh_both, endpoint=f"tcp://127.0.0.1:{address[1]}"))
        self.assertEqual(self.broker.end(), 0)
        self.assertEqual(client.call("hello", timeout=PATIENT)["agency"], "tinh")

    @of_files
    def test_what_cannot_be_set_is_named(self):
        for settings, said in (("[journal]\nrole = candidate", "`role` in [journal] is candidate, which is for a store that"),
                               ("[journal]\nrole = follower", "`role` in [journal] is follower, which is for a store that"),
                               ("[daemon]\nendpoint = tcp://a", "`endpoint` in [daemon] is `tcp://a`; it must be tcp://ADDRESS:PORT"),
                               ("[journal]\nlag_max_seconds = 0", "it must be from 1 to 86400"),
                               ("[journal]\nrole = leader", "it must be alone, candidate or follower"),
                               ("[journal]\nlease_seconds = 1", "it must be from 2 to 60"),
                               ("[daemon]\nadvertise = tcp://a:1, b:2", "`advertise` in [daemon]: endpoint `tcp://a:1, b:2` is neither"),
                               ("[daemon]\nadvertise = " + "tcp://a:1," * 8 + "tcp://a:1", "names more than 8")):
            path = os.path.join(self.broker.directory, "file.conf")
            with open(path, "w", encoding="utf-8") as file:
                file.write(settings + "\n")
            run = subprocess.run([COORDD, "check", "--config", path, "--dir", self.broker.store], capture_output=True, text=True,
                                 timeout=60, check=False)
            self.assertEqual(run.returncode, CONFIG, run.stdout + run.stderr)
            self.assertIn(said, run.stdout + run.stderr)


class Clients(InTurn):
    lease = LONG

    def test_who_answers_is_told(self):
        context = self.context_file(self.tinh_both)
        self.assertIn(f"broker at {self.broker.endpoint}, of {self.both}", self.broker.ctl("doctor", context=context))
        self.assertEqual(self.broker.ctl_json("status", context=context)["endpoint"], self.broker.endpoint)
        self.assertEqual(self.broker.end(), 0)
        self.led_by(self.second)
        self.assertIn(f"broker at {self.second.endpoint}, of {self.both}", self.broker.ctl("doctor", context=context))
        self.assertIn(f"endpoint\t{self.second.endpoint}\n", self.broker.ctl("status", context=context))

    def test_one_error_names_them_all_when_none_answers(self):
        self.assertEqual(self.second.end(), 0)
        self.assertEqual(self.broker.end(), 0)
        said = self.broker.ctl("status", context=self.context_file(self.tinh_both), code=NO_BROKER)
        for endpoint in (self.broker.endpoint, self.second.endpoint):
            self.assertIn(endpoint, said)
        with Coord(self.tinh_both) as hasty, self.assertRaises(Unreachable) as caught:
            hasty.call("status")
        self.assertIn(self.both, str(caught.exception))

    def test_a_context_names_each_in_a_line_of_its_own(self):
        path = self.context_file(dict(self.tinh_both, endpoint=self.second.endpoint))
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"endpoint = {self.broker.endpoint}\n")
        self.assertEqual(self.broker.ctl_json("status", context=path)["endpoint"], self.broker.endpoint)
        self.assertEqual(self.client(path).call("hello")["agency"], "tinh")

    def test_contexts_that_are_made_name_them_all(self):
        self.assertEqual(self.second.end(), 0)
        self.assertEqual(self.broker.end(), 0)
        self.broker.config = os.path.join(self.broker.directory, "own.conf")
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write(f"[daemon]\nadvertise = {self.both}\n")
        out = os.path.join(self.broker.directory, "made.context")
        self.coordd("admin-key", "--out", out)
        self.assertEqual(read_context(out)["endpoint"], self.both)
        self.second.start()
        of_agency = os.path.join(self.broker.directory, "xa.context")
        self.broker.ctl("agency", "set", "xa", "--name", "Xã", "--parent", "huyen", context=out)
        self.broker.ctl("key", "new", "xa", "--label", "văn thư", "--out", of_agency, context=out)
        self.assertEqual(read_context(of_agency)["endpoint"], self.both)
        self.assertEqual(self.client(of_agency).call("hello")["agency"], "xa")


if __name__ == "__main__":
    unittest.main()
