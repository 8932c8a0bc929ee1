"""What coordd.conf says of a PostgreSQL: what cannot be used or reached is named, passwords and certificates do what they should."""
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from harness import COORDD, free_port, postgresql
from breaking import Breaking
from postgres import Server

USAGE, CANTCREAT, CONFIG = 64, 73, 78


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
                              "Tỉnh", *arguments], capture_output=True, text=True, timeout=120, check=False)
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
        self.init(CONFIG, "1 to 256 bytes", password_file=self.place("lines", "x" * 257 + "\n"))
        for end in ("", "\n", "\r\n"):
            shutil.rmtree(self.place("store"), ignore_errors=True)
            self.init(0, "made a store", password_file=self.place("longest", "x" * 256 + end),
                      database=self.server.database(f"longest_{len(end)}_{os.getpid()}"))
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
                  hosts=f"127.0.0.1:1, /nowhere,[::1]:1, 127.0.0.1:{self.server.port}")
        self.init(CANTCREAT, "holds a store already", database=database)

    def test_one_that_says_nothing_keeps_nobody_from_one_that_is_there_later(self):
        """As when a primary froze, and one of its standbys, which refuse until then, takes its place."""
        silent, later = socket.create_server(("127.0.0.1", free_port())), free_port()

        def come():
            self.addCleanup(silent.accept()[0].close)
            time.sleep(1)  # the other has refused by then, and is not asked for the first time any more
            proxy = Breaking(self.server.port, seed=1, at=later)
            proxy.breaks = False
            self.addCleanup(proxy.close)

        thread = threading.Thread(target=come)
        thread.start()
        self.addCleanup(silent.close)
        self.addCleanup(thread.join)
        self.init(0, "made a store", database=self.server.database(f"later_{os.getpid()}"), tls="off",
                  hosts=f"127.0.0.1:{silent.getsockname()[1]}, 127.0.0.1:{later}")

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
            if os.geteuid() == 0:  # then the server is not who made it
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


if __name__ == "__main__":
    unittest.main()
