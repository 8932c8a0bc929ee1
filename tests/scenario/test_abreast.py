"""What runs the tests: it says what failed, hands its environment on, and leaves nothing behind when it is told to end."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "rig"))
from postgres import runs  # noqa: E402

ABREAST = os.path.join(TESTS, "abreast.py")
HEAD = "import os, signal, subprocess, sys, time, unittest\nclass It(unittest.TestCase):\n    def test_it(self):\n"
PATIENT_SECONDS = 60

PASSES = HEAD + "        self.assertEqual(os.environ['STORE'], 'anywhere')\n"
FAILS = HEAD + "        self.fail('as it should')\n"
HAS_NONE = "import unittest\n"
# It starts one that hears no signal but the last, and puts something away once it is told to end.
STAYS = HEAD + """\
        ignores = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('there', flush=True); time.sleep(600)"
        child = subprocess.Popen([sys.executable, "-c", ignores], stdout=subprocess.PIPE)
        child.stdout.readline()
        try:
            with open("{place}.new", "w") as file:
                print(os.getpid(), child.pid, file=file)
            os.rename("{place}.new", "{place}")
            time.sleep(600)
        finally:
            time.sleep(0.5)
            with open("{place}.away", "w"):
                pass
"""


class Abreast(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="abreast-")
        self.addCleanup(shutil.rmtree, self.directory)

    def put(self, name, text):
        with open(os.path.join(self.directory, f"test_{name}.py"), "w", encoding="utf-8") as file:
            file.write(text)

    def run_all(self):
        return subprocess.run([sys.executable, ABREAST, self.directory], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=dict(os.environ, STORE="anywhere"), timeout=PATIENT_SECONDS, check=False)

    def test_what_passes_has_the_environment_that_it_was_given(self):
        self.put("passes", PASSES)
        done = self.run_all()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("ok    1 tests of 1 files", done.stdout)

    def test_what_fails_and_what_has_no_test_is_named(self):
        self.put("passes", PASSES)
        self.put("fails", FAILS)
        self.put("none", HAS_NONE)
        done = self.run_all()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("as it should", done.stdout)
        for line in ("test_fails: test_it", "test_none: it has no test"):
            self.assertIn(line, done.stdout)

    def test_told_to_end_it_ends_what_it_started_and_what_that_started(self):
        places = [os.path.join(self.directory, f"pids{i}") for i in range(3)]
        for number in (signal.SIGINT, signal.SIGTERM):
            for i, place in enumerate(places):
                self.put(f"stays{i}", STAYS.replace("{place}", place))
            process = subprocess.Popen([sys.executable, ABREAST, self.directory], stdout=subprocess.PIPE, text=True,
                                       env=dict(os.environ, STORE="", AT_ONCE="3"))
            pids = []
            try:
                for place in places:
                    ends = time.monotonic() + PATIENT_SECONDS
                    while not os.path.exists(place):
                        self.assertLess(time.monotonic(), ends, "it did not begin")
                        time.sleep(0.01)
                    with open(place, encoding="utf-8") as file:
                        pids += [int(pid) for pid in file.read().split()]
                self.assertTrue(all(runs(pid) for pid in pids))
                process.send_signal(number)
                said, _ = process.communicate(timeout=PATIENT_SECONDS)
            finally:
                process.kill()
                process.wait()
                left = [pid for pid in pids if runs(pid)]
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
            self.assertEqual(left, [])
            self.assertEqual(process.returncode, 1)
            self.assertIn("and 3 were not run to their end", said)
            for place in places:
                self.assertTrue(os.path.exists(place + ".away"), "it was ended before it had put away what it made")
                os.unlink(place + ".away")
                os.unlink(place)


if __name__ == "__main__":
    unittest.main()
