"""Requests of the protocol, 1:1; the pages; files; and what is no request at all."""
import concurrent.futures
import gzip
import hashlib
import json
import os
import socket
import time
import unittest
import uuid

from serving import WAIT_SECONDS, Browser, Serving, until


class Ops(Serving):
    def test_a_clerks_day_goes_through_with_the_officers_name(self):
        self.start()
        task = self.assign("huyen")
        an = self.browser("an", "huyen", "--officer", "Nguyễn Văn An")
        self.assertEqual(an.op("accept", {"task": task, "officer": "Kẻ Mạo Danh"}).status, 200)
        reply = an.op("report", {"task": task, "percent": 60, "note": "Đã rà soát 12/20 xã."}).json["reply"]
        self.assertEqual((reply["tasks"][0]["task"], reply["tasks"][0]["state"]), (task, "in_progress"))
        self.assertIsInstance(reply["time"], int)
        shown = an.op("task_get", {"task": task}).json["reply"]
        self.assertEqual((shown["task"]["percent"], shown["task"]["note"]), (60, "Đã rà soát 12/20 xã."))
        self.assertIn("submit", shown["may"])
        self.assertEqual([item["task"] for item in an.op("task_list").json["reply"]["tasks"]], [task])
        records = an.op("task_history", {"task": task}).json["reply"]["records"]
        self.assertEqual([record.get("officer") for record in records], ["Nguyễn Văn An", "Nguyễn Văn An", None])
        self.assertEqual(records[0]["percent"], 60)

    def test_what_the_page_shows_is_what_coordctl_prints(self):
        self.start()
        task = self.assign("huyen", tags=["đất đai"])
        page = self.browser("an").op("task_get", {"task": task}).json["reply"]
        printed = self.broker.ctl_json("task", "show", "HT-1", context=self.context_file(self.huyen_context))
        self.same_but_for_numbers(page["task"], printed["task"])

    def test_a_request_may_be_made_in_the_name_of_an_agency_that_is_stood_in_for(self):
        self.start()
        task, so = self.assign("huyen"), self.browser("so", "so")
        self.assertEqual(so.op("task_list", {"for": "huyen"}).error["name"], "not_stood_in_for")
        self.admin.call("agency_stand_in", agency="huyen", by="so", until="2099-06-30")
        self.assertEqual(so.op("task_list").json["reply"]["tasks"], [])
        (shown,) = so.op("task_list", {"for": "huyen"}).json["reply"]["tasks"]
        self.assertEqual(shown["task"], task)
        self.assertEqual(so.op("accept", {"task": task, "for": "huyen"}).status, 200)
        (record, *_) = so.op("task_history", {"task": task}).json["reply"]["records"]
        self.assertEqual((record["actor"], record["stand_in"]), ("huyen", "so"))
        for op, fields, name in (("hello", {"for": "huyen"}, "bad_value"), ("task_list", {"for": 7}, "bad_type")):
            answer = so.op(op, fields)
            self.assertEqual((answer.error["name"], answer.error["field"]), (name, "for"))

    def same_but_for_numbers(self, page, printed):
        """coordctl writes times as people read them, in what lies within as well."""
        if isinstance(page, dict):
            self.assertEqual(set(page), set(printed))
            for name, value in page.items():
                self.same_but_for_numbers(value, printed[name])
        elif not isinstance(page, int):
            self.assertEqual(page, printed)

    def test_a_button_pressed_twice_has_one_effect(self):
        self.start()
        task, an = self.assign("huyen"), self.browser("an")
        request_id = str(uuid.uuid4())
        first = an.op("comment", {"task": task, "note": "một lần"}, request_id)
        again = an.op("comment", {"task": task, "note": "một lần"}, request_id)
        self.assertEqual((first.status, first.body), (200, again.body))
        other = an.op("comment", {"task": task, "note": "khác"}, request_id)
        self.assertEqual((other.status, other.error["name"]), (409, "request_reused"))
        records = an.op("task_history", {"task": task}).json["reply"]["records"]
        self.assertEqual([record.get("note") for record in records].count("một lần"), 1)

    def test_each_refusal_says_its_field_and_its_status(self):
        self.start()
        task, an = self.assign("huyen"), self.browser("an")
        for op, body, status, name, field in (
                ("acept", {}, 404, "unknown_op", "op"), ("subscribe", {}, 404, "unknown_op", "op"),
                ("batch", {}, 404, "unknown_op", "op"), ("status", {}, 403, "right_missing", None),
                ("key_set", {}, 403, "right_missing", None), ("accept", {}, 400, "missing_field", "task"),
                ("accept", {"task": "một"}, 400, "bad_type", "task"), ("accept", {"task": 0}, 400, "out_of_range", "task"),
                ("accept", {"tsk": 1}, 400, "bad_value", "tsk"), ("accept", {"task": 999}, 404, "task_unknown", "task"),
                ("confirm", {"task": task}, 403, "not_authorised", None),
                ("submit", {"task": task, "expect": 9}, 409, "conflict", "expect"),
                ("assign", {"reference": "A", "leads": ["so"], "content": {"title": "x", "due": "hôm qua"}}, 400, "bad_date",
                 "content.due")):
            answer = an.op(op, body)
            error = answer.error
            self.assertEqual((answer.status, error["name"]), (status, name), (op, error))
            if field:
                self.assertEqual(error.get("field"), field, (op, error))
            self.assertGreater(len(error["message"]), 10)
        self.assertEqual(an.op("submit", {"task": task, "expect": 9}).error["version"], 1)
        no_id = an.ask("POST", "/api/op/accept", {"task": task}, X_CSRF=an.csrf)
        self.assertEqual((no_id.status, no_id.error["field"]), (400, "X-Request-Id"))
        tried = an.ask("POST", "/api/op/accept", {"task": task, "dry_run": True}, X_CSRF=an.csrf)  # remembered under no id
        self.assertEqual((tried.status, tried.json["reply"]["dry_run"], tried.json["reply"]["tasks"][0]["state"]), (200, True, "accepted"))
        self.assertEqual(an.ask("POST", "/api/op/accept", {"task": task, "dry_run": 1}, X_CSRF=an.csrf).status, 400)
        self.assertEqual(an.op("task_get", {"task": task}).json["reply"]["task"]["state"], "assigned")
        self.assertEqual(an.op("accept", {"task": task}, "a b").error["field"], "X-Request-Id")
        self.assertEqual(an.op("accept", {"task": task}, X_CSRF="").error["name"], "csrf")
        self.assertEqual(an.ask("POST", "/api/op/task_get", {"task": task}).status, 200)  # what changes nothing needs neither
        self.assertEqual(an.ask("GET", "/api/op/task_get").status, 405)
        self.assertEqual(Browser(self.port).op("task_list").status, 401)
        self.assertEqual(an.op("comment", {"task": task, "note": "x" * (1 << 20)}).status, 413)

    def test_a_key_that_may_act_may_read(self):
        self.contexts["huyen"] = self.web_context("huyen", ("act",), "acts")
        self.config = self.write("web.conf", json.dumps({"contexts": [self.contexts["huyen"]], "listen": "127.0.0.1:0",
                                                         "url": "http://127.0.0.1", "front": os.path.join(self.dir, "none")}))
        del self.contexts["so"]
        self.start()
        task, an = self.assign("huyen"), self.browser("an")
        self.assertEqual(sorted(an.me()["rights"]), ["act", "read"])
        self.assertEqual(an.op("task_get", {"task": task}).status, 200)
        self.assertEqual(an.op("accept", {"task": task}).status, 200)

    def test_a_long_answer_goes_packed_to_who_takes_that_and_a_short_one_never(self):
        self.start()
        an = self.browser("an")
        for number in range(20):
            self.assign("huyen", f"HT-{number}")
        plain, packed = (an.op("task_list", **headers) for headers in ({}, {"Accept_Encoding": "br, gzip"}))
        self.assertEqual((plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]), (None, "gzip"))
        self.assertEqual((gzip.decompress(packed.body), packed.headers["Vary"]), (plain.body, "Accept-Encoding"))
        self.assertLess(3 * len(packed.body), len(plain.body))
        me = an.get("/api/me", Accept_Encoding="gzip")  # it holds what is secret: its length says nothing
        self.assertEqual((me.headers["Content-Encoding"], me.json["csrf"]), (None, an.csrf))

    def test_work_of_an_agency_that_has_ended_is_shown_as_its_successors(self):
        self.start()
        task, an = self.assign("huyen"), self.browser("an", "so")
        self.admin.call("agency_set", agency={"agency": "huyen", "name": "huyen", "parent": "tinh", "successor": "so",
                                              "valid_until": self.admin.call("hello")["time"]})
        shown = an.op("task_get", {"task": task}).json["reply"]["task"]
        self.assertEqual(shown["lead"], "so")
        self.assertEqual([(one["role"], one["agency"], one["successor"]) for one in shown["successions"]], [("lead", "huyen", "so")])
        self.assertEqual([one["lead"] for one in an.op("summary", {}).json["reply"]["tallies"]], ["so"])

    def test_who_may_read_alone_changes_nothing(self):
        self.start()
        task, reader = self.assign("huyen"), self.browser("xem", "huyen", "--rights", "read")
        self.assertEqual(reader.me()["rights"], ["read"])
        answer = reader.op("accept", {"task": task})
        self.assertEqual((answer.status, answer.error["name"]), (403, "right_missing"))
        self.assertEqual(reader.op("task_get", {"task": task}).status, 200)
        self.assertEqual(self.browser("binh", "so").op("task_get", {"task": task}).error["name"], "task_unknown")

    def test_a_broker_that_is_away_is_said_at_once_and_a_form_is_sent_again_by_its_id(self):
        self.start()
        task, an = self.assign("huyen"), self.browser("an")
        self.broker.end(9)
        until(lambda: an.me()["broker"]["state"] == "disconnected")
        request_id = str(uuid.uuid4())
        answer = an.op("comment", {"task": task, "note": "trong lúc mất kết nối"}, request_id)
        self.assertEqual((answer.status, answer.error["name"], answer.error["retry"]), (504, "timed_out", True))
        self.broker.start()
        until(lambda: an.me()["broker"]["state"] == "connected")
        for _ in range(2):
            self.assertEqual(an.op("comment", {"task": task, "note": "trong lúc mất kết nối"}, request_id).status, 200)
        records = an.op("task_history", {"task": task}).json["reply"]["records"]
        self.assertEqual([record.get("note") for record in records].count("trong lúc mất kết nối"), 1)


class Pages(Serving):
    def setUp(self):
        super().setUp()
        self.front = os.path.join(self.dir, "front")
        os.makedirs(os.path.join(self.front, "assets"))
        self.script = "export const dài = 1;\n" * 100
        for path, text in (("index.html", "<!doctype html><title>coordd</title>"), ("assets/index-a1b2.js", self.script)):
            with open(os.path.join(self.front, path), "w", encoding="utf-8") as file:
                file.write(text)
        self.configuration = json.load(open(self.config, encoding="utf-8"))

    def test_pages_are_served_hashed_and_closed(self):
        self.write("web.conf", json.dumps(dict(self.configuration, front=self.front)))
        self.start()
        browser = Browser(self.port)
        index, asset = browser.get("/"), browser.get("/assets/index-a1b2.js", Accept_Encoding="gzip, br")
        self.assertEqual((index.status, index.headers["Cache-Control"]), (200, "no-cache"))
        self.assertEqual(browser.get("/tasks/36").body, index.body)  # the page's own path
        self.assertEqual(gzip.decompress(asset.body).decode(), self.script)
        self.assertIn("immutable", asset.headers["Cache-Control"])
        self.assertEqual(browser.get("/assets/index-a1b2.js").body.decode(), self.script)
        self.assertEqual(browser.get("/assets/index-old.js").status, 404)
        self.assertEqual(browser.get("/api/nothing").status, 404)
        self.assertEqual(browser.get("/", If_None_Match=index.headers["ETag"]).status, 304)
        for answer in (index, asset, browser.get("/api/me"), browser.get("/login/x"), browser.get("/assets/index-old.js")):
            policy = answer.headers["Content-Security-Policy"]
            for part in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
                self.assertIn(part, policy)
            self.assertNotIn("unsafe", policy)
            for name, value in (("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
                                ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin")):
                self.assertEqual(answer.headers[name], value)
        self.assertEqual(browser.get("/api/me").headers["Cache-Control"], "no-store")
        for path in ("/../web.conf", "/assets/../../web.conf", "/%2e%2e/web.conf"):
            self.assertEqual(browser.get(path).body, index.body if "assets" not in path else browser.get(path).body)
            self.assertNotIn(b"contexts", browser.get(path).body)

    def test_pages_that_are_not_built_say_how(self):
        self.start()
        answer = Browser(self.port).get("/")
        self.assertEqual(answer.status, 200)
        self.assertIn(b"make build", answer.body)

    def test_a_session_that_asks_too_fast_is_told_so(self):
        self.start()
        an = self.browser("an")
        refused, ends = None, time.monotonic() + WAIT_SECONDS
        # Many at a time: on a busy machine one after the other would be slow enough to be let through, and now and then these are.
        while not refused:
            self.assertLess(time.monotonic(), ends, "nothing is refused")
            with concurrent.futures.ThreadPoolExecutor(32) as together:
                answers = list(together.map(lambda _: an.get("/api/me"), range(1000)))
            self.assertLessEqual({answer.status for answer in answers}, {200, 429})
            refused = next((answer for answer in answers if answer.status == 429), None)
        self.assertEqual((refused.error["name"], refused.error["retry"]), ("too_many", True))
        until(lambda: an.get("/api/me").status == 200)

    def test_rubbish_is_answered_or_cut_and_harms_nobody(self):
        self.start()
        an = self.browser("an")
        rubbish = (b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01" + os.urandom(200), b"GET / HTTP/9.9\r\n\r\n",
                   b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /api/op/hello HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                   b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 9000 + b"\r\n",
                   b"POST /api/sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
                   b"POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\nx")
        with concurrent.futures.ThreadPoolExecutor(len(rubbish)) as together:  # the server waits for the rest of some
            self.assertEqual(list(together.map(self.is_let_go, rubbish)), [True] * len(rubbish))
        self.assertEqual(an.get("/api/me").status, 200)

    def is_let_go(self, rubbish):
        """Answered or not, the connection ends; None when it does not."""
        with socket.create_connection(("127.0.0.1", self.port)) as raw:
            raw.settimeout(WAIT_SECONDS)
            try:
                raw.sendall(rubbish)
                raw.shutdown(socket.SHUT_WR)
                while raw.recv(65536):
                    pass
            except TimeoutError:
                return None
            except OSError:
                pass
        return True


class Evidence(Serving):
    settings = {"evidence": {"file_max_mib": 1, "all_max_mib": 3, "user_max_mib": 2}}

    def put(self, browser, name, body, **headers):
        return browser.ask("POST", f"/api/evidence?name={name}", body, X_CSRF=browser.csrf, **headers)

    def test_a_file_is_kept_under_its_sum_and_given_back_as_an_attachment(self):
        self.start()
        an, body = self.browser("an"), b"%PDF-1.7\n" + os.urandom(300000)
        answer = self.put(an, "b%C3%A1o%20c%C3%A1o%20%C4%91%E1%BA%A5t.pdf", body, Content_Type="text/html").json
        sha256 = hashlib.sha256(body).hexdigest()
        self.assertEqual((answer["name"], answer["size"], answer["sha256"], answer["type"]),
                         ("báo cáo đất.pdf", len(body), sha256, "application/pdf"))
        self.assertEqual(answer["file"], f"/evidence/{sha256}/b%C3%A1o%20c%C3%A1o%20%C4%91%E1%BA%A5t.pdf")
        back = an.get(answer["file"])
        self.assertEqual((back.status, back.body), (200, body))
        self.assertTrue(back.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''b%C3%A1o"))
        self.assertEqual((back.headers["Content-Type"], back.headers["Content-Security-Policy"]),
                         ("application/pdf", "default-src 'none'; sandbox"))
        self.assertEqual(self.put(an, "again.pdf", body).json["sha256"], sha256)
        self.assertEqual(self.put(an, "..%2f..%2fetc%2fpasswd", b"<script>alert(1)</script>").json["name"], "passwd")
        self.assertEqual(self.put(an, "x.html", b"<script>alert(1)</script>").json["type"], "text/plain")
        until(lambda: sorted(len(files) for _, _, files in os.walk(os.path.join(self.dir, "evidence"))) == [0, 1, 1])

    def test_what_is_too_large_or_not_allowed_leaves_nothing(self):
        self.start()
        an = self.browser("an")
        for answer, status, name in (
                (self.put(an, "a", b"x" * (1 << 20) + b"y"), 413, "too_large"), (self.put(an, "a", b""), 400, "bad_field"),
                (an.ask("POST", "/api/evidence?name=a", b"x"), 403, "csrf"),
                (an.ask("POST", "/api/evidence", b"x", X_CSRF=an.csrf), 400, "bad_field"),
                (Browser(self.port).ask("POST", "/api/evidence?name=a", b"x"), 401, "sign_in_needed"),
                (an.get("/evidence/" + "0" * 64 + "/a"), 404, "not_found"), (an.get("/evidence/../web.db"), 404, "not_found")):
            self.assertEqual((answer.status, answer.error["name"], answer.error["retry"]), (status, name, False))
        self.assertEqual([files for _, _, files in os.walk(os.path.join(self.dir, "evidence")) if files], [])
        self.assertEqual(self.put(an, "a", b"x" * (1 << 20) + b"y").error["limit"], 1 << 20)
        for number in range(2):
            self.assertEqual(self.put(an, "a", bytes([number]) * (1 << 20)).status, 200)
        self.assertEqual(self.put(an, "a", b"\0" * (1 << 20)).status, 507)  # the same bytes have to come, too
        path = f"/evidence/{hashlib.sha256(bytes(1 << 20)).hexdigest()}/a"
        self.assertEqual((an.get(path).status, Browser(self.port).get(path).status), (200, 401))

    def test_who_may_read_alone_sends_no_file(self):
        self.start()
        reader = self.browser("xem", "huyen", "--rights", "read")
        answer = self.put(reader, "a", b"x" * 300000)
        self.assertEqual((answer.status, answer.error["name"]), (403, "right_missing"))
        self.assertEqual(list(os.walk(os.path.join(self.dir, "evidence"))), [])

    def test_an_account_fills_its_share_and_no_more(self):
        self.start()
        an, binh = self.browser("an"), self.browser("binh", "so")
        for number in range(2):
            self.assertEqual(self.put(an, "a", bytes([number]) * (1 << 20)).status, 200)
        answer = self.put(an, "a", b"zz")
        self.assertEqual((answer.status, answer.error["name"], answer.error["retry"]), (507, "share_full", False))
        self.assertIn("user_max_mib", answer.error["message"])
        self.assertEqual(self.put(binh, "b", b"b" * (1 << 20)).status, 200)
        full = self.put(binh, "b", b"zz")
        self.assertEqual((full.status, full.error["name"], full.error["retry"]), (507, "full", True))

    def begun(self, browser, name, size, part):
        """A file of which some has come, and the rest does not."""
        connection = browser.connection()
        connection.putrequest("POST", f"/api/evidence?name={name}")
        for header, value in (("Cookie", browser.cookie), ("X-CSRF", browser.csrf), ("Content-Length", size)):
            connection.putheader(header, value)
        connection.endheaders(part)
        self.addCleanup(connection.close)

    def coming(self):
        return sum(entry.stat().st_size for entry in os.scandir(os.path.join(self.dir, "evidence")) if entry.name.startswith("new-"))

    def test_what_is_on_its_way_counts_and_four_files_come_at_a_time(self):
        self.start()
        an, binh = self.browser("an"), self.browser("binh", "so")
        self.assertEqual(self.put(an, "a", b"a").status, 200)
        for _ in range(2):
            self.begun(an, "b", 1 << 20, b"b" * 1000000)
        until(lambda: self.coming() == 2000000)
        answer = self.put(an, "c", b"c" * 200000)
        self.assertEqual((answer.status, answer.error["name"]), (507, "share_full"))
        self.begun(binh, "b", 1 << 20, b"b" * 1000000)
        until(lambda: self.coming() == 3000000)
        self.assertEqual(self.put(binh, "c", b"c" * 200000).error["name"], "full")
        for _ in range(2):
            self.begun(an, "d", 10, b"d")
        until(lambda: self.coming() == 3000002)
        answer = self.put(an, "c", b"c")
        self.assertEqual((answer.status, answer.error["name"], answer.error["retry"]), (503, "busy", True))
        self.end(9)
        self.start()  # nobody will send the rest
        self.assertEqual([name for name in os.listdir(os.path.join(self.dir, "evidence")) if name.startswith("new-")], [])

    def pieces_of(self, sums):
        return [os.path.exists(os.path.join(self.dir, "evidence", one[:2], one)) for one in sums]

    def a_day_later(self):
        import sqlite3
        with sqlite3.connect(os.path.join(self.dir, "web.db"), timeout=60) as store:
            store.execute("UPDATE waiting SET taken = taken - 86400000")
        store.close()

    def test_what_no_task_names_goes_after_a_day_and_what_one_names_stays(self):
        self.start()
        an = self.browser("an")
        task = self.assign("huyen")
        an.op("accept", {"task": task})
        named, refused, forgotten = sums = [self.put(an, "a", body).json["sha256"] for body in (b"named", b"refused", b"forgotten")]
        piece = lambda sha256: [{"name": "a", "sha256": sha256, "size": 5}]  # noqa: E731
        self.assertEqual(an.op("submit", {"task": task, "evidence_files": piece(refused), "expect": 99}).error["name"], "conflict")
        self.assertEqual(an.op("submit", {"task": task, "evidence_files": piece(forgotten), "dry_run": True}).status, 200)
        self.assertEqual(an.op("submit", {"task": task, "evidence_files": piece(named.upper())}).status, 200)
        self.assertEqual(self.pieces_of(sums), [True] * 3)
        self.a_day_later()
        until(lambda: self.pieces_of(sums) == [True, False, False])
        self.assertEqual((an.get(f"/evidence/{named}/a").body, an.get(f"/evidence/{refused}/a").status), (b"named", 404))
        self.assertEqual(self.put(an, "a", b"refused").json["sha256"], refused)  # and it may be sent anew
        self.assertEqual(an.get(f"/evidence/{refused}/a").body, b"refused")

    def test_what_a_change_without_an_answer_names_stays(self):
        self.start()
        an, task = self.browser("an"), self.assign("huyen")
        an.op("accept", {"task": task})
        sums = [self.put(an, "a", body).json["sha256"] for body in (b"on its way", b"told", b"left")]
        self.so_names(sums[1])
        self.broker.end(9)
        until(lambda: an.me()["broker"]["state"] == "disconnected")
        answer = an.op("submit", {"task": task, "evidence_files": [{"name": "a", "sha256": sums[0], "size": 5}]})
        self.assertEqual((answer.status, answer.error["retry"]), (504, True))  # it may have been done
        self.a_day_later()
        until(lambda: self.pieces_of(sums) == [True, True, False])

    def so_names(self, sha256):
        """A program without coord-web names it; huyen is notified."""
        task = self.assign("so", "SO-1", cooperating=["huyen"])
        self.so.call("accept", task=task)
        stream = self.browser("chi").events()
        until(lambda: stream.of("state"))
        self.so.call("submit", task=task, evidence_files=[{"name": "a", "sha256": bytes.fromhex(sha256), "size": 4}])
        until(lambda: [one for one in stream.of("notification") if one.get("evidence_files")])
        stream.close()


if __name__ == "__main__":
    unittest.main()
