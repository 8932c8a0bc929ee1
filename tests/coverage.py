#!/usr/bin/env python3
"""Branch coverage of what a build directory's programs have run, room by room, held against its bars.

Usage: coverage.py BUILD_DIRECTORY

What does not count, and why:
- assert: only a bug of ours takes its other branch, and then the program ends;
- the insides of uthash's macros: buckets, expansion, Bloom filters are its branches, not ours;
- TEXT_ARGS among the arguments of a message: whether a text is NULL decides nothing there;
- lines marked GCOV_EXCL_BR_LINE, each of which says why no test reaches its other branch.
Lines with a branch that was not taken are listed in BUILD_DIRECTORY/missed.txt.
"""
import collections
import fnmatch
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOT_OURS = r"\s*(assert\(|(DL_|HASH_(ADD|FIND|DEL|REPLACE|CLEAR|SORT|SRT)).*;|(?!.*\b(if|while|for)\b.*TEXT_ARGS).*\bTEXT_ARGS\(.*).*"
ALL_OF_US = 90.0  # of daemon/ and protocol/ together, in percent
ALL_OF_IT = {  # these take every branch
    "transitions": ["daemon/core/task.c", "daemon/core/decide*.c", "daemon/core/task_data.c"],
    "authority": ["daemon/core/authority.c"],
    "calendar": ["daemon/core/calendar*.c"],
    "codec": ["protocol/*.c"],
}


def measure(build):
    """Of every file with branches: {file: {line: (taken, all)}}."""
    report = build / "coverage.json"
    subprocess.run(["gcovr", "--root", str(ROOT), str(build), "--json", str(report), "--exclude-throw-branches",
                    "--filter", "daemon/", "--filter", "protocol/", "--filter", "clients/",
                    "--exclude-branches-by-pattern", NOT_OURS], cwd=ROOT, check=True)
    files = collections.defaultdict(dict)
    for file in json.loads(report.read_text())["files"]:
        for line in file["lines"]:
            if line["branches"] and not line.get("gcovr/noncode"):
                taken = sum(branch["count"] > 0 for branch in line["branches"])
                files[file["file"]][line["line_number"]] = (taken, len(line["branches"]))
    return files


def total(files, names):
    lines = [counts for name in names for counts in files[name].values()]
    return sum(taken for taken, _ in lines), sum(count for _, count in lines)


def row(name, taken, count, bar=None):
    """Prints a line of the table; whether its bar is met."""
    percent = 100.0 * taken / count if count else 100.0
    met = bar is None or percent >= bar
    print(f"{name:34} {taken:6} of {count:6} {percent:6.1f} %" + ("" if met else f"   below its bar of {bar:.0f} %"))
    return met


def list_missed(files, path):
    with open(path, "w", encoding="utf-8") as out:
        for name in sorted(files):
            source = (ROOT / name).read_text().splitlines()
            for number, (taken, count) in sorted(files[name].items()):
                if taken < count:
                    print(f"{name}:{number}: {taken} of {count}: {source[number - 1].strip()}", file=out)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    files = measure(build)
    print("branches taken")
    for room in sorted({str(pathlib.Path(name).parent) for name in files}):
        row(room, *total(files, [name for name in files if str(pathlib.Path(name).parent) == room]))
    met = True
    for part, patterns in ALL_OF_IT.items():
        for name in sorted(name for name in files for pattern in patterns if fnmatch.fnmatch(name, pattern)):
            met &= row(f"{part}: {pathlib.Path(name).name}", *total(files, [name]), bar=100)
    ours = [name for name in files if name.startswith(("daemon/", "protocol/"))]
    met &= row("daemon and protocol", *total(files, ours), bar=ALL_OF_US)
    list_missed(files, build / "missed.txt")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
