"""coordctl as people at a terminal see it: tables, colours, lines that fit, the completion, and what may have been meant."""
import json
import os
import re
import subprocess
import unicodedata
import unittest

from harness import COORDCTL
from screen import Screen, columns_of


class Terminal(Screen):
    def late_task(self):
        self.admin.call("assign", reference="HT-1", leads=["huyen"], backdated=True,
                        content={"title": "Rà soát hồ sơ đất công trên địa bàn các xã ven biển, báo cáo kết quả " * 3,
                                 "due": "2024-06-28"})

    def test_nothing_is_wider_than_the_terminal(self):
        self.late_task()
        self.huyen.call("accept", task=1)
        self.huyen.call("submit", task=1, note="Xong", evidence_files=[
            {"name": "biên bản đo đạc hiện trạng sử dụng đất.pdf", "size": 1 << 30, "sha256": bytes(32)},
            {"name": "https://luu-tru.vn/" + "a" * 100}])
        for words in (("help",), ("help", "task", "assign"), ("task", "list"), ("task", "show", "HT-1"), ("agency", "list"),
                      ("report", "--tasks"), ("policy", "list"), ("key", "list"), ("calendar", "list")):
            for columns in (80, 120):
                for line in self.screen(*words, columns=columns, NO_COLOR="1").split("\n"):
                    if "key" not in words and "0" * 64 not in line and "://" not in line:  # what is copied is never cut
                        self.assertLessEqual(columns_of(line), columns, (words, line))

    def test_colours_are_for_terminals_that_want_them(self):
        self.late_task()
        self.assertIn("\033[31m", self.screen("task", "list"))
        self.assertIn("\033[1m", self.screen("report"))
        for words in (("task", "list"), ("report",), ("task", "show", "HT-1"), ("watch", "--from", "0", "--count", "1", "--subtree")):
            self.assertNotIn("\033[", self.screen(*words, NO_COLOR="1"))
            self.assertNotIn("\033[", self.broker.ctl(*words))

    def test_words_of_several_lines_break_nothing_and_a_title_turns_nothing_around(self):
        self.admin.call("assign", reference="HT-1", leads=["huyen"],
                        content={"title": "dòng một \u202eba\u2066", "description": "một\nhai"})
        watched = self.screen("watch", "--from", "0", "--count", "1", "--subtree", NO_COLOR="1")
        self.assertEqual(watched.count("\n"), 1, watched)
        self.assertIn("dòng một <U+202E>ba<U+2066>", watched)
        for op in ("accept", "submit"):
            self.huyen.call(op, task=1)
        self.huyen.call("comment", task=1, note="dòng một\ndòng hai\tcột")
        waiting = self.screen("inbox", NO_COLOR="1", columns=200)
        self.assertEqual(waiting.count("\n"), 3, waiting)  # the last is what was said
        self.assertIn("dòng một dòng hai cột", waiting)
        watched = self.screen("watch", "--from", "0", "--notices", "commented", "--count", "1", NO_COLOR="1")
        self.assertTrue(watched.endswith(". “dòng một dòng hai cột”\r\n") or watched.endswith(". “dòng một dòng hai cột”\n"), watched)
        listed = self.screen("task", "list", NO_COLOR="1")
        self.assertEqual(listed.count("\n"), 2, listed)
        shown = self.screen("task", "show", "HT-1", NO_COLOR="1")
        self.assertIn("description        một\n                   hai\n", shown)
        for words in (("task", "list"), ("task", "show", "HT-1"), ("task", "history", "HT-1"), ("report", "--tasks"),
                      ("--json", "task", "show", "HT-1"), ("--json", "watch", "--from", "0", "--count", "1", "--subtree")):
            for text in (self.screen(*words), self.broker.ctl(*words)):
                self.assertFalse({"\u202e", "\u2066"} & set(text), words)

    def test_vietnamese_columns_stand_under_each_other(self):
        for number, name in enumerate(("Ủy ban nhân dân xã Tân Hải", "Sở Nội vụ", unicodedata.normalize("NFD", "Đảng ủy xã"))):
            self.broker.ctl("agency", "set", f"xa-{number}", "--name", name, "--parent", "huyen", "--sort", "party")
        lines = [line for line in self.screen("agency", "list", NO_COLOR="1").split("\n") if line.startswith("xa-")]
        self.assertEqual(len({columns_of(line[:line.index("party")]) for line in lines}), 1, lines)
        self.assertEqual([line.split()[0] for line in lines], ["xa-2", "xa-1", "xa-0"])  # Đ, S, U: by the alphabet

    def test_piped_there_are_values_and_nothing_else(self):
        self.late_task()
        (line,) = self.broker.ctl("task", "list").splitlines()
        self.assertEqual(line.split("\t")[0], "HT-1")
        self.assertEqual(len(line.split("\t")), 9)
        self.assertIn("may\t", self.broker.ctl("task", "show", "HT-1"))

    def test_every_answer_can_be_had_as_json(self):
        self.late_task()
        for words in (("inbox",), ("task", "list"), ("task", "show", "HT-1"), ("task", "history", "HT-1"), ("agency", "list"),
                      ("key", "list"), ("calendar", "list"), ("calendar", "show", "default"), ("policy", "list"),
                      ("calendar", "count", "2024-02-06", "5wd"), ("escalation", "list"), ("report",), ("status",),
                      ("doctor",), ("context", "list"), ("context", "show"), ("version",)):
            with self.subTest(words=words):
                self.assertIsNotNone(json.loads(self.broker.ctl("--json", *words)))
        self.assertTrue(all(finding["ok"] for finding in self.broker.ctl_json("doctor")))
        wrong = subprocess.run([COORDCTL, "task", "show", "HT-9", "--json"], capture_output=True, text=True, check=False,
                               env=dict(os.environ, COORD_CONTEXT=self.broker.admin))
        self.assertEqual((wrong.returncode, json.loads(wrong.stdout)["error"]), (3, "task_unknown"))

    def test_what_may_have_been_meant(self):
        self.admin.call("agency_set", agency={"agency": "so-nnmt", "name": "Sở", "parent": "tinh"})
        self.assign(reference="HT-036")
        out = os.path.join(self.broker.directory, "so-nmmt.context")
        for words, said in ((("task", "show", "HT-36"), "did you mean HT-036?"),
                            (("task", "assign", "--to", "so-nmt", "--reference", "X", "--title", "x"), "did you mean so-nnmt?"),
                            (("key", "new", "so-nmmt", "--out", out), "did you mean so-nnmt?"),
                            (("agency", "set", "x", "--name", "x", "--parent", "so-nnm"), "did you mean so-nnmt?"),
                            (("calendar", "show", "defalt"), "did you mean default?")):
            self.assertIn(said, self.broker.ctl(*words, code=3))
        for words, said in ((("--contxt", "x", "inbox"), "did you mean --context?"), (("-x",), "takes no option"),
                            (("watch", "--count", "many"), "--count"), (("task", "history", "HT-036", "--limit", "x"), "--limit"),
                            (("escalation", "list", "--limit", "-1"), "--limit"),
                            (("escalation", "acknowledge", "HT-036", "--level", "x"), "--level"),
                            (("task", "assign", "--to", "so", "--reference", "X"), "--title"),
                            (("task", "reject", "HT-036"), "next: coordctl help task reject")):
            self.assertIn(said, self.broker.ctl(*words, code=2))
        self.assertIn("coordctl task show HT-036  # what this agency may do", self.broker.ctl("task", "accept", "HT-036", code=4))

    def test_an_id_in_other_capitals_is_what_was_meant(self):
        for name in ("so-nv", "h55", "H56"):
            self.admin.call("agency_set", agency={"agency": name, "name": "Sở", "parent": "tinh"})
        for typed, meant in (("H55", "h55"), ("h56", "H56"), ("SO-NV", "so-nv")):
            self.assertIn(f"did you mean {meant}?", self.broker.ctl("task", "assign", "--to", typed, "--reference", "X", "--title", "x", code=3))

    def test_a_task_of_several_leads_is_found_by_the_reference_that_was_given(self):
        self.assign(reference="VP-13", lead="so")  # one letter away
        words = ("task", "assign", "--reference", "VP-12", "--title", "Việc", "--to", "so", "--to", "huyen")
        self.broker.ctl(*words)
        said = self.broker.ctl("task", "show", "VP-12", code=2)
        for reference in ("tinh:VP-12/so", "tinh:VP-12/huyen"):
            self.assertIn(reference, said)
        said = self.broker.ctl(*words, code=5)
        (hint,) = [line for line in said.splitlines() if "next: coordctl task show VP-12/" in line]
        reference = hint.split("task show ")[1].split("  #")[0]
        self.assertEqual(self.broker.ctl_json("task", "show", reference)["task"]["reference"], reference)

    def test_what_a_key_is_revoked_by_is_never_cut_and_the_key_itself_is(self):
        label = "máy chủ điều hành của văn phòng, tầng 3"
        out = os.path.join(self.broker.directory, "nhan.context")
        key = self.broker.ctl("key", "new", "so", "--label", label, "--out", out).strip()
        for columns in (40, 80):
            shown = self.screen("key", "list", columns=columns, NO_COLOR="1")
            self.assertIn(label, shown)
            self.assertNotIn(key, shown)
        self.assertTrue(all(columns_of(line) <= 80 for line in shown.split("\n")), shown)
        self.assertIn(key, self.screen("key", "list", columns=200, NO_COLOR="1"))
        self.assertIn(key, self.broker.ctl("key", "list"))
        self.assertIn(key, self.broker.ctl("--json", "key", "list"))

    def test_a_key_is_revoked_by_the_name_that_people_have_for_it(self):
        before = {entry["key"]["public_key"] for entry in self.broker.ctl_json("key", "list", "--agency", "so")}
        out = os.path.join(self.broker.directory, "2.context")
        self.broker.ctl("key", "new", "so", "--label", "máy 2", "--out", out)
        self.assertIn("no key", self.broker.ctl("key", "revoke", "so:máy 3", code=3))
        self.broker.ctl("key", "revoke", "so:máy 2")
        self.assertIn("no key", self.broker.ctl("key", "revoke", "so:máy 2", code=3))
        alive = {entry["key"]["public_key"] for entry in self.broker.ctl_json("key", "list", "--agency", "so")
                 if "revoked" not in entry["key"]}
        self.assertEqual(alive, before)

    # ---- completion, as bash asks for it ----

    def completed(self, *words):
        script = self.broker.ctl("completion", "bash")
        quoted = " ".join("'" + word + "'" for word in ("coordctl", *words))
        run = subprocess.run(["bash", "-c", f"{script}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _coordctl; "
                              'printf "%s\\n" "${COMPREPLY[@]}"'], capture_output=True, text=True, check=True,
                             env=dict(os.environ, COORD_CONTEXT=self.broker.admin,
                                      PATH=os.path.dirname(COORDCTL) + ":" + os.environ["PATH"]))
        return run.stdout.split("\n")[:-1]

    def test_completion_follows_the_line(self):
        self.assign(reference="HT-1")
        self.assign(reference="số 2")
        for words, candidates in ((("task", "show", "HT"), ["HT-1"]), (("task", "show", "số"), ["số\\ 2"]),
                                  (("--json", "task", "li"), ["list"]), (("--context", "x/y", "--json", "ta"), ["task", "target"]),
                                  (("help", "task", "rea"), ["reassign"]), (("help", "esc"), ["escalation"]),
                                  (("key", "list", "--agency", "=", "hu"), ["huyen"]),
                                  (("task", "show", "tinh", ":", "HT"), ["HT-1"]), (("completion", ""), ["bash"]),
                                  (("agency", "set", "x", "--parent", "hu"), ["huyen"]),
                                  (("key", "revoke", "so"), ["so:văn\\ thư"]), (("key", "revoke", "so", ":", "v"), ["văn\\ thư"]),
                                  (("escalation", "acknowledge", ""), [""]), (("task", "accept", "HT-1", "--exp"), ["--expect"]),
                                  (("--ti",), ["--timeout"])):
            with self.subTest(words=words):
                self.assertEqual(self.completed(*words), candidates)
        self.assertIn("--note", self.completed("task", "accept", "HT-1", ""))
        self.admin.call("escalate", task=1, to=["so"], note="chậm")
        self.assertEqual(self.completed("escalation", "acknowledge", ""), ["HT-1"])
        files = subprocess.run([COORDCTL, "_complete", "apply", "-f", ""], capture_output=True, check=False)
        self.assertEqual((files.returncode, files.stdout), (9, b""))

    def test_the_progress_of_long_work_is_shown_and_goes_away(self):
        path = os.path.join(self.broker.directory, "agencies.json")
        for count in (3000, 12000, 48000):  # what is done at once shows none: more of it, on a machine that is quick
            agencies = [{"agency": f"xa-{count}-{number}", "name": f"Xã {number}", "parent": "huyen"} for number in range(count)]
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"agencies": agencies}, file)
            screen = self.screen("apply", "-f", path, "--json")
            if "applying" in screen:
                break
        self.assertRegex(screen, rf"applying +\[#* +\] \d+/{count}")
        self.assertIn("\r\033[K", screen)
        self.assertFalse(re.search("applying", self.broker.ctl("apply", "-f", path)))


if __name__ == "__main__":
    unittest.main()
