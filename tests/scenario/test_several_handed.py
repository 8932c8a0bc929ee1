"""The lead of several brokers is handed over with coordctl, under those who change and those who are told."""
import json
import subprocess
import threading
import unittest

from harness import COORDCTL, Coord, free_port, read_context
from several import AMPLE, HANGS, PATIENT, Three, wait_for

REFUSED, USAGE, NO_BROKER = 1, 2, 6


class Handed(Three):
    def test_the_lead_is_handed_over_to_whom_one_names(self):
        path = self.file_of(self.brokers)
        reply = self.broker.ctl_json("leader", "hand-over", "--to", self.brokers[2].endpoint, context=path)
        self.assertEqual(reply["leader"], self.brokers[2].endpoint)
        self.assertIs(self.leader(), self.brokers[2])
        said = self.broker.ctl("leader", "hand-over", context=self.file_of(self.brokers[:2] + self.brokers[2:]))
        self.assertRegex(said, r"(?m)^leader\ttcp://\S+$")
        self.assertRegex(said, r"(?m)^epoch\t\d+$")
        self.assertIsNot(self.leader(), self.brokers[2])

    def test_who_cannot_take_the_lead_is_said_before_it_is_given_up(self):
        path, gone = self.file_of(self.brokers), f"tcp://127.0.0.1:{free_port()}"
        epoch = self.admin.call("status")["epoch"]
        said = self.broker.ctl("leader", "hand-over", "--to", gone, context=path, code=USAGE)
        self.assertIn(f"{gone} gives no answer, as one with role = candidate does not: {gone}: nobody answers there.", said)
        self.assertIn(f"bad_argument: --yes: {gone} gives no answer", said)
        self.assertRegex(said, f"next: coordctl .*leader hand-over --to {gone} --yes\n")
        self.assertIn("--to: `may2` must be tcp://HOST:PORT", self.broker.ctl("leader", "hand-over", "--to", "may2", context=path, code=USAGE))
        self.assertEqual(self.admin.call("status")["epoch"], epoch)

    def test_an_endpoint_at_which_nobody_listens_does_not_stand_in_the_way(self):
        """What a broker before it in the context never got goes on to the next, though it is asked for once."""
        path = self.context_file(dict(read_context(self.broker.admin), endpoint=f"tcp://127.0.0.1:{free_port()}, {self.all}"))
        for number in range(3):
            led = self.leader()
            self.broker.ctl("leader", "hand-over", context=path)
            self.assertIsNot(self.leader(), led)
            self.broker.ctl("backup", f"b{number}", context=path)
        nowhere = self.context_file(dict(read_context(self.broker.admin), endpoint=", ".join(f"tcp://127.0.0.1:{free_port()}" for _ in range(2))))
        said = self.broker.ctl("leader", "hand-over", context=nowhere, code=NO_BROKER)
        self.assertNotIn("may still be done", said)
        self.assertIn("was not done", said)

    def test_no_change_is_refused_while_it_is_handed_over(self):
        done, failures, ending = {}, [], threading.Event()

        def write(name):
            try:
                with Coord(dict(self.huyen_context, endpoint=self.all)) as client:
                    number = 0
                    while not ending.is_set():
                        note = f"{name}-{number}"
                        done[note] = client.call("report", id=note, task=self.task, percent=1, note=note, timeout=PATIENT)["seq"]
                        number += 1
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=write, args=(f"w{number}",)) for number in range(3)]
        for thread in threads:
            thread.start()
        path = self.file_of(self.brokers)
        for _ in range(3):
            before = len(done)
            self.broker.ctl("leader", "hand-over", context=path)
            wait_for(lambda: len(done) > before + 10, "nobody goes on")
        ending.set()
        for thread in threads:
            thread.join(HANGS)
        self.assertEqual(failures, [])
        self.assertEqual(self.reports(), done)

    def test_streams_go_on_with_no_gap_and_nothing_twice(self):
        """Those of Python, libcoord and a durable consumer's, while the lead goes over and over."""
        begun = self.admin.call("status")["seq"]
        tinh = dict(read_context(self.broker.admin), endpoint=self.all)
        told, failures, changes = {"python": [], "durable": []}, [], 30

        def hear(name, **options):
            try:
                with Coord(tinh) as client:
                    for record in client.stream(start=begun, **options):
                        told[name].append(record["seq"])
                        if len(told[name]) == changes:
                            return
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=hear, args=("python",), daemon=True),
                   threading.Thread(target=hear, args=("durable",), kwargs={"consumer": "kho"}, daemon=True)]
        for thread in threads:
            thread.start()
        path = self.file_of(self.brokers)
        watch = subprocess.Popen([COORDCTL, "--context", path, "--json", "watch", "--from", str(begun), "--count", str(changes)],
                                 stdout=subprocess.PIPE, text=True)
        self.addCleanup(watch.stdout.close)
        self.addCleanup(watch.kill)
        writer, done = self.among(self.brokers), []
        for number in range(changes):
            if number % 8 == 5:
                self.broker.ctl("leader", "hand-over", context=path)
            done.append(writer.call("report", task=self.task, percent=number, note=f"n{number}", timeout=PATIENT)["seq"])
        for thread in threads:
            thread.join(HANGS)
        self.assertEqual(failures, [])
        self.assertEqual(told, {"python": done, "durable": done})
        self.assertEqual([json.loads(line)["seq"] for line in watch.communicate(timeout=HANGS)[0].splitlines()], done)

    def test_whose_key_does_not_administer_hands_nothing_over(self):
        said = self.broker.ctl("leader", "hand-over", context=self.file_of(self.brokers, self.huyen_context), code=4)
        self.assertIn("right_missing", said)


class HandedToNobody(Three):
    lease = AMPLE

    def test_that_whoever_was_named_does_not_lead_is_an_error(self):
        gone = f"tcp://127.0.0.1:{free_port()}"
        said = self.broker.ctl("leader", "hand-over", "--to", gone, "--yes", context=self.file_of(self.brokers), code=REFUSED)
        self.assertIn("hand_over_failed: ", said)
        self.assertIs(self.leader(), self.broker)


if __name__ == "__main__":
    unittest.main()
