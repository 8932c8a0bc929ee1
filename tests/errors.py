#!/usr/bin/env python3
"""Every error of protocol/errors.def.h was produced by at least one test, and each time said what would be right.

Usage: errors.py FILE      what tests put on record: `name field message` by tabs, a line for each error they were given
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS = re.findall(r'E\([A-Z0-9_]+, \d+, "([a-z0-9_]+)"', (ROOT / "protocol" / "errors.def.h").read_text())

# Errors of the connection, the sender, the broker or the machine, as against one field of the request: no field is at
# fault, though one may be named. `capacity` is of the broker's whole, or of a field's.
OF_NO_FIELD = {
    "frame_too_large", "frame_too_deep", "frame_malformed", "frame_too_many", "key_unknown", "key_revoked", "key_expired",
    "agency_closed", "right_missing", "request_reused", "already_subscribed", "rate_limited", "in_flight_limit",
    "cost_limited", "connection_limit", "write_limited", "stream_limit", "stream_unknown", "batch_full", "clock_doubtful", "capacity", "storage_full",
    "stopping", "backup_running", "not_leader", "behind", "not_several", "hand_over_failed", "timed_out", "no_memory", "bad_context", "bad_argument", "bad_reply", "system",
}


def flaw(name, field, message):
    """What is wrong with how an error was told; None when nothing is."""
    if name not in ROWS:
        return "it is not in the table"
    if not field and name not in OF_NO_FIELD:
        return "it does not name the field"
    if len(message.split()) < 4:
        return "its message is no sentence"
    if not re.search(r"[.…?)»”`]$", message) and len(message.encode()) < 250:
        return "its message does not end"
    return None


def main():
    seen = {}
    for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").split("\n"):
        parts = line.split("\t", 2)
        if len(parts) == 3:
            seen.setdefault(parts[0], {})[(parts[1], parts[2])] = True
    failed = False
    for name in ROWS:
        if name not in seen:
            failed = True
            print(f"no test produces {name}")
    for name, told in seen.items():
        for field, message in told:
            wrong = flaw(name, field, message)
            if wrong:
                failed = True
                print(f"{name} at `{field}`: {wrong}: {message}")
    page = (ROOT / "protocol" / "PROTOCOL.md").read_text()
    for name, code, cause in re.findall(r"^\| `([a-z_]+)` \| (\d+) \| (?:yes)? *\| .*? \| (.*?) *\|$", page, re.M):
        if not cause and not 80 <= int(code) < 90:
            failed = True
            print(f"PROTOCOL.md does not say when {name} comes: tests/tools/protocol_causes.h")
    if not failed:
        print(f"ok    errors: each of the {len(ROWS)} is produced, with {sum(map(len, seen.values()))} different messages")
    return failed


if __name__ == "__main__":
    sys.exit(main())
