"""Calendars and figures, read by the programs that read them."""
import datetime
import http.client
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from serving import WAIT_SECONDS, Browser, Serving, free_port, until

MONITORING = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "clients", "web", "monitoring")


class Calendars(Serving):
    def test_open_tasks_are_read_by_python_and_khal(self):
        from icalendar import Calendar
        self.start()
        numbers = [self.assign("huyen", f"HT-{number}", due="2030-06-2%d" % number, title=f"Rà soát, kiểm tra; hồ sơ {number}")
                   for number in range(3)]
        self.assign("so", "HT-9", due="2030-06-28")
        an = self.browser("an")
        an.op("accept", {"task": numbers[0]})
        an.op("report", {"task": numbers[0], "percent": 40, "note": "dòng một\ndòng hai"})
        url = an.ask("POST", "/api/calendar", {}, X_CSRF=an.csrf).json["url"]
        path = url.removeprefix("http://127.0.0.1")
        self.assertTrue(path.startswith("/agencies/huyen/tasks.ics?token="), path)
        answer = Browser(self.port).get(path)
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/calendar; charset=utf-8"))
        calendar = Calendar.from_ical(answer.body.decode())
        todos = {int(str(item["UID"]).split("@")[0].split("-")[1]): item for item in calendar.walk("VTODO")}
        self.assertEqual(sorted(todos), sorted(numbers))
        first = todos[numbers[0]]
        self.assertEqual((str(first["SUMMARY"]), str(first["STATUS"]), int(first["PERCENT-COMPLETE"])),
                         ("HT-0 Rà soát, kiểm tra; hồ sơ 0", "IN-PROCESS", 40))
        self.assertIn("dòng một\ndòng hai", str(first["DESCRIPTION"]))
        self.assertEqual(str(todos[numbers[1]]["STATUS"]), "NEEDS-ACTION")
        task = an.op("task_get", {"task": numbers[0]}).json["reply"]["task"]
        self.assertEqual(first["DUE"].dt.timestamp() * 1000, task["due"])
        events = {str(item["SUMMARY"]): item["DTSTART"].dt for item in calendar.walk("VEVENT")}
        self.assertEqual(events["HT-2 Rà soát, kiểm tra; hồ sơ 2"], datetime.date.fromisoformat(
            an.op("task_get", {"task": numbers[2]}).json["reply"]["task"]["due_day"]))
        self.khal(answer.body)
        for wrong in ("/agencies/huyen/tasks.ics", "/agencies/huyen/tasks.ics?token=" + "0" * 64):
            self.assertEqual(Browser(self.port).get(wrong).error["field"], "token")
        self.assertNotIn(b"VTODO", Browser(self.port).get(path.replace("huyen", "nowhere")).body)
        an.ask("POST", "/api/calendar", {}, X_CSRF=an.csrf)  # a new address ends the old
        self.assertEqual(Browser(self.port).get(path).status, 401)
        self.assertEqual(Browser(self.port).get("/agencies/huyen").status, 200)  # a page

    def khal(self, body):
        if not shutil.which("khal"):
            return  # python-icalendar has read it; khal is there where all checks run
        home = tempfile.mkdtemp(dir=self.dir)
        os.mkdir(os.path.join(home, "calendar"))
        with open(os.path.join(home, "feed.ics"), "wb") as file:
            file.write(body)
        with open(os.path.join(home, "config"), "w", encoding="utf-8") as file:
            file.write(f"[calendars]\n[[c]]\npath = {home}/calendar\n[sqlite]\npath = {home}/khal.db\n"
                       "[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
                       "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n")
        environment = dict(os.environ, HOME=home, LC_ALL="C.UTF-8", TZ="UTC")
        khal = ["khal", "-c", os.path.join(home, "config")]
        subprocess.run([*khal, "import", "--batch", "-a", "c", os.path.join(home, "feed.ics")], env=environment, check=True,
                       capture_output=True, timeout=120)
        listed = subprocess.run([*khal, "list", "2030-06-20", "10d"], env=environment, check=True, capture_output=True, text=True,
                                timeout=120).stdout
        self.assertIn("HT-2 Rà soát, kiểm tra; hồ sơ 2", listed)


class Metrics(Serving):
    def setUp(self):
        self.queue = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.queue)
        self.at = free_port()
        self.settings = {"metrics": f"127.0.0.1:{self.at}", "relay_dir": self.queue}
        super().setUp()

    def scrape(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.at, timeout=WAIT_SECONDS)
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        self.assertEqual(response.status, 200)
        return body

    def test_figures_are_promtools_and_the_brokers(self):
        self.start()
        for number in range(3):
            self.assign("huyen", f"HT-{number}", due="2030-06-20")
        self.end()
        self.start()  # it asks when it starts, and each minute
        until(lambda: all(figure in self.scrape() for figure in (
            'coord_tasks{agency="huyen",timeliness="open"} 3', 'coord_account_connections{agency="so"}')))
        text = self.scrape()
        for line in ('coord_broker_connected{agency="huyen"} 1', 'coord_tasks{agency="so",timeliness="open"} 0',
                     'coord_tasks{agency="huyen",timeliness="overdue"} 0', 'coord_escalations_open{agency="huyen"} 0',
                     "coord_relay_queue_readable 0", "coord_web_streams 0"):
            self.assertIn(line + "\n", text)
        load = self.client(self.contexts["so"]).call("load")  # what that key may ask, and no more
        self.assertIn(f'coord_broker_records{{agency="so"}} {load["seq"]}\n', text)
        self.assertEqual(load["account"]["agency"], "so")
        for name, least, most in (("coord_broker_writable", 1, 1), ("coord_broker_commit_seconds", 1e-6, 60), ("coord_broker_streams", 1, 9),
                                  ("coord_broker_requests_total", 3, 1e6), ("coord_account_requests_total", 1, load["account"]["requests"])):
            value = float(re.search(f'^{name}{{agency="so"}} (.*)$', text, re.M).group(1))
            self.assertTrue(least <= value <= most, (name, value))
        self.assertEqual(Browser(self.at).get("/api/me").status, 404)  # nothing else is there
        self.assertNotIn(b"coord_tasks", Browser(self.port).get("/metrics").body)
        if shutil.which("promtool"):
            self.promtool(text)

    def test_rules_and_dashboard_ask_for_figures_that_there_are(self):
        self.start()
        named = set(re.findall("^# TYPE (\\w+)", self.scrape(), re.M))
        for name in ("alerts.yml", "grafana.json"):
            with open(os.path.join(MONITORING, name), encoding="utf-8") as file:
                asked = set(re.findall(r"coord_\w+", file.read()))
            self.assertGreater(len(asked), 5)
            self.assertEqual(asked - named, set(), name)

    def promtool(self, text):
        subprocess.run(["promtool", "check", "metrics"], input=text, text=True, check=True, timeout=120)
        for words in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"], ["test", "rules", "alerts_days_test.yml"]):
            run = subprocess.run(["promtool", *words], cwd=MONITORING, capture_output=True, text=True, timeout=500, check=False)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.scraped_for_real()

    def scraped_for_real(self):
        if not shutil.which("prometheus"):
            return
        port, directory = free_port(), tempfile.mkdtemp(dir=self.dir)
        with open(os.path.join(directory, "prometheus.yml"), "w", encoding="utf-8") as file:
            file.write(f"global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [{MONITORING}/alerts.yml]\n"
                       f"scrape_configs: [{{job_name: coord, static_configs: [{{targets: ['127.0.0.1:{self.at}']}}]}}]\n")
        process = subprocess.Popen(["prometheus", f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/data",
                                    f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)

        def asked(query):
            try:
                answer = Browser(port).get(f"/api/v1/query?query={query}")
                return answer.status == 200 and [item["value"][1] for item in answer.json["data"]["result"]]
            except OSError:
                return None

        until(lambda: asked("coord_tasks%7Bagency=%22huyen%22,timeliness=%22open%22%7D") == ["3"])

    def test_the_relays_queue_is_counted_where_it_may_be_read(self):
        import sqlite3
        queue = sqlite3.connect(os.path.join(self.queue, "relay.db"))
        queue.executescript("CREATE TABLE delivery(state); INSERT INTO delivery VALUES (0), (0), (3);")
        queue.close()
        self.start()
        until(lambda: "coord_relay_queue_readable 1" in self.scrape())
        text = self.scrape()
        self.assertIn('coord_relay_deliveries{state="waiting"} 2\n', text)
        self.assertIn('coord_relay_deliveries{state="dead"} 1\n', text)


if __name__ == "__main__":
    unittest.main()
