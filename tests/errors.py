#!/usr/bin/env python3
"""Every error of protocol/errors.def.h is expected by at least one test. Prints those that are not."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS = re.findall(r'E\(([A-Z0-9_]+), \d+, "([a-z0-9_]+)"', (ROOT / "protocol" / "errors.def.h").read_text())


def expectations():
    """What tests hold an outcome against: unit tests by constant, scenarios by name."""
    for path in (ROOT / "tests" / "unit").rglob("test_*.c"):
        for statement in path.read_text().split(";"):
            if re.search(r"\b(REFUSED|assert_\w+|EXPECT\w*|\w*refus\w*|CHECK\w*)\s*\(", statement) or "{" in statement:
                yield from re.findall(r"\b(?:COORD_E_)?([A-Z][A-Z0-9_]+)\b", statement)
    for path in (ROOT / "tests" / "scenario").glob("test_*.py"):
        yield from re.findall(r'"([a-z0-9_]+)"', path.read_text())


def main():
    expected = set(expectations())
    missing = [name for constant, name in ROWS if constant not in expected and name not in expected]
    if missing:
        print("no test expects: " + ", ".join(missing))
        return 1
    print(f"ok    errors: each of the {len(ROWS)} is expected by a test")
    return 0


if __name__ == "__main__":
    sys.exit(main())
