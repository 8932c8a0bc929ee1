"""The configuration read again while the relay runs: what changes, what stays, and what is under way meanwhile."""
import os
import socket
import unittest

from relaying import NOW, Relaying, free_port, until


class Reload(Relaying):
    def test_routes_receivers_and_people_are_those_of_the_file_as_it_is_now(self):
        self.configure({"route": dict(NOW, receiver="old"), "receivers": self.lines("old")})
        self.start()
        self.assign(reference="HT-1")
        until(lambda: self.told("old") == ["HT-1"])
        self.configure({"route": dict(NOW, receiver="new"),
                        "receivers": [dict(self.lines("new")[0], people=True)],
                        "people": [{"id": "an", "name": "An", "agency": "huyen", "hours": "always"}]})
        self.assertIn("goes by the configuration as it is now: 1 routes, 1 receivers, 1 people", self.reload())
        self.assign(reference="HT-2")
        until(lambda: self.told("new") == ["HT-2"])
        self.assertEqual(self.told("old"), ["HT-1"])
        # Nothing was connected anew for that.
        self.assertEqual(self.read_log().count("listening as"), 1)

    def test_one_that_is_wrong_is_told_with_its_line_and_changes_nothing(self):
        self.configure({"route": dict(NOW, receiver="a"), "receivers": self.lines("a")})
        self.start()
        self.configure("route:\n  receiver: b\nreceivers:\n  - {name: a, type: lines, file: '-'}\n")
        said = self.reload()
        self.assertIn(":2: route.receiver: there is no receiver `b`", said)
        self.assertIn("goes on by the configuration of before", said)
        self.configure({"context": os.path.join(self.broker.directory, "no.context"), "route": {"receiver": "a"},
                        "receivers": self.lines("a")})
        self.assertIn("no.context", self.reload())
        self.assign(reference="HT-1")
        until(lambda: self.told("a") == ["HT-1"])

    def test_what_is_under_way_ends_as_it_began_and_what_waits_for_a_receiver_that_is_gone_is_dead(self):
        port = free_port()
        with socket.create_server(("127.0.0.1", port)) as slow:
            self.configure({"route": dict(NOW, receiver="slow"),
                            "receivers": [{"name": "slow", "type": "webhook", "url": f"http://127.0.0.1:{port}/",
                                           "at_once": 1, "timeout": "60s"}]})
            self.start()
            self.assign(reference="HT-1")
            connection, _ = slow.accept()
            self.assign(reference="HT-2")
            until(lambda: self.counts()["sending"] == 2)
            self.configure({"route": dict(NOW, receiver="lines"), "receivers": self.lines("lines")})
            self.reload()
            until(lambda: self.counts()["dead"] == 2)
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                until(lambda: (self.counts()["sent"], self.counts()["dead"]) == (1, 1))
        self.assertIn("no more in the configuration", self.relay("dead", "list", "--dir", self.queue))
        self.assign(reference="HT-3")
        until(lambda: self.told("lines") == ["HT-3"])

    def test_another_place_at_the_broker_is_gone_to_and_nothing_is_missed(self):
        config = {"route": dict(NOW, receiver="a"), "receivers": self.lines("a")}
        self.configure(config)
        self.start()
        self.configure(dict(config, consumer="another"))
        self.reload()
        until(lambda: "listening as consumer `another`" in self.read_log())
        self.assign(reference="HT-1")
        self.configure(dict(config, consumer="another", subtree=False))
        self.reload()
        until(lambda: self.read_log().count("listening as consumer `another`") == 2)
        self.assign(reference="HT-2")  # which is told to an agency under the key's alone
        self.configure(dict(config, consumer="another"))
        self.reload()
        until(lambda: self.read_log().count("listening as consumer `another`") == 3)
        self.assign(reference="HT-3")
        until(lambda: "HT-3" in self.told("a"))
        self.assertIn("HT-1", self.told("a"))

    def test_agencies_that_the_key_does_not_hear_are_named_until_that_changes(self):
        self.broker.agency(self.admin, "btv", parent="")
        config = {"route": {"receiver": "a", "routes": [{"match": {"subtree": "btv"}, "receiver": "a"},
                                                        {"match": {"agency": "huyen"}, "receiver": "a"}]},
                  "people": [{"id": "an", "name": "An", "agency": ["so", "nowhere"]}], "receivers": self.lines("a")}
        warning = "nobody is told for nowhere, btv: the key hears tinh and what stands under it alone"
        for start in (1, 2):
            self.configure(config)
            self.start()
            until(lambda: self.read_log().count(warning) == start)
            self.end()
        self.start()
        until(lambda: self.read_log().count(warning) == 3)
        self.configure(dict(config, people=[]))
        self.reload()
        until(lambda: "nobody is told for btv: the key hears" in self.read_log())


if __name__ == "__main__":
    unittest.main()
