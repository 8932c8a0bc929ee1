"""Programs of a machine, which come back after they ended, as systemd has them do; and what waits for things to happen."""
import os
import signal
import subprocess
import threading
import time

START_SECONDS = 120


def sh(command):
    run = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, timeout=120)
    if run.returncode:
        raise AssertionError(f"{command}: {run.stdout}{run.stderr}")
    return run.stdout


def wait(happened, what, seconds=START_SECONDS):
    """Returns what happened once it did."""
    until = time.monotonic() + seconds
    while not (result := happened()):
        if time.monotonic() > until:
            raise AssertionError(f"after {seconds} seconds: {what() if callable(what) else what}")
        time.sleep(0.05)
    return result


def signal_all(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


class Program:
    """One program of a machine. `held`: it is kept away until it is let come back."""

    def __init__(self, machine, name, argv, environment=None, again_seconds=1):
        self.machine, self.name, self.argv, self.again_seconds = machine, name, argv, again_seconds
        self.environment = dict({"PATH": "/usr/lib/postgresql/15/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": machine.path("/"),
                                 "LANG": "C.UTF-8", "TZ": "UTC"}, **(environment or {}))
        self.log = os.path.join(machine.root, name + ".log")
        self.process, self.held, self.ending, self.codes = None, False, False, []
        self.thread = threading.Thread(target=self._keep, daemon=True)

    def start(self):
        self.thread.start()
        return self

    def _keep(self):
        while not self.ending:
            if self.held:
                time.sleep(0.05)
                continue
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(["nsenter", f"--net=/run/netns/{self.machine.name}", *self.argv], stdin=subprocess.DEVNULL,
                                                stdout=log, stderr=log, env=self.environment, cwd=self.machine.root, start_new_session=True)
            self.codes.append(self.process.wait())
            time.sleep(self.again_seconds)

    def pid(self):
        return self.process.pid if self.process and self.process.poll() is None else None

    def signal(self, number):
        if self.pid():
            signal_all([self.pid()], number)

    def kill(self, held=True):
        self.held = held
        self.signal(signal.SIGKILL)

    def end(self):
        """In good order, and it comes back."""
        before = len(self.codes)
        self.signal(signal.SIGTERM)
        wait(lambda: len(self.codes) > before, f"{self.name} of {self.machine.name} does not end")

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()
