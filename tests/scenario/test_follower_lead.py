"""Who leads a store in PostgreSQL that several brokers serve: whatever becomes of the leader, and to whomever it hands over, nothing that
was acknowledged is lost and nothing is done twice."""
import signal
import threading
import time
import unittest

from harness import Broker, postgresql
from on_postgres import Second
from several import AMPLE, LEADS, LEASE, Several, wait_for

OSFILE = 72


class Succession(Several):
    lease = LEASE

    def demoted(self, broker):
        self.assertEqual(broker.process.wait(60), OSFILE)
        broker.process = None
        self.assertIn("another coordd has taken the store over", broker.read_log())

    def test_one_that_was_killed_is_followed_without_a_start(self):
        self.begin()
        process = self.second.process
        self.there.call("hello")
        self.broker.end(signal.SIGKILL)
        self.leads(self.second)
        self.go_on(10)
        self.end_work("killed", self.there)
        self.assertIs(self.second.process, process)
        self.assertEqual(self.there.call("hello")["role"], "leader")
        self.assertEqual(self.second.end(), 0)
        self.coordd("verify")

    def test_one_that_froze_is_followed_and_answers_nothing_when_it_wakes(self):
        self.begin()
        self.broker.process.send_signal(signal.SIGSTOP)
        self.leads(self.second)
        self.go_on(10)
        acknowledged = sum(len(writer.ledger) for writer in self.writers)
        self.broker.process.send_signal(signal.SIGCONT)
        self.demoted(self.broker)
        self.go_on(10)
        self.assertGreater(sum(len(writer.ledger) for writer in self.writers), acknowledged)
        self.end_work("frozen", self.there)
        open(self.broker.log, "w").close()
        Broker.start(self.broker)
        again = self.at(self.broker)
        self.assertEqual(again.call("hello")["role"], "follower")
        self.there.call("comment", task=self.task, note="còn đây")
        self.alike(self.there, again)

    def alike(self, one, other):
        self.newest = lambda: one.call("status")["seq"]
        super().alike(one, other)

    def test_one_that_was_stopped_is_followed_at_once(self):
        self.begin()
        self.assertEqual(self.broker.end(), 0)
        self.leads(self.second)
        self.go_on(10)
        self.end_work("stopped", self.there)

    def test_of_two_one_takes_the_lead(self):
        third = self.follower("third")
        self.begin()
        self.broker.end(signal.SIGKILL)
        wait_for(lambda: any(LEADS in broker.read_log() for broker in (self.second, third)), "nobody leads")
        self.go_on(10)
        won, follows = (self.second, third) if LEADS in self.second.read_log() else (third, self.second)
        self.assertNotIn(LEADS, follows.read_log())
        self.end_work("killed before two", self.at(won))
        wait_for(lambda: self.at(follows).call("hello").get("leader") == won.endpoint, "it does not know who leads")
        self.alike(self.at(won), self.at(follows))

    def test_a_rung_that_fell_due_meanwhile_fires_once(self):
        self.admin.call("policy_set", policy={"policy": "nhanh", "steps": [
            {"deadline": "completion", "offset": 0, "unit": "minutes", "does": "escalate", "level": 1, "to": ["assigner"]}]})
        seconds = 5
        due = int(time.time() * 1000) // 60000 * 60000 + 60000
        if due - time.time() * 1000 < seconds * 1000:
            due += 60000
        local = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(due / 1000 + 7 * 3600))
        task = self.admin.call("assign", reference="GAP", leads=["huyen"], policy="nhanh",
                               content={"title": "Gấp", "due": local})["tasks"][0]["task"]
        self.there.call("task_get", task=task, at_least=self.newest())
        self.broker.process.send_signal(signal.SIGSTOP)
        time.sleep(max(0.0, due / 1000 - time.time()))
        self.leads(self.second)
        wait_for(lambda: self.there.call("escalation_list")["escalations"], "nothing fires")
        self.broker.process.send_signal(signal.SIGCONT)
        self.demoted(self.broker)
        fired = [record for record in self.there.pages("task_history", task=task) if record["record"] == "rung"]
        self.assertEqual(len(fired), 1, fired)


class HandingOver(Several):
    def hand_over(self, client, **fields):
        return client.call("hand_over", timeout=120, **fields)

    def test_under_load_no_change_is_refused_but_by_who_leads_no_more(self):
        self.begin()
        reply = self.hand_over(self.admin)
        self.leads(self.second)
        self.assertEqual(reply["leader"], self.second.endpoint)
        self.assertEqual(reply["epoch"], int(self.sql("SELECT epoch FROM coordd.head")))
        self.go_on(10)
        longest = self.end_work("handed over", self.there)
        self.assertEqual({name for writer in self.writers for name in writer.refused}, {"not_leader"})
        print(f"measured hand_over: took_ms {reply['took_ms']}, {longest:.3f} s between two changes")
        self.assertEqual(self.admin.call("hello")["role"], "follower")
        back = self.hand_over(self.there, to=self.broker.endpoint)
        self.assertEqual(back["leader"], self.broker.endpoint)
        self.assertEqual(self.admin.call("hello")["role"], "leader")
        self.alike(self.admin, self.there)

    def test_it_goes_to_who_is_named(self):
        third = self.follower("third")
        self.assertEqual(self.hand_over(self.admin, to=third.endpoint)["leader"], third.endpoint)
        self.assertNotIn(LEADS, self.second.read_log())

    def test_who_leads_cannot_be_its_own_successor(self):
        self.refused("bad_value", "to", self.hand_over, self.admin, to=self.broker.endpoint)
        self.assign()


class GivenToNobody(Several):
    lease = AMPLE

    def test_of_one_that_nobody_is_it_comes_back(self):
        self.follower("third")
        self.refused("hand_over_failed", "", self.admin.call, "hand_over", timeout=120, to="tcp://nobody.example:5670")
        self.assertEqual(self.admin.call("hello")["role"], "leader")
        for broker in self.brokers:
            if broker is not self.broker:
                self.assertNotIn(LEADS, broker.read_log())
        self.assign()


class NobodyComes(Several):
    lease = LEASE

    def test_it_takes_the_lead_back(self):
        task = self.assign()
        self.assertEqual(self.second.end(), 0)
        asked, done = [], []
        asker = threading.Thread(target=lambda: asked.append(self.refused("hand_over_failed", "", self.at(self.broker).call, "hand_over",
                                                                          timeout=120)))
        asker.start()
        while not self.logged("is to hand the lead over"):
            time.sleep(0.01)
        changer = threading.Thread(target=lambda: done.append(self.huyen.call("accept", task=task, timeout=120)["seq"]))
        changer.start()
        reader = self.at(self.broker, self.so_context)
        wait_for(lambda: asked or reader.call("hello")["role"] == "follower", "it gives nothing up")
        self.assertEqual(done, [])
        changer.join()  # it waited, and is done
        asker.join()
        self.assertTrue(asked[0]["retry"])
        self.assertEqual(self.newest(), done[0])


class Candidates(Several):
    """One that waits takes a lead that is handed over, and one that waited follows once it has handed its own over."""

    def make_broker(self):
        return Broker(server=postgresql(), role="candidate", lease_seconds=self.lease)

    def follower(self, name):
        broker = Second(self.broker, name)
        self.addCleanup(broker.end, signal.SIGKILL)
        broker.start()
        wait_for(lambda: " leads" in broker.read_log(), "it does not wait")
        self.brokers.append(broker)
        return broker

    def test_who_hands_over_follows(self):
        task = self.assign()
        reply = self.admin.call("hand_over", timeout=120)
        self.assertEqual(reply["leader"], self.second.endpoint)
        seq = self.there_huyen.call("accept", task=task, timeout=120)["seq"]
        self.assertGreaterEqual(self.admin.call("task_get", task=task, at_least=seq)["as_of"], seq)
        self.assertEqual(self.refused("not_leader", "", self.huyen.call, "report", task=task, percent=1)["leader"], self.second.endpoint)
        self.assertEqual(self.there.call("hand_over", timeout=120)["leader"], self.broker.endpoint)
        self.huyen.call("report", task=task, percent=1)


if __name__ == "__main__":
    unittest.main()
