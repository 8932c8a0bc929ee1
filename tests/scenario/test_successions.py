"""What an agency that is gone has left: its successor's consumers are sent it, from where its own stood, and pages show who answers
for it now."""
import json
import os
import subprocess

import zmq

from harness import COORDCTL
from screen import Screen


class Successions(Screen):
    def setUp(self):
        super().setUp()
        self.xa = {name: self.broker.agency(self.admin, name) for name in ("xa-1", "xa-2", "xa-3", "xa-moi")}
        self.made = 0

    def given(self, agency, **content):
        """A task for an agency: the sequence of the record that tells it."""
        self.made += 1
        self.admin.call("assign", reference=f"T-{self.made}", leads=[agency], content=dict({"title": "Việc"}, **content))
        return self.admin.call("task_get", reference=f"T-{self.made}")["task"]["record"]

    def ends(self, agency, successor):
        self.admin.call("agency_set", agency={"agency": agency, "name": agency, "parent": "tinh", "successor": successor,
                                              "valid_until": self.admin.call("hello")["time"]})

    def heard(self, agency, consumer, last, consumes=None, **fields):
        """What a consumer is told up to a sequence, and how many of it it says that it has dealt with."""
        client = self.client(self.xa[agency])
        client.call("subscribe", credit=1000, consumer=consumer, **fields)
        got = []
        while not got or got[-1] < last:
            record = client._records.pop(0) if client._records else client._receive(60)
            self.assertIsNotNone(record, f"{got}, and never {last}")
            got.append(record["seq"])
        if consumes:
            client.call("consumed", seq=consumes)
        client.close()
        return got

    def test_what_a_predecessor_had_not_dealt_with_is_told_once(self):
        mine = [self.given("xa-moi")]
        self.assertEqual(self.heard("xa-moi", "hòm thư", mine[0], consumes=mine[0], **{"from": 0}), mine)
        old = [self.given("xa-1") for _ in range(3)]
        self.assertEqual(self.heard("xa-1", "hòm thư", old[2], consumes=old[0], **{"from": 0}), old)
        mine.append(self.given("xa-moi"))
        self.assertEqual(self.heard("xa-moi", "hòm thư", mine[1], consumes=mine[1]), mine[1:])
        self.ends("xa-1", "xa-moi")
        new = self.given("xa-moi")
        self.assertEqual(self.heard("xa-moi", "hòm thư", new), old[1:] + [new])
        self.broker.restart()
        self.assertEqual(self.heard("xa-moi", "hòm thư", new, consumes=old[1]), old[1:] + [new])
        self.assertEqual(self.heard("xa-moi", "hòm thư", new, consumes=new), [old[2], new])
        self.broker.restart()
        last = self.given("xa-moi")
        self.assertEqual(self.heard("xa-moi", "hòm thư", last), [last])

    def test_each_of_several_predecessors_is_heard_from_where_it_stood(self):
        first = [self.given(agency) for agency in ("xa-1", "xa-2", "xa-3")]
        second = [self.given(agency) for agency in ("xa-1", "xa-2", "xa-3")]
        self.heard("xa-1", "d", second[0], consumes=second[0], **{"from": 0})
        self.heard("xa-2", "d", second[1], consumes=first[1], **{"from": 0})
        self.heard("xa-3", "một tên khác", second[2], consumes=first[2], **{"from": 0})
        self.ends("xa-1", "xa-2")
        self.ends("xa-2", "xa-moi")
        self.ends("xa-3", "xa-moi")
        self.given("xa-moi")  # from before its consumer was there
        self.assertEqual(self.heard("xa-moi", "d", second[2]), [second[1], second[2]])
        self.assertEqual(self.heard("xa-moi", "d", second[2], consumes=second[1]), [second[1], second[2]])
        self.assertEqual(self.heard("xa-moi", "d", second[2], consumes=second[2]), [second[2]])
        last = self.given("xa-moi")
        self.assertEqual(self.heard("xa-moi", "d", last)[-1], last)

    def test_a_reader_goes_through_what_was_left_and_takes_it_from_nobody(self):
        """A display, a relay, whatever may only read: what it has dealt with is still told to a program that acts."""
        public, secret = (key.decode() for key in zmq.curve_keypair())
        self.admin.call("key_set", agency="xa-moi", key={"public_key": public, "label": "màn hình", "rights": ["read"]})
        self.xa["reader"] = dict(self.xa["xa-moi"], public_key=public, secret_key=secret)
        first = self.given("xa-1")
        self.heard("xa-1", "d", first, consumes=first, **{"from": 0})
        left = [self.given("xa-1") for _ in range(2)]
        self.ends("xa-1", "xa-moi")
        for name in ("d", "khác"):
            self.assertEqual(self.heard("reader", name, left[1], consumes=left[0]), left)
            self.assertEqual(self.heard("reader", name, left[1], consumes=left[1]), left[1:])
        self.broker.restart()
        new = self.given("xa-moi")
        self.assertEqual(self.heard("reader", "d", new), [new])
        for name in ("d", "khác", "nữa"):
            self.assertEqual(self.heard("xa-moi", name, left[1]), left, name)
        self.assertEqual(self.heard("xa-moi", "nữa", left[1], consumes=left[1]), left)
        self.assertEqual(self.heard("xa-moi", "d", left[1], consumes=left[1]), left)

    def test_a_restricted_notification_is_the_successors_and_nobody_elses(self):
        first = self.given("xa-1", scope="restricted")
        self.heard("xa-1", "d", first, consumes=first, **{"from": 0})
        left = self.given("xa-1", scope="restricted")
        self.ends("xa-1", "xa-moi")
        other = self.given("xa-2")
        self.assertEqual(self.heard("xa-moi", "d", left), [left])
        self.assertEqual(self.heard("xa-2", "d", other, **{"from": 0}), [other])

    def test_a_replay_holds_what_was_the_predecessors(self):
        old = self.given("xa-1")
        self.ends("xa-1", "xa-moi")
        new = self.given("xa-moi")
        self.assertEqual(self.heard("xa-moi", "d", new, **{"from": 0}), [old, new])

    def test_commands_find_what_was_the_predecessors_by_either_id(self):
        self.given("xa-1")
        old = self.client(self.xa["xa-1"])
        old.call("assign", reference="RIENG-1", leads=["xa-1"], content={"title": "Việc"})
        self.ends("xa-1", "xa-moi")
        mine = self.context_file(self.xa["xa-moi"])
        for agency in ("xa-1", "xa-moi"):
            tasks = self.broker.ctl_json("task", "list", "--agency", agency, "--roles", "lead", context=mine)
            self.assertEqual({task["reference"] for task in tasks}, {"T-1", "RIENG-1"})
        for name in ("RIENG-1", "xa-1:RIENG-1", "xa-moi:RIENG-1"):
            self.assertEqual(self.broker.ctl_json("task", "show", name, context=mine)["task"]["reference"], "RIENG-1")
        self.assertIn("T-1", self.broker.ctl("inbox", context=mine))

    # ---- who answers now ----

    def passes_on(self, name):
        """T-1 is given to xa-1, which ends: since when another answers for it."""
        self.given("xa-1", cooperating=["xa-2"], due="2099-06-30")
        self.ends("xa-1", name)
        return self.admin.call("agency_list", name="xa-1")["agencies"][0]["valid_until"]

    def test_pages_and_lists_name_who_answers_now(self):
        self.passes_on("xa-moi")
        mine = self.context_file(self.xa["xa-moi"])
        for words in (("task", "list"), ("inbox",)):
            self.assertIn("xa-moi", self.broker.ctl(*words, context=mine))
            self.assertNotIn("xa-1", self.broker.ctl(*words, context=mine))
        self.assertEqual(set(self.broker.ctl_json("report")["agencies"]), {"xa-moi"})
        page = self.screen("report", "--tasks", NO_COLOR="1")
        self.assertIn("xa-moi", page)
        self.assertNotIn("xa-1", page)

    def test_a_tasks_page_says_both_names_and_since_when(self):
        self.passes_on("xa-moi")
        self.ends("xa-2", "xa-3")
        page = self.screen("task", "show", "T-1", NO_COLOR="1", columns=120)
        self.assertRegex(page, r"(?m)^lead +xa-moi \(succeeds xa-1 since 20\d\d-\d\d-\d\d( \d\d:\d\d)?\)\r?$")
        self.assertRegex(page, r"(?m)^cooperating +xa-3 \(succeeds xa-2 since 20.*\)\r?$")
        self.assertEqual(page.count("xa-1"), 1)
        piped = self.broker.ctl("task", "show", "T-1")
        self.assertIn("\nlead\txa-moi\n", piped)
        self.assertRegex(piped, r"(?m)^succeeds\tlead\txa-moi\txa-1\t20\d\d-\d\d-\d\d \d\d:\d\d$")
        item = self.broker.ctl_json("task", "show", "T-1")["task"]["successions"][0]
        self.assertEqual((item["role"], item["agency"], item["successor"]), ("lead", "xa-1", "xa-moi"))

    def test_a_history_keeps_the_names_of_the_time(self):
        self.passes_on("xa-moi")
        self.client(self.xa["xa-moi"]).call("accept", task=1)
        accepted, assigned = self.admin.call("task_history", task=1)["records"]
        self.assertEqual((assigned["lead"], accepted["lead"], accepted["actor"]), ("xa-1", "xa-moi", "xa-moi"))

    def test_two_tasks_of_one_reference_are_told_apart_by_who_gave_them(self):
        """An agency and the one that it succeeds may both have used it: the names that are offered find each."""
        for agency in ("xa-1", "xa-moi"):
            client = self.client(self.xa[agency])
            client.call("assign", reference="CHUNG", leads=[agency], content={"title": f"Của {agency}"})
        self.ends("xa-1", "xa-moi")
        said = self.broker.ctl("task", "show", "CHUNG", code=2)
        self.assertIn("xa-1:CHUNG", said)
        self.assertIn("xa-moi:CHUNG", said)
        for agency in ("xa-1", "xa-moi"):
            self.assertEqual(self.broker.ctl_json("task", "show", f"{agency}:CHUNG")["task"]["title"], f"Của {agency}")

    def test_a_file_that_names_who_was_given_it_then_changes_nothing(self):
        file = {"tasks": [{"reference": "F-1", "leads": ["xa-1"], "policy": "none",
                           "content": {"title": "Việc", "cooperating": ["xa-2", "xa-3"], "observers": ["xa-moi"]}}]}
        path = os.path.join(self.broker.directory, "file.json")
        with open(path, "w", encoding="utf-8") as out:
            json.dump(file, out)
        self.broker.ctl("apply", "-f", path)
        self.ends("xa-1", "xa-moi")
        self.ends("xa-2", "xa-3")
        run = subprocess.run([COORDCTL, "apply", "-f", path], capture_output=True, text=True, check=False, timeout=120,
                             env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
        self.assertEqual((run.returncode, run.stdout), (0, ""), run.stderr)
        self.assertNotIn("F-1", run.stderr)
        self.assertEqual(self.admin.call("task_get", reference="F-1")["task"]["version"], 1)
