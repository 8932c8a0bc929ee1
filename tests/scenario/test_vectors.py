"""The frames that PROTOCOL.md shows in hexadecimal are those of its words, and a live broker takes and makes such."""
import hashlib
import json
import os
import re
import unittest

import msgpack

from harness import COORDCTL, ROOT, Scenario

BLOCK = r"((?:    .*\n)+)"
HEX = r"In (\d+) bytes:\n\n((?:    (?:[0-9a-f]{2} ?)+\n)+)"


def page():
    with open(os.path.join(ROOT, "protocol", "PROTOCOL.md"), encoding="utf-8") as file:
        return file.read()


def frame_of(size, text):
    frame = bytes.fromhex(text)
    assert len(frame) == int(size), f"{len(frame)} bytes, not {size}"
    return frame


def unpack(frame):
    return msgpack.unpackb(frame, raw=False)


class Vectors(Scenario):
    def accept(self):
        """The request that the page begins with, and its digest."""
        words, size, text = re.search(r"`(\{\"op\": \"accept\".*?\})`\.\n\n?" + HEX, page()).groups()
        frame = frame_of(size, text)
        self.assertEqual(unpack(frame), json.loads(words))
        digest = re.search(r"Its digest is `([0-9a-f]{32})`", page()).group(1)
        return frame, bytes.fromhex(digest)

    def test_each_frame_of_the_page_is_what_the_text_before_it_says(self):
        found = {}
        for words, size, text in re.findall(BLOCK + r"\n" + HEX, page()):
            said, frame = json.loads(words), unpack(frame_of(size, text))
            found[frame["op"], frame.get("id", "")] = frame
            if frame["op"] == "record":
                self.assertEqual(len(frame.pop("digest")), 16)
            self.assertEqual(frame, said)
        self.assertEqual(set(found), {("reply", "c0de-1"), ("error", "c0de-2"), ("batch", "b"), ("reply", "b"),
                                      ("record", ""), ("reached", ""), ("closed", "")})

    def test_the_record_of_the_page_is_one_as_a_live_broker_makes_it(self):
        said = next(json.loads(words) for words, _, _ in re.findall(BLOCK + r"\n" + HEX, page()) if '"op": "record"' in words)
        reply = self.admin.call("assign", reference=said["reference"], leads=["huyen"], policy="none",
                                content={"title": said["title"], "due": said["content"]["due"]})
        number = reply["tasks"][0]["task"]
        made = next(record for record in self.huyen.stream(start=0) if record["task"] == number)
        made.pop("digest")
        self.assertEqual(list(made), list(said))
        self.assertEqual(made["content"], said["content"])
        self.assertEqual(made["counted"], {"words": said["counted"]["words"], "from": made["time"]})
        self.assertEqual(set(said["counted"]), {"words", "from"})

    def test_the_digest_of_the_page_is_that_of_the_frame(self):
        frame, digest = self.accept()
        self.assertEqual(hashlib.blake2b(frame, digest_size=16).digest(), digest)

    def test_a_live_broker_takes_the_frame_and_records_its_digest(self):
        frame, digest = self.accept()
        self.assign()
        self.huyen.send_frame(frame)
        reply = self.huyen._receive(60)
        self.assertEqual((reply["op"], reply["id"], reply["tasks"][0]["version"]), ("reply", "c0de-1", 2))
        self.huyen.send_frame(frame)  # and again
        self.assertEqual(self.huyen._receive(60), reply)
        record = next(record for record in self.admin.stream(start=reply["seq"] - 1))
        self.assertEqual(record["digest"], digest)

    def test_a_change_in_a_batch_has_the_digest_of_its_own_map(self):
        self.assign()
        frame, digest = self.accept()
        batch = msgpack.packb({"op": "batch", "id": "b"})[1:]  # b"\x82…" without its head
        self.huyen.send_frame(b"\x83" + batch + msgpack.packb("requests") + b"\x91" + frame)
        reply = self.huyen._receive(60)["replies"][0]
        self.assertEqual(reply["id"], "c0de-1")
        record = next(record for record in self.admin.stream(start=reply["seq"] - 1))
        self.assertEqual(record["digest"], digest)

    def test_depth_and_values_are_counted_as_the_page_says(self):
        for depth, error in ((7, None), (8, "frame_too_deep")):  # in the frame's own map
            self.huyen.send_frame(b"\x83\xa2op\xa5hello\xa2id\xa1d\xa1x" + b"\x91" * (depth - 1) + b"\x90")
            self.assertEqual(self.huyen._receive(60).get("error"), error)
        # The map and its six keys and values are 7 of 131,072.
        for count, error in ((131072 - 7, None), (131072 - 6, "frame_too_many")):
            self.huyen.send_frame(b"\x83\xa2op\xa5hello\xa2id\xa1d\xa1x" + msgpack.packb([0] * count))
            self.assertEqual(self.huyen._receive(60).get("error"), error)


class Pages(unittest.TestCase):
    """What an author of a client must find on the pages."""

    def test_coord_3_has_each_field_of_what_a_program_asks_for_and_is_given(self):
        with open(os.path.join(os.path.dirname(COORDCTL), "man", "coord.3.scd"), encoding="utf-8") as file:
            manual = file.read().replace("\\_", "_")
        for message in ("subscribe", "record"):
            table = page().split(f"\n#### {message}\n")[1].split("\n#### ")[0]
            names = re.findall(r"^\| `(\w+)` \|", table, re.M)
            self.assertGreater(len(names), 5)
            for name in names:
                self.assertTrue(f"*{name}*" in manual, f"{message}: {name}")
        for struct, header in (("coord_event", "clients/libcoord/coord.h"), ("problem", "protocol/errors.h")):
            with open(os.path.join(ROOT, header), encoding="utf-8") as file:
                members = re.search(rf"\nstruct {struct} \{{\n(.*?)\n\}};", file.read(), re.S).group(1)
            for name in re.findall(r"^ +[^/;]*?(\w+)(?:\[\d+\])?;", members, re.M):
                self.assertTrue(f"*{name}*" in manual, f"{struct}: {name}")
        self.assertIn("A new consumer begins at the end of the journal", " ".join(manual.split()))

    def test_the_page_says_what_a_client_would_else_find_out_by_losing_something(self):
        words = " ".join(page().split())
        for claim in ("Set no routing id (`ZMQ_ROUTING_ID`)", "A socket that was refused never tries again", "`HANDSHAKE_FAILED_AUTH` with 400",
                      "Store and resend the frame, not the object", "Within a line `#` begins none",
                      "A term that you do not know is no error", "The first time it begins with what comes next"):
            self.assertTrue(claim in words, claim)
        errors = re.findall(r"^\| `(\w+)` \| (\d+) \| (?:yes)? ?\| [^|]+ \| ([^|]*) \|$", page().split("\n## Errors\n")[1], re.M)
        self.assertGreater(len(errors), 60)
        for name, code, cause in errors:
            self.assertTrue(cause.strip() or int(code) >= 80, f"{name} has no cause")  # those are the library's own


if __name__ == "__main__":
    unittest.main()
