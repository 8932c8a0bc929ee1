"""Subscribers: a slow one holds nobody up and misses nothing, a thousand join while notifications flow."""
import threading
import time
import unittest

from harness import CoordError, Scenario

FLOOD = 50000
CROWD = 1000
JOIN_A_REPORT = 4  # so many join for each notification


class Streams(Scenario):
    def flood(self, count, task, client):
        """Reports in batches: each notifies the assigner."""
        sent = 0
        while sent < count:
            size = min(250, count - sent)
            replies = client.batch([("report", {"task": task, "note": str(sent + i)}) for i in range(size)])
            self.assertTrue(all(reply["op"] == "reply" for reply in replies))
            sent += size

    def test_a_subscriber_that_stops_reading_catches_up_and_nobody_waits_for_it(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        slow, live = self.slow_client(self.broker.admin), self.client(self.broker.admin)
        slow.call("subscribe", credit=65536, **{"from": 0})  # and reads no more for now
        # A second subscriber, on another connection, follows as they come.
        seen, done = [], threading.Event()

        def follow():
            for record in live.stream(start=0, credit=5000):
                seen.append(record["seq"])
                if record.get("note") == str(FLOOD - 1):
                    done.set()
                    return
        follower = threading.Thread(target=follow)
        follower.start()
        worst = 0
        for part in range(10):
            self.flood(FLOOD // 10, task, self.huyen)
            began = time.monotonic()
            self.so.call("hello")
            worst = max(worst, time.monotonic() - began)
        self.flood(1, task, self.huyen)
        self.huyen.call("report", task=task, note=str(FLOOD - 1))
        self.assertTrue(done.wait(300), "the live subscriber waited")
        follower.join()
        self.assertEqual(seen, sorted(set(seen)))
        # Now the slow one reads on: the same, no gap and no double.
        caught = []
        while len(caught) < len(seen):
            message = slow._receive(60)
            self.assertIsNotNone(message, f"only {len(caught)} of {len(seen)} came")
            if message["op"] == "record":
                caught.append(message["seq"])
        self.assertEqual(caught, seen)
        print(f"measured  {len(seen)} notifications to a stalled subscriber; a call beside them took {worst * 1000:.0f} ms "
              "at worst")

    def test_a_thousand_subscribers_join_while_notifications_flow(self):
        self.configure(agency_connections=CROWD + 100, agency_streams=CROWD + 100)  # all of them are of one
        task = self.assign()
        self.huyen.call("accept", task=task)
        joined, sent = threading.Semaphore(0), []

        def flow():  # beside those who join, and no faster: what they hold does not depend on the machine's speed
            client = self.broker.client(self.huyen_context)
            for number in range(CROWD // JOIN_A_REPORT):
                joined.acquire()
                sent.append(client.call("report", task=task, note=str(number))["seq"])
            client.close()
        flowing = threading.Thread(target=flow, daemon=True)  # it ends by itself where all join
        flowing.start()
        crowd = []
        for number in range(CROWD):
            client = self.client(self.broker.admin)
            crowd.append((client, client.call("subscribe", credit=65536)["from"]))
            if number % JOIN_A_REPORT == JOIN_A_REPORT - 1:
                joined.release()
        flowing.join()
        last = sent[-1]
        for client, place in crowd:
            expected = [seq for seq in sent if seq > place]
            got = [record["seq"] for record in client._records]
            while not got or got[-1] < last:
                if not expected:
                    break
                message = client._receive(60)
                self.assertIsNotNone(message, f"{len(got)} of {len(expected)} came")
                if message["op"] == "record":
                    got.append(message["seq"])
            self.assertEqual(got, expected)

    def test_the_stream_of_a_revoked_key_ends(self):
        task = self.assign()
        self.huyen.call("subscribe", credit=100)
        self.admin.call("key_revoke", public_key=self.huyen_context["public_key"])
        self.admin.call("comment", task=task, note="Sau khi thu hồi khóa.")
        message = self.huyen._receive(60)
        self.assertEqual((message["op"], message["ending"]), ("closed", "key_revoked"))
        self.assertRaises(CoordError, self.huyen.call, "hello")  # what would have come still came before
        self.assertEqual(self.huyen._records, [])

    def test_a_consumer_that_subscribes_again_elsewhere_ends_the_first(self):
        self.huyen.call("subscribe", credit=100, consumer="một")
        other = self.client(self.huyen_context)
        other.call("subscribe", credit=100, consumer="một")
        message = self.huyen._receive(60)
        self.assertEqual((message["op"], message["ending"]), ("closed", "replaced"))

    def test_what_a_stream_refuses(self):
        self.refused("stream_unknown", "", self.huyen.call, "credit", credit=1)
        self.huyen.call("subscribe", credit=65536)
        self.refused("already_subscribed", "", self.huyen.call, "subscribe", credit=1)
        self.refused("credit_limit", "credit", self.huyen.call, "credit", credit=1)
        self.huyen.call("unsubscribe")
        self.refused("stream_unknown", "", self.huyen.call, "consumed", seq=1)


if __name__ == "__main__":
    unittest.main()
