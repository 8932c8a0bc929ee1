"""The link in the relay's mails by which an escalation is acknowledged."""
import hashlib
import hmac
import time
import unittest
from urllib.parse import quote

from serving import Browser, Serving

SECRET = "một bí mật dài"
TASK = "/tasks/7?problem=acknowledge_link"


def signed(secret=SECRET, **more):
    link = dict({"task": 7, "escalation": 5, "agency": "so.tnmt-1", "person": "văn an", "until": int(time.time() * 1000) + 60000},
                **more)
    query = "&".join(f"{name}={quote(str(value), safe='-._~')}" for name, value in link.items())
    return f"/acknowledge?{query}&signature={hmac.new(secret.encode(), query.encode(), hashlib.sha256).hexdigest()}"


class Acknowledge(Serving):
    def setUp(self):
        super().setUp()
        with open(self.config, encoding="utf-8") as file:
            settings = file.read()
        secret = self.write("link.secret", SECRET + "\n", 0o640)
        self.write("web.conf", settings[:-1] + f', "link_secret_file": "{secret}"}}')

    def leads_to(self, path):
        answer = Browser(self.port).get(path)
        self.assertEqual(answer.status, 303)
        return answer.headers["Location"]

    def test_a_signed_link_leads_to_the_form_filled_in_and_any_other_to_the_task(self):
        self.start()
        right = signed()
        self.assertEqual(self.leads_to(right), "/tasks/7?act=acknowledge&escalation=5&for=so.tnmt-1")
        self.assertEqual(self.leads_to(signed(agency="a b&c", person="")), "/tasks/7?act=acknowledge&escalation=5&for=a%20b%26c")
        for wrong in (right.replace("escalation=5", "escalation=6"), right.replace("so.tnmt-1", "so.tnmt-2"), right[:-1],
                      right.replace("until=", "until=9"), right.replace("an&", "an2&"), signed(secret="another"),
                      signed(until=int(time.time() * 1000) - 1), right.split("&signature")[0], right + "0"):
            self.assertEqual(self.leads_to(wrong), TASK, wrong)
        self.assertEqual(self.leads_to(right.replace("task=7", "task=8")), TASK.replace("7", "8"))
        for nonsense in ("/acknowledge", "/acknowledge?task=x", "/acknowledge?task=7%0d%0aX:1", "/acknowledge?task=99999999999999999"):
            self.assertEqual(self.leads_to(nonsense), "/", nonsense)

    def test_it_changes_nothing_by_itself(self):
        task = self.assign("huyen", "HT-1", due="2030-06-20")
        self.admin.call("escalate", task=task, to=["so"], note="Chậm.")
        escalation, = self.admin.call("task_get", task=task)["task"]["escalations"]
        self.start()
        self.leads_to(signed(task=task, escalation=escalation["escalation"], agency="so"))
        after, = self.admin.call("task_get", task=task)["task"]["escalations"]
        self.assertNotIn("acknowledged", after)


class WithoutSecret(Serving):
    def test_without_the_secret_it_leads_to_the_task(self):
        self.start()
        self.assertEqual(Browser(self.port).get(signed()).headers["Location"], TASK)


if __name__ == "__main__":
    unittest.main()
