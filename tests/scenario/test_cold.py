"""Tasks that were closed for long, in a real broker: they are out of its memory, are read and commented on as any other, and
leave nothing in the store's directory that a store does not have."""
import os
import signal
import unittest

import msgpack

from harness import Broker, Scenario

LEADS = 200
FEW, MANY = 150, 500  # requests, × LEADS: 30,000 and 100,000 tasks, one for each child of an agency
TASK = 47110  # of the many
IN_BATCH = 200
TITLE = "Rà soát, bổ sung quy hoạch sử dụng đất và hồ sơ giao đất khu vực "
DESCRIPTION = "Kiểm tra hồ sơ, đối chiếu hiện trạng. " * 9  # 500 bytes
LATER, MUCH_LATER = "2024-09-02T08:00", "2024-12-02T08:00"
BYTES_MAX = 16  # of a task that was closed for a month: daemon/core/state.h


class Cold(Scenario):
    def setUp(self):
        self.broker = Broker(rehearse="2024-06-03T08:00", speed=0.0001)
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.admin = self.broker.client()
        self.addCleanup(self.admin.close)
        self.broker.calendar(self.admin)
        self.huyen_context = self.broker.agency(self.admin, "huyen")
        self.huyen = self.client(self.huyen_context)

    def memory_kb(self, what):
        with open(f"/proc/{self.broker.process.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(what))

    def stored_names(self):
        return sorted(name for name in os.listdir(self.broker.store) if not name.endswith(("-wal", "-shm")))

    def set_up_leads(self):
        agencies = [("agency_set", {"agency": {"agency": f"xa-{number}", "name": f"Xã {number}", "parent": "huyen"}})
                    for number in range(LEADS)]
        self.assertTrue(all(reply["op"] == "reply" for reply in self.admin.batch(agencies)))

    def send_many(self, frames, in_flight=8):
        frames = list(frames)
        for number in range(len(frames) + in_flight):
            if number < len(frames):
                self.admin.send_frame(frames[number])
            if number >= in_flight:
                reply = self.admin._receive(60)
                self.assertEqual(reply["op"], "reply", reply)
                self.assertTrue(all(one["op"] == "reply" for one in reply.get("replies", [])), reply)

    def give(self, number):
        content = {"title": f"{TITLE}{number:03}", "description": DESCRIPTION, "due": "30d"}
        return msgpack.packb({"op": "assign", "id": f"giao-{number}", "reference": f"HT-{number:03}",
                              "children_of": "huyen", "content": content})

    def close(self, first):
        requests = [{"op": "cancel", "id": f"huy-{task}", "task": task, "note": "đã xong"}
                    for task in range(first, first + IN_BATCH)]
        return msgpack.packb({"op": "batch", "id": f"lo-{first}", "requests": requests})

    def again(self, day=None, number=signal.SIGTERM):
        self.broker.day = day
        self.broker.restart(number)
        return self.admin.call("status")

    def give_and_close(self, requests):
        self.send_many(self.give(number) for number in requests)
        tasks = range(1 + LEADS * requests.start, 1 + LEADS * requests.stop, IN_BATCH)
        self.send_many(self.close(first) for first in tasks)

    def months_go_by(self, day):
        """Something happens then, so that the next start knows what day it is."""
        self.again(day)
        self.admin.call("agency_set", agency={"agency": "moi", "name": day, "parent": "tinh"})
        self.again()

    def test_closed_tasks_cost_next_to_nothing_and_are_read_and_changed(self):
        # With the first ones comes what a larger store takes whatever is in it: SQLite's 16 MiB of pages, and the like.
        names, few, many = self.stored_names(), range(0, FEW), range(FEW, FEW + MANY)
        self.set_up_leads()
        self.give_and_close(few)
        self.months_go_by(LATER)
        before = self.memory_kb("RssAnon")
        self.give_and_close(many)
        self.again()
        warm = self.memory_kb("RssAnon")
        shown = self.admin.call("task_get", task=TASK)
        self.months_go_by(MUCH_LATER)
        cold, count = self.memory_kb("RssAnon"), LEADS * MANY
        status = self.admin.call("status")
        self.assertEqual((status["tasks"], status["open_tasks"]), (LEADS * (FEW + MANY), 0))
        each_warm, each_cold = (warm - before) * 1024 / count, (cold - before) * 1024 / count
        print(f"measured  {count} closed tasks with descriptions: {each_warm:.0f} bytes of memory for each, {each_cold:.1f} once "
              f"they are closed for long; {self.memory():.0f} MiB resident, {self.memory('VmHWM'):.0f} at most")
        self.assertGreater(each_warm, 10 * BYTES_MAX)
        self.assertLess(each_cold, BYTES_MAX)

        # Read by number, by reference, and by a list.
        again = self.admin.call("task_get", task=TASK)
        self.assertEqual(again["task"], shown["task"])
        found = self.admin.call("task_get", reference=f"HT-{FEW:03}/xa-7")
        self.assertEqual(found["task"]["description"], DESCRIPTION)
        listed = self.broker.ctl("task", "list", "--agency", "xa-7", "--limit", "1000")
        self.assertEqual(len(listed.splitlines()), FEW + MANY)

        # Changed, killed before any checkpoint, and there again.
        self.admin.call("comment", task=TASK, note="xem lại")
        version = self.admin.call("task_get", task=TASK)["task"]["version"]
        self.assertEqual(version, shown["task"]["version"] + 1)
        self.again(number=signal.SIGKILL)
        self.assertEqual(self.admin.call("task_get", task=TASK)["task"]["version"], version)
        self.broker.end(signal.SIGKILL)
        self.assertEqual(self.stored_names(), names)
        self.broker.start()


if __name__ == "__main__":
    unittest.main()
