"""coordd's own command line: what it takes, what it refuses and with which exit code, and what it leaves behind."""
import os
import shutil
import stat
import subprocess
import tempfile
import unittest

from harness import COORDCTL, COORDD, Broker, Scenario, free_port

USAGE, DATAERR, OSFILE, CANTCREAT, CONFIG = 64, 65, 72, 73, 78


class Commands(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="coordd-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.store = os.path.join(self.directory, "store")

    def coordd(self, *arguments, code=0):
        run = subprocess.run([COORDD, *arguments], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, code, f"coordd {' '.join(arguments)}\n{run.stdout}{run.stderr}")
        return run.stdout + run.stderr

    def init(self, *arguments, code=0, agency="tinh"):
        return self.coordd("init", "--dir", self.store, "--agency", agency, "--name", "Tỉnh", *arguments, code=code)

    def config(self, text):
        path = os.path.join(self.directory, "coordd.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def test_help_and_version(self):
        self.assertIn("coordd verify [--config FILE] [--dir DIR]", self.coordd("--help"))
        for command in ("run", "init", "verify", "restore", "admin-key", "move", "check"):
            self.assertRegex(self.coordd("--help"), rf"coordd {command} .*\[--config FILE\]")
        self.assertEqual(self.coordd("help"), self.coordd("init", "--help"))
        self.assertRegex(self.coordd("--version"), r"^coordd \d+\.\d+\.\d+\n$")
        self.assertIn("coordd init", self.coordd(code=USAGE))

    def test_no_store_one_in_use_and_a_damaged_one_have_the_exit_status_that_the_manual_says_of_every_command(self):
        commands = (["run"], ["verify"], ["admin-key"])
        os.mkdir(self.store)
        for command in commands:
            self.coordd(*command, "--dir", os.path.join(self.directory, "nowhere"), code=OSFILE)
            self.assertIn("coordd init", self.coordd(*command, "--dir", self.store, code=OSFILE))
        for opens in ([], ["--label", "x"]):
            shutil.rmtree(self.store)
            self.init()
            with open(os.path.join(self.store, "coordd.db"), "r+b") as file:
                file.write(b"\xff" * 200)
            self.coordd("admin-key" if opens else "verify", "--dir", self.store, *opens, code=DATAERR)

    def test_a_context_made_here_is_named_so_that_it_is_found_as_it_is_typed(self):
        self.init()
        run = subprocess.run([COORDD, "admin-key", "--dir", self.store, "--out", "ak.context"], capture_output=True, text=True,
                             cwd=self.directory, timeout=120, check=True)
        self.assertIn("coordctl --context ./ak.context doctor\n", run.stdout)
        typed = run.stdout.split("and coordctl ")[1].split()
        found = subprocess.run([COORDCTL, *typed[:2], "context", "show"], capture_output=True, text=True, cwd=self.directory,
                               timeout=120, check=True)
        self.assertIn("agency\ttinh\n", found.stdout)

    def test_what_is_not_understood_is_refused_with_what_would_be(self):
        for arguments, said in [(["frobnicate"], "coordd --help lists them"),
                                (["verify", "--listen", "tcp://127.0.0.1:1"], "does not take this option"),
                                (["run", "x"], "is too much"),
                                (["restore", "a", "b"], "is too much"),
                                (["run", "--nonsense"], "nonsense"),
                                (["init", "--rehearse", "mai"], "2024-06-28T08:00"),
                                (["init", "--rehearse", "1999-12-31"], "from 2000 to 2099"),
                                (["init", "--rehearse", "2100-01-01"], "from 2000 to 2099"),
                                (["init", "--rehearse", "2024-06-28x"], "2024-06-28T08:00"),
                                (["init", "--rehearse", "2024-06-31"], "2024-06-28T08:00"),
                                (["run", "--speed", "0"], "above 0"),
                                (["run", "--speed", "1000000"], "above 0"),
                                (["run", "--speed", ""], "above 0"),
                                (["run", "--speed", "1x"], "above 0"),
                                (["run", "--rehearse", "2024-06-28"], "--rehearse needs --speed"),
                                (["restore"], "restore needs the backup's path"),
                                (["init"], "--agency and --name"),
                                (["init", "--agency", "tinh"], "--agency and --name"),
                                (["run", "--dir", ""], "--dir"),
                                (["run", "--listen", "x" * 300], "--listen")]:
            with self.subTest(arguments=arguments):
                self.assertIn(said, self.coordd(*arguments, code=USAGE))

    def test_settings_are_held_to_their_bounds(self):
        for text, said in [("[limits]\nstreams = many\n", "whole number"), ("[limits]\nstreams = 1x\n", "whole number"),
                           ("[limits]\nstreams = 0\n", "streams"), ("[limits]\nstreams = 99999999999999999999999\n", "streams"),
                           ("[limits]\nstreams = -1\n", "whole number"), ("[limits]\nstreams = \n", "streams"),
                           ("[limits]\nstreams = 1000001\n", "from 1 to 1000000"),
                           ("[limits]\nstreams = 0\nrequests_burst = 0\n", "line 2"),  # the first mistake is told
                           ("[daemon]\nlisten = tcp://127.0.0.1:\n", "tcp://ADDRESS:PORT"),
                           ("[daemon]\nlisten = tcp://:5670\n", "tcp://ADDRESS:PORT"),
                           ("[daemon]\nlisten = tcp://127.0.0.1:56x\n", "tcp://ADDRESS:PORT"),
                           ("[daemon]\nlisten = ipc://\n", "ipc:///PATH"),
                           ("[daemon]\ndirectory =\n", "from 1 to 4000"),
                           ("[limits]\nstream = 1\n", "there is no setting"),
                           ("[daemon]\nlog_level = loud\n", "debug, info, warning or error"),
                           ("[daemon]\ndirectory = " + "x" * 5000 + "\n", ""), ("[daemon\n", ""), ("nonsense\n", "")]:
            with self.subTest(text=text[:40]):
                self.assertIn(said, self.coordd("verify", "--config", self.config(text), code=CONFIG))
        self.coordd("verify", "--config", os.path.join(self.directory, "none.conf"), code=CONFIG)
        self.assertIn("cannot be read", self.coordd("verify", "--config", self.directory, code=CONFIG))
        self.coordd("restore", "x", "--config", self.config("[limits]\nstreams = 0\n"), code=CONFIG)

    def test_init_makes_a_store_once_and_says_what_comes_next(self):
        self.assertIn(f"next: coordd run --dir {self.store}, and coordctl", self.init())
        for name in ("server.key", "admin.context"):
            self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.store, name)).st_mode), 0o600)
        before = self.coordd("verify", "--dir", self.store)
        self.init(code=CANTCREAT)
        self.assertEqual(self.coordd("verify", "--dir", self.store), before)

    def test_what_comes_next_serves_a_rehearsal_where_its_context_looks(self):
        said = self.init("--rehearse", "2024-06-28", "--listen", "tcp://127.0.0.1:5999")
        self.assertIn(f"coordd run --dir {self.store} --listen tcp://127.0.0.1:5999 --speed 0.01, and", said)
        self.assertIn("--speed 0.01, and", self.coordd("admin-key", "--dir", self.store, "--label", "more"))

    def test_init_refuses_an_agency_that_the_broker_would(self):
        self.assertIn("letters A to Z and a to z", self.init(agency="có dấu", code=USAGE))
        self.assertFalse(os.path.exists(self.store))

    def test_init_calls_a_setting_as_its_option_is_called(self):
        self.assertIn("--default-policy: ", self.init("--default-policy", "có dấu", code=USAGE))

    def test_init_keeps_the_servers_key_that_is_there(self):
        self.init()
        with open(os.path.join(self.store, "server.key"), encoding="ascii") as file:
            key = file.read()
        for name in os.listdir(self.store):
            if name != "server.key":
                os.unlink(os.path.join(self.store, name))
        self.init()
        with open(os.path.join(self.store, "server.key"), encoding="ascii") as file:
            self.assertEqual(file.read(), key)

    def test_what_cannot_be_made_or_read_is_said(self):
        self.assertIn("none/store", self.coordd("init", "--dir", os.path.join(self.directory, "none", "store"), "--agency",
                                                "tinh", "--name", "Tỉnh", code=CANTCREAT))
        self.init()
        key = os.path.join(self.store, "server.key")
        run = ["run", "--dir", self.store, "--listen", f"tcp://127.0.0.1:{free_port()}"]
        os.chmod(key, 0o644)
        self.assertIn("may be read by others", self.coordd(*run, code=CONFIG))
        os.chmod(key, 0o600)
        with open(key, "w", encoding="ascii") as file:
            file.write("too short")
        self.assertIn("no key of 40 characters", self.coordd(*run, code=CONFIG))
        with open(key, "w", encoding="ascii") as file:
            file.write("\"" * 40)
        self.assertIn("no key of 40 characters", self.coordd(*run, code=CONFIG))
        os.unlink(key)
        self.assertIn("server.key", self.coordd(*run, code=CONFIG))
        self.assertIn("coordd init makes one", self.coordd("run", "--dir", os.path.join(self.store, "coordd.db", "x"),
                                                           code=OSFILE))

    def test_init_takes_nobodys_files_for_its_own(self):
        os.mkdir(self.store)
        for name in ("server.pub", "admin.context"):
            with open(os.path.join(self.store, name), "w", encoding="utf-8") as file:
                file.write("somebody's")
            self.assertIn(f"{name}: File exists", self.init(code=CANTCREAT))
            with open(os.path.join(self.store, name), encoding="utf-8") as file:
                self.assertEqual(file.read(), "somebody's")
            os.unlink(os.path.join(self.store, "coordd.db"))

    def test_init_tells_a_client_here_where_a_broker_on_all_addresses_is(self):
        for number, (listen, shown) in enumerate([("tcp://0.0.0.0:5999", "tcp://127.0.0.1:5999"),
                                                  ("tcp://[::]:5999", "tcp://127.0.0.1:5999"),
                                                  ("tcp://10.0.0.1:5999", "tcp://10.0.0.1:5999"),
                                                  ("ipc:///run/coordd/socket", "ipc:///run/coordd/socket")]):
            store = os.path.join(self.directory, f"store{number}")
            self.coordd("init", "--dir", store, "--agency", "tinh", "--name", "Tỉnh", "--listen", listen)
            with open(os.path.join(store, "admin.context"), encoding="utf-8") as file:
                self.assertIn(f"endpoint = {shown}\n", file.read())


class Rehearsal(unittest.TestCase):
    """A store made for it runs on a clock of its own."""

    def setUp(self):
        self.broker = Broker(rehearse="2024-06-03T08:00", speed=10000)
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.admin = self.broker.client()
        self.addCleanup(self.admin.close)

    def test_the_clock_begins_where_it_was_told_and_runs_ahead_and_deadlines_with_it(self):
        begin = 1717376400000
        first = self.admin.call("hello")
        self.assertTrue(first["rehearsal"])
        self.assertGreaterEqual(first["time"], begin)
        while self.admin.call("hello")["time"] < begin + 86400000:
            pass
        last = self.admin.call("hello")["time"]
        self.admin.call("agency_set", agency={"agency": "so", "name": "Sở Nội vụ"})  # it goes on from the newest record
        self.assertEqual(self.broker.end(), 0)
        self.broker.start()
        self.assertGreaterEqual(self.admin.call("hello")["time"], last)

    def test_it_runs_on_no_other_clock_and_begins_later_when_told_to(self):
        self.broker.end()
        run = subprocess.run([COORDD, "run", "--dir", self.broker.store, "--listen", self.broker.endpoint],
                             capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual((run.returncode, "this store is for rehearsals" in run.stderr), (USAGE, True), run.stderr)
        arguments = self.broker.arguments
        self.broker.arguments = lambda: [*arguments(), "--rehearse", "2030-01-01"]
        self.broker.start()
        self.assertGreaterEqual(self.admin.call("hello")["time"], 1893430800000)


class Local(Scenario):
    """Beside TCP, a socket in the file system."""

    def test_a_local_socket_serves_as_well(self):
        path = os.path.join(self.broker.directory, "socket")
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write(f"[daemon]\nlisten_local = ipc://{path}\nlog_level = debug\n")
        self.broker.restart()
        local = self.client(dict(self.huyen_context, endpoint=f"ipc://{path}"))
        self.assertEqual(local.call("hello")["agency"], "huyen")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")


if __name__ == "__main__":
    unittest.main()
