"""Three machines: network namespaces with etcd, PostgreSQL under Patroni, and coordd, of the files that clients/presets/cluster makes.

Of what is shipped two things are other: TTL is 8, and paths begin with the machine's directory."""
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import urllib.request

from programs import Program, sh, signal_all, wait

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRESETS = os.path.join(ROOT, "clients", "presets", "cluster")
HOME = "/run/c"  # short: a socket's path has 107 bytes at most
HUB = "10.20.0.1"  # where the agencies' programs are
NAMES = ("may1", "may2", "may3")
ADDRESSES = {name: f"10.20.0.{11 + number}" for number, name in enumerate(NAMES)}
OURS = re.compile(r"(?<![\w.])(?=/(?:etc/(?:etcd|patroni|coordd)|var/lib/(?:etcd|postgresql)|run/postgresql)\b)")
AS_POSTGRES = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
HEAL_SECONDS = 180


class Machine:
    def __init__(self, name):
        self.name, self.address = name, ADDRESSES[name]
        self.endpoint = f"tcp://{self.address}:5670"
        self.root = os.path.join(HOME, name)
        self.programs = {}

    def path(self, path):
        return self.root + path

    def install(self):
        """What README.md of the presets has a DBA type on each machine."""
        made = os.path.join(HOME, "made", self.name)
        for directory in ("/etc/etcd/tls", "/etc/patroni/tls", "/etc/coordd/tls", "/var/lib/etcd", "/var/lib/postgresql",
                          "/var/lib/coordd", "/run/postgresql"):
            os.makedirs(self.path(directory))
        for directory, key in (("etcd", "machine"), ("patroni", "machine"), ("coordd", "coordd")):
            for file in ("ca.crt", key + ".crt", key + ".key"):
                shutil.copy(os.path.join(made, file), self.path(f"/etc/{directory}/tls/{file}"))
        for file, path in (("etcd", "/etc/etcd/default"), ("patroni.yml", "/etc/patroni/config.yml"), ("coordd.conf", "/etc/coordd/coordd.conf")):
            with open(os.path.join(made, file), encoding="utf-8") as template, open(self.path(path), "w", encoding="utf-8") as out:
                out.write(OURS.sub(self.root, template.read()))
        sh(f"chown -R postgres: {self.root}/etc/patroni {self.root}/var/lib/postgresql {self.root}/run; chmod 755 {self.root}")
        # Patroni's own directory is 700 to others; its socket's must be entered by who asks.
        sh(f"chmod 755 {self.root}/run {self.root}/run/postgresql {self.root}/etc")

    def connect(self, number):
        link = f"p{number}"
        sh(f"ip netns add {self.name} && ip link add {link} type veth peer name eth0 netns {self.name} && ip link set {link} master br0 up"
           f" && ip -n {self.name} link set lo up && ip -n {self.name} addr add {self.address}/24 dev eth0"
           f" && ip -n {self.name} link set eth0 up")

    def cut(self):
        sh(f"ip -n {self.name} link set eth0 down")

    def join(self):
        sh(f"ip -n {self.name} link set eth0 up")

    # ---- its programs ----

    def start_etcd(self):
        with open(self.path("/etc/etcd/default"), encoding="utf-8") as file:
            environment = dict(line.strip().split("=", 1) for line in file if line.startswith("ETCD_"))
        self.programs["etcd"] = Program(self, "etcd", ["/usr/bin/etcd"], environment).start()

    def start_patroni(self):
        self.programs["patroni"] = Program(self, "patroni", [*AS_POSTGRES, "/usr/bin/python3", "/usr/bin/patroni",
                                                             self.path("/etc/patroni/config.yml")]).start()

    def coordd_options(self):
        return ["--dir", self.path("/var/lib/coordd"), "--config", self.path("/etc/coordd/coordd.conf")]

    def start_coordd(self, coordd):
        self.programs["coordd"] = Program(self, "coordd", [coordd, "run", *self.coordd_options()], again_seconds=2).start()

    def postgres(self):
        """Its processes, the one that starts the others first."""
        try:
            with open(self.path("/var/lib/postgresql/15/coord/postmaster.pid"), encoding="ascii") as file:
                pid = int(file.readline())
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                return [pid, *(int(word) for word in file.read().split())]
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return []

    def heal(self):
        """All that was done to it is undone."""
        self.join()
        signal_all(self.postgres(), signal.SIGCONT)
        for program in self.programs.values():
            program.signal(signal.SIGCONT)
            program.held = False

    def sql(self, sql, database="coordd"):
        """What its PostgreSQL answers; None when it does not."""
        run = subprocess.run([*AS_POSTGRES, "psql", "-XqAt", "-h", self.path("/run/postgresql"), "-d", database, "-c", sql], capture_output=True,
                             text=True, check=False, timeout=60, env=dict(os.environ, PGCONNECT_TIMEOUT="5"), cwd="/")
        return run.stdout.strip() if run.returncode == 0 else None


class Cluster:
    def __init__(self):
        self.machines = [Machine(name) for name in NAMES]
        self.tls = None

    def up(self):
        os.makedirs(HOME)
        with open(os.path.join(PRESETS, "cluster.env"), encoding="utf-8") as file:
            text = file.read()
        assert "TTL=20\n" in text and "ALSO=\n" in text and all(f"{name}={address}" in text for name, address in ADDRESSES.items())
        settings = os.path.join(HOME, "cluster.env")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(text.replace("TTL=20\n", "TTL=8\n").replace("ALSO=\n", f"ALSO={HUB}\n"))
        sh(f"{PRESETS}/prepare {HOME}/made {settings}")
        sh(f"ip link set lo up && ip link add br0 type bridge && ip addr add {HUB}/24 dev br0 && ip link set br0 up && mkdir -p /run/netns")
        for number, machine in enumerate(self.machines):
            machine.connect(number)
            machine.install()
        made = os.path.join(HOME, "made", NAMES[0])
        self.tls = ssl.create_default_context(cafile=os.path.join(made, "ca.crt"))
        self.tls.load_cert_chain(os.path.join(made, "machine.crt"), os.path.join(made, "machine.key"))
        for machine in self.machines:
            machine.start_etcd()
        for machine in self.machines:
            machine.start_patroni()
        wait(self.healthy, self.state)

    def end(self):
        """In good order, the ones that stand on others first; what does not go is killed with the namespace."""
        for name in ("coordd", "patroni", "etcd"):
            for machine in self.machines:
                if name in machine.programs:
                    machine.programs[name].ending = True
                    machine.programs[name].signal(signal.SIGCONT)
                    machine.programs[name].kill()
        for machine in self.machines:
            signal_all(machine.postgres(), signal.SIGKILL)

    # ---- what Patroni and etcd say ----

    def ask(self, machine, port, path):
        try:
            with urllib.request.urlopen(f"https://{machine.address}:{port}/{path}", timeout=2, context=self.tls) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return None

    def members(self):
        for machine in self.machines:
            said = self.ask(machine, 8008, "cluster")
            if said:
                return said["members"]
        return []

    def state(self):
        return f"{self.members()}"

    def named(self, name):
        return next((machine for machine in self.machines if machine.name == name), None)

    def of_role(self, role):
        return next((self.named(member["name"]) for member in self.members()
                     if member["role"] == role and member["state"] in ("running", "streaming")), None)

    def primary(self):
        return self.of_role("leader")

    def sync_standby(self):
        return self.of_role("sync_standby")

    def healthy(self):
        """One leads, one is its synchronous standby, and all have the same timeline and what it has."""
        members = self.members()
        roles = sorted(member["role"] for member in members)
        return (roles == ["leader", "replica", "sync_standby"] and len({member.get("timeline") for member in members}) == 1
                and all(member["state"] in ("running", "streaming") and member.get("lag", 0) == 0 for member in members))

    def etcd_leader(self):
        for machine in self.machines:
            said = self.ask(machine, 2379, "v2/stats/self")
            if said and said["state"] == "StateLeader":
                return machine
        return None

    def heal(self):
        for machine in self.machines:
            machine.heal()
        wait(self.healthy, self.state, HEAL_SECONDS)
