"""A TCP proxy before a PostgreSQL that breaks connections around appends, by chance: before one (nothing is sent on), after (it is
sent on, and all is closed at once), answered (the answer comes and is thrown away), late (the client is dropped, and only then the
append is sent on)."""
import random
import socket
import threading
import time

from ports import free_port

KINDS = ("before", "after", "answered", "late")
CONNECT_SECONDS = 5
APPEND = 2000  # bytes: what is smaller is a claim or a question


class Breaking:
    def __init__(self, port, seed, chance=0.1, host="127.0.0.1", listen="127.0.0.1", at=None):
        self.server, self.chance = (host, port), chance
        self.random = random.Random(seed)
        self.counts = dict.fromkeys(KINDS, 0)
        self.breaks, self.is_cut = True, False
        self.connections = []
        self.listener = socket.create_server((listen, at or free_port()))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Nothing goes through any more, as if the way to the server were cut, until it is healed."""
        self.is_cut = True
        for connection in self.connections:
            connection.close()

    def heal(self):
        self.is_cut = False

    def broken(self):
        return sum(self.counts.values())

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                if self.is_cut:
                    raise OSError("the way is cut")
                server = socket.create_connection(self.server, CONNECT_SECONDS)
                server.settimeout(None)
            except OSError:
                client.close()
                continue
            self.connections.append(Broken(self, client, server))
            self.connections[-1].start()

    def choose(self, size):
        """How to break this, or None."""
        if not self.breaks or size < APPEND or self.random.random() >= self.chance:
            return None
        kind = self.random.choice(KINDS)
        self.counts[kind] += 1
        return kind

    def close(self):
        self.listener.close()


class Broken:
    """One connection, until it is broken."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.kind = None
        self.answered = threading.Event()

    def start(self):
        threading.Thread(target=self._up, daemon=True).start()
        threading.Thread(target=self._down, daemon=True).start()

    def close(self):
        for side in (self.client, self.server):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            side.close()

    def _up(self):
        try:
            while True:
                data = self.client.recv(1 << 20)
                if not data:
                    break
                self.kind = self.kind or self.proxy.choose(len(data))
                if self.kind:
                    self._break(data)
                    break
                self.server.sendall(data)
        except OSError:
            pass
        self.close()

    def _break(self, data):
        if self.kind == "before":
            return
        if self.kind == "late":
            self.client.shutdown(socket.SHUT_RDWR)
            time.sleep(self.proxy.random.random() * 0.2)
        self.server.sendall(data)
        if self.kind != "after":
            self.answered.wait(5)

    def _down(self):
        try:
            while True:
                data = self.server.recv(1 << 20)
                if not data:
                    break
                if self.kind in ("answered", "late"):
                    self.answered.set()
                    return
                self.client.sendall(data)
        except OSError:
            pass
        self.answered.set()
        self.close()
