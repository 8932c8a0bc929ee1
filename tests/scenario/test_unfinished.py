"""A message that never ends: its connection is cut, whatever it came by, and long before the broker is full of it."""
import os
import time
import unittest

import msgpack

from curve import Curve
from harness import Scenario

PART = bytes(256 << 10)
# The broker keeps 2 MiB of it, and what comes until it has looked twice, ten times a second.
MEMORY = 128


class Unfinished(Scenario):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.broker.directory, "local")
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write(f"[daemon]\nlisten_local = ipc://{self.path}\n")
        self.broker.restart()
        self.admin.call("hello")

    def curve(self, **fields):
        connection = Curve(self.huyen_context, **fields)
        self.addCleanup(connection.close)
        return connection

    def send_without_end(self, connection):
        """Until it is cut: how much it sent."""
        sent, ends = 0, time.monotonic() + 120
        try:
            while time.monotonic() < ends:
                connection.part(PART, True)
                sent += len(PART)
        except (BrokenPipeError, ConnectionError):
            return sent
        return self.fail(f"it was not cut, and sent {sent >> 20} MiB")

    def cut(self, *words):
        while not self.logged("a connection is cut", "why=message_unfinished", *words):
            time.sleep(0.05)

    def test_it_is_cut_over_tcp_and_what_it_held_is_let_go(self):
        before = self.memory()
        connection = self.curve()
        connection.part(msgpack.packb({"op": "hello", "id": "1"}), False)  # it is known by name
        sent = self.send_without_end(connection)
        self.cut("agency=huyen", "address=127.0.0.1")
        self.assertLess(self.memory("VmHWM") - before, MEMORY)
        print(f"measured  a message without end was cut after {sent >> 20} MiB; memory + {self.memory('VmHWM') - before:.0f} MiB at most")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")

    def test_it_is_cut_before_it_has_said_a_word_and_over_a_local_socket_too(self):
        before = self.memory()
        self.send_without_end(self.curve(path=self.path))
        self.cut("address=local")
        self.assertLess(self.memory("VmHWM") - before, MEMORY)

    def test_slow_ones_are_cut_as_well(self):
        connection, sent = self.curve(), 0
        with self.assertRaises((BrokenPipeError, ConnectionError)):
            while sent < 32 << 20:
                connection.part(bytes(32 << 10), True)
                sent += 32 << 10
                time.sleep(0.02)
        self.cut()

    def test_large_whole_messages_one_after_the_other_are_no_such_thing(self):
        connection = self.curve()
        frame = msgpack.packb({"op": "hello", "id": "g", "x": "y" * ((1 << 20) - 100)})
        for _ in range(40):
            connection.part(frame, False)
        for number in range(3):  # and half a one, for a while, after which it ends
            connection.part(bytes(700 << 10), True)
            self.huyen.call("hello")
            time.sleep(0.6)
            connection.part(bytes(10), False)
        connection.part(frame, False)
        self.huyen.call("hello")
        self.assertIsNone(self.logged("a connection is cut"))

    def test_who_is_not_read_for_long_is_not_cut_for_it(self):
        """A stopped broker takes nothing; what came meanwhile is whole, however much it is."""
        import signal
        client = self.client(self.so_context)
        client.call("hello")
        self.broker.process.send_signal(signal.SIGSTOP)
        for number in range(40):
            client.send_frame(msgpack.packb({"op": "hello", "id": f"w{number}", "x": "y" * ((1 << 20) - 100)}))
        time.sleep(1.5)
        self.broker.process.send_signal(signal.SIGCONT)
        for number in range(40):
            self.assertEqual(client._receive(60)["id"], f"w{number}")
        self.assertIsNone(self.logged("a connection is cut"))


if __name__ == "__main__":
    unittest.main()
