"""A few agencies before a broker whose clock stands still: what tests of dates begin with."""
import math
import os
import time
import unittest

from harness import PATIENT_SECONDS, PRESETS, Broker
from screen import Screen


class StandingClock(unittest.TestCase):
    """The agencies of `tree`, each with the one above it, under the preset policies. It is Monday 2024-06-10, 9 o'clock, and
    goes on from another day when a test says so."""

    tree = ()
    refused = Screen.refused
    told_by_now = Screen.told_by_now
    file = Screen.context_file

    def setUp(self):
        self.broker = Broker(rehearse="2024-06-10T09:00", speed=0.0001)
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.admin = self.client(None)
        self.broker.calendar(self.admin)
        self.broker.ctl("apply", "-f", os.path.join(PRESETS, "policies.json"))
        self.agencies = {agency: self.broker.agency(self.admin, agency, parent) for agency, parent in self.tree}
        self.files = {agency: self.file(context) for agency, context in self.agencies.items()}

    def client(self, agency):
        """An agency's; the administrator's for None."""
        client = self.broker.client(self.agencies[agency] if agency else None)
        self.addCleanup(client.close)
        return client

    def ctl(self, agency, *words, **more):
        return self.broker.ctl(*words, context=self.files[agency] if agency != "tinh" else None, **more)

    def later(self, day):
        """The same broker at a later time, once all that fell due meanwhile is done; it stands still again from there."""
        self.broker.day = day
        self.broker.restart()
        ends = time.monotonic() + PATIENT_SECONDS
        while self.admin.call("status").get("next_deadline", math.inf) <= self.admin.call("hello")["time"]:
            self.assertLess(time.monotonic(), ends, "what fell due does not come")
            time.sleep(0.02)
