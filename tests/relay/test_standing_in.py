"""Who stands in for an agency is told what that is told, in its name; and nothing that is kept from it, nor when it is over."""
import datetime
import signal
import unittest

from relaying import NOW, Relaying, until


class StandingIn(Relaying):
    def setUp(self):
        super().setUp()
        self.web = self.hook()
        self.configure({"route": dict(NOW, receiver="hook"), "receivers": [{"name": "hook", "type": "webhook", "url": self.web.url}]})
        self.day = str(datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date() + datetime.timedelta(days=7))
        self.marks = 0

    def stands_in(self, agency="huyen", by="so"):
        self.admin.call("agency_stand_in", agency=agency, by=by, until=self.day)

    def told(self, agency):
        """What that agency's people were told, and in whose names, once all is that was to be: up to a task of its own."""
        self.marks += 1
        mark = f"DEN-DAY-{self.marks}"
        self.assign(lead=agency, reference=mark)
        until(lambda: any(one.get("reference") == mark and one["agency"] == agency for one in self.web.notifications()))
        until(lambda: self.counts()["waiting"] + self.counts()["sending"] == 0)
        of = sorted((one for one in self.web.notifications() if one["agency"] == agency), key=lambda one: one["seq"])
        return [(one["notice"], one.get("reference"), one.get("stands_in_for")) for one in of if not one.get("reference", "").startswith("DEN-")]

    def test_whom_it_stands_in_for_is_known_from_before_the_relay_and_behind_its_death(self):
        self.stands_in()
        self.start()
        task = self.assign(reference="HT-1")
        self.assertEqual(self.told("so"), [("assigned", "HT-1", ["huyen"])])
        self.assertEqual(self.end(signal.SIGKILL), -signal.SIGKILL)
        self.admin.call("comment", task=task, note="Đến đâu rồi?")
        self.start()
        self.assertEqual(self.told("so"), [("assigned", "HT-1", ["huyen"]), ("commented", "HT-1", ["huyen"])])
        self.admin.call("agency_stand_in", agency="huyen")
        self.admin.call("comment", task=task, note="Và bây giờ?")
        self.assertEqual(self.told("so"), [("assigned", "HT-1", ["huyen"]), ("commented", "HT-1", ["huyen"]), ("removed", None, None)])
        self.assertEqual([notice for notice, _, names in self.told("huyen") if not names], ["assigned", "commented", "removed", "commented"])

    def test_who_is_told_for_itself_is_not_told_again_for_another(self):
        self.start()
        self.stands_in()
        self.assign(reference="HT-1", cooperating=["so"])
        self.broker.agency(self.admin, "xa")
        self.admin.call("assign", reference="TB-1", leads=["huyen", "xa"], content={"title": "Lịch nghỉ", "kind": "circular"})
        self.stands_in("xa")
        self.admin.call("assign", reference="TB-2", leads=["huyen", "xa"], content={"title": "Lịch họp", "kind": "circular"})
        told = [(reference, names) for notice, reference, names in self.told("so") if reference]
        self.assertEqual(told, [("HT-1", None), ("TB-1/huyen", ["huyen"]), ("TB-2/huyen", ["huyen"]), ("TB-2/xa", ["xa"])])

    def test_what_a_lead_asks_is_told_to_who_stands_in_for_its_decider(self):
        self.start()
        self.broker.agency(self.admin, "xa")
        xa = self.client(self.broker.agency(self.admin, "xa-2"))
        self.stands_in()
        task = self.assign(lead="xa-2", reference="HT-1", by=self.huyen, due="2099-06-30")
        xa.call("accept", task=task)
        xa.call("ask", task=task, asking="extension", due="2099-07-30", note="Mưa lũ.")
        self.assertEqual(self.told("so"), [("assigned", None, None), ("accepted", "HT-1", ["huyen"]), ("asked", "HT-1", ["huyen"])])
        (asked,) = [one for one in self.web.notifications() if (one["notice"], one["agency"]) == ("asked", "so")]
        self.assertEqual((asked["asked"]["decider"], asked["asked"]["wanted"]["due_day"]), ("huyen", "2099-07-30"))

    def test_what_is_kept_from_it_is_not_told(self):
        self.start()
        self.stands_in()
        self.assign(reference="HT-1", excluded=["so"])
        task = self.assign(reference="HT-2")
        self.admin.call("amend", task=task, content={"excluded": ["so"]})
        self.admin.call("comment", task=task, note="Đến đâu rồi?")
        self.assertEqual([(notice, reference, names) for notice, reference, names in self.told("so") if reference], [("assigned", "HT-2", ["huyen"])])
        self.assertEqual([reference for notice, reference, _ in self.told("huyen") if notice == "assigned" and reference], ["HT-1", "HT-2"])
        self.assertIn(("commented", "HT-2", None), self.told("huyen"))


if __name__ == "__main__":
    unittest.main()
