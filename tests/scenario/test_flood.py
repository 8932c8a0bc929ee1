"""Who goes on sending whatever it is told is cut, and let in again once it has stopped."""
import threading
import time
import unittest

import msgpack
import zmq

from harness import Scenario

WAITING = 2 << 20
FRAME = msgpack.packb({"op": "comment", "id": "f", "task": 1, "note": "x" * 1000000})


class Flood(Scenario):
    def setUp(self):
        super().setUp()
        self.configure(agency_waiting_bytes=WAITING, requests_in_flight=1000000)

    def flood(self, socket, count):
        for _ in range(count):
            try:
                socket.send(FRAME, zmq.DONTWAIT)
            except zmq.Again:
                break
        while socket.poll(0):
            socket.recv()

    def test_it_is_cut_by_name_and_the_others_work_on(self):
        task, ended = self.assign("so"), threading.Event()
        done = []

        def work():
            while not ended.is_set():
                done.append(self.so.call("comment", task=task, note="vẫn làm")["seq"])

        worker = threading.Thread(target=work)
        worker.start()
        try:
            socket, ends = self.bare_socket(self.huyen_context, SNDHWM=16), time.monotonic() + 120
            while not self.logged("a connection is cut", "agency=huyen", "why=flood"):
                self.assertLess(time.monotonic(), ends, "it is not cut")
                self.flood(socket, 20)
            at_cut, ends = len(done), time.monotonic() + 60
            while len(done) == at_cut:
                self.assertLess(time.monotonic(), ends, "nobody works any more")
                time.sleep(0.01)
        finally:
            ended.set()
            worker.join()
        socket.close(0)
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")  # once it has stopped, with the same key
        self.assertEqual(done, sorted(done))

    def test_what_waits_and_is_answered_is_no_flood(self):
        for _ in range(30):  # more than may wait, and than may be turned away, in all
            self.huyen.send_frame(FRAME)
            self.assertEqual(self.huyen._receive(60)["op"], "error")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")
        self.assertIsNone(self.logged("a connection is cut"))


if __name__ == "__main__":
    unittest.main()
