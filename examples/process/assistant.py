#!/usr/bin/env python3
"""An assistant agent that can move from host to host while it serves (docs/process.md of Parley).

    assistant.py INBOX ANSWERS

It reads messages from a file that grows, a line each, and appends its answers to another:

    ana remember wifi = tulip     it keeps that
    ana what wifi                 wifi = tulip
    ana words /data/report        how many words the file has
    ana stay                      it refuses to move until ana says: go
    ana where                     what came along with it, and from where
    ana goodbye                   it ends

What its users told it moves with it. What can be made again does not: what it remembers of
files, and the child process that counts their words.
"""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../hostagent/process/coop/python"))
import parley_coop  # noqa: E402

USAGE = "write: USER remember KEY = VALUE, what KEY, words FILE, stay, go, where or goodbye"


class Assistant:
    def __init__(self, p):
        self.p = p
        # Carried: what nobody could say again.
        p.carry("notes", {})  # what each user told it
        p.carry("line", b"")  # the part of a line that has come so far
        p.carry("counting", None)  # who waits for the words of which file
        p.carry("stays", set())  # who wants it to stay
        p.carry("moves", 0)
        p.carry("from", None)
        # Not carried: what this host can make again, and what is open here.
        self.sizes = {}  # words of files, by path
        self.child = None  # counts the words of a file
        p.before_move, p.after_move = self.pack, self.unpack
        self.inbox, self.answers = p.input(p.args[0]), p.output(p.args[1])

    def pack(self):
        """Before a move: it refuses, or gives up what is open."""
        if self.p.state["stays"]:
            raise RuntimeError("%s wants it to stay" % ", ".join(sorted(self.p.state["stays"])))
        if self.child is not None:
            self.child.kill()
            self.child.communicate()
            self.child = None  # work() starts it again, here or there

    def unpack(self, host):
        """After a move, one that failed (host is None), or a start from a checkpoint."""
        if host is not None:
            self.p.state["moves"] += 1
            self.p.state["from"] = host

    def serve(self):
        while self.work():
            self.p.point()
        self.p.done()

    def work(self):
        """One step between two safe points; False at the end."""
        state = self.p.state
        if state["counting"] is not None:
            self.count(*state["counting"])
            return True
        state["line"] += self.inbox.readline()
        if not state["line"].endswith(b"\n"):
            time.sleep(0.005)
            return True
        text, state["line"] = state["line"].decode(errors="replace"), b""
        user, verb, rest = (text.split(None, 2) + ["", "", ""])[:3]
        if verb == "goodbye":
            return False
        if user:
            self.understand(user, verb, rest.strip())
        return True

    def understand(self, user, verb, rest):
        state = self.p.state
        notes = state["notes"].setdefault(user, {})
        key, equals, value = (part.strip() for part in rest.partition("="))
        if verb == "remember" and key and equals:
            notes[key] = value
            self.answer(user, "I keep it")
        elif verb == "what" and rest:
            self.answer(user, "%s = %s" % (rest, notes[rest]) if rest in notes else "you never told me %s" % rest)
        elif verb == "words" and rest:
            state["counting"] = (user, rest)
        elif verb == "stay":
            state["stays"].add(user)
            self.answer(user, "I stay")
        elif verb == "go":
            state["stays"].discard(user)
            self.answer(user, "I go where I am told")
        elif verb == "where":
            self.answer(user, "%d moves, last from %s, with %d notes and the words of %d files"
                        % (state["moves"], state["from"], sum(len(n) for n in state["notes"].values()), len(self.sizes)))
        else:
            self.answer(user, USAGE)

    def count(self, user, path):
        """Counts the words of a file in a child process, unless that is known here."""
        if path not in self.sizes:
            if self.child is None:
                self.child = subprocess.Popen(["wc", "-w", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            try:
                self.child.wait(0.005)
            except subprocess.TimeoutExpired:
                return
            said, failed = self.child.communicate()[0], self.child.returncode != 0
            self.child = None
            if failed:
                self.p.state["counting"] = None
                self.answer(user, "I cannot read %s" % path)
                return
            self.sizes[path] = int(said.split()[0])
        self.p.state["counting"] = None
        self.answer(user, "%s has %d words" % (path, self.sizes[path]))

    def answer(self, user, text):
        self.answers.write(("%s: %s\n" % (user, text)).encode())
        self.answers.flush()


if __name__ == "__main__":
    process = parley_coop.join("assistant")
    if len(process.args) != 2:
        sys.exit("usage: assistant.py INBOX ANSWERS")
    Assistant(process).serve()
