"""Durable subscribers, who are there from the first fault to the last: each is to be told all, in sequence, once."""
import json
import os
import subprocess
import threading

from coord import Coord
from machines import HOME

PATIENT = 300  # seconds: a call waits so long for who answers


class Subscriber(Coord):
    """Says where its stream stands, and whether it was begun at who follows."""
    stands, follows = None, False

    def _subscribe(self, *what):
        granted = super()._subscribe(*what)
        self.stands, self.follows = self.endpoint, "as_of" in granted
        return granted


class Archive(threading.Thread):
    """A durable subscriber in Python, at whichever coordd it is sent to, or finds when that is gone."""

    def __init__(self, context, name, start):
        super().__init__(daemon=True)
        self.context, self.consumer, self.begin = context, name, start
        self.got, self.failure, self.ending = [], None, threading.Event()
        self.sent_to, self.coord, self.by_followers = None, None, 0

    def run(self):
        try:
            with Subscriber(self.context, PATIENT, read_from="any") as self.coord:
                for record in self.coord.stream(consumer=self.consumer, start=self.begin, tick=0.2):
                    if record:
                        self.got.append(record["seq"])
                        self.by_followers += self.coord.follows
                    elif self.ending.is_set():
                        return
                    self.go()
        except Exception as failure:
            self.failure = failure

    def go(self):
        to, self.sent_to = self.sent_to, None
        if to and to != self.coord.endpoint:
            self.coord._go(to)

    def send_to(self, endpoint):
        self.sent_to = endpoint

    def stands_at(self, endpoint):
        self.seqs()
        return self.coord and self.coord.stands == endpoint

    def seqs(self):
        if self.failure:
            raise self.failure
        return list(self.got)

    def end(self):
        self.ending.set()


class Watch:
    """A durable subscriber by coordctl, and so by libcoord."""

    def __init__(self, coordctl, context, name, start):
        self.path = os.path.join(HOME, name)
        self.out = open(self.path, "wb")
        self.read, self.got = open(self.path, encoding="utf-8"), []
        self.process = subprocess.Popen([coordctl, "--context", context, "--json", "watch", "--consumer", name, "--from", str(start)],
                                        stdin=subprocess.DEVNULL, stdout=self.out, stderr=open(self.path + ".err", "wb"))

    def seqs(self):
        if self.process.poll() is not None:
            with open(self.path + ".err", encoding="utf-8") as file:
                raise AssertionError(f"coordctl watch ended with {self.process.returncode}: {file.read()}")
        while True:
            at = self.read.tell()
            line = self.read.readline()
            if not line.endswith("\n"):
                self.read.seek(at)
                return list(self.got)
            self.got.append(json.loads(line)["seq"])

    def end(self):
        self.process.kill()
        self.process.wait(60)
