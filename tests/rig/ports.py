"""A port of loopback for a test, which nobody else gets until the test's process ends."""
import atexit
import os
import socket

# Below the ports that the system gives to connections and to who asks for port 0: one of those could stand where a
# program is to listen, or to come back. The same as tools.c's.
FIRST, LAST = 12000, 32000
held = []  # names on this machine, one for each port given: test programs beside this one look past them


@atexit.register
def give_back():
    for name in held:
        name.close()


def free_port():
    for tried in range(LAST - FIRST):
        port = FIRST + (os.getpid() * 37 + len(held) + tried) % (LAST - FIRST)
        name = socket.socket(socket.AF_UNIX)
        try:
            name.bind(f"\0coordd-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            name.close()
            continue
        held.append(name)
        return port
    raise AssertionError(f"no port from {FIRST} to {LAST} is free")
