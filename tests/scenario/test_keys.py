"""Keys that administer: lost, made anew on the machine, revoked by mistake; and files that come with keys."""
import json
import os
import subprocess
import unittest

from harness import COORDD, Scenario, of_files


class Keys(Scenario):
    def coordd(self, *arguments, code=0):
        run = subprocess.run([COORDD, *arguments], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def admin_key(self, *more, code=0):
        return self.coordd("admin-key", "--dir", self.broker.store, "--listen", self.broker.endpoint, *more, code=code)

    def place(self, name):
        return os.path.join(self.broker.directory, name)

    def keys(self):
        return [item["key"]["label"] for item in self.admin.pages("key_list")]

    # ---- a new administrator's key ----

    def test_who_lost_the_last_key_makes_another_and_everybody_is_told(self):
        said = self.admin_key(code=72)
        self.assertIn("in use by another coordd", said)
        self.assertNotIn("directory: ", said)
        self.broker.end()
        said = self.admin_key("--out", self.place("new.context"))
        self.assertIn("agency tinh", said)
        self.assertEqual(os.stat(self.place("new.context")).st_mode & 0o777, 0o600)
        self.broker.start()
        with self.broker.client(self.place("new.context")) as new:
            self.assertIn("administer", new.call("hello")["rights"])
            new.call("agency_set", agency={"agency": "x", "name": "X"})
            lost = self.admin.settings["public_key"]
            new.call("key_revoke", public_key=lost)
        told = next(self.huyen.stream(start=0, notices=["administrator"]))
        self.assertLessEqual({"tinh", "huyen", "so"}, set(told["to"]))
        self.assertEqual(told["entry"]["label"][:6], "admin-")
        self.assertIn("was given a key that administers", told["reason"])
        row = self.broker.ctl("watch", "--from", "0", "--notices", "administrator", "--count", "1",
                              context=self.place("new.context")).split("\t")
        self.assertEqual(row[3:7], ["administrator", "", "", f"key {told['entry']['label']} of tinh"])
        self.broker.end()
        self.assertIn("agrees with them", self.coordd("verify", "--dir", self.broker.store))

    def test_a_key_that_cannot_be_made_leaves_neither_file_nor_record(self):
        before = self.keys()
        self.broker.end()
        out = self.place("out.context")
        for more, said, code in ((("--agency", "nowhere", "--out", out), "no agency `nowhere`", 64),
                                 (("--label", "admin", "--out", out), "has a key `admin` already", 64),
                                 (("--label", "a\nb", "--out", out), "It is one line", 64),
                                 (("--out", self.place("x/y")), "No such file", 73),
                                 (("--out", self.broker.admin), "File exists", 73)):
            self.assertIn(said, self.admin_key(*more, code=code))
        self.assertFalse(os.path.exists(out))
        self.assertIn("must have from 1 to 64", self.admin_key("--label", "", code=64))
        key = os.path.join(self.broker.store, "server.key")
        os.rename(key, key + ".away")
        self.assertIn("holds no key of the server's", self.admin_key("--out", out, code=73))
        os.rename(key + ".away", key)
        self.assertFalse(os.path.exists(out))
        self.broker.start()
        self.assertEqual(self.keys(), before)

    def test_it_says_where_its_context_looks_for_the_broker(self):
        self.broker.end()
        for name, listen, told in (("a", (), "tcp://127.0.0.1:"), ("b", ("--listen", "tcp://0.0.0.0:5999"), "tcp://127.0.0.1:5999")):
            out = self.place(name + ".context")
            said = self.coordd("admin-key", "--dir", self.broker.store, *listen, "--label", name, "--out", out)
            with open(out, encoding="utf-8") as file:
                (endpoint,) = [line.strip() for line in file if line.startswith("endpoint")]
            self.assertIn(told, endpoint)
            self.assertIn(f"{out} has {endpoint}; change that line if the broker listens elsewhere", said)
        self.assertIn("coordd admin-key [--config FILE] [--dir DIR] [--listen ENDPOINT]", self.coordd("--help"))

    def test_it_is_for_the_agency_that_is_named(self):
        self.broker.end()
        self.admin_key("--agency", "so", "--label", "dự phòng", "--out", self.place("so.context"))
        self.broker.start()
        with self.broker.client(self.place("so.context")) as new:
            hello = new.call("hello")
        self.assertEqual((hello["agency"], hello["key"], sorted(hello["rights"])), ("so", "dự phòng", ["act", "administer", "read"]))

    def test_two_made_in_one_second_have_labels_of_their_own(self):
        self.broker.end()
        for _ in range(3):
            self.admin_key()
        self.broker.start()
        self.assertEqual(len({label for label in self.keys() if label.startswith("admin-")}), 3)

    # ---- coordctl key new: the file first ----

    def test_a_key_whose_file_cannot_be_written_is_not_set(self):
        before = self.keys()
        for out, code in ((self.place("no/such/file"), 8), (self.broker.admin, 2)):
            self.broker.ctl("key", "new", "so", "--out", out, code=code)
        self.assertEqual(self.keys(), before)

    def test_a_key_that_is_refused_leaves_no_file(self):
        out = self.place("x.context")
        self.broker.ctl("key", "new", "nowhere", "--out", out, code=3)
        self.broker.ctl("key", "new", "so", "--out", out, context=self.context_of("huyen"), code=4)
        self.assertFalse(os.path.exists(out))
        self.broker.ctl("key", "new", "so", "--label", "mới", "--out", out)
        self.assertEqual(self.broker.ctl_json("doctor", context=out)[0]["ok"], True)

    def context_of(self, agency):
        path = self.place(agency + ".context")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in {"huyen": self.huyen_context}[agency].items())
        os.chmod(path, 0o600)
        return path

    # ---- coordctl key revoke ----

    def test_the_key_in_use_is_not_revoked_without_a_yes(self):
        out = self.place("second.context")
        self.broker.ctl("key", "new", "tinh", "--label", "hai", "--rights", "administer", "--out", out)
        self.assertIn("--yes", self.broker.ctl("key", "revoke", "tinh:hai", context=out, code=2))
        self.assertEqual(len(self.broker.ctl_json("inbox")), 0)
        self.broker.ctl("key", "revoke", "tinh:hai", "--yes", context=out)
        self.broker.ctl("status", context=out, code=4)

    def test_the_last_key_that_administers_is_not_revoked_without_a_yes_and_there_is_a_way_back(self):
        for words in (("key", "revoke", "tinh:admin"), ("key", "revoke", self.admin.settings["public_key"])):
            said = self.broker.ctl(*words, code=2)
            self.assertIn("coordd admin-key", said)
            self.assertIn("bad_argument: --yes: ", said)
            told, _ = json.JSONDecoder().raw_decode(self.broker.ctl("--json", *words, code=2))
            self.assertEqual((told["error"], told["field"]), ("bad_argument", "yes"))
            self.assertIn("coordd admin-key", told["message"])
        self.refused("bad_value", "public_key", self.admin.call, "key_revoke", public_key=self.admin.settings["public_key"])
        self.broker.ctl("key", "revoke", "tinh:admin", "--yes")
        self.broker.ctl("status", code=4)
        self.broker.end()
        self.admin_key("--out", self.place("back.context"))
        self.broker.start()
        self.broker.ctl("key", "new", "so", "--label", "2", "--out", self.place("2.context"), context=self.place("back.context"))

    def test_the_last_key_that_administers_keeps_that_right_unless_told_otherwise(self):
        words = ("key", "set", "tinh", "--public-key", self.admin.settings["public_key"], "--rights", "act")
        self.assertIn("--rights: It is the last key that may administer: give another key that right first, or say --yes.",
                      self.broker.ctl(*words, code=2))
        self.broker.ctl(*words, "--yes")
        self.broker.ctl("status", code=4)

    def test_a_key_of_another_that_is_not_the_last_is_revoked_without_a_question(self):
        self.broker.ctl("key", "revoke", "so:văn thư")

    # ---- keys that are out of their time ----

    def test_a_key_past_its_time_is_told_so_on_a_new_connection(self):
        now = self.admin.call("hello")["time"]
        self.admin.call("key_set", agency="huyen", key={"public_key": self.huyen_context["public_key"], "label": "văn thư",
                                                        "rights": ["act"], "valid_until": now - 1})
        said = self.broker.ctl("inbox", context=self.context_of("huyen"), code=4)
        self.assertIn("key_expired", said)
        self.assertIn("coordctl key set", said)
        with self.client(self.huyen_context) as client:
            self.refused("key_expired", "", client.call, "hello")
            self.refused("key_expired", "", client.call, "subscribe", credit=1)

    # ---- an agency that ends ----

    def test_an_agency_with_open_tasks_does_not_end_silently_and_its_programs_are_told_who_follows(self):
        self.assign("huyen", "HT-1")
        self.assign("huyen", "HT-2")
        for words in (("agency", "close", "huyen"), ("agency", "set", "huyen", "--valid-until", "2099-01-01")):
            said = self.broker.ctl(*words, code=2)
            self.assertIn("huyen leads 2 open tasks and gave 0 that are open", said)
            self.assertIn("--successor AGENCY, or with --yes", said)
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")
        moved = "huyen leads 2 open tasks and gave 0 that are open, of those that this key may read: they "
        said = self.broker.ctl("agency", "close", "huyen", "--successor", "so", "--dry-run")
        self.assertEqual(said, f"would be closed\n{moved}would go to so, which takes its place\n")
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")
        said = self.broker.ctl("agency", "close", "huyen", "--successor", "so")
        self.assertEqual(said, f"closed\n{moved}go to so, which takes its place\n")
        said = self.broker.ctl("inbox", context=self.context_of("huyen"), code=4)
        self.assertIn("The agency huyen has ended, and so has taken its place: go on with a key of that one.", said)
        self.assertNotIn("key new", said)
        self.assertIn("so has taken its place", self.broker.ctl("doctor", context=self.context_of("huyen"), code=4))
        self.assertEqual(self.so.call("accept", task=2)["tasks"][0]["lead"], "so")

    def test_a_task_that_excludes_the_successor_falls_back_to_who_gave_it_and_that_is_said(self):
        self.assign("huyen", "HT-1")
        kept = self.assign("huyen", "HT-2", excluded=["so"], scope="restricted")
        tail = "would go to so, which takes its place; but 1 of those that it leads excludes so, and would fall back to who gave it\n"
        said = self.broker.ctl("agency", "close", "huyen", "--successor", "so", "--dry-run")
        self.assertTrue(said.endswith(tail), said)
        said = self.broker.ctl("agency", "close", "huyen", "--successor", "so")
        self.assertTrue(said.endswith("but 1 of those that it leads excludes so, and falls back to who gave it\n"), said)
        self.refused("task_unknown", "task", self.so.call, "task_get", task=kept)
        own = self.admin.call("hello")["agency"]
        self.assertEqual(self.admin.call("task_get", task=kept)["task"]["lead"], own)
        told = next(record for record in self.admin.stream(start=0) if record.get("notice") == "reassigned")
        self.assertIn("huyen has ended, and so takes its place, but not on tasks from which you exclude it", told["reason"])

    def test_an_agency_without_open_tasks_ends_and_its_programs_are_told(self):
        # The key cannot know of what it may not read.
        self.assertIn("nobody takes its place", self.broker.ctl("agency", "close", "so", code=2))
        self.assertIn("closed\n", self.broker.ctl("agency", "close", "so", "--yes"))
        with self.client(self.so_context) as client:
            said = self.refused("agency_closed", "", client.call, "hello")
            self.assertIn("The agency so has ended; nobody has taken its place.", said["message"])
        self.broker.ctl("agency", "close", "nowhere", code=3)

    def test_ones_own_agency_ends_only_with_a_yes(self):
        self.assertIn("the agency of the key that this context uses", self.broker.ctl("agency", "close", "tinh", code=2))

    def test_what_nobody_may_count_is_asked_about(self):
        out = self.place("only.context")
        self.broker.ctl("key", "new", "tinh", "--label", "quản trị", "--rights", "administer", "--out", out)
        self.assertIn("may have open tasks", self.broker.ctl("agency", "close", "so", context=out, code=2))
        self.broker.ctl("agency", "close", "so", "--yes", context=out)

    # ---- coordd check ----

    def check(self, text, code):
        path = self.place("check.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return self.coordd("check", "--config", path, "--dir", self.broker.store, code=code)

    @of_files
    def test_check_names_every_problem_with_its_line_and_what_would_be_right(self):
        said = self.check("[limits]\nstreams = 0\nnonsense\nstreems = 5\n[daemon]\nlisten = here\nlog_level = loud\n[oops\n", 78)
        for line, text in ((2, "it must be from 1 to"), (3, "neither [section] nor name = value"), (4, "did you mean `streams` in [limits]"),
                           (6, "it must be tcp://ADDRESS:PORT"), (7, "it must be debug, info, warning or error"), (8, "neither [section]")):
            self.assertRegex(said, f"line {line}: .*" + text.replace("[", r"\[").replace("]", r"\]"))
        self.assertIn("6 problems", said)
        said = self.check("[limits]\nstreams = 5\n[daemon]\nlog_level = info\n[limits]\nstreams = 6\n", 78)
        self.assertRegex(said, r"line 6: `streams` in \[limits\] is set already, in line 2; leave one of the two")
        self.assertIn("1 problem\n", said)
        self.assertIn("backup_directory", self.check("[daemon]\nbackup_directory = /nowhere\n", 78))

    @of_files
    def test_check_is_for_a_broker_that_serves_and_for_one_that_does_not(self):
        self.assertIn("a broker serves it", self.check("", 0))
        seq = self.admin.call("hello")["seq"]
        self.broker.end()
        self.assertIn(f"{seq} records", self.check("", 0))
        database = os.path.join(self.broker.store, "coordd.db")
        with open(database, "wb") as file:
            file.write(b"no database at all" * 1000)
        self.check("", 65)
        os.unlink(database)
        self.assertIn("coordd init makes one", self.check("", 72))
        os.unlink(os.path.join(self.broker.store, "server.key"))
        self.assertIn("server.key", self.check("", 78))


if __name__ == "__main__":
    unittest.main()
