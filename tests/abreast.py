#!/usr/bin/env python3
"""Test programs, several at once: most of their time many of them wait, for a time-out or for a program to be there.

Usage: abreast.py WHAT…      a directory of test_*.py, one such file, or a unit test's program
Environment: AT_ONCE=n: how many (see `at_once`); RUNNER=words: what a unit test's program is run under, as valgrind

Says of each how many tests it ran in how many seconds, and of one that failed all that it said; at the end what failed, test by
test. One that runs no test has failed. When it is told to end, it first ends what it started.
"""
import collections
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

LIMIT_SECONDS = 900  # for one file or program, on a busy machine: valgrind takes two minutes for the slowest
GRACE_SECONDS = 5    # to put away what they made, when all of it is to end
LOOK_SECONDS = 0.02
QUIET = ("-W", "ignore::ResourceWarning", "-W", "ignore::DeprecationWarning")  # of Python's own modules, and pyzmq's

# What takes long begins first, the longest before the others, so that none is left at the end by itself.
LONG = (
    "scenario/test_million", "scenario/test_candidate", "scenario/test_postgres", "web/test_ops", "scenario/test_reached",
    "scenario/test_clients", "scenario/test_merger", "scenario/test_moved", "scenario/test_streams", "scenario/test_cold",
    "web/test_sessions", "web/test_events", "relay/test_faults", "relay/test_delivery", "scenario/test_crash",
    "journal/test_postgres_candidate", "libcoord/test_recovery", "core/test_seen", "loop/test_restore", "libcoord/test_loop",
    "core/test_restore", "core/test_costly", "journal/test_postgres", "core/test_million", "journal/test_sqlite_faults",
)

told = []  # the signals that said to end: looked at between two steps, so that none comes while a job begins

# What cannot stand beside others, and why: it runs when they are done.
ALONE = {}


class Failure(Exception):
    """What is said, and no traceback."""


class Job:
    """A file of Python's unittests, or a program of cmocka's."""

    def __init__(self, path):
        self.path, self.is_python = path, path.endswith(".py")
        room, name = os.path.split(os.path.abspath(path))
        self.name = f"{os.path.basename(room)}/{os.path.splitext(name)[0]}"
        self.process, self.output, self.began, self.too_long = None, None, None, False

    def command(self):
        if self.is_python:
            directory, name = os.path.split(self.path)
            return [sys.executable, *QUIET, "-m", "unittest", "discover", "-v", "-s", directory, "-t", directory, "-p", name]
        return [*shlex.split(os.environ.get("RUNNER", "")), self.path]

    def start(self):
        """In a session of its own, so that it is ended with all that it started."""
        self.output, self.began = tempfile.TemporaryFile(), time.monotonic()
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
                                        start_new_session=True)

    def has_ended(self):
        if self.process.poll() is None and self.seconds() > LIMIT_SECONDS:
            self.too_long = True
            end([self])
        return self.process.poll() is not None

    def seconds(self):
        return time.monotonic() - self.began

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def result(self):
        self.output.seek(0)
        said = self.output.read().decode(errors="replace")
        self.output.close()
        return Result(self, said)


class Result:
    def __init__(self, job, said):
        self.name, self.said, self.seconds = job.name, said, job.seconds()
        pattern = r"^Ran (\d+) tests?" if job.is_python else r"^\[  PASSED  \] (\d+) test"
        self.tests = sum(int(count) for count in re.findall(pattern, said, re.M))
        self.measured = re.findall(r"measured .*", said)
        self.skipped = collections.Counter(re.findall(r"\.\.\. skipped (.*)$", said, re.M))
        self.failed = self.failures(job)

    def failures(self, job):
        """The names of what failed; empty when nothing did."""
        pattern = r"^(?:FAIL|ERROR|UNEXPECTED SUCCESS): (.*)" if job.is_python else r"^\[  FAILED  \] (\w+)$"
        found = list(dict.fromkeys(re.findall(pattern, self.said, re.M)))
        if job.too_long:
            found.append(f"not done after {LIMIT_SECONDS} s")
        code = job.process.returncode
        if code and not found:
            found.append(f"exit {code}" if code > 0 else signal.Signals(-code).name)
        if not code and not self.tests:
            found.append("it has no test")
        return found

    def tell(self):
        if self.failed:
            print(self.said.rstrip("\n"))
        print(f"{'FAIL ' if self.failed else 'done '} {self.name:40} {self.tests} tests, {self.seconds:.0f} s")
        for reason, count in self.skipped.items():
            print(f"skipped {count}: {reason}")
        for line in self.measured:
            print(line)
        sys.stdout.flush()


def jobs_of(paths):
    """What there is to run, in the order in which it begins."""
    files = []
    for path in paths:
        found = sorted(os.path.join(path, name) for name in os.listdir(path) if re.fullmatch(r"test_\w+\.py", name)) \
            if os.path.isdir(path) else [path]
        if not found:
            raise Failure(f"{path}: there is no test_*.py")
        files += found
    if not files:
        raise Failure("there is no such test")
    jobs = [Job(path) for path in files]
    return sorted(jobs, key=lambda job: LONG.index(job.name) if job.name in LONG else len(LONG))


def end(jobs):
    """All of them at once; each is told once, for what it puts away must not be interrupted again."""
    for job in jobs:
        job.signal(signal.SIGINT)
    until = time.monotonic() + GRACE_SECONDS
    for job in jobs:
        try:
            job.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        job.signal(signal.SIGKILL)
        job.process.wait()


def run(jobs, at_once, results):
    waiting, running = list(jobs), []
    try:
        while (waiting or running) and not told:
            while waiting and len(running) < at_once:
                running.append(waiting.pop(0))
                running[-1].start()
            for job in [job for job in running if job.has_ended()]:
                running.remove(job)
                results.append(job.result())
                results[-1].tell()
            time.sleep(LOOK_SECONDS)
    finally:
        end(running)


def at_once(jobs):
    """Unit tests compute, but for a few; those of whole programs wait for most of their time."""
    processors = len(os.sched_getaffinity(0))
    return int(os.environ.get("AT_ONCE") or (3 * processors if all(job.is_python for job in jobs) else processors + 1))


def main(paths):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: told.append(number))
    began, results, ended = time.monotonic(), [], ""
    jobs = jobs_of(paths)
    run([job for job in jobs if job.name not in ALONE], at_once(jobs), results)
    run([job for job in jobs if job.name in ALONE], 1, results)
    if len(results) < len(jobs):
        ended = f", and {len(jobs) - len(results)} were not run to their end"
    failed = [f"{result.name}: {test}" for result in results for test in result.failed]
    for line in failed:
        print(f"failed: {line}")
    tests = sum(result.tests for result in results)
    wrong = bool(failed or ended)
    print(f"{'FAIL ' if wrong else 'ok   '} {tests} tests of {len(results)} files in {time.monotonic() - began:.0f} s{ended}")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        sys.exit(f"abreast: {failure}")
