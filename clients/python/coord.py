"""A client of coordd in Python, from protocol/PROTOCOL.md alone: python3-zmq and python3-msgpack.

    with Coord("huyen.context") as coord:
        task = coord.call("assign", reference="HT-1", leads=["xa-1"], content={"title": "…", "due": "10wd"})
        for record in coord.stream(consumer="archive"):
            print(record["seq"], record.get("reason"))

One Coord is used by one thread. A change is sent again under its own id until it is answered, so it has one effect.
A key that the broker refuses is told at once (CoordError `key_unknown`); the next call tries it again, after a pause.
Where a context names several endpoints, they are tried in turn, from the one that last answered, and what a broker that follows does not
do, or is not to answer, goes to the one that leads.
"""
import random
import re
import time
import uuid

import msgpack
import zmq
from zmq.utils.monitor import recv_monitor_message

RESEND_SECONDS = 2.0  # silence after which a request is sent again; it doubles up to RESEND_MAX_SECONDS
RESEND_MAX_SECONDS = 10.0
PING_SECONDS = 3.0  # silence on a stream after which the broker is asked whether it still stands
UNREACHABLE_SECONDS = 5.0  # without a connection, after which a call that was given no time of its own says so
PAUSE_SECONDS, PAUSE_MAX_SECONDS = 0.1, 5.0  # before a new socket, after a refused one; it doubles
ROUND_MAX_SECONDS = 1.0  # of several endpoints: before they are tried anew, once none of them answered
CONNECT_SECONDS, CONNECT_MAX_SECONDS = 2.0, 16.0  # of several endpoints: then one that took no connection is left; doubles each round
FRAME_SIZE_MAX = 1 << 20  # what the broker reads of one frame
CONTEXT_SETTINGS = ("endpoint", "server_key", "agency", "public_key", "secret_key")
MOVES_FORGOTTEN_SECONDS = 10.0  # after that long without being sent on to another, endpoints are asked in turn without a pause again
RETRIED = ("rate_limited", "in_flight_limit", "stopping")
READS = ("hello", "summary", "status", "load")  # what changes nothing; and whatever ends in one of these:
READ_ENDINGS = ("_get", "_list", "_history", "_explain", "_custody", "_coverage")
STREAMS = ("subscribe", "credit", "consumed", "unsubscribe")
ONCE = ("backup", "hand_over")  # what would be begun a second time if it was sent again


class CoordError(Exception):
    """A refusal. `name` is the error's name on the wire; the other fields of the message `error` are in `fields`."""

    def __init__(self, fields):
        self.name, self.field = fields["error"], fields.get("field", "")
        self.retry, self.fields = fields["retry"], fields
        super().__init__(f"{self.name}: {self.field} {fields['message']}")


class TimedOut(Exception):
    """No answer came in time. The request may still have been done: send it again under the same id."""


class Unreachable(TimedOut):
    """Nobody answers at the endpoint. Nothing was done: the request was never sent, or it changes nothing."""


def read_context(path):
    """The settings of a context file: endpoint (of several machines all, by commas), server_key, agency, public_key, secret_key.
    CoordError `bad_context` when one of them is missing."""
    settings = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            name, equals, value = line.partition("=")
            if equals and not line.lstrip().startswith(("#", ";")):
                name, value = name.strip(), value.strip()
                if name == "endpoint" and name in settings:
                    value = f"{settings[name]}, {value}"
                settings[name] = value
    for name in CONTEXT_SETTINGS:
        if not settings.get(name):
            raise CoordError({"error": "bad_context", "field": name, "retry": False, "message": f"{path}: {name} is missing."})
    return settings


def shared_context():
    """The process's ZeroMQ context, with room for the three sockets (two of them a monitor's) of each of many clients."""
    context = zmq.Context.instance()
    context.set(zmq.MAX_SOCKETS, max(context.get(zmq.MAX_SOCKETS), 16384))
    return context


class Coord:
    def __init__(self, context, timeout=None, zmq_context=None, read_from="leader", within=None):
        """`context` is a context file's path, or its settings as a dict. `timeout` is that of a call, in seconds; without
        one it is 30, but for a broker that cannot be reached: that is told after UNREACHABLE_SECONDS.

        `read_from`, of several endpoints: leader, or any: then what changes nothing, and the stream, is answered by whichever broker
        answers, begun with by chance; a change has the connection move to the leader, where it stays. What was changed or seen is seen
        from then on. `within`: how many seconds old at most may be what a follower answers from. `as_of` and `lag_ms` are those of
        the answer that came last; None when the leader gave it."""
        if read_from not in ("leader", "any"):
            raise ValueError(f"read_from is leader or any, not {read_from!r}")
        self.settings = context if isinstance(context, dict) else read_context(context)
        self.timeout, self.patient = timeout or 30.0, timeout is not None
        self._zmq = zmq_context or shared_context()
        self.endpoints = re.split(r"[ \t]*,[ \t]*(?=(?:tcp|ipc)://)", self.settings["endpoint"])
        self.read_from, self.within = read_from, within
        self.as_of = self.lag_ms = None
        self._seen = 0  # newest sequence of a change of one's own, or that a follower answered as of
        self._leader = self._asked = None  # who leads, as the broker of this connection says; id of the request that asks it
        self._moves, self._moved = 0, 0.0  # how often a broker sent us on to another, and when it last did
        # of these: the one at hand; how many were tried since one answered
        self._at, self._tried = random.randrange(len(self.endpoints)) if read_from == "any" else 0, 0
        self._generation = 0  # of the socket: what was sent on an older one is lost
        self._heard_of = 0  # frames that came on it since the call at hand was sent first
        self._records, self._closed = [], None  # of the stream, come while a call waited
        self._bundle = []  # what came in one frame and was not looked at yet
        self.store = None  # that the stream's sequences are of; bytes, to be set where an earlier one's are known
        self._pause = self._not_before = 0.0
        self._patience = CONNECT_SECONDS
        self._down_since = time.monotonic()  # None while the connection stands
        self._connect()

    # ---- the connection ----

    def _connect(self):
        socket = self._socket = self._zmq.socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.SNDHWM, 0)
        socket.setsockopt(zmq.RCVHWM, 0)
        socket.setsockopt(zmq.RECONNECT_IVL, 50)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 2000)
        socket.setsockopt(zmq.HEARTBEAT_IVL, 5000)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 15000)
        socket.curve_serverkey = self.settings["server_key"].encode()
        socket.curve_publickey = self.settings["public_key"].encode()
        socket.curve_secretkey = self.settings["secret_key"].encode()
        self._monitor = socket.get_monitor_socket(
            zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_FAILED_AUTH | self._failures())
        self._poller = zmq.Poller()
        self._poller.register(socket, zmq.POLLIN)
        self._poller.register(self._monitor, zmq.POLLIN)
        self._generation += 1
        self._tried += 1
        self._heard = False  # a frame came on this connection
        self._stood = False  # it has proved its keys
        self._begun = time.monotonic()
        self._leader = None
        socket.connect(self.endpoint)
        if len(self.endpoints) > 1:  # who leads: nobody waits for the answer
            self._asked = uuid.uuid4().hex
            socket.send(msgpack.packb({"op": "hello", "id": self._asked}))

    @property
    def endpoint(self):
        """The one that the connection is to, or that is tried."""
        return self.endpoints[self._at]

    def _turn(self, stay=False):
        """The connection is of no more use: the next endpoint's turn, or the same one's again, after a pause once all were tried. With
        one endpoint ZeroMQ connects again by itself."""
        if len(self.endpoints) == 1 or self._socket.closed:
            return
        self._disconnect()
        self._down_since = self._down_since or time.monotonic()
        self._at = self._at if stay else (self._at + 1) % len(self.endpoints)
        if self._tried >= len(self.endpoints):
            self._patience = min(self._patience * 2, CONNECT_MAX_SECONDS)
            self._not_before = time.monotonic() + self._pause * random.uniform(0.75, 1.25)
            self._pause, self._tried = min(max(self._pause * 2, PAUSE_SECONDS), ROUND_MAX_SECONDS), 0

    def _go(self, leader):
        """The broker is not the one to ask: on to the leader or, where that is not known, to the next endpoint. At once, until each could
        have been asked; then after pauses: brokers may name each other while the lead goes over, or someone who is gone."""
        now = time.monotonic()
        self._disconnect()
        self._down_since = self._down_since or now
        self._moves = self._moves + 1 if now - self._moved <= MOVES_FORGOTTEN_SECONDS else 1
        self._moved, beyond = now, self._moves - len(self.endpoints)
        # whoever is named may be gone, which whoever names it has not heard: then the third is to be asked too
        known = leader in self.endpoints and leader != self.endpoint and (beyond <= 0 or self._moves % 2 == 0)
        self._at = self.endpoints.index(leader) if known else (self._at + 1) % len(self.endpoints)
        pause = min(PAUSE_SECONDS * 2 ** min(beyond - 1, 10), ROUND_MAX_SECONDS) if beyond > 0 else 0.0
        self._not_before = now + pause * random.uniform(0.75, 1.25)

    def _failures(self):
        """With several endpoints: what ends an attempt at one."""
        failed = (zmq.EVENT_CLOSED | zmq.EVENT_CONNECT_RETRIED | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
                  | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL)
        return failed if len(self.endpoints) > 1 else 0

    def _disconnect(self):
        if not self._socket.closed:
            self._socket.disable_monitor()
            self._monitor.close()
            self._socket.close()
            self._bundle = []

    def _renew(self, deadline):
        """A socket whose key was refused, or of an endpoint that does not answer, never tries again by itself: the next one is
        made, after its pause."""
        if self._socket.closed:
            time.sleep(max(0.0, min(self._not_before, deadline) - time.monotonic()))
            self._connect()

    def _watch(self):
        """Takes in what became of the connection; raises when the broker refused the key."""
        while not self._socket.closed and self._monitor.poll(0):
            event = recv_monitor_message(self._monitor)
            if event["event"] == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self._down_since, self._stood = None, True
            elif event["event"] == zmq.EVENT_DISCONNECTED:
                self._down_since = self._down_since or time.monotonic()
                self._turn(stay=self._heard)
            elif event["event"] & self._failures():
                self._turn()
            elif event["event"] == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                self._disconnect()
                self._not_before = time.monotonic() + self._pause * random.uniform(0.75, 1.25)
                self._pause = min(max(self._pause * 2, PAUSE_SECONDS), PAUSE_MAX_SECONDS)
                raise CoordError({"error": "key_unknown", "field": "public_key", "retry": event["value"] != 400,
                                  "message": f"the broker at {self.endpoint} refused the key "
                                             f"{self.settings['public_key']}; ask the administrator to add it"})

    def close(self):
        self._disconnect()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    # ---- frames ----

    def send_frame(self, frame):
        """Sends bytes as they are; call() is what a program wants."""
        self._socket.send(frame)

    def _receive(self, seconds):
        """The next message as a dict; None when there is none in time, or it is another endpoint's turn. CoordError when the broker
        refuses the key."""
        deadline = time.monotonic() + seconds
        while (message := self._receive_frame(deadline)) is not None and self._asked and message.get("id") == self._asked:
            self._leader = message.get("leader")
        return message

    def _receive_frame(self, deadline):
        while not self._bundle and not self._socket.closed:
            until = deadline if self._stood or len(self.endpoints) == 1 else min(deadline, self._begun + self._patience)
            ready = dict(self._poller.poll(max(0, int((until - time.monotonic()) * 1000))))
            if self._socket in ready:  # first: what came before the connection ended
                self._pause, self._tried, self._heard, self._heard_of = 0.0, 0, True, self._heard_of + 1
                self._patience = CONNECT_SECONDS
                frame = msgpack.unpackb(self._socket.recv(), raw=False, strict_map_key=False)
                self._bundle = frame if isinstance(frame, list) else [frame]
            elif self._monitor in ready:
                self._watch()
            elif until < deadline:
                self._turn()
            else:
                break
        return self._bundle.pop(0) if self._bundle else None

    def _set_aside(self, message):
        if message["op"] in ("record", "reached"):  # in the order in which they came
            self._records.append(message)
        elif message["op"] == "closed":
            self._closed = message

    # ---- requests ----

    def call(self, op, id=None, timeout=None, in_name_of=None, **fields):
        """Sends a request and returns the fields of its reply; raises CoordError, TimedOut or Unreachable. `in_name_of` is an
        agency that one's own stands in for, as `stands_in_for` of hello lists them: an old broker would not heed it."""
        id = id or uuid.uuid4().hex
        reads = all(self._reads(one["op"]) for one in fields["requests"]) if op == "batch" else self._reads(op)
        name = {"for": in_name_of} if in_name_of else {}
        if reads and self.within is not None:
            fields.setdefault("within_ms", int(self.within * 1000))
        if reads and self.read_from == "any" and self._seen > fields.get("at_least", 0):
            fields["at_least"] = self._seen
        frame = msgpack.packb({"op": op, "id": id, **name, **fields}, use_bin_type=True)
        if len(frame) > FRAME_SIZE_MAX:  # one that is much larger is not read: it would be sent again and again for nothing
            raise CoordError({"error": "frame_too_large", "field": "", "retry": False,
                              "message": f"The request has {len(frame)} bytes, and a frame {FRAME_SIZE_MAX} at most; split it, or use pages."})
        began, pause, done = time.monotonic(), RESEND_SECONDS, False
        deadline = began + (timeout or self.timeout)
        patient = self.patient or timeout is not None
        generation = silent = 0
        begun = False  # it was sent, and may be done only once
        while True:
            self._renew(deadline)
            if begun and done:
                raise TimedOut(f"the connection was lost before the answer to {op} came; it may still be done")
            self._socket.send(frame)
            begun, done_before = op in ONCE, done
            if generation != self._generation:
                generation, silent, pause, self._heard_of = self._generation, 0, RESEND_SECONDS, 0
            again = deadline if op in ONCE else min(deadline, time.monotonic() + pause)
            reply = None
            while reply is None and time.monotonic() < again and not self._socket.closed:
                reply = self._await(id, again)
                done = done or self._down_since is None  # it may be
                if not patient and self._down_for(began) >= UNREACHABLE_SECONDS and (not done or self._reads(op)):
                    raise Unreachable(f"nobody answers at {self.settings['endpoint']}, so {op} was not done: is the "
                                      f"broker running, and are these its address and its server_key?")
            if reply and self._is_elsewhere(op, reads, reply):
                tries = not reads or patient or time.monotonic() - began < UNREACHABLE_SECONDS
                leader = reply.get("leader") if reply.get("error") == "not_leader" or "leader" in reply else self._leader
                if not tries or time.monotonic() >= deadline:
                    raise CoordError(self._follows(reply, leader))
                generation, begun, done = 0, False, done_before  # it was not done there
                self._go(leader)
                continue
            if reply and reply["op"] == "reply":
                self._note(op, reads, reply)
                return reply
            if reply and reply["error"] not in RETRIED and not self._is_awaited(reply):
                self._note(op, reads, reply)
                raise CoordError(reply)
            if time.monotonic() >= deadline:
                if reply:
                    raise CoordError(reply)
                raise TimedOut(f"{op} got no answer from {self.settings['endpoint']}")
            if reply:
                begun = False
                time.sleep(min(0.05, deadline - time.monotonic()))
            silent = 0 if self._heard_of else silent + 1
            if silent == 2:  # it has not said a word since this was sent twice: it hangs, and another may lead
                self._turn()
            if silent != 1 or len(self.endpoints) == 1:
                pause = min(pause * 2, RESEND_MAX_SECONDS)

    def _is_elsewhere(self, op, reads, reply):
        """Whether another broker is to be asked than the one that answered: the leader, or one that has come far enough."""
        error, follows = reply.get("error"), "as_of" in reply
        if len(self.endpoints) == 1:
            return False
        if error == "not_leader" or not follows:
            return error == "not_leader"
        if error == "behind" or op == "subscribe" and error == "out_of_range":
            return True
        if reads or op == "subscribe":
            return self.read_from == "leader"
        # a change that is answered was done, before who did it gave the lead up; that it is refused is the leader's to say
        return bool(error) and op not in ONCE + STREAMS or op == "batch"

    def _is_awaited(self, reply):
        """Whether the only broker that is known refused it because nobody leads now: it may lead itself before long."""
        return reply["error"] == "not_leader" and reply.get("leader", "") in ("", self.endpoint)

    def _follows(self, reply, leader):
        """The fields of the error when nobody could be asked who leads."""
        if reply.get("error") == "behind":
            return reply
        leads = f"says that {leader} leads" if leader else "knows of nobody who leads now"
        return {"error": "not_leader", "field": "", "retry": True, "leader": leader or "",
                "message": f"{self.endpoint} follows, and {leads}."}

    def _note(self, op, reads, reply):
        """How new what is answered is, and what is to be seen in later answers."""
        self.as_of, self.lag_ms = reply.get("as_of"), reply.get("lag_ms") if "as_of" in reply else None
        if self.as_of is None:
            self._moves = 0
            if reply.get("error") == "behind":  # who leads has everything: the store was put back, and what was seen is gone
                self._seen = 0
        if not reads and op not in STREAMS + ONCE:
            for one in reply.get("replies", [reply]):
                self._seen = max(self._seen, one.get("seq", 0))
        self._seen = max(self._seen, self.as_of or 0)

    @staticmethod
    def _reads(op):
        return op in READS or op.endswith(READ_ENDINGS)

    def _down_for(self, began):
        """For how many seconds of this call there has been no connection."""
        return time.monotonic() - max(began, self._down_since) if self._down_since is not None else 0.0

    def _await(self, id, deadline):
        """The reply or error of this request, None after a second without; an error that names no request is taken for
        its own. What is neither reply nor of the stream is of a newer broker, and passed over."""
        while True:
            message = self._receive(min(1.0, deadline - time.monotonic()))
            if message is None:
                return None
            if message["op"] in ("reply", "error") and message.get("id", id) == id:
                return message
            self._set_aside(message)

    def batch(self, requests, dry_run=False):
        """Sends [(op, fields), …] in one frame; returns replies and errors as dicts, in that order."""
        how = {"dry_run": True} if dry_run else {}
        maps = [{"op": op, "id": fields.pop("id", None) or uuid.uuid4().hex, **fields} for op, fields in requests]
        replies, left = [None] * len(maps), range(len(maps))
        while left:
            for place, reply in zip(left, self.call("batch", requests=[maps[place] for place in left], **how)["replies"]):
                replies[place] = reply
            full = [place for place in left if replies[place].get("error") == "batch_full"]
            left = full if len(full) < len(left) else []  # what a full batch did not take goes in another
        return replies

    def pages(self, op, **fields):
        """Every item of a list, page after page."""
        while True:
            reply = self.call(op, **fields)
            yield from next(value for value in reply.values() if isinstance(value, list))
            if "next" not in reply:
                return
            fields["before" if op == "task_history" else "after"] = reply["next"]

    # ---- the stream ----

    def stream(self, consumer=None, start=None, credit=1000, idle=None, tick=None, **filters):
        """Notifications in sequence, none twice, none left out, whatever becomes of the connection.

        With `consumer` the broker keeps the place: a notification counts as dealt with when the next is asked for, and what was
        not chosen when all before it is.
        `start` begins after that sequence. Ends when nothing came for `idle` seconds, if given; with `tick`, None comes
        after so many seconds of silence. A stream that the broker ended (but for stopping) raises CoordError; so does a broker
        that has another store than before, such as one restored from a backup: `other_store`.
        """
        place = start
        while True:
            try:
                granted = self._subscribe(consumer, place, credit, filters)
                if place is None:
                    place = granted["from"]
                for message in self._flow(consumer, credit, idle, tick):
                    if message is None or message["op"] == "record":
                        yield message
                    place = message["seq"] if message else place
                return
            except (TimedOut, _Again):
                continue

    def _subscribe(self, consumer, place, credit, filters):
        fields = dict(filters, credit=credit, reached=True)
        if consumer:
            fields["consumer"] = consumer
        if place is not None:
            fields["from"] = place
        if place is not None and self.read_from == "any":
            fields["at_least"] = place  # one that has not come so far yet would be taken for another store
        if self.store:
            fields["store"] = self.store
        self._renew(time.monotonic() + self.timeout)
        # Nobody waits for its reply, and a broker of 1.0.0 takes no notice.
        self._socket.send(msgpack.packb({"op": "hello", "id": uuid.uuid4().hex, "bundles": True}))
        for last in (False, False, True):
            try:
                granted = self.call("subscribe", **fields)
                break
            except CoordError as error:
                if error.name == "other_store":
                    self.store = None  # the next stream begins anew
                if error.name != "already_subscribed" or last:
                    raise
                self._unsubscribe()  # an earlier subscribe was done, and its reply lost or not waited for
        self._records, self._closed = [], None  # what came before the reply was of an earlier stream, its end too
        self.store = granted.get("store", self.store)
        return granted

    def _unsubscribe(self):
        try:
            self.call("unsubscribe")
        except CoordError as error:
            if error.name != "stream_unknown":  # it was done, and its reply lost
                raise

    def _flow(self, consumer, credit, idle, tick):
        """What comes on the stream that stands, and how far it has come; raises _Again when it stands no more."""
        taken, last, told, quiet = 0, None, None, time.monotonic()
        asked, generation = quiet, self._generation
        while True:
            if self._socket.closed or self._generation != generation:
                raise _Again()  # it was another endpoint's turn
            while self._records:
                message = self._records.pop(0)
                yield message
                last, asked = message["seq"], time.monotonic()
                if message["op"] == "record":
                    taken, quiet = taken + 1, asked
            if last != told and (taken >= credit // 2 or not self._bundle and not self._socket.poll(0)):
                self._tell(consumer, taken, last)
                taken, told = 0, last
                continue
            if self._closed:
                self._ended()
            if idle and time.monotonic() - quiet >= idle:
                return
            message = self._receive(min(seconds for seconds in (PING_SECONDS, idle, tick) if seconds))
            if message:
                self._set_aside(message)
                continue
            if time.monotonic() - asked >= PING_SECONDS:
                self._tell(None, 1, None)
                asked = time.monotonic()
            if tick:
                yield None

    def _tell(self, consumer, taken, last):
        """Grants what was taken anew, which also asks whether the stream still stands, and says how far it was read."""
        try:
            if taken:
                self.call("credit", credit=taken, timeout=10)
            if consumer and last:
                self.call("consumed", seq=last, timeout=10)
        except CoordError as error:
            if error.name == "stream_unknown":
                raise _Again() from None
            if error.name != "credit_limit":
                raise

    def _ended(self):
        ending = self._closed["ending"]
        if ending == "stopping":
            self._turn()
            time.sleep(0.05)
            raise _Again()
        raise CoordError({"error": ending, "retry": False, "message": "the broker ended the stream"})


class _Again(Exception):
    """The stream stands no more: subscribe again from the place that was reached."""
