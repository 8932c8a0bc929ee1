"""What one notice is told for, on each occasion: opinions, documents and hot spots of a real broker, as people read them."""
import email
import email.policy
import unittest

from relaying import NOW, Mailbox, Relaying, until

PEOPLE = [{"id": "an", "name": "An", "agency": "huyen", "mail": "an@huyen.gov.vn", "hours": "always"},
          {"id": "so", "name": "Sở", "agency": "so", "mail": "so@so.gov.vn", "hours": "always"},
          {"id": "chu", "name": "Chủ", "agency": "tinh", "mail": "chu@tinh.gov.vn", "hours": "always"}]


class Occasions(Relaying):
    def begin(self):
        self.box = Mailbox()
        self.addCleanup(self.box.close)
        self.web = self.hook()
        self.configure({"route": dict(NOW, receiver="mail", routes=[{"receiver": "hook", "continue": True}, {"receiver": "mail"}]),
                        "receivers": [{"name": "mail", "type": "mail", "url": self.box.url, "tls": "none", "from": "coord@tinh.gov.vn"},
                                      {"name": "hook", "type": "webhook", "url": self.web.url}], "people": PEOPLE})
        self.start()

    def mailed(self, to, subject):
        """The text of the mail to somebody whose subject begins so."""
        def find():
            for whom, raw in list(self.box.mails):
                mail = email.message_from_bytes(raw, policy=email.policy.default)
                if whom == [to] and mail["Subject"].startswith(subject):
                    return mail.get_body(("plain",)).get_content()
            return None
        return until(find)

    def test_an_opinion_is_told_with_its_own_date(self):
        self.begin()
        task = self.assign(reference="HT-1", title="Rà soát quỹ đất", due="2030-06-20")
        asked = self.huyen.call("consult", task=task, agencies=["so"], due="2030-06-05", note="Giá đất?")["seq"]
        text = self.mailed("so@so.gov.vn", "Lấy ý kiến [HT-1]")
        self.assertLess(text.index("Hạn cho ý kiến: 05/06/2030 (còn "), text.index("Thời hạn: 20/06/2030 (còn "))
        self.assertIn("Nội dung hỏi: Giá đất?", text)
        self.so.call("opine", task=task, question=asked, answer="agreed", note="Phù hợp.")
        text = self.mailed("an@huyen.gov.vn", "Cho ý kiến [HT-1]")
        self.assertIn("Hạn cho ý kiến: 05/06/2030\n", text)
        self.assertIn("Kết quả: đồng ý\n", text)
        item = until(lambda: next((one for one in self.web.notifications() if one["notice"] == "opined"), None))
        self.assertEqual((item["question"]["due_day"], item["opinions"][0]["agency"], item["record"]), ("2030-06-05", "so", "task"))

    def test_a_task_that_moves_with_its_document_says_so(self):
        self.begin()
        for number in ("1-KL", "2-KL"):
            self.admin.call("document_set", document={"document": number, "kind": "conclusion", "title": "Kết luận",
                                                      "paragraphs": [{"paragraph": "I"}]})
        self.assign(reference="HT-1", title="Rà soát quỹ đất", document="1-KL", paragraphs=["I"])
        self.assertIn("Văn bản: 1-KL, I\n", self.mailed("an@huyen.gov.vn", "Giao việc mới [HT-1]"))
        self.assign(reference="HT-2", title="Đo đạc", document="1-KL")
        self.admin.call("document_replace", document="1-KL", by="2-KL", ends=["HT-2"], note="Điều chỉnh")
        text = self.mailed("an@huyen.gov.vn", "Chuyển sang văn bản thay thế [HT-1]")
        self.assertIn("Văn bản: 2-KL, I\n", text)
        self.assertIn("Lý do: Văn bản giao nhiệm vụ này đã được thay thế", text)
        text = self.mailed("an@huyen.gov.vn", "Hủy theo văn bản thay thế [HT-2]")
        self.assertIn("Lý do nêu ra: Điều chỉnh\n", text)

    def test_a_hot_spot_carries_rule_count_and_tasks(self):
        self.begin()
        self.admin.call("hot_spot_set", rule={"rule": "dat-dai", "area": "đất đai", "tasks": 1, "to": ["tinh"]})
        self.admin.call("assign", reference="HT-1", leads=["huyen"], backdated=True, policy="none",
                        content={"title": "Rà soát quỹ đất", "area": "đất đai", "due": "2024-06-03"})
        text = self.mailed("chu@tinh.gov.vn", "Điểm nóng: lĩnh vực đất đai")
        for line in ("Tiêu chí: dat-dai (từ 1 nhiệm vụ là điểm nóng)", "Số nhiệm vụ: 1", "Nhiệm vụ: HT-1, huyen: quá hạn"):
            self.assertIn(line + "\n", text)
        self.admin.call("hot_spot_remove", rule="dat-dai")
        self.assertIn("Lý do: Tỉnh đã bỏ tiêu chí mà theo đó đây là điểm nóng.\n", self.mailed("chu@tinh.gov.vn", "Bỏ tiêu chí điểm nóng"))
        item = until(lambda: next((one for one in self.web.notifications() if one["notice"] == "hot_spot"), None))
        self.assertEqual((item["hot_spot"]["count"], item["hot_spot"]["tasks"][0]["reference"]), (1, "HT-1"))


if __name__ == "__main__":
    unittest.main()
