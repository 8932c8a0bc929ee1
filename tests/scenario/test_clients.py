"""coordctl, libcoord and the Python client see the same world; coordctl as a clerk and a script use it."""
import hashlib
import itertools
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from harness import COORDCTL, PRESETS, Scenario, Unreachable


class Clients(Scenario):
    def test_both_clients_are_told_the_same(self):
        task = self.assign(due="10wd")
        for op in ("accept", "start", "submit"):
            self.huyen.call(op, task=task)
        python = list(itertools.islice(self.admin.stream(start=0), 3))  # of what huyen did
        lines = self.broker.ctl("--json", "watch", "--from", "0", "--count", str(len(python))).splitlines()
        libcoord = [json.loads(line) for line in lines]
        same = ("seq", "record", "action", "state", "reference", "title", "lead", "notice", "severity", "reason", "to")
        self.assertEqual([{name: record.get(name) for name in same} for record in libcoord],
                         [{name: record.get(name) for name in same} for record in python])
        shown = self.broker.ctl_json("task", "show", "HT-1")["task"]
        told = self.admin.call("task_get", task=task)["task"]
        self.assertEqual({name: shown[name] for name in ("state", "version", "due_day", "lead")},
                         {name: told[name] for name in ("state", "version", "due_day", "lead")})

    def test_a_clerks_day(self):
        huyen = self.context_file(self.huyen_context)
        self.broker.ctl("task", "assign", "--to", "huyen", "--reference", "HT-036", "--title", "Rà soát đất công", "--due",
                        "10wd")
        self.assertIn("HT-036", self.broker.ctl("inbox", context=huyen))
        self.broker.ctl("task", "accept", "HT-036", "--officer", "Nguyễn Văn A", context=huyen)
        self.broker.ctl("task", "report", "HT-036", "--percent", "60", "--note", "Đã rà soát 12/20 xã.", context=huyen)
        evidence = os.path.join(self.broker.directory, "bao-cao.txt")
        with open(evidence, "w", encoding="utf-8") as file:
            file.write("xong\n")
        self.broker.ctl("task", "submit", "tinh:HT-036", "--evidence", evidence, context=huyen)
        task = self.broker.ctl_json("task", "show", "@1")["task"]
        with open(evidence, "rb") as file:
            self.assertEqual(task["evidence_sha256"], hashlib.sha256(file.read()).hexdigest())
        self.broker.ctl("task", "confirm", "HT-036")
        self.assertIn("confirm", self.broker.ctl("task", "history", "HT-036"))
        self.assertEqual(self.broker.ctl("inbox", context=huyen), "")

    def test_exit_codes_and_what_errors_say(self):
        huyen = self.context_file(self.huyen_context)
        self.assign()
        for code, words, said in (
                (2, ("task", "shw", "HT-1"), "did you mean `coordctl task show`?"),
                (2, ("task", "list", "--stats", "x"), "did you mean --states?"),
                (2, ("task", "submit", "HT-1", "--note", "a", "--note", "b"), "has two: `a` and `b`"),
                (2, ("task", "reassign", "HT-1", "--to", "tinh", "--to", "huyen", "--note", "x"), "--to takes one"),
                (2, ("task", "accept", "HT-1", "HT-2"), "`HT-2` is too many"),
                (2, ("calendar", "count", "2024-06-28", "-3wd"), "`-3` is no option here"),
                (3, ("task", "show", "@99999999999999999999"), "@99999999999999999999"),
                (2, ("task", "list", "--due-before", "2024-06-31"), "no day"),
                (2, ("task", "list", "--due-before", "2024-06-28T16:30+07"), "+07:00"),
                (2, ("task", "list", "--due-before", "2024-06-28T16:30Zulu"), "+07:00"),
                (2, ("task", "assign", "--reference", "X", "--title", "x", "--to", "huyen", "--due", "soon"), "--due"),
                (2, ("task", "assign", "--reference", "X", "--title", "x", "--to", "huyen", "--kind", "drective"),
                 "directive"),
                (3, ("task", "show", "HT-9"), "next: coordctl task list"),
                (4, ("status",), "next: coordctl doctor"),
                (5, ("task", "submit", "HT-1"), "next: coordctl task show HT-1  # what may be done now: work goes on with what was accepted"),
                (5, ("task", "accept", "HT-1", "--expect", "7"), "conflict"),
                (7, ("--context", "/nowhere/x.context", "inbox"), "next: coordctl context list")):
            with self.subTest(words=words):
                self.assertIn(said, self.broker.ctl(*words, context=huyen, code=code))
        self.broker.end()
        self.assertIn("coordctl doctor", self.broker.ctl("inbox", "--timeout", "0.5", context=huyen, code=6))
        # Whatever a command asks first, it is the command that was not done.
        for words in (("task", "list"), ("task", "show", "HT-1"), ("task", "assign", "--reference", "X", "--title", "x", "--to", "huyen", "--due", "5wd")):
            self.assertIn(f"`{words[0]} {words[1]}` ", self.broker.ctl(*words, "--timeout", "0.5", context=huyen, code=6))

    def test_applying_twice_changes_nothing(self):
        programme = {"agencies": [{"agency": "xa-1", "name": "Xã 1", "parent": "huyen"}],
                     "tasks": [{"reference": "P-1", "leads": ["huyen", "xa-1"],
                                "content": {"title": "Rà soát", "due": "2099-06-30", "tags": ["đất"]}}]}
        with tempfile.NamedTemporaryFile("w", suffix=".json", dir=self.broker.directory, delete=False) as file:
            json.dump(programme, file)
        self.assertEqual(len(self.broker.ctl("apply", "-f", file.name, "--dry-run").splitlines()), 3)
        self.assertEqual(self.admin.call("status")["tasks"], 0)
        self.assertEqual(len(self.broker.ctl("apply", "-f", file.name).splitlines()), 3)
        self.admin.call("agency_set", id="again", agency=dict(programme["agencies"][0]))
        self.assertEqual(self.broker.ctl("apply", "-f", file.name), "")
        self.admin.call("agency_set", agency=dict(programme["agencies"][0], name="Xã Một"))
        self.broker.restart(signal.SIGKILL)
        again = self.admin.call("agency_set", id="again", agency=dict(programme["agencies"][0]))
        self.assertEqual(again["seq"], 0)
        self.assertEqual([agency["name"] for agency in self.admin.pages("agency_list", name="xa-1")], ["Xã Một"])
        programme["tasks"][0]["content"]["due"] = "2099-12-31"
        with open(file.name, "w", encoding="utf-8") as again:
            json.dump(programme, again)
        self.assertIn("due", self.broker.ctl("apply", "-f", file.name))
        self.assertEqual(self.broker.ctl_json("task", "show", "P-1/xa-1")["task"]["due_day"], "2099-12-31")
        self.assertEqual(self.broker.ctl("apply", "-f", os.path.join(PRESETS, "calendar-vn.json")), "")
        self.assertEqual(self.broker.ctl("apply", "-f", os.path.join(PRESETS, "holidays-vn.ics")), "")

    def test_an_apply_file_with_a_mistake_says_where(self):
        for text, said in (('{"tasks": [{"leads": ["huyen"]}]}', "tasks[0]"),
                           ('{"agencies": [{"agency": "x", "nmae": "y"}]}', "did you mean `name`?"),
                           ('{"agencis": []}', "did you mean `agencies`?"), ("{", "line 1")):
            self.assertIn(said, self.broker.ctl("apply", "-f", "-", text=text, code=2))

    def test_completion_knows_words_options_terms_and_live_ids(self):
        self.assign()
        complete = lambda *words: self.broker.ctl("_complete", *words).split()
        self.assertEqual(complete("ta"), ["task", "target"])
        self.assertIn("reassign", complete("task", "re"))
        self.assertEqual(complete("task", "assign", "--child"), ["--children-of"])
        self.assertEqual(complete("task", "assign", "--priority", "u"), ["urgent"])
        self.assertEqual(complete("task", "show", ""), ["HT-1"])
        self.assertEqual(complete("task", "assign", "--to", "h"), ["huyen"])
        script = self.broker.ctl("completion", "bash")
        words = subprocess.run(["bash", "-c", script + "\nCOMP_WORDS=(coordctl task sho); COMP_CWORD=2; _coordctl; "
                                "echo ${COMPREPLY[@]}"], capture_output=True, text=True, check=True,
                               env=dict(os.environ, PATH=os.path.dirname(COORDCTL) + ":" + os.environ["PATH"]))
        self.assertEqual(words.stdout.split(), ["show"])

    def test_the_example_program_of_the_library_runs(self):
        example = os.path.join(os.path.dirname(COORDCTL), "example")
        process = subprocess.Popen([example, self.broker.admin, "huyen", "EX-1", "Ví dụ"], stdout=subprocess.PIPE, text=True)
        while not list(self.huyen.pages("task_list")):
            pass
        while self.admin.call("status")["streams"] == 0:
            pass
        self.huyen.call("accept", task=1)
        self.assertIn("EX-1", process.stdout.readline())
        process.kill()
        process.wait()
        process.stdout.close()

    def test_the_example_program_ends_with_the_reason_when_its_key_is_revoked(self):
        example = os.path.join(os.path.dirname(COORDCTL), "example")
        process = subprocess.Popen([example, self.context_file(self.huyen_context)], stderr=subprocess.PIPE, text=True)
        while self.admin.call("status")["streams"] == 0:
            pass
        self.admin.call("key_revoke", public_key=self.huyen_context["public_key"])
        said = process.communicate(timeout=120)[1]
        self.assertEqual(process.returncode, 1)
        self.assertIn("key_revoked", said)
        again = subprocess.run([example, self.context_file(self.huyen_context)], stderr=subprocess.PIPE, text=True,
                               timeout=120, check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("key_unknown: The broker at", again.stderr)

    def test_a_broker_that_is_down_is_said_in_plain_words_and_not_after_the_whole_timeout(self):
        self.broker.end()
        began = time.monotonic()
        said = self.broker.ctl("inbox", code=6)
        self.assertLess(time.monotonic() - began, 30)
        self.assertIn("cannot be reached", said)
        self.assertNotIn("may be done", said)
        began = time.monotonic()
        with self.assertRaises(Unreachable):
            self.client(self.huyen_context, timeout=None).call("accept", task=1)
        self.assertLess(time.monotonic() - began, 30)

    def test_a_command_waits_once_for_a_broker_that_is_down_whatever_it_asks(self):
        self.broker.end()
        for words in (("task", "list"), ("inbox",), ("task", "show", "HT-1"), ("watch",)):
            began = time.monotonic()
            self.assertIn("timed_out", self.broker.ctl("--timeout", "8", *words, code=6))
            self.assertLess(time.monotonic() - began, 16, words)  # twice would be more, on the fastest machine too

    def test_watch_says_why_its_key_hears_no_more(self):
        out = os.path.join(self.broker.directory, "watches.context")
        self.broker.ctl("key", "new", "huyen", "--label", "nghe", "--rights", "read", "--out", out)
        environment = dict(os.environ, COORD_CONTEXT=out)
        with subprocess.Popen([COORDCTL, "watch", "--from", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=environment) as watches:
            self.assign()
            self.assertIn("HT-1", watches.stdout.readline())
            self.broker.ctl("key", "revoke", "huyen:nghe", "--yes")
            _, said = watches.communicate(timeout=120)
        self.assertEqual(watches.returncode, 4, said)
        self.assertRegex(said, "the stream was ended: key_revoked\n  next: a key that may read|key_unknown|key_revoked")
        self.assertIn("next: ", said)

    def test_watch_says_that_the_broker_is_down_and_goes_on_when_it_is_back(self):
        self.broker.end()
        watch = subprocess.Popen([COORDCTL, "watch", "--from", "0", "--count", "1"], text=True, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env=dict(os.environ, COORD_CONTEXT=self.context_file(self.huyen_context)))
        self.assertIn("cannot be reached", watch.stderr.readline())
        self.broker.start()
        self.assign()
        out, _ = watch.communicate(timeout=120)
        self.assertIn("HT-1", out)
        self.assertEqual(watch.returncode, 0)

    def test_a_call_that_names_its_time_waits_for_the_broker(self):
        self.broker.end()
        client, replies = self.client(self.huyen_context, timeout=None), []
        calling = threading.Thread(target=lambda: replies.append(client.call("hello", timeout=120)))
        calling.start()
        time.sleep(6)  # more than a call without a time of its own waits
        self.broker.start()
        calling.join()
        self.assertEqual(replies[0]["agency"], "huyen")

    def test_every_command_has_help(self):
        commands = [line.split() for line in self.broker.ctl("help").splitlines() if line.startswith("  ")]
        self.assertGreater(len(commands), 35)
        for words in commands:
            verb = [words[1]] if words[1].islower() and words[0] in ("task", "agency", "key", "calendar", "policy",
                                                                       "escalation", "context") else []
            self.assertIn(words[0], self.broker.ctl("help", words[0], *verb))

    def test_an_agency_is_set_and_what_is_not_given_stays(self):
        self.broker.ctl("agency", "set", "xa-9", "--name", "Xã 9", "--parent", "huyen", "--assignable", "no")
        self.assertEqual(self.broker.ctl("agency", "set", "xa-9", "--name-en", "Commune 9").strip(), "set")
        self.assertEqual(self.broker.ctl("agency", "set", "xa-9", "--name", "Xã 9").strip(), "unchanged")
        agency = next(agency for agency in self.broker.ctl_json("agency", "list") if agency["agency"] == "xa-9")
        self.assertEqual(agency, {"agency": "xa-9", "name": "Xã 9", "name_en": "Commune 9", "parent": "huyen",
                                  "assignable": False})

    def test_a_new_key_works_and_a_revoked_one_does_not(self):
        out = os.path.join(self.broker.directory, "so-2.context")
        key = self.broker.ctl("key", "new", "so", "--label", "văn thư 2", "--out", out).strip()
        self.assertIn("agency so", self.broker.ctl("doctor", context=out))
        self.broker.ctl("key", "revoke", key)
        self.broker.ctl("inbox", context=out, code=4)


if __name__ == "__main__":
    unittest.main()
