"""Bundles over real sockets: a foreign client with msgpack alone, the Python client, and coordctl (libcoord)."""
import json
import os
import signal
import subprocess
import threading
import time
import unittest

import msgpack
from harness import COORDCTL, Scenario

BUNDLE_BYTES = 65536
SECONDS = 120  # what is waited for comes at once; this is for a machine that does much else


class Foreign:
    """What PROTOCOL.md says of bundles, and nothing of ours."""

    def __init__(self, socket):
        self.socket, self.number = socket, 0
        self.frames = []  # how many maps each frame had that came; 0 for a map alone
        self.sizes = []

    def send(self, op, **fields):
        self.number += 1
        self.socket.send(msgpack.packb({"op": op, "id": f"f{self.number}", **fields}))
        return f"f{self.number}"

    def receive(self, count):
        """So many maps, one after the other, whatever frames they came in."""
        maps = []
        while len(maps) < count:
            if not self.socket.poll(SECONDS * 1000):
                raise AssertionError(f"{len(maps)} came of {count}")
            raw = self.socket.recv()
            frame = msgpack.unpackb(raw, raw=False)
            if isinstance(frame, list):
                assert len(frame) >= 2 and len(raw) <= BUNDLE_BYTES, (len(frame), len(raw))
            self.frames.append(len(frame) if isinstance(frame, list) else 0)
            self.sizes.append(len(raw))
            maps += frame if isinstance(frame, list) else [frame]
        return maps

    def ask(self, op, **fields):
        self.send(op, **fields)
        return self.receive(1)[0]


class Bundles(Scenario):
    def foreign(self, context=None):
        return Foreign(self.bare_socket(context or self.huyen_context, RCVHWM=0))

    def at_once(self, foreign, requests):
        """Sends them while the broker stands still, so that they come to it together; and what is answered."""
        self.broker.process.send_signal(signal.SIGSTOP)
        ids = [foreign.send(op, **fields) for op, fields in requests]
        time.sleep(0.05)  # libzmq sends by a thread of its own; it is no harm if that is too short
        self.broker.process.send_signal(signal.SIGCONT)
        answers = foreign.receive(len(ids))
        self.assertEqual([answer["id"] for answer in answers], ids)
        return answers

    def test_answers_of_one_time_come_in_one_frame(self):
        foreign = self.foreign()
        hello = foreign.ask("hello", bundles=True)
        self.assertIs(hello["bundles"], True)
        self.assertEqual(foreign.frames, [0])  # the reply itself is a map
        until = time.monotonic() + SECONDS
        while not any(foreign.frames) and time.monotonic() < until:
            answers = self.at_once(foreign, [("hello", {}), ("task_get", {"task": 99}), ("task_list", {})] * 20)
            self.assertEqual([answer["op"] for answer in answers], ["reply", "error", "reply"] * 20)
        self.assertTrue(any(foreign.frames))

    def test_who_asks_for_none_gets_none(self):
        foreign = self.foreign()
        self.assertNotIn("bundles", foreign.ask("hello"))
        for _ in range(3):
            self.at_once(foreign, [("hello", {})] * 50)
        self.assertEqual(set(foreign.frames), {0})
        batch = foreign.ask("batch", requests=[{"op": "hello", "id": "h", "bundles": True}])
        self.assertNotIn("bundles", batch["replies"][0])  # in a batch it is not heeded
        self.at_once(foreign, [("hello", {})] * 50)
        self.assertEqual(set(foreign.frames), {0})

    def test_it_is_over_when_the_client_says_so(self):
        foreign = self.foreign()
        foreign.ask("hello", bundles=True)
        self.assertIs(foreign.ask("hello", bundles=False)["bundles"], False)
        for _ in range(3):
            self.at_once(foreign, [("hello", {})] * 50)
        self.assertEqual(set(foreign.frames), {0})

    def test_a_wrong_word_for_it_is_refused_by_name(self):
        error = self.foreign().ask("hello", bundles="yes")
        self.assertEqual((error["error"], error["field"]), ("bad_type", "bundles"))

    def test_a_large_answer_amid_small_ones_comes_alone(self):
        self.admin.batch([("assign", {"reference": f"HT-{number}", "leads": ["huyen"],
                                      "content": {"title": "Rà soát đất công " + "x" * 200}}) for number in range(250)])
        foreign = self.foreign()
        foreign.ask("hello", bundles=True)
        small, large = ("task_get", {"task": 1}), ("task_list", {"limit": 250})
        until = time.monotonic() + SECONDS
        while True:
            del foreign.frames[:], foreign.sizes[:]
            answers = self.at_once(foreign, [small, small, large, small, small] * 4)
            self.assertEqual(["tasks" in answer for answer in answers], [False, False, True, False, False] * 4)
            larger = [maps for maps, size in zip(foreign.frames, foreign.sizes) if size > BUNDLE_BYTES]
            self.assertEqual(larger, [0] * 4)
            if any(foreign.frames) or time.monotonic() >= until:
                break
        self.assertTrue(any(foreign.frames))

    def test_a_stream_gets_the_records_of_a_commit_together_behind_what_came_before(self):
        task = self.assign()
        foreign = self.foreign()
        foreign.ask("hello", bundles=True)
        foreign.ask("subscribe", credit=1000)
        until, number = time.monotonic() + SECONDS, 0
        del foreign.frames[:]
        while not any(foreign.frames) and time.monotonic() < until:
            self.admin.batch([("comment", {"task": task, "note": f"{number}.{i}"}) for i in range(200)])
            number += 1
            records = foreign.receive(200)
            self.assertEqual({record["op"] for record in records}, {"record"})
            seqs = [record["seq"] for record in records]
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + 200)))
            foreign.send("credit", credit=200)
            self.assertEqual(foreign.receive(1)[0]["credit"], 1000)
        self.assertTrue(any(foreign.frames))
        foreign.send("unsubscribe")
        self.assertEqual({message["op"] for message in foreign.receive(2)}, {"reply", "closed"})

    # ---- killed, and resumed ----

    def comments(self, task, rounds):
        """In batches, while the broker is killed again and again: the sequences of their records, each done once."""
        seqs = []

        def write():
            with self.broker.client(self.broker.admin, timeout=SECONDS) as client:
                for number in range(rounds):
                    replies = client.batch([("comment", {"task": task, "note": f"{number}.{i}"}) for i in range(50)])
                    seqs.extend(reply["seq"] for reply in replies)
        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        for kill in range(3):
            while len(seqs) < (kill + 1) * rounds * 10:
                self.assertTrue(writer.is_alive(), f"{len(seqs)} were written")
                time.sleep(0.001)
            self.broker.restart(signal.SIGKILL)
        writer.join(SECONDS)
        self.assertEqual(len(seqs), rounds * 50)
        return seqs

    def test_python_client_misses_nothing_and_hears_nothing_twice_over_kills(self):
        task, told = self.assign(), []
        frames = []

        def read():
            with self.broker.client(self.huyen_context) as client:
                receive = client._socket.recv
                client._socket.__dict__["recv"] = lambda: frames.append(receive()) or frames[-1]
                for record in client.stream(start=0):
                    told.append(record["seq"])
                    if record.get("note") == "the last":
                        return
        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        seqs = self.comments(task, 40)
        self.admin.call("comment", task=task, note="the last")
        reader.join(SECONDS)
        self.assertEqual(told[1:-1], sorted(seqs))  # between the task's first record and the last word
        self.assertEqual(told[1:-1], seqs)
        self.assertTrue(any(isinstance(msgpack.unpackb(frame, raw=False), list) for frame in frames))

    def test_libcoord_misses_nothing_and_hears_nothing_twice_over_kills(self):
        task = self.assign()
        huyen = self.context_file(self.huyen_context)
        with subprocess.Popen([COORDCTL, "--json", "watch", "--from", "0", "--count", "2001"], stdout=subprocess.PIPE,
                              env=dict(os.environ, COORD_CONTEXT=huyen), text=True) as watch:
            seqs = self.comments(task, 40)
            lines = watch.stdout.readlines()
        self.assertEqual(watch.returncode, 0)
        told = [json.loads(line)["seq"] for line in lines]
        self.assertEqual(told[1:], seqs)


if __name__ == "__main__":
    unittest.main()
