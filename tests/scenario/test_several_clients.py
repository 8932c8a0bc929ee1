"""Several brokers of one store, seen by those who use them: a change finds the leader whoever is asked, what is only read may be answered by
any, and whoever stops or dies, each change is there once. coordctl tells who leads, hands the lead over, and says what is wrong."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import msgpack
import zmq

from harness import COORDCTL, Broker, Coord, free_port, postgresql, read_context
from on_postgres import OnPostgres, Second

REFUSED, USAGE, NO_BROKER, OSFILE = 1, 2, 6, 72
PATIENT = 120  # seconds: a call that waits for a leader on a slow machine
MAY_WAIT = "nobody answers there; it waits for its turn, being a candidate, or is not there"
HANGS = 300  # seconds: what did not happen by then never will
CHANGES = 200
FOLLOWER = {"role": "follower", "lag_ms": 3, "as_of": 41}


class First(Broker):
    """One that leads once it has started: it is ready to answer before it has found that nobody does."""

    def start(self):
        super().start()
        with Coord(self.admin, timeout=PATIENT) as client:
            ends = time.monotonic() + HANGS
            while client.call("hello")["role"] != "leader":
                assert time.monotonic() < ends, "it does not lead"
                time.sleep(0.02)
        return self


class Several(OnPostgres):
    """Three brokers of one store, the first of which leads, and contexts that name all."""
    lease = 3
    LONG = 60  # the longest: where nobody is to be overtaken, however slow the machine is

    def make_broker(self):
        return First(server=postgresql(), role="follower", lease_seconds=self.lease)

    def setUp(self):
        super().setUp()
        self.brokers = [self.broker] + [self.follower(name) for name in ("second", "third")]
        self.all = self.named(self.brokers)
        self.task = self.assign()
        self.accepted = self.huyen.call("accept", task=self.task)["seq"]

    def follower(self, name):
        broker = Second(self.broker, name)
        self.addCleanup(broker.end, signal.SIGKILL)
        return broker.start()

    @staticmethod
    def named(brokers):
        return ", ".join(broker.endpoint for broker in brokers)

    def wait_for(self, happened, what):
        ends = time.monotonic() + HANGS
        while not (found := happened()):
            self.assertLess(time.monotonic(), ends, what)
            time.sleep(0.02)
        return found

    def at(self, brokers, context=None, **options):
        """A client that knows these, in this order."""
        return self.client(dict(context or self.huyen_context, endpoint=self.named(brokers)), **options)

    def file_of(self, brokers, context=None):
        """A context file that names these, in this order."""
        return self.context_file(dict(context or read_context(self.broker.admin), endpoint=self.named(brokers)))

    def leader(self):
        """The broker that says that it leads, once one does."""
        def find():
            for broker in self.brokers:
                if broker.process and self.role_of(broker) == "leader":
                    return broker
            return None
        return self.wait_for(find, "nobody leads")

    def role_of(self, broker):
        with Coord(dict(read_context(self.broker.admin), endpoint=broker.endpoint), timeout=5) as client:
            try:
                return client.call("hello")["role"]
            except Exception:
                return None

    def reports(self):
        """The notes of the reports on the task, each of which is there once."""
        notes = {}
        there = self.at(self.brokers)
        for record in there.pages("task_history", task=self.task, limit=1000):
            if record.get("action") == "report":
                self.assertNotIn(record["note"], notes, "done twice")
                notes[record["note"]] = record["seq"]
        return notes

    def by_coordctl(self, path, note):
        run = subprocess.run([COORDCTL, "--context", path, "--timeout", str(PATIENT), "--json", "task", "report", f"@{self.task}",
                              "--percent", "1", "--note", note], capture_output=True, text=True, timeout=PATIENT + 60, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return json.loads(run.stdout)["seq"]


class Changes(Several):
    lease = Several.LONG

    def test_a_change_whose_first_broker_follows_is_done_once(self):
        for number, order in enumerate(([1, 2, 0], [2, 1, 0], [1, 0, 2])):
            brokers = [self.brokers[place] for place in order]
            client = self.at(brokers)
            client.call("report", id=f"p{number}", task=self.task, percent=1, note=f"python {number}")
            self.assertEqual(client.endpoint, self.broker.endpoint)
            self.assertIsNone(client.as_of)
            self.by_coordctl(self.file_of(brokers, self.huyen_context), f"coordctl {number}")
        self.assertEqual(sorted(self.reports()), sorted(f"{who} {number}" for who in ("python", "coordctl") for number in range(3)))

    def test_a_batch_with_a_change_finds_the_leader_whole(self):
        client = self.at([self.brokers[1], self.brokers[0]])
        replies = client.batch([("task_get", {"task": self.task}), ("report", {"task": self.task, "percent": 2, "note": "lô"})])
        self.assertEqual([reply["op"] for reply in replies], ["reply", "reply"])
        self.assertEqual(list(self.reports()), ["lô"])

    def test_a_stream_begins_at_the_leader(self):
        client = self.at([self.brokers[1], self.brokers[0]], dict(read_context(self.broker.admin)))
        stream = client.stream(start=0, idle=PATIENT)
        first = next(stream)
        self.assertEqual(client.endpoint, self.broker.endpoint)
        self.assertGreater(first["seq"], 0)

    def test_who_knows_a_follower_alone_is_told_who_leads(self):
        refused = self.refused("not_leader", "", self.at([self.brokers[1]]).call, "report", task=self.task, percent=1, note="x")
        self.assertEqual(refused["leader"], self.broker.endpoint)
        said = self.broker.ctl("task", "report", f"@{self.task}", "--percent", "1", code=REFUSED,
                               context=self.file_of([self.brokers[1]], self.huyen_context))
        self.assertIn(f"{self.broker.endpoint} leads, which `endpoint` of the context does not name", said)


class Reads(Several):
    lease = Several.LONG

    def test_any_broker_answers_and_one_sees_what_one_has_changed(self):
        follower = self.at(self.brokers[1:], read_from="any")
        seen = follower.call("task_get", task=self.task, at_least=self.accepted)
        self.assertGreaterEqual(follower.as_of, self.accepted)
        self.assertGreaterEqual(follower.lag_ms, 0)
        self.assertEqual(seen["task"]["state"], "accepted")
        mixed = self.at(self.brokers, read_from="any")
        for number in range(20):
            mixed.call("report", task=self.task, percent=number, note=f"n{number}")
            mixed._go(self.brokers[1 + number % 2].endpoint)  # the connection is lost, and the next one is to a follower
            self.assertEqual(mixed.call("task_get", task=self.task)["task"]["percent"], number)
            self.assertIsNotNone(mixed.as_of)

    def test_within_and_at_least_let_a_follower_answer(self):
        path = self.file_of(self.brokers[1:], self.huyen_context)
        seq = self.huyen.call("report", task=self.task, percent=7, note="x")["seq"]
        shown = self.broker.ctl_json("task", "show", f"@{self.task}", "--at-least", str(seq), context=path)
        self.assertEqual(shown["task"]["percent"], 7)
        self.broker.ctl("task", "list", "--within", "1m", context=path)
        said = self.broker.ctl("task", "list", "--within", "1m", "--at-least", str(seq + 1000), context=path, code=REFUSED)
        self.assertIn("behind: --at-least: ", said)

    def test_what_these_options_cannot_be_is_said(self):
        path = self.file_of(self.brokers, self.huyen_context)
        for words, said in ((("task", "list", "--within", "5"), "--within: `5` must be a time from 1ms to 60m: 500ms, 5s, 1m."),
                            (("task", "list", "--within", "0s"), "must be a time from 1ms"),
                            (("task", "list", "--within", "2h"), "must be a time from 1ms"),
                            (("task", "list", "--at-least", "x"), "--at-least: `x` must be a record's sequence."),
                            (("task", "accept", "@1", "--within", "5s"), "`task accept` takes no option --within"),
                            (("status", "--at-least", "5"), "`status` takes no option --at-least")):
            self.assertIn(said, self.broker.ctl(*words, context=path, code=USAGE))


class Lost(Several):
    def test_each_of_200_changes_is_there_once_when_the_leader_is_killed_among_them(self):
        self.change_through(lambda: self.broker.end(signal.SIGKILL))

    def test_each_of_200_changes_is_there_once_when_the_leader_freezes_among_them(self):
        """Who follows names it as long as nobody else leads, and it takes connections and says nothing."""
        self.change_through(lambda: self.broker.process.send_signal(signal.SIGSTOP))
        self.broker.process.send_signal(signal.SIGCONT)
        self.assertEqual(self.broker.process.wait(60), OSFILE)
        self.broker.process = None

    def change_through(self, what_happens):
        """From Python and from coordctl, whose contexts begin with different brokers."""
        done, failures = {}, []
        half = threading.Event()

        def python():
            with Coord(dict(self.huyen_context, endpoint=self.all)) as client:
                for number in range(CHANGES):
                    if number == CHANGES // 2:
                        half.set()
                    note = f"python-{number}"
                    done[note] = client.call("report", id=note, task=self.task, percent=number % 101, note=note, timeout=PATIENT)["seq"]

        def coordctl(path):
            number = 0
            while not half.is_set() or number < 20:
                note = f"coordctl-{number}"
                done[note] = self.by_coordctl(path, note)
                number += 1

        def run(what, *arguments):
            try:
                what(*arguments)
            except BaseException as failure:
                failures.append(failure)
                half.set()

        path = self.file_of(self.brokers[::-1], self.huyen_context)
        threads = [threading.Thread(target=run, args=(python,)), threading.Thread(target=run, args=(coordctl, path))]
        for thread in threads:
            thread.start()
        self.assertTrue(half.wait(HANGS))
        what_happens()
        for thread in threads:
            thread.join(HANGS)
        self.assertEqual(failures, [])
        self.assertEqual(self.reports(), done)
        self.assertGreaterEqual(len(done), CHANGES + 20)


class Handed(Several):
    lease = Several.LONG

    def test_the_lead_is_handed_over_to_whom_one_names(self):
        path = self.file_of(self.brokers)
        reply = self.broker.ctl_json("leader", "hand-over", "--to", self.brokers[2].endpoint, context=path)
        self.assertEqual(reply["leader"], self.brokers[2].endpoint)
        self.assertIs(self.leader(), self.brokers[2])
        said = self.broker.ctl("leader", "hand-over", context=self.file_of(self.brokers[:2] + self.brokers[2:]))
        self.assertRegex(said, r"(?m)^leader\ttcp://\S+$")
        self.assertRegex(said, r"(?m)^epoch\t\d+$")
        self.assertIsNot(self.leader(), self.brokers[2])

    def test_who_cannot_take_the_lead_is_said_before_it_is_given_up(self):
        path, gone = self.file_of(self.brokers), f"tcp://127.0.0.1:{free_port()}"
        epoch = self.admin.call("status")["epoch"]
        said = self.broker.ctl("leader", "hand-over", "--to", gone, context=path, code=USAGE)
        self.assertIn(f"{gone} gives no answer, as one with role = candidate does not: {gone}: nobody answers there.", said)
        self.assertIn(f"bad_argument: --yes: {gone} gives no answer", said)
        self.assertRegex(said, f"next: coordctl .*leader hand-over --to {gone} --yes\n")
        self.assertIn("--to: `may2` must be tcp://HOST:PORT", self.broker.ctl("leader", "hand-over", "--to", "may2", context=path, code=USAGE))
        self.assertEqual(self.admin.call("status")["epoch"], epoch)

    def test_an_endpoint_at_which_nobody_listens_does_not_stand_in_the_way(self):
        """What a broker before it in the context never got goes on to the next, though it is asked for once."""
        path = self.context_file(dict(read_context(self.broker.admin), endpoint=f"tcp://127.0.0.1:{free_port()}, {self.all}"))
        for number in range(3):
            led = self.leader()
            self.broker.ctl("leader", "hand-over", context=path)
            self.assertIsNot(self.leader(), led)
            self.broker.ctl("backup", f"b{number}", context=path)
        nowhere = self.context_file(dict(read_context(self.broker.admin), endpoint=", ".join(f"tcp://127.0.0.1:{free_port()}" for _ in range(2))))
        said = self.broker.ctl("leader", "hand-over", context=nowhere, code=NO_BROKER)
        self.assertNotIn("may still be done", said)
        self.assertIn("was not done", said)

    def test_no_change_is_refused_while_it_is_handed_over(self):
        done, failures, ending = {}, [], threading.Event()

        def write(name):
            try:
                with Coord(dict(self.huyen_context, endpoint=self.all)) as client:
                    number = 0
                    while not ending.is_set():
                        note = f"{name}-{number}"
                        done[note] = client.call("report", id=note, task=self.task, percent=1, note=note, timeout=PATIENT)["seq"]
                        number += 1
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=write, args=(f"w{number}",)) for number in range(3)]
        for thread in threads:
            thread.start()
        path = self.file_of(self.brokers)
        for _ in range(3):
            before = len(done)
            self.broker.ctl("leader", "hand-over", context=path)
            self.wait_for(lambda: len(done) > before + 10, "nobody goes on")
        ending.set()
        for thread in threads:
            thread.join(HANGS)
        self.assertEqual(failures, [])
        self.assertEqual(self.reports(), done)

    def test_streams_go_on_with_no_gap_and_nothing_twice(self):
        """Those of Python, libcoord and a durable consumer's, while the lead goes over and over."""
        begun = self.admin.call("status")["seq"]
        tinh = dict(read_context(self.broker.admin), endpoint=self.all)
        told, failures, changes = {"python": [], "durable": []}, [], 30

        def hear(name, **options):
            try:
                with Coord(tinh) as client:
                    for record in client.stream(start=begun, **options):
                        told[name].append(record["seq"])
                        if len(told[name]) == changes:
                            return
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=hear, args=("python",), daemon=True),
                   threading.Thread(target=hear, args=("durable",), kwargs={"consumer": "kho"}, daemon=True)]
        for thread in threads:
            thread.start()
        path = self.file_of(self.brokers)
        watch = subprocess.Popen([COORDCTL, "--context", path, "--json", "watch", "--from", str(begun), "--count", str(changes)],
                                 stdout=subprocess.PIPE, text=True)
        self.addCleanup(watch.stdout.close)
        self.addCleanup(watch.kill)
        writer, done = self.at(self.brokers), []
        for number in range(changes):
            if number % 8 == 5:
                self.broker.ctl("leader", "hand-over", context=path)
            done.append(writer.call("report", task=self.task, percent=number, note=f"n{number}", timeout=PATIENT)["seq"])
        for thread in threads:
            thread.join(HANGS)
        self.assertEqual(failures, [])
        self.assertEqual(told, {"python": done, "durable": done})
        self.assertEqual([json.loads(line)["seq"] for line in watch.communicate(timeout=HANGS)[0].splitlines()], done)

    def test_whose_key_does_not_administer_hands_nothing_over(self):
        said = self.broker.ctl("leader", "hand-over", context=self.file_of(self.brokers, self.huyen_context), code=4)
        self.assertIn("right_missing", said)


class HandedToNobody(Several):
    def test_that_whoever_was_named_does_not_lead_is_an_error_that_says_who_does(self):
        gone = f"tcp://127.0.0.1:{free_port()}"
        said = self.broker.ctl("leader", "hand-over", "--to", gone, "--yes", context=self.file_of(self.brokers), code=REFUSED)
        self.assertIn("hand_over_failed: ", said)
        leads = self.leader()
        if leads is not self.broker:
            self.assertIn(f"--to: {gone} did not take the lead; {leads.endpoint} leads now.", said)


class Told(Several):
    lease = Several.LONG

    def lines(self, *words, code=0, path=None):
        said = self.broker.ctl(*words, context=path or self.file_of(self.brokers[1:] + self.brokers[:1]), code=code)
        return said.splitlines()

    def test_status_has_a_line_for_each(self):
        lines = self.lines("status")
        self.assertIn(f"endpoint\t{self.broker.endpoint}", lines)
        rows = {line.split("\t")[1]: line.split("\t")[2:] for line in lines if line.startswith("broker\t")}
        self.assertEqual({endpoint: row[0] for endpoint, row in rows.items()},
                         {self.broker.endpoint: "leader", self.brokers[1].endpoint: "follower", self.brokers[2].endpoint: "follower"})
        for endpoint, (role, seq, lag, version) in rows.items():
            self.assertGreater(int(seq), 0)
            self.assertEqual(lag == "", role == "leader", endpoint)
            self.assertTrue(version)
        told = self.broker.ctl_json("status", context=self.file_of(self.brokers))["brokers"]
        self.assertEqual([one["role"] for one in told], ["leader", "follower", "follower"])
        self.assertEqual(told[1]["leader"], self.broker.endpoint)

    def test_doctor_has_a_line_for_each_and_says_who_is_not_there(self):
        lines = self.lines("doctor")
        self.assertEqual([line for line in lines if line.startswith("NOT OK")], [])
        for broker in self.brokers[1:]:
            self.assertTrue(any(line.startswith(f"ok\tbroker at {broker.endpoint} follows: record ") for line in lines), lines)
        self.assertTrue(any(line.startswith(f"ok\tbroker at {self.broker.endpoint} leads: record ") for line in lines), lines)
        self.brokers[2].end()
        lines = self.lines("doctor")  # it may be one that waits, which listens nowhere
        self.assertIn(f"look\tbroker at {self.brokers[2].endpoint}: {MAY_WAIT}", lines)
        self.assertEqual([finding["ok"] for finding in self.broker.ctl_json("doctor", context=self.file_of(self.brokers))
                          if self.brokers[2].endpoint + ": " in finding["what"]], [None])

    def test_who_knows_a_follower_alone_is_told_what_it_is(self):
        there = self.brokers[1].endpoint
        lines = self.lines("doctor", path=self.file_of(self.brokers[1:2]))
        self.assertTrue(any(re.fullmatch(f"ok\tbroker at {there} follows: record \\d+, \\S+ m?s behind at most, version \\S+", line) for line in lines), lines)
        self.assertIn(f"look\tstore: {self.broker.endpoint} leads, and does the changes; the context names a broker that follows alone", lines)
        self.assertNotIn("ok\tstore: it takes changes", lines)
        for command in ("status", "load"):
            self.assertIn("writable\tno", self.lines(command, path=self.file_of(self.brokers[1:2])))
            self.assertIs(self.broker.ctl_json(command, context=self.file_of(self.brokers[1:2]))["writable"], True) # as the wire has it
            self.assertIn("writable\tyes", self.lines(command))

    def test_a_backup_is_the_leaders_unless_another_is_named_alone(self):
        for brokers, broker in ((self.brokers[1:] + self.brokers[:1], self.broker), (self.brokers[1:2], self.brokers[1])):
            made = self.broker.ctl_json("backup", "bản sao.db", context=self.file_of(brokers))
            self.assertTrue(made["path"].startswith(broker.store + "/"), made)
            self.assertEqual(made.get("endpoint", broker.endpoint), broker.endpoint)
            self.assertGreater(os.path.getsize(made["path"]), 0)

    def test_completion_knows_the_brokers_of_the_context(self):
        words = ("_complete", "--context", self.file_of(self.brokers), "leader", "hand-over", "--to")
        self.assertEqual(self.broker.ctl(*words, "").splitlines(), [broker.endpoint for broker in self.brokers])
        rest = self.broker.ctl(*words, "tcp", ":", "//127.0.0.1", ":").splitlines()  # as bash parts them
        self.assertEqual(rest, [broker.endpoint.rsplit(":", 1)[1] for broker in self.brokers])

    def test_doctor_says_that_nobody_leads(self):
        self.broker.end(signal.SIGKILL)
        lines = self.lines("doctor", code=REFUSED)
        self.assertIn("NOT OK\tnobody leads: changes wait, and no deadline fires", lines)
        said = self.broker.ctl("status", context=self.file_of(self.brokers), code=REFUSED)
        self.assertIn("not_leader: ", said)
        self.assertIn(f"broker\t{self.brokers[1].endpoint}\tfollower\t", said)
        self.assertIn(f"broker\t{self.broker.endpoint}\tnot reached\t", said)


class Speaking(threading.Thread):
    """What says that it is a broker: it answers `hello` with these fields, and refuses all else."""
    store = bytes(range(16))
    refusal = {"op": "error", "error": "right_missing", "code": 24, "retry": False, "message": "The key may not read."}

    def __init__(self, secret, handed=None, refusal=None, **fields):
        super().__init__(daemon=True)
        self.handed = handed
        self.refusal = dict(self.refusal, **(refusal or {}))
        self.fields = dict({"op": "reply", "agency": "tinh", "key": "quản trị", "rights": ["administer"], "time": int(time.time() * 1000),
                            "version": "9.9", "store": self.store, "seq": 41, "rehearsal": False, "frame_max": 1, "batch_max": 1,
                            "page_max": 1, "credit_max": 1}, **fields) if "op" not in fields else fields
        self.context = zmq.Context()
        self.router, self.control = self.context.socket(zmq.ROUTER), self.context.socket(zmq.PAIR)
        self.router.linger, self.router.curve_server, self.router.curve_secretkey = 0, True, secret
        self.endpoint = f"tcp://127.0.0.1:{self.router.bind_to_random_port('tcp://127.0.0.1')}"
        self.control.bind("inproc://control")
        self.start()

    def run(self):
        poller = zmq.Poller()
        for one in (self.router, self.control):
            poller.register(one, zmq.POLLIN)
        while self.control not in dict(poller.poll()):
            peer, frame = self.router.recv_multipart()
            asked = msgpack.unpackb(frame)
            answer = self.fields if asked["op"] == "hello" else self.refusal
            if asked["op"] == "hand_over" and self.handed is not None:
                answer = {"op": "reply", "leader": self.handed, "epoch": 7, "took_ms": 12}
            self.router.send_multipart([peer, msgpack.packb({**answer, **({"id": asked["id"]} if "id" in asked else {})})])
        self.router.close()
        self.control.close()

    def end(self):
        with self.context.socket(zmq.PAIR) as control:
            control.connect("inproc://control")
            control.send(b"")
            self.join()
        self.context.term()


class Spoken(unittest.TestCase):
    """What brokers that are as they should be never say, from such as say it."""

    def setUp(self):
        self.public, self.secret = zmq.curve_keypair()
        self.directory = tempfile.mkdtemp(prefix="coordd-")
        self.addCleanup(shutil.rmtree, self.directory)

    def ask(self, words, *brokers, code=REFUSED, beside=()):
        """What it says of brokers with these fields and at these endpoints beside, and the endpoints of all."""
        speaking = [Speaking(self.secret, **fields) for fields in brokers]
        endpoints = [one.endpoint for one in speaking] + list(beside)
        try:
            public, secret = (key.decode() for key in zmq.curve_keypair())
            path = os.path.join(self.directory, "several.context")
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(f"endpoint = {', '.join(endpoints)}\nserver_key = {self.public.decode()}\n"
                           f"agency = tinh\npublic_key = {public}\nsecret_key = {secret}\n")
            run = subprocess.run([COORDCTL, "--context", path, *(word.format(*endpoints) for word in words)], capture_output=True,
                                 text=True, stdin=subprocess.DEVNULL, timeout=120, check=False)
            self.assertEqual(run.returncode, code, run.stdout + run.stderr)
            return (run.stdout + run.stderr).splitlines(), endpoints
        finally:
            for one in speaking:
                one.end()


class HandedTo(Spoken):
    """A lead that went to a broker that does not say where it is found, or is found by another name."""

    def test_whoever_leads_then_is_looked_for(self):
        for handed, to in (("", "{1}"), ("tcp://may2:5670", "{1}"), ("", None)):
            words = ["leader", "hand-over", *(["--to", to] if to else [])]
            lines, (_, second) = self.ask(words, {"role": "follower", "lag_ms": 3, "handed": handed}, {"role": "leader"}, code=0)
            self.assertIn(f"leader\t{second}", lines)

    def test_another_than_was_named_is_said(self):
        lines, (first, second, _) = self.ask(["leader", "hand-over", "--to", "{0}"], dict(FOLLOWER),
                                             {"role": "leader", "handed": ""}, FOLLOWER)
        self.assertIn(f"coordctl: hand_over_failed: --to: {first} did not take the lead; {second} leads now.", lines)


class Worded(Spoken):
    def test_how_old_an_answer_may_be_is_called_as_it_was_typed(self):
        behind = {"error": "behind", "code": 76, "retry": True, "field": "within_ms", "message": "What is known here may be 9 ms old.",
                  "as_of": 40, "lag_ms": 9}
        lines, _ = self.ask(["task", "list", "--within", "1ms"], dict(FOLLOWER, refusal=behind))
        self.assertIn("coordctl: behind: --within: What is known here may be 9 ms old.", lines)


class Doctor(Spoken):
    def doctor(self, *brokers, **how):
        return self.ask(["doctor"], *brokers, **how)

    def test_two_that_say_that_they_lead_are_named(self):
        lines, (first, second, _) = self.doctor({"role": "leader"}, {"role": "leader"}, FOLLOWER)
        self.assertIn(f"NOT OK\tbrokers at {first} and {second} both say that they lead", lines)

    def test_one_that_lags_is_named(self):
        lines, (leader, follower) = self.doctor({"role": "leader"}, dict(FOLLOWER, lag_ms=12345))
        self.assertIn(f"NOT OK\tbroker at {follower} follows: record 41, 12.3 s behind at most, version 9.9", lines)
        self.assertIn(f"ok\tbroker at {leader} leads: record 41, version 9.9", lines)

    def test_one_that_has_not_heard_of_the_store_is_named(self):
        lines, (_, follower) = self.doctor({"role": "leader"}, {"op": "error", "error": "behind", "code": 76, "retry": True,
                                                                "message": "It has come to record 40.", "as_of": 40, "lag_ms": 99999})
        self.assertIn(f"NOT OK\tbroker at {follower} follows, and has not heard of the store for too long: It has come to record 40.", lines)

    def test_brokers_of_two_stores_are_named(self):
        lines, (first, second) = self.doctor({"role": "leader"}, {"role": "leader", "store": bytes(16)})
        self.assertIn(f"NOT OK\tbrokers at {first} and {second} serve two stores", lines)

    def test_that_nobody_leads_is_said(self):
        lines, _ = self.doctor(FOLLOWER, FOLLOWER)
        self.assertIn("NOT OK\tnobody leads: changes wait, and no deadline fires", lines)

    def test_one_at_which_nobody_listens_is_never_ok(self):
        gone = f"tcp://127.0.0.1:{free_port()}"
        for brokers in ([{"role": "leader"}, FOLLOWER], [{"role": "leader"}]):
            lines, _ = self.doctor(*brokers, beside=[gone], code=0)
            self.assertIn(f"look\tbroker at {gone}: {MAY_WAIT}", lines)
        lines, _ = self.doctor(FOLLOWER, beside=[gone])
        self.assertIn(f"NOT OK\tbroker at {gone}: nobody answers there.", lines)

    def test_where_nobody_is_there_nobody_leads(self):
        gone = [f"tcp://127.0.0.1:{free_port()}" for _ in range(2)]
        lines, _ = self.doctor(beside=gone, code=NO_BROKER)
        self.assertIn("NOT OK\tnobody leads: changes wait, and no deadline fires", lines)
        self.assertEqual([line for line in lines if line.startswith(f"ok\tbroker at {gone[0]}")], [])

    def test_a_handshake_that_failed_is_amiss(self):
        _, secret = zmq.curve_keypair()
        other = Speaking(secret, role="leader")
        self.addCleanup(other.end)
        lines, _ = self.doctor({"role": "leader"}, beside=[other.endpoint])
        self.assertIn(f"NOT OK\tbroker at {other.endpoint}: the handshake failed; is server_key the broker's, and is it coordd that listens there?", lines)

    def test_where_all_is_well_nothing_is_amiss(self):
        lines, _ = self.doctor({"role": "leader"}, FOLLOWER, FOLLOWER, code=0)
        self.assertEqual([line for line in lines if not line.startswith("ok\t")], [])


if __name__ == "__main__":
    unittest.main()
