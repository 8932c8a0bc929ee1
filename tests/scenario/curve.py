"""A client's side of ZMTP 3.0 with CURVE (RFC 23 and 26) over a plain socket: for what libzmq does not do."""
import ctypes
import ctypes.util
import select
import socket
import struct

from zmq.utils import z85

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
MORE, LONG, COMMAND = 1, 2, 4


def box(plain, nonce, public, secret):
    out = ctypes.create_string_buffer(len(plain) + 16)
    assert SODIUM.crypto_box_easy(out, plain, ctypes.c_ulonglong(len(plain)), nonce, public, secret) == 0
    return out.raw


def unbox(cipher, nonce, public, secret):
    out = ctypes.create_string_buffer(len(cipher) - 16)
    assert SODIUM.crypto_box_open_easy(out, cipher, ctypes.c_ulonglong(len(cipher)), nonce, public, secret) == 0
    return out.raw


class Curve:
    """A connection whose handshake is done, as a context's agency; from then on it sends whatever parts it is told to."""

    def __init__(self, context, path=None):
        self.server, self.public, self.secret = (z85.decode(context[name].encode())
                                                 for name in ("server_key", "public_key", "secret_key"))
        public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
        assert SODIUM.crypto_box_keypair(public, secret) == 0
        self.short_public, self.short_secret, self.serial = public.raw, secret.raw, 0
        if path:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(path)
        else:
            host, port = context["endpoint"].removeprefix("tcp://").split(":")
            self.socket = socket.create_connection((host, int(port)))
        self.socket.settimeout(60)
        self.taken = b""
        self.shake_hands()

    def close(self):
        self.socket.close()

    def take(self):
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionResetError("the connection was ended")
        self.taken += more

    def read(self, size):
        while len(self.taken) < size:
            self.take()
        data, self.taken = self.taken[:size], self.taken[size:]
        return data

    def send(self, data):
        """The end of the connection is noticed as well while there is no room: the kernel tells it to readers alone."""
        data = memoryview(data)
        while data:
            readable, writable, _ = select.select([self.socket], [self.socket], [], 60)
            if readable:
                self.take()
            elif writable:
                data = data[self.socket.send(data, socket.MSG_DONTWAIT):]
            else:
                raise TimeoutError("nothing goes, and it is not ended")

    def next_nonce(self, prefix):
        self.serial += 1
        short = struct.pack(">Q", self.serial)
        return short, prefix + short

    def write(self, flags, body):
        head = struct.pack(">BQ", flags | LONG, len(body)) if len(body) > 255 else struct.pack(">BB", flags, len(body))
        self.send(head + body)

    def shake_hands(self):
        self.socket.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"CURVE".ljust(20, b"\0") + bytes(32))
        self.read(64)
        short, nonce = self.next_nonce(b"CurveZMQHELLO---")
        self.write(COMMAND, b"\x05HELLO\x01\x00" + bytes(72) + self.short_public + short +
                   box(bytes(64), nonce, self.server, self.short_secret))
        welcome = self.read(self.read(2)[1])
        assert welcome[:8] == b"\x07WELCOME", welcome[:20]
        inside = unbox(welcome[24:], b"WELCOME-" + welcome[8:24], self.server, self.short_secret)
        self.short_server, cookie = inside[:32], inside[32:]
        vouch = bytes(16)
        metadata = b"\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER" + b"\x08Identity" + struct.pack(">I", 0)
        short, nonce = self.next_nonce(b"CurveZMQINITIATE")
        inside = (self.public + vouch + box(self.short_public + self.server, b"VOUCH---" + vouch, self.short_server, self.secret) +
                  metadata)
        self.write(COMMAND, b"\x08INITIATE" + cookie + short + box(inside, nonce, self.short_server, self.short_secret))
        ready = self.read(self.read(2)[1])
        assert ready[:6] == b"\x05READY", ready[:20]

    def part(self, payload, more):
        """One part of a message."""
        short, nonce = self.next_nonce(b"CurveZMQMESSAGEC")
        self.write(0, b"\x07MESSAGE" + short + box(bytes([MORE if more else 0]) + payload, nonce, self.short_server, self.short_secret))
