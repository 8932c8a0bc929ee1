"""What coordctl makes of brokers that say what none should. They speak from here: no store is needed."""
import os
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

import msgpack
import zmq

from harness import COORDCTL, free_port
from several import MAY_WAIT

REFUSED, NO_BROKER = 1, 6
FOLLOWER = {"role": "follower", "lag_ms": 3, "as_of": 41}


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
