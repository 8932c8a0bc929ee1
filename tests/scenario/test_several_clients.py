"""Several brokers of one store, seen by those who use them: a change finds the leader whoever is asked, what is only read may be answered by
any, and whoever stops or dies, each change is there once. coordctl tells who leads, and what is wrong."""
import os
import re
import signal
import threading
import unittest

from harness import Coord, read_context
from several import HANGS, LEASE, MAY_WAIT, PATIENT, Three

REFUSED, USAGE, OSFILE = 1, 2, 72
CHANGES = 200


class Changes(Three):
    def test_a_change_whose_first_broker_follows_is_done_once(self):
        for number, order in enumerate(([1, 2, 0], [2, 1, 0], [1, 0, 2])):
            brokers = [self.brokers[place] for place in order]
            client = self.among(brokers)
            client.call("report", id=f"p{number}", task=self.task, percent=1, note=f"python {number}")
            self.assertEqual(client.endpoint, self.broker.endpoint)
            self.assertIsNone(client.as_of)
            self.by_coordctl(self.file_of(brokers, self.huyen_context), f"coordctl {number}")
        self.assertEqual(sorted(self.reports()), sorted(f"{who} {number}" for who in ("python", "coordctl") for number in range(3)))

    def test_a_batch_with_a_change_finds_the_leader_whole(self):
        client = self.among([self.brokers[1], self.brokers[0]])
        replies = client.batch([("task_get", {"task": self.task}), ("report", {"task": self.task, "percent": 2, "note": "lô"})])
        self.assertEqual([reply["op"] for reply in replies], ["reply", "reply"])
        self.assertEqual(list(self.reports()), ["lô"])

    def test_a_stream_begins_at_the_leader(self):
        client = self.among([self.brokers[1], self.brokers[0]], dict(read_context(self.broker.admin)))
        stream = client.stream(start=0, idle=PATIENT)
        first = next(stream)
        self.assertEqual(client.endpoint, self.broker.endpoint)
        self.assertGreater(first["seq"], 0)

    def test_who_knows_a_follower_alone_is_told_who_leads(self):
        refused = self.refused("not_leader", "", self.among([self.brokers[1]]).call, "report", task=self.task, percent=1, note="x")
        self.assertEqual(refused["leader"], self.broker.endpoint)
        said = self.broker.ctl("task", "report", f"@{self.task}", "--percent", "1", code=REFUSED,
                               context=self.file_of([self.brokers[1]], self.huyen_context))
        self.assertIn(f"{self.broker.endpoint} leads, which `endpoint` of the context does not name", said)


class Reads(Three):
    def test_any_broker_answers_and_one_sees_what_one_has_changed(self):
        follower = self.among(self.brokers[1:], read_from="any")
        seen = follower.call("task_get", task=self.task, at_least=self.accepted)
        self.assertGreaterEqual(follower.as_of, self.accepted)
        self.assertGreaterEqual(follower.lag_ms, 0)
        self.assertEqual(seen["task"]["state"], "accepted")
        mixed = self.among(self.brokers, read_from="any")
        for number in range(20):
            mixed.call("report", task=self.task, percent=number, note=f"n{number}")
            mixed._go(self.brokers[1 + number % 2].endpoint)  # the connection is lost, and the next one is to a follower
            self.assertEqual(mixed.call("task_get", task=self.task)["task"]["percent"], number)
            self.assertIsNotNone(mixed.as_of)

    def test_within_and_at_least_let_a_follower_answer(self):
        path = self.file_of(self.brokers[1:], self.huyen_context)
        seq = self.huyen.call("report", task=self.task, percent=7, note="x")["seq"]
        shown = self.broker.ctl_json("task", "show", f"@{self.task}", "--at-least", str(seq), context=path)
        self.assertEqual(shown["task"]["percent"], 7)
        self.broker.ctl("task", "list", "--within", "1m", context=path)
        said = self.broker.ctl("task", "list", "--within", "1m", "--at-least", str(seq + 1000), context=path, code=REFUSED)
        self.assertIn("behind: --at-least: ", said)

    def test_what_these_options_cannot_be_is_said(self):
        path = self.file_of(self.brokers, self.huyen_context)
        for words, said in ((("task", "list", "--within", "5"), "--within: `5` must be a time from 1ms to 60m: 500ms, 5s, 1m."),
                            (("task", "list", "--within", "0s"), "must be a time from 1ms"),
                            (("task", "list", "--within", "2h"), "must be a time from 1ms"),
                            (("task", "list", "--at-least", "x"), "--at-least: `x` must be a record's sequence."),
                            (("task", "accept", "@1", "--within", "5s"), "`task accept` takes no option --within"),
                            (("status", "--at-least", "5"), "`status` takes no option --at-least")):
            self.assertIn(said, self.broker.ctl(*words, context=path, code=USAGE))


class Lost(Three):
    lease = LEASE

    def test_each_of_200_changes_is_there_once_when_the_leader_is_killed_among_them(self):
        self.change_through(lambda: self.broker.end(signal.SIGKILL))

    def test_each_of_200_changes_is_there_once_when_the_leader_freezes_among_them(self):
        """Who follows names it as long as nobody else leads, and it takes connections and says nothing."""
        self.change_through(lambda: self.broker.process.send_signal(signal.SIGSTOP))
        self.broker.process.send_signal(signal.SIGCONT)
        self.assertEqual(self.broker.process.wait(60), OSFILE)
        self.broker.process = None

    def change_through(self, what_happens):
        """From Python and from coordctl, whose contexts begin with different brokers."""
        done, failures = {}, []
        half = threading.Event()

        def python():
            with Coord(dict(self.huyen_context, endpoint=self.all)) as client:
                for number in range(CHANGES):
                    if number == CHANGES // 2:
                        half.set()
                    note = f"python-{number}"
                    done[note] = client.call("report", id=note, task=self.task, percent=number % 101, note=note, timeout=PATIENT)["seq"]

        def coordctl(path):
            number = 0
            while not half.is_set() or number < 20:
                note = f"coordctl-{number}"
                done[note] = self.by_coordctl(path, note)
                number += 1

        def run(what, *arguments):
            try:
                what(*arguments)
            except BaseException as failure:
                failures.append(failure)
                half.set()

        path = self.file_of(self.brokers[::-1], self.huyen_context)
        threads = [threading.Thread(target=run, args=(python,)), threading.Thread(target=run, args=(coordctl, path))]
        for thread in threads:
            thread.start()
        self.assertTrue(half.wait(HANGS))
        what_happens()
        for thread in threads:
            thread.join(HANGS)
        self.assertEqual(failures, [])
        self.assertEqual(self.reports(), done)
        self.assertGreaterEqual(len(done), CHANGES + 20)


class Told(Three):
    def lines(self, *words, code=0, path=None):
        said = self.broker.ctl(*words, context=path or self.file_of(self.brokers[1:] + self.brokers[:1]), code=code)
        return said.splitlines()

    def test_status_has_a_line_for_each(self):
        lines = self.lines("status")
        self.assertIn(f"endpoint\t{self.broker.endpoint}", lines)
        rows = {line.split("\t")[1]: line.split("\t")[2:] for line in lines if line.startswith("broker\t")}
        self.assertEqual({endpoint: row[0] for endpoint, row in rows.items()},
                         {self.broker.endpoint: "leader", self.brokers[1].endpoint: "follower", self.brokers[2].endpoint: "follower"})
        for endpoint, (role, seq, lag, version) in rows.items():
            self.assertGreater(int(seq), 0)
            self.assertEqual(lag == "", role == "leader", endpoint)
            self.assertTrue(version)
        told = self.broker.ctl_json("status", context=self.file_of(self.brokers))["brokers"]
        self.assertEqual([one["role"] for one in told], ["leader", "follower", "follower"])
        self.assertEqual(told[1]["leader"], self.broker.endpoint)

    def test_doctor_has_a_line_for_each_and_says_who_is_not_there(self):
        lines = self.lines("doctor")
        self.assertEqual([line for line in lines if line.startswith("NOT OK")], [])
        for broker in self.brokers[1:]:
            self.assertTrue(any(line.startswith(f"ok\tbroker at {broker.endpoint} follows: record ") for line in lines), lines)
        self.assertTrue(any(line.startswith(f"ok\tbroker at {self.broker.endpoint} leads: record ") for line in lines), lines)
        self.brokers[2].end()
        lines = self.lines("doctor")  # it may be one that waits, which listens nowhere
        self.assertIn(f"look\tbroker at {self.brokers[2].endpoint}: {MAY_WAIT}", lines)
        self.assertEqual([finding["ok"] for finding in self.broker.ctl_json("doctor", context=self.file_of(self.brokers))
                          if self.brokers[2].endpoint + ": " in finding["what"]], [None])

    def test_who_knows_a_follower_alone_is_told_what_it_is(self):
        there = self.brokers[1].endpoint
        lines = self.lines("doctor", path=self.file_of(self.brokers[1:2]))
        self.assertTrue(any(re.fullmatch(f"ok\tbroker at {there} follows: record \\d+, \\S+ m?s behind at most, version \\S+", line) for line in lines), lines)
        self.assertIn(f"look\tstore: {self.broker.endpoint} leads, and does the changes; the context names a broker that follows alone", lines)
        self.assertNotIn("ok\tstore: it takes changes", lines)
        for command in ("status", "load"):
            self.assertIn("writable\tno", self.lines(command, path=self.file_of(self.brokers[1:2])))
            self.assertIs(self.broker.ctl_json(command, context=self.file_of(self.brokers[1:2]))["writable"], True)  # as the wire has it
            self.assertIn("writable\tyes", self.lines(command))

    def test_a_backup_is_the_leaders_unless_another_is_named_alone(self):
        for brokers, broker in ((self.brokers[1:] + self.brokers[:1], self.broker), (self.brokers[1:2], self.brokers[1])):
            made = self.broker.ctl_json("backup", "bản sao.db", context=self.file_of(brokers))
            self.assertTrue(made["path"].startswith(broker.store + "/"), made)
            self.assertEqual(made.get("endpoint", broker.endpoint), broker.endpoint)
            self.assertGreater(os.path.getsize(made["path"]), 0)

    def test_completion_knows_the_brokers_of_the_context(self):
        words = ("_complete", "--context", self.file_of(self.brokers), "leader", "hand-over", "--to")
        self.assertEqual(self.broker.ctl(*words, "").splitlines(), [broker.endpoint for broker in self.brokers])
        rest = self.broker.ctl(*words, "tcp", ":", "//127.0.0.1", ":").splitlines()  # as bash parts them
        self.assertEqual(rest, [broker.endpoint.rsplit(":", 1)[1] for broker in self.brokers])

    def test_doctor_says_that_nobody_leads(self):
        self.broker.end(signal.SIGKILL)
        lines = self.lines("doctor", code=REFUSED)
        self.assertIn("NOT OK\tnobody leads: changes wait, and no deadline fires", lines)
        said = self.broker.ctl("status", context=self.file_of(self.brokers), code=REFUSED)
        self.assertIn("not_leader: ", said)
        self.assertIn(f"broker\t{self.brokers[1].endpoint}\tfollower\t", said)
        self.assertIn(f"broker\t{self.broker.endpoint}\tnot reached\t", said)


if __name__ == "__main__":
    unittest.main()
