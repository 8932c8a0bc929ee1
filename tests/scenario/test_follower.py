"""A store in PostgreSQL that several brokers serve: one leads, the others answer by what it writes, and say how new that is."""
import os
import socket
import subprocess
import threading
import unittest

from harness import COORDD, Broker, CoordError, TimedOut, Unreachable, free_port
from on_postgres import OnPostgres
from several import HANGS, Proxied, Several, wait_for

CONFIG = 78


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


class CutOff(Proxied):
    settings = {"lag_max_seconds": 10}

    def test_one_that_hears_nothing_new_says_so_and_goes_on_later(self):
        task = self.assign()
        self.there.call("task_get", task=task, at_least=self.newest())
        self.proxy.cut()
        wait_for(lambda: self.there.call("hello")["lag_ms"] > 10000, "its lag does not grow")
        self.refused("behind", "", self.there.call, "task_get", task=task)
        wait_for(lambda: "the store is not reached" in self.second.read_log(), "it does not say so")
        self.assertRegex(self.second.read_log(), 'the store is not reached: what is known grows old.*cause="?[^"]')
        self.assertEqual(self.there.call("status")["role"], "follower")
        self.admin.call("comment", task=task, note="trong lúc mất liên lạc")
        seq = self.newest()
        self.proxy.heal()
        wait_for(lambda: self.there.call("hello")["lag_ms"] < 10000, "its lag does not shrink")
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


class Alone(OnPostgres):
    def test_a_broker_that_serves_alone_hands_nothing_over(self):
        self.refused("not_several", "", self.admin.call, "hand_over")
        for op in ("hello", "status", "load"):
            self.assertNotIn("role", self.admin.call(op))


if __name__ == "__main__":
    unittest.main()
