"""Who may ask, and how one signs in."""
import base64
import hashlib
import hmac
import os
import re
import stat
import struct
import subprocess
import time
import unittest

from serving import PASSWORD, WEB, Browser, Serving, until
from harness import COORDCTL


def code_of(uri, step):
    secret = base64.b32decode(re.search("secret=([A-Z2-7]+)", uri).group(1))
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


class Sessions(Serving):
    def test_a_password_signs_in_and_a_sign_out_ends_it(self):
        self.start()
        self.user("an", "huyen", "--officer", "Nguyễn Văn An")
        browser = Browser(self.port)
        self.assertEqual((browser.get("/api/me").status, browser.get("/api/me").error["name"]), (401, "sign_in_needed"))
        answer = browser.sign_in("an")
        self.assertEqual(answer.status, 200, answer.body)
        cookie = answer.headers["Set-Cookie"]
        for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(part, cookie)
        self.assertNotIn("Secure", cookie)  # `url` is http here
        me = browser.me()
        self.assertEqual((me["user"], me["officer"], me["agency"], sorted(me["rights"]), me["language"]),
                         ("an", "Nguyễn Văn An", "huyen", ["act", "read"], "vi"))
        self.assertEqual(me["broker"]["state"], "connected")
        self.assertEqual(browser.ask("POST", "/api/sign-out", {}).error["name"], "csrf")
        self.assertEqual(browser.ask("POST", "/api/sign-out", {}, X_CSRF="0" * 64).error["name"], "csrf")
        self.assertEqual(browser.ask("POST", "/api/sign-out", {}, X_CSRF=browser.csrf, Sec_Fetch_Site="cross-site").status, 403)
        old = browser.cookie
        self.assertEqual(browser.ask("POST", "/api/sign-out", {}, X_CSRF=browser.csrf).status, 200)
        browser.cookie = old
        self.assertEqual(browser.get("/api/me").status, 401)

    def test_the_fifth_failure_locks_a_name_whether_it_exists_or_not(self):
        self.start()
        self.user("an")
        for name in ("an", "nobody"):
            answers = [Browser(self.port).sign_in(name, "sai mật khẩu") for _ in range(5)]
            self.assertEqual([(a.status, a.error["name"]) for a in answers], [(401, "sign_in_refused")] * 5)
            locked = Browser(self.port).sign_in(name)  # the right one, too late
            self.assertEqual((locked.status, locked.error["name"], locked.error["field"]), (429, "locked", "user"))
            self.assertEqual([a.error["retry"] for a in (answers[0], locked)], [False, True])
            self.assertRegex(locked.error["message"], r"try again in ([1-5]?\d|60) s")
        said = self.web("user", "password", "an", "--dir", self.dir, text=PASSWORD + "\n")  # an administrator helps
        self.assertEqual(said, "an: has a new password, and is signed out\n")
        self.assertEqual(Browser(self.port).sign_in("an").status, 200)

    def test_what_is_sent_to_sign_in_is_refused_by_its_field(self):
        self.start()
        browser = Browser(self.port)
        for body, status, name, field in (
                ({"password": "x"}, 400, "bad_field", "user"),
                ({"user": "an"}, 400, "bad_field", "password"),
                ({"user": "a" * 65, "password": "x"}, 400, "bad_field", "user"),
                ({"user": "an", "password": "x" * 257}, 400, "bad_field", "password"),
                ({"user": "an", "password": "x", "code": "1234567"}, 400, "bad_field", "code"),
                ({"user": ["an"], "password": "x"}, 400, "bad_field", "user"),
                ("[]", 400, "bad_json", None), ("{", 400, "bad_json", None), ('{"user": "a", "user": "b"}', 400, "bad_json", None),
                ('{"user": "a\\u0000b", "password": "x"}', 400, "bad_json", None)):
            answer = browser.ask("POST", "/api/sign-in", body, Content_Type="application/json")
            self.assertEqual((answer.status, answer.error["name"], answer.error.get("field")), (status, name, field), body)
        self.assertEqual(browser.ask("POST", "/api/sign-in", "user=an", Content_Type="text/plain").status, 415)
        self.assertEqual(browser.ask("POST", "/api/sign-in", "x" * 5000, Content_Type="application/json").status, 413)
        self.assertEqual(browser.ask("POST", "/api/sign-in", {"user": "a", "password": "b"}, Sec_Fetch_Site="cross-site").status, 403)

    def test_a_second_factor_is_asked_for_and_each_code_signs_in_once(self):
        self.start()
        self.user("an")
        uri = self.web("user", "totp", "an", "--dir", self.dir)
        browser = Browser(self.port)
        answer = browser.sign_in("an")
        self.assertEqual((answer.status, answer.error["name"], answer.error["field"]), (401, "code_needed", "code"))
        self.assertEqual(browser.sign_in("an", code="000000").error["name"], "sign_in_refused")
        step = int(time.time()) // 30
        self.assertEqual(browser.sign_in("an", "sai mật khẩu", code=code_of(uri, step)).status, 401)
        self.assertEqual(browser.sign_in("an", code=code_of(uri, step)).status, 200)
        self.assertEqual(browser.sign_in("an", code=code_of(uri, step)).status, 401)  # somebody who looked over a shoulder
        self.assertEqual(self.web("user", "totp", "an", "--dir", self.dir, "--off"), "an: signs in without a code\n")
        self.assertEqual(self.web("user", "totp", "an", "--dir", self.dir, "--off"), "an: signed in without a code already\n")
        self.assertEqual(Browser(self.port).sign_in("an").status, 200)

    def test_a_link_signs_in_once_and_not_by_head(self):
        self.start()
        self.user("an", password=None)
        path = self.link("an").removeprefix("http://127.0.0.1")
        self.assertRegex(path, "^/login/[0-9a-f]{64}$")
        browser = Browser(self.port)
        self.assertEqual(browser.ask("HEAD", path).status, 405)  # a mail program that looks ahead does not use it up
        answer = browser.get(path)
        self.assertEqual((answer.status, answer.headers["Location"]), (303, "/"))
        self.assertEqual(browser.me()["user"], "an")
        again = Browser(self.port).get(path)
        self.assertEqual((again.status, again.headers["Location"]), (303, "/sign-in?problem=link_refused"))
        short = self.web("login", "an", "--config", self.config, "--dir", self.dir, "--for", "1s").strip()[-71:]
        time.sleep(1.1)
        self.assertIn("link_refused", Browser(self.port).get(short).headers["Location"])
        by_coordctl = subprocess.run([COORDCTL, "web", "login", "an", "--config", self.config, "--dir", self.dir, "--lasts", "1h"],
                                     env=dict(os.environ, PATH=os.path.dirname(WEB)), capture_output=True, text=True, timeout=60,
                                     check=True).stdout.strip()
        self.assertEqual(Browser(self.port).get(by_coordctl[-71:]).headers["Location"], "/")
        nowhere = subprocess.run([COORDCTL, "web", "login", "an"], env=dict(os.environ, PATH="/nonexistent"), capture_output=True,
                                 text=True, timeout=60, check=False)
        self.assertEqual((nowhere.returncode, "coord-web cannot be started" in nowhere.stderr), (8, True), nowhere.stderr)
        self.web("login", "binh", "--config", self.config, "--dir", self.dir, code=3)
        self.web("login", "an", "--config", self.config, "--dir", self.dir, "--for", "25h", code=2)

    def test_a_new_password_ends_all_other_sessions(self):
        self.start()
        browser, other = self.browser("an"), self.browser("an")
        self.assertFalse(browser.me()["password"])
        short = browser.ask("POST", "/api/password", {"new": "ngắn"}, X_CSRF=browser.csrf)
        self.assertEqual((short.status, short.error["field"]), (400, "new"))
        self.assertEqual(browser.ask("POST", "/api/password", {"new": PASSWORD}, X_CSRF=browser.csrf).status, 200)
        self.assertEqual((browser.get("/api/me").status, other.get("/api/me").status), (200, 401))
        browser.me()
        self.assertEqual(browser.ask("POST", "/api/password", {"new": PASSWORD + "2"}, X_CSRF=browser.csrf).error["field"], "old")
        wrong = browser.ask("POST", "/api/password", {"old": "không phải", "new": PASSWORD + "2"}, X_CSRF=browser.csrf)
        self.assertEqual((wrong.status, wrong.error["name"]), (401, "sign_in_refused"))
        self.assertEqual(browser.ask("POST", "/api/password", {"old": PASSWORD, "new": PASSWORD + "2"}, X_CSRF=browser.csrf).status, 200)
        self.assertEqual(Browser(self.port).sign_in("an", PASSWORD + "2").status, 200)
        self.assertEqual(Browser(self.port).sign_in("an").status, 401)

    def test_a_restart_keeps_sessions_and_a_removed_user_has_none(self):
        self.start()
        browser = self.browser("an")
        self.assertEqual(self.end(), 0)
        self.start()
        browser.port = self.port
        self.assertEqual(browser.me()["user"], "an")
        self.assertEqual(self.web("user", "remove", "an", "--dir", self.dir), "an: removed, and signed out\n")
        self.assertEqual(browser.get("/api/me").status, 401)
        self.assertNotIn(b"coord_session", open(os.path.join(self.dir, "web.db"), "rb").read())

    def test_the_commands_say_what_is_wrong(self):
        add = ("user", "add", "--config", self.config, "--dir", self.dir)
        for arguments, code, words in (
                ((*add, "an"), 2, "--context: say for which"), ((*add, "an", "--context", "x"), 2, "not among `contexts`"),
                ((*add, "a b", "--context", self.contexts["so"]), 2, "without spaces"),
                ((*add, "an", "--context", self.contexts["so"], "--rights", "administer"), 2, "--rights: `administer`"),
                ((*add, "an", "--context", self.contexts["so"], "--language", "fr"), 2, "--language: `fr`"),
                (("user", "remove", "an", "--dir", self.dir), 3, "no user `an`"),
                (("user", "list", "--dir", "/nowhere"), 8, "/nowhere/web.db cannot be opened"),
                (("walk",), 2, "no command `walk`"), (("run", "--config", "/nowhere.conf"), 2, "cannot be read")):
            self.assertIn(words, self.web(*arguments, code=code))

    def test_a_key_that_administers_is_refused(self):
        self.contexts = {"huyen": self.web_context("huyen", ("read", "act", "administer"), "all")}
        self.write("web.conf", '{"contexts": "%s", "listen": "127.0.0.1:0", "url": "http://127.0.0.1"}' % self.contexts["huyen"])
        run = subprocess.run([WEB, "run", "--config", self.config, "--dir", self.dir], capture_output=True, text=True, timeout=60,
                             check=False)
        self.assertEqual(run.returncode, 4)
        self.assertIn("may administer", run.stderr)


class Proxied(Serving):
    def setUp(self):
        self.settings = {"proxy": {"socket": "/tmp/coord-web-test-%d.sock" % os.getpid(), "header": "X-Remote-User"},
                         "url": "https://coord.example"}
        super().setUp()

    def test_the_proxys_header_counts_on_its_socket_alone(self):
        self.start()
        self.user("an", password=None)
        path = self.settings["proxy"]["socket"]
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o660)
        self.assertEqual(Browser(self.port, headers={"X-Remote-User": "an"}).get("/api/me").status, 401)
        browser = Browser(path=path, headers={"X-Remote-User": "an"})
        answer = browser.get("/api/me")
        self.assertEqual((answer.status, answer.json["user"]), (200, "an"))
        self.assertIn("Secure", answer.headers["Set-Cookie"])
        self.assertIn("max-age", answer.headers["Strict-Transport-Security"])
        browser.me()
        self.assertEqual(browser.op("hello").status, 200)
        for other in ("binh", None):  # who the proxy says it is, it is; a cookie of another's is none
            borrowed = Browser(path=path, headers={"X-Remote-User": other} if other else {})
            borrowed.cookie = browser.cookie
            self.assertEqual(borrowed.op("hello").status, 401)
        self.assertEqual(Browser(path=path, headers={"X-Remote-User": "binh"}).get("/api/me").error["field"], "X-Remote-User")
        self.assertEqual(Browser(path=path, headers={"X-Remote-User": "\xff\xfe"}).get("/api/me").status, 401)
        self.end(9)
        self.start()  # what a killed one left behind stands in nobody's way
        self.assertEqual(Browser(path=path, headers={"X-Remote-User": "an"}).get("/api/me").status, 200)
        self.end()
        until(lambda: not os.path.exists(path))


if __name__ == "__main__":
    unittest.main()
