"""What the relay tells Prometheus of itself, read by promtool; and the rules that go by it."""
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import unittest

from relaying import NOW, ROOT, WAIT_SECONDS, Relaying, free_port, until

MONITORING = os.path.join(ROOT, "clients", "web", "monitoring")


class Metrics(Relaying):
    def setUp(self):
        super().setUp()
        self.at = free_port()

    def ask(self, method="GET", path="/metrics", port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.at, timeout=WAIT_SECONDS)
        connection.request(method, path)
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer

    def scrape(self, port=None):
        status, body = self.ask(port=port)
        self.assertEqual(status, 200)
        return body

    def hooked(self, hook, **more):
        return dict({"metrics": f"127.0.0.1:{self.at}", "route": dict(NOW, receiver="hook"),
                     "retry": {"first": "50ms", "max": "100ms"},
                     "receivers": [{"name": "hook", "type": "webhook", "url": hook.url}]}, **more)

    def has(self, *lines):
        until(lambda: all(line + "\n" in self.scrape() for line in lines))

    def test_figures_are_promtools_and_say_how_receivers_are(self):
        hook = self.hook()
        hook.answers = [400]
        self.configure(self.hooked(hook))
        self.start()
        self.assign(reference="HT-1")
        self.has('coord_relay_queue{receiver="hook",state="dead"} 1', "coord_relay_dead 1", "coord_relay_broker_connected 1",
                 'coord_relay_attempts_total{receiver="hook",outcome="never"} 1', "coord_relay_notifications_total 1")
        hook.always = 503
        self.assign(reference="HT-2")
        until(lambda: re.search(r'coord_relay_failing_seconds{receiver="hook"} [1-9]', self.scrape()))
        self.assertRegex(self.scrape(), r'coord_relay_oldest_seconds{receiver="hook"} [1-9]')
        self.has('coord_relay_queue{receiver="hook",state="sending"} 1')
        hook.always = 200
        self.has('coord_relay_attempts_total{receiver="hook",outcome="sent"} 1', 'coord_relay_failing_seconds{receiver="hook"} 0',
                 'coord_relay_oldest_seconds{receiver="hook"} 0')
        self.assertEqual([self.ask(path="/")[0], self.ask("POST")[0], self.ask("HEAD")], [404, 405, (200, "")])
        if shutil.which("promtool"):
            subprocess.run(["promtool", "check", "metrics"], input=self.scrape(), text=True, check=True, timeout=120)

    def test_a_configuration_that_is_wrong_now_is_a_figure_and_another_address_is_taken(self):
        hook, other = self.hook(), free_port()
        self.configure(self.hooked(hook))
        self.start()
        self.has("coord_relay_configuration_right 1")
        self.configure({"route": {}})
        self.reload()
        self.has("coord_relay_configuration_right 0")
        self.configure(self.hooked(hook, metrics=f"127.0.0.1:{other}"))
        self.reload()
        until(lambda: "coord_relay_configuration_right 1\n" in self.scrape(other))
        self.assertRaises(OSError, self.ask)
        self.broker.end()
        until(lambda: "coord_relay_broker_connected 0\n" in self.scrape(other))
        self.broker.start()

    def test_an_address_that_is_taken_is_told_by_name_and_deliveries_go_on(self):
        hook = self.hook()
        with socket.create_server(("127.0.0.1", self.at)):
            self.configure(self.hooked(hook))
            self.start()
            self.assertIn(f"127.0.0.1:{self.at}: it cannot be listened on", self.read_log())
            self.assertIn("there are no `metrics`", self.read_log())
            self.assign(reference="HT-1")
            until(hook.taken)

    def test_a_client_that_sends_nothing_holds_nothing_up(self):
        hook = self.hook()
        self.configure(self.hooked(hook))
        self.start()
        silent = [socket.create_connection(("127.0.0.1", self.at)) for _ in range(8)]
        self.assign(reference="HT-1")
        until(hook.taken)
        self.has("coord_relay_broker_connected 1")
        for connection in silent:
            connection.close()

    def test_rules_ask_for_figures_that_there_are_and_fire(self):
        hook = self.hook()
        self.configure(self.hooked(hook))
        self.start()
        named = set(re.findall("^# TYPE (\\w+)", self.scrape(), re.M))
        for name, all_of_them in (("alerts_relay.yml", False), ("grafana_relay.json", True)):
            with open(os.path.join(MONITORING, name), encoding="utf-8") as file:
                asked = set(re.findall(r"coord_\w+", file.read()))
            self.assertGreater(len(asked), 3)
            self.assertEqual(asked - named, set(), name)
            if all_of_them:  # no figure that nobody sees
                self.assertEqual(named - asked, set(), name)
        if shutil.which("promtool"):
            for words in (["check", "rules", "alerts_relay.yml"], ["test", "rules", "alerts_relay_test.yml"]):
                run = subprocess.run(["promtool", *words], cwd=MONITORING, capture_output=True, text=True, timeout=120, check=False)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_what_the_dashboards_ask_is_right_and_nothing_covers_another(self):
        for name in ("grafana.json", "grafana_relay.json"):
            with open(os.path.join(MONITORING, name), encoding="utf-8") as file:
                panels = json.load(file)["panels"]
            self.assertEqual(sorted(panel["id"] for panel in panels), list(range(1, len(panels) + 1)))
            places = [(x, y) for panel in panels for at in (panel["gridPos"],)
                      for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
            self.assertEqual(len(places), len(set(places)), name)
            self.assertLess(max(x for x, _ in places), 24)
            rules = [{"record": f"panel:{panel['id']}:{target['refId']}", "expr": target["expr"]}
                     for panel in panels for target in panel["targets"]]
            self.assertGreater(len(rules), 10)
            if shutil.which("promtool"):
                file = self.write("dashboard.json", json.dumps({"groups": [{"name": name, "rules": rules}]}))
                run = subprocess.run(["promtool", "check", "rules", file], capture_output=True, text=True, timeout=120, check=False)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
