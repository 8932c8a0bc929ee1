"""What browsers are told while they look, and after they looked away."""
import itertools
import socket
import time
import unittest

from serving import PASSWORD, WAIT_SECONDS, Browser, Serving, until


class Told(Serving):
    def seqs(self, events):
        return [record["seq"] for record in events.of("notification")]

    def references(self, events):
        """To wait for one thing by its name: what was told before may be on its way still."""
        return [record["reference"] for record in events.of("notification")]

    def comment(self, task, count=1):
        for _ in range(count):
            self.so.call("comment", task=task, note="x")

    def test_each_browser_of_an_agency_hears_at_once_and_of_its_own_alone(self):
        self.start()
        first, second, other = self.browser("an"), self.browser("an"), self.browser("binh", "so")
        events = [browser.events() for browser in (first, second, other)]
        until(lambda: all(stream.of("state") == [{"state": "connected", "why": ""}] for stream in events))
        task = self.assign("huyen")
        until(lambda: all(self.seqs(stream) for stream in events[:2]))
        record = events[0].of("notification")[0]
        self.assertEqual((record["task"], record["notice"], record["to"]), (task, "assigned", ["huyen"]))
        self.assertIsInstance(record["time"], int)
        self.assertEqual(self.seqs(events[0]), self.seqs(events[1]))
        self.assign("so", "HT-2")
        until(lambda: self.seqs(events[2]))
        self.assertEqual(len(self.seqs(events[0])), 1)
        for stream in events:
            stream.close()

    def test_what_a_colleague_does_is_told_to_the_same_agency_alone(self):
        self.start()
        an, colleague, other = self.browser("an"), self.browser("chi"), self.browser("binh", "so")
        task = self.assign("huyen")
        streams = [browser.events() for browser in (an, colleague, other)]
        until(lambda: all(stream.of("state") for stream in streams))
        self.assertEqual(an.op("accept", {"task": task, "dry_run": True}).status, 200)
        self.assertEqual(an.op("accept", {"task": 999}).status, 404)
        self.assertEqual([stream.of("changed") for stream in streams], [[], [], []])  # nothing was done
        self.assertEqual(an.op("accept", {"task": task}).status, 200)
        until(lambda: all(stream.of("changed") == [{}] for stream in streams[:2]))
        self.assign("so", "HT-2")
        until(lambda: self.seqs(streams[2]))
        self.assertEqual(streams[2].of("changed"), [])
        for stream in streams:
            stream.close()

    def test_what_an_agency_may_read_and_is_not_told_of_moves_its_numbers_alone(self):
        """An agency under it takes up what another gave: that one is told, and the agency above is not."""
        xa1 = self.client(self.broker.agency(self.admin, "xa1", parent="huyen"))
        self.start()
        stream = self.browser("an").events()
        until(lambda: stream.of("state"))
        task = self.assign("xa1", by=self.so)
        until(lambda: self.seqs(stream))  # it hears what those under it are told
        told, moved = self.seqs(stream), len(stream.of("moved"))
        xa1.call("accept", task=task)
        until(lambda: len(stream.of("moved")) > moved)
        self.assertEqual((self.seqs(stream), stream.of("changed"), stream.of("reset")), (told, [], []))
        self.assertEqual(self.huyen.call("task_get", task=task)["task"]["state"], "accepted")
        stream.close()

    def test_who_comes_back_misses_nothing_through_a_restart_of_either_side(self):
        self.start()
        an = self.browser("an")
        task = self.assign("huyen")
        stream = an.events()
        until(lambda: stream.of("state"))
        self.huyen.call("accept", task=task)
        seen = self.seqs(stream)  # before the place: what comes between the two is behind it
        place = stream.last
        stream.close()
        for number in range(20):
            self.assign("huyen", f"A-{number}")
        self.end(9)
        self.assign("huyen", "B-1")
        self.start()
        an.port = self.port
        self.assign("huyen", "B-2")
        self.broker.restart(9)
        self.admin = self.client(None)
        self.assign("huyen", "B-3")
        again = an.events(place)
        until(lambda: "B-3" in self.references(again))
        references = self.references(again)
        self.assertEqual([name for name in references if name != "HT-1"],
                         [f"A-{number}" for number in range(20)] + ["B-1", "B-2", "B-3"])
        self.assertEqual(again.of("reset"), [])
        self.assertEqual(sorted(set(seen + self.seqs(again))), sorted(seen + self.seqs(again)))
        again.close()
        for stale in ("0123456789abcdef.5", place.split(".")[0] + ".x", "rubbish", place.split(".")[0] + ".99999999999999999999"):
            stream = an.events(stale)
            until(lambda: stream.of("reset"))
            self.assertEqual(self.seqs(stream), [])
            stream.close()

    def test_what_may_no_longer_be_read_is_not_told_to_who_comes_back(self):
        """What was told once is judged anew when it is told again, as the broker does."""
        self.start()
        an = self.browser("an")
        stream = an.events()
        until(lambda: stream.of("state"))
        task = self.assign("so", cooperating=["huyen"])
        until(lambda: self.seqs(stream))
        stream.close()
        place = stream.last
        self.so.call("comment", task=task, note="điều riêng")
        again = an.events(place)  # it may read it still: without a gap
        until(lambda: self.seqs(again))
        self.assertEqual([record.get("note") for record in again.of("notification")], ["điều riêng"])
        again.close()
        self.admin.call("amend", task=task, content={"scope": "restricted", "cooperating": []})
        self.assign("huyen", "HT-2")
        live = an.events()
        until(lambda: live.of("state"))
        self.assign("huyen", "HT-3")
        until(lambda: "HT-3" in self.references(live))  # the ring holds all of it by now
        live.close()
        stream = an.events(place)
        until(lambda: stream.of("reset"))
        self.assign("huyen", "HT-4")
        until(lambda: self.seqs(stream))
        self.assertEqual(self.references(stream), ["HT-4"])
        stream.close()

    def test_who_missed_more_than_is_judged_reads_anew(self):
        self.start()
        an = self.browser("an")
        stream = an.events()
        until(lambda: stream.of("state"))
        self.assign("huyen")
        until(lambda: self.seqs(stream))
        place = stream.last
        stream.close()
        for number in range(65):
            self.assign("huyen", f"A-{number}")
        live = an.events()
        until(lambda: live.of("state"))
        self.assign("huyen", "B")
        until(lambda: "B" in self.references(live))
        again = an.events(place)
        until(lambda: again.of("reset"))
        self.assertEqual(self.seqs(again), [])
        for one in (live, again):
            one.close()

    def test_an_account_that_changes_its_agency_or_its_rights_hears_no_more_of_the_old(self):
        self.start()
        an, other = self.browser("an"), self.browser("chi")
        stream, kept = an.events(), other.events()
        until(lambda: stream.of("state") and kept.of("state"))
        self.user("an", "so", password=None)
        until(lambda: stream.ended)
        self.assign("huyen", "HT-1")
        until(lambda: self.seqs(kept))
        self.assertEqual(self.seqs(stream), [])
        again = an.events(stream.last)
        until(lambda: again.of("state"))
        self.assertEqual(an.me()["agency"], "so")
        self.assign("huyen", "HT-2")
        self.assign("so", "SO-1")
        until(lambda: self.seqs(again))
        self.assertEqual(self.references(again), ["SO-1"])
        self.assertFalse(kept.ended)
        self.web("user", "remove", "chi", "--dir", self.dir)
        until(lambda: kept.ended)
        again.close()

    def test_a_new_password_ends_the_streams_of_other_sessions(self):
        """At once, and not when it is looked at next; of which a busy machine may come to both."""
        self.start()
        an, password, ends = self.browser("an"), {}, time.monotonic() + WAIT_SECONDS
        for number in itertools.count():
            stream = self.browser("an").events()
            until(lambda: stream.of("state"))
            beats = stream.beats
            password["new"] = f"{PASSWORD} {number}"
            self.assertEqual(an.ask("POST", "/api/password", password, X_CSRF=an.csrf).status, 200)
            until(lambda: stream.ended)
            if stream.beats == beats:
                break
            self.assertLess(time.monotonic(), ends, "none ends before it is looked at")
            password["old"] = password["new"]
            an.me()  # its session is another now

    def test_a_banner_goes_up_the_moment_the_broker_is_gone_and_down_when_it_is_back(self):
        self.start()
        an = self.browser("an")
        stream = an.events()
        states = lambda: [state["state"] for state in stream.of("state")]  # noqa: E731
        until(lambda: states()[-1:] == ["connected"])
        self.broker.end(9)
        until(lambda: states()[-1] == "disconnected")
        self.broker.start()
        self.admin = self.client(None)
        until(lambda: states()[-1] == "connected")
        self.assign("huyen")
        until(lambda: self.seqs(stream))
        self.assertEqual(stream.of("reset"), [])
        stream.close()

    def test_a_stream_ends_with_its_session_and_a_session_has_eight(self):
        self.start()
        an, other = self.browser("an"), self.browser("an")
        streams = [an.events() for _ in range(8)]
        until(lambda: all(stream.of("state") for stream in streams))
        ninth = an.get("/api/events")
        self.assertEqual((ninth.status, ninth.error["name"], ninth.error["retry"]), (503, "busy", True))
        kept = other.events()
        until(lambda: kept.of("state"))
        an.ask("POST", "/api/sign-out", {}, X_CSRF=an.csrf)
        until(lambda: all(stream.ended for stream in streams))
        self.assertFalse(kept.ended)
        self.assertEqual(Browser(self.port).get("/api/events").status, 401)
        kept.close()

    def test_a_browser_that_takes_nothing_is_cut_and_the_others_hear_on(self):
        self.start()
        an = self.browser("an")
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", self.port))
        slow.sendall(f"GET /api/events HTTP/1.1\r\nHost: x\r\nCookie: {an.cookie}\r\n\r\n".encode())
        quick = an.events()
        until(lambda: quick.of("state"))
        self.assertTrue(self.is_connected(slow))
        self.notes(self.assign("huyen"), quick)
        until(lambda: not self.is_connected(slow))  # after HTTP_SILENCE_S without taking a byte
        self.assertFalse(quick.ended)
        quick.close()
        slow.close()

    def notes(self, task, reader):
        """More than a connection's buffers hold: 2,000 notifications of some 4 KB; no faster than the reader takes them."""
        for begin in range(0, 2000, 100):
            replies = self.admin.batch([("comment", {"task": task, "note": "x" * 3500})] * 100)
            self.assertEqual(len(replies), 100)
            until(lambda: len(self.seqs(reader)) > begin + 100)  # and the assignment

    def is_connected(self, client):
        """Whether the server holds its end of it, by the kernel's table (01: established)."""
        here, there = f"0100007F:{self.port:04X}", f"0100007F:{client.getsockname()[1]:04X}"
        with open("/proc/net/tcp", encoding="ascii") as table:
            return any(line.split()[1:4] == [here, there, "01"] for line in table)


if __name__ == "__main__":
    unittest.main()
