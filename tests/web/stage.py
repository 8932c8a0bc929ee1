#!/usr/bin/env python3
"""The Ham Tan programme on a real broker, stopped in the middle: some tasks done, some late, some escalated.

Usage: stage.py --build DIR. Prints one line of JSON when all stands still (the contexts of the agencies, the endpoint, the
broker's process), then does what its standard input says, a line at a time, and answers each with a line: `kill` (the
broker, without warning), `start`, `speed N` (days in a second). Its end is the end of the broker and of what it wrote.
"""
import argparse
import json
import os
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "demo"))
import run as demo_run  # noqa: E402

DAYS = 225  # after the beginning: in the middle of December, days after most of it was due


def play(demo):
    """The demonstration's own steps, so that the pages show what it shows."""
    demo.set_up()
    demo.run_agencies()
    demo.end(signal.SIGTERM)
    demo.start(demo_run.FIRST_SPEED)
    demo.wait_for_streams(len(demo.contexts))
    demo.assign()
    demo.wait_until_day(demo_run.FIRST_DAYS)
    demo.end(signal.SIGTERM)
    demo.start(demo_run.SPEED)
    demo.wait_until_day(DAYS)
    demo.quiet()


def obey(demo, line):
    words = line.split()
    if words[0] == "kill":
        demo.end(signal.SIGKILL)
    elif words[0] == "start":
        demo.start(demo_run.STILL)
    elif words[0] == "speed":
        demo.end(signal.SIGTERM)
        demo.start(float(words[1]))
    else:
        raise SystemExit(f"stage: kill, start or speed N, not {line!r}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    told = sys.stdout
    sys.stdout = sys.stderr  # what the demonstration says is for its log
    demo = demo_run.Demo(os.path.abspath(parser.parse_args().build))
    try:
        play(demo)
        print(json.dumps({"contexts": demo.contexts, "admin": demo.admin, "endpoint": demo.endpoint,
                          "directory": demo.directory}), file=told, flush=True)
        for line in sys.stdin:
            obey(demo, line)
            print("done", file=told, flush=True)
    finally:
        demo.remove()


if __name__ == "__main__":
    main()
