"""Tests of what needs no supervisor; coop/python_test.go runs them."""

import json
import os
import socket
import tempfile
import threading
import unittest

import parley_coop


class Carried(unittest.TestCase):
    def test_values(self):
        """What is carried comes back as it was."""
        for value in [0, -5, 1 << 70, -(1 << 20000), "a", b"x\x00", [1, (2, 3)], {1: 2, "a": {1, 2}}, {"$int": "x"}, None, True, 1.5,
                      {"a": [b""]}, {(1, 2): bytearray(b"x")}]:
            back = parley_coop._unpack(json.loads(json.dumps(parley_coop._pack(value))))
            self.assertEqual(back, value)
            self.assertIs(type(back), type(value))

    def test_what_cannot_be(self):
        with self.assertRaisesRegex(TypeError, "cannot be carried"):
            parley_coop._pack({"a": object()})

    def test_carry(self):
        p = parley_coop.Process("x", None, "")
        p.state["n"] = 3
        self.assertEqual((p.carry("n", 0), p.carry("m", 1)), (3, 1))


class Points(unittest.TestCase):
    def test_move_after_checkpoint(self):
        """A move that is asked for while the program stands has the same safe point."""
        conn, supervisor = socket.socketpair()
        with conn, supervisor, supervisor.makefile("rb") as lines:
            p = parley_coop.Process("x", None, "")
            p._path, p._conn, p._at = "x", conn, "running"
            stood = []

            def supervise():
                for answer in [b'{"suspend":2,"for":"move"}\n{"resume":1}\n', b'{"resume":2}\n']:
                    line = lines.readline()
                    if not line:
                        return
                    said = json.loads(line)
                    lines.read(said["state"])
                    stood.append(said["suspended"])
                    supervisor.sendall(answer)

            supervisor.sendall(b'{"suspend":1,"for":"checkpoint"}\n')
            supervising = threading.Thread(target=supervise, daemon=True)
            supervising.start()
            p.point()
            supervising.join(1)
            conn.close()
            supervising.join()
            self.assertEqual(stood, [1, 2])


class Files(unittest.TestCase):
    def test_places(self):
        """An output is cut to where the program stood, and an input continues there."""
        with tempfile.TemporaryDirectory() as directory:
            source, target = os.path.join(directory, "in"), os.path.join(directory, "out")
            with open(source, "wb") as f:
                f.write(b"one\ntwo\nthree\n")
            with open(target, "wb") as f:
                f.write(b"ONE\nTWO\nTH")
            p = parley_coop.Process("x", None, "")
            p._places = {source: {"at": 4}, target: {"at": 4, "write": True}, "/other": {"at": 3}}
            lines, out = p.input(source), p.output(target)
            out.write(lines.readline().upper())
            out.flush()
            with open(target, "rb") as f:
                self.assertEqual(f.read(), b"ONE\nTWO\n")
            self.assertEqual(p._commit(), {source: {"at": 8}, target: {"at": 8, "write": True}, "/other": {"at": 3}})
            with open(target, "rb") as f:
                self.assertEqual(f.read(), b"ONE\nTWO\n")
            self.assertEqual(list(lines), [b"three\n"])
            with self.assertRaisesRegex(ValueError, "opened before"):
                p.input(source)
            out.close()
            lines.close()
            self.assertEqual(p._commit()[target], {"at": 8, "write": True})

    def test_another_file(self):
        with tempfile.TemporaryDirectory() as directory:
            p = parley_coop.Process("x", None, "")
            p._places = {os.path.join(directory, "out"): {"at": 9, "write": True}}
            with self.assertRaisesRegex(OSError, "the same file"):
                p.output(os.path.join(directory, "out"))


if __name__ == "__main__":
    unittest.main()
