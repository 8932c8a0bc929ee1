"""CONTRIBUTING.md stays true: every path that it names is there, and every table is defined. So does sim/mistakes: each still says what
stands in the sources. And no test hides another: in a file of Python's no scope has a name twice.

Usage: contributing.py
"""
import ast
import collections
import os
import re
import subprocess
import sys

import mistakes

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In backticks: what has a slash is a path; what is all capitals, with an underscore, is a table or a constant of the sources.
PATH = re.compile(r"^[\w.-]+(/[\w.-]+)+/?$")
TABLE = re.compile(r"^[A-Z]+(_[A-Z]+)+$")
PATHS_AT_LEAST, TABLES_AT_LEAST = 40, 8


def missing_paths(words):
    return [word for word in words if PATH.match(word) and not os.path.exists(os.path.join(ROOT, word))]


def sources(*rooms, endings):
    listed = subprocess.run(["git", "ls-files", *rooms], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    for path in listed:
        if path.endswith(endings):
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                yield path, file.read()


def missing_tables(words):
    text = "".join(text for _, text in sources("daemon", "protocol", "clients", endings=(".h", ".c")))
    return [word for word in words if TABLE.match(word) and not re.search(rf"\b{word}\b", text)]


def named_twice():
    """Of two classes, functions or methods of one name in one scope the first is never seen, nor its tests run."""
    for path, text in sources("tests", endings=".py"):
        for scope in ast.walk(ast.parse(text)):
            named = collections.Counter(one.name for one in ast.iter_child_nodes(scope)
                                        if isinstance(one, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)))
            for name in sorted(name for name, times in named.items() if times > 1):
                yield f"{path}: {getattr(scope, 'name', 'the file')} has two named {name}"


def main():
    with open(os.path.join(ROOT, "CONTRIBUTING.md"), encoding="utf-8") as file:
        text = file.read()
    words = set(re.findall(r"`([^`\s]+)`", text))
    links = set(re.findall(r"\]\(([^)#]+)\)", text))
    paths = [word for word in words if PATH.match(word)]
    tables = [word for word in words if TABLE.match(word)]
    missing = missing_paths(words) + missing_tables(words) + [
        link for link in links if not os.path.exists(os.path.join(ROOT, link))]
    for name in sorted(missing):
        print(f"CONTRIBUTING.md names {name}, which is not there")
    if len(paths) < PATHS_AT_LEAST or len(tables) < TABLES_AT_LEAST:
        print(f"CONTRIBUTING.md names {len(paths)} paths and {len(tables)} tables; has its form changed?")
        return 1
    stale = mistakes.stale()
    for why in stale:
        print(f"sim/mistakes no longer fits: {why}")
    hidden = list(named_twice())
    for what in hidden:
        print(what)
    if not missing and not stale and not hidden:
        print(f"ok    contributing: {len(paths)} paths and {len(tables)} tables are where it says, {len(mistakes.read_list())} mistakes where they say")
    return 1 if missing or stale or hidden else 0


if __name__ == "__main__":
    sys.exit(main())
