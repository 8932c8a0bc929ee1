"""The faults of etcd and PostgreSQL (of coordd: faults_coordd.py): what is done to which machines while the agencies work. Each returns once
what it did has had its effect; the cluster is healed after it, while they go on working."""
import signal
import time

from machines import AS_POSTGRES
from programs import sh, signal_all, wait

FREEZE_SECONDS = 12  # longer than a primary's ttl, and than coordd's lease
PRIMARY_SECONDS = 12  # in which a primary is followed, with 8/1/3
FAULTS = []


def fault(short=True, note="", most=PRIMARY_SECONDS):
    """In the order of their declaration; `short`: in the short form too; `most`: seconds without a leader, None where nobody may acknowledge
    for as long as the fault lasts."""
    def take(function):
        FAULTS.append((function.__name__, function, short, note, most))
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


@fault(short=False, most=None)
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


@fault(short=False, most=None)
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


@fault(most=None)
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
