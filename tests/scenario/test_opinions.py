"""What a lead asks others their opinion of, and circulars: from the command line and through the Python client."""
import hashlib
import json
import os
import unittest

from standing_clock import StandingClock

WHAT = "Phương án đền bù"


class Opinions(StandingClock):
    """tinh over huyen, so-tc and so-tnmt; huyen over two xa. xa-1 leads a task of huyen's."""

    tree = (("huyen", "tinh"), ("so-tc", "tinh"), ("so-tnmt", "tinh"), ("xa-1", "huyen"), ("xa-2", "huyen"))

    def setUp(self):
        super().setUp()
        self.ctl("huyen", "task", "assign", "--to", "xa-1", "--reference", "HT-1", "--title", "Giải phóng mặt bằng",
                 "--policy", "directive", "--due", "2024-06-28")
        self.ctl("xa-1", "task", "accept", "HT-1")

    def ask(self, *words, due="3wd"):
        """Asks so-tc and so-tnmt, and returns the number of the question as coordctl prints it."""
        return self.ctl("xa-1", "opinion", "ask", "HT-1", "--to", "so-tc", "--to", "so-tnmt", "--due", due, "--note", WHAT,
                        *words).split("\t")[-1].strip()

    def values(self, name, agency="xa-1", reference="HT-1"):
        lines = [line.split("\t", 1) for line in self.ctl(agency, "task", "show", reference).splitlines()]
        return [value for label, value in lines if label == name]

    def heard(self, agency, notice):
        """The first notification of that sort."""
        return next(self.client(agency).stream(start=0, notices=[notice]))

    # ---- consultation ----

    def test_one_answers_and_one_is_silent_and_the_lead_sees_both(self):
        self.refused("task_unknown", "task", self.client("so-tc").call, "task_get", task=1)
        number = self.ask()
        self.assertRegex(number, r"^\d+$")
        self.assertIn("opinion ask", self.values("may")[0])
        self.assertEqual(self.values("may", "so-tc"), ["comment,opinion give"])
        self.assertIn(f"xa-1 asks for an opinion by 2024-06-13: {WHAT}; coordctl opinion give HT-1 --answer OUTCOME --note TEXT",
                      self.ctl("so-tc", "inbox"))
        listed = self.ctl("so-tc", "opinion", "list").splitlines()
        self.assertEqual(len(listed), 1)
        self.assertEqual(listed[0].split("\t")[0:6], ["HT-1", "Giải phóng mặt bằng", "xa-1", "2024-06-13", "so-tc", "asked"])
        self.assertEqual(self.heard("so-tc", "consulted")["reason"],
                         "xa-1 asks for opinions on HT-1 by 2024-06-13 from so-tc, so-tnmt.")
        path = os.path.join(self.broker.directory, "y-kien.pdf")
        with open(path, "wb") as file:
            file.write(b"%PDF-1.4 y kien")
        self.assertIn("needs --answer", self.ctl("so-tc", "opinion", "give", "HT-1", "--note", "Được", code=2))
        self.ctl("so-tc", "opinion", "give", "HT-1", "--answer", "agreed_in_part", "--note", "Bổ sung dự toán",
                 "--evidence", path)
        again = ("--answer", "agreed", "--note", "Đồng ý")
        for agency in ("so-tc", "xa-2"):  # the same words to whom it was never put
            self.assertIn("there is no task `HT-1` that this agency may read; one on which its opinion was given, or withdrawn, is not "
                          "shown to it any more", self.ctl(agency, "opinion", "give", "HT-1", *again, code=3))
        self.assertEqual(self.ctl("so-tc", "opinion", "list"), "")
        told = self.heard("xa-1", "opined")
        self.assertEqual((told["answer"], told["note"], told["evidence_files"][0]["sha256"]),
                         ("agreed_in_part", "Bổ sung dự toán", hashlib.sha256(b"%PDF-1.4 y kien").digest()))
        self.later("2024-06-18T09:00")
        late = self.heard("xa-1", "overdue")
        self.assertEqual((late["record"], late["reason"]),
                         ("unanswered", "No opinion on HT-1, asked for by 2024-06-13, came from so-tnmt: the lead may go on without."))
        self.assertEqual(self.heard("so-tnmt", "overdue")["seq"], late["seq"])
        given, silent = self.values("opinion")
        self.assertRegex(given, rf"^{number}\tso-tc\tagreed_in_part 2024-06-10 09:\d\d: Bổ sung dự toán; with y-kien.pdf$")
        self.assertEqual(silent, f"{number}\tso-tnmt\tsilent for 3 working days")
        self.assertEqual(self.values("question"), [f"{number}: xa-1 asks by 2024-06-13: {WHAT}"])
        # late, it is taken all the same, and stays late
        self.ctl("so-tnmt", "opinion", "give", "HT-1", "--answer", "refused", "--note", "Chưa đủ hồ sơ")
        self.assertRegex(self.values("opinion")[1], r"refused 2024-06-18 09:\d\d, late by 3 working days: Chưa đủ hồ sơ$")
        history = self.ctl("xa-1", "task", "history", "HT-1")
        self.assertIn(f"asked for opinions from so-tc, so-tnmt, by 2024-06-13 (question {number})", history)
        self.assertIn(f"no opinion came from so-tnmt (question {number})", history)
        self.assertIn(f"gave its opinion: refused (question {number})", history)
        tallies = {tally["lead"]: tally for tally in self.admin.call("summary")["tallies"]}
        self.assertEqual(tallies["so-tnmt"]["silent"], 1)
        self.assertNotIn("so-tc", tallies)

    def test_silence_is_put_on_record_once_across_restarts(self):
        self.ask()
        self.later("2024-06-20T09:00")
        for _ in range(3):
            self.broker.restart()
        records = self.client("xa-1").call("task_history", task=1)["records"]
        self.assertEqual([record["record"] for record in records].count("unanswered"), 1)

    def test_whoever_gave_its_opinion_reads_what_it_was_shown_and_no_more(self):
        self.ask()
        so_tc = self.client("so-tc")
        so_tc.call("opine", task=1, question=self.client("xa-1").call("task_get", task=1)["task"]["questions"][0]["question"],
                   answer="agreed", note="Đồng ý")
        self.ctl("xa-1", "task", "report", "HT-1", "--percent", "40", "--note", "Sau đó")
        self.refused("task_unknown", "task", so_tc.call, "task_get", task=1)
        shown = so_tc.call("task_history", task=1)["records"]
        whole = self.client("xa-1").call("task_history", task=1)["records"]
        self.assertEqual(shown[0]["action"], "opine")
        self.assertEqual(shown, whole[1:])
        self.refused("task_unknown", "task", self.client("xa-2").call, "task_history", task=1)

    def test_a_question_is_taken_back_of_one_and_then_of_all(self):
        number = self.ask()
        self.ctl("xa-1", "opinion", "recall", "HT-1", "--to", "so-tc")
        self.assertEqual(self.heard("so-tc", "taken_back")["reason"], "xa-1 took back a question about HT-1.")
        self.assertEqual(self.ctl("so-tc", "opinion", "list"), "")
        self.ctl("xa-1", "opinion", "recall", "HT-1", "--question", number)
        said = self.ctl("xa-1", "opinion", "recall", "HT-1", "--question", number, code=3)
        self.assertIn("question_unknown", said)
        self.assertIn("coordctl opinion list HT-1", said)
        rows = [line.split("\t")[4:6] for line in self.ctl("xa-1", "opinion", "list", "HT-1").splitlines()]
        self.assertEqual([(agency, said.split()[0]) for agency, said in rows], [("so-tc", "withdrawn"), ("so-tnmt", "withdrawn")])

    def test_an_inbox_has_a_decision_and_an_opinion_on_one_task(self):
        self.ctl("xa-1", "request", "extension", "HT-1", "--due", "2024-07-05", "--note", "Mưa lũ")
        self.ctl("xa-1", "opinion", "ask", "HT-1", "--to", "huyen", "--due", "3wd", "--note", WHAT)
        (waits,) = self.ctl("huyen", "inbox").splitlines()
        self.assertIn("coordctl request grant HT-1", waits)
        self.assertIn("coordctl opinion give HT-1", waits)

    def test_two_questions_are_told_apart(self):
        first, second = self.ask(), self.ask(due="2024-06-20")
        said = self.ctl("so-tc", "opinion", "give", "HT-1", "--answer", "agreed", "--note", "Đồng ý", code=2)
        self.assertIn(f"{first}, {second}; say which", said)
        self.assertIn(f"--question {second}", self.ctl("so-tc", "inbox"))
        self.ctl("so-tc", "opinion", "give", "HT-1", "--question", second, "--answer", "agreed", "--note", "Đồng ý")
        self.assertEqual(len(self.ctl("xa-1", "opinion", "list", "--asked").splitlines()), 3)

    def test_who_is_not_to_be_asked_is_named(self):
        lead = self.client("xa-1")
        self.refused("bad_value", "agencies[0]", lead.call, "consult", task=1, agencies=["xa-1"], due="3wd", note=WHAT)
        self.refused("agency_unknown", "agencies[1]", lead.call, "consult", task=1, agencies=["so-tc", "khong"], due="3wd", note=WHAT)
        self.refused("due_in_past", "due", lead.call, "consult", task=1, agencies=["so-tc"], due="2024-06-01", note=WHAT)
        self.refused("not_authorised", "task", self.client("huyen").call, "consult", task=1, agencies=["so-tc"], due="3wd", note=WHAT)
        self.ask()
        self.refused("bad_value", "answer", self.client("so-tc").call, "opine", task=1,
                     question=lead.call("task_get", task=1)["task"]["questions"][0]["question"], answer="passed_on", note="Không rõ")

    def test_completion_offers_the_tasks_on_which_an_opinion_is_owed(self):
        self.assertEqual(self.ctl("so-tc", "_complete", "opinion", "give", "HT"), "")
        self.ask()
        self.assertEqual(self.ctl("so-tc", "_complete", "opinion", "give", "HT"), "HT-1\n")
        self.assertEqual(self.ctl("so-tc", "_complete", "opinion", "ask", "HT"), "")

    def test_a_dry_run_asks_nobody(self):
        self.assertIn("would be", self.ctl("xa-1", "opinion", "ask", "HT-1", "--to", "so-tc", "--due", "3wd", "--note", WHAT, "--dry-run"))
        self.assertEqual(self.ctl("so-tc", "opinion", "list"), "")

    # ---- circulars ----

    def circulate(self):
        self.ctl("huyen", "task", "assign", "--kind", "circular", "--to", "xa-1", "--to", "xa-2", "--reference", "TB-12",
                 "--title", "Thông báo kết luận", "--due", "2wd", "--policy", "directive")

    def test_a_circular_is_read_by_accepting_it_and_one_view_says_who_has(self):
        self.circulate()
        self.assertIn("a circular: read it, then coordctl task accept TB-12/xa-1", self.ctl("xa-1", "inbox"))
        self.ctl("xa-1", "task", "accept", "TB-12/xa-1", "--note", "Đã quán triệt")
        self.assertEqual(self.values("state", reference="TB-12/xa-1"), ["completed"])
        self.assertNotIn("TB-12", self.ctl("xa-1", "inbox"))
        self.later("2024-06-17T09:00")
        rows = [line.split("\t") for line in self.ctl("huyen", "circular", "TB-12").splitlines()]
        self.assertEqual([row[0] for row in rows], ["xa-1", "xa-2"])
        self.assertRegex(rows[0][1], r"^2024-06-10 09:\d\d$")
        self.assertEqual((rows[0][2:4], rows[1][1:4]),
                         (["2024-06-12", "on_time"], ["", "2024-06-12", "overdue since 2024-06-13 00:00"]))
        view = self.broker.ctl_json("circular", "huyen:TB-12")
        self.assertEqual([view[name] for name in ("sent", "read", "late", "unread", "overdue", "withdrawn")], [2, 1, 0, 1, 1, 0])
        self.assertEqual([task["lead"] for task in view["tasks"]], ["xa-1", "xa-2"])
        self.assertEqual(json.loads(self.ctl("huyen", "circular", "TB-12", "--json"))["partial"], False)
        self.assertIn("\n1 of 2 has read it; 1 has not", self.ctl("huyen", "circular", "TB-12", "--table"))
        own = json.loads(self.ctl("xa-1", "circular", "huyen:TB-12", "--json"))  # a lead reads its own alone
        self.assertEqual((own["partial"], own["sent"], own["read"]), (True, 1, 1))
        self.assertIn("\nOf those that this agency may see, 1 of 1 has read it.", self.ctl("xa-1", "circular", "huyen:TB-12", "--table"))
        told = [record.get("notice") for record in self.client("huyen").call("task_history", task=3)["records"]]
        self.assertIn("escalated", told) # the ladder is any task's
        self.client("xa-2").call("accept", task=3)
        self.assertEqual(self.client("huyen").call("task_get", task=3)["task"]["timeliness"], "late")
        self.assertEqual(self.broker.ctl_json("circular", "huyen:TB-12")["late"], 1)

    def test_a_program_sends_a_circular_and_sees_who_has_read_it(self):
        huyen, xa = self.client("huyen"), self.client("xa-1")
        huyen.call("assign", reference="TB-13", leads=["xa-1", "xa-2"],
                   content={"kind": "circular", "title": "Thông báo kết luận", "due": "2wd"})
        own, = xa.pages("task_list", agency="xa-1", roles=["lead"], kinds=["circular"])
        self.assertEqual((own["reference"], own["state"]), ("TB-13/xa-1", "assigned"))
        self.refused("wrong_state", "task", xa.call, "submit", task=own["task"])
        xa.call("accept", task=own["task"], note="Đã quán triệt")
        self.refused("wrong_state", "task", xa.call, "accept", task=own["task"])
        self.later("2024-06-17T09:00")
        sent = {task["lead"]: (task["state"], task["timeliness"]) for task in self.client("huyen").pages("task_list", kinds=["circular"])}
        self.assertEqual(sent, {"xa-1": ("completed", "on_time"), "xa-2": ("assigned", "overdue")})

    def test_what_is_no_circular_is_told_so(self):
        self.assertIn("no circular HT-1", self.ctl("huyen", "circular", "HT-1", code=3))


if __name__ == "__main__":
    unittest.main()
