"""The leader's numbers while things change: always those of `coordctl report --json`, whoever changes what by whatever program."""
import random
import unittest

from serving import Serving, until  # first: it says where the next is
from coord import CoordError

TALLIED = ("assigned", "open", "on_time", "late", "overdue", "worst_delay", "open_escalations", "submitted", "undecided", "silent")
ROUNDS, SEED = 240, 20
DOUBTED = ROUNDS // 4  # answers at most that said they were of before: most changes are followed without reading all anew


class Overview(Serving):
    def setUp(self):
        super().setUp()
        self.contexts_of = {"huyen": self.huyen_context, "so": self.so_context}
        for agency in ("xa1", "xa2"):
            self.contexts_of[agency] = self.broker.agency(self.admin, agency, parent="huyen")
        self.clients = {agency: self.client(context) for agency, context in self.contexts_of.items()}
        self.chance = random.Random(SEED)
        self.tasks, self.stale, self.was_stale = [], 0, False

    # ---- what happens ----

    def give(self):
        """By the district, or by an agency beside it that tasks one under it: nobody of the district is told of what becomes of that."""
        by, lead = self.chance.choice(("huyen", "huyen", "so")), self.chance.choice(("xa1", "xa2"))
        content = {"title": f"Việc {len(self.tasks)}", "document": self.chance.choice(("620-BC/HU", "12-KL/TU"))}
        if self.chance.random() < 0.8:
            content["due"] = self.chance.choice(("2024-06-28", "2025-02-03", "10wd", "2wd"))
        reply = self.clients[by].call("assign", reference=f"N-{len(self.tasks)}", leads=[lead], content=content, backdated=True)
        self.tasks.append((reply["tasks"][0]["task"], by))

    def act(self):
        task, by = self.chance.choice(self.tasks)
        lead = self.huyen.call("task_get", task=task)["task"]["lead"]
        actor = self.chance.choice((by, lead))
        may = self.clients[actor].call("task_get", task=task)["may"]
        wanted = [name for name in may if name not in ("start", "amend", "take_back", "recall", "answer")]
        if not wanted:
            return
        action, note = self.chance.choice(wanted), {"note": "lý do"}
        shown = self.clients[actor].call("task_get", task=task)["task"]
        fields = {
            "reassign": lambda: {"lead": "xa1" if shown["lead"] == "xa2" else "xa2"},
            "escalate": lambda: {"level": self.chance.randint(1, 3), "to": ["huyen"] if actor != "huyen" else ["so"]},
            "acknowledge": lambda: {"escalation": self.first(shown["escalations"], "acknowledged", "closed")["escalation"]},
            "ask": lambda: {"asking": "suspension"},
            "grant": lambda: {"ask": self.first(shown["asks"], "outcome")["ask"]}, "deny": lambda: {"ask": self.first(shown["asks"], "outcome")["ask"]},
            "consult": lambda: {"agencies": ["xa1" if lead == "xa2" else "xa2"], "due": "3wd"},
            "opine": lambda: {"question": shown["questions"][-1]["question"], "answer": "agreed"},
        }.get(action, lambda: {})()
        try:
            self.clients[actor].call(action, task=task, **note, **fields)
        except CoordError:
            pass  # what the broker refuses changes nothing, and that is to be seen as well

    @staticmethod
    def first(items, *ended):
        return next((item for item in items if not any(name in item for name in ended)), items[-1])

    # ---- what is seen ----

    def report(self):
        return self.broker.ctl_json("report", context=self.context_file(self.huyen_context))

    def answer_of_now(self, leader):
        answer = leader.get("/api/overview").json
        self.was_stale = self.was_stale or "stale" in answer
        return None if "stale" in answer else answer

    def day(self):
        return (self.admin.call("hello")["time"] + 7 * 3600000) // 86400000

    def same(self, leader):
        """Why they are not the same; None when they are. Nothing else goes on meanwhile. One that says it is of before is no
        answer yet: it is asked again, as the page does."""
        day, self.was_stale = None, False
        while day != self.day():  # of one day both: another has more that is late
            day = self.day()
            answer = until(lambda: self.answer_of_now(leader))
            report = self.report()
        self.stale += self.was_stale  # once, however often a busy machine asked
        numbers = {agency: {name: counts[name] for name in TALLIED} for agency, counts in answer["agencies"].items()}
        printed = {agency: {name: counts[name] for name in TALLIED} for agency, counts in report["agencies"].items()}
        if numbers != printed:
            return f"{numbers} is not {printed}"
        if answer["escalations"] != report["escalations"]:
            return f"{answer['escalations']} is not {report['escalations']}"
        total = sum(counts["assigned"] for counts in printed.values())
        overdue = sum(counts["overdue"] for counts in printed.values())
        if (sum(one["assigned"] for one in answer["documents"]), sum(one["overdue"] for one in answer["documents"])) != (total, overdue):
            return f"{answer['documents']}, of {total} with {overdue} overdue"
        if answer["trend"][-1]["overdue"] != overdue:
            return f"{answer['trend'][-1]}, of {overdue} overdue"
        return None

    def test_the_numbers_follow_each_change_whoever_made_it(self):
        self.start()
        leader = self.browser("lan", "huyen")
        for _ in range(12):
            self.give()
        self.assertIsNone(self.same(leader))
        for round_ in range(ROUNDS):
            (self.give if self.chance.random() < 0.15 else self.act)()
            wrong = self.same(leader)
            self.assertIsNone(wrong, f"round {round_} of seed {SEED}: {wrong}")
        self.assertLess(self.stale, DOUBTED)
        self.assertGreater(sum(counts["late"] for counts in self.report()["agencies"].values()), 0)

    def test_what_may_not_be_read_any_more_counts_no_more(self):
        """No record of a task says so: the tree has changed, and it is found by what the broker counts."""
        self.start()
        leader = self.browser("lan", "huyen")
        for _ in range(30):
            self.give()
        self.assertIsNone(self.same(leader))
        before = sum(counts["assigned"] for counts in leader.get("/api/overview").json["agencies"].values())
        seen = self.stale
        self.admin.call("agency_set", agency={"agency": "xa1", "name": "xa1", "parent": "so"})
        self.assertIsNone(self.same(leader))
        self.assertGreater(self.stale, seen)  # it said that the tasks were not those that the broker counts, until they were
        after = sum(counts["assigned"] for counts in leader.get("/api/overview").json["agencies"].values())
        self.assertLess(after, before)

    def test_what_waits_counts_also_in_the_names_of_those_that_are_stood_in_for(self):
        """As many as coordctl lists: here each waits for one reason."""
        self.start()
        person, context = self.browser("an", "so"), self.context_file(self.so_context)
        tasks = {}
        for reference, lead in (("N-1", "xa1"), ("N-2", "xa1"), ("N-3", "xa2"), ("N-4", "xa2"), ("N-5", "so")):  # by whom it comes to stand in for
            tasks[reference] = self.clients["huyen"].call("assign", reference=reference, leads=[lead], content={"title": "Việc", "due": "2099-06-30"})["tasks"][0]["task"]
        self.admin.call("assign", reference="N-6", leads=["huyen"], content={"title": "Việc"})
        for reference in ("N-1", "N-5"):
            self.clients["xa1" if reference == "N-1" else "so"].call("accept", task=tasks[reference])
            self.clients["xa1" if reference == "N-1" else "so"].call("submit", task=tasks[reference])
        self.clients["xa1"].call("ask", task=tasks["N-2"], asking="return", note="Quá sức.")
        self.clients["xa2"].call("consult", task=tasks["N-3"], agencies=["huyen"], due="2099-05-30", note="Thế nào?")
        self.clients["xa2"].call("escalate", task=tasks["N-4"], to=["huyen"], note="Chậm.")

        def waiting():
            answer = until(lambda: self.answer_of_now(person))
            self.assertEqual(answer["waiting"], len(self.broker.ctl_json("inbox", context=context)))
            return answer["waiting"]

        self.assertEqual(waiting(), 0)
        self.admin.call("agency_stand_in", agency="huyen", by="so", until="2099-06-30")
        self.assertEqual(waiting(), 5)  # to lead, to confirm, to decide, to opine, to acknowledge; N-5 it may not confirm itself
        self.clients["so"].call("accept", task=self.admin.call("task_get", reference="N-6")["task"]["task"])
        self.clients["so"].call("confirm", task=tasks["N-1"])
        self.assertEqual(waiting(), 4)
        self.admin.call("agency_stand_in", agency="xa1", by="so", until="2099-06-30")  # so it may not decide on what that asks
        self.assertEqual(waiting(), 4)  # but has what that leads
        self.admin.call("agency_stand_in", agency="huyen")
        self.assertEqual(waiting(), 1)
        self.admin.call("agency_stand_in", agency="xa1")
        self.assertEqual(waiting(), 0)

    def test_a_broker_that_was_restarted_is_asked_on(self):
        self.start()
        leader = self.browser("lan", "huyen")
        self.give()
        self.assertIsNone(self.same(leader))
        self.broker.restart()
        self.give()
        until(lambda: leader.get("/api/overview").status == 200)
        self.assertIsNone(self.same(leader))


if __name__ == "__main__":
    unittest.main()
