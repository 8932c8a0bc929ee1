"""A stream ends at once when its subscriber may hear no more: with the reason, whether or not anything is told meanwhile."""
import os
import unittest

from harness import Scenario

SOON_MS = 1500
FAR_MS = 86400000


class Endings(Scenario):
    """Each way out, with the only stream that there is and with others beside it, in silence and amid notifications."""

    def setUp(self):
        os.environ["MALLOC_PERTURB_"] = "165"  # what was freed is overwritten: whoever still looks at it falls down
        self.addCleanup(os.environ.pop, "MALLOC_PERTURB_")
        super().setUp()
        self.key = {"public_key": self.huyen_context["public_key"], "label": "văn thư", "rights": ["act"]}
        self.task = self.assign("so", cooperating=["huyen"])

    # ---- the ways out ----

    def key_passes(self):
        self.set_key(valid_until=self.now() + SOON_MS)

    def agency_passes(self):
        self.set_agency(valid_until=self.now() + SOON_MS)

    def right_is_taken(self):
        self.set_key(rights=["administer"])

    def key_is_ended(self):
        self.set_key(valid_until=self.now() - 1)

    def agency_is_ended(self):
        self.set_agency(valid_until=self.now() - 1)

    def key_is_revoked(self):
        self.admin.call("key_revoke", public_key=self.key["public_key"])

    WAYS = ((key_passes, "key_expired"), (agency_passes, "agency_closed"), (right_is_taken, "right_lost"),
            (key_is_ended, "key_expired"), (agency_is_ended, "agency_closed"), (key_is_revoked, "key_revoked"))

    # ---- what they are made of ----

    def now(self):
        return self.admin.call("hello")["time"]

    def set_key(self, **fields):
        self.admin.call("key_set", agency="huyen", key=dict(self.key, **fields))

    def set_agency(self, **fields):
        self.admin.call("agency_set", agency=dict(fields, agency="huyen", name="huyen", parent="tinh"))

    def comment(self):
        return self.admin.call("comment", task=self.task, note="Ý kiến")["seq"]

    def subscriber(self, **fields):
        self.set_agency()
        self.set_key()
        client = self.client(self.huyen_context)
        client.call("subscribe", credit=1000, **fields)
        return client

    def ending(self, client):
        """Why the stream was ended, once it was; what is sent before goes on record."""
        while client._closed is None:
            message = client._receive(60)
            self.assertIsNotNone(message, "the stream was not ended")
            client._set_aside(message)
        return client._closed["ending"]

    # ---- claims ----

    def test_the_only_stream_ends_amid_notifications_and_the_broker_goes_on(self):
        for way, ending in self.WAYS:
            with self.subTest(way=way.__name__):
                reader = self.subscriber()
                first = self.comment()
                way(self)
                while reader._closed is None:
                    self.comment()
                    while message := reader._receive(0):
                        reader._set_aside(message)
                self.assertEqual(reader._closed["ending"], ending)
                self.assertEqual(reader._records[0]["seq"], first)
                self.assertEqual(reader._closed["seq"], reader._records[-1]["seq"])
                self.assertEqual(self.admin.call("status")["streams"], 0)
                self.assertIsNone(self.broker.process.poll(), "the broker crashed")

    def test_a_stream_ends_in_silence(self):
        for way, ending in self.WAYS:
            with self.subTest(way=way.__name__):
                reader = self.subscriber()
                way(self)
                self.assertEqual(self.ending(reader), ending)
                self.assertEqual(self.admin.call("status")["streams"], 0)

    def test_a_stream_without_credit_and_one_that_reads_the_journal_end_too(self):
        self.comment()
        dry = self.client(self.huyen_context)
        dry.call("subscribe", credit=0, **{"from": 0})
        kept = self.client(self.huyen_context)
        kept.call("subscribe", credit=1, consumer="văn-thư", **{"from": 0})
        self.right_is_taken()
        self.assertEqual([self.ending(dry), self.ending(kept)], ["right_lost", "right_lost"])

    def test_others_of_the_agency_and_elsewhere_hear_on(self):
        other = self.broker.client(dict(self.huyen_context, **self.second_key()))
        self.addCleanup(other.close)
        other.call("subscribe", credit=1000)
        self.so.call("subscribe", credit=1000)
        reader = self.subscriber()
        self.right_is_taken()
        self.assertEqual(self.ending(reader), "right_lost")
        seq = self.comment()
        for client in (other, self.so):
            record = client._receive(60)
            self.assertEqual((record["op"], record["seq"]), ("record", seq))

    def second_key(self):
        import zmq
        public, secret = zmq.curve_keypair()
        self.admin.call("key_set", agency="huyen",
                        key={"public_key": public.decode(), "label": "máy 2", "rights": ["act"]})
        return {"public_key": public.decode(), "secret_key": secret.decode()}

    def test_a_time_that_was_put_off_ends_nothing(self):
        """Where the machine was too slow to put it off before it came, that is no matter: again, with more time."""
        soon = SOON_MS
        while True:
            reader, passes = self.subscriber(), self.now() + soon
            self.set_key(valid_until=passes)
            self.set_key(valid_until=self.now() + FAR_MS)
            if self.now() < passes:
                break
            soon *= 2
        while self.now() < passes + SOON_MS:
            pass
        seq = self.comment()
        record = reader._receive(60)
        self.assertEqual((record["op"], record["seq"]), ("record", seq))


if __name__ == "__main__":
    unittest.main()
