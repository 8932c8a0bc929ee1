"""Past each limit there is an error of its name."""
import os
import signal
import time
import unittest

import msgpack

from harness import Coord, CoordError, Scenario


class Limits(Scenario):
    def errors(self, client, count):
        return {client._receive(60).get("error") for _ in range(count)}

    def test_a_file_that_is_no_context_is_said_to_be_none(self):
        path = os.path.join(self.broker.directory, "none.context")
        with open(path, "w", encoding="utf-8") as file:
            file.write("endpoint = tcp://127.0.0.1:5670\n")
        with self.assertRaises(CoordError) as refused:
            Coord(path)
        self.assertEqual((refused.exception.name, refused.exception.field), ("bad_context", "server_key"))

    def test_a_request_that_no_frame_holds_is_refused_before_it_is_sent(self):
        task = self.assign()
        for size in (1 << 20, 1200000, 5 << 20):  # at once, and the connection stands
            with self.assertRaises(CoordError) as refused:
                self.admin.call("comment", task=task, note="x" * size)
            self.assertEqual((refused.exception.name, refused.exception.retry), ("frame_too_large", False))
            with self.assertRaises(CoordError) as refused:
                self.admin.batch([("comment", {"task": task, "note": "x" * size})])
            self.assertEqual(refused.exception.name, "frame_too_large")
        self.assertEqual(self.admin.call("task_get", task=task)["task"].get("note"), None)

    def test_more_streams_than_there_may_be(self):
        self.configure(streams=1)
        self.huyen.call("subscribe", credit=1)
        with self.assertRaises(Exception) as caught:
            self.so.call("subscribe", credit=1)
        self.assertEqual(caught.exception.name, "stream_limit")
        self.assertTrue(caught.exception.retry)

    def test_more_requests_on_their_way_than_there_may_be(self):
        self.configure(requests_in_flight=4)
        requests = [{"op": "task_list", "id": f"i{number}"} for number in range(256)]
        self.huyen.call("hello")
        refused, ends = set(), time.monotonic() + 120
        while "in_flight_limit" not in refused:
            self.assertLess(time.monotonic(), ends, "nothing was refused")
            for _ in range(4):
                self.huyen.send_frame(msgpack.packb({"op": "batch", "id": "b", "requests": requests}))
            for number in range(20):
                self.huyen.send_frame(msgpack.packb({"op": "hello", "id": f"h{number}"}))
            refused |= self.errors(self.huyen, 24)
        self.assertLessEqual(refused, {None, "in_flight_limit"})
        self.huyen.call("hello")

    def test_an_agency_that_asks_for_more_than_may_wait_is_told_so_and_nobody_else(self):
        self.configure(agency_waiting_bytes=2097152, requests_in_flight=1000000)
        greedy = [self.client(self.huyen_context) for _ in range(4)]
        requests = [{"op": "task_list", "id": f"t{number}"} for number in range(256)]
        frame = msgpack.packb({"op": "batch", "id": "b", "requests": requests})
        refused, ends = [], time.monotonic() + 120
        while not refused:
            self.assertLess(time.monotonic(), ends, "nobody was refused")
            for client in greedy:
                client.call("hello")
            for _ in range(400):
                for client in greedy:
                    client.send_frame(frame)
            self.assertEqual(self.so.call("hello")["agency"], "so")
            answers = [client._receive(60) for client in greedy for _ in range(400)]
            refused = [answer for answer in answers if answer["op"] == "error"]
        self.assertEqual({(answer["error"], answer["retry"]) for answer in refused}, {("cost_limited", True)})
        self.assertIn("wait for replies", refused[0]["message"])
        self.assertTrue(self.logged("a request is refused for a limit", "agency=huyen", "why=cost_limited"))
        self.assertEqual(greedy[0].call("hello")["agency"], "huyen")

    def test_an_agency_that_holds_as_many_streams_as_it_may_is_told_and_others_are_not(self):
        self.configure(agency_streams=1)
        self.huyen.call("subscribe", credit=1)
        refused = self.refused("stream_limit", "", self.client(self.huyen_context).call, "subscribe", credit=1)
        self.assertIn("1 streams of the 1", refused["message"])
        self.so.call("subscribe", credit=1)
        self.huyen.call("unsubscribe")
        self.client(self.huyen_context).call("subscribe", credit=1)

    def test_a_connection_more_than_an_agency_may_have_is_told_so_and_cut(self):
        self.configure(agency_connections=2)
        kept = [self.client(self.huyen_context) for _ in range(2)]
        for client in kept:
            client.call("hello")
        more = self.client(self.huyen_context)
        refused = self.refused("connection_limit", "", more.call, "hello")
        self.assertTrue(refused["retry"])
        self.assertIn("3 connections of the 2", refused["message"])
        self.assertTrue(self.logged("refused for a limit", "agency=huyen", "why=connection_limit"))
        for client in [*kept, self.so]:
            client.call("hello")
        account = lambda: next(one for one in self.admin.call("status", accounts=9)["accounts"] if one["agency"] == "huyen")
        ends = time.monotonic() + 120
        while account()["connections"] > 2:
            self.assertLess(time.monotonic(), ends, "it is not cut")
            time.sleep(0.1)
        kept[0].close()
        while account()["connections"] > 1:
            self.assertLess(time.monotonic(), ends, "it is counted on")
            time.sleep(0.02)
        self.assertEqual(self.client(self.huyen_context).call("hello")["agency"], "huyen")

    def test_an_agency_that_has_given_as_much_as_it_may_is_told_which_limit_it_is(self):
        self.configure(agency_tasks=3, agency_task_bytes=1048576)
        for number in range(3):
            self.assign("so", f"A-{number}", by=self.huyen)
        refused = self.refused("storage_limited", "leads", self.assign, "so", "A-3", by=self.huyen)
        self.assertFalse(refused["retry"])
        self.assertIn("3 tasks of the 3", refused["message"])
        self.assertTrue(self.logged("refused for a limit", "agency=huyen", "why=storage_limited"))
        self.assign("so", "B-1", by=self.so)
        self.broker.restart()  # it is counted anew
        self.refused("storage_limited", "leads", self.assign, "so", "A-3", by=self.huyen)
        self.configure(agency_tasks=100, agency_task_bytes=1048576)
        for number in range(3, 100):
            try:
                self.assign("so", f"A-{number}", by=self.huyen, description="x" * 16384)
            except Exception as refusal:
                self.assertEqual((refusal.name, refusal.field), ("storage_limited", "content"))
                self.assertIn("agency_task_bytes", refusal.fields["message"])
                self.assertGreater(number, 60)
                break
        else:
            self.fail("its tasks have as many bytes as they like")
        line = next(line for line in self.broker.ctl("status", "--by-agency").splitlines() if line.startswith("huyen"))
        self.assertEqual(line.split("\t")[10], str(number))

    def test_an_agency_that_has_written_a_days_bytes_waits_and_the_others_do_not(self):
        task = self.assign("huyen")
        self.configure(agency_daily_bytes=100000)
        with self.assertRaises(Exception) as caught:
            for _ in range(1000):
                self.huyen.call("comment", task=task, note="y" * 3000)
        self.assertEqual((caught.exception.name, caught.exception.retry), ("write_limited", True))
        self.assertIn("agency_daily_bytes", caught.exception.fields["message"])
        self.assertTrue(self.logged("refused for a limit", "agency=huyen", "why=write_limited"))
        self.assertEqual(self.huyen.call("task_get", task=task)["task"]["task"], task)
        self.admin.call("comment", task=task, note="vẫn ghi được")
        account = next(one for one in self.admin.call("status", accounts=9)["accounts"] if one["agency"] == "huyen")
        self.assertGreaterEqual(account["written_bytes"], 100000)

    def test_an_agency_may_have_as_many_consumers_as_it_is_allowed(self):
        self.configure(agency_consumers=2)
        for name in ("a", "b", "c"):
            client = self.client(self.huyen_context)
            client.call("subscribe", consumer=name, credit=1)
        account = next(one for one in self.admin.call("status", accounts=9)["accounts"] if one["agency"] == "huyen")
        self.assertEqual(account["consumers"], 2)

    def test_a_second_backup_waits_for_the_first(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        for _ in range(20):
            self.huyen.batch([("report", {"task": task, "note": "x" * 3000}) for _ in range(200)])
        told, number, ends = {None}, 0, time.monotonic() + 120
        while told == {None}:  # the first may be done before the second is looked at: again
            self.assertLess(time.monotonic(), ends, "no backup had to wait")
            self.broker.process.send_signal(signal.SIGSTOP)  # so that it finds both
            for number in range(number, number + 2):
                self.admin.send_frame(msgpack.packb({"op": "backup", "id": f"k{number}", "path": f"{number}.db"}))
            self.broker.process.send_signal(signal.SIGCONT)
            told, number = self.errors(self.admin, 2), number + 1
        self.assertEqual(told, {None, "backup_running"})

    def test_a_broker_that_stops_says_so_to_whoever_still_asks(self):
        """It stands still while the signal and the requests arrive, so that it finds both; which first is chance."""
        for _ in range(50):
            self.broker.process.send_signal(signal.SIGSTOP)
            self.broker.process.send_signal(signal.SIGTERM)
            for number in range(1000):
                self.admin.send_frame(msgpack.packb({"op": "hello", "id": f"h{number}"}))
            self.broker.process.send_signal(signal.SIGCONT)
            self.assertEqual(self.broker.process.wait(60), 0)
            told = set()
            while (answer := self.admin._receive(1)) is not None:
                told.add(answer.get("error"))
            self.broker.start()
            self.admin.call("hello")
            if "stopping" in told:
                return
        self.fail("50 times nobody was told that the broker was stopping")

    def test_requests_to_a_broker_that_stops_are_told_so_or_unanswered(self):
        self.assign()
        for number in range(200):
            self.admin.send_frame(msgpack.packb({"op": "comment", "id": f"c{number}", "task": 1, "note": "…"}))
        self.broker.process.send_signal(signal.SIGTERM)
        for number in range(200, 400):
            self.admin.send_frame(msgpack.packb({"op": "comment", "id": f"c{number}", "task": 1, "note": "…"}))
        self.assertEqual(self.broker.process.wait(60), 0)
        answered = []
        while (answer := self.admin._receive(1)) is not None:
            answered.append(answer)
        self.assertLessEqual({answer.get("error") for answer in answered}, {None, "stopping"})
        done = {answer["id"]: answer["seq"] for answer in answered if answer["op"] == "reply"}
        self.broker.start()
        # Whatever was acknowledged is there; sent again, it has the same answer.
        for id, seq in done.items():
            self.assertEqual(self.admin.call("comment", id=id, task=1, note="…")["seq"], seq)

    def test_a_frame_beyond_the_limit_harms_nobody(self):
        stranger = self.client(self.so_context)
        stranger.call("hello")
        stranger.send_frame(msgpack.packb({"op": "hello", "id": "1", "x": "y" * (1 << 20)}))
        answer = stranger._receive(1)
        self.assertTrue(answer is None or answer["error"] == "frame_too_large")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")


if __name__ == "__main__":
    unittest.main()
