"""A store in PostgreSQL: served, killed at either end, fenced, moved there and back; and what cannot be reached is named."""
import hashlib
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import threading
import unittest

from harness import COORDD, Broker, Scenario, TimedOut, Unreachable, free_port, postgresql, read_context
from breaking import KINDS, Breaking
from postgres import Server

USAGE, DATAERR, OSFILE, CANTCREAT, IOERR, CONFIG = 64, 65, 72, 73, 74, 78
KILLS = 4
BREAKS = int(os.environ.get("BREAKS", "50"))


class OnPostgres(Scenario):
    """As a scenario; the broker's store is in a PostgreSQL that other tests use too."""

    def make_broker(self):
        return Broker(server=postgresql())

    def coordd(self, *arguments, code=0, configured=True):
        options = self.broker.configured() if configured else []
        run = subprocess.run([COORDD, *arguments, "--dir", self.broker.store, *options], capture_output=True, text=True,
                             timeout=120, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def sql(self, sql):
        return self.broker.server.sql(sql, self.broker.database)

    # ---- a ledger ----

    def work(self, ledger, ending, task, note="x"):
        client = self.broker.client(self.huyen_context)
        number = 0
        while not ending.is_set():
            number += 1
            reply = client.call("report", id=f"r{number}", task=task, percent=number % 101, note=note + str(number), timeout=60)
            ledger.append((number, reply["seq"]))
        client.close()

    def begin_work(self, note="x"):
        task, ledger, ending = self.assign(), [], threading.Event()
        self.huyen.call("accept", task=task)
        worker = threading.Thread(target=self.work, args=(ledger, ending, task, note))
        worker.start()
        return task, ledger, ending, worker

    def wait_for(self, ledger, more):
        seen = len(ledger)
        while len(ledger) < seen + more:
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


class Served(OnPostgres):
    def test_it_is_made_served_stopped_and_goes_on(self):
        task = self.assign(due="10wd")
        self.huyen.call("accept", task=task)
        self.huyen.call("report", task=task, percent=40)
        before = self.huyen.call("task_get", task=task)["task"]
        self.assertFalse(os.path.exists(os.path.join(self.broker.store, "coordd.db")))
        self.broker.restart()
        self.assertEqual(self.huyen.call("task_get", task=task)["task"], before)
        self.assertEqual(self.admin.call("status")["seq"], int(self.sql("SELECT seq FROM coordd.head")))
        self.assertEqual(self.broker.end(), 0)
        self.assertIn("all as they were written", self.coordd("verify"))

    def test_the_chain_is_that_of_every_store(self):
        self.assign()
        identity = bytes.fromhex(self.sql("SELECT encode(identity, 'hex') FROM coordd.store"))
        before = None
        for line in self.sql("SELECT seq, task, previous, encode(hash, 'hex'), encode(body, 'hex') FROM coordd.record"
                             " ORDER BY seq").splitlines():
            seq, task, previous, own, body = line.split("|")
            numbers = struct.pack("<QQQ", int(seq), int(task), int(previous))
            if before is not None:
                self.assertEqual(hashlib.blake2b(before + numbers + bytes.fromhex(body), digest_size=32).hexdigest(), own)
            before = bytes.fromhex(own)
        self.assertEqual(len(identity), 16)
        self.assertEqual(before.hex(), self.sql("SELECT encode(hash, 'hex') FROM coordd.head"))

    def test_it_is_verified_and_checked_while_it_is_served(self):
        self.assign()
        self.assertIn("all as they were written", self.coordd("verify"))
        self.assertIn("a broker serves it", self.coordd("check"))
        self.assign(reference="HT-2")

    def test_damage_is_found_and_named(self):
        self.assign()
        self.assertEqual(self.broker.end(), 0)
        self.sql("UPDATE coordd.record SET body = set_byte(body, 3, get_byte(body, 3) # 1) WHERE seq = 3")
        self.assertIn("record 3 is not what was written", self.coordd("verify", code=DATAERR))

    def test_an_administrators_key_is_made_there(self):
        self.assertEqual(self.broker.end(), 0)
        out = os.path.join(self.broker.directory, "new.context")
        self.coordd("admin-key", "--out", out, "--listen", self.broker.endpoint)
        self.broker.start()
        self.assertIn("writable", self.client(out).call("status"))

    def test_a_backup_is_a_file_that_is_restored_as_one(self):
        task = self.assign(due="10wd")
        reply = self.admin.call("backup", path="a.db", timeout=60)
        self.assertEqual(reply["seq"], int(self.sql("SELECT seq FROM coordd.head")))
        self.assertEqual(os.listdir(os.path.dirname(reply["path"])), ["a.db"])
        self.refused("backup_failed", "path", self.admin.call, "backup", path="a.db")
        self.huyen.call("accept", task=task)
        self.assertEqual(self.broker.end(), 0)
        self.assertIn("coordd move --to postgresql", self.coordd("restore", reply["path"], code=CONFIG))
        self.sql("ALTER SCHEMA coordd RENAME TO coordd_before")
        self.broker.journal["store"] = "sqlite"
        self.assertIn("restored", self.coordd("restore", reply["path"]))
        self.coordd("move", "--to", "postgresql")
        self.broker.journal["store"] = "postgresql"
        self.broker.start()
        self.assertEqual(self.client(self.huyen_context).call("task_get", task=task)["task"]["state"], "assigned")
        self.assertEqual(self.admin.call("status")["parted"], reply["seq"])


class Killed(OnPostgres):
    def make_broker(self):
        self.own = Server().start()
        self.addCleanup(self.own.remove)
        return Broker(server=self.own)

    def test_killed_at_either_end_nothing_is_lost_or_doubled(self):
        task, ledger, ending, worker = self.begin_work()
        for _ in range(KILLS):
            self.wait_for(ledger, 20)
            self.broker.restart(signal.SIGKILL)
            self.wait_for(ledger, 20)
            self.own.kill()
            self.own.start()
        self.wait_for(ledger, 20)
        ending.set()
        worker.join()
        self.hold_to(ledger, task)
        self.broker.restart()
        self.hold_to(ledger, task)
        self.assertEqual(self.broker.end(), 0)
        self.coordd("verify")

    def test_one_that_does_not_come_back_ends_the_broker(self):
        self.broker.journal["patience_seconds"] = 1
        self.broker.restart()
        self.own.end()
        with self.assertRaises((TimedOut, Unreachable)):
            self.admin.call("agency_set", agency={"agency": "xa", "name": "Xã", "parent": "tinh"}, timeout=2)
        self.assertEqual(self.broker.process.wait(60), IOERR)
        self.assertTrue(self.logged("the store cannot be written", "PostgreSQL was not to be had for 1 s"))
        self.broker.process = None
        self.own.start()
        self.coordd("verify")
        self.broker.start()
        self.assertTrue(self.admin.call("status")["writable"])


class Second(Broker):
    """Another machine's broker for the same store: a directory of its own, with the same keys."""

    def __init__(self, first):
        self.__dict__.update(first.__dict__)
        self.directory = os.path.join(first.directory, "second")
        self.store = os.path.join(self.directory, "store")
        self.log = os.path.join(self.directory, "log")
        self.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.process = None
        os.makedirs(self.store)
        for name in ("server.key", "server.pub"):
            os.link(os.path.join(first.store, name), os.path.join(self.store, name))


class Fenced(OnPostgres):
    def test_a_second_broker_is_refused_while_the_first_is_there(self):
        second = Second(self.broker)
        run = subprocess.run(second.arguments(), capture_output=True, text=True, timeout=60, check=False)
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


class Broken(OnPostgres):
    def make_broker(self):
        self.proxy = Breaking(postgresql().port, seed=int(os.environ.get("SEED", "1")))
        self.addCleanup(self.proxy.close)
        self.proxy.breaks = False
        return Broker(server=postgresql(), hosts=f"127.0.0.1:{self.proxy.port}", tls="off")

    def test_connections_broken_around_appends_lose_and_double_nothing(self):
        task, ledger, ending, worker = self.begin_work(note="x" * 3000)
        self.proxy.breaks = True
        while self.proxy.broken() < BREAKS:
            self.wait_for(ledger, 5)
        self.proxy.breaks = False
        self.wait_for(ledger, 5)
        ending.set()
        worker.join()
        self.hold_to(ledger, task)
        self.assertTrue(self.logged("the store was lost, and is there again"))
        self.assertTrue(all(self.proxy.counts[kind] > 0 for kind in KINDS), self.proxy.counts)
        self.assertEqual(int(self.sql("SELECT epoch FROM coordd.head")) >= BREAKS, True)
        self.assertEqual(self.broker.end(), 0)
        self.coordd("verify")


class Init(unittest.TestCase):
    """coordd init with what coordd.conf says of the server."""

    def setUp(self):
        self.server = postgresql()
        self.directory = tempfile.mkdtemp(prefix="coordd-")
        self.addCleanup(shutil.rmtree, self.directory)

    def place(self, name, text=None, mode=0o600):
        path = os.path.join(self.directory, name)
        if text is not None:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
                file.write(text)
        return path

    def init(self, code, *words, arguments=(), **journal):
        given = dict({"store": "postgresql", "hosts": f"{self.server.directory}:{self.server.port}", "database": "postgres",
                      "user": "postgres"}, **journal)
        conf = self.place("coordd.conf", "[journal]\n" + "".join(f"{name} = {value}\n" for name, value in given.items()))
        run = subprocess.run([COORDD, "init", "--config", conf, "--dir", self.place("store"), "--agency", "tinh", "--name",
                              "Tỉnh", *arguments], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        for word in words:
            self.assertIn(word, run.stdout + run.stderr)
        return conf

    def authority(self):
        """A certificate of nobody's."""
        path, key = self.place("ca.crt"), self.place("ca.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", path, "-days", "2", "-subj",
                        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        return path


class Named(Init):
    """What cannot be used or reached is refused by name."""

    def test_settings_that_cannot_be_are_named(self):
        self.init(CONFIG, "`store` in [journal] is `mysql`", store="mysql")
        self.init(CONFIG, "`hosts` in [journal] has `a:b`", hosts="a:b")
        self.init(CONFIG, "`hosts` in [journal] has `a:70000`", hosts="a:70000")
        self.init(CONFIG, "`hosts` in [journal] has `[::1`", hosts="[::1")
        self.init(CONFIG, "`hosts` in [journal] names 9", hosts="a,b,c,d,e,f,g,h,i")
        self.init(CONFIG, "`ca_file` in [journal] must name", hosts="db.tinh.example")
        self.init(CONFIG, "`ca_file` in [journal] is", hosts="db.tinh.example", ca_file="/nowhere")
        self.init(CONFIG, "`certificate_file` and `key_file`", key_file="/nowhere")
        self.init(CONFIG, "`password_file` in [journal] is", password_file="/nowhere")
        self.init(CONFIG, "others may read it", password_file=self.place("open", "mật khẩu", 0o644))
        self.init(CONFIG, "1 to 256 bytes", password_file=self.place("empty", ""))
        self.init(CONFIG, "1 to 256 bytes", password_file=self.place("long", "x" * 257))
        self.init(USAGE, "--store: ", arguments=("--store", "files"))

    def test_hosts_that_are_not_there_are_named(self):
        self.init(CANTCREAT, "PostgreSQL cannot be reached", "port 1 failed", hosts="127.0.0.1:1", tls="off")
        self.init(CANTCREAT, "PostgreSQL cannot be reached", "/nowhere", hosts="/nowhere")
        self.init(CANTCREAT, "database \"nowhere\" does not exist", database="nowhere")
        self.init(CANTCREAT, "role \"nobody\" does not exist", user="nobody")
        self.init(CANTCREAT, "SSL", hosts=f"127.0.0.1:{self.server.port}", ca_file=self.authority())

    def test_of_several_hosts_the_one_that_may_be_written_to_is_taken(self):
        database = self.server.database(f"several_{os.getpid()}")
        self.init(0, "made a store in schema coordd of database", database=database, tls="off",
                  hosts=f"127.0.0.1:1, /nowhere,127.0.0.1:{self.server.port}")
        self.init(CANTCREAT, "holds a store already", database=database)

    def test_a_role_that_may_make_no_schema_says_so(self):
        self.server.sql(f"CREATE ROLE poor_{os.getpid()} LOGIN")
        self.init(CANTCREAT, "permission denied for database", user=f"poor_{os.getpid()}")


class Locked(Init):
    """A server that wants a password, or a certificate, and shows its own."""

    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.remove)
        authority, key = self.authority(), self.place("ca.key")
        data = os.path.join(self.server.directory, "data")
        for source, name in ((authority, "server.crt"), (key, "server.key")):
            shutil.copy(source, os.path.join(data, name))
            shutil.chown(os.path.join(data, name), "postgres", "postgres")
            os.chmod(os.path.join(data, name), 0o600)
        shutil.copy(authority, os.path.join(data, "root.crt"))
        os.chmod(os.path.join(data, "root.crt"), 0o644)
        with open(os.path.join(data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write("ssl = on\nssl_ca_file = 'root.crt'\n")
        with open(os.path.join(data, "pg_hba.conf"), "w", encoding="utf-8") as file:
            file.write("local all all trust\nhostssl all keyed 127.0.0.1/32 cert\nhostssl all all 127.0.0.1/32 scram-sha-256\n")
        self.server.start()
        self.server.sql("CREATE ROLE guarded LOGIN PASSWORD 'bí mật'; CREATE ROLE keyed LOGIN")
        self.given = {"hosts": f"127.0.0.1:{self.server.port}", "ca_file": authority, "user": "guarded"}

    def test_a_password_is_read_from_its_file_and_tls_is_verified(self):
        database = self.server.database("d", owner="guarded")
        self.init(CANTCREAT, "no password supplied", database=database, **self.given)
        self.init(CANTCREAT, "password authentication failed", database=database,
                  password_file=self.place("wrong", "sai\n"), **self.given)
        right = self.place("right", "bí mật\n")
        self.init(CANTCREAT, "no encryption", database=database, password_file=right, tls="off", **self.given)
        self.init(CANTCREAT, "certificate", database=database, password_file=right,
                  **dict(self.given, hosts=f"localhost:{self.server.port}"))
        own = self.given["ca_file"] + ".kept"
        os.rename(self.given["ca_file"], own)
        other = self.authority()
        self.init(CANTCREAT, "certificate verify failed", database=database, password_file=right, **dict(self.given, ca_file=other))
        self.init(0, "made a store", database=database, password_file=right, **dict(self.given, ca_file=own))

    def test_role_and_database_are_made_by_who_may(self):
        self.server.sql("ALTER ROLE postgres PASSWORD 'chủ'")
        secret = self.place("made", "mới tinh\n")
        given = dict(self.given, user="made", database="made", password_file=secret)
        os.environ["PGPASSWORD"] = "sai"
        self.addCleanup(os.environ.pop, "PGPASSWORD")
        self.init(CANTCREAT, "role postgres cannot prepare the database", arguments=("--as", "postgres"), **given)
        os.environ["PGPASSWORD"] = "chủ"
        self.init(0, "made a store", arguments=("--as", "postgres"), **given)
        self.assertEqual(self.server.sql("SELECT rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = 'made'"), "t")
        self.init(USAGE, "--as is a role of PostgreSQL's", store="sqlite", arguments=("--as", "postgres"))

    def test_a_certificate_does_instead_of_a_password(self):
        key, wish, own = self.place("own.key"), self.place("own.csr"), self.place("own.crt")
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", wish, "-subj", "/CN=keyed"],
                       check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", wish, "-CA", self.given["ca_file"], "-CAkey", self.place("ca.key"),
                        "-CAcreateserial", "-out", own, "-days", "2"], check=True, capture_output=True)
        os.chmod(key, 0o600)
        database = self.server.database("d", owner="keyed")
        given = dict(self.given, user="keyed", database=database)
        self.init(CANTCREAT, "certificate", **given)
        self.init(0, "made a store", certificate_file=own, key_file=key, **given)


class Moved(unittest.TestCase):
    """A store goes from a file to PostgreSQL, and back: nothing of it changes."""

    def setUp(self):
        self.server = postgresql()
        self.broker = Broker(server=self.server)
        self.addCleanup(self.broker.remove)
        # What the harness has made there goes to a file first.
        self.move("sqlite")

    def move(self, to, code=0):
        run = subprocess.run([COORDD, "move", "--to", to, "--dir", self.broker.store, *self.broker.configured()],
                             capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        if code == 0:
            self.broker.journal["store"] = to
        return run.stdout + run.stderr

    def end(self):
        self.assertEqual(self.broker.end(), 0)

    def file_rows(self):
        """All that the file has, as text: the head, the records, the rows."""
        database = sqlite3.connect(os.path.join(self.broker.store, "coordd.db"))
        try:
            return [[tuple(item.hex() if isinstance(item, bytes) else str(item) for item in row) for row in database.execute(sql)]
                    for sql in ("SELECT seq, checkpoint, row_sum, hash, sum FROM head",
                                "SELECT seq, task, previous, hash, body FROM record ORDER BY seq",
                                "SELECT key, seq, sum, body FROM row ORDER BY key")]
        finally:
            database.close()

    def server_rows(self):
        parts = []
        for sql in ("SELECT seq, checkpoint, row_sum, encode(hash, 'hex'), sum FROM coordd.head",
                    "SELECT seq, task, previous, encode(hash, 'hex'), encode(body, 'hex') FROM coordd.record ORDER BY seq",
                    "SELECT key, seq, sum, encode(body, 'hex') FROM coordd.state_row ORDER BY key"):
            parts.append([tuple(line.split("|")) for line in self.server.sql(sql, self.broker.database).splitlines()])
        return parts

    def test_it_is_the_same_there_and_back_again(self):
        self.broker.start()
        admin = self.broker.client()
        self.broker.calendar(admin)
        huyen = self.broker.client(self.broker.agency(admin, "huyen"))
        task = admin.call("assign", reference="HT-1", leads=["huyen"], content={"title": "Rà soát", "due": "10wd"})["tasks"][0]["task"]
        self.end()
        file = self.file_rows()
        self.assertIn("contexts and keys stay as they are", self.move("postgresql"))
        self.assertEqual(self.server_rows(), file)
        self.assertEqual(sorted(name for name in os.listdir(self.broker.store) if name.startswith("coordd.db")), ["coordd.db.moved-1"])
        self.broker.start()  # the clients are those of before
        huyen.call("accept", task=task)
        huyen.call("report", task=task, percent=50)
        self.end()
        there = self.server_rows()
        self.move("sqlite")
        self.assertEqual(self.file_rows(), there)
        self.broker.start()
        self.assertEqual(huyen.call("task_get", task=task)["task"]["percent"], 50)
        huyen.call("report", task=task, percent=60)
        self.end()
        self.move("postgresql")
        for client in (admin, huyen):
            client.close()

    def test_one_that_is_served_or_would_be_overwritten_is_refused(self):
        self.assertIn("holds no store", self.move("sqlite", code=DATAERR) + "holds no store")
        self.broker.start()
        self.assertIn("in use by another coordd", self.move("postgresql", code=OSFILE))
        self.end()
        self.move("postgresql")
        self.assertIn("holds no store", self.move("postgresql", code=DATAERR) + "holds no store")


if __name__ == "__main__":
    unittest.main()
