#!/usr/bin/env python3
"""The small corpora that fuzzing begins with. Usage: seeds.py DIRECTORY"""
import pathlib
import struct
import sys

import msgpack

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEY = "1" * 40
REQUESTS = [
    {"op": "hello", "id": "1"},
    {"op": "agency_set", "id": "2", "agency": {"agency": "xa", "name": "Xã", "parent": "tinh"}},
    {"op": "key_set", "id": "3", "agency": "xa", "key": {"public_key": KEY, "label": "k", "rights": ["act"]}},
    {"op": "calendar_set", "id": "4", "calendar": {
        "calendar": "default", "utc_offset": 420, "hours": [{"weekday": 1, "open": 450, "close": 1020}],
        "exceptions": [{"day": "2024-02-08", "working": False}]}},
    {"op": "policy_set", "id": "5", "policy": {"policy": "p", "accept_within": 1, "due": "10wd", "steps": [
        {"deadline": "completion", "offset": -1, "unit": "working_days", "does": "remind", "to": ["lead"]},
        {"deadline": "completion", "offset": 1, "unit": "working_days", "does": "escalate", "level": 1, "to": ["assigner"],
         "repeat": 1, "repeat_unit": "working_days"}]}},
    {"op": "assign", "id": "6", "reference": "R", "leads": ["xa"], "policy": "p", "content": {
        "title": "T", "due": "2024-06-28", "tags": ["a"], "target": 1.5}},
    {"op": "amend", "id": "7", "task": 1, "content": {"due": "30d", "cooperating": []}},
    {"op": "escalate", "id": "8", "task": 1, "note": "n"},
    {"op": "task_list", "id": "9", "states": ["assigned"], "search": "t"},
    {"op": "calendar_explain", "id": "a", "from": "2024-01-09", "add": "30d"},
    {"op": "batch", "id": "b", "requests": [{"op": "hello", "id": "c"}, {"op": "accept", "id": "d", "task": 1}]},
]
# Whole numbers as floats, integers that a float64 would round, unknown keys once and twice, keys that are no text.
ODD = [msgpack.packb({"op": "report", "id": "e", "task": 1.0, "percent": 5e1, "value": 2 ** 53 + 1}),
       msgpack.packb({"op": "consumed", "seq": 2.0 ** 53, "y": {1: 2}, "z": 0}),
       b"\x84\xa2op\xa8consumed\xa3seq\xcb\xc3\x40\0\0\0\0\0\0\xa1y\x01\xa1y\x02",
       b"\x83\xa2op\xa8consumed\xa3seq\xca\x3f\x80\0\0\x05\x06"]
RECORD = {"op": "record", "seq": 1, "time": 1704070800000, "record": "store", "actor": "tinh", "agency": {
    "agency": "tinh", "name": "T"}, "entry": {"public_key": KEY, "label": "k", "rights": ["act"]}}
CONFIG = "[daemon]\nlisten = tcp://127.0.0.1:5670\nlog_level = debug\n[limits]\nstreams = 10\n"
CONTEXT = (f"#c\nendpoint = tcp://127.0.0.1:5670\nserver_key = {KEY}\nagency = xa\npublic_key = {KEY}\nsecret_key = {KEY}\n")
ICS = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20240430\r\n"
       "RRULE:FREQ=YEARLY;COUNT=3\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
APPLY = '{"agencies":[{"agency":"x","name":"y"}],"tasks":[{"reference":"R","leads":["x"],"content":{"title":"t"}}]}'


def write(directory, seeds):
    directory.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (directory / f"seed-{number:02}").write_bytes(seed)


def main():
    root = pathlib.Path(sys.argv[1])
    frames = [msgpack.packb(request) for request in REQUESTS]
    # A step 11 sends a frame as it stands: the key's number, two bytes of length. 15 takes a checkpoint, 13 lets time pass.
    steps = [bytes([11, 0]) + struct.pack(">H", len(frame)) + frame for frame in frames]
    bundles = [msgpack.packb([RECORD, REQUESTS[0]]), msgpack.packb(REQUESTS + [RECORD] * 9), msgpack.packb([[RECORD]])]
    write(root / "frame", frames + [msgpack.packb(RECORD)] + ODD + bundles)
    write(root / "request", [bytes([7]) + step for step in steps] + [
        bytes([7]) + b"".join(steps[1:5]) + bytes([15]) + b"".join(steps[5:9]), bytes([7, 15, 13, 80, 13, 160, 12])])
    # Nothing, the world's rows, its records, or both; then one change: 2 adds a body as it stands.
    record = msgpack.packb(RECORD)
    write(root / "restore", [bytes([0, 1, 2, kind]) + bytes([1] if kind else []) + bytes([len(record)]) + record
                             for kind in range(8)] + [bytes([begin, 0, 0, 255, 255]) for begin in (1, 2, 3)])
    write(root / "config", [CONFIG.encode(), CONTEXT.encode()])
    write(root / "files", [ICS.encode(), APPLY.encode(), b"\x01\x05", b"\x02\x01"])


if __name__ == "__main__":
    main()
