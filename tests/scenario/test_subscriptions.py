"""What a subscriber is sent: what it asked for, as much as it granted, from where it stood, and for as long as it may."""
import os
import signal
import subprocess
import time
import unittest

from harness import COORDCTL, UNREAD, CoordError, Scenario

CROWD, BATCH = 20, 250  # together more notifications than one batch sends at once
LARGE = "Báo cáo chi tiết. " * 60  # 1,320 bytes


class Subscriptions(Scenario):
    def subscribe(self, context, client=None, **fields):
        client = client or self.client(context)
        client.call("subscribe", **dict({"credit": 1000}, **fields))
        return client

    def records(self, client, count):
        """The next so many notifications' sequences."""
        got = [record["seq"] for record in client._records]
        client._records.clear()
        while len(got) < count:
            message = client._receive(60)
            self.assertIsNotNone(message, f"{len(got)} of {count} came")
            self.assertEqual(message["op"], "record", message)
            got.append(message["seq"])
        return got

    def closed(self, client):
        while client._closed is None:
            message = client._receive(60)
            self.assertIsNotNone(message, "the stream was not ended")
            client._set_aside(message)
        return client._closed["ending"]

    def reports(self, task, count, note="x", client=None):
        """Reports in batches; the sequences of their records."""
        seqs = []
        while len(seqs) < count:
            size = min(BATCH, count - len(seqs))
            replies = (client or self.huyen).batch([("report", {"task": task, "note": note}) for _ in range(size)])
            self.assertEqual({reply.get("error") for reply in replies}, {None})
            seqs += [reply["seq"] for reply in replies]
        return seqs

    def comment(self, task):
        return self.admin.call("comment", task=task, note="Ý kiến")["seq"]

    def amend(self, task, title):
        return self.admin.call("amend", task=task, content={"title": title})["seq"]

    def test_a_filter_holds_for_what_was_and_for_what_comes(self):
        task = self.assign()
        assigned = self.admin.call("task_get", task=task)["task"]["record"]
        spoken, changed = [self.comment(task)], [assigned, self.amend(task, "một")]
        talk = self.subscribe(self.huyen_context, notices=["commented"], **{"from": 0})
        loud = self.subscribe(self.huyen_context, severity="notice", **{"from": 0})
        self.assertEqual(self.records(talk, 1), spoken)
        self.assertEqual(self.records(loud, 2), changed)
        every = self.subscribe(self.huyen_context, notices=[], **{"from": 0})  # an empty list restricts nothing
        self.assertEqual(self.records(every, 3), sorted(spoken + changed))
        changed, spoken = [self.amend(task, "hai")], [self.comment(task)]
        changed += [self.amend(task, "ba")]
        self.assertEqual(self.records(talk, 1), spoken)
        self.assertEqual(self.records(loud, 2), changed)

    def test_those_below_are_heard_when_asked_for_once_and_never_what_is_restricted(self):
        xa_context = self.broker.agency(self.admin, "xa", parent="huyen")

        def some(number):
            """Restricted, for xa; for xa alone; for both; and for nobody of these."""
            self.assign("xa", reference=f"R-{number}", scope="restricted")
            tasks = [self.assign("xa", reference=f"X-{number}"), self.assign("xa", reference=f"B-{number}", observers=["huyen"])]
            self.assign("so", reference=f"S-{number}")
            return [self.admin.call("task_get", task=task)["task"]["record"] for task in tasks]
        below, both = some(1)
        for place in (0, None):
            fields = {} if place is None else {"from": place}
            wide = self.subscribe(self.huyen_context, subtree=True, **fields)
            narrow = self.subscribe(self.huyen_context, **fields)
            low = self.subscribe(xa_context, subtree=True, **fields)
            if place is None:
                below, both = some(2)
            self.assertEqual(self.records(wide, 2), [below, both])
            self.assertEqual(self.records(narrow, 1), [both])
            self.assertEqual(self.records(low, 3), [below - 1, below, both])
            for client in (wide, narrow, low):
                client.call("unsubscribe")

    def test_a_new_superior_replays_what_it_may_read_and_hears_all_from_then_on(self):
        def record(task):
            return self.admin.call("task_get", task=task)["task"]["record"]

        def gone(reference):
            """A task that xa led, and does not any more: what it was told of it."""
            task = self.assign("xa", reference=reference)
            given = record(task)
            self.admin.call("reassign", task=task, lead="so", note="chuyển")
            return [given, record(task)]
        xa_context = self.broker.agency(self.admin, "xa", parent="tinh")
        former = gone("CU-1")
        stays = self.assign("xa", reference="O-1")
        told = [record(stays)]
        off = self.assign("so", reference="RA-1", observers=["xa"])
        former.append(record(off))
        self.admin.call("amend", task=off, content={"observers": []})
        former.append(record(off))
        self.admin.call("agency_set", agency={"agency": "xa", "name": "xa", "parent": "huyen"})
        told += gone("CU-2")
        told.append(self.admin.call("comment", task=stays, note="từ nay")["seq"])
        for restart in (False, True):
            if restart:
                self.broker.restart()
            wide = self.subscribe(self.huyen_context, subtree=True, **{"from": 0})
            self.assertEqual(self.records(wide, len(told)), told)
            wide.call("unsubscribe")
            own = self.subscribe(xa_context, **{"from": 0})
            self.assertLessEqual(set(former), set(self.records(own, len(told) + len(former))))

    def test_no_more_is_sent_than_was_granted_and_then_it_goes_on_where_it_stood(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        keeper = self.subscribe(self.broker.admin)  # someone has to read, or nothing recent is kept
        reader = self.subscribe(self.broker.admin, credit=2)
        seqs = self.reports(task, 8)
        self.assertEqual(self.records(reader, 2), seqs[:2])
        reader.call("hello")
        self.assertEqual(reader._records, [])
        self.assertEqual(reader.call("credit", credit=3)["credit"], 3)
        self.assertEqual(self.records(reader, 3), seqs[2:5])
        reader.call("credit", credit=10)
        self.assertEqual(self.records(reader, 3), seqs[5:])
        seqs += self.reports(task, 2)
        self.assertEqual(self.records(reader, 2), seqs[8:])
        self.assertEqual(self.records(keeper, 10), seqs)
        past = self.subscribe(self.broker.admin, credit=1, **{"from": seqs[0]})
        self.assertEqual(self.records(past, 1), seqs[1:2])
        past.call("credit", credit=20)
        self.assertEqual(self.records(past, 8), seqs[2:])

    def test_a_batch_that_is_too_much_to_send_at_once_comes_whole_and_in_order(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        crowd = [self.subscribe(self.broker.admin, credit=65536) for _ in range(CROWD)]
        seqs = self.reports(task, 2 * BATCH)
        for client in crowd:
            self.assertEqual(self.records(client, len(seqs)), seqs)

    def test_who_falls_behind_what_is_kept_in_memory_reads_on_from_the_journal(self):
        self.broker.config = self.broker.store + ".conf"
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write("[limits]\nrecent_bytes = 1048576\ncheckpoint_records = 100\n")
        self.broker.restart()
        task = self.assign()
        self.huyen.call("accept", task=task)
        keeper = self.subscribe(self.broker.admin, credit=65536)
        waiting = self.subscribe(self.broker.admin, credit=1)
        slow = self.subscribe(self.broker.admin, self.slow_client(self.broker.admin), credit=65536)
        seqs = self.reports(task, 5000, LARGE)
        self.assertEqual(self.records(keeper, len(seqs)), seqs)
        self.assertEqual(self.records(slow, len(seqs)), seqs)
        waiting.call("credit", credit=65535)
        self.assertEqual(self.records(waiting, len(seqs)), seqs)
        self.assertGreater(self.admin.call("status")["checkpoint"], seqs[0])

    def test_answers_wait_for_a_client_that_does_not_read_them(self):
        slow = self.ask_and_not_read(self.assign("so"))
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")
        for number in range(UNREAD):
            answer = slow._receive(60)
            self.assertEqual((answer["op"], answer["id"], len(answer["records"])), ("reply", f"h{number}", 1))
        self.assertEqual(slow.call("hello")["agency"], "so")

    def test_all_streams_are_told_that_the_broker_stops(self):
        task = self.assign()
        readers = [self.subscribe(self.broker.admin), self.subscribe(self.broker.admin, credit=0, **{"from": 0}),
                   self.subscribe(self.huyen_context, consumer="văn-thư")]
        self.comment(task)
        self.assertEqual(self.broker.end(), 0)
        for reader in readers:
            self.assertEqual(self.closed(reader), "stopping")

    def test_a_place_is_kept_as_far_as_the_journal_has_got(self):
        task = self.assign()
        self.subscribe(self.huyen_context, self.huyen, consumer="văn-thư", **{"from": 0})
        seq = self.records(self.huyen, 1)[0]
        refused = self.refused("out_of_range", "seq", self.huyen.call, "consumed", seq=10 ** 9)
        self.assertIn(f"has come to is {seq}.", refused["message"])
        self.assertFalse(refused["retry"])
        self.huyen.call("consumed", seq=seq)
        self.huyen.call("consumed", seq=seq - 1)  # never back
        self.huyen.call("unsubscribe")
        later = self.comment(task)
        self.assertEqual(self.huyen.call("subscribe", consumer="văn-thư", credit=10)["from"], seq)
        self.assertEqual(self.records(self.huyen, 1), [later])
        self.subscribe(self.so_context, self.so)
        self.so.call("consumed", seq=seq)  # of a passing stream nothing is kept

    def test_what_was_not_sent_is_not_consumed(self):
        self.subscribe(self.huyen_context, self.huyen, consumer="văn-thư", credit=0)
        begun = self.admin.call("hello")["seq"]
        task = self.assign()
        waiting = self.admin.call("hello")["seq"]
        refused = self.refused("out_of_range", "seq", self.huyen.call, "consumed", seq=waiting)  # there, but not sent
        self.assertIn(f"has come to is {begun}.", refused["message"])
        self.huyen.call("unsubscribe")
        self.assertEqual(self.huyen.call("subscribe", consumer="văn-thư", credit=10)["from"], begun)
        self.assertEqual(self.records(self.huyen, 1), [self.admin.call("task_get", task=task)["task"]["record"]])
        self.huyen.call("consumed", seq=waiting)

    def test_a_stream_cannot_begin_beyond_the_newest_record(self):
        self.assign()
        newest = self.admin.call("hello")["seq"]
        for consumer in ({}, {"consumer": "văn-thư"}):
            refused = self.refused("out_of_range", "from", self.huyen.call, "subscribe", credit=1, **{"from": newest + 1}, **consumer)
            self.assertIn(f"the newest is {newest}.", refused["message"])
            self.assertFalse(refused["retry"])
        self.assertEqual(self.huyen.call("subscribe", credit=1, **{"from": newest})["from"], newest)
        with self.assertRaises(CoordError) as caught:
            next(self.so.stream(start=newest + 1))
        self.assertEqual(caught.exception.name, "out_of_range")
        said = self.broker.ctl("watch", "--from", str(newest + 1), "--count", "1", code=2)
        self.assertIn("out_of_range", said)
        self.assertIn(f"the newest is {newest}.", said)

    def reached(self, client, seq):
        """Waits until the client was told that it has come so far, and by nothing else."""
        while True:
            message = client._receive(60)
            self.assertIsNotNone(message, f"nobody said that {seq} was reached")
            self.assertEqual((message["op"], set(message)), ("reached", {"op", "seq"}))
            if message["seq"] >= seq:
                return message["seq"]

    def test_who_asks_is_told_how_far_the_stream_has_come(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        deaf = {"notices": ["cancelled"], "consumer": "im-lặng"}
        client = self.subscribe(self.broker.admin, reached=True, **deaf)
        newest = self.reports(task, 3)[-1]
        self.assertEqual(self.reached(client, newest), newest)
        client.call("consumed", seq=newest)
        client.call("unsubscribe")
        self.broker.restart()
        again = self.client(self.broker.admin)
        self.assertEqual(again.call("subscribe", credit=1, **deaf)["from"], newest)
        asks = self.subscribe(self.broker.admin, reached=True, notices=["cancelled"])  # it began later: its turn comes behind
        newest = self.reports(task, 3)[-1]
        self.assertEqual(self.reached(asks, newest), newest)
        again.call("hello")
        self.assertEqual((again._records, again._closed), ([], None))  # 1.0.0's clients know of no such frame

    def test_who_is_behind_is_told_on_the_way_and_needs_no_credit(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        newest = self.reports(task, 3 * 4096)[-1]
        client = self.subscribe(self.so_context, reached=True, credit=0, **{"from": 0})
        first = client._receive(60)
        self.assertEqual((first["op"], first["seq"]), ("reached", 4096))
        self.assertEqual(client._receive(60)["seq"], 8192)
        self.reached(client, newest)

    def place_of(self, context, consumer):
        with self.broker.client(context) as client:
            return client.call("subscribe", consumer=consumer, credit=0)["from"]

    def test_a_consumer_that_nothing_passes_to_keeps_its_place_moving(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        newest = self.reports(task, 5000)[-1]
        for seconds in (1, 2, 5, 10, 30):  # as long as it takes on this machine
            for _ in self.so.stream(consumer="so", start=0, idle=seconds):
                self.fail("nothing is for it")
            if self.place_of(self.so_context, "so") >= 4096:
                break
        else:
            self.fail(f"its place is not near {newest}")
        for seconds in (1, 2, 5, 10, 30):
            watch = subprocess.Popen([COORDCTL, "watch", "--consumer", "im-lặng", "--notices", "cancelled", "--from", "0"],
                                     env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
            time.sleep(seconds)
            watch.send_signal(signal.SIGINT)
            self.assertEqual(watch.wait(60), 0)
            if self.place_of(self.broker.admin, "im-lặng") >= 4096:
                return
        self.fail(f"its place is not near {newest}")


if __name__ == "__main__":
    unittest.main()
