"""What is asked of the relay beside the one that runs: check, route, silences; and what it learns of the broker."""
import os
import time
import unittest

from relaying import NOW, ROOT, Relaying, until


class Commands(Relaying):
    def test_a_configuration_is_checked_with_line_and_field(self):
        path = self.write("wrong.conf", "route:\n  receiver: mial\nreceivers:\n  - {name: mail, type: lines, file: '-'}\n")
        said = self.relay("check", path, code=2)
        self.assertIn(f"{path}:2: route.receiver: there is no receiver `mial`; did you mean `mail`?", said)
        with open(os.path.join(ROOT, "clients", "presets", "relay.conf"), encoding="utf-8") as file:
            preset = self.write("preset.conf", file.read() + f"\ncontext: {self.context}\n")
        self.assertIn("is right: 3 routes", self.relay("check", preset))
        self.relay("check", code=2)
        self.relay("chek", code=2)
        self.assertIn("silence add", self.relay("help"))

    def test_check_says_each_file_and_program_that_is_not_there_for_this_user(self):
        here = self.broker.directory
        plain, program = self.write("plain.sh", "#!/bin/sh\n"), self.write("program.sh", "#!/bin/sh\n", 0o755)
        path = self.write("wrong.conf", f"""context: {here}/no.context
link_secret_file: {here}/no.secret
web: https://coord.tinh.gov.vn
route: {{receiver: a}}
receivers:
  - {{name: a, type: command, run: [{here}/no.sh]}}
  - {{name: b, type: command, run: [{plain}]}}
  - {{name: c, type: command, run: [{here}]}}
  - {{name: d, type: lines, file: {here}/no/lines}}
  - {{name: e, type: webhook, url: 'http://x', ca_file: {here}/no.pem}}
  - {{name: f, type: mail, url: 'smtp://x', from: a@b.vn, user: u, password_file: {here}/no.password}}
""")
        said = self.relay("check", path, code=2)
        for fault in ("1: context: ", f"2: link_secret_file: {here}/no.secret cannot be read",
                      f"6: receivers[0].run: {here}/no.sh is not there", f"7: receivers[1].run: {plain} may not be run by this user",
                      f"8: receivers[2].run: {here} is no file", f"9: receivers[3].file: there is no directory {here}/no",
                      f"10: receivers[4].ca_file: {here}/no.pem cannot be read by this user",
                      f"11: receivers[5].password_file: {here}/no.password cannot be read"):
            self.assertIn(f"{path}:{fault}", said)
        right = self.write("right.conf", f"""context: {self.context}
route: {{receiver: a}}
receivers:
  - {{name: a, type: command, run: [{program}, one]}}
  - {{name: b, type: lines, file: {here}/lines}}
""")
        self.assertIn("Files and programs are judged as ", self.relay("check", right))

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
        self.relay(*silence, "--subtree", "huyen", "--severity", "info,warning", "--until", "2099-01-01", code=2)
        self.relay(*silence, "--subtree", "huyen", "--from", "2099-01-02", "--until", "2099-01-01", code=2)
        later = self.relay(*silence, "--subtree", "huyen", "--from", "2098-01-01", "--until", "2099-01-01").split()[1]
        self.assertNotIn("held back", self.relay(*asked))
        self.assertIn("2098-01-01 00:00 to 2099-01-01 00:00", self.relay("silence", "list", "--dir", self.queue))
        self.relay("silence", "end", "--dir", self.queue, later)
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

    def test_the_queue_is_listed_with_what_waits_and_until_when(self):
        digest = f"{(time.gmtime().tm_hour + 7 + 12) % 24:02}:00"  # in half a day, in Vietnam
        self.configure({"route": {"receiver": "quiet"}, "retry": {"first": "1h"},
                        "receivers": [dict(self.lines("quiet")[0], digest=digest),
                                      {"name": "hook", "type": "webhook", "url": "http://127.0.0.1:1/"}]})
        self.start()
        self.assign(reference="HT-1")
        until(lambda: self.counts()["waiting"] == 1)
        self.assertRegex(self.relay("queue", "list", "--dir", self.queue),
                         rf"1  \S+ \S+  quiet  waiting until \d{{4}}-\d\d-\d\d {digest}, a digest\n +\d+ assigned huyen HT-1\n")
        self.configure({"route": dict(NOW, receiver="hook"), "retry": {"first": "1h"},
                        "receivers": [self.lines("quiet")[0], {"name": "hook", "type": "webhook", "url": "http://127.0.0.1:1/"}]})
        self.reload()
        self.assign(reference="HT-2")
        until(lambda: "attempts 1" in self.relay("queue", "list", "--dir", self.queue))
        self.assertRegex(self.relay("queue", "list", "--dir", self.queue), r"hook  sending until .*  attempts 1  Failed to connect")
        self.assertIn("queue takes no `lst`", self.relay("queue", "lst", "--dir", self.queue, code=2))

    def test_a_queue_that_is_not_there_is_not_made(self):
        nowhere = os.path.join(self.broker.directory, "nowhere")
        for command in (("queue",), ("queue", "list"), ("dead", "list"), ("dead", "replay", "--all"), ("silence", "list")):
            self.assertIn("there is no queue", self.relay(*command, "--dir", nowhere, code=3))
        self.assertFalse(os.path.exists(nowhere))

    def test_an_escalation_is_told_again_until_it_is_acknowledged(self):
        self.configure({"route": dict(NOW, receiver="duty", repeat_interval="200ms"), "receivers": self.lines("duty"),
                        "inhibit": [{"source": {"notice": "escalated"}, "target": {"notice": "commented"}}]})
        self.start()
        task = self.assign(reference="HT-1")
        reply = self.admin.call("escalate", task=task, to=["huyen"], note="Chậm.")
        until(lambda: len(self.told("duty")) >= 4)  # the assignment, the escalation, and that again, and again
        self.admin.call("comment", task=task, note="Đề nghị trả lời.")
        until(lambda: self.counts()["dropped"] == 1)
        self.huyen.call("acknowledge", task=task, escalation=reply["tasks"][0]["escalation"])
        until(lambda: self.counts()["waiting"] + self.counts()["sending"] == 0)


if __name__ == "__main__":
    unittest.main()
