"""CONTRIBUTING.md stays true: every path that it names is there, and every table is defined. So does sim/mistakes: each still says what
stands in the sources.

Usage: contributing.py
"""
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


def missing_tables(words):
    sources = subprocess.run(["git", "ls-files", "daemon", "protocol", "clients"], cwd=ROOT, capture_output=True, text=True,
                             check=True).stdout.split()
    text = "".join(open(os.path.join(ROOT, path), encoding="utf-8").read() for path in sources
                   if path.endswith((".h", ".c")))
    return [word for word in words if TABLE.match(word) and not re.search(rf"\b{word}\b", text)]


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
    if not missing and not stale:
        print(f"ok    contributing: {len(paths)} paths and {len(tables)} tables are where it says, {len(mistakes.read_list())} mistakes where they say")
    return 1 if missing or stale else 0


if __name__ == "__main__":
    sys.exit(main())
