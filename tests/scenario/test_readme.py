"""README and coord-apply(5), typed word for word: what a new clerk and a new administrator do first works as it stands there."""
import os
import re
import shutil
import subprocess
import unittest

from harness import COORDCTL, ROOT, Broker

PROGRAMME = os.path.join(ROOT, "tests", "data", "programme.json")


def section(name, title):
    """The lines of a page that stand in a section, without its code's indentation."""
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        text = file.read()
    begin = text.index(title)
    return text[begin:text.find("\n## ", begin + 1)]


def typed(text):
    """What stands indented, and what stands between fences, where the end of a text to be typed must begin its line."""
    lines, fenced = [], False
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            lines.append(line if fenced else line[4:])
    return "".join(line + "\n" for line in lines)


def administrators_lines():
    """What loads calendar, policies, programme, settings and keys."""
    script = typed(section("README.md", "## Five minutes as an administrator"))
    lines = [line for line in script.split("\n") if re.match("coordctl .* (apply|agency|store|key) ", line) and "mot-cua" not in line]
    script = "\n".join(lines).replace("/usr/share/coordd/presets", os.path.join(ROOT, "clients", "presets"))
    return len(lines), script.replace("/usr/share/doc/coordd/examples/programme.json", PROGRAMME)


class Typing(unittest.TestCase):
    """A rehearsal clock, and a directory in which somebody types."""
    REHEARSED, SETTINGS = "2024-06-18T08:00", ("--tasking", "tree")

    def setUp(self):
        self.broker = Broker(rehearse=self.REHEARSED, speed=0.0001, settings=self.SETTINGS)
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.home = os.path.join(self.broker.directory, "home")
        os.mkdir(self.home)
        shutil.copy(self.broker.admin, os.path.join(self.home, "admin.context"))

    def type(self, script):
        run = subprocess.run(["bash", "-euc", script], cwd=self.home, capture_output=True, text=True, timeout=120, check=False,
                             env={"HOME": self.home, "PATH": os.path.dirname(COORDCTL) + ":/usr/bin:/bin", "TZ": "<+07>-7",
                                  "LC_ALL": "C.UTF-8"})
        self.assertEqual(run.returncode, 0, f"{script}\n{run.stdout}{run.stderr}")
        return run.stdout


class Pages(Typing):
    """The real programme."""

    def programme(self):
        presets = os.path.join(ROOT, "clients", "presets")
        for path in (os.path.join(presets, "calendar-vn.json"), os.path.join(presets, "policies.json"), PROGRAMME):
            self.broker.ctl("apply", "--backdated", "-f", path)
        out = os.path.join(self.home, "btv-tu.context")
        self.broker.ctl("key", "new", "btv-tu", "--label", "văn thư", "--out", out)
        self.broker.ctl("apply", "--backdated", "-f", PROGRAMME, context=out)
        return out

    def test_the_clerks_five_minutes_work_as_they_are_typed(self):
        assigner = self.programme()
        self.broker.ctl("key", "new", "ubh", "--label", "văn thư", "--out", os.path.join(self.home, "ubh.context"))
        self.broker.ctl("task", "escalate", "HT-013", "--to", "ubh", "--note", "Chậm", context=assigner)
        for name in ("bao-cao.pdf", "bien-ban.pdf"):
            with open(os.path.join(self.home, name), "wb") as file:
                file.write(b"%PDF-1.4 " + name.encode())
        script = typed(section("README.md", "## Five minutes as a clerk"))
        self.assertGreater(script.count("coordctl "), 9)
        self.assertEqual(script.count("\ncoordctl watch\n"), 1)
        # what goes on until it is interrupted is, once it has told of what is typed after it
        script = script.replace("\ncoordctl watch\n", "\ncoordctl watch --from 0 > watched & watcher=$!\n")
        out = self.type(script + "until grep -q HT-013 watched; do sleep 0.1; done; kill $watcher\n")
        for said in ("HT-040", "acknowledged", "VP-12"):
            self.assertIn(said, out)
        task = self.broker.ctl_json("task", "show", "btv-tu:HT-040", context=assigner)["task"]
        self.assertEqual((task["state"], task["asks"][0]["outcome"]), ("submitted", "taken_back"))

    def test_the_administrators_calendar_works_as_it_is_typed(self):
        text = section("README.md", "## Five minutes as an administrator")
        begin = text.index("A calendar says when")
        out = self.type(typed(text[begin:text.index("Agencies give tasks", begin)]))
        self.assertIn("add\tcalendar\tmot-cua", out)
        self.assertEqual(out.splitlines()[-1].split("\t")[2], "2024-06-20 10:30")

    def test_the_administrators_programme_and_keys_work_as_they_are_typed(self):
        self.broker.ctl("agency", "set", "btv-tu", "--name", "Ban Thường vụ Tỉnh ủy")
        count, script = administrators_lines()
        self.assertEqual(count, 14, script)
        self.type(script)

    def test_the_examples_of_coord_apply_do_what_the_page_says(self):
        self.programme()
        with open(os.path.join(ROOT, "clients", "coordctl", "coord-apply.5.scd"), encoding="utf-8") as file:
            blocks = re.findall(r"^```\n(.*?)^```$", file.read(), re.DOTALL | re.MULTILINE)
        self.assertEqual([block[0] for block in blocks], ["{", "c", "{", "c", "{"])
        for block in blocks:
            if block[0] == "{":
                self.broker.ctl("apply", "-f", "-", text=block)
                self.assertEqual(self.broker.ctl("apply", "-f", "-", text=block), "")
                continue
            out = []
            for line in block.splitlines():
                if line.startswith("coordctl "):
                    out = self.broker.ctl("--table", *line.split()[1:]).splitlines()
                else:
                    self.assertIn(line, out)


class Late(Typing):
    """Years after the programme's dates, as README's reader is."""
    REHEARSED = "2026-11-03T08:00"
    SETTINGS = ("--tasking", "tree", "--agency", "btv-tu", "--name", "Ban Thường vụ Tỉnh ủy")

    def assert_all_are_loaded(self):
        """As each of the two who give them lists its own."""
        theirs = os.path.join(self.home, "counting.context")
        self.broker.ctl("key", "new", "btv-hu", "--label", "đếm", "--rights", "read", "--out", theirs)
        for assigner, context, count in (("btv-tu", self.broker.admin, 59), ("btv-hu", theirs, 9)):
            given = self.broker.ctl_json("task", "list", "--agency", assigner, "--roles", "assigner", context=context)
            self.assertEqual(len(given), count)

    def test_all_of_the_programme_is_loaded_by_what_the_administrator_types_and_no_other_key_administers_then(self):
        self.type(administrators_lines()[1])
        self.assert_all_are_loaded()
        keys = [one for one in self.broker.ctl_json("key", "list") if "revoked" not in one["key"] and "administer" in one["key"]["rights"]]
        self.assertEqual([key["agency"] for key in keys], ["btv-tu"])

    def test_what_apply_says_to_type_for_another_agencys_tasks_loads_them(self):
        """The next lines themselves, as they stand."""
        admin = "coordctl --context ./admin.context "
        self.type("".join(f"{admin}apply -f {os.path.join(ROOT, 'clients', 'presets', name)}\n" for name in ("calendar-vn.json", "policies.json")))
        said = self.type(f"{admin}apply -f {PROGRAMME} --backdated 2>&1")
        lines = [line.split("next: ")[1] for line in said.splitlines() if "next: " in line]
        self.assertEqual([line.split()[3:5] for line in lines], [["key", "new"], ["apply", "-f"], ["key", "revoke"]], said)
        said = self.type("\n".join(lines[:2]) + " 2>&1\n")
        self.assertEqual(said.count("add\ttask\t"), 9, said)
        # and to that key it says the context that is there for the others
        self.assertIn(f"next: coordctl --context ./admin.context apply -f {PROGRAMME} --backdated\n", said)
        self.type(lines[1])
        self.type(lines[2])
        self.assert_all_are_loaded()

    def test_who_may_make_no_key_is_told_to_ask_for_one(self):
        path = os.path.join(self.home, "one.json")
        self.broker.ctl("agency", "set", "xa", "--name", "Xã", "--parent", "btv-tu")
        self.broker.ctl("key", "new", "xa", "--out", os.path.join(self.home, "xa.context"))
        with open(path, "w", encoding="utf-8") as file:
            file.write('{"tasks": [{"assigner": "btv-tu", "reference": "V-1", "leads": ["xa"], "content": {"title": "Việc"}}]}')
        apply = "coordctl --context ./xa.context apply -f one.json 2>&1"
        self.assertIn("next: coordctl --context ./admin.context apply -f one.json\n", self.type(apply))
        os.rename(os.path.join(self.home, "admin.context"), os.path.join(self.home, "elsewhere.context"))
        self.assertIn("next: ask the administrator for a context file of btv-tu\n", self.type(apply))


if __name__ == "__main__":
    unittest.main()
