"""The faults of coordd, and of its connections to PostgreSQL: see faults.py."""
import os
import random
import re
import signal
import time

from breaking import Breaking
from faults import fault, others
from machines import HUB
from programs import wait

ALONE_SECONDS = 4  # in which coordd that leads is followed, with a lease of 3
HANDED_SECONDS = 1
HAND_OVERS = 3
BROKEN, CHANCE = 300, 0.4
LARGE = "x" * 3000  # what tells an append from a question, for who breaks connections (breaking.py)


def apart(cluster):
    """coordd leads where neither the primary is nor its synchronous standby."""
    busy = (cluster.primary(), cluster.sync_standby())
    return cluster.lead_on(next(machine for machine in cluster.machines if machine not in busy))


def another_leads(cluster, leader, hit):
    """…after `hit` was done to who led."""
    primary, since = cluster.primary(), time.monotonic()
    hit()
    wait(lambda: cluster.leads(primary) not in (None, leader), "nobody takes the lead")
    print(f"  another leads {time.monotonic() - since:.2f} s later", flush=True)


# ---- coordd ----

@fault(most=ALONE_SECONDS)
def coordd_killed(cluster, work):
    leader = apart(cluster)
    another_leads(cluster, leader, leader.programs["coordd"].kill)
    work.go_on(5)


@fault(short=False, most=ALONE_SECONDS)
def coordd_stopped(cluster, work):
    leader = apart(cluster)
    leader.programs["coordd"].held = True
    leader.programs["coordd"].end()
    work.go_on(5)


@fault(most=ALONE_SECONDS)
def coordd_frozen(cluster, work):
    leader = apart(cluster)
    program = leader.programs["coordd"]
    ended = len(program.codes)
    another_leads(cluster, leader, lambda: program.signal(signal.SIGSTOP))
    work.go_on(5)
    program.signal(signal.SIGCONT)
    wait(lambda: len(program.codes) > ended, "who was overtaken goes on")
    assert program.codes[ended] == 72, program.codes
    work.go_on(5)


@fault(most=ALONE_SECONDS)
def coordd_cut_off(cluster, work):
    """With its machine, which is that of the standby that nobody waits for."""
    leader = apart(cluster)
    another_leads(cluster, leader, leader.cut)
    work.go_on(5)
    leader.join()
    work.go_on(10)


# ---- the lead is handed over ----

@fault(most=HANDED_SECONDS)
def handed_over(cluster, work):
    """As an administrator has it, to whoever comes, while all write: no change is refused but by who leads no more, which says who does."""
    before = work.refused()
    for _ in range(HAND_OVERS):
        leader, since = cluster.leader(), time.monotonic()
        reply = cluster.hand_over()
        new = cluster.leader()
        assert new is not leader and reply["leader"] == new.endpoint, reply
        work.go_on(5)
        print(f"  from {leader.name} to {new.name}: {reply['took_ms']} ms, {work.longest(since):.2f} s between two acknowledgements", flush=True)
    refused = work.refused() - before
    assert set(refused) <= {"not_leader"}, refused


# ---- connections ----

@fault(note=LARGE, most=None)
def connections_broken_around_appends(cluster, work):
    """Before it is sent, after, once it is answered, or sent on late: at random, BROKEN times."""
    seed = random.randrange(1 << 30)
    print(f"  seed {seed}", flush=True)
    proxies = [Breaking(5432, seed + number, chance=CHANCE, host=machine.address, listen=HUB)
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
