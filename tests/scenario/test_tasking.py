"""Whom an agency may task, and under which policy: a store as `coordd init` makes it, and what its administrator sets."""
import json
import os
import unittest

from harness import PRESETS, Broker, Client


class Tasking(unittest.TestCase):
    """tinh administers; so with phong under it, and huyen, stand under it; ngoai stands for itself."""

    def setUp(self):
        self.broker = Broker(settings=())
        self.addCleanup(self.broker.remove)
        self.broker.start()
        self.admin = self.broker.client()
        self.addCleanup(self.admin.close)
        self.contexts = {agency: self.broker.agency(self.admin, agency, parent=parent) for agency, parent in
                         (("so", "tinh"), ("phong", "so"), ("huyen", "tinh"), ("ngoai", ""))}
        self.broker.ctl("apply", "-f", os.path.join(PRESETS, "calendar-vn.json"))

    def ctl(self, agency, *arguments, code=0):
        path = os.path.join(self.broker.directory, agency + ".context")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in self.contexts[agency].items())
        os.chmod(path, 0o600)
        return self.broker.ctl(*arguments, context=path, code=code)

    def assign(self, agency, lead, reference, *more, code=0):
        return self.ctl(agency, "task", "assign", "--to", lead, "--reference", reference, "--title", "Việc", *more, code=code)

    def test_a_new_store_lets_an_agency_task_what_stands_under_it_and_whom_it_is_granted(self):
        self.assertEqual(self.broker.ctl_json("store", "show"), {"default_policy": "directive", "tasking": "tree"})
        self.assign("so", "phong", "A-1")
        refused = self.assign("so", "huyen", "A-2", code=4)
        self.assertIn("coordctl agency set so --may-task huyen", refused)
        self.assign("so", "huyen", "A-3", "--kind", "recommendation")
        for said in ("set", "unchanged"):  # as the refusal says, twice
            self.assertEqual(self.broker.ctl("agency", "set", "so", "--may-task", "huyen").strip(), said)
        self.assign("so", "huyen", "A-2")
        self.broker.ctl("agency", "set", "so", "--may-task", "ngoai")
        self.assertEqual(self.admin.call("agency_list", name="so")["agencies"][0]["may_task"], ["huyen", "ngoai"])
        self.assertEqual(self.broker.ctl("agency", "set", "so", "--may-task", "").strip(), "set")
        self.assign("so", "huyen", "A-4", code=4)
        self.broker.ctl("store", "set", "--tasking", "open")
        self.assign("so", "huyen", "A-4")

    def test_a_task_has_the_default_policy_once_there_is_one(self):
        def policy(reference):
            return json.loads(self.ctl("so", "--json", "task", "show", reference))["task"].get("policy")
        self.assign("so", "phong", "B-1")
        self.assertIsNone(policy("B-1"))
        self.broker.ctl("apply", "-f", os.path.join(PRESETS, "policies.json"))
        self.assign("so", "phong", "B-2")
        self.assign("so", "phong", "B-3", "--policy", "none")
        self.assertEqual((policy("B-2"), policy("B-3")), ("directive", None))
        self.assertEqual(self.broker.ctl("store", "set", "--default-policy", "directive").strip(), "unchanged")
        self.assertIn("There is no policy `directve`", self.broker.ctl("store", "set", "--default-policy", "directve", code=3))
        self.broker.restart()
        with Client(self.broker.admin) as admin:
            self.assertEqual({name: admin.call("status")[name] for name in ("default_policy", "tasking")},
                             {"default_policy": "directive", "tasking": "tree"})
        self.broker.ctl("store", "set", "--default-policy", "none")
        self.assertEqual(self.broker.ctl_json("store", "show"), {"tasking": "tree"})

    def test_a_file_adds_an_agency_after_those_that_it_may_task(self):
        file = os.path.join(self.broker.directory, "file.json")
        with open(file, "w", encoding="utf-8") as out:
            json.dump({"agencies": [{"agency": "btv", "name": "Ban Thường vụ", "may_task": ["ubnd", "huyen"]},
                                    {"agency": "ubnd", "name": "Ủy ban"}]}, out)
        self.assertEqual(len(self.broker.ctl("apply", "-f", file).splitlines()), 2)
        self.assertEqual(self.broker.ctl("apply", "-f", file), "")


class Unset(unittest.TestCase):
    def test_init_takes_other_settings_and_refuses_what_is_none(self):
        broker = Broker(settings=("--tasking", "open", "--default-policy", "petition"))
        self.addCleanup(broker.remove)
        broker.start()
        self.assertEqual(broker.ctl_json("store", "show"), {"default_policy": "petition", "tasking": "open"})


if __name__ == "__main__":
    unittest.main()
