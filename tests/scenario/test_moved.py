"""A store that goes from a file to PostgreSQL, and back."""
import os
import resource
import sqlite3
import subprocess
import unittest

from harness import COORDD, Broker, postgresql

DATAERR, OSFILE, CANTCREAT = 65, 72, 73


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

    def test_what_a_move_left_that_was_cut_short_is_in_nobodys_way(self):
        self.server.sql("CREATE SCHEMA coordd_moving CREATE TABLE head (id int)", self.broker.database)
        self.server.sql("ALTER SCHEMA coordd_moving OWNER TO coordd; ALTER TABLE coordd_moving.head OWNER TO coordd", self.broker.database)
        self.move("postgresql")
        os.mkdir(os.path.join(self.broker.store, "moving"))
        with open(os.path.join(self.broker.store, "moving", "coordd.db"), "wb") as file:
            file.write(b"half")
        self.move("sqlite")
        self.assertFalse(os.path.exists(os.path.join(self.broker.store, "moving")))
        self.broker.start()
        self.end()

    def test_a_store_that_was_left_behind_is_not_gone_on_with(self):
        self.move("postgresql")
        self.broker.start()
        admin = self.broker.client()
        self.broker.agency(admin, "huyen")
        admin.close()
        self.end()
        os.rename(os.path.join(self.broker.store, "coordd.db.moved-1"), os.path.join(self.broker.store, "coordd.db"))
        self.broker.journal["store"] = "sqlite"
        run = subprocess.run(self.broker.arguments(), capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, DATAERR, run.stderr)
        self.assertIn("was there: restore a backup", run.stderr)

    def test_what_a_file_cannot_have_is_said_where_it_came_to_be_one(self):
        self.move("postgresql")
        self.assertNotIn("role", self.move("sqlite"))
        self.move("postgresql")
        self.broker.journal["role"] = "follower"
        self.assertIn("store = sqlite in its section [journal], and role = alone, or none", self.move("sqlite"))

    # ---- the ways back that coordd(8) and coordd-cluster(7) name ----

    def restore(self, file):
        run = subprocess.run([COORDD, "restore", file, "--dir", self.broker.store, *self.broker.configured()], capture_output=True,
                             text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def store_once_started(self):
        self.broker.start()
        with self.broker.client() as admin:
            store = admin.call("hello")["store"]
        self.end()
        return store

    def test_a_backup_is_gone_back_to_without_the_marks_of_before(self):
        mark = os.path.join(self.broker.store, "coordd.mark")
        self.move("postgresql")
        self.broker.start()
        with self.broker.client() as admin:
            store = admin.call("hello")["store"]
            copy = admin.call("backup", path="copy")["path"]
            for number in range(3):
                self.broker.agency(admin, f"xa-{number}")
        self.end()
        with open(mark, "rb") as file:
            another = file.read()  # as another machine has it
        self.server.sql("ALTER SCHEMA coordd RENAME TO coordd_before", self.broker.database)
        self.broker.journal["store"] = "sqlite"
        self.restore(copy)
        self.move("postgresql")
        with open(mark, "wb") as file:
            file.write(another)
        run = subprocess.run(self.broker.arguments(), capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, DATAERR, run.stderr)
        self.assertIn("the database went back: it ends at record", run.stderr)
        self.assertIn("was there: man coordd-cluster, FAILURES", run.stderr)
        os.remove(mark)
        self.assertNotEqual(self.store_once_started(), store)

    def test_a_database_that_went_back_is_gone_on_with_as_a_new_store(self):
        self.move("postgresql")
        store = self.store_once_started()
        os.remove(os.path.join(self.broker.store, "coordd.mark"))
        self.move("sqlite")
        gone = os.path.join(self.broker.store, "went-back.db")
        os.rename(os.path.join(self.broker.store, "coordd.db"), gone)
        self.restore(gone)
        self.move("postgresql")
        self.assertNotEqual(self.store_once_started(), store)

    def held_up(self, meanwhile, table="record"):
        """A move to a file that waits for a lock of ours while that is done, of records when it opens the store: what it returned and
        said."""
        psql = subprocess.Popen(["psql", "-XqAt", "-h", self.server.directory, "-p", str(self.server.port), "-U", "postgres", "-d",
                                 self.broker.database], stdin=subprocess.PIPE, text=True)
        self.addCleanup(psql.wait, 60)
        self.addCleanup(psql.stdin.close)
        psql.stdin.write(f"BEGIN; LOCK TABLE coordd.{table};\n")
        psql.stdin.flush()
        self.server.wait_sql("SELECT count(*) FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock'"
                             f" AND relation = 'coordd.{table}'::regclass", 1, self.broker.database)
        with subprocess.Popen([COORDD, "move", "--to", "sqlite", "--dir", self.broker.store, *self.broker.configured()],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as moving:
            self.server.wait_sql(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'coordd.{table}'::regclass", 1,
                                 self.broker.database)
            meanwhile()
            psql.stdin.write("COMMIT;\n")
            psql.stdin.flush()
            said, _ = moving.communicate(timeout=120)
        return moving.returncode, said

    def test_one_that_is_claimed_meanwhile_stays_where_it_is(self):
        self.move("postgresql")
        code, said = self.held_up(lambda: self.server.sql("UPDATE coordd.head SET epoch = epoch + 1, leader = 'another'",
                                                          self.broker.database))
        self.assertEqual(code, OSFILE, said)
        self.assertIn("another coordd has claimed the store", said)
        self.assertFalse([name for name in os.listdir(self.broker.store) if name in ("coordd.db", "moving")])
        self.broker.start()
        self.end()

    def test_one_that_is_claimed_while_it_is_looked_at_is_not_called_damaged(self):
        """Its connection is lost, and behind it the claim is another's."""
        self.move("postgresql")
        code, said = self.held_up(lambda: self.server.sql(
            "UPDATE coordd.head SET epoch = epoch + 1, leader = 'another';"
            " SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name LIKE 'coordd:%' AND datname = current_database()", self.broker.database), "state_row")
        self.assertEqual(code, OSFILE, said)
        self.assertIn("another coordd has claimed the store", said)

    def test_a_file_that_comes_meanwhile_is_not_replaced_nor_removed(self):
        self.move("postgresql")
        path = os.path.join(self.broker.store, "coordd.db")

        def come():
            with open(path, "wb") as file:
                file.write(b"another's")

        code, said = self.held_up(come)
        self.assertEqual(code, CANTCREAT, said)
        self.assertIn("the file cannot be put in place: File exists", said)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), b"another's")
        self.assertFalse(os.path.exists(os.path.join(self.broker.store, "moving")))
        os.unlink(path)
        self.broker.start()
        self.end()

    def test_the_log_of_another_store_is_not_read_into_it(self):
        self.move("postgresql")
        log = os.path.join(self.broker.store, "coordd.db-wal")
        with open(log, "wb"):
            pass
        self.assertIn("coordd.db-wal is left of another store: move it away", self.move("sqlite", code=CANTCREAT))
        os.unlink(log)
        self.move("sqlite")

    def test_a_copy_that_cannot_be_written_back_is_not_put_in_place(self):
        self.broker.start()
        admin = self.broker.client()
        self.broker.calendar(admin)
        huyen = self.broker.client(self.broker.agency(admin, "huyen"))
        task = admin.call("assign", reference="HT-1", leads=["huyen"], content={"title": "Rà soát"})["tasks"][0]["task"]
        huyen.call("accept", task=task)
        for _ in range(1700):  # 7 MB, two in a page: 4 are written back on the way, the others when it is closed
            huyen.call("report", task=task, percent=1, note="x" * 3000)
        for client in (admin, huyen):
            client.close()
        self.end()
        self.move("postgresql")
        run = subprocess.run([COORDD, "move", "--to", "sqlite", "--dir", self.broker.store, *self.broker.configured()], capture_output=True,
                             text=True, timeout=120, check=False, restore_signals=False,  # SIGXFSZ stays ignored
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5500000, 5500000)))
        self.assertEqual(run.returncode, CANTCREAT, run.stdout + run.stderr)
        self.assertIn("could not be written back", run.stderr)
        self.assertFalse([name for name in os.listdir(self.broker.store) if name in ("coordd.db", "moving")])
        self.move("sqlite")

    def test_one_that_is_served_or_would_be_overwritten_is_refused(self):
        self.assertIn("holds a store already", self.move("sqlite", code=CANTCREAT))
        self.broker.start()
        self.assertIn("in use by another coordd", self.move("postgresql", code=OSFILE))
        self.end()
        self.move("postgresql")
        self.assertIn("schema coordd of database", self.move("postgresql", code=CANTCREAT))
        self.move("sqlite")
        path = os.path.join(self.broker.store, "coordd.db")
        os.rename(path, path + ".away")
        self.assertIn("holds no store", self.move("sqlite", code=OSFILE))
        self.assertIn("holds no store", self.move("postgresql", code=OSFILE))
        self.broker.journal["hosts"] = "127.0.0.1:1"
        self.broker.journal["tls"] = "off"
        self.assertIn("PostgreSQL cannot be reached", self.move("postgresql", code=OSFILE))


if __name__ == "__main__":
    unittest.main()
