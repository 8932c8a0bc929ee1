"""Stores that releases left: each is what it was, and goes on, under the program of today."""
import contextlib
import copy
import glob
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import unittest

from harness import COORDD, ROOT, Broker, Client, CoordError, of_files
from stores import STILL, data_path, everything

STANDS = {"xa-3": "xa-2"}  # who stands in the place of an agency that has ended in it
VERSIONS = sorted(path.split("store-")[-1].rstrip("/") for path in glob.glob(os.path.join(ROOT, "tests", "data", "store-*", "")))


def stands(agency):
    return STANDS.get(agency, agency)


def by_todays_names(seen):
    """What releases of before showed by the name of whoever was given it, and this one by who answers for it now."""
    seen = copy.deepcopy(seen)
    tallies = {}
    for task in seen["task_list"]:
        task.update({role: stands(task[role]) for role in ("assigner", "lead", "supervisor") if role in task})
        task.update({role: list(dict.fromkeys(map(stands, task[role]))) for role in ("cooperating", "observers") if role in task})
    for item in seen["escalation_list"]:
        item["lead"] = stands(item["lead"])
    for one in [item["escalation"] for item in seen["escalation_list"]] + [one for task in seen["task_list"] for one in task.get("escalations", [])]:
        if not {"acknowledged", "closed"} & one.keys():
            one["to"] = list(dict.fromkeys(map(stands, one["to"])))
    for tally in seen["summary"]:
        sum_ = tallies.setdefault(stands(tally["lead"]), {"lead": stands(tally["lead"])})
        for name in tally.keys() - {"lead"}:
            sum_[name] = max(sum_.get(name, 0), tally[name]) if name == "worst_delay" else sum_.get(name, 0) + tally[name]
    return dict(seen, summary=list(tallies.values()))


class Kept(Broker):
    """A copy of a release's store, on the day on which it was left, with its clock all but still."""

    def __init__(self, version):
        super().__init__(rehearse="2024-05-06", speed=STILL)
        with open(data_path(version) + ".json", encoding="utf-8") as file:
            self.kept = json.load(file)
        self.kept["seen"] = by_todays_names(self.kept["seen"])
        shutil.rmtree(self.store)
        shutil.copytree(data_path(version), self.store)
        os.chmod(os.path.join(self.store, "server.key"), 0o600)
        self.day = self.kept["rehearse"]
        with open(self.admin, encoding="utf-8") as file:
            settings = dict(line.strip().split(" = ") for line in file if " = " in line)
        settings["endpoint"] = self.endpoint
        self.contexts = {agency: dict(settings, agency=agency, **keys) for agency, keys in self.kept["keys"].items()}
        self.contexts["tinh"] = settings

    def clients(self):
        return {agency: Client(context) for agency, context in self.contexts.items() if agency != "thu-ky"}


@of_files
class Stores(unittest.TestCase):
    def each(self):
        for version in VERSIONS:
            broker = Kept(version)
            self.addCleanup(broker.remove)
            yield broker

    def clients(self, broker):
        clients = broker.clients()
        for client in clients.values():
            self.addCleanup(client.close)
        return clients

    def holds(self, kept, now, where):
        """All that the release showed is shown still; what is new may stand beside it."""
        if isinstance(kept, dict):
            for name, value in kept.items():
                self.assertIn(name, now, where)
                self.holds(value, now[name], f"{where}.{name}")
        elif isinstance(kept, list):
            self.assertEqual(len(kept), len(now), f"{where}: {kept} … {now}")
            for index, value in enumerate(kept):
                self.holds(value, now[index], f"{where}[{index}]")
        else:
            self.assertEqual(kept, now, where)

    def seen(self, broker):
        """What is shown now. Where a ladder went on at the start, the broker having been down since, that is left out."""
        clients, seq = self.clients(broker), broker.kept["seen"]["store"]["seq"]
        seen, kept = everything(clients, seq), {task["task"]: task for task in broker.kept["seen"]["task_list"]}
        for task in seen["task_list"]:
            since = [record for record in clients["tinh"].pages("task_history", task=task["task"]) if record["seq"] > seq]
            self.assertEqual({record["record"] for record in since} - {"rung"}, set(), "nobody acted")
            for name in ("record", "report_due", "fired") if since else ():
                if name in kept[task["task"]]:
                    task[name] = kept[task["task"]][name]
        return seen

    def verify(self, broker):
        """The checkpoint with the records after it, and the records from the first, come to the same state."""
        run = subprocess.run([COORDD, "verify", "--dir", broker.store], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_there_is_one_of_each_release(self):
        self.assertIn("1.0.0", VERSIONS)

    def test_it_is_sound_by_checkpoint_and_by_record(self):
        for broker in self.each():
            counts = re.findall(r"\d+ records|checkpoint at \d+", broker.kept["verify"])
            self.assertEqual(counts, re.findall(r"\d+ records|checkpoint at \d+", self.verify(broker)))
            self.assertEqual(len(counts), 2)

    def test_it_shows_what_it_showed(self):
        for broker in self.each():
            broker.start()
            self.holds(broker.kept["seen"], self.seen(broker), "")
            broker.restart(signal.SIGTERM)  # now from a checkpoint that this program wrote
            self.holds(broker.kept["seen"], self.seen(broker), "")
            broker.end()
            self.verify(broker)

    def test_it_shows_what_it_showed_from_its_records_alone(self):
        """The state that the records come to, without the checkpoint that the release wrote."""
        for broker in self.each():
            self.forget_checkpoint(broker)
            broker.start()
            now, kept = self.seen(broker), dict(broker.kept["seen"])
            kept.pop("places")  # no records: they are in the checkpoint alone
            self.holds(kept, now, "")

    def test_work_of_an_agency_that_had_ended_is_shown_as_its_successors(self):
        for broker in self.each():
            broker.start()
            found = {(one["role"], one["agency"], one["successor"]) for client in self.clients(broker).values()
                     for task in client.pages("task_list") for one in task.get("successions", [])}
            self.assertEqual({(old, new) for _, old, new in found}, set(STANDS.items()))

    def forget_checkpoint(self, broker):
        """The store as it would be if no checkpoint had ever been written."""
        with contextlib.closing(sqlite3.connect(os.path.join(broker.store, "coordd.db"))) as database:
            seq, head = database.execute("SELECT seq, hash FROM head").fetchone()
            hashed = hashlib.blake2b(struct.pack("<QQQ", seq, 0, 0) + head, digest_size=16).digest()
            database.execute("DELETE FROM row")
            database.execute("UPDATE head SET checkpoint = 0, row_sum = 0, sum = ?", struct.unpack("<q", hashed[:8]))
            database.commit()

    def test_a_resend_of_what_was_done_under_the_release_is_known(self):
        """Each agency's ids of then are looked up: with other bytes they are refused as used, and do nothing twice."""
        for broker in self.each():
            done = [record for history in broker.kept["seen"]["histories"].values() for record in history
                    if "request" in record and record["actor"] in broker.contexts]
            self.assertGreater(len({record["actor"] for record in done}), 3)
            for number in (None, signal.SIGKILL, signal.SIGTERM):  # over its rows, over them again, over those of today
                broker.restart(number) if number else broker.start()
                clients = self.clients(broker)
                for record in done:
                    with self.assertRaises(CoordError) as refused:
                        clients[record["actor"]].call("comment", id=record["request"], task=record["task"], note="Gửi lại")
                    self.assertEqual(refused.exception.name, "request_reused")
                clients["tinh"].call("comment", task=1, note=f"Sau lần chạy {number}")  # so that a checkpoint has something to say
            broker.end()
            self.verify(broker)

    def test_every_task_in_it_can_be_worked_on(self):
        for broker in self.each():
            broker.start()
            clients = self.clients(broker)
            for task in broker.kept["seen"]["task_list"]:
                clients[task["lead"]].call("comment", task=task["task"], note="Đã chuyển sang bản mới")
            for item in broker.kept["seen"]["escalation_list"]:
                escalation = item["escalation"]
                if not {"acknowledged", "closed"} & escalation.keys():
                    by = next(agency for agency in escalation["to"] if agency in clients)
                    clients[by].call("acknowledge", task=item["task"], escalation=escalation["escalation"])
            self.work(broker, clients)
            broker.restart(signal.SIGKILL)
            self.assertEqual(clients["tinh"].call("task_get", reference="dừng")["task"]["state"], "in_progress")
            broker.speed = 20.0  # days that pass: its ladders go on
            broker.day = None
            broker.restart()
            seq = clients["tinh"].call("hello")["seq"]
            while clients["tinh"].call("hello")["seq"] < seq + 20:
                pass
            broker.end()
            self.verify(broker)

    def work(self, broker, clients):
        """Each task takes the step that its state waits for."""
        steps = {"assigned": ("accept", "lead"), "accepted": ("start", "lead"), "in_progress": ("submit", "lead"),
                 "submitted": ("confirm", "assigner"), "suspended": ("resume", "assigner")}
        for task in broker.kept["seen"]["task_list"]:
            op, role = steps.get(task["state"], (None, None))
            if op:
                clients[task[role]].call(op, task=task["task"])
        stopped = clients["tinh"].call("task_get", reference="dừng")["task"]
        clients[stopped["lead"]].call("start", task=stopped["task"])
        clients["tinh"].call("assign", reference="mới", leads=["xa-1"], policy="rut-gon", content={"title": "Việc của bản mới"})


if __name__ == "__main__":
    unittest.main()
