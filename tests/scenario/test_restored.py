"""A restored store is another store, and what stood in its place is still there."""
import json
import os
import re
import shutil
import signal
import subprocess
import unittest

from harness import COORDCTL, COORDD, CoordError, Scenario, of_files


@of_files
class Restored(Scenario):
    def coordd(self, *arguments, code=0):
        run = subprocess.run([COORDD, *arguments], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def backup(self, name="a.db"):
        return self.admin.call("backup", path=name)["path"]

    def restore(self, path, *more, code=0):
        return self.coordd("restore", path, "--dir", self.broker.store, "--replace", *more, code=code)

    def test_it_has_an_identity_of_its_own_and_says_where_it_parts(self):
        self.assign()
        path, before = self.backup(), self.admin.call("hello")
        self.assertNotIn("ancestor", before)
        self.assign(reference="HT-2")
        self.broker.end()
        self.assertIn("of which 1 came after the backup", self.restore(path))
        for _ in range(2):  # from the records after the checkpoint; and then from a checkpoint of its own
            self.broker.start()
            for reply in (self.admin.call("hello"), self.admin.call("status")):
                self.assertNotEqual(reply["store"], before["store"])
                self.assertEqual((reply["ancestor"], reply["parted"]), (before["store"], before["seq"]))
            self.broker.end()
        self.assertIn("agrees with them", self.coordd("verify", "--dir", self.broker.store))
        self.broker.start()
        shown = self.broker.ctl_json("status")
        self.assertEqual((shown["ancestor"], shown["parted"]), (before["store"].hex(), before["seq"]))
        self.assertIn(before["store"].hex(), self.broker.ctl("status"))

    def test_every_agency_is_told_and_so_is_a_consumer_that_was_away(self):
        self.assign()
        stream = self.huyen.stream(consumer="văn thư", start=0)
        self.assertEqual(next(stream)["notice"], "assigned")
        path = self.backup()
        self.broker.end()
        self.restore(path)
        self.broker.start()
        with self.broker.client(self.huyen_context) as again:
            told = next(record for record in again.stream(consumer="văn thư") if record["notice"] == "restored")
        self.assertIn("backup", told["reason"])
        self.assertLessEqual({"tinh", "huyen", "so"}, set(told["to"]))
        row = self.broker.ctl("watch", "--from", "0", "--notices", "restored", "--count", "1").split("\t")
        self.assertEqual(row[3:7], ["restored", "", "", "the store"])

    def test_a_key_that_was_revoked_after_the_backup_stays_revoked_and_is_named(self):
        path = self.backup()
        self.broker.ctl("key", "revoke", "so:văn thư")
        when = next(self.admin.pages("key_list", agency="so"))["key"]["revoked"]
        self.admin.call("key_set", agency="huyen", key={"public_key": self.huyen_context["public_key"], "label": "văn thư",
                                                        "rights": ["read"]})
        self.broker.end()
        tried, done = self.restore(path, "--dry-run"), self.restore(path)
        for said, be, can in ((tried, "would be", "could do"), (done, "is", "can do")):
            self.assertRegex(said, rf"\nkey so:văn thư, which was revoked after the backup \([0-9-]+T[0-9:]+Z\), {be} revoked in it too\n")
            self.assertIn(f"\nkey huyen:văn thư {can} more than it may now", said)
            self.assertNotIn("not known here", said)
            self.assertNotIn("admin-key", said)
        self.broker.start()
        (key,) = [item["key"] for item in self.admin.pages("key_list", agency="so")]
        self.assertEqual(key["revoked"], when)
        with self.broker.client(self.so_context) as so:
            self.refused("key_unknown", "public_key", so.call, "hello")  # no key that may connect
        self.broker.end()
        self.assertIn("agrees with them", self.coordd("verify", "--dir", self.broker.store))

    def test_where_no_store_stands_it_is_said_that_revocations_are_not_known(self):
        path, new = self.backup(), os.path.join(self.broker.directory, "new")
        self.assertIn("which keys were revoked after the backup is not known here", self.coordd("restore", path, "--dir", new))
        self.assertIn("which keys were revoked after the backup is not known here", self.restore(path, "--dry-run"))

    def test_when_no_key_administers_afterwards_the_way_back_is_said(self):
        path = self.backup()
        second = os.path.join(self.broker.directory, "second.context")
        self.broker.ctl("key", "new", "tinh", "--label", "hai", "--rights", "administer", "--out", second)
        self.broker.ctl("key", "revoke", "tinh:admin", context=second)
        self.broker.end()
        self.assertIn("no key administers in it; afterwards: coordd admin-key --dir ", self.restore(path))

    def test_a_stream_that_goes_on_is_refused_by_name(self):
        self.assign()
        path = self.backup()
        stream = self.huyen.stream(start=0)
        self.assertEqual(next(stream)["notice"], "assigned")
        self.broker.end()
        self.restore(path)
        self.broker.start()
        with self.assertRaises(CoordError) as caught:
            next(stream)
        self.assertEqual((caught.exception.name, caught.exception.field), ("other_store", "store"))
        self.assertEqual(next(self.huyen.stream(start=0))["notice"], "assigned")  # anew, it is a stream like any other

    def test_sequences_that_are_said_to_be_of_another_store_are_refused(self):
        store = self.admin.call("hello")["store"]
        self.assertEqual(self.huyen.call("subscribe", credit=1, store=store)["store"], store)
        self.refused("other_store", "store", self.so.call, "subscribe", credit=1, store=bytes(16))
        self.so.call("subscribe", credit=1)

    def test_the_c_librarys_stream_ends_with_the_reason(self):
        self.assign()
        path = self.backup()
        watch = subprocess.Popen([COORDCTL, "--json", "watch", "--from", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
        self.addCleanup(watch.stdout.close)
        self.addCleanup(watch.stderr.close)
        self.addCleanup(watch.kill)
        self.huyen.call("accept", task=1)
        self.assertEqual(json.loads(watch.stdout.readline())["notice"], "accepted")
        self.broker.end()
        self.restore(path)
        self.broker.start()
        self.assertNotEqual(watch.wait(60), 0)
        self.assertIn("other_store", watch.stderr.read())

    def test_what_was_set_aside_is_set_aside_once(self):
        self.assign()
        path = self.backup()
        self.broker.end()
        kept = []
        for number in (1, 2, 3):
            self.assertIn(f"coordd.db.replaced-{number}", self.restore(path))
            for before, content in kept:
                with open(os.path.join(self.broker.store, f"coordd.db.replaced-{before}"), "rb") as file:
                    self.assertEqual(file.read(), content)
            with open(os.path.join(self.broker.store, f"coordd.db.replaced-{number}"), "rb") as file:
                kept.append((number, file.read()))
        self.assertFalse(os.path.exists(os.path.join(self.broker.store, "restoring")))

    def state_of(self, directory):
        return {name: os.stat(os.path.join(directory, name)).st_mtime_ns for name in sorted(os.listdir(directory))}

    def test_a_dry_run_says_what_would_be_done_and_leaves_all_as_it_was(self):
        self.assign()
        path = self.backup()
        self.assign(reference="HT-2")
        said = self.restore(path, "--dry-run")
        self.assertIn("served by a broker now: stop it first", said)
        self.assertIn("in use by another coordd: stop it first", self.restore(path, code=72))
        self.broker.end()
        before = self.state_of(self.broker.store)
        said = self.restore(path, "--dry-run")
        self.assertIn("would be restored", said)
        self.assertIn("would become", said)
        self.assertIn("of which 1 came after the backup", said)
        self.assertEqual(self.state_of(self.broker.store).keys(), before.keys())
        self.assertEqual(self.coordd("verify", "--dir", self.broker.store).split(": ")[1].split(" ")[0],
                         str(self.broker.start() and self.admin.call("hello")["seq"]))
        nowhere = os.path.join(self.broker.directory, "nowhere")
        self.assertIn("would be restored", self.coordd("restore", path, "--dir", nowhere, "--dry-run"))
        self.assertFalse(os.path.exists(nowhere))

    # ---- a database that was put aside or copied by hand, with its log beside it ----

    def killed(self):
        """A store as a broker that was killed has left it: its newest records are in the log alone."""
        self.assign()
        self.broker.end(signal.SIGKILL)
        self.assertGreater(os.path.getsize(os.path.join(self.broker.store, "coordd.db-wal")), 0)

    def contents(self, directory):
        found = {}
        for place, _, names in os.walk(directory):
            for name in names:
                with open(os.path.join(place, name), "rb") as file:
                    found[os.path.join(place, name)] = file.read()
        return found

    def copied(self, *names):
        copy = os.path.join(self.broker.directory, "copy")
        os.mkdir(copy)
        for name in names:
            shutil.copy(os.path.join(self.broker.store, name), copy)
        return os.path.join(copy, "coordd.db")

    def records(self, said):
        return int(re.search(r": (?:would be )?restored, (\d+) records", said)[1])

    def test_the_log_beside_a_copy_is_taken_in_and_a_dry_run_says_the_same(self):
        seq = self.admin.call("hello")["seq"] + 1  # of the task that killed() gives
        self.killed()
        path, new = self.copied("coordd.db", "coordd.db-wal"), os.path.join(self.broker.directory, "new")
        tried, done = (self.coordd("restore", path, "--dir", new, *more) for more in (["--dry-run"], []))
        self.assertEqual((self.records(tried), self.records(done)), (seq, seq))
        self.assertIn(f"{path}-wal, which belongs to it, would be taken in", tried)
        self.assertIn(f"{path}-wal, which belongs to it, is taken in", done)
        self.assertIn(f"{seq + 1} records", self.coordd("verify", "--dir", new))

    def test_what_was_set_aside_comes_back_with_its_log(self):
        path = self.backup()
        self.killed()
        os.rename(os.path.join(self.broker.store, "coordd.db"), os.path.join(self.broker.store, "coordd.db.replaced-1"))
        os.rename(os.path.join(self.broker.store, "coordd.db-wal"), os.path.join(self.broker.store, "coordd.db.replaced-1-wal"))
        self.coordd("restore", path, "--dir", self.broker.store)
        self.restore(os.path.join(self.broker.store, "coordd.db.replaced-1"))
        self.broker.start()
        self.assertEqual(self.admin.call("task_get", task=1)["task"]["reference"], "HT-1")

    def test_a_dry_run_leaves_the_standing_stores_log_where_it_is_and_takes_none_of_it(self):
        path, seq = self.backup(), self.admin.call("hello")["seq"]
        self.killed()
        before = self.contents(self.broker.store)
        tried = self.restore(path, "--dry-run")
        self.assertEqual(self.contents(self.broker.store), before)
        self.assertIn("of which 1 came after the backup", tried)
        self.assertEqual(self.records(tried), seq)
        self.assertEqual(self.records(self.restore(path)), seq)

    def test_a_log_that_is_none_is_refused_by_name(self):
        path, new = self.backup(), os.path.join(self.broker.directory, "new")
        for content in (b"x", b"no log at all, but longer than the head of one"):
            with open(f"{path}-wal", "wb") as file:
                file.write(content)
            self.assertIn("a.db-wal beside it is no log of SQLite's", self.coordd("restore", path, "--dir", new, code=65))
        self.assertFalse(os.path.exists(new))
        with open(f"{path}-wal", "wb"):
            pass  # an empty one holds nothing
        self.assertNotIn("-wal", self.coordd("restore", path, "--dir", new))

    def test_a_store_that_was_copied_without_its_log_is_refused(self):
        self.killed()
        path, new = self.copied("coordd.db", "coordd.mark"), os.path.join(self.broker.directory, "new")
        self.assertIn("was there: restore a backup, or remove coordd.mark", self.coordd("restore", path, "--dir", new, code=65))

    def test_a_store_that_a_broker_serves_is_no_backup(self):
        new = os.path.join(self.broker.directory, "new")
        path = os.path.join(self.broker.store, "coordd.db")
        self.assertIn("a broker serves this very store", self.coordd("restore", path, "--dir", new, code=72))
        self.broker.end()
        self.assertIn("restored", self.coordd("restore", path, "--dir", new))

    @unittest.skipUnless(os.geteuid() == 0, "only root can make files for others")
    def test_what_root_makes_belongs_to_the_directorys_owner(self):
        path = self.backup()
        self.broker.end()
        os.chown(self.broker.store, 4242, 4343)
        os.unlink(os.path.join(self.broker.store, "server.key"))
        os.unlink(os.path.join(self.broker.store, "server.pub"))
        self.restore(path)
        self.coordd("admin-key", "--dir", self.broker.store)
        new = os.path.join(self.broker.directory, "new")
        os.mkdir(new)
        os.chown(new, 4242, 4343)
        self.coordd("init", "--dir", new, "--agency", "x", "--name", "X")
        for directory in (self.broker.store, new):
            for name in os.listdir(directory):
                status = os.stat(os.path.join(directory, name))
                if not os.path.isdir(os.path.join(directory, name)):
                    self.assertEqual((status.st_uid, status.st_gid), (4242, 4343), name)
        shutil.rmtree(new)


if __name__ == "__main__":
    unittest.main()
