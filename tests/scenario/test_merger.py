"""2025-07-01 on the real data: districts are abolished, the province becomes a part of another, and 59 agencies are succeeded at once.

The programme is under way, with all that may be open on a task; what stands afterwards is held, task by task, against what stood before
and a table of who follows whom.
"""
import json
import os
import sys
import time
import unittest

import zmq

from harness import PRESETS, ROOT, Broker, CoordError, read_context

sys.path.insert(0, os.path.join(ROOT, "tests", "demo"))
from work import Calendar, time_of  # noqa: E402

DATA = os.path.join(ROOT, "tests", "data")
PROGRAMME, MERGER = os.path.join(DATA, "programme.json"), os.path.join(DATA, "merger.json")
MERGED, NEVER = time_of("2025-07-01"), float("inf")
ROLES = ("lead", "assigner", "supervisor", "cooperating", "observers")
OPEN = ("assigned", "accepted", "in_progress", "submitted", "suspended")
WEEKLY = {"title": "Báo cáo tuần", "kind": "report", "due": "4wd"}


def entries(path, kind):
    with open(path, encoding="utf-8") as file:
        return json.load(file)[kind]


HEIRS = {entry["agency"]: entry["successor"] for entry in entries(MERGER, "agencies") if "successor" in entry}


def heir(agency):
    """Who follows an agency; that is the table, and nobody in it is followed twice."""
    return HEIRS.get(agency, agency)


def followed(agencies):
    """Each by who follows it, and each once, in the order in which they were named."""
    return list(dict.fromkeys(heir(agency) for agency in agencies))


def total(tally):
    return sum(tally[charge] for charge in ("taking_up", "working", "deciding", "answering", "confirming", "suspended"))


class Programme(unittest.TestCase):
    """Its agencies, each with a key, and its tasks, before a broker whose clock stands still."""

    @classmethod
    def setUpClass(cls):
        if cls is Programme:
            raise unittest.SkipTest("what the others begin with")
        cls.broker = Broker(rehearse="2024-05-06T08:00", speed=0.0001, settings=())
        cls.addClassCleanup(cls.broker.remove)
        cls.broker.start()
        cls.keys = {}
        for file in ("calendar-vn.json", "policies.json"):
            cls.broker.ctl("apply", "-f", os.path.join(PRESETS, file))
        cls.broker.ctl("apply", "-f", PROGRAMME)
        cls.give_keys(HEIRS)
        for agency in ("btv-tu", "btv-hu"):
            cls.broker.ctl("apply", "-f", PROGRAMME, context=cls.file(agency))

    @classmethod
    def merge(cls):
        """On the day before: those who are to follow are there, and have keys."""
        cls.broker.ctl("apply", "-f", MERGER)
        cls.give_keys(set(HEIRS.values()))

    @classmethod
    def give_keys(cls, agencies):
        with cls.broker.client() as admin:
            for agency in sorted(agencies):
                public, secret = (key.decode() for key in zmq.curve_keypair())
                admin.call("key_set", agency=agency, key={"public_key": public, "label": "văn thư", "rights": ["act"]})
                cls.keys[agency] = dict(read_context(cls.broker.admin), agency=agency, public_key=public, secret_key=secret)

    @classmethod
    def file(cls, agency):
        path = os.path.join(cls.broker.directory, agency + ".context")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in cls.keys[agency].items())
        return path

    @classmethod
    def call(cls, agency, op, **fields):
        with cls.broker.client(cls.keys[agency]) as client:
            return client.call(op, **fields)

    @classmethod
    def go_to(cls, when):
        """Returns once all that fell due meanwhile is done."""
        cls.broker.day = when
        cls.broker.restart()
        with cls.broker.client() as admin:
            while admin.call("status").get("next_deadline", NEVER) <= admin.call("hello")["time"]:
                time.sleep(0.02)

    @classmethod
    def tasks(cls, key, **fields):
        """Those that an agency's key may read, whole, by number."""
        with cls.broker.client(cls.keys[key]) as client:
            numbers = [task["task"] for task in client.pages("task_list", limit=100, **fields)]
            return {number: client.call("task_get", task=number)["task"] for number in numbers}


class Merger(Programme):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.begin()
        cls.go_to("2025-06-30T09:00")
        cls.merge()
        cls.before = cls.tasks("tu")
        cls.held = {task: cls.call("tu", "task_custody", task=task) for task in cls.before}
        cls.hot = cls.call("ubt", "hot_spot_get", rule="cham")["hot_spot"]
        cls.merged_seq = cls.call("tu", "hello")["seq"]
        cls.go_to("2025-07-01T09:00")
        cls.after = cls.tasks("tu-ld")
        cls.now = cls.call("tu-ld", "hello")["time"]
        cls.held_after = {task: cls.call("tu-ld", "task_custody", task=task) for task in cls.before}
        cls.later = cls.call("tu-ld", "hello")["time"]
        cls.summary = cls.call("tu-ld", "summary", limit=1000)["tallies"]
        cls.hot_after = cls.call("ubt-ld", "hot_spot_get", rule="cham", limit=1000)["hot_spot"]

    @classmethod
    def begin(cls):
        """May 2024: most is taken up, and on some tasks something is open that will be so a year later."""
        cls.numbers = {task["reference"]: number for number, task in cls.tasks("tu").items()}
        at = {int(reference[3:]): number for reference, number in cls.numbers.items()}
        for reference, number in cls.numbers.items():
            lead = cls.call("tu", "task_get", task=number)["task"]["lead"]
            if int(reference[3:]) % 7:
                cls.call(lead, "accept", task=number, id=f"nhan-{number}")
        cls.call("bql-kcn", "ask", task=at[20], asking="extension", due="2026-01-30", note="Cần thêm thời gian.")
        cls.call("p-tnmt", "ask", task=at[18], asking="transfer", lead="ttptqd", note="Không thuộc chức năng.")
        cls.call("so-tnmt", "consult", task=at[33], agencies=["ubh", "so-xd"], due="2025-09-30", note="Phương án.")
        cls.call("so-tnmt", "consult", task=at[34], agencies=["p-tnmt"], due="5wd", note="Số liệu.")
        cls.call("btv-tu", "suspend", task=at[25], note="Chờ hướng dẫn.")
        cls.call("btv-hu", "submit", task=at[1], percent=100, note="Trình kết quả.")
        cls.call("btv-hu", "submit", task=at[2], percent=100, note="Trình kết quả.")
        cls.call("btv-tu", "confirm", task=at[2])
        cls.call("ubh", "assign", reference="PHAN-1", leads=["p-ktht", "bqlda"],
                 content={"title": "Đo đạc", "due": "2024-12-12", "parent": at[14], "supervisor": "btv-hu"})
        cls.call("ubh", "assign", reference="CHUNG", leads=["p-nv"], content={"title": "Của huyện"})
        cls.call("ubx-tx", "assign", reference="CHUNG", leads=["ubx-tx"], content={"title": "Của xã"})
        cls.call("ubt", "hot_spot_set", rule={"rule": "cham", "agency": "ubh", "tasks": 5, "to": ["ubt", "ubh"]})
        cls.at = at

    # ---- the tasks ----

    def test_each_task_is_where_it_was_with_those_who_follow(self):
        self.assertEqual(set(self.after), set(self.before))
        for number, before in self.before.items():
            after, reference = self.after[number], before["reference"]
            for role in ROLES:
                was = before.get(role, [])
                meant = followed(was) if isinstance(was, list) else heir(was)
                self.assertEqual(after.get(role, []), meant, f"{role} of {reference}")
            for name in ("reference", "state", "version", "due", "due_day", "original_due", "percent", "answer", "document", "paragraphs",
                         "parent", "submitted", "closed", "suspended", "bounces", "led", "policy", "kind"):
                self.assertEqual(after.get(name), before.get(name), f"{name} of {reference}")
            named = [before["assigner"], before["lead"], before.get("supervisor"), *before.get("cooperating", [])]
            self.assertEqual({item["agency"] for item in after["successions"]}, {agency for agency in named if agency in HEIRS})
            self.assertEqual({item["since"] for item in after["successions"]}, {MERGED})

    def test_exactly_one_agency_answers_for_each_open_task(self):
        found = {}
        for agency in sorted(set(HEIRS.values())):
            for number in self.tasks(agency, agency=agency, roles=["lead"], states=list(OPEN)):
                self.assertNotIn(number, found, f"{agency} and {found.get(number)} both answer for it")
                found[number] = agency
        expected = {number: heir(task["lead"]) for number, task in self.before.items() if task["state"] in OPEN}
        self.assertGreater(len(expected), 60)
        for number, lead in expected.items():
            self.assertEqual(found.get(number), lead, self.before[number]["reference"])
        for number, task in self.before.items():
            if task["state"] == "accepted":
                acting = [agency for agency in (task["lead"], heir(task["lead"])) if self.may(agency, number, "report")]
                self.assertEqual(acting, [heir(task["lead"])])

    def may(self, agency, task, action):
        """Whether a key of that agency may do it: one that is gone may nothing."""
        try:
            return action in self.call(agency, "task_get", task=task)["may"]
        except CoordError as error:
            self.assertEqual(error.name, "agency_closed")
            return False

    def test_whose_clock_ran_adds_up_and_the_past_keeps_its_names(self):
        calendar = Calendar(os.path.join(PRESETS, "calendar-vn.json"))
        for number, before in self.held.items():
            after, turns = self.held_after[number], []  # of before, the one that ran ended with its agency
            for turn in before["turns"]:
                turns.append((turn["agency"], turn["charge"], turn["since"], turn.get("until", MERGED)))
            if before["turns"] and "until" not in before["turns"][-1]:
                turns.append((heir(turns[-1][0]), turns[-1][1], MERGED, self.now))
                self.assertIn(turns[-2][0], HEIRS)
            told = [(turn["agency"], turn["charge"], turn["since"], turn.get("until", self.now)) for turn in after["turns"]]
            self.assertEqual(told, turns, self.before[number]["reference"])
            worked = [turn["worked"] for turn in after["turns"]]
            self.assertEqual(after["elapsed"], sum(worked))
            sums = {}
            for ms, (_, _, since, until) in zip(worked, turns):
                self.assertGreaterEqual(ms, calendar.worked(since, until))
                self.assertLessEqual(ms, calendar.worked(since, self.later if until == self.now else until))
            for (agency, *_), ms in zip(turns, worked):
                sums[agency] = sums.get(agency, 0) + ms
            self.assertEqual({tally["agency"]: total(tally) for tally in after["tallies"]}, sums)

    def test_what_agencies_of_before_held_is_still_told_of_them(self):
        """Added up by the table of their turns, for those that are gone and for those in their place."""
        with self.broker.client(self.keys["tu-ld"]) as client:
            for agency in ("p-tnmt", "bql-kcn", "btv-tu", "so-tnmt", "bql-kcn-ld", "so-nnmt-ld", "btv-tu-ld"):
                told, sums, now = client.call("agency_custody", agency=agency, limit=1000), {}, client.call("hello")["time"]
                for number in self.before:
                    for tally in client.call("task_custody", task=number)["tallies"]:
                        sums[tally["agency"]] = sums.get(tally["agency"], 0) + total(tally)
                got = sum(total(tally) for tally in told["tallies"] if tally["agency"] == agency)
                self.assertGreater(got, 0, agency)
                if agency in HEIRS:
                    self.assertEqual(got, sums[agency], agency)
                else:  # its clock runs on
                    self.assertGreaterEqual(sums[agency], got, agency)
                    self.assertGreater(now, self.now)

    def test_a_history_keeps_the_names_of_its_time(self):
        with self.broker.client(self.keys["tu-ld"]) as client:
            for number, task in self.before.items():
                for record in client.pages("task_history", task=number, limit=1000):
                    if record["time"] < MERGED:
                        self.assertNotIn(record["lead"], HEIRS.values())
                    else:
                        self.assertEqual(record["lead"], heir(task["lead"]))

    # ---- what is open on them ----

    def test_what_was_asked_is_decided_by_who_follows_the_decider(self):
        for number, decider in ((20, "btv-tu-ld"), (18, "btv-tu-ld")):
            asked, = self.after[self.at[number]]["asks"]
            self.assertEqual((asked.get("outcome"), asked["decider"]), (None, decider))
        extension, = self.after[self.at[20]]["asks"]
        with self.assertRaises(CoordError) as refused:
            self.call("btv-tu", "grant", task=self.at[20], ask=extension["ask"])
        self.assertEqual(refused.exception.name, "agency_closed")
        self.call("btv-tu-ld", "grant", task=self.at[20], ask=extension["ask"])
        task = self.tasks("bql-kcn-ld")[self.at[20]]
        self.assertEqual((task["due_day"], task["lead"], task["asks"][0]["outcome"]), ("2026-01-30", "bql-kcn-ld", "granted"))
        # the agency that was to get the other task is gone: who follows it may
        transfer, = self.after[self.at[18]]["asks"]
        self.call("btv-tu-ld", "grant", task=self.at[18], ask=transfer["ask"], lead="ttptqd-ld")
        self.assertEqual(self.tasks("ttptqd-ld")[self.at[18]]["lead"], "ttptqd-ld")

    def test_opinions_are_owed_by_who_follows_and_silence_stays_with_its_agency(self):
        opinions = {one["agency"]: one for one in self.after[self.at[33]]["opinions"]}
        self.assertEqual({agency: one["state"] for agency, one in opinions.items()}, {"ubx-ht": "asked", "so-xd-ld": "asked"})
        silent, = self.after[self.at[34]]["opinions"]
        self.assertEqual(silent["state"], "silent")
        self.call("ubx-ht", "opine", task=self.at[33], question=opinions["ubx-ht"]["question"], answer="agreed", note="Thống nhất.")
        given = [one for one in self.tasks("so-nnmt-ld")[self.at[33]]["opinions"] if one["state"] == "given"]
        self.assertEqual([one["by"] for one in given], ["ubx-ht"])
        tallies = {tally["lead"]: tally["silent"] for tally in self.summary}
        self.assertEqual({lead: count for lead, count in tallies.items() if count}, {"p-kt-ht": 1})

    def test_parts_stay_with_their_whole_and_their_leads_follow(self):
        parts = {task["reference"]: task for task in self.after.values() if task.get("parent") == self.at[14]}
        self.assertEqual({reference: (task["assigner"], task["lead"]) for reference, task in parts.items()},
                         {"PHAN-1/p-ktht": ("ubx-ht", "p-kt-ht"), "PHAN-1/bqlda": ("ubx-ht", "bqlda-ld")})
        self.assertEqual(self.after[self.at[14]]["open_parts"], 2)
        self.call("ubx-ht", "amend", task=parts["PHAN-1/bqlda"]["task"], content={"weight": 3})  # the whole's lead assigns

    def test_counts_by_agency_are_those_of_who_follow(self):
        told = {tally["lead"]: tally for tally in self.summary if tally["assigned"]}
        counted = {}
        for task in self.before.values():
            if task["state"] != "cancelled":
                counted[heir(task["lead"])] = counted.get(heir(task["lead"]), 0) + 1
        self.assertEqual({lead: tally["assigned"] for lead, tally in told.items()}, counted)

    # ---- what is named by an agency and an id of its own ----

    def test_references_of_several_agencies_that_became_one_find_each(self):
        for assigner, title in (("ubh", "Của huyện"), ("ubx-tx", "Của xã")):
            self.assertEqual(self.call("ubx-ht", "task_get", assigner=assigner, reference="CHUNG")["task"]["title"], title)
        self.call("ubx-ht", "assign", reference="CHUNG", leads=["p-vhxh-ht"], content={"title": "Của xã mới"})
        self.assertEqual(self.call("ubx-ht", "task_get", reference="CHUNG")["task"]["title"], "Của xã mới")
        said = self.broker.ctl("task", "show", "CHUNG", context=self.file("ubx-ht"))
        self.assertIn("Của xã mới", said)
        for assigner, title in (("ubh", "Của huyện"), ("ubx-tx", "Của xã")):
            self.assertIn(title, self.broker.ctl("task", "show", f"{assigner}:CHUNG", context=self.file("ubx-ht")))

    def test_documents_are_those_of_who_follow_and_stay_cited(self):
        shown = self.call("btv-du-ht", "document_get", document="620-BC/HU")["document"]
        self.assertEqual(shown["issuer"], "btv-hu")  # who issued it stays so
        listed = self.call("btv-du-ht", "document_list", issuer="btv-du-ht")["documents"]
        self.assertEqual([one["document"] for one in listed], ["620-BC/HU"])
        coverage = self.call("btv-du-ht", "document_coverage", document="620-BC/HU")
        self.assertEqual([task["reference"] for task in coverage["tasks"]], ["HT-003"])
        with self.assertRaises(CoordError) as refused:
            self.call("ubx-ht", "document_set", document={"document": "620-BC/HU", "kind": "report", "title": "Khác"})
        self.assertEqual(refused.exception.name, "document_taken")
        for name in ("kind", "paragraphs", "issued"):
            self.assertIn(name, shown)
        self.call("btv-du-ht", "document_set", document={"document": "620-BC/HU", "kind": "report", "title": "Báo cáo 620",
                                                         "paragraphs": shown["paragraphs"]})
        self.assertEqual(self.call("tu-ld", "document_get", document="620-BC/HU")["document"]["title"], "Báo cáo 620")

    def test_a_rule_of_hot_spots_is_of_who_follow(self):
        shown = self.hot_after
        counted = {number for number, task in self.before.items() if heir(task["lead"]) in ("ubx-ht", "vp-ht", "p-kt-ht", "p-vhxh-ht", "hcc-ht")
                   and task["state"] in OPEN and (self.after[number]["timeliness"] == "overdue" or any(
                       "closed" not in one and "acknowledged" not in one for one in self.after[number].get("escalations", [])))}
        self.assertGreater(len(counted), 5)
        self.assertEqual({task["task"] for task in shown["tasks"]} & set(self.before), counted)
        self.assertGreaterEqual(shown["count"], len(counted))
        self.assertEqual(shown["raised"], self.hot["raised"])
        self.call("ubt-ld", "hot_spot_set", rule={"rule": "cham", "agency": "ubx-ht", "tasks": 500, "to": ["ubt-ld"]})
        self.assertEqual([one["rule"]["by"] for one in self.call("ubt-ld", "hot_spot_list")["hot_spots"]], ["ubt-ld"])

    def test_a_request_of_who_follows_is_its_own_whatever_its_id(self):
        """Ids are each agency's: what one that is gone did under an id is not taken for what its heir asks by the same."""
        number = next(number for reference, number in self.numbers.items() if int(reference[3:]) % 7 and
                      self.before[number]["lead"] == "p-nnptnt" and self.before[number]["state"] == "accepted")
        first = self.call("p-kt-ht", "report", task=number, percent=10, note="Tiếp nhận.", id=f"nhan-{number}")
        self.assertGreater(first["seq"], self.merged_seq)
        again = self.call("p-kt-ht", "report", task=number, percent=10, note="Tiếp nhận.", id=f"nhan-{number}")
        self.assertEqual(again["seq"], first["seq"])
        self.assertEqual(self.tasks("p-kt-ht")[number]["version"], self.before[number]["version"] + 1)

    def test_old_keys_are_refused_with_the_name_of_who_follows(self):
        for agency in ("ubh", "btv-tu", "so-gtvt"):
            with self.assertRaises(CoordError) as refused:
                self.call(agency, "hello")
            self.assertEqual(refused.exception.name, "agency_closed")
            self.assertIn(HEIRS[agency], str(refused.exception))
            said = self.broker.ctl("inbox", context=self.file(agency), code=4)
            self.assertIn(HEIRS[agency], said)


class Consumers(Programme):
    def heard(self, agency, consumer, last, consumes=False, **fields):
        """What a consumer is told, up to a sequence that tells it something; or to that of what is done once it listens."""
        client = self.broker.client(self.keys[agency])
        self.addCleanup(client.close)
        client.call("subscribe", credit=1000, consumer=consumer, **fields)
        last, got = last() if callable(last) else last, []
        while not got or got[-1] < last:
            record = client._records.pop(0) if client._records else client._receive(60)
            self.assertIsNotNone(record, f"{got}, and never {last}")
            got.append(record["seq"])
        if consumes:
            client.call("consumed", seq=got[-1])
        client.close()
        return got

    def given(self, reference):
        """A task for the new division: the sequence of the record that tells it."""
        self.call("btv-tu-ld", "assign", reference=reference, leads=["p-kt-ht"], content={"title": "Việc mới", "due": "2025-08-29"})
        return self.call("p-kt-ht", "task_get", assigner="btv-tu-ld", reference=reference)["task"]["record"]

    def told(self, agency):
        """All that an agency was told so far, itself."""
        found = []
        with self.broker.client(self.keys[agency]) as client:
            last = client.call("hello")["seq"]
            client.call("subscribe", credit=60000, reached=True, **{"from": 0})
            while True:
                message = client._records.pop(0) if client._records else client._receive(60)
                self.assertIsNotNone(message, f"{agency} is never told that the stream came to {last}")
                if message["op"] == "record" and message["seq"] <= last:
                    found.append(message["seq"])
                if message["seq"] >= last:
                    return found

    def test_what_four_divisions_had_not_dealt_with_reaches_the_one_in_their_place_once(self):
        """Each stopped at another place; their notices are told in sequence, what two were told together is told once."""
        divisions, left = [agency for agency, follows in HEIRS.items() if follows == "p-kt-ht"], set()
        self.go_to("2024-06-03T09:00")
        for at, agency in enumerate(divisions):
            told = self.told(agency)
            self.assertGreater(len(told), at + 2)
            self.heard(agency, "van-phong", told[at], consumes=True, **{"from": 0})
            left |= set(told[at + 1:])
        self.go_to("2025-06-30T09:00")
        for at, agency in enumerate(divisions):
            left |= set(self.told(agency)[at + 1:])
        above = self.told("ubt")
        place = self.heard("ubt", "lanh-dao", above[4], consumes=True, subtree=True, **{"from": 0})[-1]
        self.merge()
        self.go_to("2025-07-01T00:30")
        before = self.call("p-kt-ht", "hello")["seq"]
        heard = self.heard("p-kt-ht", "van-phong", lambda: self.given("MOI-1"))
        self.assertEqual(heard, sorted(set(heard)))
        self.assertEqual([seq for seq in heard if seq <= before], sorted(left))
        self.broker.restart(9)
        self.assertEqual(self.heard("p-kt-ht", "van-phong", heard[-1], consumes=True)[:len(left)], sorted(left))
        self.broker.restart()
        last = self.given("MOI-2")
        self.assertEqual(self.heard("p-kt-ht", "van-phong", last), [last])
        # whoever stands above hears what was left to itself, from now on of all under it, and of none twice
        heard = self.heard("ubt-ld", "lanh-dao", lambda: self.given("MOI-3"), subtree=True)
        self.assertEqual([seq for seq in heard if seq <= before], [seq for seq in above if seq > place])
        self.assertEqual(heard, sorted(set(heard)))


class Schedules(Programme):
    """Of one id: the district's and a commune's, which become one agency's; the province's, and that of the one it becomes a part of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for agency, leads in (("ubh", ["p-tckh", "p-nv"]), ("ubx-tx", ["ubx-tx"]), ("ubt", ["so-nnptnt", "so-tnmt"])):
            cls.set_schedule(agency, leads, **({"document": "620-BC/HU", "paragraphs": ["leadership"]} if agency == "ubh" else {}))
        cls.go_to("2025-06-30T09:00")
        cls.merge()
        cls.set_schedule("ubt-ld", ["so-tc-ld"])
        cls.go_to("2025-07-07T09:00")

    @classmethod
    def set_schedule(cls, agency, leads, **content):
        cls.call(agency, "schedule_set", schedule={"schedule": "BC-tuan", "period": "weekly", "leads": leads, "content": dict(WEEKLY, **content),
                                                   "from": "2025-06-30"})

    def made(self, agency, week):
        return {task["reference"]: task["lead"] for task in self.tasks(agency).values()
                if task["assigner"] == agency and task["reference"].startswith(f"BC-tuan/{week}")}

    def test_of_several_of_one_id_each_makes_its_tasks_and_is_found_and_ended(self):
        self.assertEqual(self.made("ubt-ld", "2025-W27"), {"BC-tuan/2025-W27": "so-tc-ld", "BC-tuan/2025-W27/so-nnptnt": "so-nnmt-ld",
                                                           "BC-tuan/2025-W27/so-tnmt": "so-nnmt-ld"})
        self.assertEqual(self.made("ubt-ld", "2025-W28"), {"BC-tuan/2025-W28": "so-tc-ld", "BC-tuan/2025-W28/ubt": "so-nnmt-ld"})
        self.assertEqual(self.made("ubx-ht", "2025-W28"), {"BC-tuan/2025-W28/p-kt-ht": "p-kt-ht", "BC-tuan/2025-W28/p-vhxh-ht": "p-vhxh-ht",
                                                           "BC-tuan/2025-W28/ubx-tx": "ubx-ht"})
        mine = self.file("ubx-ht")
        listed = [line.split("\t") for line in self.broker.ctl("schedule", "list", context=mine).splitlines()]
        self.assertEqual([(line[0], line[-1]) for line in listed], [("BC-tuan", "ubh"), ("BC-tuan", "ubx-tx")])
        self.assertIn("BC-tuan/2025-W29/ubx-tx is given to 1 lead",
                      self.broker.ctl("schedule", "show", "BC-tuan", "--assigner", "ubx-tx", context=mine))
        self.assertEqual(self.broker.ctl("schedule", "end", "BC-tuan", "--assigner", "ubx-tx", context=mine), "ended\n")
        with self.broker.client(self.keys["ubx-ht"]) as client:
            self.assertEqual([(one["schedule"], one["assigner"], one["set_by"]) for one in client.pages("schedule_list")],
                             [("BC-tuan", "ubx-ht", "ubh")])
        # the document that the other cites is replaced by who follows its issuer: the next week's tasks cite that
        self.broker.ctl("document", "set", "01-KH/DU", "--type", "plan", "--title", "Kế hoạch", "--paragraphs", "I=Lãnh đạo",
                        context=self.file("btv-du-ht"))
        self.broker.ctl("document", "replace", "620-BC/HU", "--by", "01-KH/DU", "--became", "leadership=I", "--note", "Sắp xếp đơn vị.",
                        context=self.file("btv-du-ht"))
        self.go_to("2025-07-14T09:00")
        self.assertEqual(self.made("ubx-ht", "2025-W29"), {"BC-tuan/2025-W29/p-kt-ht": "p-kt-ht", "BC-tuan/2025-W29/p-vhxh-ht": "p-vhxh-ht"})
        cited = {(task["document"], *task["paragraphs"]) for task in self.tasks("ubx-ht").values()
                 if task["assigner"] == "ubx-ht" and task["reference"].startswith("BC-tuan/2025-W29")}
        self.assertEqual(cited, {("01-KH/DU", "I")})


if __name__ == "__main__":
    unittest.main()
