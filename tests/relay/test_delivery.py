"""What receivers get: mail, webhooks, commands, lines; each as its reader expects it."""
import email
import email.policy
import json
import os
import re
import ssl
import subprocess
import unittest

from relaying import NOW, RELAY, SECRET, Mailbox, Relaying, free_port, until, verify

TITLE = "Rà soát quỹ đất công, đường Trần Hưng Đạo <phường 2> & “xã Tân Hải”: báo cáo Ủy ban nhân dân huyện"


class Delivery(Relaying):
    def mailbox(self, *arguments):
        box = Mailbox(*arguments)
        self.addCleanup(box.close)
        return box

    def mail_config(self, box, **more):
        return dict({
            "route": dict(NOW, receiver="mail"),
            "receivers": [{"name": "mail", "type": "mail", "url": box.url, "tls": "none", "from": "coord@tinh.gov.vn"}],
            "people": [{"id": "an", "name": "Nguyễn Văn An", "agency": "huyen", "mail": "an@huyen.gov.vn", "hours": "always"},
                       {"id": "binh", "name": "Binh Tran", "agency": "so", "mail": "binh@so.gov.vn", "language": "en",
                        "hours": "always"}]}, **more)

    def test_a_mail_is_read_by_pythons_email_with_its_vietnamese_whole(self):
        box = self.mailbox()
        self.configure(self.mail_config(box))
        self.start()
        task = self.assign(reference="HT-1", title=TITLE, due="10wd")
        (to, raw), = until(lambda: box.mails)
        self.assertEqual(to, ["an@huyen.gov.vn"])
        self.assertLessEqual(max(len(line) for line in raw.split(b"\r\n")), 78)
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        self.assertEqual(mail["Subject"], f"Giao việc mới [HT-1] {TITLE}")
        self.assertEqual(mail["To"].addresses[0].display_name, "Nguyễn Văn An")
        self.assertEqual(mail["From"].addresses[0].addr_spec, "coord@tinh.gov.vn")
        text = mail.get_body(("plain",)).get_content()
        for words in (f"Nhiệm vụ: {TITLE} (HT-1)", "Cơ quan giao: Tỉnh", "Chủ trì: huyen", "Thời hạn: ", "Lúc: ",
                      "Việc cần làm: Tiếp nhận nhiệm vụ"):
            self.assertIn(words, text)
        html = mail.get_body(("html",)).get_content()
        self.assertIn("&lt;phường 2&gt; &amp; “xã Tân Hải”", html)
        self.assertNotIn("<phường", html)
        # The next of the same task goes into the same thread, in the other reader's language.
        self.huyen.call("comment", task=task, note="Đề nghị làm rõ phạm vi.")
        self.admin.call("amend", task=task, content={"cooperating": ["so"]})
        until(lambda: len(box.mails) >= 3)
        mails = [email.message_from_bytes(raw, policy=email.policy.default) for _, raw in box.mails]
        self.assertEqual(len({mail["References"] for mail in mails}), 1)
        self.assertEqual({mail["In-Reply-To"] for mail in mails}, {mails[0]["References"]})
        self.assertEqual(len({mail["Message-ID"] for mail in mails}), len(mails))
        english, = [mail for mail in mails if mail["To"].addresses[0].addr_spec == "binh@so.gov.vn"]
        self.assertEqual(english["Subject"], f"Amended [HT-1] {TITLE}")
        self.assertIn("What to do next: Look at what is asked now", english.get_body(("plain",)).get_content())

    def test_what_a_lead_asks_for_and_what_it_is_given_is_told_in_each_language(self):
        box, hook = self.mailbox(), self.hook()
        people = [{"id": "chu", "name": "Chủ", "agency": "tinh", "mail": "chu@tinh.gov.vn", "hours": "always"},
                  {"id": "an", "name": "An", "agency": "huyen", "mail": "an@huyen.gov.vn", "language": "en", "hours": "always"}]
        mail = self.mail_config(box)["receivers"][0]
        self.configure({"route": dict(NOW, receiver="mail", routes=[{"receiver": "hook", "continue": True}, {"receiver": "mail"}]),
                        "receivers": [mail, {"name": "hook", "type": "webhook", "url": hook.url}], "people": people})
        self.start()
        task = self.assign(reference="HT-1", title=TITLE, due="2030-06-20")
        asked = self.huyen.call("ask", task=task, asking="extension", due="2030-07-10", note="Chờ đo đạc.")["seq"]
        self.admin.call("grant", task=task, ask=asked, due="2030-07-05")

        def told(subject):
            mails = [email.message_from_bytes(raw, policy=email.policy.default) for _, raw in list(box.mails)]
            return next((mail.get_body(("plain",)).get_content() for mail in mails if mail["Subject"].startswith(subject)), None)

        text = until(lambda: told("Đề nghị của chủ trì"))
        self.assertIn("Đề nghị: gia hạn, đến hết 10/07/2030\nNơi quyết định: Tỉnh", text)
        self.assertIn("Lý do nêu ra: Chờ đo đạc.", text)
        self.assertIn("Asked for: extension, to the end of 2030-07-10\nGranted: extension, to the end of 2030-07-05\n",
                      until(lambda: told("Request granted")))
        item = until(lambda: next((one for one in hook.notifications() if one["notice"] == "granted"), None))
        self.assertEqual((item["asked"]["outcome"], item["asked"]["granted"]["due_day"]), ("granted", "2030-07-05"))

    def test_a_mail_refused_for_good_is_dead_and_one_refused_for_now_comes(self):
        box = self.mailbox()
        box.refuse = ["550 no such mailbox", "451 try later"]
        self.configure(self.mail_config(box, retry={"first": "50ms", "max": "100ms"}))
        self.start()
        self.assign(reference="HT-1")
        until(lambda: self.counts()["dead"] == 1)
        self.assign(reference="HT-2")
        until(lambda: box.mails)
        dead = self.relay("dead", "list", "--dir", self.queue)
        self.assertIn("the mail server refused it: 550 no such mailbox", dead)
        self.assertIn("451 try later", self.read_log())
        self.assertIn("assigned huyen HT-1", dead)
        self.relay("dead", "replay", "--dir", self.queue, dead.split()[0])
        until(lambda: self.counts() == {"waiting": 0, "sending": 0, "sent": 2, "dead": 0, "dropped": 0})
        self.assertEqual(len(box.mails), 2)
        self.relay("dead", "replay", "--dir", self.queue, "99", code=3)

    def test_a_mail_goes_by_starttls_and_a_password_or_not_at_all(self):
        key, certificate = (os.path.join(self.broker.directory, name) for name in ("key.pem", "certificate.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate], check=True,
                       capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        box, open_box = self.mailbox(tls, SECRET), self.mailbox()
        mail = {"type": "mail", "from": "coord@tinh.gov.vn", "people": False, "to": "a@b", "user": "coord",
                "password_file": self.secret}
        url = box.url.replace("127.0.0.1", "localhost")
        wrong = self.write("wrong", "another\n", 0o600)
        receivers = [dict(mail, name="right", url=url, ca_file=certificate),
                     dict(mail, name="stranger", url=url),  # whose certificate nobody vouches for
                     dict(mail, name="password", url=url, ca_file=certificate, password_file=wrong),
                     dict(mail, name="open", url=open_box.url)]  # which knows no TLS
        self.configure({"route": dict(NOW, receiver="right", routes=[
            {"receiver": receiver["name"], "continue": True} for receiver in receivers]), "receivers": receivers,
                        "retry": {"first": "50ms", "max": "1s"}})
        self.start()
        self.assign()
        until(lambda: len(box.mails) == 1)
        # Not at a second attempt either, which could take a connection that another has made.
        for name in ("stranger", "password", "open"):
            until(lambda: re.search(rf"{name}: delivery \d+, attempt 2", self.read_log()))
        self.assertEqual((len(box.mails), len(open_box.mails)), (1, 0))
        self.assertNotIn(SECRET, self.read_log())

    def test_a_webhook_is_verified_by_twenty_lines_and_carries_its_key(self):
        hook = self.hook()
        hook.answers = [500, 429]
        self.configure({"route": dict(NOW, receiver="hook"), "retry": {"first": "50ms", "max": "100ms"},
                        "receivers": [{"name": "hook", "type": "webhook", "url": hook.url, "secret_file": self.secret,
                                       "headers": {"X-Tenant": "tinh"}}]})
        self.start()
        self.assign(reference="HT-1", kind="inspection", area="land", tags=["khẩn"], title=TITLE)
        until(hook.taken)
        self.assertEqual([status for status, _, _ in hook.seen], [500, 429, 200])
        self.assertEqual(len({headers["Idempotency-Key"] for _, headers, _ in hook.seen}), 1)
        self.assertEqual(len({body for _, _, body in hook.seen}), 1)
        for _, headers, body in hook.seen:
            self.assertTrue(verify(headers, body))
            self.assertFalse(verify(headers, body + b" "))
            self.assertFalse(verify(headers, body, "another"))
            self.assertEqual(headers["X-Tenant"], "tinh")
        parcel, = hook.taken()
        self.assertEqual(parcel["key"], hook.seen[0][1]["Idempotency-Key"])
        item, = parcel["notifications"]
        self.assertEqual((item["agency"], item["above"], item["notice"], item["kind"], item["area"], item["tags"]),
                         ("huyen", ["tinh"], "assigned", "inspection", "land", ["khẩn"]))
        self.assertEqual(item["title"], TITLE)

    def test_a_gateway_that_says_200_and_that_it_was_not_taken_is_asked_again(self):
        hook, token = self.hook(), self.write("token", "mã-1\n", 0o600)
        hook.bodies = ['{"error": -216, "message": "Access token is invalid"}', "<html>", '{"error": 0, "data": {"message_id": "1"}}']
        config = {"route": dict(NOW, receiver="zalo"), "retry": {"first": "50ms", "max": "100ms"},
                  "receivers": [{"name": "zalo", "type": "webhook", "url": hook.url, "answer": {"error": 0},
                                 "header_files": {"access_token": token},
                                 "body": '{"recipient": {"user_id": "1"}, "message": {"text": "{{subject}}"}}'}]}
        self.configure(config)
        self.start()
        self.assign(reference="HT-1", title=TITLE)
        until(lambda: self.counts()["sent"] == 1)
        self.assertEqual(len(hook.seen), 3)
        self.assertIn("its `answer` has error -216, not 0: {\"error\": -216, \"message\": \"Access token is invalid\"}", self.read_log())
        self.assertIn("its `answer` is no JSON object: <html>", self.read_log())
        self.assertEqual(json.loads(hook.seen[0][2])["message"]["text"], f"Giao việc mới [HT-1] {TITLE}")
        # A token that another program renews is taken over.
        self.write("token", "another\n", 0o600)
        self.reload()
        hook.bodies = ['{"error": 0}']
        self.assign(reference="HT-2")
        until(lambda: len(hook.seen) == 4)
        self.assertEqual([headers["access_token"].encode("latin-1").decode() for _, headers, _ in hook.seen],
                         ["mã-1"] * 3 + ["another"])

    def test_what_stands_in_the_way_is_told_with_its_setting(self):
        import socket
        with socket.create_server(("127.0.0.1", 0)) as hanging:
            port = hanging.getsockname()[1]
            nobody = {"name": "nobody", "type": "webhook", "url": f"http://127.0.0.1:{free_port()}/"}
            self.configure({"route": dict(NOW, receiver="hang", routes=[{"receiver": "hang", "continue": True}, {"receiver": "nobody"}]),
                            "receivers": [{"name": "hang", "type": "webhook", "url": f"http://127.0.0.1:{port}/", "timeout": "300ms"},
                                          nobody]})
            self.start()
            self.assign(reference="HT-1")
            until(lambda: "hang: delivery" in self.read_log() and "nobody: delivery" in self.read_log())
        self.assertIn("attempt 1: it took longer than `timeout`, 300ms", self.read_log())
        self.assertRegex(self.read_log(), "nobody: delivery \\d+, attempt 1: Failed to connect to 127.0.0.1 port")

    def test_a_webhook_that_asks_for_time_is_given_it(self):
        hook = self.hook()
        hook.answers, hook.headers = [503], {"Retry-After": "2"}
        self.configure({"route": dict(NOW, receiver="hook"), "retry": {"first": "10ms", "max": "10ms"},
                        "receivers": [{"name": "hook", "type": "webhook", "url": hook.url}]})
        self.start()
        self.assign()
        until(hook.taken)
        first, second = [int(headers["X-Coord-Timestamp"]) for _, headers, _ in hook.seen]
        self.assertGreaterEqual(second - first, 2)

    def test_a_webhook_that_refuses_is_not_asked_again(self):
        hook = self.hook()
        hook.always = 422
        self.configure({"route": dict(NOW, receiver="hook"),
                        "receivers": [{"name": "hook", "type": "webhook", "url": hook.url}]})
        self.start()
        self.assign()
        until(lambda: self.counts()["dead"] == 1)
        self.assertEqual(len(hook.seen), 1)
        self.assertIn("HTTP 422", self.relay("dead", "list", "--dir", self.queue))

    def test_a_body_by_template_goes_to_each_person_by_telephone(self):
        hook = self.hook()
        self.configure({"route": dict(NOW, receiver="zalo"),
                        "receivers": [{"name": "zalo", "type": "webhook", "url": hook.url, "people": True,
                                       "body": '{"phone": "{{person.phone}}", "text": "{{ subject }}", "n": {{count}}}'}],
                        "people": [{"id": "an", "name": "An", "agency": "huyen", "phone": "+84912345678", "hours": "always"}]})
        self.start()
        self.assign(reference="HT-1", title='Việc "gấp" \\ hôm nay')
        until(lambda: hook.seen)
        self.assertEqual(json.loads(hook.seen[0][2]),
                         {"phone": "+84912345678", "text": 'Giao việc mới [HT-1] Việc "gấp" \\ hôm nay', "n": 1})

    def test_a_command_reads_it_on_its_input_within_its_limits(self):
        took = os.path.join(self.broker.directory, "took")
        program = self.write("deliver", f"#!/bin/sh\n[ -e {took} ] || {{ touch {took}; echo full >&2; exit 75; }}\n"
                                        f"cat > {took}.json; printf %s $COORD_RELAY_KEY > {took}.key\n", 0o755)
        slow = self.write("slow", "#!/bin/sh\nsleep 1000 & sleep 1000\n", 0o755)
        loud = self.write("loud", "#!/bin/sh\nexec yes\n", 0o755)
        never = self.write("never", "#!/bin/sh\necho no such number >&2; exit 65\n", 0o755)
        receivers = [{"name": os.path.basename(path), "type": "command", "run": [path], "timeout": "1s" if path == slow else "120s"}
                     for path in (program, slow, loud, never)]
        self.configure({"route": dict(NOW, receiver="deliver", routes=[
            {"receiver": receiver["name"], "continue": True} for receiver in receivers]),
                        "receivers": receivers, "retry": {"first": "20ms", "max": "1h"}})
        self.start()
        self.assign(reference="HT-1")
        until(lambda: os.path.exists(took + ".key") and os.path.getsize(took + ".key") == 64)
        with open(took + ".json", encoding="utf-8") as file, open(took + ".key", encoding="utf-8") as key:
            parcel = json.load(file)
            self.assertEqual(parcel["key"], key.read())
        self.assertEqual(parcel["notifications"][0]["reference"], "HT-1")
        for words in ("exit status 75: full", "longer than `timeout`", "more than `output_max`", "no such number"):
            until(lambda: words in self.read_log())
        until(lambda: self.counts()["dead"] == 1)
        self.assertIn("never", self.relay("dead", "list", "--dir", self.queue))

    def test_lines_are_whole_even_behind_one_that_was_cut(self):
        file = self.write("lines", '{"cut": ')
        self.configure({"route": dict(NOW, receiver="lines"),
                        "receivers": [{"name": "lines", "type": "lines", "file": file}]})
        self.start()
        for number in range(5):
            self.assign(reference=f"HT-{number}")
        until(lambda: self.counts()["sent"] == 5)
        with open(file, encoding="utf-8") as lines:
            parcels = [json.loads(line) for line in lines.read().splitlines()[1:]]
        self.assertEqual(sorted(parcel["notifications"][0]["reference"] for parcel in parcels),
                         [f"HT-{number}" for number in range(5)])

    def test_what_comes_together_goes_out_as_one(self):
        hook = self.hook()
        for wait in ("5s", "20s", "60s"):  # until this machine takes all of it in meanwhile
            self.configure({"route": {"receiver": "hook", "group_by": ["agency"], "group_wait": wait, "group_interval": "0s"},
                            "receivers": [{"name": "hook", "type": "webhook", "url": hook.url}]})
            self.start()
            self.end()  # so that all of it is there at once when it comes back
            self.admin.batch([("assign", {"reference": f"{wait}-{i}", "leads": ["huyen", "so"], "content": {"title": "Việc"}})
                              for i in range(20)])
            parcels, before = len(hook.taken()), len(hook.notifications())
            self.start()
            until(lambda: len(hook.notifications()) == before + 40)
            self.end()
            together = hook.taken()[parcels:]
            if len(together) == 2:
                break
        self.assertEqual(sorted(parcel["group"] for parcel in together), ["agency=huyen", "agency=so"])
        self.assertIn("20 thông báo: Giao việc mới", together[0]["subject"])

    def test_a_rate_is_kept(self):
        hook = self.hook()
        self.configure({"route": dict(NOW, receiver="hook"),
                        "receivers": [{"name": "hook", "type": "webhook", "url": hook.url, "rate": "5/s"}]})
        self.start()
        self.admin.batch([("assign", {"reference": f"HT-{i}", "leads": ["huyen"], "content": {"title": "Việc"}})
                          for i in range(10)])
        until(lambda: len(hook.notifications()) == 10)
        stamps = [int(headers["X-Coord-Timestamp"]) for _, headers, _ in hook.seen]
        self.assertGreaterEqual(max(stamps) - min(stamps), 1)  # 9 pauses of 0.2 s

    def test_a_key_that_may_administer_is_refused_in_one_line(self):
        self.context = self.broker.admin
        self.configure({"route": {"receiver": "lines"}, "receivers": [{"name": "lines", "type": "lines", "file": "-"}]})
        run = subprocess.run([RELAY, "run", "--config", self.config, "--dir", self.queue], capture_output=True, text=True,
                             timeout=120, check=False)
        self.assertEqual(run.returncode, 4)
        self.assertIn("may administer", run.stderr)
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)


if __name__ == "__main__":
    unittest.main()
