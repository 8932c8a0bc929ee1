"""Documents as objects: put, read, cited, covered, withdrawn and replaced, by coordctl and by a client."""
import itertools
import json
import unittest

from harness import Broker, CoordError

NUMBER, NEXT = "620-BC/HU", "700-BC/HU"
SAID = {"I": "Kết quả", "II.1": "Rà soát quỹ đất công", "II.2": "Lập kế hoạch đầu tư", "III": "Kiến nghị"}


class Documents(unittest.TestCase):
    """xa and phong under huyen, so beside it, under tinh."""

    def setUp(self):
        self.broker = Broker().start()
        self.addCleanup(self.broker.remove)
        self.broker.ctl("apply", "-f", "-", text=json.dumps({"agencies": [
            {"agency": name, "name": name, "parent": parent}
            for name, parent in (("huyen", "tinh"), ("xa", "huyen"), ("phong", "huyen"), ("so", "tinh"))]}))
        self.contexts = {"tinh": self.broker.admin}
        for name in ("huyen", "xa", "phong", "so"):
            self.contexts[name] = f"{self.broker.directory}/{name}.context"
            self.broker.ctl("key", "new", name, "--label", "văn thư", "--out", self.contexts[name])

    def ctl(self, agency, *arguments, **options):
        return self.broker.ctl(*arguments, context=self.contexts[agency], **options)

    def client(self, agency):
        client = self.broker.client(self.contexts[agency])
        self.addCleanup(client.close)
        return client

    def put(self, number=NUMBER, ids=tuple(SAID), agency="huyen", *more):
        paragraphs = [part for id in ids for part in ("--paragraphs", f"{id}={SAID.get(id, id)}")]
        return self.ctl(agency, "document", "set", number, "--type", "report", "--title", "Báo cáo kết quả", "--issued", "2024-06-03",
                        *paragraphs, *more)

    def give(self, reference, lead, *ids, agency="huyen", number=NUMBER, **options):
        cited = [part for id in ids for part in ("--paragraphs", id)]
        return self.ctl(agency, "task", "assign", "--to", lead, "--reference", reference, "--title", f"Việc {reference}",
                        "--document", number, *cited, **options)

    def refused(self, error, field, call, *arguments, **fields):
        with self.assertRaises(CoordError) as caught:
            call(*arguments, **fields)
        self.assertEqual((caught.exception.name, caught.exception.field), (error, field))
        return str(caught.exception)

    def coverage(self, agency, number=NUMBER):
        told = json.loads(self.ctl(agency, "--json", "document", "coverage", number))
        return told, {one.get("paragraph", ""): one for one in told["paragraphs"]}

    def cited(self, reference):
        told = json.loads(self.ctl("huyen", "--json", "task", "show", reference))["task"]
        return told["document"], told.get("paragraphs", [])

    def test_a_document_is_put_read_and_changed_by_its_issuer(self):
        self.put()
        shown = json.loads(self.ctl("xa", "--json", "document", "show", NUMBER))
        self.assertEqual((shown["issuer"], shown["kind"], shown["issued"], shown["force"]), ("huyen", "report", "2024-06-03", "in_force"))
        self.assertEqual({one["paragraph"]: one["text"] for one in shown["paragraphs"]}, SAID)
        self.ctl("huyen", "document", "set", NUMBER, "--paragraphs", "IV=Tổ chức thực hiện")
        client = self.client("so")
        document = client.call("document_get", document=NUMBER)["document"]
        self.assertEqual([one["paragraph"] for one in document["paragraphs"]], [*SAID, "IV"])
        self.assertEqual(document["title"], "Báo cáo kết quả")
        self.refused("document_taken", "document.document", client.call, "document_set", document=dict(
            document=NUMBER, kind="report", title="Của ai?"))
        self.refused("not_authorised", "document.issuer", client.call, "document_set", document=dict(
            document="1-KH", kind="plan", title="Kế hoạch", issuer="huyen"))
        self.refused("document_unknown", "document", client.call, "document_get", document="1-KH")
        self.ctl("tinh", "document", "set", "1-KH", "--type", "plan", "--title", "Kế hoạch", "--issuer", "so")
        listed = [line.split("\t")[0] for line in self.ctl("xa", "document", "list").splitlines()]
        self.assertEqual(listed, ["1-KH", NUMBER])
        self.assertEqual([one["document"] for one in client.pages("document_list", limit=1)], ["1-KH", NUMBER])
        self.assertEqual(self.ctl("xa", "document", "list", "--types", "plan").split("\t")[0], "1-KH")
        self.assertIn("unchanged", self.ctl("huyen", "--table", "document", "set", NUMBER, "--title", "Báo cáo kết quả"))

    def test_coverage_says_which_tasks_carry_out_which_paragraphs_and_which_none(self):
        self.give("VP-0", "xa", "II.1")
        self.put()
        self.assertIn("II.1", self.give("VP-9", "xa", "II.3", code=3))
        self.give("VP-1", "phong", "II.1", "II.2")
        self.give("VP-2", "so")
        self.ctl("phong", "task", "accept", "VP-1")
        self.ctl("phong", "task", "submit", "VP-1")
        self.ctl("huyen", "task", "confirm", "VP-1")
        told, by = self.coverage("huyen")
        self.assertEqual([one["reference"] for one in told["tasks"]], ["VP-0", "VP-1", "VP-2"])
        self.assertEqual({id: (one["tasks"], one["open"], one["completed"]) for id, one in by.items()},
                         {"I": (0, 0, 0), "II.1": (2, 1, 1), "II.2": (1, 0, 1), "III": (0, 0, 0), "": (1, 1, 0)})
        text = self.ctl("huyen", "--table", "document", "coverage", NUMBER)
        self.assertIn("2 of 4 paragraphs are carried out by tasks, 2 by none", text)
        self.assertEqual([one["reference"] for one in self.coverage("so")[0]["tasks"]], ["VP-2"])
        client, found, after = self.client("huyen"), [], 0
        while after is not None:
            page = client.call("document_coverage", document=NUMBER, limit=1, after=after)
            found += [one["reference"] for one in page["tasks"]]
            after = page.get("next")
        self.assertEqual(found, ["VP-0", "VP-1", "VP-2"])
        self.assertEqual(self.ctl("huyen", "task", "show", "VP-1").count("II.2"), 1)

    def test_a_restricted_document_is_read_by_who_was_given_a_task_of_it(self):
        self.put(NUMBER, tuple(SAID), "huyen", "--scope", "restricted")
        self.give("VP-1", "so", "II.1")
        self.give("SO-1", "so", agency="so")
        self.assertEqual(self.ctl("tinh", "document", "list"), "")
        client = self.client("so")
        number = client.call("task_get", assigner="huyen", reference="VP-1")["task"]["task"]
        self.refused("document_unknown", "document", client.call, "document_get", document=NUMBER)
        self.refused("document_unknown", "document", client.call, "document_get", document=NUMBER, task=number + 1)
        self.assertEqual(client.call("document_get", document=NUMBER, task=number)["document"]["title"], "Báo cáo kết quả")
        self.assertIn("Rà soát", self.ctl("so", "document", "show", NUMBER, "--task", "huyen:VP-1"))

    def test_what_replaces_a_document_takes_its_tasks_along_or_ends_them(self):
        self.put()
        self.put(NEXT, ("I", "II.4"))
        for number, ids in enumerate((["I"], ["II.1", "II.2"], ["III"], ["III"])):
            self.give(f"VP-{number}", "xa", *ids)
        told = self.ctl("huyen", "document", "replace", NUMBER, "--by", NEXT, "--note", "Điều chỉnh", "--became", "II.1=II.4", code=3)
        self.assertIn("`700-BC/HU` has no paragraph `II.2`", told)
        moves = ["--became", "II.1=II.4", "--became", "II.2=II.4", "--became", "III="]
        said = self.ctl("huyen", "document", "replace", NUMBER, "--by", NEXT, "--note", "Điều chỉnh", *moves, "--ends", "VP-3", "--dry-run")
        fates = ["VP-0\tcites it, the same paragraphs", "VP-1\tII.1 becomes II.4; II.2 becomes II.4", "VP-2\tIII is lost", "VP-3\tcancelled"]
        self.assertEqual(said.splitlines(), ["would be replaced", *fates])
        self.assertEqual(self.cited("VP-0"), (NUMBER, ["I"]))
        for words in (("replace", NUMBER, "--by", NEXT, "--note", "x", "--became", "II.1=II.4", "--became", "II.1=I"),
                      ("set", NUMBER, "--paragraphs", "II.1=a", "--paragraphs", "II.1=b")):
            self.assertIn("`II.1` is given twice", self.ctl("huyen", "document", *words, code=2))
        said = self.ctl("huyen", "document", "replace", NUMBER, "--by", NEXT, "--note", "Điều chỉnh", *moves, "--ends", "VP-3")
        self.assertEqual(said.splitlines(), ["replaced", *fates])
        self.broker.restart()
        stream = self.client("xa").stream(start=0)
        told = list(itertools.islice((one for one in stream if "replaces" in one.get("reason", "")), 4))
        self.assertEqual([(one["reference"], one["notice"]) for one in told],
                         [("VP-0", "amended"), ("VP-1", "amended"), ("VP-2", "amended"), ("VP-3", "cancelled")])
        self.assertEqual([self.cited(f"VP-{number}") for number in range(4)],
                         [(NEXT, ["I"]), (NEXT, ["II.4"]), (NEXT, []), (NUMBER, ["III"])])
        self.assertEqual([one["reference"] for one in self.coverage("huyen")[0]["tasks"]], ["VP-3"])
        self.assertIn("replaced by " + NEXT, self.ctl("huyen", "--table", "document", "coverage", NUMBER))
        newest = self.ctl("huyen", "--table", "task", "history", "VP-1", "--limit", "1")
        self.assertRegex(newest, r"its document +moved it to 700-BC/HU, which replaces its document, there II.4")
        self.assertIn("VP-1 comes from 620-BC/HU no more but from 700-BC/HU, which replaces it.", newest)
        newest = self.ctl("huyen", "--table", "task", "history", "VP-3", "--limit", "1")
        self.assertRegex(newest, r"huyen +ended it with its document, which was replaced")
        self.assertIn("Điều chỉnh", newest)
        self.assertIn("name that one", self.give("VP-5", "xa", code=5))

    def test_of_the_tasks_that_cite_a_document_it_is_told_which_stay_with_it(self):
        self.put()
        self.put(NEXT, ("I", "II.1"))
        self.give("VP-1", "xa", "I")
        self.give("VP-1", "xa", "I", agency="xa")  # of one reference, and under the issuer
        self.give("SO-1", "xa", "I", agency="so")
        self.ctl("so", "task", "amend", "SO-1", "--observers", "huyen")
        words = ("document", "replace", NUMBER, "--by", NEXT, "--note", "Điều chỉnh", "--became", "I=II.1", "--became", "II.2=", "--became", "III=",
                 "--ends", "VP-1")
        fates = ["VP-1\tcancelled", "VP-1\tI becomes II.1", f"SO-1\tstays with {NUMBER}"]
        self.assertEqual(self.ctl("huyen", *words, "--dry-run").splitlines(), ["would be replaced", *fates])
        # An administrator's key takes all along.
        self.assertEqual(self.ctl("tinh", *words[:-2], "--dry-run").splitlines()[1:],
                         ["VP-1\tI becomes II.1", "VP-1\tI becomes II.1", "SO-1\tI becomes II.1"])
        self.assertEqual(self.ctl("huyen", *words).splitlines(), ["replaced", *fates])
        client = self.client("xa")

        def became():
            return [(one["assigner"], one["document"], one["state"]) for one in client.pages("task_list", agency="xa", roles=["lead"], states=["assigned", "cancelled"])]

        while ("xa", NUMBER, "assigned") in became() or ("huyen", NUMBER, "assigned") in became():
            pass
        self.assertEqual(became(), [("huyen", NUMBER, "cancelled"), ("xa", NEXT, "assigned"), ("so", NUMBER, "assigned")])

    def test_the_tasks_of_a_restricted_document_stay_with_it(self):
        self.put(NUMBER, ("I",), "huyen", "--scope", "restricted")
        self.put(NEXT, ("I",))
        self.give("VP-1", "xa", "I")
        for agency in ("huyen", "tinh"):
            said = self.ctl(agency, "document", "replace", NUMBER, "--by", NEXT, "--note", "Thay", "--dry-run")
            self.assertEqual(said.splitlines(), ["would be replaced", f"VP-1\tstays with {NUMBER}"])

    def test_who_succeeds_an_issuer_takes_along_what_is_under_it(self):
        self.put()
        self.put(NEXT)
        self.give("VP-1", "xa", "I")
        self.give("PH-1", "xa", "I", agency="phong")
        self.ctl("tinh", "agency", "set", "huyen-moi", "--name", "Huyện mới", "--parent", "tinh")
        for agency in ("xa", "phong"):
            self.ctl("tinh", "agency", "set", agency, "--parent", "huyen-moi")
        self.contexts["moi"] = f"{self.broker.directory}/moi.context"
        self.broker.ctl("key", "new", "huyen-moi", "--label", "văn thư", "--out", self.contexts["moi"])
        self.ctl("tinh", "agency", "set", "huyen", "--valid-until", "2024-06-30", "--successor", "huyen-moi", "--backdated", "--yes")
        said = self.ctl("moi", "document", "replace", NUMBER, "--by", NEXT, "--note", "Thay", "--ends", "VP-1", "--dry-run")
        self.assertEqual(said.splitlines(), ["would be replaced", "VP-1\tcancelled", "PH-1\tcites it, the same paragraphs"])

    def test_what_goes_along_is_charged_to_who_issued_the_document(self):
        self.put()
        self.put(NEXT)
        huyen = self.client("huyen")
        replies = huyen.batch([("assign", {"reference": f"VP-{number}", "leads": ["xa"], "content": {"title": "Việc", "document": NUMBER}})
                               for number in range(200)])
        self.assertEqual([one for one in replies if "error" in one], [])

        def written():
            return {one["agency"]: one["written_bytes"] for one in self.client("tinh").call("status", accounts=256)["accounts"]}

        before = written()
        huyen.call("document_replace", document=NUMBER, by=NEXT, note="Điều chỉnh")
        while huyen.call("document_coverage", document=NUMBER)["tasks"]:
            pass
        after = written()
        self.assertGreater(after["huyen"] - before["huyen"], 200 * 100)  # each has a record
        self.assertEqual(after["tinh"], before["tinh"])

    def test_of_what_ends_with_a_document_each_sees_what_it_may_read(self):
        self.put()
        self.put(NEXT)
        self.ctl("huyen", "task", "assign", "--to", "xa", "--reference", "MAT-1", "--title", "Việc mật", "--document", NUMBER, "--scope", "restricted")
        self.give("VP-1", "phong", "I")
        self.ctl("huyen", "document", "replace", NUMBER, "--by", NEXT, "--note", "Điều chỉnh", "--ends", "MAT-1", "--ends", "VP-1")
        shown = {agency: self.client(agency).call("document_get", document=NUMBER)["document"].get("ends", [])
                 for agency in ("huyen", "xa", "phong", "tinh", "so")}
        self.assertEqual(shown, {"huyen": ["MAT-1", "VP-1"], "xa": ["MAT-1"], "phong": ["VP-1"], "tinh": ["VP-1"], "so": []})

    def test_a_task_goes_on_citing_what_a_document_has_no_more(self):
        self.put()
        self.give("VP-1", "xa", "I")
        self.put(NUMBER, ("II.1", "II.2"))
        self.ctl("huyen", "task", "amend", "VP-1", "--document", NUMBER, "--title", "Việc khác")
        self.assertEqual(self.cited("VP-1"), (NUMBER, ["I"]))
        self.ctl("huyen", "task", "amend", "VP-1", "--document", "")
        told = json.loads(self.ctl("huyen", "--json", "task", "show", "VP-1"))["task"]
        self.assertEqual((told.get("document", ""), told.get("paragraphs", [])), ("", []))

    def test_a_paragraph_of_which_only_the_id_is_given_keeps_its_text(self):
        self.put()
        said = lambda: {one["paragraph"]: one.get("text", "") for one in
                        json.loads(self.ctl("xa", "--json", "document", "show", NUMBER))["paragraphs"]}
        self.ctl("huyen", "document", "set", NUMBER, "--paragraphs", "II.1", "--paragraphs", "IV")
        self.assertEqual(said(), {**SAID, "IV": ""})
        self.ctl("huyen", "document", "set", NUMBER, "--paragraphs", "II.1=")
        self.assertEqual(said()["II.1"], "")
        self.put(NEXT)
        told = self.ctl("huyen", "document", "replace", NUMBER, "--by", NEXT, "--note", "Điều chỉnh", "--became", "IV", code=2)
        self.assertIn("What has `IV` become? Write IV=NEW, or IV= when it has nothing there.", told)

    def test_numbers_are_completed(self):
        self.put()
        self.put(NEXT)
        self.assertEqual(self.ctl("xa", "_complete", "document", "show", "6"), NUMBER + "\n")
        self.assertIn(f"did you mean {NUMBER}?", self.ctl("xa", "document", "show", "620-BC/HUU", code=3))
        self.assertEqual(self.ctl("huyen", "_complete", "document", "replace", NUMBER, "--by", "7"), NEXT + "\n")
        self.assertEqual(self.ctl("huyen", "_complete", "task", "assign", "--document", ""), f"{NUMBER}\n{NEXT}\n")

    def test_what_is_withdrawn_says_so_and_is_cited_no_more(self):
        self.put()
        self.give("VP-1", "xa", "I")
        self.ctl("huyen", "document", "withdraw", NUMBER, "--note", "Ban hành nhầm")
        self.broker.restart()
        self.assertEqual(self.cited("VP-1"), (NUMBER, ["I"]))
        self.assertIn("It was withdrawn.", self.ctl("xa", "--table", "document", "coverage", NUMBER))
        self.refused("document_over", "content.document", self.client("huyen").call, "assign", reference="VP-2", leads=["xa"],
                     content={"title": "Việc", "document": NUMBER})
        self.refused("document_over", "document", self.client("huyen").call, "document_withdraw", document=NUMBER, note="Lại")

    def test_who_puts_a_number_first_changes_nobodys_tasks_and_learns_of_none(self):
        """An agency puts a number that another cites after, and replaces it; then it withdraws one, which the administrator gives anew."""
        so, huyen, xa = self.client("so"), self.client("huyen"), self.client("xa")
        for number in (NUMBER, NEXT, "1-KL"):
            self.put(number, ("I",), "so")
        self.give("VP-1", "xa", "I")
        hidden = huyen.call("assign", reference="VP-2", leads=["xa"], content={"title": "Mật", "document": NUMBER, "scope": "restricted"})
        own = so.call("assign", reference="SO-1", leads=["so"], content={"title": "Việc", "document": NUMBER})
        so.call("document_replace", document=NUMBER, by=NEXT, note="Thay")
        while so.call("task_get", task=own["tasks"][0]["task"])["task"]["document"] != NEXT:
            pass
        self.assertEqual(self.cited("VP-1"), (NUMBER, ["I"]))
        self.assertEqual(xa.call("task_get", task=hidden["tasks"][0]["task"])["task"]["document"], NUMBER)
        self.broker.restart()
        self.assertEqual(self.cited("VP-1"), (NUMBER, ["I"]))
        # What it may not read does not show in what it may put.
        huyen.call("assign", reference="VP-3", leads=["xa"], content={"title": "Mật", "document": "07-QĐ/UBKT", "scope": "restricted"})
        given = {"document": "07-QĐ/UBKT", "kind": "decision", "title": "Quyết định"}
        self.assertTrue(so.call("document_set", document=given, dry_run=True)["dry_run"])
        # A number is used up by nobody.
        so.call("document_withdraw", document="1-KL", note="Nhầm")
        anew = {"document": "1-KL", "kind": "report", "title": "Báo cáo", "issuer": "huyen"}
        self.refused("document_over", "document.document", so.call, "document_set", document={**anew, "issuer": "so"})
        self.client("tinh").call("document_set", document=anew)
        self.give("VP-4", "xa", number="1-KL")
        self.assertEqual(self.cited("VP-4"), ("1-KL", []))


if __name__ == "__main__":
    unittest.main()
