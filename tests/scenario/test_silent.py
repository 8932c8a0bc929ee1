"""Connections that never say a word: they keep nobody out, neither by their number nor by using up the descriptors."""
import os
import socket
import time
import unittest

from harness import Broker, Scenario


class Narrow(Broker):
    """A broker that may have few descriptors."""

    def arguments(self):
        return ["prlimit", "--nofile=300:300", *super().arguments()]


class Knocked(Scenario):
    def knock(self, count):
        host, port = self.broker.endpoint.removeprefix("tcp://").split(":")
        for _ in range(count):
            knocker = socket.create_connection((host, int(port)))
            self.addCleanup(knocker.close)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.broker.process.pid}/fd"))

    def busy(self):
        """Seconds of processor time so far."""
        with open(f"/proc/{self.broker.process.pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def await_fewer(self, count):
        while self.descriptors() > count:
            time.sleep(0.05)


class Silent(Knocked):
    def test_an_address_has_so_many_and_the_oldest_goes_first(self):
        self.configure(silent_connections=50, handshake_ms=600000)
        self.huyen.call("hello")
        idle = self.descriptors()
        self.knock(300)
        while not self.logged("a connection is cut", "address=127.0.0.1", "why=too_many_silent"):
            time.sleep(0.05)
        self.await_fewer(idle + 60)
        with self.broker.client(self.so_context) as late:
            self.assertEqual(late.call("hello")["agency"], "so")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")

    def test_they_are_not_counted_among_those_that_may_connect(self):
        self.configure(connections=3, handshake_ms=600000)
        self.knock(20)
        for client in (self.admin, self.huyen, self.so):
            client.call("hello")


class Descriptors(Knocked):
    def setUp(self):
        super().setUp()
        self.broker.end()
        self.broker.__class__ = Narrow

    def test_a_broker_without_descriptors_says_so_and_goes_on(self):
        self.configure(handshake_ms=600000)
        self.huyen.call("hello")
        self.knock(600)
        while not self.logged("a connection is cut", "why=no_descriptors"):
            time.sleep(0.05)
        with self.broker.client(self.so_context) as late:
            self.assertEqual(late.call("hello")["agency"], "so")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")
        self.await_fewer(250)
        began = self.busy()
        time.sleep(2)
        self.assertLess(self.busy() - began, 0.5)  # nothing turns round and round
        lines = [line for line in self.broker.read_log().splitlines() if "no_descriptors" in line]
        self.at_most_once_a_second(lines)


if __name__ == "__main__":
    unittest.main()
