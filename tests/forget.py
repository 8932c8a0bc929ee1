#!/usr/bin/env python3
"""What is forgotten is told: each row of a table is left out in turn, and the compiler, the linker or a test must notice.

Usage: forget.py BUILD_DIRECTORY [WORD]      WORD: only the places whose name holds it
Environment: FORGET_CC, FORGET_FLAGS, FORGET_CORE_FLAGS, FORGET_LIBS as the Makefile has them.

In copies of the sources, one for each processor: one place is left out, what is touched by it is compiled, and if all of that
compiles the test that is named for the table is linked from the build directory's objects and run. The build directory is
only read. Prints every place that nobody noticed, and how many there were.
"""
import concurrent.futures
import os
import pathlib
import queue
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CC = [word for word in shlex.split(os.environ["FORGET_CC"]) if word != "ccache"]  # nothing is compiled twice
FLAGS = shlex.split(os.environ["FORGET_FLAGS"])
CORE_FLAGS = shlex.split(os.environ["FORGET_CORE_FLAGS"])
LIBS = shlex.split(os.environ["FORGET_LIBS"])
ROOMS = {"core": ["core", "base", "protocol"], "protocol": ["protocol"], "coordctl": ["coordctl", "common", "libcoord", "protocol"]}
# The messages whose fields are left out one by one: what the journal holds, and how clients see it.
FACTS = ["RECORD", "CONTENT_FIELDS", "AGENCY", "KEY", "CALENDAR", "STEP", "POLICY", "TASK", "ESCALATION", "CHANGED"]
PLACES_MIN = 40  # fewer, and the tables are no longer read here
TRIED_MAX = 2    # sources that mention a name and are compiled for it, the shortest first


# ---- what can be left out ----

def item_end(text, start):
    """Where an item with balanced brackets ends, strings skipped."""
    depth, at = 0, start
    while at < len(text):
        if text[at] == '"':
            at = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, at).end()
            continue
        if text[at] in "({":
            depth += 1
        elif text[at] in ")}":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    raise ValueError(text[start:start + 60])


def block(text, define):
    """The extent of a macro's lines."""
    start = re.compile(r"^#define " + re.escape(define) + r"\b.*$", re.M).search(text)
    end = start.end()
    while text[end - 1] == "\\":
        end = text.index("\n", end + 1) if "\n" in text[end + 1:] else len(text)
    return start.start(), end


def items(path, define, pattern):
    """The rows of a macro: (match of the pattern, the text without the row)."""
    text = (ROOT / path).read_text()
    begin, end = block(text, define) if define else (0, len(text))
    found = []
    for match in re.compile(pattern).finditer(text, begin, end):
        stop = item_end(text, match.start())
        if not define and text[stop:stop + 1] == ",":
            stop += 1
        found.append((match, text[:match.start()] + text[stop:]))
    return found


class Place:
    """One thing left out: a name, a file and its text without it, what would show it."""

    def __init__(self, name, path, text, compiled=(), mentions=None, test=None, documented=False):
        self.name, self.path, self.text = name, path, text
        self.compiled, self.mentions, self.test, self.documented = list(compiled), mentions, test, documented


SOURCES = {}


def mention(pattern):
    """The sources of the programs that hold a pattern, the shortest first."""
    if not SOURCES:
        for room in ("protocol", "daemon", "clients"):
            for path in (ROOT / room).rglob("*.c"):
                SOURCES[str(path.relative_to(ROOT))] = path.read_text()
    held = [path for path, text in SOURCES.items() if re.search(pattern, text)]
    return sorted(held, key=lambda path: len(SOURCES[path]))[:TRIED_MAX]


def actions():
    path = "daemon/core/actions.def.h"
    for define in ("CORE_ACTIONS", "CORE_ASSIGNMENT"):
        for row, text in items(path, define, r"\bA\((\w+), "):
            yield Place(f"action {row[1]}", path, text, ["daemon/core/actions.c"])
    for entry, text in items(path, "CORE_ACTIONS", r"\bBY\((\w+), "):
        action = re.findall(r"\bA\((\w+), ", entry.string[:entry.start()])[-1]
        text = text.replace("MAY()", "MAY(NOBODY)").replace("MAY(, ", "MAY(").replace(", )", ")")
        text = re.sub(r",\s*(\\\n\s*)?,", r", \1", text)
        yield Place(f"action {action}: BY({entry[1]})", path, text, test=("core", "test_authority", ["daemon/core/actions.c"]))
    for entry, text in items(path, "CORE_ACTIONS", r"\bTELL\((\w+), "):
        action = re.findall(r"\bA\((\w+), ", entry.string[:entry.start()])[-1]
        row = entry.string[entry.start():item_end(entry.string, entry.start())]
        for word in re.findall(r"ROLES_\w+|TO\(\w+\)", row):
            text = entry.string[:entry.start()] + row.replace(word, "0", 1) + entry.string[entry.start() + len(row):]
            yield Place(f"action {action}: told {word}", path, text,
                        test=("core", "test_authority", ["daemon/core/actions.c"]))


def task_fields():
    path = "daemon/core/task_fields.def.h"
    for row, text in items(path, "TASK_FIELDS", r"\b(?:[FTPO]\(c, \w+, (\w+)|D\(c, (\w+))"):
        name = row[1] or row[2]
        yield Place(f"task field {name}", path, text, ["daemon/core/task_field.c"], rf"(?:\b(?:task|course|rare)|\))->{name}\b|\b[A-Z]+_{name}\b")


def requests():
    path = "protocol/messages.def.h"
    for row, text in items(path, "COORD_REQUESTS", r"\bR\((\w+), (\w+), "):
        yield Place(f"request {row[2]}", path, text, mentions=rf"\bOP_{row[1]}\b|\bhandle_{row[2]}\(struct step\b")


def messages():
    path = "protocol/messages.def.h"
    for row, text in items(path, "COORD_MESSAGES", r"\bX\((\w+), (\w+), "):
        yield Place(f"message {row[2]}", path, text, ["protocol/message.c"], rf"\b(msg|message)_{row[2]}\b")
    for name in FACTS:
        message = name.lower().replace("_fields", "")
        for row, text in items(path, f"MSG_{name}", r"\b(?:[FL]\(\w+, (\w+), |[TSM]\(\w+, (\w+), )"):
            field = row[1] or row[2]
            yield Place(f"field {message}.{field}", path, text,
                        mentions=rf"\b{message}, {field}\b|(msg|message)_{message}\b[\s\S]*(->|\.){field}\b|\.{field} = ",
                        documented=True)


def terms():
    path = "protocol/terms.def.h"
    for row, text in items(path, "TERM_VOCABULARIES", r"\bV\((\w+), (\w+), "):
        yield Place(f"vocabulary {row[1]}", path, text, ["protocol/message.c"], rf"\b({row[2]}_\w+|vocabulary_{row[1]})\b")
    for vocabulary in re.findall(r"^#define TERM_(\w+)\(T\)", (ROOT / path).read_text(), re.M):
        for row, text in items(path, f"TERM_{vocabulary}", r"\bT\((\w+), "):
            yield Place(f"term {vocabulary}_{row[1]}", path, text, ["protocol/terms.c", "daemon/core/actions.c"],
                        rf"\b{vocabulary}_{row[1]}\b", documented=True)


def errors():
    path = "protocol/errors.def.h"
    for row, text in items(path, "COORD_ERRORS", r"\bE\((\w+), "):
        yield Place(f"error {row[1]}", path, text, mentions=rf"\bCOORD_E_{row[1]}\b")


def settings():
    path = "daemon/config.def.h"
    for define in ("COORDD_DAEMON", "COORDD_JOURNAL", "COORDD_LIMITS"):
        for row, text in items(path, define, r"\bC\((\w+), \w+, (\w+), "):
            yield Place(f"setting {row[1]}.{row[2]}", path, text, mentions=rf"\b(daemon|journal)_{row[2]}\b|limits(\.|->){row[2]}\b")


def defines(path, pattern, what):
    """Limits: a line each."""
    text = (ROOT / path).read_text()
    for line in re.finditer(pattern, text, re.M):
        yield Place(f"{what} {line[1]}", path, text[:line.start()] + text[line.end():], mentions=rf"\b{line[1]}\b")


def limits():
    yield from defines("daemon/core/state.h", r"^#define ((?:CORE|TASK|REQUEST)_\w+) +[0-9]+ +\/\*.*\n", "limit")


def keepers():
    path = "daemon/journal/keepers.def.h"
    for row, text in items(path, "JOURNAL_KEEPERS", r"\bK\((\w+), "):
        yield Place(f"keeper {row[1]}", path, text, mentions=rf"\bJOURNAL_{row[1]}\b|\bkeeper_\w+ = ")


def cases():
    """The lists that remain by hand: switches over terms."""
    for path in sorted((ROOT / "daemon/core").glob("*.c")) + [ROOT / "daemon/loop/reply.c"]:
        text, name = path.read_text(), str(path.relative_to(ROOT))
        for line in re.finditer(r"^    case ((?:EFFECT|RECORD|ROW|ROLE|DEADLINE|RUNG|STATE|KIND|ACTION|UNIT|PERIOD)_\w+):.*\n", text, re.M):
            yield Place(f"case {line[1]} in {path.name}", name, text[:line.start()] + text[line.end():], [name])


def commands():
    path = "clients/coordctl/commands.c"
    for row, text in items(path, None, r'    (?:\{"(\w+)", "(\w*)"|ON_TASK\("(\w+)")'):
        title = f"task {row[3]}" if row[3] else f"{row[1]} {row[2]}".strip()
        yield Place(f"command {title}", path, text, test=("coordctl", "test_commands", [path]))


TABLES = [actions, task_fields, requests, messages, terms, errors, settings, limits, keepers, cases, commands]


# ---- leaving it out ----

def flags_of(path):
    return FLAGS + (CORE_FLAGS if path.startswith("daemon/core/") else [])


class Copy:
    """A copy of the sources, in which one place at a time is left out."""

    def __init__(self, into, build):
        self.root, self.build = pathlib.Path(into), build
        for room in ("protocol", "daemon", "clients", "tests/unit", "tests/tools"):
            shutil.copytree(ROOT / room, self.root / room, ignore=shutil.ignore_patterns("*.json", "*.ics", "__pycache__"))
        (self.root / "out").mkdir()

    def run(self, *command):
        """Whether it went well."""
        return subprocess.run(command, cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "ERRORS_SEEN": "/dev/null"}, check=False, timeout=120).returncode == 0

    def compile(self, path, *more):
        return self.run(*CC, *flags_of(path), f"-I{self.build}", *more, path)

    def passes(self, room, test, sources):
        """The test, linked with these sources as they are now and all else as it was built."""
        objects = []
        for source in sources:
            objects.append(str(self.root / "out" / (pathlib.Path(source).stem + ".o")))
            if not self.compile(source, "-c", "-o", objects[-1]):
                return False
        unit = self.build / "tests/unit"
        beside = [str(file) for file in sorted((unit / room).glob("*.o")) if not file.name.startswith("test_")]
        program = str(self.root / "out" / test)
        archives = [str(self.build / f"lib{name}.a") for name in ROOMS[room]]
        return (self.run(*CC, *FLAGS, "-pthread", "-o", program, str(unit / room / f"{test}.o"), str(unit / "test.o"), *beside,
                         *objects, "-Wl,--start-group", *archives, "-Wl,--end-group", *LIBS, "-lcmocka")
                and self.run(program))

    def documents(self):
        """The page of the protocol, as the sources are now, is the one that is kept."""
        page = str(self.root / "out/reference")
        if not self.run(*CC, *FLAGS, "-O0", "-o", page, "tests/tools/protocol_reference.c", "protocol/message.c",
                        "protocol/terms.c", "daemon/core/actions.c", str(self.build / "libprotocol.a"), *LIBS):
            return False
        made = subprocess.run([page, "protocol/PROTOCOL.in.md"], cwd=self.root, stdout=subprocess.PIPE, check=False).stdout
        return made == (self.root / "protocol/PROTOCOL.md").read_bytes()

    def teller(self, place):
        """Who notices that the place is gone; None when nobody does."""
        file = self.root / place.path
        whole = file.read_text()
        file.write_text(place.text)
        try:
            for path in place.compiled + (mention(place.mentions) if place.mentions else []):
                if not self.compile(path, "-fsyntax-only"):
                    return path
            if place.test and not self.passes(*place.test):
                return place.test[1]
            if place.documented and not self.documents():
                return "check-reference"
            return None
        finally:
            file.write_text(whole)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    places = [place for table in TABLES for place in table() if word in place.name]
    mention("^")  # the sources are read once, before there are threads
    with tempfile.TemporaryDirectory() as scratch:
        copies = queue.Queue()
        workers = os.cpu_count() or 1
        for number in range(workers):
            copies.put(Copy(pathlib.Path(scratch) / str(number), build))
        first = copies.queue[0]
        if not first.documents():
            print("protocol/PROTOCOL.md is stale: make docs")
            return 1
        for room, test, sources in sorted({(*place.test[:2], tuple(place.test[2])) for place in places if place.test}):
            if not first.passes(room, test, sources):
                print(f"{test} does not pass as it is")
                return 1

        def look(place):
            copy = copies.get()
            try:
                return place, copy.teller(place)
            finally:
                copies.put(copy)

        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            told = list(pool.map(look, places))
    forgotten = [place.name for place, teller in told if teller is None]
    for name in forgotten:
        print(f"nobody notices that it is gone: {name}")
    if not word and len(places) < PLACES_MIN:
        print(f"only {len(places)} places were found")
        return 1
    if not forgotten:
        tests = sorted({teller for _, teller in told if not teller.endswith(".c")})
        compiled = sum(teller.endswith(".c") for _, teller in told)
        print(f"ok    forget: each of {len(places)} places that were left out is told: {compiled} by the compiler, "
              f"{len(places) - compiled} by {', '.join(tests)}")
    return 1 if forgotten else 0


if __name__ == "__main__":
    sys.exit(main())
