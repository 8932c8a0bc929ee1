"""Who may connect, and who may read what."""
import unittest

import zmq

from harness import CoordError, Scenario, TimedOut


class Access(Scenario):
    def stranger(self):
        """A client whose keys no agency has, and its context."""
        public, secret = zmq.curve_keypair()
        context = dict(self.huyen_context, public_key=public.decode(), secret_key=secret.decode())
        return self.client(context), context

    def test_a_key_of_nobody_is_refused_at_once(self):
        stranger, context = self.stranger()
        with self.assertRaises(CoordError) as caught:
            stranger.call("hello")
        self.assertEqual((caught.exception.name, caught.exception.field), ("key_unknown", "public_key"))
        self.assertIn(context["public_key"], self.broker.read_log())

    def test_a_key_that_is_added_after_it_was_refused_works_in_the_same_client(self):
        stranger, context = self.stranger()
        for _ in range(3):
            self.assertRaises(CoordError, stranger.call, "hello")
        self.admin.call("key_set", agency="huyen", key={"public_key": context["public_key"], "label": "văn thư 2",
                                                        "rights": ["act"]})
        self.assertEqual(stranger.call("hello")["agency"], "huyen")
        task = self.assign()
        self.assertEqual(next(stranger.stream(start=0))["task"], task)

    def test_the_pauses_before_a_refused_key_is_tried_again_grow_to_a_bound(self):
        stranger, _ = self.stranger()
        pauses = []
        for _ in range(5):
            self.assertRaises(CoordError, stranger.call, "hello")
            pauses.append(stranger._pause)
        self.assertEqual(pauses, [0.1, 0.2, 0.4, 0.8, 1.6])

    def test_a_server_key_that_is_not_the_brokers_connects_nobody(self):
        public, _ = zmq.curve_keypair()
        with self.assertRaises(TimedOut):
            self.client(dict(self.huyen_context, server_key=public.decode())).call("hello", timeout=1)

    def test_a_key_revoked_while_connected_is_refused_at_its_next_message(self):
        self.assertEqual(self.huyen.call("hello")["agency"], "huyen")
        self.admin.call("key_revoke", public_key=self.huyen_context["public_key"])
        with self.assertRaises(CoordError) as caught:
            self.huyen.call("task_list")
        # The message that was already on its way is refused, or, when the connection is cut, the next one; never an answer.
        self.assertIn(caught.exception.name, ("key_revoked", "key_unknown"))

    def test_a_key_past_its_time_is_refused(self):
        now = self.admin.call("hello")["time"]
        key = {"public_key": self.huyen_context["public_key"], "label": "văn thư", "rights": ["act"],
               "valid_until": now + 1}
        self.huyen.call("hello")
        self.admin.call("key_set", agency="huyen", key=key)
        with self.assertRaises(CoordError) as caught:
            while True:  # until the broker's clock has come to it
                self.huyen.call("hello")
        self.assertIn(caught.exception.name, ("key_expired", "key_unknown"))

    def test_an_agency_reads_what_is_its_own_or_its_subtrees_or_where_it_has_a_role(self):
        xa = self.client(self.broker.agency(self.admin, "xa", parent="huyen"))
        task = self.assign("xa")
        self.assertEqual(xa.call("task_get", task=task)["task"]["lead"], "xa")
        self.assertEqual(self.huyen.call("task_get", task=task)["task"]["task"], task)
        self.refused("task_unknown", "task", self.so.call, "task_get", task=task)
        self.assertEqual(list(self.so.pages("task_list")), [])
        self.admin.call("amend", task=task, content={"observers": ["so"]})
        self.assertEqual([item["task"] for item in self.so.pages("task_list")], [task])

    def test_a_restricted_task_is_not_read_from_above(self):
        xa = self.client(self.broker.agency(self.admin, "xa", parent="huyen"))
        task = self.assign("xa", scope="restricted")
        self.assertEqual(xa.call("task_get", task=task)["task"]["task"], task)
        self.refused("task_unknown", "task", self.huyen.call, "task_get", task=task)

    def test_what_was_told_of_a_task_is_replayed_to_those_who_may_read_it_once_it_is_restricted(self):
        xa = self.client(self.broker.agency(self.admin, "xa", parent="huyen"))
        task = self.assign("xa", observers=["so"])
        live = self.client(self.so_context)
        heard = live.stream(start=0)
        self.assertEqual(next(heard)["notice"], "assigned")
        self.admin.call("amend", task=task, content={"observers": [], "scope": "restricted", "title": "Việc mật"})
        removed = next(heard)
        self.assertEqual((removed["record"], removed["notice"], removed["task"], removed["reference"], removed["to"]),
                         ("removed", "removed", task, "HT-1", ["so"]))
        self.assertNotIn("mật", str(removed))
        for restarted in (False, True):  # from memory, and from the journal
            if restarted:
                self.broker.restart()
            self.assertEqual(self.told_by_now(self.so, "so"), [removed])
            self.assertEqual([record["notice"] for record in self.told_by_now(xa, "xa")], ["assigned", "amended"])
            self.assertEqual(self.told_by_now(self.huyen, "huyen", subtree=True), [])

    def test_a_key_without_the_right_is_refused(self):
        reader = self.client(self.broker.agency(self.admin, "doc", rights=("read",)))
        self.refused("right_missing", "", reader.call, "assign", reference="X", leads=["huyen"], content={"title": "x"})
        self.refused("right_missing", "", self.huyen.call, "status")

    def test_what_an_escalation_gave_is_taken_back_and_the_history_says_so(self):
        task = self.assign("huyen", "HT-9")
        self.refused("task_unknown", "task", self.so.call, "task_get", task=task)
        self.broker.ctl("task", "escalate", "HT-9", "--to", "so", "--note", "xem xét")
        self.assertEqual(self.so.call("task_get", task=task)["task"]["task"], task)
        self.broker.ctl("task", "amend", "HT-9", "--excluded", "so")
        self.refused("task_unknown", "task", self.so.call, "task_get", task=task)
        self.refused("bad_value", "to[0]", self.admin.call, "escalate", task=task, to=["so"], note="xem lại")
        told = [message["record"] for message in self.told_by_now(self.so, "so")]
        self.assertEqual(told[-1], "removed")
        self.assertIn("excluded so", self.broker.ctl("task", "history", "HT-9"))
        self.assertEqual(self.admin.call("task_get", task=task)["task"]["excluded"], ["so"])


if __name__ == "__main__":
    unittest.main()
