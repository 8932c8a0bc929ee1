"""A store that goes from a file to PostgreSQL, and back."""
import os
import sqlite3
import subprocess
import unittest

from harness import COORDD, Broker, postgresql

DATAERR, OSFILE = 65, 72


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
        run = subprocess.run(self.broker.arguments(), capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, DATAERR, run.stderr)
        self.assertIn("was there: restore a backup", run.stderr)

    def test_one_that_is_served_or_would_be_overwritten_is_refused(self):
        self.assertIn("holds a store already", self.move("sqlite", code=DATAERR))
        self.broker.start()
        self.assertIn("in use by another coordd", self.move("postgresql", code=OSFILE))
        self.end()
        self.move("postgresql")
        self.assertIn("schema coordd of database", self.move("postgresql", code=DATAERR))
        self.move("sqlite")
        path = os.path.join(self.broker.store, "coordd.db")
        os.rename(path, path + ".away")
        self.assertIn("holds no store", self.move("sqlite", code=DATAERR))
        self.assertIn("holds no store", self.move("postgresql", code=DATAERR))


if __name__ == "__main__":
    unittest.main()
