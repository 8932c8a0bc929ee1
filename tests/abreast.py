#!/usr/bin/env python3
"""Python's unittests of a directory, several at once, each in a process of its own: most of their time they wait, for a time-out or
for a program to be there.

Usage: abreast.py DIRECTORY [PATTERN]. AT_ONCE=n: how many (6). Prints a line for each that took long, and all that failed ones said.
"""
import concurrent.futures
import os
import subprocess
import sys
import time
import unittest

AT_ONCE = int(os.environ.get("AT_ONCE", "6"))  # on two processors: what these tests do for the half of their time is wait
LONG_SECONDS = 10
LIMIT_SECONDS = 600  # for one test, on a busy machine


def names_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from names_of(test)
        elif isinstance(test, unittest.loader._FailedTest):
            raise SystemExit(f"{test.id()}: {test._exception}")
        else:
            yield test.id()


def run(directory, name):
    """What it said, whether it went right and how long that took."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, *(f"-W{option}" for option in sys.warnoptions), "-m", "unittest", name], cwd=directory,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = process.communicate(timeout=LIMIT_SECONDS)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()[0] + f"not done after {LIMIT_SECONDS} s\n"
    return said, process.returncode == 0, time.monotonic() - began


def main():
    directory, pattern = os.path.abspath(sys.argv[1]), (sys.argv[2:] or ["test_*.py"])[0]
    began, failed = time.monotonic(), 0
    names = list(names_of(unittest.TestLoader().discover(directory, pattern, directory)))
    if not names:
        raise SystemExit(f"{directory}: no tests in {pattern}")
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(run, directory, name): name for name in names}
        for done in concurrent.futures.as_completed(running):
            said, right, seconds = done.result()
            if not right:
                failed += 1
                print(f"FAIL: {running[done]}\n{said}", flush=True)
            elif seconds > LONG_SECONDS:
                print(f"      {running[done]} ({seconds:.0f} s)", flush=True)
    print(f"{'FAILED' if failed else 'OK'}: {len(names) - failed} of {len(names)} tests passed in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
