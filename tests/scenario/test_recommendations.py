"""A recommendation goes up, is passed on, and ends with an answer or with a silence that is on record."""
import unittest

from standing_clock import StandingClock

ASKS = "Bố trí vốn sửa kênh"


class Recommending(StandingClock):
    """xa under huyen under tinh, with so beside huyen."""

    tree = (("huyen", "tinh"), ("so", "tinh"), ("xa", "huyen"))

    def recommend(self, by, to, reference, *words):
        return self.ctl(by, "task", "assign", "--kind", "recommendation", "--to", to, "--reference", reference,
                        "--title", ASKS, *words)

    def shown(self, agency, reference, *more):
        return dict(line.split("\t", 1) for line in self.ctl(agency, "task", "show", reference, *more).splitlines())

    def heard(self, agency, notice):
        """The first notification of that sort."""
        return next(self.client(agency).stream(start=0, notices=[notice]))

    def test_an_answer_closes_it_and_whoever_made_it_hears_and_confirms_nothing(self):
        self.recommend("xa", "huyen", "KN-1")
        self.assertIn("answer", self.shown("huyen", "KN-1")["may"].split(","))
        self.assertIn("a recommendation: coordctl task answer KN-1 --answer OUTCOME --note TEXT", self.ctl("huyen", "inbox"))
        self.ctl("huyen", "task", "answer", "KN-1", "--answer", "agreed_in_part", "--note", "Bố trí một nửa")
        shown = self.shown("xa", "KN-1")
        self.assertEqual((shown["state"], shown["answer"], shown["note"]), ("completed", "agreed_in_part", "Bố trí một nửa"))
        self.assertEqual(shown["may"], "comment")
        told = self.heard("xa", "answered")
        self.assertEqual((told["answer"], told["note"], told["reason"]),
                         ("agreed_in_part", "Bố trí một nửa", "huyen answered KN-1: agreed_in_part."))
        self.assertIn("answered it: agreed_in_part\tBố trí một nửa", self.ctl("xa", "task", "history", "KN-1"))

    def test_what_is_passed_on_says_to_whom_and_follows_the_one_before(self):
        self.recommend("xa", "huyen", "KN-1")
        self.ctl("huyen", "task", "answer", "KN-1", "--answer", "passed_on", "--to", "so",
                 "--note", "Thuộc thẩm quyền của sở")
        self.assertEqual(self.shown("xa", "KN-1")["passed_to"], "so")
        first = self.shown("xa", "KN-1")["task"]
        self.recommend("huyen", "so", "KN-2", "--follows", "KN-1")
        self.assertEqual(self.shown("huyen", "KN-2")["follows"], first)
        self.assertEqual(self.shown("so", "KN-2")["follows"], first)
        self.client("so").call("answer", task=2, answer="refused", note="Chưa cân đối được vốn")
        self.assertEqual(self.shown("huyen", "KN-2")["answer"], "refused")
        page = self.ctl("huyen", "report", "--tasks", "--table")
        self.assertRegex(page, r"KN-1 +huyen +passed_on +")
        self.assertRegex(page, r"KN-2 +so +refused +")

    def test_an_answer_says_what_and_why_and_is_of_a_recommendation_alone(self):
        self.recommend("xa", "huyen", "KN-1")
        so, huyen, xa = self.client("so"), self.client("huyen"), self.client("xa")
        self.refused("missing_field", "to", huyen.call, "answer", task=1, answer="passed_on", note="x")
        self.refused("bad_value", "to", huyen.call, "answer", task=1, answer="agreed", note="x", to="so")
        self.refused("bad_value", "to", huyen.call, "answer", task=1, answer="passed_on", note="x", to="huyen")
        self.refused("agency_unknown", "to", huyen.call, "answer", task=1, answer="passed_on", note="x", to="nobody")
        self.admin.call("agency_set", agency={"agency": "cu", "name": "Sở cũ", "parent": "tinh", "valid_until": 1})
        self.refused("not_assignable", "to", huyen.call, "answer", task=1, answer="passed_on", note="x", to="cu")
        self.refused("missing_field", "note", huyen.call, "answer", task=1, answer="agreed")
        self.refused("not_authorised", "task", xa.call, "answer", task=1, answer="agreed", note="x")
        self.refused("task_unknown", "task", so.call, "answer", task=1, answer="agreed", note="x")
        self.admin.call("assign", reference="CV-1", leads=["huyen"], content={"title": "Rà soát quỹ đất", "kind": "directive"})
        may = self.shown("huyen", "CV-1")["may"].split(",")
        self.assertNotIn("answer", may)
        self.assertNotIn("request take-back", may)
        huyen.call("ask", task=2, asking="return", note="x")
        self.assertIn("request take-back", self.shown("huyen", "CV-1")["may"].split(","))
        self.refused("bad_value", "task", huyen.call, "answer", task=2, answer="agreed", note="x")
        self.refused("bad_value", "content.follows", xa.call, "amend", task=1, content={"follows": 1})
        self.refused("task_unknown", "content.follows", xa.call, "amend", task=1, content={"follows": 2})
        self.assertEqual(self.shown("xa", "KN-1")["state"], "assigned")

    def test_a_word_that_is_a_request_and_a_field_is_told_as_what_is_meant(self):
        self.recommend("xa", "huyen", "KN-1")
        answer = ("task", "answer", "KN-1", "--note", "Đã xem xét", "--answer")
        self.assertIn("bad_term: --answer: --answer cannot be `yes`", self.ctl("huyen", *answer, "yes", code=2))
        self.assertIn("missing_field: --to: `passed_on` says to which agency", self.ctl("huyen", *answer, "passed_on", code=2))
        self.ctl("huyen", *answer, "agreed")
        self.assertIn("wrong_state: TASK: `answer` is not for a task that is completed", self.ctl("huyen", *answer, "agreed", code=5))
        self.assertRegex(self.ctl("huyen", "help", "task", "answer"), r"--to AGENCY +Of passed_on: which agency is to decide\.\n")
        self.assertRegex(self.ctl("huyen", "help", "task", "reassign"), r"--to AGENCY +Required\. Who is to lead\.\n")

    def test_no_answer_in_time_is_on_record_and_names_who_owed_it(self):
        self.recommend("xa", "huyen", "KN-1", "--policy", "petition", "--due", "2024-06-24")
        self.assertIn("The recommendation is to be answered by the end of 2024-06-24.", self.ctl("huyen", "task", "show", "KN-1"))
        self.later("2024-06-26T09:00")
        told = self.heard("huyen", "escalated")
        self.assertEqual(told["reason"][:39], "huyen was to answer KN-1 by 2024-06-24,")
        self.ctl("huyen", "task", "answer", "KN-1", "--answer", "refused", "--note", "Không thuộc kế hoạch")
        self.assertEqual(self.shown("xa", "KN-1")["timeliness"], "late")


if __name__ == "__main__":
    unittest.main()
