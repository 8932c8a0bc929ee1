"""Who asks and does not read: what waits for it is bounded in bytes, and in the end its connection is cut."""
import time
import unittest

import msgpack
import zmq

from harness import Scenario

ATTACKERS = 4
# What the broker may take for them: 4 MiB of answers and 4 of refusals each, 1.5 in libzmq's hands, and two batches.
MEMORY = ATTACKERS * 10 + 40


class Unread(Scenario):
    def setUp(self):
        super().setUp()
        for part in range(2):
            replies = self.admin.batch([("assign", {"reference": f"HT-{part}-{number}", "leads": ["huyen"],
                                                    "content": {"title": "x" * 200, "description": "y" * 2500}})
                                        for number in range(250)])
            self.assertEqual({reply.get("error") for reply in replies}, {None})

    def ask(self, socket, count, number):
        for _ in range(count):
            try:
                socket.send(msgpack.packb({"op": "task_list", "id": f"{number}", "limit": 1000}), zmq.DONTWAIT)
            except zmq.Again:
                return

    def await_refused(self, count):
        while self.admin.call("status")["refused"] < count:
            pass

    def test_it_is_cut_by_name_and_holds_neither_memory_nor_others(self):
        attackers = [self.bare_socket(self.huyen_context, RCVHWM=1) for _ in range(ATTACKERS)]
        before, ends, number, worst = self.memory(), time.monotonic() + 120, 0, 0
        while not self.logged("a connection is cut", "agency=huyen", "why=answers_unread"):
            self.assertLess(time.monotonic(), ends, "nobody was cut")
            for socket in attackers:
                self.ask(socket, 200, number := number + 1)
            began = time.monotonic()
            self.so.call("hello")
            worst = max(worst, time.monotonic() - began)
        self.assertLess(self.memory("VmHWM") - before, MEMORY)
        print(f"measured  {ATTACKERS} connections that ask for pages and read nothing: {self.memory('VmHWM') - before:.0f} MiB; "
              f"a call beside them took {worst * 1000:.0f} ms at worst")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")  # with the same key
        lines = [line for line in self.broker.read_log().splitlines() if "a connection is cut" in line]
        self.at_most_once_a_second(lines)

    def test_who_reads_late_is_refused_more_and_keeps_its_connection(self):
        slow = self.bare_socket(self.huyen_context, RCVHWM=1)
        self.ask(slow, 100, 1)  # some 50 MiB, of which it may have a part
        self.await_refused(50)
        told, answered = 0, 0
        while told + answered < 100:
            self.assertTrue(slow.poll(60000), f"{told + answered} of 100 were answered")
            answer = msgpack.unpackb(slow.recv())
            answered += answer["op"] == "reply"
            if answer["op"] == "error":
                self.assertEqual((answer["error"], answer["retry"]), ("in_flight_limit", True))
                self.assertIn("wait for this connection to read them", answer["message"])
                told += 1
        self.assertGreater(told, 0)
        self.assertGreater(answered, 8)
        self.assertIsNone(self.logged("a connection is cut"))

    def test_histories_are_not_read_for_who_does_not_read_them(self):
        task = self.assign("huyen", "HT-H")
        for _ in range(2):
            self.huyen.batch([("comment", {"task": task, "note": "z" * 3500}) for _ in range(200)])
        slow = self.bare_socket(self.huyen_context, RCVHWM=1)
        before = self.memory()
        for number in range(200):  # of some 900 KB each
            slow.send(msgpack.packb({"op": "task_history", "id": f"{number}", "task": task, "limit": 1000}))
        self.await_refused(150)
        self.assertLess(self.memory("VmHWM") - before, 40)
        kinds = set()
        for _ in range(200):
            self.assertTrue(slow.poll(60000))
            answer = msgpack.unpackb(slow.recv())
            kinds.add(answer.get("error", "reply"))
        self.assertEqual(kinds, {"reply", "in_flight_limit"})


if __name__ == "__main__":
    unittest.main()
