"""A file that is applied again undoes nothing that was done since: it stays, and is said, unless --reset takes the file's."""
import time
import unittest

from test_files import Files

AGAIN = "the file has it as it was before; --reset takes the file's\n"


class Again(Files):
    def again(self, *words, **content):
        """What a file of this one task prints, on both streams."""
        return self.apply(0, ("apply", *words), tasks=[self.task("F-1", "huyen", **content)])

    def amend(self, **content):
        self.admin.call("amend", task=1, content=content)

    def shown(self):
        return self.admin.call("task_get", task=1)["task"]

    def test_a_change_in_the_file_is_told_from_what_to_what(self):
        self.again(due="2099-07-01", document="1-QĐ", tags=["đất"])
        said = self.again(due="2099-07-03", title="Việc khác", tags=["rừng"])
        self.assertEqual(said, 'change\ttask\tF-1\ttitle "Việc F-1" → "Việc khác", tags (no longer đất; now also rừng), '
                               "due 2099-07-01 → 2099-07-03\n")
        self.assertEqual(self.again(due="2099-07-03", title="Việc khác", tags=["rừng"]), "")

    def test_a_date_that_was_granted_is_not_taken_back(self):
        self.again(due="2099-07-01")
        ask = self.huyen.call("ask", task=1, asking="extension", due="2099-08-03", note="Chờ số liệu")
        self.admin.call("grant", task=1, ask=ask["tasks"][0].get("ask", ask["seq"]))
        said = self.again(due="2099-07-01")
        self.assertIn("task F-1: not taken: due 2099-07-01: it stays 2099-08-03, granted on 20", said)
        self.assertTrue(said.endswith(" by tinh; " + AGAIN), said)
        self.assertEqual(self.shown()["due_day"], "2099-08-03")
        self.assertEqual(self.again("--reset", due="2099-07-01"), "change\ttask\tF-1\tdue 2099-08-03 → 2099-07-01\n")
        self.assertEqual(self.shown()["due_day"], "2099-07-01")

    def test_what_was_amended_stays_and_what_the_file_changes_beside_it_is_taken(self):
        self.again(due="2099-07-01", cooperating=["so"])
        self.amend(title="Việc của chuyên viên", due="2099-07-06", cooperating=[])
        said = self.again(due="2099-07-01", cooperating=["so"], document="2-QĐ")
        self.assertIn('title "Việc F-1": it stays "Việc của chuyên viên", amended on 20', said)
        self.assertIn("due 2099-07-01: it stays 2099-07-06, amended on 20", said)
        self.assertIn("cooperating: they stay as they are, amended on 20", said)
        self.assertIn("change\ttask\tF-1\tdocument none → 2-QĐ\n", said)
        shown = self.shown()
        self.assertEqual((shown["title"], shown["due_day"], shown.get("cooperating")), ("Việc của chuyên viên", "2099-07-06", None))
        self.assertEqual(shown["document"], "2-QĐ")

    def test_a_task_that_moved_with_its_document_stays_where_it_is(self):
        for number in ("1-KL", "2-KL"):
            self.admin.call("document_set", document={"document": number, "kind": "conclusion", "title": "Kết luận",
                                                      "paragraphs": [{"paragraph": "I"}]})
        self.again(document="1-KL", paragraphs=["I"])
        self.admin.call("document_replace", document="1-KL", by="2-KL", note="Điều chỉnh")
        while self.shown()["document"] != "2-KL":  # it is taken along at a tick
            time.sleep(0.01)
        said = self.again(document="1-KL", paragraphs=["I"])
        self.assertIn("document 1-KL: it stays 2-KL, moved with its document, which was replaced on 20", said)
        self.assertEqual(self.shown()["document"], "2-KL")
        self.assertIn("`1-KL` was replaced by `2-KL`; name that one.",
                      self.apply(5, ("apply", "--reset"), tasks=[self.task("F-1", "huyen", document="1-KL", paragraphs=["I"])]))

    def test_a_file_that_is_put_back_is_followed_back(self):
        self.again(due="2099-07-01")
        self.amend(due="2099-07-06")
        self.assertIn("2099-07-06 → 2099-07-08", self.again(due="2099-07-08"))
        self.assertEqual(self.again(due="2099-07-01"), "change\ttask\tF-1\tdue 2099-07-08 → 2099-07-01\n")
        self.amend(due="2099-07-08")
        self.assertIn("it stays 2099-07-08, amended on", self.again(due="2099-07-01"))

    def test_a_value_that_the_task_never_had_is_the_files_change(self):
        self.again(due="2099-07-01")
        self.amend(due="2099-07-06")
        self.assertEqual(self.again(due="2099-07-08"), "change\ttask\tF-1\tdue 2099-07-06 → 2099-07-08\n")

    def test_a_date_that_was_taken_away_stays_away(self):
        self.again(due="2099-07-01")
        self.admin.call("amend", task=1, content={}, clear=["due"])
        said = self.again(due="2099-07-01")
        self.assertIn("due 2099-07-01: it stays none, amended on 20", said)
        self.assertNotIn("due", self.shown())

    def test_a_count_that_stands_is_the_same_wherever_it_has_come_to_and_one_that_was_replaced_stays_replaced(self):
        for count in ("16wh", "10wd"):
            with self.subTest(count):
                reference = "C-" + count
                of = [self.task(reference, "huyen", due=count)]
                self.apply(tasks=of)
                self.assertEqual(self.apply(tasks=of), "")
                task = self.admin.call("task_get", reference=reference)["task"]
                self.admin.call("amend", task=task["task"], content={"due": "2099-07-06"})
                self.assertIn(f"due {count}: it stays 2099-07-06, amended on 20", self.apply(tasks=of))

    def test_a_dry_run_says_it_as_well_and_changes_nothing(self):
        self.again(due="2099-07-01")
        self.amend(due="2099-07-06")
        said = self.tried(tasks=[self.task("F-1", "huyen", due="2099-07-01", document="2-QĐ")])
        self.assertIn("due 2099-07-01: it stays 2099-07-06", said)
        self.assertIn("would change\ttask\tF-1\tdocument none → 2-QĐ", said)


if __name__ == "__main__":
    unittest.main()
