"""Two brokers and one store in PostgreSQL: one leads, and who was taken over from stops."""
import signal
import subprocess
import unittest

from harness import TimedOut, Unreachable, read_context
from on_postgres import OnPostgres, Second

OSFILE = 72


class Fenced(OnPostgres):
    def test_a_second_broker_is_refused_while_the_first_is_there(self):
        second = Second(self.broker)
        run = subprocess.run(second.arguments(), capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, OSFILE, run.stderr)
        self.assertIn("in use by another coordd", run.stderr)
        self.assign()

    def test_a_second_broker_takes_over_from_one_that_hangs_and_that_one_stops(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        first = self.broker.process
        first.send_signal(signal.SIGSTOP)
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'coordd:%'")
        second = Second(self.broker)
        self.addCleanup(second.end, signal.SIGKILL)
        second.start()
        admin = self.client(dict(read_context(self.broker.admin), endpoint=second.endpoint))
        there = admin.call("comment", task=task, note="từ máy thứ hai")
        first.send_signal(signal.SIGCONT)
        with self.assertRaises((TimedOut, Unreachable)):
            self.huyen.call("report", task=task, percent=99, timeout=2)
        self.assertEqual(first.wait(60), OSFILE)
        self.broker.process = None
        self.assertTrue(self.logged("another coordd has taken the store over"))
        self.assertEqual(int(self.sql("SELECT seq FROM coordd.head")), there["seq"])
        self.assertNotIn("percent", admin.call("task_get", task=task)["task"])
        self.assertEqual(second.end(), 0)
        self.coordd("verify")

    def test_who_was_taken_over_from_acknowledges_nothing_and_stops(self):
        task = self.assign()
        self.sql("UPDATE coordd.head SET epoch = epoch + 1, leader = 'another'")
        seq = self.sql("SELECT seq FROM coordd.head")
        with self.assertRaises((TimedOut, Unreachable)):
            self.huyen.call("accept", task=task, timeout=2)
        self.assertEqual(self.broker.process.wait(60), OSFILE)
        self.broker.process = None
        self.assertTrue(self.logged("another coordd has taken the store over"))
        self.assertEqual(self.sql("SELECT seq FROM coordd.head"), seq)
        self.broker.start()
        self.admin.call("comment", task=task, note="tiếp tục")
        self.assertGreater(int(self.sql("SELECT seq FROM coordd.head")), int(seq))


if __name__ == "__main__":
    unittest.main()
