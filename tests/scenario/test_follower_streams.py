"""Notifications of a store that several brokers serve: a stream stands at any of them, is told alike, and goes on when the lead changes
hands."""
import json
import signal
import time
import unittest

from harness import read_context
from several import HANGS, LEASE, wait_for
from streaming import Streaming


class Anywhere(Streaming):
    def test_a_stream_is_told_alike_by_who_leads_and_who_follows(self):
        seqs = self.tell(300)
        here, there = self.session(self.broker, **{"from": 0}), self.session(self.second, **{"from": 0})
        self.assertIn("as_of", there.granted)
        seqs += self.tell(20)
        told = here.up_to(seqs[-1])
        self.assertEqual(there.up_to(seqs[-1]), told)
        self.assertEqual([seq for seq in told if seq >= seqs[0]], seqs)

    def test_it_tells_of_what_happens_soon_though_nothing_else_does(self):
        session = self.session(self.second)
        self.tell(1)
        waits = []
        for _ in range(10):
            time.sleep(0.3)  # the leader has nothing to do
            began = time.monotonic()
            session.up_to(self.tell(1)[0])
            waits.append(time.monotonic() - began)
        waits.sort()
        print(f"measured stream at a follower of a store at rest: told after {waits[5] * 1000:.0f} ms (median), {waits[-1] * 1000:.0f} ms at most")
        self.assertLess(waits[5], 0.5)  # a second passes between two signs of life

    def test_filters_and_the_tree_are_the_same(self):
        self.broker.agency(self.admin, "xa", parent="huyen")
        seq = self.newest()
        wishes = ({"subtree": True}, {"notices": ["assigned"], "subtree": True}, {"severity": "critical", "subtree": True})
        sessions = [(self.session(self.broker, **{"from": 0}, at_least=seq, **wish), self.session(self.second, **{"from": 0}, at_least=seq, **wish))
                    for wish in wishes]
        task = self.admin.call("assign", reference="XA", leads=["xa"], content={"title": "Cho xã"})["tasks"][0]["task"]
        self.admin.call("escalate", task=task, note="gấp", to=["xa"])
        self.tell(5)
        last = self.tell(1)[0]
        whole = [session.up_to(last) for session in sessions[0]]
        self.assertEqual(whole[0], whole[1])
        for here, there in sessions[1:]:
            for session in (here, there):
                session.passed(last)
            self.assertEqual(here.told(), there.told())
            self.assertLess(len(here.told()), len(whole[0]))
        self.assertTrue(sessions[1][0].told())

    def test_one_that_is_to_begin_after_what_has_not_come_is_refused(self):
        seq = self.newest()
        refusal = self.refused("behind", "from", self.at(self.second).call, "subscribe", credit=1, **{"from": seq + 1000})
        self.assertTrue(refusal["retry"])
        self.refused("behind", "at_least", self.at(self.second).call, "subscribe", credit=1, at_least=seq + 1000)
        self.refused("out_of_range", "from", self.at(self.broker).call, "subscribe", credit=1, **{"from": seq + 1000})


class Programs(Streaming):
    """Both client libraries, whose programs need not know of all this."""

    def test_with_read_from_any_a_stream_stays_at_followers(self):
        third = self.follower("third")
        followers = [self.second, third]
        context = dict(read_context(self.broker.admin), endpoint=", ".join(broker.endpoint for broker in followers + [self.broker]))
        while (client := self.client(context, read_from="any", timeout=30)).endpoint == self.broker.endpoint:
            pass  # it begins with one by chance
        stream = client.stream(consumer="kho", start=self.newest(), tick=1)
        told, seqs, carriers = [], [], []
        for turn in range(3):
            seqs += self.tell(20)
            while len(told) < len(seqs):
                record = next(stream)
                told += [record["seq"]] if record else []
            carriers.append(client.endpoint)
            if turn == 0:
                carrier = next(broker for broker in followers if broker.endpoint == client.endpoint)
                carrier.end(signal.SIGKILL)
        self.assertEqual(told, seqs)
        self.assertIn(carriers[0], [broker.endpoint for broker in followers])
        self.assertNotEqual(carriers[1], carriers[0])
        self.assertEqual(carriers[1], carriers[2])

    def test_libcoord_is_told_by_a_follower_and_goes_on_elsewhere_by_its_name(self):
        at = {broker: self.context_file(dict(read_context(self.broker.admin), endpoint=broker.endpoint)) for broker in self.brokers}
        seq, told, seqs = self.newest(), [], []
        watch = ("--json", "watch", "--consumer", "kho", "--count", "5")
        for turn, broker in enumerate((self.second, self.broker, self.second, self.broker)):
            seqs += self.tell(5)
            wait_for(lambda: self.at(broker).call("hello")["seq"] >= seqs[-1], "it does not come so far")
            said = self.broker.ctl(*watch, *(("--from", str(seq)) if turn == 0 else ()), context=at[broker])
            told += [json.loads(line)["seq"] for line in said.splitlines()]
        self.assertEqual(told, seqs)


class GoingOn(Streaming):
    lease = LEASE

    def test_it_goes_on_where_its_follower_takes_the_lead(self):
        session = self.session(self.second, consumer="kho", at_least=self.newest())
        seqs = self.tell(20)
        session.up_to(seqs[0])
        generation = session.client._generation
        self.broker.end(signal.SIGKILL)
        self.leads(self.second)
        seqs += self.tell(20, self.there_huyen)
        self.assertEqual(session.up_to(seqs[-1]), seqs)
        session.consumed(seqs[-1])
        self.assertEqual(session.client._generation, generation)

    def test_it_goes_on_where_the_lead_is_handed_over_to_and_fro(self):
        here, there = self.session(self.broker), self.session(self.second, at_least=self.newest())
        seqs, clients = [], (self.admin, self.there)
        for turn in range(4):
            seqs += self.tell(10, (self.huyen, self.there_huyen)[turn % 2])
            clients[turn % 2].call("hand_over", timeout=HANGS)
            seqs += self.tell(10, (self.there_huyen, self.huyen)[turn % 2])
        self.assertEqual(here.up_to(seqs[-1]), seqs)
        self.assertEqual(there.up_to(seqs[-1]), seqs)


if __name__ == "__main__":
    unittest.main()
