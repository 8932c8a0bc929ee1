"""Parts of a task: their weights, how far they are together, and what is handed in over those that are open. What a task waits for:
who may say so, what is refused as a circle, and who is told when it is overdue because of it."""
import json
import os
import unittest

from harness import PRESETS, Broker, Client, CoordError
from screen import Screen
from standing_clock import StandingClock

REASON = "Hai xã còn lại xong trong tháng 7"


class Parts(unittest.TestCase):
    """tinh gives so a task; so gives parts of it to xa1 and xa2."""

    def setUp(self):
        self.broker = Broker()
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.admin = self.broker.client()
        self.addCleanup(self.admin.close)
        self.broker.ctl("apply", "-f", os.path.join(PRESETS, "calendar-vn.json"))
        self.contexts = {agency: self.broker.agency(self.admin, agency, parent="tinh") for agency in ("so", "xa1", "xa2")}
        self.broker.ctl("task", "assign", "--to", "so", "--reference", "HT-1", "--title", "Rà soát quỹ đất",
                        "--due", "2099-06-26")

    def ctl(self, agency, *arguments, code=0):
        path = os.path.join(self.broker.directory, agency + ".context")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in self.contexts[agency].items())
        os.chmod(path, 0o600)
        return self.broker.ctl(*arguments, context=path, code=code)

    def part(self, lead, reference, *more, code=0):
        return self.ctl("so", "task", "assign", "--to", lead, "--reference", reference, "--title", "Đo đạc",
                        "--parent", "tinh:HT-1", *more, code=code)

    def shown(self, agency, task):
        return json.loads(self.ctl(agency, "--json", "task", "show", task))["task"]

    def test_progress_rolls_up_by_weight_beside_what_the_lead_reports(self):
        self.part("xa1", "P-1", "--weight", "3", "--due", "2099-06-20")
        self.part("xa2", "P-2")
        self.assertIn("weight", self.part("xa2", "P-3", "--weight", "1001", code=2))
        refused = self.ctl("so", "task", "assign", "--to", "xa1", "--reference", "R", "--title", "Đo", "--weight", "2", code=2)
        self.assertIn("Only a part has a weight", refused)
        self.ctl("xa1", "task", "accept", "so:P-1")
        self.ctl("xa1", "task", "report", "so:P-1", "--percent", "50")
        self.ctl("so", "task", "accept", "HT-1")
        self.ctl("so", "task", "report", "HT-1", "--percent", "20")
        whole = self.shown("so", "HT-1")
        self.assertEqual((whole["percent"], whole["parts_percent"], whole["open_parts"]), (20, 37, 2))
        self.assertEqual(self.shown("so", "P-1")["weight"], 3)
        self.ctl("so", "task", "amend", "P-1", "--weight", "1")
        self.ctl("so", "task", "cancel", "P-2", "--note", "Không cần nữa")
        self.broker.restart()
        with Client(self.contexts["so"]) as so:  # in a list as well, after a restart
            listed = so.call("task_list", reference="HT-1")["tasks"][0]
        self.assertEqual((listed["parts_percent"], listed["open_parts"]), (50, 1))
        self.assertIn("parts_percent\t50", self.ctl("so", "task", "show", "HT-1"))

    def test_parts_are_given_and_listed_under_their_whole_and_never_due_after_it(self):
        given = self.ctl("so", "part", "give", "HT-1", "--to", "xa1,xa2", "--reference", "P-1", "--title", "Đo đạc", "--weight", "3",
                         "--due", "2099-06-19")
        self.assertEqual([line.split("\t")[0] for line in given.splitlines()], ["P-1/xa1", "P-1/xa2"])
        late = self.ctl("so", "part", "give", "HT-1", "--to", "xa1", "--reference", "P-2", "--title", "Lập hồ sơ", "--due", "2099-06-29",
                        code=5)
        self.assertIn("due_after_parent: --due", late)
        with Client(self.contexts["so"]) as so:
            content = {"title": "Lập hồ sơ", "parent": 1, "due": "2099-06-29"}
            for call in (("assign", {"reference": "P-2", "leads": ["xa1"], "content": content}),
                         ("amend", {"task": 2, "content": {"due": "2099-06-29"}})):
                with self.assertRaises(CoordError) as refused:
                    so.call(call[0], **call[1])
                self.assertEqual((refused.exception.name, refused.exception.field), ("due_after_parent", "content.due"))
            so.call("assign", reference="P-2", leads=["xa1"], content=dict(content, due="2099-06-26"))
            self.assertEqual([part["reference"] for part in so.pages("task_list", parent=1)], ["P-1/xa1", "P-1/xa2", "P-2"])
        self.ctl("xa2", "task", "accept", "so:P-1/xa2")
        listed = [line.split("\t") for line in self.ctl("so", "part", "list", "HT-1").splitlines()]
        self.assertEqual([(line[0], line[2], line[3], line[7]) for line in listed],
                         [("P-1/xa1", "xa1", "assigned", "3"), ("P-1/xa2", "xa2", "accepted", "3"), ("P-2", "xa1", "assigned", "")])
        self.assertEqual(len(json.loads(self.ctl("xa2", "--json", "part", "list", "@1"))), 1)  # its own alone
        self.assertIn("needs --reference", self.ctl("so", "part", "give", "HT-1", "--to", "xa1", "--title", "Đo", code=2))

    def test_a_whole_is_handed_in_and_confirmed_over_open_parts_with_a_reason_that_stays(self):
        self.part("xa1", "P-1")
        self.ctl("so", "task", "accept", "HT-1")
        self.assertIn("`P-1` (task 2) first", self.ctl("so", "task", "submit", "HT-1", code=5))
        with Client(self.contexts["so"]) as so:
            with self.assertRaises(CoordError) as refused:
                so.call("submit", task=1, note=" ")
            self.assertEqual((refused.exception.name, refused.exception.field), ("open_parts", "note"))
        self.ctl("so", "task", "submit", "HT-1", "--note", REASON)
        self.broker.ctl("task", "confirm", "HT-1", code=5)
        self.broker.ctl("task", "confirm", "HT-1", "--note", "Đồng ý")
        history = self.broker.ctl("task", "history", "HT-1")
        self.assertIn("over 1 open part", history)
        self.assertIn(REASON, history)
        records = [record for record in self.admin.call("task_history", task=1)["records"] if record.get("open_parts")]
        self.assertEqual([(record["action"], record["open_parts"], record["note"]) for record in records],
                         [("confirm", 1, "Đồng ý"), ("submit", 1, REASON)])
        whole = self.shown("so", "HT-1")
        self.assertEqual((whole["note"], whole["assigner_note"], whole["open_parts"]), (REASON, "Đồng ý", 1))


class Waiting(StandingClock, Screen):
    """huyen over three xa, each with a task under the preset for directives; ngoai stands for itself."""

    tree = (("huyen", "tinh"), ("xa-1", "huyen"), ("xa-2", "huyen"), ("xa-3", "huyen"), ("ngoai", ""))

    def setUp(self):
        super().setUp()
        for number, due in ((1, "2024-06-14"), (2, "2024-06-20"), (3, "2024-06-28")):
            self.ctl("huyen", "task", "assign", "--to", f"xa-{number}", "--reference", f"HT-{number}", "--title", "Rà soát",
                     "--policy", "directive", "--due", due)
            self.ctl(f"xa-{number}", "task", "accept", f"HT-{number}")

    def test_a_task_is_held_up_until_the_others_end_and_nothing_waits_for_itself(self):
        self.ctl("huyen", "task", "amend", "HT-1", "--waits-for", "HT-2", "--waits-for", "HT-3")
        self.ctl("huyen", "task", "amend", "HT-2", "--waits-for", "HT-3")
        refused = self.ctl("huyen", "task", "amend", "HT-3", "--waits-for", "HT-1", code=5)
        self.assertIn("waits_for_itself: --waits-for", refused)
        self.assertIn("it → `HT-1` → it", refused)
        self.assertIn("next: coordctl task list --waiting", refused)
        huyen = self.client("huyen")
        self.refused("waits_for_itself", "content.waits_for[0]", huyen.call, "amend", task=3, content={"waits_for": [2]})
        self.refused("waits_for_itself", "content.waits_for", huyen.call, "amend", task=3, content={"waits_for": [3]})
        self.refused("bad_value", "content.waits_for[1]", huyen.call, "amend", task=3, content={"waits_for": [2, 2]})
        self.refused("out_of_range", "content.waits_for", huyen.call, "amend", task=3, content={"waits_for": list(range(1, 18))})
        self.refused("task_unknown", "content.waits_for[0]", self.client("ngoai").call, "assign", reference="N", leads=["ngoai"],
                     content={"title": "Việc", "waits_for": [1]})
        self.refused("not_authorised", "task", self.client("xa-1").call, "amend", task=1, content={"waits_for": []})
        listed = self.ctl("huyen", "task", "list", "--waiting").splitlines()
        self.assertEqual([line.split("\t")[0] for line in listed], ["HT-1", "HT-2"])
        shown = self.ctl("huyen", "task", "show", "HT-1")
        self.assertIn("held_up\tHT-2 (xa-2, accepted), HT-3 (xa-3, accepted)\n", shown)
        self.assertIn("held_up\t@2, @3\n", self.ctl("xa-1", "task", "show", "HT-1"))  # which are none of its business
        self.ctl("huyen", "task", "cancel", "HT-2", "--note", "Thôi")
        page = self.screen("task", "show", "HT-1", context=self.files["huyen"])
        self.assertRegex(page, r"held up by +HT-3 \(xa-3, accepted\)")
        self.assertRegex(page, r"no longer by +HT-2\n")
        self.broker.restart()
        self.assertEqual(huyen.call("task_get", task=1)["task"]["held_up"], [3])
        self.refused("waits_for_itself", "content.waits_for[0]", huyen.call, "amend", task=3, content={"waits_for": [1]})
        self.ctl("huyen", "task", "amend", "HT-1", "--waits-for", "")
        self.assertEqual(self.ctl("huyen", "task", "list", "--waiting"), "")

    def test_who_holds_the_chain_of_a_task_that_is_overdue_is_told_so(self):
        self.ctl("huyen", "task", "amend", "HT-1", "--waits-for", "HT-2")
        self.ctl("huyen", "task", "amend", "HT-2", "--waits-for", "HT-3")
        self.later("2024-06-17T09:00")
        told = next(self.client("xa-3").stream(start=0, notices=["escalated"]))
        self.assertEqual((told["task"], told["chain"], told["holder"]), (1, ["HT-2", "HT-3"], "xa-3"))
        self.assertIn("It is held up by HT-2, that by HT-3, which xa-3 has.", told["reason"])
        self.assertNotIn("xa-3", told["addressed"])
        self.refused("task_unknown", "task", self.client("xa-3").call, "task_get", task=1)
        self.assertIn("held up by HT-2, HT-3, which xa-3 has", self.ctl("huyen", "task", "history", "HT-1"))


if __name__ == "__main__":
    unittest.main()
