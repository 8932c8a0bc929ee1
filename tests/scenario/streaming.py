"""Subscriptions by hand at one of several brokers of a store, and what is told there."""
import time

from several import HANGS, Several

CREDIT = 60000


class Session:
    """A subscription by hand, at one broker: what it was told, in order."""

    def __init__(self, client, **fields):
        self.client = client
        self.granted = client.call("subscribe", credit=CREDIT, reached=True, timeout=HANGS, **fields)

    def told(self):
        return [message["seq"] for message in self.client._records if message["op"] == "record"]

    def take(self, ready):
        """Until what was told is as wanted."""
        ends = time.monotonic() + HANGS
        while not ready(self.told()):
            if time.monotonic() > ends:
                raise AssertionError(f"told of {len(self.told())}, the last {self.told()[-3:]}")
            message = self.client._receive(1)
            if message:
                self.client._set_aside(message)
            if self.client._closed:
                raise AssertionError(f"closed: {self.client._closed}")

    def up_to(self, seq):
        self.take(lambda told: told and told[-1] >= seq)
        return self.told()

    def passed(self, seq):
        """Until it has come so far, whatever it was told: there is `reached` for that."""
        ends = time.monotonic() + HANGS
        while not any(message["seq"] >= seq for message in self.client._records):
            if time.monotonic() > ends:
                raise AssertionError(f"it has not come to {seq}")
            message = self.client._receive(1)
            if message:
                self.client._set_aside(message)

    def consumed(self, seq, timeout=HANGS):
        return self.client.call("consumed", seq=seq, timeout=timeout)

    def unsubscribe(self):
        self.client.call("unsubscribe", timeout=HANGS)


class Streaming(Several):
    """What huyen does is told to tinh, who reads here."""

    def setUp(self):
        super().setUp()
        self.task = self.assign()
        self.huyen.call("accept", task=self.task)

    def tell(self, count, client=None):
        """The sequences of so many notifications more."""
        return [(client or self.huyen).call("comment", task=self.task, note="ý kiến")["seq"] for _ in range(count)]

    def session(self, broker, **fields):
        return Session(self.at(broker), **fields)
