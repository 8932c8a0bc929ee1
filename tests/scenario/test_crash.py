"""kill -9 at any moment: what was acknowledged is there, once; what was not is there whole or not at all."""
import itertools
import signal
import threading
import unittest

from harness import Scenario

KILLS = 12


class Crash(Scenario):
    def work(self, task, ledger, ending):
        client = self.broker.client(self.huyen_context)
        number = 0
        while not ending.is_set():
            number += 1
            reply = client.call("report", id=f"r{number}", task=task, percent=number % 101, note=str(number))
            ledger.append((number, reply["seq"]))
        client.close()

    def test_killed_between_acknowledgements_nothing_is_lost_or_doubled(self):
        task, ledger, ending = self.assign(), [], threading.Event()
        self.huyen.call("accept", task=task)
        worker = threading.Thread(target=self.work, args=(task, ledger, ending))
        worker.start()
        for _ in range(KILLS):
            seen = len(ledger)
            while len(ledger) < seen + 20:
                self.admin.call("hello")
            self.broker.restart(signal.SIGKILL)
        ending.set()
        worker.join()
        reports = {}
        for record in self.huyen.pages("task_history", task=task, limit=1000):
            if record.get("action") == "report":
                self.assertNotIn(record["request"], reports, "done twice")
                reports[record["request"]] = record["seq"]
        for number, seq in ledger:
            self.assertEqual(reports.get(f"r{number}"), seq)
        self.assertEqual(len(reports), len(ledger))
        self.assertEqual(self.huyen.call("task_get", task=task)["task"]["note"], str(ledger[-1][0]))

    def test_a_durable_consumer_goes_on_after_a_crash(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        taken = []
        reader = self.client(self.broker.admin)
        stream = reader.stream(consumer="luu-tru", start=0)
        for number in range(300):
            self.huyen.call("report", task=task, note=str(number))
            if number % 100 == 50:
                self.broker.restart(signal.SIGKILL)
            record = next(stream)
            taken.append(record["seq"])
        self.assertEqual(taken, sorted(set(taken)))
        whole = itertools.islice(self.client(self.broker.admin).stream(start=0), len(taken))
        self.assertEqual(taken, [record["seq"] for record in whole])


if __name__ == "__main__":
    unittest.main()
