"""What each agency costs the broker, all its keys and connections together."""
import json
import unittest

from harness import Scenario


class Accounts(Scenario):
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
        shown = self.broker.ctl("status", "--by-agency", "--limit", "1").splitlines()
        self.assertEqual([line.split("\t")[:3:2] for line in shown], [["huyen", "200"]])
        status = json.loads(self.broker.ctl("status", "--by-agency", "--json"))
        self.assertEqual([account["agency"] for account in status["accounts"]], ["huyen", "tinh"])


if __name__ == "__main__":
    unittest.main()
