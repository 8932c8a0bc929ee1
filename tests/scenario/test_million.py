"""A million open tasks in a real broker: they load, their pages are served, and a crash brings them back."""
import json
import signal
import unittest

import msgpack

from harness import PRESETS, Scenario

LEADS = 250
REQUESTS = 4000  # × LEADS = 1,000,000 tasks: one request gives a task to each child of an agency
IN_FLIGHT = 16
TITLE = "Rà soát, bổ sung quy hoạch sử dụng đất và hồ sơ giao đất khu vực "


class Million(Scenario):
    def set_up_agencies(self):
        with open(f"{PRESETS}/policies.json", encoding="utf-8") as file:
            policies = {policy["policy"]: policy for policy in json.load(file)["policies"]}
        self.admin.call("policy_set", policy=policies["directive"])
        agencies = [("agency_set", {"agency": {"agency": f"xa-{number}", "name": f"Xã {number}", "parent": "huyen"}})
                    for number in range(LEADS)]
        self.assertTrue(all(reply["op"] == "reply" for reply in self.admin.batch(agencies)))

    def give(self, number):
        content = {"title": f"{TITLE}{number:04}", "due": f"{10 + number % 200}wd"}
        self.admin.send_frame(msgpack.packb({"op": "assign", "id": f"giao-{number}", "reference": f"HT-{number:04}",
                                             "children_of": "huyen", "policy": "directive", "content": content}))

    def give_a_million(self):
        for number in range(REQUESTS + IN_FLIGHT):
            if number < REQUESTS:
                self.give(number)
            if number >= IN_FLIGHT:
                self.assertEqual(self.admin._receive(60)["op"], "reply")

    def serves_pages(self):
        lines = self.broker.ctl("task", "list", "--limit", "2500").splitlines()
        self.assertEqual(len(lines), 2500)
        found = self.broker.ctl("task", "list", "--search", "ho so giao dat", "--agency", "xa-7", "--limit", "1200")
        self.assertEqual(len(found.splitlines()), 1200)
        last = self.broker.ctl_json("task", "show", f"HT-{REQUESTS - 1:04}/xa-{LEADS - 1}")["task"]
        self.assertEqual((last["state"], last["lead"]), ("assigned", f"xa-{LEADS - 1}"))

    def test_a_million_open_tasks_are_served_and_outlive_a_crash(self):
        self.set_up_agencies()
        before = self.admin.call("status")["resident_bytes"]
        self.give_a_million()
        status = self.admin.call("status")
        self.assertEqual((status["tasks"], status["open_tasks"]), (LEADS * REQUESTS, LEADS * REQUESTS))
        self.serves_pages()
        self.broker.restart(signal.SIGKILL)
        self.assertEqual(self.admin.call("status")["open_tasks"], LEADS * REQUESTS)
        self.serves_pages()
        each = (self.admin.call("status")["resident_bytes"] - before) / (LEADS * REQUESTS)
        print(f"measured  {LEADS * REQUESTS} open tasks in a broker that was killed and started again: "
              f"{each:.0f} bytes of its memory for each")


if __name__ == "__main__":
    unittest.main()
