"""How the broker lives with the service manager, and with clients that come too many, stay too long, or do not read."""
import os
import shutil
import signal
import socket
import unittest

import msgpack

from harness import COORDD, CoordError, Scenario, TimedOut, free_port, of_files

NO_SOCKET = 69


class Manager(Scenario):
    """The broker is started as the service manager does it."""

    def setUp(self):
        super().setUp()
        self.broker.end()
        self.pids = []
        self.addCleanup(self.end_all)

    def end_all(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def spawn(self, sockets=(), **environment):
        pid = os.fork()
        if pid == 0:
            kept = [os.dup(each.fileno()) for each in sockets]
            for number, each in enumerate(kept):
                os.dup2(each, 100 + number)
            for number in range(len(kept)):
                os.dup2(100 + number, 3 + number)
            if kept:
                environment.update(LISTEN_FDS=str(len(kept)), LISTEN_PID=str(os.getpid()))
            os.dup2(os.open(self.broker.log, os.O_WRONLY | os.O_APPEND), 2)
            os.execve(COORDD, [COORDD, "run", "--dir", self.broker.store, "--listen", self.broker.endpoint],
                      dict(os.environ, **environment))
        self.pids.append(pid)
        return pid

    def ended(self, pid):
        """Its exit code, once it has one."""
        self.pids.remove(pid)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def listening(self, family, address):
        listener = socket.socket(family)
        self.addCleanup(listener.close)
        listener.bind(address)
        listener.listen(100)
        return listener

    def test_local_and_ipv6_sockets_that_are_passed_are_taken(self):
        path, port = os.path.join(self.broker.directory, "socket"), free_port()
        pid = self.spawn([self.listening(socket.AF_UNIX, path), self.listening(socket.AF_INET6, ("::1", port))])
        local = self.client(dict(self.huyen_context, endpoint=f"ipc://{path}"))
        self.assertEqual(local.call("hello")["agency"], "huyen")
        self.assertIn(f"tcp://[::1]:{port}", self.broker.read_log())
        os.kill(pid, signal.SIGINT)
        self.assertEqual(self.ended(pid), 0)
        self.assertIn("SIGINT", self.broker.read_log())

    def test_sockets_that_cannot_serve_are_refused(self):
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(datagrams.close)
        abstract = self.listening(socket.AF_UNIX, f"\0coordd-{os.getpid()}")
        good = self.listening(socket.AF_UNIX, os.path.join(self.broker.directory, "socket"))
        for sockets in ([datagrams], [good, datagrams], [abstract], [good] * 20):
            self.assertEqual(self.ended(self.spawn(sockets)), NO_SOCKET)
        self.assertIn("no listening stream socket", self.broker.read_log())

    def test_the_manager_is_told_how_it_goes(self):
        path = os.path.join(self.broker.directory, "manager")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(30)

            def told(what):
                while what not in (message := manager.recv(4096)):
                    pass
                return message
            pid = self.spawn(NOTIFY_SOCKET=path, WATCHDOG_USEC="20000")
            told(b"READY=1")
            self.assertIn(b"serving: 0 open tasks", told(b"STATUS="))
            told(b"WATCHDOG=1")
            os.kill(pid, signal.SIGHUP)
            told(b"RELOADING=1")
            told(b"READY=1")
            os.kill(pid, signal.SIGTERM)
            told(b"STOPPING=1")
            self.assertEqual(self.ended(pid), 0)


class Guests(Scenario):
    def configure(self, **limits):
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write("[limits]\n" + "".join(f"{name} = {value}\n" for name, value in limits.items()))
        self.broker.restart()

    def test_one_connection_too_many_waits_until_another_is_gone(self):
        self.configure(connections=3, handshake_ms=500)  # after which a client that must wait tries again
        for client in (self.admin, self.huyen, self.so):
            client.call("hello")
        late = self.client(self.so_context)
        while not self.logged("too many connections"):  # until it has knocked
            with self.assertRaises(TimedOut):
                late.call("hello", timeout=1)
        self.huyen.close()
        self.assertEqual(late.call("hello")["agency"], "so")

    def test_the_connections_of_a_revoked_key_are_cut(self):
        self.huyen.call("subscribe", credit=10)
        leaving = self.client(self.huyen_context)
        leaving.call("hello")
        self.admin.call("key_revoke", public_key=self.huyen_context["public_key"])
        leaving.close()
        self.assertEqual(self.huyen._receive(60)["ending"], "key_revoked")
        while True:  # until the connection is cut, each call is refused; and then the next connection is
            error = self.refused_at_once(self.huyen)
            if error == "key_unknown":
                break
            self.assertEqual(error, "key_revoked")
        self.assertEqual(self.refused_at_once(self.huyen), "key_unknown")

    def refused_at_once(self, client):
        with self.assertRaises(CoordError) as caught:
            client.call("hello")
        return caught.exception.name

    def test_a_message_of_several_frames_is_refused_and_the_next_one_served(self):
        frame = msgpack.packb({"op": "hello", "id": "1"})
        for more in ([b"x"], [b"x", b"y"], [b""]):
            self.huyen._socket.send_multipart([frame, *more])
            answer = self.huyen._receive(60)
            self.assertEqual((answer["error"], answer["id"]), ("frame_malformed", "1"))
        self.huyen.call("hello")

    def test_batches_of_one_record_serve_everybody(self):
        self.configure(batch_records=1, checkpoint_records=100, checkpoint_rows=1)
        task = self.assign()
        for number in range(300):
            self.huyen.send_frame(msgpack.packb({"op": "comment", "id": f"c{number}", "task": task, "note": "…"}))
            self.so.send_frame(msgpack.packb({"op": "hello", "id": f"h{number}"}))
        for client, first in ((self.huyen, "c"), (self.so, "h")):
            self.assertEqual({client._receive(60)["id"] for _ in range(300)}, {f"{first}{number}" for number in range(300)})
        self.assertGreaterEqual(self.admin.call("status")["seq"], 300)

    def test_a_resend_of_what_made_many_records_is_answered_from_the_journal(self):
        leads = [f"xa{number}" for number in range(40)]
        for lead in leads:
            self.broker.agency(self.admin, lead, parent="huyen")
        request = {"reference": "N", "leads": leads, "content": {"title": "Việc chung"}}
        first = self.admin.call("assign", id="n1", **request)
        self.assertEqual(len(first["tasks"]), 40)
        self.broker.restart()
        again = self.admin.call("assign", id="n1", **request)
        self.assertEqual(again, first)
        inside = self.admin.batch([("assign", dict(request, id="n1")), ("hello", {})])
        self.assertEqual(inside[0]["tasks"], first["tasks"])

    @of_files
    def test_a_backup_that_cannot_be_written_is_said_not_to_be(self):
        self.admin.call("backup", path="a.db")
        os.mkdir(os.path.join(self.broker.store, "backup", ".b.db.part"))
        self.refused("backup_failed", "path", self.admin.call, "backup", path="b.db")
        self.admin.call("backup", path="c.db")
        self.broker.config = os.path.join(self.broker.directory, "coordd.conf")
        above = os.path.join(self.broker.directory, "above")
        os.makedirs(os.path.join(above, "backups"))
        with open(self.broker.config, "w", encoding="utf-8") as file:
            file.write(f"[daemon]\nbackup_directory = {above}/backups\n")
        self.broker.restart()
        shutil.rmtree(above)  # a disk that was mounted when it started
        said = self.refused("backup_failed", "path", self.admin.call, "backup", path="d.db")["message"]
        self.assertIn("cannot be made", said)
        os.mkdir(above)
        with open(os.path.join(above, "backups"), "w", encoding="utf-8"):
            self.refused("backup_failed", "path", self.admin.call, "backup", path="d.db")

    def test_a_broker_that_stops_does_not_wait_for_who_never_reads(self):
        self.ask_and_not_read(self.assign("so"))
        self.assertEqual(self.broker.end(), 0)
        self.assertEqual(self.broker.start().end(), 0)


if __name__ == "__main__":
    unittest.main()
