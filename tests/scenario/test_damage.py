"""Stores and backups that are not as they were written, and places where they cannot be put: said, and nothing lost."""
import os
import pty
import shutil
import sqlite3
import subprocess
import unittest

from harness import COORDD, Scenario, free_port, of_files

DATAERR, CANTCREAT = 65, 73
TASK_ROW = "key = (SELECT key FROM row WHERE instr(body, 'HT-1'))"


@of_files
class Damage(Scenario):
    def setUp(self):
        super().setUp()
        self.task = self.assign(due="10wd")
        self.backup = self.admin.call("backup", path="a.db")["path"]
        self.assertEqual(self.broker.end(), 0)

    def coordd(self, *arguments, code=0):
        run = subprocess.run([COORDD, *arguments], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def run_refused(self):
        """What a broker says before it stops at once, with the exit code of damage."""
        return self.coordd("run", "--dir", self.broker.store, "--listen", f"tcp://127.0.0.1:{free_port()}", code=DATAERR)

    def damage(self, *statements):
        database = sqlite3.connect(os.path.join(self.broker.store, "coordd.db"))
        for statement in statements:
            self.assertEqual(database.execute(statement).rowcount, 1, statement)
        database.commit()
        database.close()

    def place(self, name):
        return os.path.join(self.broker.directory, name)

    # ---- a store ----

    def test_a_state_that_lost_a_row_is_neither_served_nor_taken_for_whole(self):
        self.damage(f"DELETE FROM row WHERE {TASK_ROW}")
        self.assertIn("coordd verify says where", self.run_refused())
        self.coordd("verify", "--dir", self.broker.store, code=DATAERR)

    def test_a_state_whose_row_was_changed_is_found_out(self):
        self.damage(f"UPDATE row SET body = replace(body, 'HT-1', 'HT-2') WHERE {TASK_ROW}")
        self.assertIn("coordd verify says where", self.run_refused())
        self.coordd("verify", "--dir", self.broker.store, code=DATAERR)

    def test_a_record_that_is_missing_is_named(self):
        self.damage("DELETE FROM record WHERE seq = 3")
        self.assertIn("record 3", self.coordd("verify", "--dir", self.broker.store, code=DATAERR))

    def test_what_is_no_store_is_not_served(self):
        with open(os.path.join(self.broker.store, "coordd.db"), "wb") as file:
            file.write(b"no database at all" * 1000)
        self.assertIn("the store cannot be opened", self.run_refused())

    def test_on_a_terminal_verify_shows_how_far_it_is(self):
        shown, terminal = pty.openpty()
        subprocess.run([COORDD, "verify", "--dir", self.broker.store], stdout=subprocess.DEVNULL, stderr=terminal, check=True)
        os.close(terminal)
        self.assertRegex(os.read(shown, 4096).decode(), r"100 % of \d+ records")
        os.close(shown)

    # ---- a backup ----

    def test_a_damaged_store_is_replaced_by_its_backup(self):
        with open(os.path.join(self.broker.store, "coordd.db"), "wb") as file:
            file.write(b"no database at all" * 1000)
        self.assertIn("restored", self.coordd("restore", self.backup, "--dir", self.broker.store, "--replace"))
        self.broker.start()
        self.assertEqual(self.huyen.call("task_get", task=self.task)["task"]["task"], self.task)

    def test_a_backup_that_is_missing_or_no_file_leaves_nothing_behind(self):
        place = self.place("new")
        self.assertIn("cannot be read", self.coordd("restore", self.place("none.db"), "--dir", place, code=DATAERR))
        self.assertIn("Is a directory", self.coordd("restore", self.broker.store, "--dir", place, code=DATAERR))
        self.assertFalse(os.path.exists(place))

    def test_a_backup_goes_into_a_directory(self):
        file = os.path.join(self.broker.store, "coordd.db")
        self.assertIn("Not a directory", self.coordd("restore", self.backup, "--dir", file, code=CANTCREAT))
        self.assertIn("Not a directory", self.coordd("restore", self.backup, "--dir", f"{file}/x", code=CANTCREAT))

    def test_a_backup_that_cannot_be_put_in_place_leaves_the_store_as_it_is(self):
        place = os.path.join(self.broker.store, "restoring")
        with open(place, "wb"):
            pass
        self.assertIn("File exists", self.coordd("restore", self.backup, "--dir", self.broker.store, "--replace", code=CANTCREAT))
        os.unlink(place)
        self.coordd("verify", "--dir", self.broker.store)

    def test_a_restore_that_cannot_make_the_servers_key_says_so(self):
        place = self.place("new")
        os.mkdir(place)
        shutil.copy(os.path.join(self.broker.store, "server.pub"), place)
        self.assertIn("server.pub: File exists", self.coordd("restore", self.backup, "--dir", place, code=CANTCREAT))


if __name__ == "__main__":
    unittest.main()
