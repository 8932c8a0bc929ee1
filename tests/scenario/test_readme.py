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


class Pages(unittest.TestCase):
    """The real programme on a rehearsal clock, and a directory in which somebody types."""

    def setUp(self):
        self.broker = Broker(rehearse="2024-06-18T08:00", speed=0.0001, settings=("--tasking", "tree"))
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.home = os.path.join(self.broker.directory, "home")
        os.mkdir(self.home)
        shutil.copy(self.broker.admin, os.path.join(self.home, "admin.context"))

    def programme(self):
        presets = os.path.join(ROOT, "clients", "presets")
        for path in (os.path.join(presets, "calendar-vn.json"), os.path.join(presets, "policies.json"), PROGRAMME):
            self.broker.ctl("apply", "--backdated", "-f", path)
        out = os.path.join(self.home, "btv-tu.context")
        self.broker.ctl("key", "new", "btv-tu", "--label", "văn thư", "--out", out)
        self.broker.ctl("apply", "--backdated", "-f", PROGRAMME, context=out)
        return out

    def type(self, script):
        run = subprocess.run(["bash", "-euc", script], cwd=self.home, capture_output=True, text=True, timeout=120, check=False,
                             env={"HOME": self.home, "PATH": os.path.dirname(COORDCTL) + ":/usr/bin:/bin", "TZ": "<+07>-7",
                                  "LC_ALL": "C.UTF-8"})
        self.assertEqual(run.returncode, 0, f"{script}\n{run.stdout}{run.stderr}")
        return run.stdout

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
        script = typed(section("README.md", "## Five minutes as an administrator"))
        lines = [line for line in script.split("\n") if re.match("coordctl .* (apply|agency|store|key) ", line) and "mot-cua" not in line]
        script = "\n".join(lines).replace("/usr/share/coordd/presets", os.path.join(ROOT, "clients", "presets"))
        script = script.replace("/usr/share/doc/coordd/examples/programme.json", PROGRAMME)
        self.assertEqual(len(lines), 11, script)
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


if __name__ == "__main__":
    unittest.main()
