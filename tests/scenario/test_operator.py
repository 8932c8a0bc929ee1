"""What the administrator of the server does: start, stop, reload, verify, back up, restore."""
import os
import random
import shutil
import signal
import socket
import subprocess
import time
import unittest

from harness import COORDD, Broker, Client, CoordError, Scenario, free_port, of_files


class Operator(Scenario):
    def run_coordd(self, *arguments, code=0):
        run = subprocess.run([COORDD, *arguments], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def test_sigterm_stops_in_good_order_and_the_state_is_there_again(self):
        task = self.assign(due="10wd")
        before = self.admin.call("task_get", task=task)
        self.assertEqual(self.broker.end(signal.SIGTERM), 0)
        self.assertIn("as they were written", self.run_coordd("verify", "--dir", self.broker.store))
        self.broker.start()
        self.assertEqual(self.admin.call("task_get", task=task)["task"], before["task"])

    def test_where_a_broker_listens_elsewhere_than_its_first_context_looks_the_log_says_so(self):
        self.assertNotIn("admin.context looks", self.broker.read_log())  # it was given what init was
        made, self.broker.endpoint = self.broker.endpoint, f"tcp://127.0.0.1:{free_port()}"
        self.broker.restart()
        self.assertIsNotNone(self.logged(f"admin.context looks for this broker at {made}, and it listens on {self.broker.endpoint}: give run"))
        self.broker.endpoint = made.replace("127.0.0.1", "0.0.0.0")
        before = len(self.broker.read_log())
        self.broker.restart()
        os.rename(self.broker.admin, os.path.join(self.broker.directory, "moved.context"))  # as README has it
        self.broker.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.broker.restart()
        self.assertNotIn("admin.context", self.broker.read_log()[before:])

    def test_a_first_context_that_names_several_machines_finds_the_broker_by_any_of_them(self):
        with open(self.broker.admin, encoding="utf-8") as file:
            context = file.read()
        others = [f"tcp://127.0.0.1:{free_port()}" for _ in range(2)]
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        self.broker.arguments = lambda: [COORDD, "run", "--dir", self.broker.store, *self.broker.configured()]  # --listen is instead of both
        for named, advertised, elsewhere in (
                ([others[0], self.broker.endpoint], [], False),  # the second is this one, by its port
                (others, [], True),
                (others, others, False),  # behind something that passes them on
                (others, [others[1], self.broker.endpoint], False),
                (others[:1], [others[1], self.broker.endpoint], True)):
            with open(self.broker.admin, "w", encoding="utf-8") as file:
                file.write(context.replace(f"endpoint = {self.broker.endpoint}", f"endpoint = {', '.join(named)}"))
            with open(self.broker.config, "w", encoding="utf-8") as file:
                file.write(f"[daemon]\nlisten = {self.broker.endpoint}\n" + (f"advertise = {', '.join(advertised)}\n" if advertised else ""))
            before = len(self.broker.read_log())
            self.broker.restart()
            said = self.broker.read_log()[before:]
            with self.subTest(named=named, advertised=advertised):
                self.assertEqual(f"looks for this broker at {', '.join(named)}, and it listens on {self.broker.endpoint}" in said, elsewhere)
                self.assertEqual("admin.context looks" in said, elsewhere)

    def test_a_store_serves_one_broker(self):
        output = self.run_coordd("run", "--dir", self.broker.store, "--listen", f"tcp://127.0.0.1:{free_port()}", code=72)
        self.assertIn("in use by another coordd", output)

    @of_files
    def test_reload_takes_good_limits_and_refuses_bad_ones(self):
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        self.write_config("requests_burst = 10000")
        self.broker.restart()
        self.reload("requests_per_second = 1\nrequests_burst = 1", "limits reloaded")
        names = {reply.get("error") for reply in self.burst(self.huyen, 20)}
        self.assertIn("rate_limited", names)
        self.reload("requests_burst = many", "must be a whole number")
        self.reload("requests_brust = 1", "there is no setting")
        self.assertIn("rate_limited", {reply.get("error") for reply in self.burst(self.huyen, 20)})
        self.reload("requests_in_flight = 1000000", "limits reloaded")
        self.assertEqual({reply.get("error") for reply in self.burst(self.huyen, 20)}, {None})

    def write_config(self, limits):
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write(f"[limits]\n{limits}\n")

    def reload(self, limits, said):
        self.write_config(limits)
        seen = self.broker.read_log().count(said)
        self.broker.process.send_signal(signal.SIGHUP)
        while self.broker.read_log().count(said) == seen:
            self.assertIsNone(self.broker.process.poll())
            self.admin.call("hello")

    def burst(self, client, count):
        import msgpack
        for number in range(count):
            client.send_frame(msgpack.packb({"op": "hello", "id": f"b{number}"}))
        return [client._receive(60) for _ in range(count)]

    def test_a_bad_configuration_does_not_start(self):
        self.broker.end()
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        for text, said in (("streams = 0", "it must be from 1 to"), ("[nonsense", "line 2"), ("colour = red", "colour")):
            self.write_config(text)
            self.assertIn(said, self.run_coordd("run", "--config", self.broker.config, "--dir", self.broker.store, code=78))

    PORTS = ("tcp://127.0.0.1:99999", "tcp://127.0.0.1:0", "tcp://127.0.0.1:*", "tcp://127.0.0.1:65536")

    @of_files
    def test_a_port_that_no_client_could_find_is_refused_by_all_alike(self):
        self.broker.end()
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        new = os.path.join(self.broker.directory, "new")
        for listen in self.PORTS:
            with open(self.broker.config, "w", encoding="utf-8") as file:
                file.write(f"[daemon]\nlisten = {listen}\n")
            for command in ("run", "check"):
                said = self.run_coordd(command, "--config", self.broker.config, "--dir", self.broker.store, code=78)
                self.assertIn("line 2: `listen` in [daemon]", said)
                self.assertIn("PORT, of 1 to 65535", said)
            self.assertIn("1 to 65535", self.run_coordd("run", "--dir", self.broker.store, "--listen", listen, code=64))
            self.assertIn("1 to 65535", self.run_coordd("init", "--dir", new, "--agency", "x", "--name", "x", "--listen", listen, code=64))
            self.assertFalse(os.path.exists(new))
            with open(self.broker.config, "w", encoding="utf-8") as file:
                file.write(f"[daemon]\nadvertise = tcp://10.0.0.1:5670, {listen}\n")
            said = self.run_coordd("check", "--config", self.broker.config, "--dir", self.broker.store, code=78)
            self.assertIn("line 2: `advertise` in [daemon]", said)
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write(f"[daemon]\nlisten_local = ipc:///{'x' * 107}\n")
        self.assertIn("of 107 bytes at most", self.run_coordd("check", "--config", self.broker.config, "--dir", self.broker.store, code=78))

    @of_files
    def test_what_check_refuses_a_reload_refuses_and_a_start_refuses_or_says(self):
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        self.write_config("streams = 5")
        self.broker.restart()
        missing = os.path.join(self.broker.directory, "missing")
        for text, said in ((f"requests_burst = 1\n[daemon]\nsecret_key_file = {missing}", missing),
                           ("requests_burst = 1\n[journal]\nrole = candidate", "`role` in [journal] is candidate")):
            self.reload(text, said)
            self.assertIn("refused", self.broker.read_log().splitlines()[-1])
            for command in ("check", "run"):
                self.assertIn(said, self.run_coordd(command, "--config", self.broker.config, "--dir", self.broker.store, code=78))
        self.reload("streams = 5\nrequests_burst = 1\nstreams = 6", "line 4: `streams` in [limits] is set already, in line 2")
        self.assertEqual({reply.get("error") for reply in self.burst(self.huyen, 20)}, {None})
        for text, said in (("streams = 5\nstreams = 6", "line 3: `streams` in [limits] is set already, in line 2; leave one of the two; the later one counts"),
                           (f"streams = 5\n[daemon]\nbackup_directory = {missing}", "it must be a directory that the broker may write in; until then")):
            self.write_config(text)
            self.assertIn(said.split(";")[0], self.run_coordd("check", "--config", self.broker.config, "--dir", self.broker.store, code=78))
            self.broker.restart()
            self.assertIn(said, self.broker.read_log())

    def test_init_refuses_what_a_broker_would_refuse_and_leaves_nothing(self):
        store = os.path.join(self.broker.directory, "new")
        for agency, name, listen, said in (("Bad Id", "x", "tcp://*:1", "another at byte 3"), ("", "x", "tcp://*:1", "is empty"),
                                           ("x", b"\xff", "tcp://*:1", "not UTF-8"), ("x", "x", "nonsense", "tcp://ADDRESS:PORT")):
            self.assertIn(said, self.run_coordd("init", "--dir", store, "--agency", agency, "--name", name, "--listen", listen,
                                                code=64))
            self.assertFalse(os.path.exists(store))
        self.run_coordd("init", "--dir", store, "--agency", "x", "--name", "E\u0302", "--listen", "tcp://*:5999")
        with open(os.path.join(store, "admin.context"), encoding="utf-8") as file:
            self.assertIn("endpoint = tcp://127.0.0.1:5999", file.read())
        with open(os.path.join(store, "coordd.db"), "rb") as file:
            self.assertIn("\u00ca".encode(), file.read())
        self.assertIn("holds a store already", self.run_coordd("init", "--dir", store, "--agency", "x", "--name", "x", code=73))

    def test_what_is_missing_is_named(self):
        nowhere = os.path.join(self.broker.directory, "nowhere")
        self.assertIn("coordd init makes one", self.run_coordd("run", "--dir", nowhere, code=72))
        self.assertIn("No such file", self.run_coordd("verify", "--dir", nowhere, code=72))
        self.broker.end()
        key = os.path.join(self.broker.store, "server.key")
        os.chmod(key, 0o644)
        self.assertIn("chmod 600", self.run_coordd("run", "--dir", self.broker.store, code=78))
        os.rename(key, key + ".away")
        self.assertIn("server.key", self.run_coordd("run", "--dir", self.broker.store, code=78))

    def test_an_occupied_port_is_named(self):
        other = os.path.join(self.broker.directory, "other")
        self.run_coordd("init", "--dir", other, "--agency", "x", "--name", "x")
        self.assertIn(f"{self.broker.endpoint}: Address already in use",
                      self.run_coordd("run", "--dir", other, "--listen", self.broker.endpoint, code=69))

    @of_files
    def test_a_backup_under_load_restores_to_what_was_acknowledged(self):
        task = self.assign()
        self.huyen.call("accept", task=task)
        for number in range(3000):
            self.huyen.send_frame(self.report(task, number))
        reply = self.admin.call("backup", path="đêm.db")
        for _ in range(3000):
            self.assertEqual(self.huyen._receive(60)["op"], "reply")
        self.refused("backup_failed", "path", self.admin.call, "backup", path="đêm.db")
        self.refused("bad_value", "path", self.admin.call, "backup", path="../x")
        self.broker.end()
        restored = os.path.join(self.broker.directory, "restored")
        self.assertIn("restored", self.run_coordd("restore", reply["path"], "--dir", restored))
        # and one more, which says that it was restored
        self.assertIn(f"{reply['seq'] + 1} records", self.run_coordd("verify", "--dir", restored))

    @of_files
    def test_a_backup_that_a_stop_comes_across_is_whole_and_said_to_be_or_not_there(self):
        import msgpack
        task = self.assign()
        self.huyen.call("accept", task=task)
        for _ in range(10):
            self.huyen.batch([("report", {"task": task, "note": "x" * 3000}) for _ in range(200)])
        backups = os.path.join(self.broker.store, "backup")
        for number, seen in enumerate([".{}.part", "{}"] * 3):  # while its pages are copied, and once it has its name
            name = f"{number}.db"
            with Client(self.broker.admin) as admin:
                admin.send_frame(msgpack.packb({"op": "backup", "id": name, "path": name}))
                until = time.monotonic() + 300
                while not any(os.path.exists(os.path.join(backups, one)) for one in (seen.format(name), name)):
                    self.assertLess(time.monotonic(), until, "no backup begins")
                self.assertEqual(self.broker.end(signal.SIGTERM), 0)
                reply = admin._receive(300)
            with self.subTest(name, seen=seen, op=reply["op"]):
                self.assertNotIn(f".{name}.part", os.listdir(backups))
                self.assertEqual(name in os.listdir(backups), reply["op"] == "reply")
                if reply["op"] == "reply":
                    said = self.run_coordd("restore", reply["path"], "--dir", os.path.join(self.broker.directory, f"restored-{number}"))
                    self.assertIn("restored", said)
                else:
                    self.assertEqual(reply["error"], "stopping")
            self.broker.start()

    def report(self, task, number):
        import msgpack
        return msgpack.packb({"op": "report", "id": f"r{number}", "task": task, "note": str(number)})

    @of_files
    @unittest.skipUnless(os.geteuid() == 0, "only root mounts a disk that can be filled")
    def test_a_full_disk_is_what_doctor_says(self):
        disk = os.path.join(self.broker.directory, "disk")
        os.mkdir(disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", disk], check=False).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        self.broker.end()
        self.assertIn("ok\tstore: it takes changes", self.broker.start().ctl("doctor"))
        self.broker.end()
        shutil.move(self.broker.store, os.path.join(disk, "store"))
        self.broker.store = os.path.join(disk, "store")
        self.broker.admin = os.path.join(self.broker.store, "admin.context")
        self.broker.start()
        with open(os.path.join(disk, "filler"), "wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 65536) == 65536:
                    pass
            except OSError:
                pass
            with Client(self.broker.admin) as client:
                for number in range(2000):  # until the reserve is used up
                    try:
                        client.call("assign", reference=f"F-{number}", leads=["huyen"], content={"title": "x" * 900, "description": "y" * 8000})
                    except CoordError as error:
                        self.assertEqual(error.name, "storage_full")
                        break
            said = self.broker.ctl("doctor", code=1)
            self.assertIn("NOT OK\tstore: its disk is full; reads go on, and changes are refused\n\tnext: on the broker's machine: make room", said)
            self.assertIn("next: coordctl doctor", self.broker.ctl(
                "task", "assign", "--to", "huyen", "--reference", "F-x", "--title", "x" * 900, code=1))
        os.unlink(filler.name)
        while not self.admin.call("load")["writable"]:
            pass
        self.broker.ctl("doctor")
        self.broker.end()

    @of_files
    def test_restore_refuses_the_damaged_the_foreign_and_the_occupied(self):
        path = self.admin.call("backup", path="a.db")["path"]
        self.broker.end()
        self.assertIn("--replace", self.run_coordd("restore", path, "--dir", self.broker.store, code=73))
        said = self.run_coordd("restore", path, "--dir", self.broker.store, "--dry-run", code=73)
        self.assertIn("holds a store already: --replace puts it aside", said)
        self.assertIn("restored", self.run_coordd("restore", path, "--dir", self.broker.store, "--replace"))
        empty = os.path.join(self.broker.directory, "empty")
        other = os.path.join(self.broker.directory, "other")
        self.run_coordd("init", "--dir", other, "--agency", "x", "--name", "X")
        for dry in ((), ("--dry-run",)):
            said = self.run_coordd("restore", path, "--dir", other, "--replace", *dry, code=64)
            self.assertIn("the backup is of another store than the one in", said)
        # And over one that is served, whose file nobody else may open.
        listen = f"tcp://127.0.0.1:{free_port()}"
        with subprocess.Popen([COORDD, "run", "--dir", other, "--listen", listen], stderr=subprocess.PIPE, text=True) as serves:
            while "ready" not in serves.stderr.readline():
                self.assertIsNone(serves.poll())
            said = self.run_coordd("restore", path, "--dir", other, "--replace", "--dry-run", code=64)
            self.assertIn("the backup is of another store than the one in", said)
            self.run_coordd("restore", path, "--dir", other, "--replace", code=72)
            self.assertIn("a broker serves this very store", self.run_coordd(
                "restore", os.path.join(other, "coordd.db"), "--dir", empty, code=72))
            serves.terminate()
            serves.stderr.read()
        damaged = os.path.join(self.broker.directory, "damaged.db")
        shutil.copy(path, damaged)
        with open(damaged, "r+b") as file:
            content = file.read()
            at = content.index("Rà soát".encode()) if "Rà soát".encode() in content else content.index(b"huyen")
            file.seek(at)
            file.write(b"X")
        self.assertIn("not what was written", self.run_coordd("restore", damaged, "--dir", empty, code=65))
        with open(damaged, "wb") as file:
            file.write(b"no database at all" * 100)
        self.run_coordd("restore", damaged, "--dir", empty, code=65)
        self.assertFalse(os.path.exists(os.path.join(empty, "coordd.db")))

    @of_files
    def test_verify_says_which_record_was_changed(self):
        import sqlite3
        self.assign()
        self.broker.end()
        database = sqlite3.connect(os.path.join(self.broker.store, "coordd.db"))
        database.execute("UPDATE record SET body = replace(body, 'a', 'b') WHERE seq = 4")
        database.commit()
        database.close()
        self.assertIn("record 4 is not what was written", self.run_coordd("verify", "--dir", self.broker.store, code=65))

    @of_files
    def test_bits_that_flip_are_found_or_harmless(self):
        """A broker on a damaged store either says so and stops, or answers as before."""
        task = self.assign(due="10wd")
        for number in range(50):
            self.admin.call("comment", task=task, note=f"Ý kiến {number}")
        before = list(self.admin.pages("task_history", task=task)), self.admin.call("task_get", task=task)["task"]
        self.broker.end()
        path = os.path.join(self.broker.store, "coordd.db")
        with open(path, "rb") as file:
            sound = file.read()
        chance = random.Random(7)
        for _ in range(12):
            bit = chance.randrange(len(sound) * 8)
            harmed = bytearray(sound)
            harmed[bit // 8] ^= 1 << bit % 8
            with open(path, "wb") as file:
                file.write(harmed)
            run = subprocess.run([COORDD, "verify", "--dir", self.broker.store], capture_output=True, check=False)
            if run.returncode != 0:
                self.assertEqual(run.returncode, 65, run.stderr)
                continue
            self.broker.start()
            after = list(self.admin.pages("task_history", task=task)), self.admin.call("task_get", task=task)["task"]
            self.broker.end()
            self.assertEqual(after, before)

    def test_sockets_that_the_service_manager_opened_are_taken(self):
        self.broker.end()
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", int(self.broker.endpoint.rsplit(":", 1)[1])))
            listener.listen(100)
            pid = os.fork()
            if pid == 0:
                os.dup2(listener.fileno(), 3)
                environment = dict(os.environ, LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
                log = os.open(self.broker.log, os.O_WRONLY | os.O_APPEND)
                os.dup2(log, 2)
                os.execve(COORDD, [COORDD, "run", "--dir", self.broker.store], environment)
            self.assertEqual(self.client(self.huyen_context).call("hello")["agency"], "huyen")
            os.kill(pid, signal.SIGTERM)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)

    def test_a_rehearsals_clock_is_refused_on_a_store_not_made_for_it(self):
        self.broker.end()
        output = self.run_coordd("run", "--dir", self.broker.store, "--speed", "10", "--rehearse", "2024-05-06", code=64)
        self.assertIn("was not made for rehearsals", output)

    def test_a_rehearsal_that_is_to_begin_before_its_newest_record_says_from_when_it_goes_on(self):
        broker = Broker(rehearse="2024-06-18T08:00", speed=0.0001)
        self.addCleanup(broker.remove)
        broker.start()
        self.assertNotIn("goes on from", broker.read_log())
        broker.day = "2024-07-01T08:00"
        broker.restart()
        with broker.client() as admin:
            admin.call("agency_set", agency={"agency": "so", "name": "Sở"})
        self.assertNotIn("goes on from", broker.read_log())
        broker.day = "2024-06-20T08:00"
        broker.restart()
        self.assertRegex(broker.read_log(), "--rehearse names a time before the newest record: the rehearsal goes on from 2024-07-01T01:0")

    def test_status_counts(self):
        self.assign()
        status = self.admin.call("status")
        self.assertEqual((status["tasks"], status["open_tasks"], status["agencies"]), (1, 1, 3))
        self.assertGreater(status["resident_bytes"], 1 << 20)


if __name__ == "__main__":
    unittest.main()
