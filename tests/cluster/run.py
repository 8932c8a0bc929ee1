"""What run.sh starts in its namespaces: run.py coordd coordctl [FAULT…]. Says for each fault how long nobody acknowledged, and holds the ledger,
the subscribers, who reads, the chain, the three databases and the three coordd to it."""
import os
import signal
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
for room in (HERE, os.path.join(HERE, "..", "rig"), os.path.join(HERE, "..", "..", "clients", "python")):
    sys.path.insert(0, room)
from brokers import Brokers  # noqa: E402
from faults import FAULTS  # noqa: E402
import faults_coordd  # noqa: E402,F401
from readers import told  # noqa: E402
from work import Office  # noqa: E402

LONGEST_SECONDS = 60  # what a fault may take at most is its own, on a quiet machine; this is where something is wrong on any
LOG_LINES = 8


def one(cluster, office, name, function, note, most):
    began = time.monotonic()
    leader, primary = cluster.leader(), cluster.primary()
    work = office.begin(note, cluster.machines, leader)
    at = time.monotonic()
    function(cluster, work)
    longest = work.longest(at)
    cluster.heal()
    count = work.end()
    cluster.verify()
    print(f"measured {name}: {longest:.2f} s without a leader, {count} acknowledged, 0 lost, 0 doubled, 0 gaps,"
          f" {time.monotonic() - began:.0f} s in all")
    print(f"  coordd led on {leader.name}, PostgreSQL on {primary and primary.name}; {told(work.readers)}", flush=True)
    if most and longest > most:
        print(f"missed {name}: {longest:.2f} s without a leader, of {most}", flush=True)
    assert longest < LONGEST_SECONDS, f"nobody acknowledged for {longest:.1f} s"


def tell(cluster):
    for machine in cluster.machines:
        for program in machine.programs.values():
            print(f"---- {machine.name} {program.name}, ended with {program.codes}:", file=sys.stderr)
            print("\n".join(program.read_log().splitlines()[-LOG_LINES:]), file=sys.stderr)


def main(coordd, coordctl, *names):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    unknown = set(names) - {name for name, *_ in FAULTS}
    if unknown:
        print(f"there is no fault {', '.join(sorted(unknown))}; there are {', '.join(name for name, *_ in FAULTS)}", file=sys.stderr)
        return 64
    full = bool(os.environ.get("FULL"))
    chosen = [row for row in FAULTS if (row[0] in names if names else row[2] or full)]
    began = time.monotonic()
    cluster, office = Brokers(coordd, coordctl), None
    try:
        cluster.up()
        office = Office(coordctl, cluster.make_store("--tasking", "open", "--default-policy", "none"), cluster.machines)
        print(f"measured cluster: three machines after {time.monotonic() - began:.1f} s", flush=True)
        for name, function, _, note, most in chosen:
            at = name
            one(cluster, office, name, function, note, most)
        told_there = [archive.by_followers for archive in office.archives]
        assert all(told_there), told_there
        print(f"  by streams that began at who follows: {' and '.join(map(str, told_there))} notifications to two of the subscribers", flush=True)
    except BaseException:
        traceback.print_exc()
        tell(cluster)
        print(f"cluster-check: FAIL {at if office else 'start'}", file=sys.stderr)
        return 1
    finally:
        if office:
            office.end()
        cluster.end()
    print(f"ok    cluster: {len(chosen)} faults in {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    code = main(*sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # clients that hang in a call are no reason to stay
