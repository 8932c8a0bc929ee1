"""A PostgreSQL of a test's own: in a directory that is made for it, on a socket and a port of loopback, ended by its pid."""
import os
import shutil
import signal
import subprocess
import tempfile
import time

from ports import free_port

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "postgres.sh")
READY_SECONDS = 60


def runs(pid):
    """Whether such a process is there, and more than what its parent has not asked about."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


class Server:
    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="coordd-pg-")
        self.port = free_port()
        self.process = None
        subprocess.run([SCRIPT, "make", self.directory, str(self.port)], check=True)
        self.log = os.path.join(self.directory, "log")

    def start(self):
        """Returns once it answers."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([SCRIPT, "run", self.directory], stdout=log, stderr=log)
        until = time.monotonic() + READY_SECONDS
        while self.try_sql("SELECT 1") is None:
            if self.process.poll() is not None or time.monotonic() > until:
                with open(self.log, encoding="utf-8", errors="replace") as file:
                    raise AssertionError("PostgreSQL does not answer:\n" + file.read())
            time.sleep(0.02)
        return self

    def end(self):
        """Ends all sessions, and itself."""
        if not self.process:
            return
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self.process = None

    def children(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]

    def kill(self):
        """All its processes at once, the one that starts others first: as a machine that stops."""
        children = self.children()
        self.process.kill()
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(60)
        self.process = None
        # The crashed one's memory is in use as long as one of its processes is there.
        until = time.monotonic() + READY_SECONDS
        while any(runs(child) for child in children):
            if time.monotonic() > until:
                raise AssertionError(f"PostgreSQL was killed, and of its processes {children} one is still there")
            time.sleep(0.01)

    def try_sql(self, sql, database="postgres"):
        run = self._psql(sql, database)
        return run.stdout.strip() if run.returncode == 0 else None

    def sql(self, sql, database="postgres"):
        """What it answers, as text: fields apart by |, rows by lines."""
        run = self._psql(sql, database)
        if run.returncode != 0:
            raise AssertionError(f"{sql}: {run.stderr}")
        return run.stdout.strip()

    def wait_sql(self, sql, wanted, database="postgres"):
        """Returns once that is what it answers."""
        until = time.monotonic() + READY_SECONDS
        while (answer := self.sql(sql, database)) != str(wanted):
            if time.monotonic() > until:
                raise AssertionError(f"{sql}: {answer}, and not {wanted}")
            time.sleep(0.02)

    def _psql(self, sql, database):
        return subprocess.run(["psql", "-XqAt", "-h", self.directory, "-p", str(self.port), "-U", "postgres", "-d", database, "-v",
                               "ON_ERROR_STOP=1", "-c", sql], capture_output=True, text=True, timeout=60, check=False)

    def database(self, name, owner="coordd"):
        """An empty one that belongs to the broker's role."""
        if not self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{owner}'"):
            self.sql(f"CREATE ROLE {owner} LOGIN")
        self.sql(f"CREATE DATABASE {name} OWNER {owner}")
        return name

    def remove(self):
        try:
            self.end()
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
