"""The faults: what is done to which machines while the agencies work. Each returns once what it did has had its effect; the cluster is healed
after it, while they go on working."""
import os
import random
import re
import signal
import sys
import time

from machines import AS_POSTGRES, HUB, ROOT
from programs import sh, signal_all, wait

sys.path.insert(0, os.path.join(ROOT, "tests", "rig"))
from breaking import Breaking  # noqa: E402

FREEZE_SECONDS = 12  # longer than a primary's ttl, and than coordd's lease
BROKEN = 300 if os.environ.get("FULL") else 25
LARGE = "x" * 3000  # what tells an append from a question, for who breaks connections (breaking.py)
FAULTS = []


def fault(short=True, note=""):
    """In the order of their declaration; `short`: in the short form too."""
    def take(function):
        FAULTS.append((function.__name__, function, short, note))
        return function
    return take


def others(cluster, machine):
    return [other for other in cluster.machines if other is not machine]


def kill_postgres(machine):
    signal_all(machine.postgres(), signal.SIGKILL)


def kill_database(machine):
    machine.programs["patroni"].kill()
    kill_postgres(machine)


def followed(cluster, primary):
    """Another is the primary."""
    wait(lambda: cluster.primary() not in (None, primary), cluster.state)


# ---- PostgreSQL's primary ----

@fault()
def primary_killed(cluster, work):
    """Patroni is there, and has another follow, as primary_start_timeout is 0; or the same starts anew."""
    kill_postgres(cluster.primary())
    work.go_on(5)


@fault()
def primary_killed_with_patroni(cluster, work):
    primary = cluster.primary()
    kill_database(primary)
    followed(cluster, primary)
    work.go_on(5)


@fault(short=False)
def primary_killed_with_patroni_on_coordds_machine(cluster, work):
    """A machine without power: all that it has is gone at once."""
    cluster.lead_on(cluster.primary())
    primary = cluster.primary()
    primary.programs["coordd"].kill()
    kill_database(primary)
    primary.programs["etcd"].kill()
    followed(cluster, primary)
    work.go_on(5)


@fault()
def primary_killed_with_etcds_leader(cluster, work):
    primary, voted = cluster.primary(), cluster.etcd_leader()
    kill_database(primary)
    voted.programs["etcd"].kill()
    followed(cluster, primary)
    work.go_on(5)


@fault(short=False)
def etcds_leader_killed(cluster, work):
    cluster.etcd_leader().programs["etcd"].kill()
    work.go_on(5)


@fault(short=False)
def etcd_lost(cluster, work):
    """Two of three: the primary goes on, as failsafe_mode is on and both others answer it."""
    for machine in others(cluster, cluster.primary()):
        machine.programs["etcd"].kill()
    time.sleep(FREEZE_SECONDS)
    work.go_on(5)


@fault()
def partition_healed_while_writing(cluster, work):
    """The primary's machine, with what else is on it, coordd too when that leads there."""
    primary = cluster.primary()
    primary.cut()
    followed(cluster, primary)
    work.go_on(5)
    primary.join()
    work.go_on(20)


@fault(short=False)
def partition_that_soon_heals(cluster, work):
    """About when another is chosen: what lost acknowledged records over etcd's API v3."""
    for seconds in (6.5, 8, 9.5):
        primary = cluster.primary()
        primary.cut()
        time.sleep(seconds)
        primary.join()
        work.go_on(10)
        wait(cluster.healthy, cluster.state)


@fault()
def frozen(cluster, work):
    """All processes of the primary's machine, which then wake."""
    primary = cluster.primary()
    programs = [primary.programs[name] for name in ("coordd", "patroni", "etcd")]
    for program in programs:
        program.signal(signal.SIGSTOP)
    signal_all(primary.postgres(), signal.SIGSTOP)
    followed(cluster, primary)
    work.go_on(5)
    signal_all(primary.postgres(), signal.SIGCONT)
    for program in programs:
        program.signal(signal.SIGCONT)
    work.go_on(20)


@fault(short=False)
def patroni_frozen(cluster, work):
    """Its PostgreSQL goes on under it, as a second primary, which has no standby any more once another leads."""
    primary = cluster.primary()
    primary.programs["patroni"].signal(signal.SIGSTOP)
    followed(cluster, primary)
    work.go_on(5)
    primary.programs["patroni"].signal(signal.SIGCONT)
    work.go_on(20)


@fault(short=False)
def postgres_frozen(cluster, work):
    primary = cluster.primary()
    signal_all(primary.postgres(), signal.SIGSTOP)
    time.sleep(FREEZE_SECONDS)
    signal_all(primary.postgres(), signal.SIGCONT)
    work.go_on(20)


# ---- standbys ----

@fault()
def standby_lost(cluster, work):
    kill_database(cluster.sync_standby())
    work.go_on(20)


@fault(short=False)
def standby_cut_off(cluster, work):
    cluster.sync_standby().cut()
    work.go_on(20)


@fault()
def both_standbys_lost(cluster, work):
    """Nothing is acknowledged, as synchronous_mode_strict is on, until one is back."""
    primary = cluster.primary()
    lost = others(cluster, primary)
    for machine in lost:
        kill_database(machine)
    time.sleep(FREEZE_SECONDS / 2)
    since = time.monotonic()
    time.sleep(2)
    assert not [at for writer in work.writers for at in writer.times if at > since], "acknowledged with no standby"
    for machine in lost:
        machine.heal()
    work.go_on(5)


@fault()
def switchover(cluster, work):
    """As an administrator has it, by patronictl."""
    primary, standby = cluster.primary(), cluster.sync_standby()
    sh(f"nsenter --net=/run/netns/{primary.name} {' '.join(AS_POSTGRES)} env HOME=/tmp LC_ALL=C.UTF-8 patronictl -c"
       f" {primary.path('/etc/patroni/config.yml')} switchover --master {primary.name} --candidate {standby.name} --force coord")
    followed(cluster, primary)
    work.go_on(5)


# ---- coordd ----

@fault()
def coordd_killed(cluster, work):
    leader = apart(cluster)
    leader.programs["coordd"].kill()
    wait(lambda: cluster.leads() not in (None, leader), "nobody follows")
    work.go_on(5)


@fault(short=False)
def coordd_stopped(cluster, work):
    leader = apart(cluster)
    leader.programs["coordd"].held = True
    leader.programs["coordd"].end()
    work.go_on(5)


@fault()
def coordd_frozen(cluster, work):
    leader = apart(cluster)
    program = leader.programs["coordd"]
    ended = len(program.codes)
    program.signal(signal.SIGSTOP)
    work.go_on(5)
    program.signal(signal.SIGCONT)
    wait(lambda: len(program.codes) > ended, "who was overtaken goes on")
    assert program.codes[ended] == 72, program.codes
    work.go_on(5)


@fault()
def coordd_cut_off(cluster, work):
    """With its machine, which is a standby's."""
    leader = apart(cluster)
    leader.cut()
    wait(lambda: cluster.leads() not in (None, leader), "nobody follows")
    work.go_on(5)
    leader.join()
    work.go_on(10)


def apart(cluster):
    """coordd leads on another machine than the primary's."""
    cluster.lead_on(others(cluster, cluster.primary())[0])
    return cluster.leader()


# ---- connections ----

@fault(note=LARGE)
def connections_broken_around_appends(cluster, work):
    """Before it is sent, after, once it is answered, or sent on late: at random, BROKEN times."""
    seed = random.randrange(1 << 30)
    print(f"  seed {seed}", flush=True)
    proxies = [Breaking(5432, seed + number, chance=0.2, host=machine.address, listen=HUB)
               for number, machine in enumerate(cluster.machines)]
    hosts = ", ".join(f"{HUB}:{proxy.port}" for proxy in proxies)
    kept = {}
    for machine in cluster.machines:
        path = machine.path("/etc/coordd/coordd.conf")
        with open(path, encoding="utf-8") as file:
            kept[path] = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub("(?m)^hosts = .*$", f"hosts = {hosts}", kept[path]))
    restart(cluster)
    try:
        before = -1
        while (broken := sum(proxy.broken() for proxy in proxies)) < BROKEN:
            assert broken > before or broken == 0, f"{broken} connections were broken, and no more"
            before = broken
            work.go_on(10)
    finally:
        for path, text in kept.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        for proxy in proxies:
            proxy.breaks = False
    kinds = {kind: sum(proxy.counts[kind] for proxy in proxies) for kind in proxies[0].counts}
    print(f"  broken: {kinds}", flush=True)
    restart(cluster)
    for proxy in proxies:
        proxy.close()


def restart(cluster):
    """The ones that wait first."""
    leader = cluster.leader()
    for machine in [*others(cluster, leader), leader]:
        wait(machine.programs["coordd"].pid, "coordd does not come back")
        machine.programs["coordd"].end()
    cluster.leader()
