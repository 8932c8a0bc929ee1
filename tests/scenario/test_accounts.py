"""What each agency costs the broker, all its keys and connections together."""
import json
import unittest
from unittest import mock

from harness import CoordError, Scenario


class Accounts(Scenario):
    def setUp(self):
        super().setUp()
        once = mock.patch("coord.RESEND_SECONDS", 120)  # each request is to be counted once, on a busy machine too
        once.start()
        self.addCleanup(once.stop)

    def accounts(self, count=256):
        return {account.pop("agency"): account for account in self.admin.call("status", accounts=count)["accounts"]}

    def test_an_agency_has_one_account_for_all_its_connections(self):
        self.assertNotIn("accounts", self.admin.call("status"))
        task = self.assign("huyen", "HT-1")
        others = [self.client(self.huyen_context) for _ in range(3)]
        for client in others:
            client.call("task_get", task=task)
        self.huyen.call("subscribe", credit=1)
        with self.assertRaises(Exception):
            others[0].call("task_get", task=99)
        before = self.accounts()
        self.assertEqual((before["huyen"]["connections"], before["huyen"]["streams"]), (4, 1))
        self.assertEqual((before["huyen"]["requests"], before["huyen"]["refused"]), (5, 1))
        self.huyen.batch([("comment", {"task": task, "note": "y" * 3000}) for _ in range(200)])
        after = self.accounts()
        self.assertEqual(after["huyen"]["requests"], 205)
        self.assertGreater(after["huyen"]["cost_ms"], before["huyen"]["cost_ms"])
        self.assertEqual((after["huyen"]["unsent_bytes"], after["huyen"]["reads_waiting"]), (0, 0))
        self.assertEqual((after["huyen"]["tasks"], after["tinh"]["tasks"], after["huyen"]["consumers"]), (0, 1, 0))
        self.assertGreater(after["huyen"]["written_bytes"], 200 * 3000)
        for client in others:
            client.close()
        while self.accounts()["huyen"]["connections"] != 1:
            pass

    def test_those_that_cost_the_most_are_shown_first(self):
        task = self.assign("huyen", "HT-1")
        self.huyen.batch([("comment", {"task": task, "note": "y" * 3000}) for _ in range(200)])
        names = [line.split("\t")[0] for line in self.broker.ctl("load").splitlines()]
        self.assertEqual(len(names), len(set(names)), names)  # those of the broker, and those of one's own agency
        self.assertIn("own_requests", names)
        shown = self.broker.ctl("status", "--by-agency", "--limit", "1").splitlines()
        self.assertEqual([line.split("\t")[:3:2] for line in shown], [["huyen", "200"]])
        status = json.loads(self.broker.ctl("status", "--by-agency", "--json"))
        self.assertEqual([account["agency"] for account in status["accounts"]], ["huyen", "tinh"])

    def test_how_many_are_shown_is_asked_for_with_those_that_are_shown(self):
        said = self.broker.ctl("status", "--limit", "5", code=2)
        self.assertIn("bad_argument: --limit: it says how many agencies are shown, and goes with --by-agency", said)
        said = self.broker.ctl("status", "--by-agency", "--limit", "257", code=2)
        self.assertIn("out_of_range: --limit: the broker tells at most 256 accounts, and 257 is more", said)
        self.assertEqual(len(self.broker.ctl("status", "--by-agency", "--limit", "256").splitlines()), 1)

    def test_the_verdict_on_a_dry_run_is_no_refusal(self):
        """A file that is tried is found wrong a hundred times: nothing was refused to anybody, and what it cost is counted."""
        task = self.assign("huyen", "HT-1")
        for reference, fields in (("HT-1", {}), ("T-2", {"parent": 99}), ("T-3", {})):
            try:
                self.admin.call("assign", reference=reference, leads=["so"], content=dict(fields, title="Việc"), dry_run=True)
            except CoordError as error:
                self.assertIn(error.name, ("reference_taken", "task_unknown"))
        tried = self.accounts()["tinh"]
        self.assertEqual((tried["tried"], tried["refused"]), (3, 0))
        replies = self.admin.batch([("cancel", {"task": task, "note": "x"}), ("confirm", {"task": task}), ("task_get", {"task": 99})], dry_run=True)
        self.assertEqual(["error" in one for one in replies], [False, True, True])
        self.assertEqual((self.accounts()["tinh"]["tried"], self.accounts()["tinh"]["refused"]), (5, 1))  # a read is none
        with self.assertRaises(CoordError):
            self.admin.call("confirm", task=task)
        whole = self.admin.call("status", accounts=1)
        self.assertEqual((whole["tried"], whole["refused"]), (5, 2))
        self.assertEqual(whole["accounts"][0]["tried"], 5)
        self.assertEqual(self.broker.ctl("status", "--by-agency", "--limit", "1").split("\t")[3::10], ["2", "5\n"])


if __name__ == "__main__":
    unittest.main()
