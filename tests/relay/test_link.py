"""From the mail to the acknowledgement: the relay's link, followed as a reader follows it, through a real coord-web."""
import datetime
import email
import email.policy
import json
import os
import re
import signal
import subprocess
import unittest
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import zmq

from relaying import RELAY, Mailbox, Relaying, read_context, until

WEB = os.environ.get("COORD_WEB", os.path.join(os.path.dirname(RELAY), "coord-web"))
PASSWORD = "mật khẩu đủ dài"


def texts_of(mails):
    return [email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",)).get_content() for _, raw in list(mails)]


class Link(Relaying):
    def serve_web(self):
        """coord-web for agency so, with the relay's secret; returns its port."""
        public, secret = (key.decode() for key in zmq.curve_keypair())
        self.admin.call("key_set", agency="so", key={"public_key": public, "label": "web", "rights": ["read", "act"]})
        context = os.path.join(self.broker.directory, "so-web.context")
        self.write_context(context, dict(read_context(self.broker.admin), agency="so", public_key=public, secret_key=secret))
        where, log = os.path.join(self.broker.directory, "web"), os.path.join(self.broker.directory, "web.log")
        os.mkdir(where)
        at = ("--config", self.write("web.conf", json.dumps({
            "contexts": [context], "listen": "127.0.0.1:0", "url": "http://127.0.0.1", "front": where,
            "link_secret_file": self.secret})), "--dir", where)
        subprocess.run([WEB, "user", "add", "an", *at, "--context", context, "--officer", "Nguyễn Văn An", "--rights", "read,act"],
                       check=True, capture_output=True)
        subprocess.run([WEB, "user", "password", "an", "--dir", where], input=PASSWORD + "\n", text=True, check=True, capture_output=True)
        with open(log, "wb") as file:
            process = subprocess.Popen([WEB, "run", *at], stdout=file, stderr=file)
        self.addCleanup(process.wait)
        self.addCleanup(process.send_signal, signal.SIGTERM)

        def listens():
            with open(log, encoding="utf-8") as file:
                said = file.read()
            return "listening as" in said and said.split("listening on ")[1].split()[0]

        class Stays(HTTPRedirectHandler):
            def redirect_request(self, *arguments):
                return None

        self.opener = build_opener(HTTPCookieProcessor(), Stays())
        return until(listens)

    def post(self, url, body, **headers):
        request = Request(url, json.dumps(body).encode(), dict({"Content-Type": "application/json"}, **headers))
        with self.opener.open(request, timeout=60) as answer:
            return json.load(answer)

    def leads_to(self, url):
        with self.assertRaises(HTTPError) as refused:
            self.opener.open(url, timeout=60)
        self.assertEqual(refused.exception.code, 303)
        return refused.exception.headers["Location"]

    def test_the_link_of_a_mail_leads_to_its_acknowledgement_and_the_mails_end(self):
        self.follow("so")

    def test_so_does_that_of_a_stand_ins_mail(self):
        day = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date() + datetime.timedelta(days=7)
        self.admin.call("agency_stand_in", agency="huyen", by="so", until=str(day))
        self.follow("huyen")

    def test_a_stand_in_is_told_to_acknowledge_what_it_may_and_no_more_once_that_is_over(self):
        """It begins to stand in, and ends, under a relay that runs."""
        box = self.listens("http://c.vn")
        day = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date() + datetime.timedelta(days=7)
        task = self.assign(lead="huyen", reference="HT-1", title="Rà soát quỹ đất")
        self.admin.call("agency_stand_in", agency="huyen", by="so", until=str(day))
        self.broker.agency(self.admin, "xa")
        self.admin.call("escalate", task=task, to=["xa"], note="Chậm.")
        mails = lambda word: [text for text in texts_of(box.mails) if word in text]  # noqa: E731
        until(lambda: mails("Báo cáo vượt cấp"))
        for text in mails("Báo cáo vượt cấp"):
            self.assertIn("Gửi tới: so\nLàm thay cho: huyen\n", re.sub("(?m)^(Gửi tới|Làm thay cho): .*(so|huyen)\\)?$", r"\1: \2", text))
            self.assertNotIn("Ghi nhận tại đây", text)
            self.assertIn(f"Xem: http://c.vn/tasks/{task}", text)
        until(lambda: len(mails("Báo cáo vượt cấp")) > 1)  # it is told again
        self.admin.call("agency_stand_in", agency="huyen")
        until(lambda: mails("Thôi thay mặt cơ quan khác"))
        until(lambda: not re.search(" escalated", self.relay("queue", "list", "--dir", self.queue)))

    def listens(self, web):
        box = Mailbox()
        self.addCleanup(box.close)
        self.configure({"route": {"receiver": "mail", "group_by": "each", "group_wait": "0s", "group_interval": "0s",
                                  "repeat_interval": "500ms"},
                        "web": web, "link_secret_file": self.secret,
                        "receivers": [{"name": "mail", "type": "mail", "url": box.url, "tls": "none", "from": "coord@tinh.gov.vn"}],
                        "people": [{"id": "an", "name": "Nguyễn Văn An", "agency": "so", "mail": "an@so.gov.vn", "hours": "always"}]})
        self.start()
        return box

    def follow(self, addressed):
        """The mail is so's, for itself or for whom it stands in."""
        web = "http://" + self.serve_web()
        box = self.listens(web)
        task = self.assign(lead="huyen", reference="HT-1", title="Rà soát quỹ đất")
        for note in ("Chậm.", "Vẫn chậm."):  # the first is not the one that is acknowledged
            self.admin.call("escalate", task=task, to=[addressed], note=note)

        def links():
            return {link for text in texts_of(box.mails) for link in re.findall("Ghi nhận tại đây: (\\S+)", text)}

        until(lambda: len(links()) == 2)
        link = max(links(), key=lambda link: int(parse_qs(urlsplit(link).query)["escalation"][0]))
        place = urlsplit(self.leads_to(link))
        self.assertEqual(place.path, f"/tasks/{task}")
        form = {name: value for name, (value,) in parse_qs(place.query).items()}
        self.assertEqual((form["act"], form["for"]), ("acknowledge", "so"))
        self.assertIn("problem=acknowledge_link", self.leads_to(link.replace("agency=so", "agency=huyen")))
        # What the form of that page sends.
        me = self.post(web + "/api/sign-in", {"user": "an", "password": PASSWORD})
        self.post(web + "/api/op/acknowledge", {"task": task, "escalation": int(form["escalation"])},
                  **{"X-CSRF": me["csrf"], "X-Request-Id": "7d0c0fb2-6f3f-4a58-9d3e-0f6a0c2f7f11"})
        escalations = {one["escalation"]: one for one in self.admin.call("task_get", task=task)["task"]["escalations"]}
        self.assertEqual(escalations[int(form["escalation"])]["acknowledged_by"], addressed)
        self.assertEqual(sum("acknowledged" in one for one in escalations.values()), 1)
        # The other is told on; this one no more.
        until(lambda: not re.search(f"^ +{form['escalation']} escalated", self.relay("queue", "list", "--dir", self.queue), re.M))
        before = len(box.mails)
        until(lambda: len(box.mails) > before + 1)
        self.assertTrue(all(f"escalation={form['escalation']}&" not in text for text in texts_of(box.mails[before:])))


if __name__ == "__main__":
    unittest.main()
