"""A real broker on a store of its own, agencies with keys, and clients: what every scenario begins with.

With STORE=postgresql in the environment the stores are in a PostgreSQL that is started for the test program."""
import atexit
import datetime
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "clients", "python"), os.path.join(ROOT, "tests", "rig")]
from coord import Coord, CoordError, TimedOut, Unreachable, read_context  # noqa: E402,F401
from ports import free_port  # noqa: E402,F401

COORDD = os.environ.get("COORDD", os.path.join(ROOT, "build", "coordd"))
COORDCTL = os.environ.get("COORDCTL", os.path.join(ROOT, "build", "coordctl"))
PRESETS = os.path.join(ROOT, "clients", "presets")
READY_SECONDS = 60
PATIENT_SECONDS = 120  # of a call that names no time of its own: a busy machine is no broker that is down
UNREAD = 4000
ON_POSTGRESQL = os.environ.get("STORE") == "postgresql"
if ON_POSTGRESQL:  # what runs coordd by itself finds the store by --dir, as it does where that is a file
    os.environ["COORDD_ITSELF"], COORDD = COORDD, os.path.join(ROOT, "tests", "rig", "coordd_there.sh")
of_files = unittest.skipIf(ON_POSTGRESQL, "it is about the store's file, or a whole configuration of its own")
shared = []  # the PostgreSQL of this program, once one was asked for


def postgresql():
    if not shared:
        from postgres import Server
        server = Server()
        atexit.register(server.remove)
        shared.append(server.start())
    return shared[0]


class Client(Coord):
    """A client that is patient, unless it is given timeout=None; and whose refusals go on record, for tests/errors.py: `name
    field message` by tabs, in the file that ERRORS_SEEN names."""

    def __init__(self, context, timeout=PATIENT_SECONDS, **options):
        self.answered = set()  # ids of calls: on a busy machine they are sent again, and answered again, behind the call's back
        super().__init__(context, timeout, **options)

    def _await(self, id, deadline):
        self.answered.discard(id)
        message = super()._await(id, deadline)
        if message:
            self.answered.add(id)
        return message

    def _receive(self, seconds):
        """The next frame, but for one that answers what was answered to a call already."""
        ends = time.monotonic() + seconds
        while (message := self._receive_any(max(0.0, ends - time.monotonic()))) is not None:
            if message["op"] not in ("reply", "error") or message.get("id") not in self.answered:
                return message
        return None

    def _receive_any(self, seconds):
        message = super()._receive(seconds)
        told = [message, *message.get("replies", [])] if message and "ERRORS_SEEN" in os.environ else []
        for one in told:
            if one.get("op") == "error":
                with open(os.environ["ERRORS_SEEN"], "a", encoding="utf-8") as file:
                    print(one["error"], one.get("field", ""), one["message"], sep="\t", file=file)
        return message


class Broker:
    """A store in a scratch directory, and the process that serves it."""

    # A store without settings, as one of before there were any; a scenario of settings takes init's own with ().
    NO_SETTINGS = ("--tasking", "open", "--default-policy", "none")

    def __init__(self, rehearse=None, speed=None, settings=NO_SETTINGS, server=None, **journal):
        """`server`: the PostgreSQL that has the store, and what [journal] says beside that."""
        self.directory = tempfile.mkdtemp(prefix="coordd-")
        self.store = os.path.join(self.directory, "store")
        self.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.process, self.speed = None, speed
        self.day = None  # from when a rehearsal goes on at the next start; from where it stood when None
        self.log = os.path.join(self.directory, "log")
        self.config, self.server, self.database = None, server or (postgresql() if ON_POSTGRESQL else None), None
        if self.server:
            self.database = self.server.database("store_" + os.path.basename(self.directory).replace("-", "_").lower())
            self.journal = dict({"store": "postgresql", "hosts": f"{self.server.directory}:{self.server.port}",
                                 "database": self.database}, **journal)
        init = ["init", "--dir", self.store, "--agency", "tinh", "--name", "Tỉnh", "--listen", self.endpoint, *settings]
        subprocess.run([COORDD, *init, *(["--rehearse", rehearse] if rehearse else []), *self.configured()], check=True,
                       stdout=subprocess.DEVNULL)
        self.admin = os.path.join(self.store, "admin.context")

    def arguments(self):
        arguments = [COORDD, "run", "--dir", self.store, "--listen", self.endpoint]
        arguments += self.configured()
        if self.speed:
            arguments += ["--speed", str(self.speed)]
        if self.day:
            arguments += ["--rehearse", self.day]
        return arguments

    def configured(self):
        """The option that names its configuration, which says where its store is beside what a scenario wants."""
        if not self.server:
            return ["--config", self.config] if self.config else []
        path = os.path.join(self.directory, "whole.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("[journal]\n" + "".join(f"{name} = {value}\n" for name, value in self.journal.items()))
            if self.config:
                with open(self.config, encoding="utf-8") as own:
                    file.write(own.read())
        return ["--config", path]

    def start(self):
        """Returns once the broker has said that it is ready."""
        path = os.path.join(self.directory, "notify")
        if os.path.exists(path):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, open(self.log, "ab") as log:
            listener.bind(path)
            listener.settimeout(READY_SECONDS)
            environment = dict(os.environ, NOTIFY_SOCKET=path)
            self.process = subprocess.Popen(self.arguments(), stdout=log, stderr=log, env=environment)
            while b"READY=1" not in listener.recv(4096):
                pass
        return self

    def end(self, number=signal.SIGTERM):
        """Ends it by a signal and returns its exit code."""
        if not self.process:
            return None
        self.process.send_signal(number)
        code = self.process.wait(60)
        self.process = None
        return code

    def restart(self, number=signal.SIGTERM):
        self.end(number)
        return self.start()

    def remove(self):
        """A broker that is still there ends as it should; one that cannot is killed."""
        try:
            self.end()
        except subprocess.TimeoutExpired:
            self.end(signal.SIGKILL)
            raise
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)
            if self.server and self.server.process:
                self.server.sql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    def read_log(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    # ---- clients ----

    def client(self, context=None, **options):
        return Client(context or self.admin, **options)

    def ctl(self, *arguments, context=None, code=0, text=None):
        """Runs coordctl and returns what it printed; fails when it exits with another code."""
        run = subprocess.run([COORDCTL, *arguments], input=text, capture_output=True, text=True, timeout=120,
                             env=dict(os.environ, COORD_CONTEXT=context or self.admin, TZ="<+07>-7"), check=False)
        if run.returncode != code:
            raise AssertionError(f"coordctl {' '.join(arguments)} exited with {run.returncode}, not {code}:\n"
                                 f"{run.stdout}{run.stderr}")
        return run.stdout if code == 0 else run.stdout + run.stderr

    def ctl_json(self, *arguments, context=None):
        return json.loads(self.ctl("--json", *arguments, context=context))

    def agency(self, admin, agency, parent="tinh", rights=("act",), **fields):
        """Adds an agency with one key, and returns its context."""
        import zmq
        public, secret = zmq.curve_keypair()
        admin.call("agency_set", agency=dict(fields, agency=agency, name=agency, parent=parent))
        admin.call("key_set", agency=agency,
                   key={"public_key": public.decode(), "label": "văn thư", "rights": list(rights)})
        return dict(read_context(self.admin), agency=agency, public_key=public.decode(), secret_key=secret.decode())

    def calendar(self, admin):
        with open(os.path.join(PRESETS, "calendar-vn.json"), encoding="utf-8") as file:
            admin.call("calendar_set", calendar=json.load(file)["calendars"][0])


class Scenario(unittest.TestCase):
    """One broker that runs, with the calendar, an administrator at it, and agencies huyen and so under it."""

    def make_broker(self):
        return Broker()

    def setUp(self):
        self.broker = self.make_broker()
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.admin = self.broker.client()
        self.addCleanup(self.admin.close)
        self.broker.calendar(self.admin)
        self.huyen_context = self.broker.agency(self.admin, "huyen")
        self.so_context = self.broker.agency(self.admin, "so")
        self.huyen, self.so = self.client(self.huyen_context), self.client(self.so_context)

    def client(self, context, **options):
        client = self.broker.client(context, **options)
        self.addCleanup(client.close)
        return client

    def configure(self, **limits):
        """The broker, anew, with these limits."""
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write("[limits]\n" + "".join(f"{name} = {value}\n" for name, value in limits.items()))
        self.broker.restart()

    def context_file(self, context):
        """A context, as coordctl reads it."""
        path = os.path.join(self.broker.directory, context["agency"] + ".context")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in context.items())
        return path

    def slow_client(self, context):
        """A client whose machine takes little: what its program does not read soon stays with the broker."""
        import zmq
        little = zmq.Context()
        self.addCleanup(little.term)
        little.setsockopt(zmq.RCVBUF, 65536)  # of the sockets that it makes
        client = self.client(context, zmq_context=little)
        client._socket.setsockopt(zmq.RCVHWM, 1)
        return client

    def bare_socket(self, context, **options):
        """A ZeroMQ socket that is connected with a context's key, and does what no client does. (It has no heartbeats:
        libzmq 4.3.4 aborts the program when one falls due on a connection that was cut while nothing was read from it.)"""
        import zmq
        apart = zmq.Context()
        self.addCleanup(apart.destroy, 0)
        apart.setsockopt(zmq.RCVBUF, 65536)
        socket = apart.socket(zmq.DEALER)
        for name, value in dict(options, LINGER=0).items():
            setattr(socket, name, value)
        for option, name in (("curve_serverkey", "server_key"), ("curve_publickey", "public_key"), ("curve_secretkey", "secret_key")):
            setattr(socket, option, context[name].encode())
        self.addCleanup(socket.close)
        socket.connect(context["endpoint"])
        return socket

    def memory(self, what="VmRSS"):
        """The broker's resident memory in MiB; VmHWM for the most that it ever was."""
        with open(f"/proc/{self.broker.process.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(what)) / 1024

    def logged(self, *words):
        """The line of the broker's log with all these words, once it is there; None before."""
        return next((line for line in self.broker.read_log().splitlines() if all(word in line for word in words)), None)

    def at_most_once_a_second(self, lines):
        """Of lines of the log: not more than seconds from the first to the last, each of which may be one that was begun."""
        times = [datetime.datetime.fromisoformat(line.split()[0].replace("Z", "+00:00")) for line in lines]
        self.assertLessEqual(len(times), (times[-1] - times[0]).total_seconds() + 2, lines)

    def told_by_now(self, client, agency, start=0, **filters):
        """All that a client's stream tells, up to a task that is given to its agency for this: by then what was to come has."""
        self.asked_to_hear = getattr(self, "asked_to_hear", 0) + 1
        reference, told = f"NGHE-{self.asked_to_hear}", []
        self.admin.call("assign", reference=reference, leads=[agency], policy="none", content={"title": "Nghe đến đây"})
        for record in client.stream(start=start, idle=PATIENT_SECONDS, **filters):
            if record.get("reference") == reference:
                return told
            if not record.get("reference", "").startswith("NGHE-"):
                told.append(record)
        return self.fail(f"{reference} was not told; {told} was")

    def ask_and_not_read(self, task):
        """A client whose answers, of some 3 KB each, are too many for all that is between the broker and it, and not too
        many for a broker that is told to be patient."""
        self.configure(unsent_bytes=64 << 20, agency_unsent_bytes=128 << 20)
        import msgpack
        self.so.batch([("comment", {"task": task, "note": "x" * 3000})])
        client = self.slow_client(self.so_context)
        for number in range(UNREAD):
            client.send_frame(msgpack.packb({"op": "task_history", "id": f"h{number}", "task": task, "limit": 1}))
        while self.admin.call("status")["requests"] < UNREAD:
            pass  # until all are answered, as far as the broker is concerned
        return client

    def refused(self, name, field, call, *arguments, **fields):
        """The call is refused by this error, at this field, with a sentence; nothing of it is recorded."""
        with self.assertRaises(CoordError) as caught:
            call(*arguments, **fields)
        self.assertEqual((caught.exception.name, caught.exception.field), (name, field), str(caught.exception))
        self.assertGreater(len(caught.exception.fields["message"]), 10)
        return caught.exception.fields

    def assign(self, lead="huyen", reference="HT-1", by=None, **content):
        reply = (by or self.admin).call("assign", reference=reference, leads=[lead],
                                        content=dict({"title": "Rà soát hồ sơ đất công"}, **content))
        return reply["tasks"][0]["task"]
