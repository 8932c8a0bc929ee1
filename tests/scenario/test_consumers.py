"""Consumers of the Python client: a stream goes on whatever becomes of the broker, and of what it asked before."""
import os
import signal
import threading
import time
import unittest

from harness import Scenario

CONSUMERS, KILLS = 8, 5


class Consumers(Scenario):
    def test_a_stream_begins_anew_where_the_connection_has_one_already(self):
        task = self.assign()
        self.huyen.call("subscribe", credit=10, **{"from": 0})  # by hand, and left standing
        self.huyen.call("hello")
        for _ in range(2):  # the second follows one that was not ended either
            self.assertEqual([record["task"] for record in self.told_by_now(self.huyen, "huyen")], [task])

    def test_a_stream_begins_though_the_broker_took_its_first_subscriptions_late(self):
        task = self.assign()
        reader = self.client(self.huyen_context, timeout=1)
        reader.call("hello")
        self.broker.process.send_signal(signal.SIGSTOP)
        threading.Timer(4, os.kill, (self.broker.process.pid, signal.SIGCONT)).start()
        self.assertEqual(next(reader.stream(consumer="kho", start=0))["task"], task)

    def consume(self, name, seen, stop, failed):
        client = self.client(self.huyen_context, timeout=1)
        try:
            for record in client.stream(consumer=name, start=0, tick=0.2):
                if record:
                    seen.append(record["seq"])
                if stop.is_set():
                    return
        except Exception as error:  # pylint: disable=broad-except
            failed.append(f"{name}: {error!r}")

    def test_no_consumer_ends_while_the_broker_is_stopped_and_killed_under_it(self):
        task = self.assign()
        seen, failed, stop = [[] for _ in range(CONSUMERS)], [], threading.Event()
        threads = [threading.Thread(target=self.consume, args=(f"c{i}", seen[i], stop, failed)) for i in range(CONSUMERS)]
        for thread in threads:
            thread.start()
        told = [self.admin.call("task_get", task=task)["task"]["record"]]
        for _ in range(KILLS):
            told += [self.admin.call("comment", task=task, note="ý kiến")["seq"] for _ in range(5)]
            self.broker.process.send_signal(signal.SIGSTOP)
            time.sleep(1.5)  # past the time-out of their calls: what they ask now waits, and is taken late
            self.broker.process.send_signal(signal.SIGCONT)
            told.append(self.admin.call("comment", task=task, note="ý kiến")["seq"])
            self.broker.end(signal.SIGKILL)
            time.sleep(1.5)
            self.broker.start()
        told.append(self.admin.call("comment", task=task, note="xong")["seq"])
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not failed and any(told[-1] not in one for one in seen):
            time.sleep(0.1)
        stop.set()
        for thread in threads:
            thread.join(60)
        self.assertEqual(failed, [])
        for one in seen:
            self.assertEqual(one, told)


if __name__ == "__main__":
    unittest.main()
