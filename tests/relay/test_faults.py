"""The relay killed, its receivers gone, the broker gone: nothing is lost, and what comes twice carries the same key.

FULL=1 for the long form: 10,000 notifications."""
import json
import os
import signal
import unittest

from relaying import Relaying, until

COUNT = 10000 if os.environ.get("FULL") else 1000
KILLS = 12 if os.environ.get("FULL") else 5
QUICK = {"route": {"receiver": "hook", "group_by": "each", "group_wait": "0s", "group_interval": "0s"},
         "retry": {"first": "20ms", "max": "300ms"}}


class Faults(Relaying):
    def hooked(self, hook, **more):
        return dict(QUICK, receivers=[{"name": "hook", "type": "webhook", "url": hook.url, "secret_file": self.secret,
                                       "timeout": "5s", "at_once": 8}], **more)

    def comment(self, task, count):
        """So many notifications to huyen, in batches."""
        for begin in range(0, count, 250):
            replies = self.admin.batch([("comment", {"task": task, "note": f"Ý kiến {number}"})
                                        for number in range(begin, min(begin + 250, count))])
            self.assertFalse([reply for reply in replies if reply["op"] == "error"])

    def every_one_came(self, hook, count):
        """All notes are there; and whatever came more than once came under one key, and said the same."""
        # Looked for where it may be so at last: to look is as much work as to take.
        until(lambda: hook.count >= count, 600)
        until(lambda: self.counts()["sent"] >= count, 600)
        self.assertEqual({item["note"] for item in hook.notifications() if "note" in item},
                         {f"Ý kiến {number}" for number in range(count)})
        keys, bodies = {}, {}
        for parcel in hook.taken():
            for item in parcel["notifications"]:
                self.assertEqual(keys.setdefault((item["seq"], item["agency"]), parcel["key"]), parcel["key"])
            body = json.dumps(parcel["notifications"], sort_keys=True)
            self.assertEqual(bodies.setdefault(parcel["key"], body), body)

    def test_killed_again_and_again_with_the_receiver_down_it_loses_nothing(self):
        hook = self.hook()
        self.configure(self.hooked(hook))
        self.start()
        task = self.assign()
        until(hook.taken)
        part = COUNT // (2 * KILLS)
        hook.room = 2 * part  # so that there is something left to refuse
        self.comment(task, COUNT // 2)
        for kill in range(1, KILLS + 1):
            # In the middle of it: when a part more has come; every other time with the receiver refusing or away.
            if kill == 2:
                until(lambda: hook.seen[-1][0] == 503)
            else:
                seen = hook.count
                until(lambda: hook.count >= min(seen + part, COUNT // 2))
            hook.room = part if kill == 1 else None
            if kill == 4:
                port, before = hook.port, hook
                hook.close()
                self.comment_more(task, COUNT // 2, COUNT)
            self.end(signal.SIGKILL)
            self.start()
            if kill == 4:
                hook = self.hook(port)
                hook.seen, hook.count = before.seen, before.count
        self.every_one_came(hook, COUNT)
        until(lambda: self.counts()["sending"] == 0)
        self.assertEqual(self.counts()["dead"], 0)
        print(f"measured  relay: {COUNT} notifications, {KILLS} kills, {len(hook.taken()) - COUNT - 1} came twice, none lost")

    def comment_more(self, task, begin, end):
        for first in range(begin, end, 250):
            self.admin.batch([("comment", {"task": task, "note": f"Ý kiến {number}"})
                              for number in range(first, min(first + 250, end))])

    def test_a_restart_of_the_broker_leaves_no_gap(self):
        hook = self.hook()
        self.configure(self.hooked(hook))
        self.start()
        task = self.assign()
        until(hook.taken)
        self.broker.restart(signal.SIGKILL)
        self.comment(task, 50)
        self.every_one_came(hook, 50)
        self.end()
        self.comment_more(task, 50, 100)  # while nobody listens
        self.start()
        self.every_one_came(hook, 100)

    def test_the_watch_is_told_that_broker_or_receiver_is_gone_and_that_it_is_back(self):
        hook, file = self.hook(), os.path.join(self.broker.directory, "watch")
        config = self.hooked(hook)
        config["receivers"][0]["timeout"] = "120s"  # on a busy machine no delivery takes so long that it is one that fails
        config["receivers"].append({"name": "watch", "type": "lines", "file": file, "language": "en"})
        self.configure(dict(config, watch={"receiver": "watch", "after": "1s", "repeat": "1h"}))
        self.start()

        def told():
            if not os.path.exists(file):
                return []
            with open(file, encoding="utf-8") as lines:
                parcels = [json.loads(line) for line in lines if line.endswith("\n")]
            return list({parcel["key"]: parcel["subject"] for parcel in parcels}.values())  # a kill may bring one twice

        def of(word):
            return [subject for subject in told() if word in subject]

        hook.always = 503
        self.assign(reference="HT-1")
        until(lambda: of("receiver") == ["A receiver does not take deliveries: hook"])
        self.end(signal.SIGKILL)  # which it remembers
        self.start()
        hook.always = 200
        until(lambda: of("receiver")[1:] == ["A receiver takes deliveries again: hook"])
        until(lambda: of("broker")[-1:] != ["The broker is gone"])  # on a busy machine it may take that long to come to it
        before = len(of("broker"))
        self.broker.end(signal.SIGKILL)
        until(lambda: of("broker")[before:] == ["The broker is gone"])
        self.broker.start()
        until(lambda: of("broker")[before + 1:] == ["The broker is back"])
        self.assertEqual(len(of("receiver")), 2)

    def test_a_receiver_that_hangs_holds_no_other_up(self):
        import socket
        from harness import free_port
        hook, port = self.hook(), free_port()
        with socket.create_server(("127.0.0.1", port)) as hanging:
            hanging.listen(64)
            config = self.hooked(hook)
            config["receivers"].append({"name": "hang", "type": "webhook", "url": f"http://127.0.0.1:{port}/",
                                        "timeout": "60s"})
            config["route"] = dict(config["route"], routes=[{"receiver": "hang", "continue": True}, {"receiver": "hook"}])
            self.configure(config)
            self.start()
            task = self.assign()
            self.comment(task, 200)
            self.every_one_came(hook, 200)
            self.assertEqual(self.end(), 0)

    def test_a_full_disk_is_told_and_loses_nothing(self):
        import resource
        hook = self.hook()
        self.configure(self.hooked(hook))
        self.start()
        task = self.assign()
        until(hook.taken)
        self.end()
        self.comment(task, 300)

        def little_room():
            size = os.path.getsize(os.path.join(self.queue, "relay.db")) + 8192
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        # What writes past it gets an error: the signal is ignored in Python, and in what it starts so.
        self.spawn(preexec_fn=little_room, restore_signals=False)
        self.assertEqual(self.process.wait(60), 8)
        self.process = None
        self.assertIn("the queue", self.read_log())
        self.start()
        self.every_one_came(hook, 300)

    def test_what_goes_to_a_receiver_that_is_no_more_is_given_up_by_name(self):
        hook = self.hook()
        hook.always = 503
        self.configure(self.hooked(hook))
        self.start()
        self.assign()
        until(lambda: hook.seen)
        self.end()
        file = os.path.join(self.broker.directory, "lines")
        self.configure({"route": {"receiver": "lines"}, "receivers": [{"name": "lines", "type": "lines", "file": file}]})
        self.start()
        until(lambda: "no more in the configuration" in self.relay("dead", "list", "--dir", self.queue))


if __name__ == "__main__":
    unittest.main()
