"""A program that Parley can move to another host.

    import parley_coop

    p = parley_coop.join("grep")
    pattern, source, target = p.args
    p.carry("lines", 0)                # p.state["lines"] moves with the program
    lines, out = p.input(source), p.output(target)
    for line in lines:
        p.point()                      # here it may be suspended, and may leave
        ...
    p.done()

A program that no supervisor started runs alone: point() does nothing, and args are those
of its command line. One thread uses a Process. This file needs Python 3.9 or newer, and
nothing else; it may be copied. The protocol is docs/process-protocol.md of Parley.
"""

import base64
import json
import os
import select
import socket
import sys
import time

VERSION = 1
LINE_MOST = 256 << 10
TAKE_MOST = 128  # sockets that come with one line
BEAT_EVERY = 1.0


def join(name):
    """Connect to the supervisor; return when the program is to begin or to continue.

    A program that continues on another host has its after_move called at its first point()
    there, with the name of the host that it came from. It is called with None after a move
    that failed, and at the first point() after a start from a checkpoint on the same host.
    """
    return Process(name, os.environ.pop("PARLEY_SUPERVISOR", None), os.environ.pop("PARLEY_RUN", ""))


class Process:
    """The program as its supervisor sees it."""

    def __init__(self, name, path, run):
        self.args = sys.argv[1:]
        self.state = {}  # what is carried: numbers, texts, bytes, lists, tuples, sets, dicts
        self.before_move = None  # called before the program leaves; an exception keeps it here
        self.after_move = None  # called at the next point(): with the host it came from, or None (see join)
        self.progress = None  # 0 to 1
        self._path, self._run, self._name = path, run, name
        self._places, self._files = {}, {}
        self._taken, self._came, self._sockets = [], [], {}  # (name, accepted, fd), (name, socket), by name
        self._conn, self._buffer, self._retry, self._wait = None, b"", 0.0, 0.02
        self._rights = []  # descriptors that came with lines
        self._at, self._n, self._code = "new", 0, 0
        self._asked, self._came_from, self._arrived = None, None, False
        self._beats, self._beaten, self._looked = 0, time.monotonic(), 0.0
        if path is None:
            return
        self._connect(must=True)
        while self._at == "new":
            self._take(self._receive())
        self._claim()

    # What is carried.

    def carry(self, name, value):
        """Give a part of the state its first value, unless it came with the program."""
        return self.state.setdefault(name, value)

    def input(self, path):
        """Open a file to read, where the program has read to."""
        return self._open(path, Input)

    def output(self, path):
        """Create a file, or cut it to what was written when the program was last suspended."""
        return self._open(path, Output)

    def _open(self, path, kind):
        path = os.path.abspath(path)
        if path in self._files:
            raise ValueError("%s was opened before: a program opens each file once" % path)
        self._files[path] = opened = kind(path, self._places.get(path, {}).get("at", 0))
        return opened

    # Sockets.

    def listen(self, name, address):
        """A socket that listens: the one of this name that came with the program, or a new one.

        address is (host, port). Accept connections with accept(name).
        """
        if name in self._sockets:
            return self._sockets[name]
        return self._sockets.setdefault(name, socket.create_server(address, backlog=1024))

    def datagrams(self, name, address):
        """A socket of UDP: the one of this name that came with the program, or a new one.

        address is (host, port). What came to it and was not read moves with it.
        """
        if name not in self._sockets:
            family = socket.getaddrinfo(address[0] or "0.0.0.0", address[1], type=socket.SOCK_DGRAM)[0][0]
            self._sockets[name] = one = socket.socket(family, socket.SOCK_DGRAM)
            one.bind(address)
        return self._sockets[name]

    def accept(self, name):
        """Accept a connection; return its name, the same on every host, and its socket.

        It moves with the program until forget(). At point() nothing of it may be half read:
        what the program has read and not answered it carries in its state.
        """
        for i, (of, accepted) in enumerate(self._came):
            if of == name:  # the supervisor has accepted it while the program stood
                del self._came[i]
                break
        else:
            accepted = self._sockets[name].accept()[0]
        return self._keep(name, accepted), accepted

    def waiting(self, name):
        """Whether accept(name) has a connection that no select() shows."""
        return any(of == name for of, _ in self._came)

    def connections(self, name):
        """The connections of a listening socket, by their names: after a move those that came."""
        return {k: s for k, s in self._sockets.items() if k.startswith(name + "/")}

    def forget(self, name):
        """Close a connection; it does not move any more."""
        self._sockets.pop(name).close()

    def _keep(self, name, accepted):
        last = self.state["parley_coop.last"] = self.state.get("parley_coop.last", 0) + 1  # no name is used again
        key = "%s/%d" % (name, last)
        self._sockets[key] = accepted
        return key

    def _claim(self):
        """Make the sockets that came the program's own."""
        for name, accepted, fd in self._taken:
            one = socket.socket(fileno=fd)
            one.setblocking(True)  # the supervisor's are not
            if accepted:
                self._came.append((name, one))
            else:
                self._sockets[name] = one
        self._taken = []

    # Safe points.

    def point(self):
        """A safe point: the program may be suspended here, and resumed, or leave and never return."""
        if self._arrived:
            self._after()
        if self._path is None:
            return
        now = time.monotonic()
        if now - self._looked < 0.001:
            return
        self._looked = now
        if self._conn is None:
            if now < self._retry or not self._connect():
                return
        self._look()
        while self._asked is not None:
            self._stand()
            self._look()  # a move may follow a checkpoint
        if now - self._beaten >= BEAT_EVERY:
            self._beats, self._beaten = self._beats + 1, now
            beat = {"beat": self._beats}
            if self.progress is not None:
                beat["progress"] = min(1.0, max(0.0, self.progress))
            self._say(beat)

    def done(self, code=0):
        """Make the outputs durable, and tell the supervisor that the program has finished."""
        self._commit()
        if self._path is None:
            return
        self._at, self._code = "done", code
        self._say({"done": code})
        while True:
            message = self._receive()
            if "leave" in message:
                return

    def _look(self):
        """Take what has come. Of several suspensions the latest counts."""
        while self._readable(0):
            self._take(self._receive(lost=True))

    def _after(self):
        self._arrived = False
        if self.after_move is not None:
            self.after_move(self._came_from)

    def _stand(self):
        asked, self._asked = self._asked, None
        n, moves = asked["suspend"], asked["for"] == "move"
        try:
            if moves and self.before_move is not None:
                self.before_move()
            places = self._commit()
            state = json.dumps(_pack(self.state), separators=(",", ":")).encode()
        except Exception as error:  # whatever it is, the program stays and works
            self._n = n
            self._say({"cannot": n, "why": ("%s: %s" % (type(error).__name__, error))[:256]})
            return
        self._at, self._n = "suspended", n
        said = {"suspended": n, "state": len(state), "files": places}
        if moves and self._sockets:
            said["conns"] = [{"fd": s.fileno(), "name": k} for k, s in self._sockets.items()]
            said["conns"] += [{"fd": s.fileno(), "name": k, "accepted": True} for k, s in self._came]
        self._say(said, state)
        while self._at == "suspended":
            self._take(self._receive())
        self._claim()
        self._came_from, self._arrived, self._beaten = None, moves, time.monotonic()
        if self._arrived:
            self._after()

    def _commit(self):
        places = dict(self._places)  # what the program has not opened again yet stays as it came
        for path, opened in self._files.items():
            places[path] = opened._commit()
        return places

    # The connection.

    def _connect(self, must=False):
        conn = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            conn.connect(self._path)
        except OSError:
            conn.close()
            if must:
                raise
            self._retry, self._wait = time.monotonic() + self._wait, min(1.0, 2 * self._wait)
            return False
        conn.settimeout(30)
        self._conn, self._buffer, self._rights = conn, b"", []
        hello = {"hello": self._name, "v": VERSION, "run": self._run, "pid": os.getpid(), "at": self._at}
        if self._n:
            hello["n"] = self._n
        if self._at == "done" and self._code:
            hello["code"] = self._code
        self._say(hello)
        return self._conn is not None

    def _lost(self):
        if self._conn is not None:
            self._conn.close()
        self._conn, self._buffer = None, b""
        self._retry, self._wait = time.monotonic() + self._wait, min(1.0, 2 * self._wait)

    def _say(self, message, state=b""):
        """Send, or drop it while there is no connection: the next hello says where the program is."""
        if self._conn is None:
            return
        try:
            self._conn.sendall(json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode() + b"\n" + state)
        except OSError:
            self._lost()

    def _readable(self, seconds):
        return b"\n" in self._buffer or self._conn is not None and bool(select.select([self._conn], [], [], seconds)[0])

    def _fill(self):
        data = b""
        try:
            data, fds, _, _ = socket.recv_fds(self._conn, 1 << 16, TAKE_MOST)
            self._rights += fds
        except OSError:
            pass
        if not data:
            self._lost()
            return False
        self._buffer += data
        return True

    def _receive(self, lost=False):
        """The next message. Without a connection: the one after the next hello, or, with lost, none."""
        while True:
            if self._conn is None:
                if lost:
                    return {}
                time.sleep(max(0.0, self._retry - time.monotonic()))
                self._connect()
            elif b"\n" in self._buffer:
                line, self._buffer = self._buffer.split(b"\n", 1)
                self._wait = 0.02
                return json.loads(line)
            elif self._readable(None) and (not self._fill() or len(self._buffer) > LINE_MOST and b"\n" not in self._buffer):
                self._lost()

    def _body(self, size):
        body, self._buffer = bytearray(self._buffer[:size]), self._buffer[size:]
        while len(body) < size:  # the buffer is empty
            if not self._fill():
                return None
            missing = size - len(body)
            body += self._buffer[:missing]
            self._buffer = self._buffer[missing:]
        return bytes(body)

    def _take(self, message):
        if "leave" in message:
            sys.stdout.flush()
            os._exit(0)
        if "take" in message:
            names = message["take"]
            fds, self._rights = self._rights[:len(names)], self._rights[len(names):]
            self._taken += [(t["name"], t.get("accepted", False), fd) for t, fd in zip(names, fds)]
        if "suspend" in message and self._at in ("running", "suspended") and message["suspend"] > self._n:
            self._asked = message  # one that comes while it stands counts from when it is resumed
        if "start" in message and self._at == "new":
            self._at, self.args = "running", message["args"]
        if "resume" in message:
            body = self._body(message.get("state", 0))
            if body is None:
                return
            if self._at == "new":
                self._at, self._n = "running", message["resume"]
                self.args, self._places = message.get("args", []), message.get("files", {})
                self.state = _unpack(json.loads(body)) if body else {}
                self._came_from, self._arrived = message.get("from"), True
            elif self._at == "suspended" and message["resume"] == self._n:
                self._at = "running"


class Input:
    """A file that is read from its beginning to its end, on however many hosts."""

    def __init__(self, path, at):
        self._file, self._at = open(path, "rb"), at
        self._file.seek(at)

    def read(self, size=-1):
        data = self._file.read(size)
        self._at += len(data)
        return data

    def readline(self):
        line = self._file.readline()
        self._at += len(line)
        return line

    def __iter__(self):
        return iter(self.readline, b"")

    def close(self):
        self._file.close()

    def _commit(self):
        return {"at": self._at}


class Output:
    """A file that is written from its beginning to its end, on however many hosts."""

    def __init__(self, path, at):
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", 1 << 16)
        size = os.fstat(self._file.fileno()).st_size
        if size < at:
            self._file.close()
            raise OSError("%s has %d bytes, and this program had written %d: do both hosts see the same file?" % (path, size, at))
        self._file.truncate(at)
        self._file.seek(at)
        self._at, self._directory, self._closed = at, os.path.dirname(path), False

    def write(self, data):
        self._file.write(data)
        self._at += len(data)

    def flush(self):
        """Write out what is buffered, so that others see it. It may be cut off later."""
        self._file.flush()

    def close(self):
        self._commit()
        self._closed = True
        self._file.close()

    def _commit(self):
        if not self._closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            if self._directory is not None:
                fd = os.open(self._directory, os.O_RDONLY)
                os.fsync(fd)  # its name is durable as well from here on
                os.close(fd)
                self._directory = None
        return {"at": self._at, "write": True}


def _pack(value):
    """What JSON cannot say is an object with one key that begins with $."""
    if value is None or isinstance(value, (bool, str, float)):
        return value
    if isinstance(value, int):
        return value if -(1 << 53) < value < 1 << 53 else {"$int": "%x" % value}
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, list):
        return [_pack(v) for v in value]
    if isinstance(value, (tuple, set, frozenset)):
        return {"$tuple" if isinstance(value, tuple) else "$set": [_pack(v) for v in value]}
    if isinstance(value, dict):
        if all(isinstance(k, str) and not k.startswith("$") for k in value):
            return {k: _pack(v) for k, v in value.items()}
        return {"$dict": [[_pack(k), _pack(v)] for k, v in value.items()]}
    raise TypeError("a %s cannot be carried: carry numbers, texts, bytes, lists, tuples, sets and dicts" % type(value).__name__)


def _unpack(value):
    if isinstance(value, list):
        return [_unpack(v) for v in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (key, inner), = value.items()
        if key == "$int":
            return int(inner, 16)
        if key == "$bytes":
            return base64.b64decode(inner)
        if key in ("$tuple", "$set"):
            return (tuple if key == "$tuple" else set)(_unpack(v) for v in inner)
        if key == "$dict":
            return {_unpack(k): _unpack(v) for k, v in inner}
    return {k: _unpack(v) for k, v in value.items()}
