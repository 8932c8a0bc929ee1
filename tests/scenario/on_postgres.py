"""Scenarios whose store is in a PostgreSQL, and a ledger of what was acknowledged."""
import os
import subprocess
import threading

from harness import COORDD, Broker, Scenario, free_port, postgresql


class Second(Broker):
    """Another machine's broker for the same store: a directory of its own, with the same keys; what its [journal] has otherwise."""

    def __init__(self, first, name="second", **journal):
        self.__dict__.update(first.__dict__)
        self.directory = os.path.join(first.directory, name)
        self.store = os.path.join(self.directory, "store")
        self.log = os.path.join(self.directory, "log")
        self.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.journal = dict(first.journal, **journal)
        self.process = None
        os.makedirs(self.store)
        for file in ("server.key", "server.pub"):
            os.link(os.path.join(first.store, file), os.path.join(self.store, file))


class OnPostgres(Scenario):
    """As Scenario; the broker's store is in a PostgreSQL that other tests use too."""

    def make_broker(self):
        return Broker(server=postgresql())

    def coordd(self, *arguments, code=0):
        run = subprocess.run([COORDD, *arguments, "--dir", self.broker.store, *self.broker.configured()], capture_output=True,
                             text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def sql(self, sql):
        return self.broker.server.sql(sql, self.broker.database)

    def wait_sql(self, sql, wanted):
        self.broker.server.wait_sql(sql, wanted, self.broker.database)

    # ---- a ledger ----

    def work(self, ledger, ending, task, note="x"):
        client = self.broker.client(self.huyen_context)
        number = 0
        while not ending.is_set():
            number += 1
            reply = client.call("report", id=f"r{number}", task=task, percent=number % 101, note=note + str(number))
            ledger.append((number, reply["seq"]))
        client.close()

    def begin_work(self, note="x"):
        task, ledger, ending = self.assign(), [], threading.Event()
        self.huyen.call("accept", task=task)
        self.worker = threading.Thread(target=self.work, args=(ledger, ending, task, note))
        self.worker.start()
        return task, ledger, ending

    def wait_for(self, ledger, more):
        seen = len(ledger)
        while len(ledger) < seen + more:
            self.assertTrue(self.worker.is_alive(), "nobody works any more")
            self.admin.call("hello")

    def hold_to(self, ledger, task):
        """0 acknowledged lost, 0 doubled."""
        reports = {}
        for record in self.huyen.pages("task_history", task=task, limit=1000):
            if record.get("action") == "report":
                self.assertNotIn(record["request"], reports, "done twice")
                reports[record["request"]] = record["seq"]
        for number, seq in ledger:
            self.assertEqual(reports.get(f"r{number}"), seq)
        self.assertEqual(len(reports), len(ledger))
