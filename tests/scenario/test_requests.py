"""One effect, one answer; nothing refused leaves a trace."""
import os
import signal
import unittest

import msgpack

from harness import Scenario


class Requests(Scenario):
    def seq(self):
        return self.admin.call("hello")["seq"]

    def test_a_resent_request_has_one_effect_and_the_same_answer(self):
        task = self.assign()
        first = self.huyen.call("accept", id="once", task=task)
        seq = self.seq()
        self.assertEqual(self.huyen.call("accept", id="once", task=task), first)
        self.assertEqual(self.seq(), seq)

    def test_a_resend_after_a_crash_gets_the_same_answer(self):
        task = self.assign()
        first = self.huyen.call("accept", id="once", task=task)
        self.broker.restart(signal.SIGKILL)
        self.assertEqual(self.huyen.call("accept", id="once", task=task), first)

    def test_what_a_full_batch_does_not_take_is_named_and_the_client_sends_it_again(self):
        self.admin.call("assign", reference="HT-1", leads=["huyen"], content={"title": "T", "description": "x" * 16000})
        maps = [{"op": "task_get", "id": str(number), "task": 1} for number in range(120)]
        replies = self.admin.call("batch", requests=maps)["replies"]
        full = [reply for reply in replies if reply["op"] == "error"]
        self.assertTrue(0 < len(full) < 120)
        self.assertEqual(replies[-len(full):], full)  # it, and all after it
        self.assertEqual({(reply["error"], reply["code"], reply["retry"]) for reply in full}, {("batch_full", 65, True)})
        replies = self.admin.batch([("task_get", {"task": 1})] * 120)
        self.assertEqual([reply["op"] for reply in replies], ["reply"] * 120)

    def test_a_history_that_finds_no_room_in_a_batch_keeps_nothing_after_it_from_being_done(self):
        task = self.assign()
        self.huyen.batch([("comment", {"task": task, "note": f"{number} " + "x" * 4000}) for number in range(110)])
        reads = [{"op": "task_history", "id": f"h{number}", "task": task, "limit": 1000} for number in range(4)]
        change = {"op": "comment", "id": "after", "task": task, "note": "sau cùng"}
        replies = self.huyen.call("batch", requests=[*reads, change])["replies"]
        self.assertEqual([reply["op"] for reply in replies], ["reply", "reply", "error", "error", "reply"])
        self.assertEqual({(reply["error"], reply["retry"]) for reply in replies[2:4]}, {("batch_full", True)})
        self.assertEqual(self.huyen.call("comment", id="after", task=task, note="sau cùng")["seq"], replies[4]["seq"])
        self.assertEqual([len(reply["records"]) > 99 for reply in
                          self.huyen.batch([("task_history", {"task": task, "limit": 1000})] * 4)], [True] * 4)

    def test_an_id_used_for_something_else_is_refused(self):
        task = self.assign()
        self.huyen.call("accept", id="once", task=task)
        self.refused("request_reused", "id", self.huyen.call, "start", id="once", task=task)

    def test_a_stale_version_is_a_conflict_and_says_the_version_now(self):
        task = self.assign()
        self.huyen.call("accept", task=task, expect=1)
        fields = self.refused("conflict", "expect", self.huyen.call, "start", task=task, expect=1)
        self.assertEqual((fields["version"], fields["state"]), (2, "accepted"))

    def test_a_refusal_leaves_no_trace(self):
        task, seq = self.assign(), self.seq()
        self.refused("wrong_state", "task", self.admin.call, "confirm", task=task)
        self.refused("not_authorised", "task", self.huyen.call, "confirm", task=task)
        self.refused("task_unknown", "task", self.so.call, "accept", task=task)
        self.assertEqual(self.seq(), seq)

    def test_a_batch_answers_each_of_its_requests(self):
        task = self.assign()
        replies = self.huyen.batch([("accept", {"task": task}), ("confirm", {"task": task}), ("start", {"task": task})])
        self.assertEqual([reply["op"] for reply in replies], ["reply", "error", "reply"])
        self.assertEqual(replies[1]["error"], "not_authorised")

    def test_frames_that_are_no_requests_are_answered_by_name(self):
        frames = {b"\xdd\xff\xff\xff\xff": "frame_too_many", b"\xc0": "frame_malformed",
                  b"\x81\xa2op" + b"\x91" * 20 + b"\xc0": "frame_too_deep",
                  msgpack.packb({"op": "hullo", "id": "1"}): "unknown_op",
                  msgpack.packb({"op": "accept", "id": "2"}): "missing_field",
                  msgpack.packb({"op": "accept", "id": "3", "task": "x"}): "bad_type",
                  b"\x00" * (1 << 20): "frame_malformed"}
        for frame, name in frames.items():
            self.huyen.send_frame(frame)
            answer = self.huyen._receive(60)
            self.assertEqual((answer["op"], answer["error"]), ("error", name))

    def test_two_agencies_bring_a_task_to_its_end(self):
        task = self.assign(due="10wd")
        for op in ("accept", "start"):
            self.huyen.call(op, task=task)
        self.huyen.call("report", task=task, percent=60, note="Đã rà soát 12/20 xã.")
        self.huyen.call("submit", task=task, evidence="bao-cao.pdf", evidence_sha256=os.urandom(32))
        self.admin.call("reject", task=task, note="Thiếu phụ lục.")
        self.huyen.call("submit", task=task, percent=100)
        self.admin.call("confirm", task=task)
        seen = self.huyen.call("task_get", task=task)["task"]
        self.assertEqual((seen["state"], seen["percent"], seen["version"]), ("completed", 100, 8))
        history = [msgpack.unpackb(record) if isinstance(record, bytes) else record
                   for record in self.huyen.pages("task_history", task=task)]
        self.assertEqual([record["action"] for record in reversed(history)],
                         ["assign", "accept", "start", "report", "submit", "reject", "submit", "confirm"])

    def test_parts_end_before_their_whole(self):
        whole = self.assign(due="10wd")
        self.refused("due_after_parent", "content.due", self.admin.call, "assign", reference="PHẦN", leads=["huyen"],
                     content={"title": "Đo đạc", "parent": whole, "due": "11wd"})
        part = self.admin.call("assign", reference="PHẦN", leads=["huyen"],
                               content={"title": "Đo đạc", "parent": whole, "due": "9wd"})["tasks"][0]["task"]
        self.huyen.call("accept", task=whole)
        self.refused("open_parts", "note", self.huyen.call, "submit", task=whole)
        self.huyen.call("submit", task=whole, note="Phần đo đạc gộp vào.")
        self.broker.restart(signal.SIGKILL)
        self.refused("open_parts", "note", self.admin.call, "confirm", task=whole)
        self.admin.call("cancel", task=part, note="Nhập vào phần khác.")
        self.admin.call("confirm", task=whole)


if __name__ == "__main__":
    unittest.main()
