"""The three coordd of the machines: one store, one leads, two follow it and answer what is only read."""
import json
import os
import shutil

from machines import HOME, Cluster
from programs import sh, wait

LEAD_SECONDS = 60  # of one hand-over, to a coordd that may only be starting


class Brokers(Cluster):
    def __init__(self, coordd, coordctl):
        super().__init__()
        self.coordd, self.coordctl = coordd, coordctl
        self.admin = None

    def make_store(self, *settings):
        """The role, the database, and the store with its keys, which the others get too. Returns the administrator's context."""
        primary, first = self.primary(), self.machines[0]
        primary.sql("CREATE ROLE coordd LOGIN", "postgres")
        primary.sql("CREATE DATABASE coordd OWNER coordd", "postgres")
        sh(f"nsenter --net=/run/netns/{first.name} {self.coordd} init --agency tinh --name Tỉnh {' '.join(first.coordd_options())}"
           f" {' '.join(settings)}")
        for machine in self.machines[1:]:
            for file in ("server.key", "server.pub"):
                shutil.copy(first.path(f"/var/lib/coordd/{file}"), machine.path(f"/var/lib/coordd/{file}"))
        for machine in self.machines:
            machine.start_coordd(self.coordd)
        self.leader()
        self.admin = first.path("/var/lib/coordd/admin.context")
        return self.admin

    def leads(self, primary=None):
        """The machine whose coordd the head names. `primary`: where the head is to be looked for, when that is known; Patroni is asked for it
        else, and of a machine that is cut off in vain for a while."""
        primary = primary or self.primary()
        name = primary and primary.sql("SELECT leader FROM coordd.head")
        for machine in self.machines:
            pid = machine.programs["coordd"].pid()
            if pid and name and f":{pid}:" in name + ":":
                return machine
        return None

    def leader(self):
        return wait(self.leads, "no coordd leads")

    def ctl(self, *words):
        return json.loads(sh(f"{self.coordctl} --context {self.admin} --timeout {LEAD_SECONDS} --json {' '.join(words)}"))

    def hand_over(self, to=None):
        """As an administrator has it, who knows all three. Returns what the reply says."""
        return self.ctl("leader", "hand-over", *(["--to", to.endpoint] if to else []))

    def lead_on(self, wanted):
        """The lead goes to that machine."""
        if self.leader() is not wanted:
            wait(lambda: self.answers(wanted), f"coordd of {wanted.name} does not answer")
            self.hand_over(wanted)
            wait(lambda: self.leads() is wanted, f"coordd of {wanted.name} does not lead")
        return wanted

    def answers(self, machine):
        """Whether its coordd is there and knows who leads."""
        said = self.ctl("status")
        return any(broker.get("endpoint") == machine.endpoint and broker.get("role") for broker in said.get("brokers", []))

    def verify(self):
        """`coordd verify` of the whole chain, and that every PostgreSQL holds the same."""
        leader = self.leader()
        said = sh(f"nsenter --net=/run/netns/{leader.name} {self.coordd} verify {' '.join(leader.coordd_options())} 2>&1")
        assert "all as they were written" in said, said
        sql = ("SELECT count(*), max(seq), md5(string_agg(hash::text, '' ORDER BY seq)) FROM coordd.record;"
               "SELECT count(*), md5(string_agg(key::text || seq::text || body::text, '' ORDER BY key)) FROM coordd.state_row")
        wait(lambda: len({machine.sql(sql) or machine.name for machine in self.machines}) == 1,
             lambda: f"the three differ: {[machine.sql(sql) for machine in self.machines]}")
