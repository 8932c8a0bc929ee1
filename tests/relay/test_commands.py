"""What is asked of the relay beside the one that runs: check, route, silences; and what it learns of the broker."""
import os
import unittest

from relaying import Relaying, until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOW = {"group_by": "each", "group_wait": "0s", "group_interval": "0s"}


class Commands(Relaying):
    def lines(self, *names):
        return [{"name": name, "type": "lines", "file": os.path.join(self.broker.directory, name)} for name in names]

    def told(self, name):
        path = os.path.join(self.broker.directory, name)
        if not os.path.exists(path):
            return []
        import json
        with open(path, encoding="utf-8") as file:
            return [item["reference"] for line in file for item in json.loads(line)["notifications"]]

    def test_a_configuration_is_checked_with_line_and_field(self):
        path = self.write("wrong.conf", "route:\n  receiver: mial\nreceivers:\n  - {name: mail, type: lines, file: '-'}\n")
        said = self.relay("check", path, code=2)
        self.assertIn(f"{path}:2: route.receiver: there is no receiver `mial`; did you mean `mail`?", said)
        self.assertIn("is right: 3 routes", self.relay("check", os.path.join(ROOT, "clients", "presets", "relay.conf")))
        self.relay("check", code=2)
        self.relay("chek", code=2)
        self.assertIn("silence add", self.relay("help"))

    def test_route_says_who_when_and_why(self):
        preset = os.path.join(ROOT, "clients", "presets", "relay.conf")
        said = self.relay("route", "--config", preset, "--notice", "overdue", "--agency", "so-tnmt", "--at", "2024-06-28T18:00")
        self.assertIn("route.routes[0] (line 11): no, notice is overdue", said)
        self.assertIn("-> mail, to Nguyễn Văn An (an), at 2024-07-01 07:30: by route (line 5), outside of the reader's hours",
                      said)
        self.assertIn("-> mail, to Trần Thị Bình (binh), at 2024-06-28 18:00", said)
        said = self.relay("route", "--config", preset, "--notice", "escaladed", "--agency", "so", code=2)
        self.assertIn("`escaladed` is no notice; did you mean `escalated`?", said)
        self.relay("route", "--config", preset, "--notice", "overdue", code=2)
        self.relay("route", "--config", preset, "--notice", "overdue", "--agency", "so", "--at", "noon", code=2)

    def test_agencies_calendar_and_silences_are_the_queues(self):
        self.configure({"route": dict(NOW, receiver="rest", routes=[{"match": {"subtree": "huyen"}, "receiver": "huyen"}]),
                        "receivers": self.lines("rest", "huyen")})
        self.start()
        self.assign(lead="so", reference="HT-1")
        # One that is made while the relay runs is known before it is routed.
        self.broker.agency(self.admin, "xa-9", parent="huyen")
        self.assign(lead="xa-9", reference="HT-2")
        until(lambda: (self.told("rest"), self.told("huyen")) == (["HT-1"], ["HT-2"]))
        asked = ("route", "--config", self.config, "--dir", self.queue, "--notice", "assigned", "--agency", "xa-9")
        self.assertIn("-> huyen", self.relay(*asked))
        # On a holiday of the broker's calendar.
        config = self.write("quiet.conf", "route: {receiver: a}\nreceivers: [{name: a, type: lines, file: '-', hours: working}]\n")
        self.assertIn("at 2024-02-15 07:30", self.relay("route", "--config", config, "--dir", self.queue, "--notice", "assigned",
                                                        "--agency", "so", "--at", "2024-02-10T10:00"))
        silence = ("silence", "add", "--dir", self.queue, "--owner", "Nguyễn An", "--reason", "dời trụ sở")
        self.relay(*silence, "--until", "2099-01-01", code=2)
        self.relay(*silence, "--subtree", "huyen", "--until", "2020-01-01", code=2)
        self.relay(*silence, "--notice", "nonsense", "--until", "2099-01-01", code=2)
        number = self.relay(*silence, "--subtree", "huyen", "--until", "2099-01-01T08:00").split()[1]
        self.assertIn(f"held back by silence {number} of Nguyễn An: dời trụ sở", self.relay(*asked))
        self.assertIn('to 2099-01-01 08:00  Nguyễn An: dời trụ sở  {"subtree":["huyen"]}',
                      self.relay("silence", "list", "--dir", self.queue))
        self.assign(lead="xa-9", reference="HT-3")
        until(lambda: self.counts()["dropped"] == 1)
        self.relay("silence", "end", "--dir", self.queue, number)
        self.relay("silence", "end", "--dir", self.queue, number, code=3)
        self.assign(lead="xa-9", reference="HT-4")
        until(lambda: self.told("huyen") == ["HT-2", "HT-4"])

    def test_a_queue_that_is_not_there_is_not_made(self):
        nowhere = os.path.join(self.broker.directory, "nowhere")
        for command in (("queue",), ("dead", "list"), ("dead", "replay", "--all"), ("silence", "list")):
            self.assertIn("there is no queue", self.relay(*command, "--dir", nowhere, code=3))
        self.assertFalse(os.path.exists(nowhere))

    def test_an_escalation_is_told_again_until_it_is_acknowledged(self):
        self.configure({"route": dict(NOW, receiver="duty", repeat_interval="200ms"), "receivers": self.lines("duty"),
                        "inhibit": [{"source": {"notice": "escalated"}, "target": {"notice": "commented"}}]})
        self.start()
        task = self.assign(reference="HT-1")
        reply = self.admin.call("escalate", task=task, to=["huyen"], note="Chậm.")
        until(lambda: len(self.told("duty")) >= 4)  # the assignment, the escalation, and that again, and again
        self.so_task(task)
        until(lambda: self.counts()["dropped"] == 1)
        self.huyen.call("acknowledge", task=task, escalation=reply["tasks"][0]["escalation"])
        until(lambda: self.counts()["waiting"] + self.counts()["sending"] == 0)

    def so_task(self, task):
        self.admin.call("comment", task=task, note="Đề nghị trả lời.")


if __name__ == "__main__":
    unittest.main()
