#!/usr/bin/env python3
"""Makes a store to be kept in tests/data/ as that of a release: small, with everything in it that a store can hold.

Usage: store.py VERSION, with the programs of that release in COORDD and COORDCTL (or in build/). It leaves
tests/data/store-VERSION/ as a broker that was killed leaves it, with records after the last checkpoint, and
store-VERSION.json beside it: what every kind of read showed before. tests/scenario/test_stores.py holds each later program to both.
"""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "scenario"))
from harness import COORDD, Broker, Coord  # noqa: E402
from stores import KEPT, PLACES, STILL, data_path, everything  # noqa: E402

MADE = "COORDD=… COORDCTL=… python3 tests/tools/store.py {version}, with the programs of {version}"
PROOF = hashlib.sha256(b"x").digest()
AGENCIES = ("tinh", "huyen", "so", "thanh-tra", "xa-1", "xa-2", "xa-3")
EARLY, LATE, LAST = "2024-05-13", "2024-06-10", "2024-06-13"


def preset(name):
    with open(os.path.join(ROOT, "clients", "presets", name), encoding="utf-8") as file:
        return json.load(file)


class Life:
    """A rehearsal from 6 May 2024 on; each phase begins on a day that is given, with its clock all but still."""

    def __init__(self):
        self.broker = Broker(rehearse="2024-05-06T08:00", speed=STILL, settings=())
        self.clients, self.contexts, self.tasks = {}, {"tinh": self.broker.admin}, {}

    def on(self, day, number=signal.SIGTERM):
        """A new day: the broker ends, and starts then."""
        for client in self.clients.values():
            client.close()
        self.broker.end(number)
        self.broker.day = day
        self.broker.start()
        self.clients = {agency: Coord(context) for agency, context in self.contexts.items()}

    def do(self, who, op, **fields):
        return self.clients[who].call(op, **fields)

    def assign(self, name, lead, by="tinh", policy="directive", **content):
        reply = self.do(by, "assign", reference=name, leads=[lead], policy=policy, content=dict({"title": f"Việc {name}"}, **content))
        self.tasks[name] = reply["tasks"][0]["task"]
        return self.tasks[name]

    def act(self, agency, name, *ops, **fields):
        for op in ops:
            self.do(agency, op, task=self.tasks[name], **fields)

    # ---- the phases ----

    def agencies(self):
        self.on("2024-05-06T08:00")
        admin = self.clients["tinh"]
        calendar, policies = preset("calendar-vn.json")["calendars"][0], preset("policies.json")["policies"]
        admin.call("calendar_set", calendar=dict(calendar, exceptions=[
            {"day": "2024-04-29", "working": False, "name": "Nghỉ bù"}, {"day": "2024-05-04", "working": True, "name": "Làm bù"},
            {"day": "2024-06-14", "working": False, "name": "Lễ của tỉnh"}]))
        for policy in policies:
            if policy["policy"] in ("directive", "complaint-intake"):
                admin.call("policy_set", policy=policy)
        admin.call("calendar_set", calendar={"calendar": "24h", "name": "Trực ban", "zone": "Asia/Ho_Chi_Minh", "utc_offset": 420,
                   "hours": [{"weekday": day, "open": 0, "close": 1440} for day in range(1, 8)]})
        for agency, parent, rights in (("huyen", "tinh", ["act"]), ("so", "tinh", ["act"]), ("thanh-tra", "tinh", ["act", "read"]),
                                       ("xa-1", "huyen", ["act"]), ("xa-2", "huyen", ["act"]), ("xa-3", "huyen", ["act"])):
            self.contexts[agency] = self.broker.agency(admin, agency, parent, rights, sort="government", name_en=agency.title())
        admin.call("agency_set", agency={"agency": "xa-4", "name": "Xã 4", "parent": "huyen", "assignable": False,
                                         "valid_from": 1704067200000})
        revoked = self.broker.agency(admin, "thu-ky", "so", ["read"])
        admin.call("key_revoke", public_key=revoked["public_key"], officer="Trần Bình")
        for version in (1, 2):
            admin.call("policy_set", policy={"policy": "rut-gon", "name": f"Rút gọn {version}", "source": "Quy chế", "due": "10wd",
                       "accept_within": version, "accept_unit": "working_days", "steps": [
                           {"deadline": "completion", "offset": -2, "unit": "working_days", "does": "remind", "to": ["lead"]},
                           {"deadline": "completion", "offset": version, "unit": "hours", "does": "notify", "to": ["lead", "assigner"],
                            "agencies": ["thanh-tra"], "repeat": 5, "repeat_unit": "working_days", "repeat_max": 3, "catchup": "merge"},
                           {"deadline": "completion", "offset": 3, "unit": "working_days", "does": "escalate", "level": 2,
                            "to": ["lead", "lead_superior"], "catchup": "record"}]})
            if version == 1:
                self.on("2024-05-06T09:00")
                admin = self.clients["tinh"]
                self.assign("bản cũ", "so", policy="rut-gon", unit="ha", target=12.5)
        self.assign("bản mới", "xa-3", policy="rut-gon", reporting="weekly")

    def give(self):
        """A task for every state, with all that a task can hold."""
        whole = {"description": "Rà soát, đo đạc.\nBáo cáo kết quả.", "document": "620-BC/HU", "paragraph": "mục II.3", "priority": "high",
                 "cooperating": ["so", "xa-2"], "supervisor": "thanh-tra", "observers": ["xa-3"], "area": "land", "tags": ["đất", "khẩn"],
                 "kind": "directive", "reporting": "monthly", "target": 37.25, "unit": "ha", "due": "2024-06-28"}
        self.assign("mọi thứ", "huyen", **whole)
        self.assign("phần", "xa-1", by="huyen", parent=self.tasks["mọi thứ"], kind="target", due="2024-06-21T16:30")
        for name in ("giao", "nhận", "làm", "trình", "xong", "dừng", "hủy", "chuyển", "trả"):
            self.assign(name, "huyen", due="20wd")
        self.assign("không hạn", "so", policy="directive")
        self.assign("mật", "xa-1", scope="restricted", kind="inspection", due="30d", cooperating=["so"])
        self.assign("kiến nghị", "tinh", by="huyen", kind="recommendation", due="15wd")
        self.assign("lên tay", "xa-2", by="huyen", kind="case", policy="complaint-intake")
        self.assign("24h", "so", policy="rut-gon", due="2024-05-07")
        self.clients["huyen"].batch([("accept", {"task": self.tasks[name], "officer": "Nguyễn An"}) for name in
                                     ("nhận", "làm", "trình", "xong", "dừng", "trả", "mọi thứ")])
        self.act("huyen", "làm", "start", note="Đã cử người")
        self.act("huyen", "làm", "report", percent=40, value=4.5, note="Đo xong khu A", evidence="file:bien-ban.pdf", evidence_sha256=PROOF)
        for name in ("trình", "xong", "trả"):
            self.act("huyen", name, "submit", percent=100, note="Xong", evidence="https://example.vn/a.pdf", evidence_sha256=PROOF)
        self.act("tinh", "xong", "confirm", note="Đạt")
        self.act("tinh", "trả", "reject", note="Thiếu biên bản")
        self.act("tinh", "dừng", "suspend", note="Chờ quyết định")
        self.act("tinh", "hủy", "cancel", note="Trùng việc")
        self.act("tinh", "chuyển", "reassign", lead="xa-2", note="Đúng địa bàn")
        self.act("tinh", "mọi thứ", "amend", content={"due": "2024-07-05", "tags": ["đất"], "priority": "urgent"}, note="Gia hạn")
        for agency in ("thanh-tra", "so", "xa-3"):
            self.act(agency, "mọi thứ", "comment", note=f"Ý kiến của {agency}", officer="Lê Chi")
        self.act("huyen", "lên tay", "escalate", note="Xã không trả lời", level=3, to=["thanh-tra", "tinh"])

    def pass_time(self):
        """Days go by while the broker serves, and while it does not."""
        self.broker.speed = 8.0
        self.on(EARLY)
        while self.do("tinh", "hello")["time"] < 1717600000000:  # 5 June 2024
            time.sleep(0.05)
        self.broker.speed = STILL
        self.on(LATE)

    def escalations(self):
        """Some open, some acknowledged, some ended by a submission; a suspended task that was resumed; a successor."""
        for agency in ("tinh", "huyen", "thanh-tra"):
            mine = list(self.clients[agency].pages("escalation_list", mine=True))
            for item in mine[::3]:
                self.do(agency, "acknowledge", task=item["task"], escalation=item["escalation"]["escalation"], note="Sẽ kiểm tra")
        self.act("tinh", "dừng", "resume")
        self.act("tinh", "dừng", "suspend", note="Chờ lần nữa")
        self.act("huyen", "nhận", "submit", note="Muộn")
        self.act("huyen", "trả", "submit", note="Bổ sung")
        self.do("tinh", "agency_set", agency={"agency": "xa-3", "name": "Xã 3", "parent": "huyen", "valid_until": 1718100000000,
                                              "successor": "xa-2"})
        for count, (agency, consumer) in enumerate(PLACES):
            self.consume(agency, consumer, 2 * count + 1)

    def consume(self, agency, consumer, count):
        """So many of its notifications are dealt with."""
        with Coord(self.contexts[agency]) as client:
            seqs = [record["seq"] for record, _ in zip(client.stream(start=0, credit=100, idle=1), range(count))]
        with Coord(self.contexts[agency]) as client:
            client.call("subscribe", consumer=consumer, credit=0, **{"from": 0})
            client.call("consumed", seq=seqs[-1])

    def last(self):
        """After the last checkpoint: a change of each room, and then the power goes."""
        self.on(LAST)
        self.assign("sau cùng", "so", kind="report", due="10wd")
        self.act("so", "sau cùng", "accept")
        self.clients["huyen"].batch([("report", {"task": self.tasks["làm"], "percent": 80, "note": "Khu B"})])
        self.do("tinh", "agency_set", agency={"agency": "xa-5", "name": "Xã 5", "parent": "huyen"})

    def close(self):
        for client in self.clients.values():
            client.close()
        self.clients = {}


def main(version):
    into = data_path(version)
    life = Life()
    try:
        life.agencies()
        life.give()
        life.pass_time()
        life.escalations()
        life.last()
        contexts = {agency: Coord(life.contexts[agency]) for agency in AGENCIES if agency != "xa-3"}
        seen = everything(contexts, life.do("tinh", "hello")["seq"])
        for client in contexts.values():
            client.close()
        keys = {agency: {name: context[name] for name in ("public_key", "secret_key")}
                for agency, context in life.contexts.items() if agency not in ("tinh", "xa-3")}
        life.close()
        life.broker.end(signal.SIGKILL)
        shutil.rmtree(into, ignore_errors=True)
        os.makedirs(into)
        for file in KEPT:
            shutil.copy(os.path.join(life.broker.store, file), into)
        said = subprocess.run([COORDD, "verify", "--dir", life.broker.store], check=True, capture_output=True, text=True).stdout
        said = said.replace(life.broker.store, os.path.relpath(into, ROOT)).strip()
        with open(into + ".json", "w", encoding="utf-8") as file:
            json.dump({"made_by": MADE.format(version=version), "verify": said, "rehearse": LAST, "keys": keys, "seen": seen}, file, ensure_ascii=False, indent=0, sort_keys=True)
            file.write("\n")
        print(said)
    finally:
        life.close()
        life.broker.remove()


if __name__ == "__main__":
    main(sys.argv[1])
