"""A message that never ends: its connection is cut, whatever it came by, and long before the broker is full of it."""
import os
import select
import socket
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

    def test_parts_that_are_empty_hold_no_more_than_they_are(self):
        """Each in a packet of its own: none keeps the room that it was received in."""
        connection = self.curve()
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        before = self.memory()
        for _ in range(12000):
            connection.part(b"", True)
        connection.part(b"", False)
        connection.take()  # the answer: all of it had come
        self.assertLess(self.memory("VmHWM") - before, 24)  # 98 with the 8 KiB of each

    def hold(self, context, said, size=1 << 20):
        connection = Curve(context)
        self.addCleanup(connection.close)
        if said:
            connection.part(msgpack.packb({"op": "hello", "id": "1"}), False)
            connection.take()
        connection.part(bytes(size), True)
        return connection

    def ended(self, connections):
        """Those that the broker has ended: there is nothing else to read of them."""
        return select.select(connections, [], [], 0)[0]

    def still_there(self, connections):
        """Those that still can end their message, and are answered."""
        count = 0
        for connection in connections:
            try:
                connection.part(b"", False)
                connection.take()
                count += 1
            except (BrokenPipeError, ConnectionError):
                pass
        return count

    def test_what_one_agency_holds_in_many_connections_has_a_bound(self):
        """As much as it may have waiting, 16 MiB: 16 messages of 1,000 KiB. Others go on."""
        other = self.hold(self.so_context, said=True)
        unsaid = self.hold(self.so_context, said=False)
        held = [self.hold(self.huyen_context, said=True, size=1000 << 10) for _ in range(24)]
        self.cut("agency=huyen", "address=127.0.0.1")
        while len(self.ended([connection.socket for connection in held])) < 8:
            time.sleep(0.05)
        self.assertEqual(self.still_there([other, unsaid]), 2)
        self.assertEqual(self.still_there(held), 16)

    def test_what_those_hold_that_have_said_nothing_has_one_too(self):
        other = self.hold(self.so_context, said=True)
        held = [self.hold(self.huyen_context, said=False, size=1000 << 10) for _ in range(24)]
        self.cut("agency=", "address=127.0.0.1")
        while len(self.ended([connection.socket for connection in held])) < 8:
            time.sleep(0.05)
        self.assertEqual(self.still_there([other]), 1)
        self.assertEqual(self.still_there(held), 16)

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
