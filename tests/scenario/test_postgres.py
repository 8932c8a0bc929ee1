"""A store in PostgreSQL: served, and killed at either end; connections broken around appends, and standbys that are not waited for."""
import hashlib
import os
import signal
import socket
import struct
import subprocess
import threading
import unittest

from harness import Broker, TimedOut, Unreachable, postgresql
from on_postgres import OnPostgres
from breaking import KINDS, Breaking
from several import wait_for
from postgres import Server

DATAERR, IOERR, CONFIG = 65, 74, 78
KILLS = 3
BREAKS = int(os.environ.get("BREAKS", "50"))


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
        self.assertEqual(len(identity), 16)
        before = hashlib.blake2b(identity, digest_size=32).digest()
        for line in self.sql("SELECT seq, task, previous, encode(hash, 'hex'), encode(body, 'hex') FROM coordd.record"
                             " ORDER BY seq").splitlines():
            seq, task, previous, own, body = line.split("|")
            numbers = struct.pack("<QQQ", int(seq), int(task), int(previous))
            self.assertEqual(hashlib.blake2b(before + numbers + bytes.fromhex(body), digest_size=32).hexdigest(), own)
            before = bytes.fromhex(own)
        self.assertEqual(before.hex(), self.sql("SELECT encode(hash, 'hex') FROM coordd.head"))

    def test_it_is_verified_and_checked_while_it_is_served(self):
        self.assign()
        self.assertIn("all as they were written", self.coordd("verify"))
        self.assertRegex(self.coordd("check"), "a broker has it, which serves the store, follows or waits\n.*: [0-9]+ records")
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
        reply = self.admin.call("backup", path="a.db")
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
        self.own = Server()
        self.addCleanup(self.own.remove)
        self.own.start()
        return Broker(server=self.own)

    def test_killed_at_either_end_nothing_is_lost_or_doubled(self):
        task, ledger, ending = self.begin_work()
        for _ in range(KILLS):
            self.wait_for(ledger, 20)
            self.broker.restart(signal.SIGKILL)
            self.wait_for(ledger, 20)
            self.own.kill()
            self.own.start()
        self.wait_for(ledger, 20)
        ending.set()
        self.worker.join()
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

    def test_while_it_is_away_the_log_and_the_service_manager_say_that_commits_wait(self):
        self.broker.journal["patience_seconds"] = 600
        self.broker.end()
        path = os.path.join(self.broker.directory, "told")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, open(self.broker.log, "ab") as log:
            manager.bind(path)
            manager.settimeout(120)
            self.broker.process = subprocess.Popen(self.broker.arguments(), stderr=log, env=dict(os.environ, NOTIFY_SOCKET=path))

            def told(words):
                while words not in manager.recv(4096).decode():
                    pass

            told("READY=1")
            self.own.end()
            with self.assertRaises((TimedOut, Unreachable)):
                self.admin.call("agency_set", agency={"agency": "xa", "name": "Xã", "parent": "tinh"}, timeout=1)
            told("STATUS=commits wait for PostgreSQL since 20")
            self.assertTrue(self.logged("commits wait for PostgreSQL", "since=", "cause="))
            # Whoever asks whether all is well with the store is not told that the broker has it.
            self.assertIn("PostgreSQL cannot be reached", self.coordd("check", code=72))
            self.own.start()
            told("STATUS=serving: ")

    def test_a_wait_for_the_standby_that_was_cancelled_is_no_answer(self):
        """Committed here and not at the standby is what a failover takes back: it is answered once the standby has it too."""
        self.broker.journal["patience_seconds"] = 600  # until the standby is let go, however slow the machine
        self.broker.restart()
        task = self.assign()
        self.huyen.call("accept", task=task)
        seq = int(self.sql("SELECT seq FROM coordd.head"))
        self.require_standby()
        with self.assertRaises((TimedOut, Unreachable)):
            self.huyen.call("report", id="r", task=task, percent=10, timeout=1)
        self.assertEqual(self.sql("SELECT seq FROM coordd.head"), str(seq))
        self.wait_sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE '%fence%'", 1)
        self.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE '%fence%'")
        # It is there now, for all who read; and the broker, which was warned, waits for the claim behind it.
        self.wait_sql("SELECT seq FROM coordd.head", seq + 1)
        self.wait_sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE 'UPDATE head%'", 1)
        with self.assertRaises((TimedOut, Unreachable)):
            self.huyen.call("report", id="r", task=task, percent=10, timeout=1)
        self.set_standby("")
        self.assertEqual(self.huyen.call("report", id="r", task=task, percent=10)["seq"], seq + 1)
        # It says so once the errand is over, of which the answer is a part.
        wait_for(lambda: self.logged("the store was lost, and is there again", "canceling wait for synchronous replication"), "no word of it")

    def test_signs_of_life_wait_for_no_standby(self):
        """One that is lost for long keeps nobody from reading, and no leader from leading."""
        self.broker.journal["patience_seconds"] = 1
        self.broker.restart()
        self.require_standby()
        beat, epoch = (int(self.sql(f"SELECT {what} FROM coordd.head")) for what in ("beat", "epoch"))
        while int(self.sql("SELECT beat FROM coordd.head")) < beat + 4:
            self.admin.call("status")
        self.assertEqual(int(self.sql("SELECT epoch FROM coordd.head")), epoch)
        self.set_standby("")
        self.assign()

    def set_standby(self, name):
        self.own.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        self.own.sql("SELECT pg_reload_conf()")

    def require_standby(self):
        """Returns once commits wait for one that is not there: no session's settings say so, for it is the checkpointer that decides."""
        self.set_standby("nobody")
        wait_for(self.commit_waits, "no commit waits")

    def commit_waits(self):
        """Whether one that is made for that waits; it is let go then."""
        commit = threading.Thread(target=self.own.sql, args=("SELECT pg_logical_emit_message(true, 'own', '')",))
        commit.start()
        waited = False
        while commit.is_alive():
            waited = waited or self.own.sql("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                                            " AND query LIKE 'SELECT pg_logical_emit_message%'") != "0"
        commit.join()
        return waited


class Broken(OnPostgres):
    def make_broker(self):
        self.proxy = Breaking(postgresql().port, seed=int(os.environ.get("SEED", "1")))
        self.addCleanup(self.proxy.close)
        self.proxy.breaks = False
        return Broker(server=postgresql(), hosts=f"127.0.0.1:{self.proxy.port}", tls="off")

    def test_connections_broken_around_appends_lose_and_double_nothing(self):
        task, ledger, ending = self.begin_work(note="x" * 3000)
        self.proxy.breaks = True
        while self.proxy.broken() < BREAKS:
            self.wait_for(ledger, 5)
        self.proxy.breaks = False
        self.wait_for(ledger, 5)
        ending.set()
        self.worker.join()
        self.hold_to(ledger, task)
        wait_for(lambda: self.logged("the store was lost, and is there again"), "no word of it")
        self.assertTrue(all(self.proxy.counts[kind] > 0 for kind in KINDS), self.proxy.counts)
        self.assertGreaterEqual(int(self.sql("SELECT epoch FROM coordd.head")), BREAKS)
        self.assertEqual(self.broker.end(), 0)
        self.coordd("verify")


if __name__ == "__main__":
    unittest.main()
