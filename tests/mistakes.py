#!/usr/bin/env python3
"""The simulator finds what it is there to find: each mistake of a list is made in turn, and some seed must tell of it.

Usage: mistakes.py BUILD_DIRECTORY [WORD]      WORD: only the mistakes whose name holds it; those named several- are of several brokers
Environment: RUNS, how many seeds are tried (400), after those of sim/seeds/list, among which are some that find what is seldom met

In a copy of the sources and of what was built of them: one mistake is made, the simulator is built and run. First it must find
nothing where there is none. Prints what found
each, every one that nothing found, and every one that no longer says what stands in the sources: write it anew, or strike it
when there is nothing left that could be done so wrongly.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / "tests/sim/mistakes"
RUNS = int(os.environ.get("RUNS", "400"))
ROOMS = ("daemon", "protocol", "tests/sim", "tests/tools")


class Stale(Exception):
    pass


# ---- the list ----

def read_list():
    """A mistake: name, sentence, and of each file what stands there and what is put in its place, lines without indentation."""
    mistakes = []
    for block in LIST.read_text().split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if not lines:
            continue
        name, sentence = lines[0].split(" ", 1)
        changes = []
        for line in lines[1:]:
            if not line.startswith(("- ", "+ ")):
                changes.append((line, [], []))
            else:
                changes[-1][1 if line[0] == "-" else 2].append(line[2:].strip())
        mistakes.append((name, sentence, changes))
    return mistakes


def changed(text, old, new):
    """The text with the lines replaced that must stand in it once."""
    pattern = r"[ \t]*" + r"\n[ \t]*".join(map(re.escape, old)) + r"\n"
    found = list(re.finditer(r"(?m)^" + pattern, text))
    if len(found) != 1:
        raise Stale(f"`{old[0]}` stands there {len(found)} times")
    return text[:found[0].start()] + "".join(line + "\n" for line in new) + text[found[0].end():]


def stale():
    """Those that no longer say what stands in the sources, and why: what can be told of all of them in no time."""
    found = []
    for name, _, changes in read_list():
        for path, old, new in changes:
            try:
                changed((ROOT / path).read_text(), old, new)
            except (Stale, OSError) as why:
                found.append(f"{name}: {path}: {why}")
    return found


# ---- one mistake ----

def build(copy):
    return subprocess.run(["make", "--no-print-directory", f"-j{os.cpu_count()}", "WARNINGS=-w", "build/sim"], cwd=copy, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def run(copy, several):
    """What the simulator says of it, of one broker or of several; None when it finds nothing."""
    which = ["--several", "--seeds", "tests/sim/seeds/several"] if several else ["--seeds", "tests/sim/seeds/list"]
    done = subprocess.run(["build/sim", *which, "--seed", "1", "--runs", str(RUNS), "--jobs", str(os.cpu_count())], cwd=copy, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, errors="replace", check=False)
    return None if done.returncode == 0 else done.stderr.splitlines()[0]


def make(copy, changes, several=False):
    for path, old, new in changes:
        (copy / path).write_text(changed((copy / path).read_text(), old, new))
    built = build(copy)
    if built.returncode:
        raise Stale("with it nothing compiles:\n" + built.stdout[-2000:])
    return run(copy, several)


def tried(copy, changes, several):
    try:
        return make(copy, changes, several)
    finally:
        for path, _, _ in changes:
            (copy / path).write_text((ROOT / path).read_text())


# ---- all of them ----

def fill(copy, built):
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room)
        if (built / room).is_dir():
            shutil.copytree(built / room, copy / "build" / room)
    shutil.copytree(built / "gen", copy / "build/gen")
    for path in [*built.glob("*.a"), built / "sim"]:
        shutil.copy2(path, copy / "build" / path.name)
    for path in (ROOT / "Makefile", *ROOT.glob("clients/*/*.mk")):
        shutil.copy2(path, copy / path.relative_to(ROOT))


def main():
    built, word = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else ""
    mistakes = [mistake for mistake in read_list() if word in mistake[0]]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="mistakes-") as directory:
        copy = pathlib.Path(directory)
        fill(copy, built)
        found = make(copy, []) or run(copy, True)
        if found:
            print(f"without any mistake: {found}")
            return 1
        for name, sentence, changes in mistakes:
            begin = time.monotonic()
            try:
                found = tried(copy, changes, name.startswith("several-"))
            except Stale as stale:
                found = None
                print(f"stale  {name}: {stale}", flush=True)
            else:
                print(f"{'found ' if found else 'MISSED'} {name} ({time.monotonic() - begin:.0f} s): {found or sentence}", flush=True)
            missed += found is None
    print(f"{len(mistakes) - missed} of {len(mistakes)} mistakes found" + (f"; {missed} not" if missed else ""))
    return 1 if missed or not mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
