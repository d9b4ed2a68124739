"""Which module an object of a kernel tree belongs to, and which options must be on for it to be built: read from the Makefiles."""
import os
import re

OPTION = re.compile(r"CONFIG_(\w+)")
ASSIGNMENT = re.compile(r"^\s*([^\s:=+?#]+(?:\([^)]*\)[^\s:=+?]*)*)\s*(\+=|:=|\?=|=)\s*(.*)$")
DIRECTORIES = re.compile(r"(?:core|drivers|libs|net|virt|init)-\S+")


class Makefile:
    """Lists of words with the options that their lines need. Variables are expanded where the words are used."""

    def __init__(self, tree, path):
        self.tree, self.folder = tree, os.path.dirname(path)
        self.lists = {}      # stem: [(gate, word)]; `obj` for obj-y, obj-m and obj-$(CONFIG_X)
        self.plain = {}      # NAME := words
        self._read(path)

    def _read(self, path):
        file = os.path.join(self.tree, path)
        if not os.path.exists(file):
            return
        with open(file, encoding="utf-8", errors="replace") as text:
            lines = re.sub(r"[ \t]*\\\n[ \t]*", " ", text.read()).split("\n")
        stack = []
        for line in lines:
            line = line.split("#")[0].rstrip()
            word = line.split(None, 1)[0] if line.strip() else ""
            if word in ("ifdef", "ifndef", "ifeq", "ifneq"):
                stack.append(self._needed(word, line))
            elif word == "else" and stack:
                rest = line.split(None, 1)[1:]
                stack[-1] = self._needed(rest[0].split()[0], rest[0]) if rest else frozenset()
            elif word == "endif" and stack:
                stack.pop()
            elif word in ("include", "-include"):
                included = line.split(None, 1)[1].replace("$(srctree)/", "").replace("$(src)", self.folder)
                if "$" not in included:
                    self._read(included)
            elif not line.startswith("\t") or not stack:
                self._assign(line, frozenset().union(*stack))

    @staticmethod
    def _needed(word, line):
        """The options that must be on for what follows an ifdef, ifeq or ifneq; none where it is not that simple."""
        found = OPTION.findall(line)
        if len(found) == 1 and (word == "ifdef" or word == "ifeq" and re.search(r"[,\"' ]\s*[ym][\")']*$", line) or
                                word == "ifneq" and re.search(r"\$\(CONFIG_\w+\)\s*,\s*\)$|\"\$\(CONFIG_\w+\)\"\s+\"\"$", line)):
            return frozenset(found)
        return frozenset()

    def _assign(self, line, gate):
        found = ASSIGNMENT.match(line)
        if not found:
            return
        name, sign, words = found.groups()
        stem, _, condition = name.rpartition("-")
        if stem and (condition in ("y", "m", "objs") or "CONFIG_" in condition):
            options = frozenset(OPTION.findall(condition)) if not condition.startswith("$(subst y") else frozenset()
            self.lists.setdefault(stem, []).extend((gate | options, word) for word in words.split())
        elif "$" in name:
            # stem-$(subst m,y,$(CONFIG_X)) has blanks and dashes of its own.
            parts = re.match(r"^([\w.-]+)-\$.*?CONFIG_(\w+)", line.strip())
            if parts:
                self.lists.setdefault(parts[1], []).extend((gate | {parts[2]}, word) for word in words.split())
        elif sign != "?=" or name not in self.plain:
            self.plain[name] = words.split() if sign != "+=" else self.plain.get(name, []) + words.split()

    def words(self, stem, seen=()):
        """[(gate, word)] of stem-y and its like, variables expanded."""
        for gate, word in self.lists.get(stem, []):
            yield from ((gate | more, part) for more, part in self._expanded(word, (*seen, stem)))

    def _expanded(self, word, seen):
        found = re.search(r"\$[({]([\w.-]+)[)}]", word)
        if not found:
            if "$" not in word:
                yield frozenset(), word
            return
        name = found[1]
        stem = name.removesuffix("-y") if name.endswith("-y") else name.removesuffix("-objs")
        if name in ("src", "obj", "srctree"):
            values = [(frozenset(), "." if name != "srctree" else os.path.relpath(".", self.folder))]
        elif name in ("SRCARCH", "BITS"):
            values = [(frozenset(), "x86" if name == "SRCARCH" else "64")]
        elif stem != name and stem in self.lists:
            values = self.words(stem, seen) if stem not in seen else []
        else:
            values = [(frozenset(), one) for one in self.plain.get(name, []) if "$(" + name + ")" not in one]
        for gate, value in values:
            for more, part in self._expanded(word[:found.start()] + value + word[found.end():], seen):
                yield gate | more, part


class Kbuild:
    """`modules[file]`: {module: options that must all be on}, file being a path without its suffix, such as virt/kvm/kvm_main;
    `built[file, module]`: "y" or "m" where the given options build it in or make it a module, "n" where they do neither.
    """

    def __init__(self, tree, options):
        self.tree, self.options = str(tree), options
        self.modules, self.built = {}, {}
        self._seen = {}
        for path in ("Makefile", "arch/x86/Makefile"):
            for stem, entries in sorted(Makefile(self.tree, path).lists.items()):
                if stem in ("core", "drivers", "libs", "net", "virt", "init"):
                    for gate, word in entries:
                        self._enter(os.path.normpath(word), gate, self.state(gate))
        self._enter(".", frozenset(), "y")
        self._enter("lib", frozenset(), "y")

    def state(self, gate):
        """y, m or n: what all of some options together come to."""
        return min((self.options.get(option, "n") for option in gate if self.options.get(option, "n") in "nm"), key="nmy".index, default="y")

    def _enter(self, folder, gate, state):
        """The same folder may be entered for several reasons: it needs what all of them need, and any of them builds it."""
        if folder in self._seen:
            known, best = self._seen[folder]
            gate, state = gate & known, max(state, best, key="nmy".index)
            if (gate, state) == (known, best):
                return
        name = next((n for n in ("Kbuild", "Makefile") if os.path.exists(os.path.join(self.tree, folder, n))), None)
        if name is None:
            return
        self._seen[folder] = gate, state
        if folder == "." and name == "Makefile":
            return  # the top's own Makefile has lists of folders alone, read already
        made = Makefile(self.tree, os.path.normpath(os.path.join(folder, name)))
        for stem in ("obj", "lib"):
            for more, word in made.words(stem):
                path = os.path.normpath(os.path.join(folder, word))
                to = min(state, self.state(more), key="nmy".index)
                if word.endswith("/"):
                    self._enter(path, gate | more, to)
                elif word.endswith(".o"):
                    self._object(made, folder, word[:-2], gate | more, to, os.path.basename(word)[:-2].replace("-", "_"), ())

    def _object(self, made, folder, stem, gate, state, module, seen):
        parts = [(more, word[:-2]) for more, word in made.words(stem) if word.endswith(".o")]
        for more, part in parts:
            if part != stem and part not in seen:
                # An option that is a module counts as on for a part: its whole says what it becomes.
                self._object(made, folder, part, gate | more, state if self.state(more) != "n" else "n", module, (*seen, stem))
        if not parts or any(part == stem for _, part in parts):
            file = os.path.normpath(os.path.join(folder, stem))
            of = self.modules.setdefault(file, {})
            of[module] = of[module] & gate if module in of else gate
            self.built[file, module] = max(state, self.built.get((file, module), "n"), key="nmy".index)
