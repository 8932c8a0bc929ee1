"""A store in PostgreSQL that several brokers serve: one leads, the others answer by what it writes, say how new that is, and lead once
it is gone. Whatever becomes of the leader, nothing that was acknowledged is lost and nothing is done twice."""
import os
import signal
import socket
import subprocess
import threading
import time
import unittest

from harness import COORDD, Broker, CoordError, TimedOut, Unreachable, free_port, postgresql, read_context
from on_postgres import OnPostgres, Second
from breaking import Breaking

OSFILE, CONFIG = 72, 78
LEASE = 3   # seconds: the default
LONG = 60   # where nobody is to be overtaken, however slow the machine is
HANGS = 300  # what did not happen by then never will
LEADS = "leads from here on"


class First(Broker):
    """Leads once it has started."""

    def start(self):
        super().start()
        wait_for(lambda: LEADS in self.read_log(), "it does not lead")
        return self


def wait_for(happened, what):
    ends = time.monotonic() + HANGS
    while not happened():
        if time.monotonic() > ends:
            raise AssertionError(what)
        time.sleep(0.02)


class Writer(threading.Thread):
    """Reports on a task, at whichever broker leads: told who does, it goes there; unanswered, to the next. `ledger` has what was
    acknowledged: the note, the sequence, and when; `refused` what it was refused with."""

    def __init__(self, name, test, task):
        super().__init__(daemon=True)
        self.name, self.task = name, task
        self.clients = {broker.endpoint: test.client(dict(test.huyen_context, endpoint=broker.endpoint)) for broker in test.brokers}
        self.endpoint = test.broker.endpoint
        self.ledger, self.refused, self.ending, self.failure = [], [], threading.Event(), None

    def run(self):
        number = 0
        try:
            while not self.ending.is_set():
                number += 1
                note = f"{self.name}-{number}"
                self.ledger.append((note, self.report(note), time.monotonic()))
        except Exception as failure:
            self.failure = failure
            raise

    def report(self, note):
        while True:
            try:
                return self.clients[self.endpoint].call("report", id=note, task=self.task, percent=1, note=note, timeout=1)["seq"]
            except CoordError as refusal:
                self.refused.append(refusal.name)
                if refusal.name != "not_leader":
                    raise
                self.go_on(refusal.fields.get("leader"))
            except (TimedOut, Unreachable):
                self.go_on(None)

    def go_on(self, leader):
        endpoints = list(self.clients)
        self.endpoint = leader if leader in self.clients else endpoints[(endpoints.index(self.endpoint) + 1) % len(endpoints)]


class Several(OnPostgres):
    """Brokers for one store, the first of which leads."""
    lease = LONG
    settings = {}

    def make_broker(self):
        return First(server=postgresql(), role="follower", lease_seconds=self.lease, **self.settings)

    def setUp(self):
        super().setUp()
        self.brokers = [self.broker]
        self.second = self.follower("second")
        self.there, self.there_huyen = self.at(self.second), self.at(self.second, self.huyen_context)

    def follower(self, name):
        broker = Second(self.broker, name)
        self.addCleanup(broker.end, signal.SIGKILL)
        broker.start()
        self.brokers.append(broker)
        client = self.at(broker)
        wait_for(lambda: "leader" in client.call("hello"), "it does not know who leads")
        return broker

    def at(self, broker, context=None):
        return self.client(dict(context or read_context(self.broker.admin), endpoint=broker.endpoint))

    def leads(self, broker):
        wait_for(lambda: LEADS in broker.read_log(), "it does not lead")

    def newest(self):
        return self.admin.call("status")["seq"]

    # ---- work, and what came of it ----

    def begin(self, writers=3):
        self.task = self.assign()
        self.huyen.call("accept", task=self.task)
        self.writers = [Writer(f"w{number}", self, self.task) for number in range(writers)]
        for writer in self.writers:
            writer.start()
        self.go_on(10)

    def go_on(self, more):
        """Until each writer has so many acknowledged beyond what it had."""
        wanted = [len(writer.ledger) + more for writer in self.writers]
        while any(len(writer.ledger) < most for writer, most in zip(self.writers, wanted)):
            for writer in self.writers:
                self.assertIsNone(writer.failure)
            time.sleep(0.02)

    def end_work(self, what, client):
        """Ends it; then what was acknowledged is there, once, and nothing else."""
        for writer in self.writers:
            writer.ending.set()
        for writer in self.writers:
            writer.join()
        done = {}
        for record in client.pages("task_history", task=self.task, limit=1000):
            if record.get("action") == "report":
                self.assertNotIn(record["note"], done, "done twice")
                done[record["note"]] = record["seq"]
        self.assertEqual(done, {note: seq for writer in self.writers for note, seq, _ in writer.ledger})
        times = sorted(at for writer in self.writers for _, _, at in writer.ledger)
        longest = max(after - before for before, after in zip(times, times[1:]))
        print(f"measured {what}: {longest:.2f} s without a leader, {len(done)} acknowledged, 0 lost, 0 doubled, lease {self.lease} s")
        return longest

    def everything(self, client, seq):
        """All that can be read, by who may read all of it."""
        tasks = list(client.pages("task_list", limit=1000, at_least=seq))
        lists = {op: list(client.pages(op, limit=1000))
                 for op in ("agency_list", "key_list", "calendar_list", "policy_list", "document_list", "schedule_list", "hot_spot_list",
                            "escalation_list")}
        each = [{op: {name: value for name, value in client.call(op, task=task["task"]).items() if name not in ("id", "as_of", "lag_ms")}
                 for op in ("task_get", "task_history")} for task in tasks]
        return tasks, lists, each

    def alike(self, one, other):
        """Two brokers stand alike at the newest record; of what depends on the time, each is asked until both are of one instant."""
        seq = self.newest()
        for _ in range(20):
            here, there = self.everything(one, seq), self.everything(other, seq)
            if here == there:
                return
        self.assertEqual(here, there)


class Following(Several):
    def test_what_was_changed_is_read_there_once_it_has_come(self):
        task = self.assign()
        for percent in range(1, 30):
            seq = self.huyen.call("report" if percent > 1 else "accept", task=task, **({"percent": percent} if percent > 1 else {}))["seq"]
            reply = self.there_huyen.call("task_get", task=task, at_least=seq)
            self.assertGreaterEqual(reply["as_of"], seq)
            self.assertEqual(reply["task"].get("percent", 1), percent)
            self.assertLess(reply["lag_ms"], 10000)
        here = self.huyen.call("task_get", task=task, at_least=seq)
        self.assertNotIn("as_of", here)
        self.assertNotIn("lag_ms", here)
        history = self.there_huyen.call("task_history", task=task, at_least=seq)
        self.assertEqual(history["records"], self.huyen.call("task_history", task=task)["records"])
        self.assertGreaterEqual(history["as_of"], seq)

    def test_it_stands_as_the_leader_does(self):
        for number in range(20):
            task = self.assign(reference=f"HT-{number}", due=f"{number % 3 + 1}wd", area=f"đất {number % 4}")
            self.huyen.call("accept", task=task)
            self.huyen.batch([("comment", {"task": task, "note": f"lần {time}"}) for time in range(number)])
            if number % 3 == 0:
                self.huyen.call("submit", task=task, note="xong")
            if number % 6 == 0:
                self.admin.call("confirm", task=task)
        self.admin.call("policy_set", policy={"policy": "gap", "steps": [{"deadline": "completion", "offset": -1, "unit": "working_days",
                                                                         "does": "remind", "to": ["lead"]}]})
        self.admin.call("hot_spot_set", rule={"rule": "huyen", "agency": "huyen", "tasks": 3, "to": ["tinh"]})
        self.admin.call("document_set", document={"document": "12-KL/TU", "kind": "conclusion", "title": "Kết luận", "paragraphs": []})
        self.broker.agency(self.admin, "xa", parent="huyen")
        self.alike(self.admin, self.there)

    def test_changes_are_the_leaders(self):
        task = self.assign()
        self.there.call("task_get", task=task, at_least=self.newest())
        changes = (("report", {"task": task, "percent": 1}), ("report", {"task": task, "percent": 1, "dry_run": True}),
                   ("hand_over", {}))
        for op, fields in changes:
            refusal = self.refused("not_leader", "", self.there.call, op, **fields)
            self.assertEqual(refusal["leader"], self.broker.endpoint)
            self.assertTrue(refusal["retry"])
            self.assertIn("as_of", refusal)
        read, changed = self.there.batch([("task_get", {"task": task}), ("cancel", {"task": task, "note": "thôi"})])
        self.assertEqual(read["task"]["task"], task)
        self.assertEqual((changed["error"], changed["leader"]), ("not_leader", self.broker.endpoint))
        with self.assertRaises(CoordError) as caught:  # who may not do it at all is told that
            self.there_huyen.call("backup", path="a.db")
        self.assertEqual(caught.exception.name, "right_missing")

    def test_a_copy_may_be_made_by_whom_it_costs_least(self):
        task = self.assign()
        self.there.call("task_get", task=task, at_least=self.newest())
        copied = self.there.call("backup", path="a.db")
        self.assertGreaterEqual(copied["seq"], copied["as_of"])
        self.assertEqual(os.path.getsize(copied["path"]), copied["bytes"])
        self.assertTrue(copied["path"].startswith(self.second.store))

    def test_each_says_what_it_is(self):
        for op in ("hello", "status", "load"):
            here, there = self.admin.call(op), self.there.call(op)
            self.assertEqual((here["role"], here["leader"]), ("leader", self.broker.endpoint))
            self.assertNotIn("lag_ms", here)
            self.assertEqual((there["role"], there["leader"]), ("follower", self.broker.endpoint))
            self.assertLess(there["lag_ms"], 10000)
        for client in (self.admin, self.there):
            self.assertEqual(client.call("status")["epoch"], int(self.sql("SELECT epoch FROM coordd.head")))

    def test_what_has_not_come_is_waited_for_and_then_refused(self):
        seq = self.newest()
        for client in (self.admin, self.there):
            refusal = self.refused("behind", "at_least", client.call, "agency_list", at_least=seq + 1000)
            self.assertTrue(refusal["retry"])
        answered = []
        asker = threading.Thread(target=lambda: answered.append(self.there.call("agency_list", at_least=seq + 1)))
        asker.start()
        self.assign()
        asker.join()
        self.assertGreater(answered[0]["as_of"], seq)
        self.assertIn("agencies", self.there.call("agency_list", within_ms=60000))
        self.assertIn("agencies", self.admin.call("agency_list", within_ms=0))
        self.refused("bad_type", "at_least", self.there.call, "agency_list", at_least="x")

    def test_one_that_knew_of_late_looks_anew(self):
        for _ in range(20):
            self.assertLessEqual(self.there.call("agency_list", within_ms=100)["lag_ms"], 150)

    def test_a_key_that_is_revoked_is_cut_off_there_too(self):
        self.there_huyen.call("hello")
        seq = self.admin.call("key_revoke", public_key=self.huyen_context["public_key"])["seq"]
        self.there.call("agency_list", at_least=seq)
        wait_for(lambda: "is cut" in self.second.read_log() or "key" in self.second.read_log(), "it is not cut")
        with self.assertRaises((CoordError, TimedOut, Unreachable)):
            self.there_huyen.call("task_list", timeout=2)


class Patient(Several):
    settings = {"follower_wait_ms": 60000}

    def test_who_waits_keeps_nobody_else_waiting(self):
        seq = self.newest()
        askers = [threading.Thread(target=self.at(self.second).call, args=("agency_list",), kwargs={"at_least": seq + 1, "timeout": 120})
                  for _ in range(80)]  # more than one agency may have waiting so
        for asker in askers:
            asker.start()
        for _ in range(10):
            self.there_huyen.call("task_list")
        self.assign()
        for asker in askers:
            asker.join()


class Proxied(Several):
    """The follower reaches the store through what can be cut."""

    def follower(self, name):
        self.proxy = Breaking(postgresql().port, seed=1)
        self.proxy.breaks = False
        self.addCleanup(self.proxy.close)
        journal = self.broker.journal
        self.broker.journal = dict(journal, hosts=f"127.0.0.1:{self.proxy.port}", tls="off")
        try:
            return super().follower(name)
        finally:
            self.broker.journal = journal


class CutOff(Proxied):
    settings = {"lag_max_seconds": 1}

    def test_one_that_hears_nothing_new_says_so_and_goes_on_later(self):
        task = self.assign()
        self.there.call("task_get", task=task, at_least=self.newest())
        self.proxy.cut()
        wait_for(lambda: self.there.call("hello")["lag_ms"] > 1000, "its lag does not grow")
        self.refused("behind", "", self.there.call, "task_get", task=task)
        self.assertRegex(self.second.read_log(), 'the store is not reached: what is known grows old.*cause="?[^"]')
        self.assertEqual(self.there.call("status")["role"], "follower")
        self.admin.call("comment", task=task, note="trong lúc mất liên lạc")
        seq = self.newest()
        self.proxy.heal()
        wait_for(lambda: self.there.call("hello")["lag_ms"] < 1000, "its lag does not shrink")
        self.assertGreaterEqual(self.there.call("task_get", task=task, at_least=seq)["as_of"], seq)
        self.alike(self.admin, self.there)


class Broken(Proxied):
    def test_one_whose_connection_breaks_again_and_again_misses_nothing(self):
        self.begin()
        for _ in range(20):
            self.proxy.cut()
            self.go_on(2)
            self.proxy.heal()
            seq = self.newest()
            wait_for(lambda: self.there.call("hello")["as_of"] >= seq, "it does not come so far")
        self.end_work("a follower whose connection breaks", self.admin)
        wait_for(lambda: self.there.call("hello")["as_of"] >= self.newest(), "it does not come so far")
        self.alike(self.admin, self.there)
        self.assertIsNone(self.second.process.poll())


class Succession(Several):
    lease = LEASE

    def demoted(self, broker):
        self.assertEqual(broker.process.wait(60), OSFILE)
        broker.process = None
        self.assertIn("another coordd has taken the store over", broker.read_log())

    def test_one_that_was_killed_is_followed_without_a_start(self):
        self.begin()
        process = self.second.process
        self.there.call("hello")
        self.broker.end(signal.SIGKILL)
        self.leads(self.second)
        self.go_on(10)
        self.end_work("killed", self.there)
        self.assertIs(self.second.process, process)
        self.assertEqual(self.there.call("hello")["role"], "leader")
        self.assertEqual(self.second.end(), 0)
        self.coordd("verify")

    def test_one_that_froze_is_followed_and_answers_nothing_when_it_wakes(self):
        self.begin()
        self.broker.process.send_signal(signal.SIGSTOP)
        self.leads(self.second)
        self.go_on(10)
        acknowledged = sum(len(writer.ledger) for writer in self.writers)
        self.broker.process.send_signal(signal.SIGCONT)
        self.demoted(self.broker)
        self.go_on(10)
        self.assertGreater(sum(len(writer.ledger) for writer in self.writers), acknowledged)
        self.end_work("frozen", self.there)
        open(self.broker.log, "w").close()
        Broker.start(self.broker)
        again = self.at(self.broker)
        self.assertEqual(again.call("hello")["role"], "follower")
        self.there.call("comment", task=self.task, note="còn đây")
        self.alike(self.there, again)

    def alike(self, one, other):
        self.newest = lambda: one.call("status")["seq"]
        super().alike(one, other)

    def test_one_that_was_stopped_is_followed_at_once(self):
        self.begin()
        self.assertEqual(self.broker.end(), 0)
        self.leads(self.second)
        self.go_on(10)
        self.end_work("stopped", self.there)

    def test_of_two_one_takes_the_lead(self):
        third = self.follower("third")
        self.begin()
        self.broker.end(signal.SIGKILL)
        wait_for(lambda: any(LEADS in broker.read_log() for broker in (self.second, third)), "nobody leads")
        self.go_on(10)
        won, follows = (self.second, third) if LEADS in self.second.read_log() else (third, self.second)
        self.assertNotIn(LEADS, follows.read_log())
        self.end_work("killed before two", self.at(won))
        wait_for(lambda: self.at(follows).call("hello").get("leader") == won.endpoint, "it does not know who leads")
        self.alike(self.at(won), self.at(follows))

    def test_a_rung_that_fell_due_meanwhile_fires_once(self):
        self.admin.call("policy_set", policy={"policy": "nhanh", "steps": [
            {"deadline": "completion", "offset": 0, "unit": "minutes", "does": "escalate", "level": 1, "to": ["assigner"]}]})
        seconds = 5
        due = int(time.time() * 1000) // 60000 * 60000 + 60000
        if due - time.time() * 1000 < seconds * 1000:
            due += 60000
        local = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(due / 1000 + 7 * 3600))
        task = self.admin.call("assign", reference="GAP", leads=["huyen"], policy="nhanh",
                               content={"title": "Gấp", "due": local})["tasks"][0]["task"]
        self.there.call("task_get", task=task, at_least=self.newest())
        self.broker.process.send_signal(signal.SIGSTOP)
        time.sleep(max(0.0, due / 1000 - time.time()))
        self.leads(self.second)
        wait_for(lambda: self.there.call("escalation_list")["escalations"], "nothing fires")
        self.broker.process.send_signal(signal.SIGCONT)
        self.demoted(self.broker)
        fired = [record for record in self.there.pages("task_history", task=task) if record["record"] == "rung"]
        self.assertEqual(len(fired), 1, fired)


class HandingOver(Several):
    def hand_over(self, client, **fields):
        return client.call("hand_over", timeout=120, **fields)

    def test_under_load_no_change_is_refused_but_by_who_leads_no_more(self):
        self.begin()
        reply = self.hand_over(self.admin)
        self.leads(self.second)
        self.assertEqual(reply["leader"], self.second.endpoint)
        self.assertEqual(reply["epoch"], int(self.sql("SELECT epoch FROM coordd.head")))
        self.go_on(10)
        longest = self.end_work("handed over", self.there)
        self.assertEqual({name for writer in self.writers for name in writer.refused}, {"not_leader"})
        print(f"measured hand_over: took_ms {reply['took_ms']}, {longest:.3f} s between two changes")
        self.assertEqual(self.admin.call("hello")["role"], "follower")
        back = self.hand_over(self.there, to=self.broker.endpoint)
        self.assertEqual(back["leader"], self.broker.endpoint)
        self.assertEqual(self.admin.call("hello")["role"], "leader")
        self.alike(self.admin, self.there)

    def test_it_goes_to_who_is_named(self):
        third = self.follower("third")
        self.assertEqual(self.hand_over(self.admin, to=third.endpoint)["leader"], third.endpoint)
        self.assertNotIn(LEADS, self.second.read_log())

    def test_who_leads_cannot_be_its_own_successor(self):
        self.refused("bad_value", "to", self.hand_over, self.admin, to=self.broker.endpoint)
        self.assign()


class NobodyComes(Several):
    lease = LEASE

    def test_of_one_that_nobody_is_it_comes_back(self):
        self.follower("third")
        self.refused("hand_over_failed", "", self.admin.call, "hand_over", timeout=120, to="tcp://nobody.example:5670")
        self.assertEqual(self.admin.call("hello")["role"], "leader")
        for broker in self.brokers:
            if broker is not self.broker:
                self.assertNotIn(LEADS, broker.read_log())
        self.assign()


class Candidates(Several):
    """One that waits takes a lead that is handed over, and one that waited follows once it has handed its own over."""

    def make_broker(self):
        return Broker(server=postgresql(), role="candidate", lease_seconds=self.lease)

    def follower(self, name):
        broker = Second(self.broker, name)
        self.addCleanup(broker.end, signal.SIGKILL)
        broker.start()
        wait_for(lambda: " leads" in broker.read_log(), "it does not wait")
        self.brokers.append(broker)
        return broker

    def test_who_hands_over_follows(self):
        task = self.assign()
        reply = self.admin.call("hand_over", timeout=120)
        self.assertEqual(reply["leader"], self.second.endpoint)
        seq = self.there_huyen.call("accept", task=task, timeout=120)["seq"]
        self.assertGreaterEqual(self.admin.call("task_get", task=task, at_least=seq)["as_of"], seq)
        self.assertEqual(self.refused("not_leader", "", self.huyen.call, "report", task=task, percent=1)["leader"], self.second.endpoint)
        self.assertEqual(self.there.call("hand_over", timeout=120)["leader"], self.broker.endpoint)
        self.huyen.call("report", task=task, percent=1)


class Named(Several):
    """Where clients find the leader is not where it listens."""
    named = (("endpoint = tcp://tinh-1.example:5670\nadvertise = tcp://a.example:1, tcp://b.example:1", "tcp://tinh-1.example:5670"),
             ("advertise = ipc:///run/tinh,1.sock", "ipc:///run/tinh,1.sock"))

    def test_a_leader_says_where_it_is_found(self):
        arguments = [word for word in self.broker.arguments() if word not in ("--listen", self.broker.endpoint)]
        self.broker.arguments = lambda: [*arguments[:-2], *self.broker.configured()]
        for settings, endpoint in self.named:
            open(self.second.log, "w").close()
            self.assertEqual(self.broker.end(), 0)
            self.leads(self.second)
            self.broker.config = os.path.join(self.broker.directory, "own.conf")
            with open(self.broker.config, "w", encoding="utf-8") as file:
                file.write(f"[daemon]\nlisten = {self.broker.endpoint}\n{settings}\n")
            Broker.start(self.broker)
            self.assertEqual(self.there.call("hand_over", timeout=120)["leader"], endpoint)
            self.assertEqual(self.refused("not_leader", "", self.there.call, "clock_accept")["leader"], endpoint)

    def test_one_that_cannot_say_so_is_warned(self):
        self.assertEqual(self.second.end(), 0)
        self.second.endpoint = f"tcp://127.0.0.1:{free_port()}"
        arguments = self.second.arguments
        self.second.arguments = lambda: [word.replace("tcp://127.0.0.1", "tcp://0.0.0.0") for word in arguments()]
        self.second.start()
        self.assertIn("set `endpoint` in [daemon]", self.second.read_log())
        config = os.path.join(self.second.directory, "open.conf")
        with open(self.second.configured()[1], encoding="utf-8") as there, open(config, "w", encoding="utf-8") as file:
            file.write("[daemon]\nlisten = tcp://0.0.0.0:5670\nadvertise = tcp://may1:5670, tcp://may2:5670\n" + there.read())
        checked = subprocess.run([COORDD, "check", "--config", config, "--dir", self.second.store], capture_output=True, text=True,
                                 timeout=HANGS, check=False)
        self.assertEqual(checked.returncode, CONFIG, checked.stdout + checked.stderr)
        self.assertIn("coordd: others cannot say where this broker is when it leads: set `endpoint` in [daemon]", checked.stderr)
        self.admin.call("hand_over", timeout=120)
        self.assertNotIn("leader", self.refused("not_leader", "", self.admin.call, "clock_accept"))


class Passed(Several):
    def test_a_socket_that_was_passed_is_served_at_once(self):
        self.assertEqual(self.second.end(), 0)
        listener = socket.create_server(("127.0.0.1", free_port()))
        self.addCleanup(listener.close)
        self.second.endpoint = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with open(self.second.log, "w", encoding="utf-8") as log:
            self.second.process = subprocess.Popen(
                ["sh", "-c", 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@"', *self.second.arguments()], stderr=log, pass_fds=[3],
                preexec_fn=lambda: os.dup2(listener.fileno(), 3))
        self.assertEqual(self.at(self.second).call("hello")["role"], "follower")


    def test_the_service_manager_is_told_at_once_and_whom_it_follows(self):
        self.assertEqual(self.second.end(), 0)
        path, told = os.path.join(self.second.directory, "told"), []
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, open(self.second.log, "ab") as log:
            manager.bind(path)
            manager.settimeout(HANGS)
            self.second.process = subprocess.Popen(self.second.arguments(), stderr=log, env=dict(os.environ, NOTIFY_SOCKET=path))
            while not told or f"STATUS=follows {self.broker.endpoint}, lag " not in told[-1]:
                told.append(manager.recv(4096).decode())
        self.assertTrue(any("READY=1" in word for word in told[:-1]), told)


class NobodyComes(Several):
    lease = LEASE

    def test_it_takes_the_lead_back(self):
        task = self.assign()
        self.assertEqual(self.second.end(), 0)
        asked, done = [], []
        asker = threading.Thread(target=lambda: asked.append(self.refused("hand_over_failed", "", self.at(self.broker).call, "hand_over",
                                                                          timeout=120)))
        asker.start()
        while not self.logged("is to hand the lead over"):
            time.sleep(0.01)
        changer = threading.Thread(target=lambda: done.append(self.huyen.call("accept", task=task, timeout=120)["seq"]))
        changer.start()
        reader = self.at(self.broker, self.so_context)
        wait_for(lambda: asked or reader.call("hello")["role"] == "follower", "it gives nothing up")
        self.assertEqual(done, [])
        changer.join()  # it waited, and is done
        asker.join()
        self.assertTrue(asked[0]["retry"])
        self.assertEqual(self.newest(), done[0])


class Alone(OnPostgres):
    def test_a_broker_that_serves_alone_hands_nothing_over(self):
        self.refused("not_several", "", self.admin.call, "hand_over")
        for op in ("hello", "status", "load"):
            self.assertNotIn("role", self.admin.call(op))


if __name__ == "__main__":
    unittest.main()
