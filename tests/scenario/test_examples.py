"""The examples that authors of clients begin with, as programs."""
import os
import signal
import subprocess
import unittest

from harness import COORDCTL, Scenario


class Examples(Scenario):
    def example(self, name):
        path = os.path.join(self.broker.directory, "huyen.context")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{key} = {value}\n" for key, value in self.huyen_context.items())
        process = subprocess.Popen([os.path.join(os.path.dirname(COORDCTL), name), path], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        while self.admin.call("status")["streams"] == 0:
            self.assertIsNone(process.poll(), "it ended")
        return process

    def read_until(self, process, words):
        while words not in (line := process.stdout.readline()):
            self.assertTrue(line, f"it ended without {words}")
        return line

    def test_the_poll_example_reads_its_input_and_prints_what_it_is_told(self):
        process = self.example("example_poll")
        task = self.assign()
        self.huyen.call("accept", task=task)
        self.assertIn("HT-1", self.read_until(process, "tinh gave"))
        process.stdin.write(f"{task} 40\nnonsense\n{task} 50\n")
        process.stdin.flush()
        self.read_until(process, "refused: a line is")
        self.read_until(process, "version 4")
        self.assertEqual(self.admin.call("task_get", task=task)["task"]["percent"], 50)
        process.stdin.write("999 1\n")
        process.stdin.close()  # what was asked is still answered
        self.read_until(process, "refused: task_unknown")
        self.assertEqual(process.wait(60), 0)

    def test_the_libuv_example_prints_what_it_is_told_beside_a_timer(self):
        process = self.example("example_uv")
        self.read_until(process, "overdue: 0")
        self.assign()
        self.read_until(process, "tinh gave")
        self.read_until(process, "overdue: 0")
        self.broker.restart()
        self.assign(reference="HT-2")
        self.read_until(process, "HT-2")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), 0)

    def test_both_end_with_the_reason_when_their_key_is_revoked(self):
        processes = [self.example("example_poll"), self.example("example_uv")]
        while self.admin.call("status")["streams"] < 2:
            pass
        self.admin.call("key_revoke", public_key=self.huyen_context["public_key"])
        for process in processes:
            self.read_until(process, "key_revoked")
            self.assertEqual(process.wait(60), 1)


if __name__ == "__main__":
    unittest.main()
