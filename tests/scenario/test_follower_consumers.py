"""Durable consumers of a store that several brokers serve: each goes from one broker to another and is told each notification once, in
order, from the place that was answered, whoever is killed meanwhile."""
import random
import signal
import threading
import time
import unittest

import zmq

from harness import Broker, CoordError, TimedOut, Unreachable, read_context
from several import HANGS, LEASE, Several, wait_for
from streaming import CREDIT, Session, Streaming

KILLS = 6


class FromBrokerToBroker(Streaming):
    def test_a_consumer_goes_from_broker_to_broker_and_is_told_each_once(self):
        third = self.follower("third")
        brokers = (self.broker, self.second, third, self.broker, third, self.second, self.broker)
        first = self.session(brokers[0], consumer="kho", **{"from": 0})
        told = first.up_to(self.tell(5)[-1])
        first.consumed(told[-1])
        first.client.close()
        dealt, had = told[-1], list(told)
        for broker in brokers[1:]:
            before = self.tell(3)
            session = self.session(broker, consumer="kho")
            seqs = before + self.tell(7)
            self.assertEqual(session.up_to(seqs[-1]), seqs)
            session.consumed(seqs[-1])
            self.refused("out_of_range", "seq", session.client.call, "consumed", seq=seqs[-1] + 1000)
            dealt, had = seqs[-1], had + seqs
            session.client.close()
        self.assertEqual(len(had), len(set(had)))
        wait_for(lambda: self.sql("SELECT count(*) FROM coordd.place") == "0", "the leader does not take the places")
        self.assertEqual(self.session(self.second, consumer="kho").granted["from"], dealt)

    def test_of_what_was_not_said_to_be_dealt_with_all_is_told_again_elsewhere(self):
        session = self.session(self.second, consumer="dở", at_least=self.newest())
        seqs = self.tell(10)
        session.up_to(seqs[-1])
        session.consumed(seqs[3])
        session.client.close()
        again = self.session(self.broker, consumer="dở")
        self.assertEqual(again.up_to(seqs[-1]), seqs[4:])

    def test_a_key_that_may_only_read_moves_no_others_place_at_any(self):
        public, secret = zmq.curve_keypair()
        self.admin.call("key_set", agency="tinh", key={"public_key": public.decode(), "label": "đọc", "rights": ["read"]})
        seq = self.newest()
        context = dict(read_context(self.broker.admin), public_key=public.decode(), secret_key=secret.decode())
        own = self.session(self.second, consumer="kho", at_least=seq)
        for broker in self.brokers:
            refusal = self.refused("not_authorised", "consumer", self.at(broker, context).call, "subscribe", credit=1, consumer="kho", at_least=seq)
            self.assertIn("kept for the key", refusal["message"])
        reader = Session(self.at(self.second, context), consumer="đọc", at_least=seq)
        seqs = self.tell(3)
        self.assertEqual(reader.up_to(seqs[-1]), own.up_to(seqs[-1]))
        reader.consumed(seqs[-1])
        own.consumed(seqs[0])
        self.assertEqual(self.session(self.broker, consumer="kho").granted["from"], seqs[0])

    def given(self, agency):
        """A task for an agency: the sequence of the record that tells it."""
        self.made = getattr(self, "made", 0) + 1
        self.admin.call("assign", reference=f"T-{self.made}", leads=[agency], content={"title": "Việc"})
        return self.admin.call("task_get", reference=f"T-{self.made}")["task"]["record"]

    def heard(self, broker, context, last, consumes=None, **fields):
        """What the consumer `d` is told up to a sequence, and what of it it has dealt with."""
        session = Session(self.at(broker, context), consumer="d", at_least=self.newest(), **fields)
        told = session.up_to(last)
        if consumes:
            session.consumed(consumes)
        session.client.close()
        return told

    def test_what_a_predecessor_left_is_the_successors_at_any(self):
        old, new = (self.broker.agency(self.admin, agency) for agency in ("xa-cu", "xa-moi"))
        public, secret = (key.decode() for key in zmq.curve_keypair())
        self.admin.call("key_set", agency="xa-moi", key={"public_key": public, "label": "màn hình", "rights": ["read"]})
        reader = dict(new, public_key=public, secret_key=secret)
        left = [self.given("xa-cu") for _ in range(3)]
        self.heard(self.second, old, left[2], consumes=left[0], **{"from": 0})
        self.admin.call("agency_set", agency={"agency": "xa-cu", "name": "xa-cu", "parent": "tinh", "successor": "xa-moi",
                                              "valid_until": self.admin.call("hello")["time"]})
        self.assertEqual(self.heard(self.second, reader, left[2], consumes=left[2]), left[1:])
        self.assertEqual(self.heard(self.broker, new, left[2], consumes=left[1]), left[1:])  # a reader takes it from nobody
        self.assertEqual(self.heard(self.second, new, left[2], consumes=left[2]), left[2:])
        last = self.given("xa-moi")
        for broker in (self.broker, self.second):
            self.assertEqual(self.heard(broker, new, last), [last])
            self.refused("not_authorised", "consumer", self.at(broker, reader).call, "subscribe", credit=1, consumer="d",
                         at_least=self.newest())  # whoever acts has taken the name over


class Reader(threading.Thread):
    """A durable consumer that begins anew all the time, at one broker after another. `sessions` has what each was told, the place that was
    answered before it, and the furthest that was said."""

    def __init__(self, test, name):
        super().__init__(daemon=True)
        self.test, self.name = test, name
        self.sessions, self.ending, self.failure = [], threading.Event(), None
        self.answered = self.said = 0
        self.random = random.Random(name)

    def run(self):
        try:
            while not self.ending.is_set():
                self.once(self.random.choice(self.test.brokers))
        except BaseException as failure:
            self.failure = failure
            raise

    def once(self, broker):
        client = self.test.broker.client(dict(read_context(self.test.broker.admin), endpoint=broker.endpoint), timeout=2)
        try:
            fields = {} if self.sessions else {"from": 0}
            granted = client.call("subscribe", credit=CREDIT, consumer=self.name, timeout=2, **fields)
            session = {"answered": self.answered, "said": self.said, "broker": broker.endpoint, "granted": granted}
            self.sessions.append(session)
            self.read(client, session, time.monotonic() + self.random.uniform(0.1, 1.5))
        except CoordError as refusal:
            if refusal.name not in ("behind", "stopping", "stream_unknown", "storage_full"):
                raise
        except (TimedOut, Unreachable):
            pass
        finally:
            client.close()

    def read(self, client, session, until):
        generation, told = client._generation, session.setdefault("told", [])
        while time.monotonic() < until and client._generation == generation:
            message = client._receive(0.05)
            if message:
                client._set_aside(message)
            told[:] = [record["seq"] for record in client._records if record["op"] == "record"]
            if told and told[-1] > self.said and self.random.random() < 0.3:
                self.said = self.random.choice([seq for seq in told if seq > self.said])
                client.call("consumed", seq=self.said, timeout=2)
                self.answered = self.said


class Killed(Streaming):
    lease = LEASE

    def setUp(self):
        Several.setUp(self)  # the writers have a task of their own

    def who_leads(self):
        def find():
            for broker in self.brokers:
                try:
                    if broker.process and self.at(broker).call("hello", timeout=2)["role"] == "leader":
                        return broker
                except (CoordError, TimedOut, Unreachable):
                    pass
            return None
        wait_for(lambda: find() is not None, "nobody leads")
        return find() or self.who_leads()

    def held(self, truth, reader):
        """Each session is a piece of the truth without a gap, from behind a place that it may have been at."""
        for session in reader.sessions:
            told = session.get("told", [])
            if not told:
                continue
            self.assertIn(told[0], truth, session)
            at = truth.index(told[0])
            self.assertEqual(told, truth[at:at + len(told)], "a gap, or one twice")
            before = truth[at - 1] if at else 0
            brief = {name: value for name, value in session.items() if name != "told"}
            self.assertGreater(told[0], session["answered"], f"told again below the place that was answered: {brief}")
            self.assertLessEqual(before, max(session["said"], session["answered"]), f"left out: {brief}")

    def test_whoever_is_killed_no_consumer_misses_one_or_hears_one_again(self):
        self.follower("third")
        readers = [Reader(self, f"người đọc {number}") for number in range(3)]
        self.begin()
        for reader in readers:
            reader.start()
        for _ in range(KILLS):
            leader = self.who_leads()
            leader.end(signal.SIGKILL)
            self.who_leads()
            self.go_on(5)
            Broker.start(leader)
        self.go_on(5)
        leader = self.who_leads()
        for reader in readers:
            reader.ending.set()
            reader.join(HANGS)
            self.assertIsNone(reader.failure)
        self.end_work("killed in turn", self.at(leader))
        last = self.tell(1, self.at(leader, self.huyen_context))[0]
        truth = self.session(leader, **{"from": 0}).up_to(last)
        for reader in readers:
            self.held(truth, reader)
            rest = self.session(random.choice(self.brokers), consumer=reader.name, at_least=last)
            self.assertIn(rest.granted["from"], [reader.answered, reader.said])
            self.assertEqual(rest.up_to(last), [seq for seq in truth if seq > rest.granted["from"]])
        told = sum(len(session.get("told", [])) for reader in readers for session in reader.sessions)
        print(f"measured killed in turn: {KILLS} leaders, {sum(len(reader.sessions) for reader in readers)} sessions told of {told}, "
              f"{len(truth)} notifications, 0 left out, 0 below a place that was answered")


if __name__ == "__main__":
    unittest.main()
