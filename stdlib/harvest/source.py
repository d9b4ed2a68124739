"""What a kernel's source tells of its knobs: sysctl tables, boot parameters, module parameters."""
import ast
import os
import re
import subprocess
from dataclasses import replace
from functools import cache, cached_property

from ctext import Source, matching, needed, split, string
from fold import of_kind
from kbuild import Kbuild
from row import UNKNOWN, Row

KINDS = ("sysctl", "boot", "module-param")

# What is read of a source package: C, Makefiles and documents, of this architecture and of what all share.
WANTED = ("*.c", "*.h", "*/Makefile*", "*/Kbuild*", "*/Documentation/admin-guide/*", "*/Documentation/networking/*")
ELSEWHERE = ("*/tools/*", "*/scripts/*", "*/samples/*", "*/arch/[!x]*", "*/arch/xtensa/*")


def unpacked(release, fetch):
    """The release's unpacked source, made once."""
    directory, _ = fetch(release, release.entry["source"])
    place = directory.with_name(directory.name + ".tree")
    if not place.exists():
        archive = next(directory.glob("usr/src/linux-source-*.tar.*"))
        making = place.with_name(place.name + ".part")
        making.mkdir(exist_ok=True)
        subprocess.run(["tar", "-C", making, "--strip-components=1", "-xf", archive, "--wildcards", "--wildcards-match-slash",
                        *(f"--exclude={name}" for name in ELSEWHERE), *WANTED], check=True)
        making.rename(place)
    return place


def options(release, fetch):
    """The kernel's own build options: {"HZ": "250", "KVM": "m"}."""
    text = fetch.kernel(release).config.read_text(encoding="utf-8")
    return {name: value.strip('"') for name, value in re.findall(r"^CONFIG_(\w+)=(.*)$", text, re.MULTILINE)}


# --- the tree ---------------------------------------------------------------------------------------------------------

KEYWORDS = re.compile(rb"ctl_table|\b(?:core|early|hugetlb_early)_param\w*\s*\(|\b__setup\w*\s*\(|cmdline_find_option")
PARAMETER_WORDS = re.compile(rb"\b(?:module|torture|arch|fs|device|late|subsys|postcore)_param\w*\s*\(")
FOLDERS = ("arch/x86", "block", "certs", "crypto", "drivers", "fs", "init", "io_uring", "ipc", "kernel", "lib", "mm", "net", "security",
           "sound", "virt")
HEADERS = ("include", "arch/x86/include")
SIZES = {"int": 4, "unsigned int": 4, "uint": 4, "long": 8, "unsigned long": 8, "ulong": 8, "u8": 1, "bool": 1, "char": 1, "u16": 2,
         "u32": 4, "u64": 8, "gid_t": 4, "pid_t": 4, "short": 2, "unsigned": 4, "void *": 8, "unsigned short": 2, "size_t": 8, "int *": 8}
LIMITS = {"INT_MAX": 2**31 - 1, "INT_MIN": -2**31, "UINT_MAX": 2**32 - 1, "LONG_MAX": 2**63 - 1, "LONG_MIN": -2**63,
          "ULONG_MAX": 2**64 - 1, "U8_MAX": 255, "U16_MAX": 65535, "U32_MAX": 2**32 - 1, "S32_MAX": 2**31 - 1, "USHRT_MAX": 65535,
          "SHRT_MAX": 32767, "S16_MAX": 32767, "UCHAR_MAX": 255, "S64_MAX": 2**63 - 1, "U64_MAX": 2**64 - 1, "PAGE_SIZE": 4096,
          "PAGE_SHIFT": 12, "BITS_PER_LONG": 64, "true": 1, "false": 0, "NULL": 0}
CAST = re.compile(r"\(\s*(?:const\s+)?(?:(?:unsigned|signed|int|long|short|char|void|[us]\d+|__[us]\d+|size_t|loff_t)\s*)+\**\s*\)\s*(?=[\w(~&-])")
NUMBER = re.compile(r"^(0[xX][0-9a-fA-F]+|\d+)[uUlL]*$")


class Tree:
    """The files that may declare a knob, and what the constants in them are worth."""

    def __init__(self, root, options):
        self.root, self.options = str(root), options
        self.kbuild = Kbuild(self.root, options)
        self.sources = {}
        for folder in FOLDERS:
            for path in self._files(folder, (".c", ".h")):
                with open(os.path.join(self.root, path), "rb") as file:
                    data = file.read()
                if path.startswith("arch/x86/um/"):
                    continue
                if not any(word in data for word in (b"ctl_table", b"_param", b"__setup", b"cmdline_find_option")):
                    continue  # most files; this is faster than to look for more
                if KEYWORDS.search(data):
                    # What no Makefile has is another architecture's, or the code that unpacks the kernel.
                    wanted = path.startswith("arch/x86/") and path.endswith(".c") or self.modules(path)
                else:
                    wanted = PARAMETER_WORDS.search(data) and any(state != "n" for _, state in self.modules(path).values())
                if wanted:
                    self.sources[path] = Source(path, self._with_header_macros(data.decode("utf-8", "replace")), options)

    def _files(self, folder, suffix):
        found = []
        for where, folders, names in os.walk(os.path.join(self.root, folder)):
            folders.sort()
            found += [os.path.relpath(os.path.join(where, name), self.root) for name in names if name.endswith(suffix)]
        return sorted(found)

    @staticmethod
    def _with_header_macros(text):
        """torture_param() is the one macro of a shared header that declares module parameters."""
        if "torture_param(" in text:
            text = ("#define torture_param(type, name, init, msg) static type name = init; module_param(name, type, 0444);\n") + text
        return text

    def modules(self, path):
        """{module: (options that must be on, whether they are: y, m or n)} of the modules that a file is a part of.

        Where no Makefile has it, those of the file that includes it.
        """
        file = path.rpartition(".")[0]
        found = {module: (gate, self.kbuild.built[file, module]) for module, gate in self.kbuild.modules.get(file, {}).items()}
        return found or self._including(*os.path.split(path))

    @cache
    def _including(self, folder, name):
        for path in self._files(folder, ".c"):
            with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
                text = file.read()
            if os.path.dirname(path) == folder and re.search(rf'#\s*include\s+"{re.escape(name)}"', text) and os.path.basename(path) != name:
                needs = Source(path, text).includes.get(name, frozenset())
                return {module: (gate | needs, state) for module, (gate, state) in self.modules(path).items()}
        return {}

    def place(self, source, at, more=frozenset()):
        """The gate of what stands there, in all; None if this kernel cannot have it, or if one cannot tell what it hangs on."""
        modules = self.modules(source.path).values()
        gate = source.gate(at) | more | (frozenset.intersection(*(gate for gate, _ in modules)) if modules else frozenset())
        names = {option[1:] for option in gate if option.startswith("?")}
        gate = frozenset(option for option in gate if not option.startswith("?"))
        if not all(name in source.names or any(name in self._defined(folder) for folder in HEADERS) for name in names):
            return None
        if modules and all(state == "n" for _, state in modules) and gate <= self.options.keys():
            return None  # some other option is off, which the Makefiles do not say in so many words
        return gate

    @cache
    def _defined(self, folder):
        """Every name that the folder's headers define."""
        found = set()
        for path in self._files(folder, ".h"):
            with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
                found.update(re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", file.read(), re.MULTILINE))
        return found

    # Constants

    @cached_property
    def headers(self):
        """{NAME: value} of the macros and enumerators of the shared headers; None where headers differ."""
        found = {}
        define = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+([^\n]*)$", re.MULTILINE)
        for folder in HEADERS:
            for path in self._files(folder, ".h"):
                with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
                    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", file.read().replace("\\\n", " "), flags=re.DOTALL)
                for name, value in define.findall(text):
                    value = value.strip()
                    found[name] = value if found.get(name, value) == value else None
                for name, value in enumerators(text):
                    found.setdefault(name, value)
        return found

    def constant(self, name, source, depth=0):
        if depth > 8:
            return None
        if name in LIMITS:
            return LIMITS[name]
        if name.startswith("CONFIG_") or name == "HZ":
            value = self.options.get(name.removeprefix("CONFIG_"), "")
            return int(value, 0) if re.fullmatch(r"-?\d+|0x[0-9a-fA-F]+", value) else None
        if name in source.macros:
            parameters, body = source.macros[name]
            return self.value(body, source, depth + 1) if parameters is None else None
        local = dict(enumerators(source.text)).get(name)
        if local is None:
            local = self.headers.get(name)
        return self.value(local, source, depth + 1) if local is not None else None

    def value(self, text, source, depth=0):
        """A constant expression's value, or None."""
        text = CAST.sub("", text.strip())
        text = re.sub(r"sizeof\s*\(\s*([\w *]+?)\s*\)", lambda m: str(SIZES.get(m[1], m[0])), text)
        text = re.sub(r"\bBIT(?:_ULL)?\(", "(1 << ", text)
        words = re.findall(r"0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*|\w+|<<|>>|[-+*/%|&~^()]|\S", text)
        out = []
        for word in words:
            if NUMBER.match(word):
                digits = NUMBER.match(word)[1]
                out.append(str(int(digits, 8 if re.fullmatch(r"0\d+", digits) else 0)))
            elif re.fullmatch(r"[A-Za-z_]\w*", word):
                found = self.constant(word, source, depth)
                if found is None:
                    return None
                out.append(f"({found})")
            elif word in ("<<", ">>") or word in "-+*/%|&~^()":
                out.append("//" if word == "/" else word)
            else:
                return None
        try:
            return ast_value(" ".join(out))
        except (SyntaxError, ValueError, ZeroDivisionError):
            return None

    @cache
    def _defining(self, name):
        """The sources that define a variable of that name."""
        return [s for s in self.sources.values() if name in s.text and name in s.variables and s.variables[name].value is not None]

    def variable(self, name, source):
        """What the variable holds for good: its initialiser, if nothing known gives it another value."""
        own = source.variables.get(name)
        where = [source] if own and own.value is not None else self._defining(name)
        if len(where) != 1 or name in source.assigned or name in where[0].assigned:
            return None
        found = where[0].variables[name]
        return None if "*" in found.type else self.value(found.value, where[0]) if found.value else 0

    def items(self, name, source):
        """How many items an array of that name has, 1 if it is none; None if that cannot be told."""
        own = source.variables.get(name)
        if own and (own.items or own.value is not None):
            return self.value(own.items, source) if own.items else 1
        found = self._arrays.get(name)
        if found is None:
            found = self._members.get(name)
        return self._declared(os.path.dirname(source.path)).get(name) if found is None else found

    @cached_property
    def _arrays(self):
        """{name: items} of the variables outside of drivers, 1 for what is no array."""
        found = {}
        for source in self.sources.values():
            if not source.path.startswith(("drivers/", "sound/")):
                for name, one in source.variables.items():
                    if one.items or one.value is not None:
                        found.setdefault(name, self.value(one.items, source) if one.items else 1)
        return found

    @cached_property
    def _members(self):
        return self._declared("include")

    @cache
    def _declared(self, folder):
        """{name: items} of the variables and members that the folder's headers declare; None where headers differ."""
        found = {}
        declared = re.compile(r"^(?:extern[ \t]+|[ \t]+)(?:\w+[ \t]+)+(\w+)[ \t]*(\[\w+\])?(?:[ \t]+__\w+)?;", re.MULTILINE)
        for path in self._files(folder, ".h"):
            with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
                for name, items in declared.findall(file.read()):
                    number = re.fullmatch(r"\[(\d+)\]", items)
                    count = int(number[1]) if number else (None if items else 1)
                    found[name] = count if found.get(name, count) == count else None
        return found


def enumerators(text):
    """(name, value) of enumerations whose values can be counted."""
    for body in re.findall(r"\benum\b\s*\w*\s*\{([^{}]*)\}", text):
        base, offset = "0", 0
        for part in body.split(","):
            name, _, value = part.partition("=")
            name = name.strip()
            if re.fullmatch(r"\w+", name):
                if value.strip():
                    base, offset = value.strip(), 0
                yield name, f"({base}) + {offset}"
                offset += 1


def ast_value(text):
    tree = ast.parse(text, mode="eval")
    allowed = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.operator, ast.unaryop)
    if not all(isinstance(node, allowed) for node in ast.walk(tree)):
        raise ValueError(text)
    return eval(compile(tree, "", "eval"), {"__builtins__": {}})  # numbers and their operators alone, as just checked


def plus(gate):
    return "+".join(sorted(gate)) or UNKNOWN


# --- sysctl -----------------------------------------------------------------------------------------------------------

# The handlers that all others lead to: what a value is, what it counts, and whether extra1 and extra2 hold it.
HANDLERS = {
    "proc_dostring": ("string", None, False),
    "proc_dobool": ("bool", None, False),
    "proc_dointvec": ("int", None, False),
    "proc_douintvec": ("uint", None, False),
    "proc_dointvec_minmax": ("int", None, True),
    "proc_douintvec_minmax": ("uint", None, True),
    "proc_dou8vec_minmax": ("u8", None, True),
    "proc_doulongvec_minmax": ("ulong", None, True),
    "proc_doulongvec_ms_jiffies_minmax": ("ulong", "ms", True),
    "proc_dointvec_jiffies": ("int", "s", False),
    "proc_dointvec_userhz_jiffies": ("int", "cs", False),
    "proc_dointvec_ms_jiffies": ("int", "ms", False),
    "proc_dointvec_ms_jiffies_minmax": ("int", "ms", True),
    "proc_do_large_bitmap": ("bitmap", None, False),
    "do_proc_dointvec": ("int", None, False),
    "__do_proc_dointvec": ("int", None, False),
    "do_proc_douintvec": ("uint", None, False),
    "__do_proc_douintvec": ("uint", None, False),
    "proc_dointvec_conv": ("int", None, False),
    "proc_douintvec_conv": ("uint", None, False),
}
UNITS = (("_ns", "ns"), ("_us", "us"), ("_usecs", "us"), ("_ms", "ms"), ("_msecs", "ms"), ("_msec", "ms"), ("_centisecs", "cs"), ("_secs", "s"),
         ("_kbytes", "KiB"), ("_bytes", "B"), ("_kb", "KiB"))
BYTES = {"int": 4, "uint": 4, "ulong": 8}


class Sysctls:
    def __init__(self, tree):
        self.tree = tree
        self.tables, self.paths, self.unplaced = {}, {}, []
        for source in tree.sources.values():
            if "ctl_table" in source.text:
                self._find_tables(source)

    # Tables: {name: [(source, [entry])]}, an entry being (place, {field: text})

    def _find_tables(self, source):
        members = set(re.findall(r"\bstruct\s+ctl_table\s+(\w+)\s*\[[^\]]*\]\s*;", source.text))
        heads = [(m[1], m.end() - 1) for m in re.finditer(r"\bstruct\s+ctl_table\s+(\w+)\s*\[[^\]]*\][^=;{}()]*=\s*\{", source.text)]
        heads += [(m[1], m.end() - 1) for m in re.finditer(r"\.\s*(\w+)\s*=\s*\{", source.text) if m[1] in members]
        for name, start in heads:
            end = matching(source.text, start) or source.text.find("\n};", start)
            entries = []
            for offset, part in split(source.text[start + 1:end]):
                begin = part.find("{")
                close = matching(part, begin) if begin >= 0 else None
                if close is None:
                    continue
                fields = {}
                for _, field in split(part[begin + 1:close]):
                    found = re.match(r"\s*\.\s*(\w+)\s*=\s*(.*)", field, re.DOTALL)
                    if found:
                        fields[found[1]] = " ".join(found[2].split())
                if "procname" in fields:
                    entries.append((start + 1 + offset + begin, fields))
            self.tables.setdefault(name, []).append((source, entries))
        for m in re.finditer(r"\bstruct\s+ctl_path\s+(\w+)\s*\[[^\]]*\]\s*=\s*\{", source.text):
            body = source.text[m.end() - 1:(matching(source.text, m.end() - 1) or m.end())]
            self.paths[source.path, m[1]] = "/".join(re.findall(r'procname\s*=\s*"([^"]*)"', body))

    # Registrations: (path, table)

    def registrations(self):
        call = re.compile(r"\b(?:__)?register_(?:net_)?sysctl(?:_\w+)?\s*(?=\()")
        for source in self.tree.sources.values():
            if "register_" not in source.text or "sysctl" not in source.text:
                continue
            for found in call.finditer(source.text):
                end = matching(source.text, found.end())
                if end is None:
                    continue
                arguments = [part.strip() for _, part in split(source.text[found.end() + 1:end])]
                name = found[0].strip()
                if any(re.match(r"(?:const\s+)?(?:struct|char|void)\b", a) for a in arguments):
                    continue  # the function's own head
                path, table = self._arguments(name, arguments)
                if table is not None:
                    yield source, found.start(), path, table
            for found in re.finditer(r"\bDECLARE_SYSCTL_BASE\(\s*(\w+)\s*,\s*(\w+)\s*\)", source.text):
                yield source, found.start(), f'"{found[1]}"', found[2]

    @staticmethod
    def _arguments(name, arguments):
        if name == "register_sysctl_table" and len(arguments) == 1:
            return '""', arguments[0]
        if name.startswith(("register_net_sysctl", "__register_sysctl_table")) and len(arguments) >= 3:
            return arguments[1], arguments[2]
        if name in ("register_sysctl", "register_sysctl_init", "register_sysctl_sz", "register_sysctl_paths") and len(arguments) >= 2:
            return arguments[0], arguments[1]
        return None, None

    def _path(self, text, source, at):
        """The directories that a registration names, as our names have them: ["net.ipv4.conf()"]; [] where that cannot be told."""
        text = re.sub(r"\b[A-Za-z_]\w*\b(?=[^\"]*(?:\"[^\"]*\"[^\"]*)*$)",
                      lambda m: source.macros[m[0]][1] if m[0] in source.macros and source.macros[m[0]][0] is None else m[0], text)
        path = string(text)
        if path is None:
            path = self.paths.get((source.path, text))
        if path is None and re.fullmatch(r"\w+", text):
            around = source.around(at)
            formats = re.findall(rf'printf\(\s*{text}\s*,[^"]*?("[^;]*?")\s*,', around)
            path = string(formats[-1]) if formats else None
        if path is None:
            return []
        paths = [path]
        if path.startswith("net/%s/"):  # protocols of the internet name themselves there
            paths = [path.replace("%s", family, 1) for family in ("ipv4", "ipv6")]
        return [re.sub(r"/%[sd]", "()", p).strip("/").replace("/", ".") for p in paths if "%" not in re.sub(r"/%[sd](?=/|$)", "", p)]

    def _named(self, text, source, at, depth=0):
        """The tables that an expression stands for: its own name, or what was put into that variable."""
        text = re.sub(r"^\(.*?\)\s*", "", text.strip())
        leaf = re.search(r"(\w+)\s*(?:\[\s*\w*\s*\])?$", text)
        if not leaf or depth > 3:
            return []
        name = leaf[1]
        if name in self.tables:
            here = [t for t in self.tables[name] if t[0] is source]
            return here or self.tables[name]
        for place in (source.around(at), source.text):
            found = []
            for value in re.findall(rf"(?<!\w){re.escape(name)}\s*=(?!=)\s*([^;]*);", place):
                words = re.findall(r"\b[A-Za-z_]\w*\b", value)
                found += [word for word in words if word in self.tables]
                if not found:
                    for word in words:
                        for where in self.tree.sources.values():
                            if word in where.functions and re.search(rf"\b{word}\s*\(", value):
                                found += [w for w in re.findall(r"\b\w+\b", where.body(word)) if w in self.tables]
            if found:
                return [t for one in dict.fromkeys(found) for t in ([x for x in self.tables[one] if x[0] is source] or self.tables[one])]
        return []

    # Rows

    def rows(self):
        found, placed = {}, set()

        def visit(source, entries, prefix, gate, seen):
            for at, fields in entries:
                name = self._procname(fields["procname"], source)
                if not name:
                    continue
                path = of_kind(f"{prefix}.{name}" if prefix else name)
                if "child" in fields:
                    for where, inner in self._named(fields["child"], source, len(source.text)):
                        if id(inner) not in seen:
                            placed.add(id(inner))
                            visit(where, inner, path, gate | source.gate(at), (*seen, id(inner)))
                elif "proc_handler" in fields or "data" in fields:
                    whole = self.tree.place(source, at, gate)
                    if whole is not None:
                        found.setdefault(path, []).append(self._row(path, source, fields, whole))

        for source, at, path, table in self.registrations():
            for where, entries in self._named(table, source, at):
                for prefix in self._path(path, source, at):
                    placed.add(id(entries))
                    visit(where, entries, prefix, source.gate(at), (id(entries),))
        self.unplaced = sorted({(source.path, name) for name, tables in self.tables.items() for source, entries in tables
                                if entries and id(entries) not in placed})
        return [agreed(rows) for _, rows in sorted(found.items())]

    @staticmethod
    def _procname(text, source):
        return string(text) or (source.text_of(text) if re.fullmatch(r"\w+", text) else None)

    def _row(self, path, source, fields, gate):
        name = path.rsplit(".", 1)[-1]
        kind, units, bounded, forced = self._handler(fields.get("proc_handler", ""), source, name)
        unit = next(iter(units)) if len(units) == 1 else None
        if unit is None:
            unit = next((unit for suffix, unit in UNITS if name.endswith(suffix) and kind not in (None, "string", "bitmap")), None)
        low = high = None
        if bounded:
            low, high = (self._bound(forced.get(field, fields.get(field)), source) for field in ("extra1", "extra2"))
            if kind == "u8":
                low, high = 0 if low is None and "extra1" not in fields else low, 255 if high is None and "extra2" not in fields else high
            if kind in ("uint", "ulong") and low is None and "extra1" not in fields and high is not None:
                low = 0
            if units & {"ms"} and units != {None}:  # those bounds count jiffies: only 0 and the first of them are the same for all
                low, high = low if low in (0, 1) else None, None
        items = forced.get("items") or self._items(fields.get("maxlen", ""), kind, source)
        mode = self.tree.value(fields.get("mode", ""), source)
        return Row("sysctl", path, "s", type=self._type(kind, items), unit=unit or UNKNOWN, range=span(low, high, kind),
                   mode=f"{mode:03o}" if mode is not None else UNKNOWN, gate=plus(gate), where=source.path)

    @staticmethod
    def _type(kind, items):
        if kind is None:
            return UNKNOWN
        return kind if items == 1 or kind in ("string", "bitmap", "bool") else f"{kind}[{items or ''}]"

    def _items(self, maxlen, kind, source):
        """How many values of its type there are; None where it may be more than one."""
        size = BYTES.get(kind)
        if not size or not maxlen:
            return 1
        total = self.tree.value(maxlen, source)
        if total is not None:
            return max(total // size, 1)
        of = re.fullmatch(r"sizeof\s*\(?\s*[\w.>()*\[\]\s-]*?(\w+)\s*\)?", maxlen)
        return self.tree.items(of[1], source) if of else None

    def _bound(self, text, source):
        """What extra1 or extra2 points at."""
        if not text:
            return None
        text = CAST.sub("", text)
        shared = re.fullmatch(r"\(?(SYSCTL_\w+)\)?", text)
        if shared:
            return self._shared.get(shared[1])
        own = re.fullmatch(r"&\s*(\w+)", text)
        if own:
            return self.tree.variable(own[1], source)
        item = re.fullmatch(r"&\s*(\w+)\.(\w+)\.(min|max)", text)
        return self._tunable(source, *item.groups()) if item else None

    @cached_property
    def _shared(self):
        """{SYSCTL_ZERO: 0, …}: names for places in two arrays that all tables share."""
        with open(os.path.join(self.tree.root, "include/linux/sysctl.h"), encoding="utf-8") as file:
            names = re.findall(r"#define\s+(SYSCTL_\w+)\s+\(\(void \*\)&(\w+)\[(\d+)\]\)", file.read())
        arrays = {}
        for source in self.tree.sources.values():
            for name, body in re.findall(r"^const (?:int|unsigned long) (sysctl_\w*vals)\[\]\s*=\s*\{([^}]*)\}", source.text, re.MULTILINE):
                arrays[name] = [self.tree.value(part, source) for part in body.split(",") if part.strip()]
        return {name: arrays[array][int(place)] for name, array, place in names if array in arrays and int(place) < len(arrays[array])}

    def _tunable(self, source, whole, part, end):
        """XFS keeps its tunables as { min, value, max } in one structure."""
        folder = os.path.dirname(source.path)
        for path in self.tree._files(folder, ".c"):
            with open(os.path.join(self.tree.root, path), encoding="utf-8", errors="replace") as file:
                text = file.read()
            declared = re.search(rf"\b{whole}\s*=\s*\{{(.*?)^\}};", text, re.MULTILINE | re.DOTALL)
            found = declared and re.search(rf"\.{part}\s*=\s*\{{([^}}]*)\}}", declared[1])
            if found:
                values = [self.tree.value(v, source) for v in found[1].split(",")]
                return values[0 if end == "min" else -1] if len(values) == 3 else None
        return None

    def _handler(self, text, source, leaf):
        """(type, units, whether bounds hold, bounds that the handler itself sets) of a handler, through those that it calls."""
        name = text.lstrip("&").strip()
        kinds = set()
        forced = {}
        self._leads(name, source, kinds, forced, set())
        types = {kind for kind, _, _ in kinds}
        kind = types.pop() if len(types) == 1 else None
        return kind, {unit for _, unit, _ in kinds}, bool(kinds) and all(bounded for _, _, bounded in kinds), forced

    def _leads(self, name, source, kinds, forced, seen):
        if name in HANDLERS:
            kinds.add(HANDLERS[name])
            return
        if name in seen or not re.fullmatch(r"\w+", name):
            return
        seen.add(name)
        where = source if name in source.functions else self._functions.get(name)
        if where is None:
            return
        body = where.body(name)
        head = body[:body.find("{")]
        if "ctl_table" not in head:
            return
        for field in ("extra1", "extra2"):
            values = set(re.findall(rf"\.\s*{field}\s*=\s*([^;,}}]+?)\s*[;,}}]", body))
            if len(values) == 1:
                forced.setdefault(field, values.pop())
            elif values or re.search(rf"->\s*{field}\s*=", body):
                forced.setdefault(field, "?")
        of = re.search(r"\.\s*maxlen\s*=\s*sizeof\s*\(\s*(\w+)\s*\)", body)
        if of and re.search(rf"^\s+(?:\w+\s+)+\**(?:[^;]*,\s*)?{of[1]}\b", body, re.MULTILINE):
            local = re.search(rf"\b{of[1]}\s*\[(\w+)\]", body)
            forced.setdefault("items", self.tree.value(local[1], where) if local else 1)
        for called in dict.fromkeys(re.findall(r"\b(\w+)\s*\(", body[len(head):])):
            self._leads(called, where, kinds, forced, seen)

    @cached_property
    def _functions(self):
        """{name: source} of the functions that take a table's entry."""
        found = {}
        for source in self.tree.sources.values():
            if "ctl_table" in source.text:
                for name in source.functions:
                    if "ctl_table" in source.body(name).split("{")[0]:
                        found.setdefault(name, source)
        return found


def span(low, high, kind=None):
    if low is None and high is None:
        return UNKNOWN
    if kind == "int" and high == 2**31 - 1 or kind == "ulong" and high is not None and high >= 2**63 - 1 or kind == "uint" and high == 2**32 - 1:
        high = None  # all that the type holds
    if low is None and high is None:
        return UNKNOWN
    return f"{'' if low is None else low}..{'' if high is None else high}"


def agreed(rows):
    """One row of several for the same knob: what all say; the options that all of them need."""
    if len(rows) == 1:
        return rows[0]
    column = {c: getattr(rows[0], c) if len({getattr(r, c) for r in rows}) == 1 else UNKNOWN for c in ("type", "unit", "range", "mode", "default")}
    gates = [set(r.gate.split("+")) - {UNKNOWN} for r in rows]
    return Row(rows[0].kind, rows[0].name, "s", gate=plus(set.intersection(*gates)), where=min(r.where for r in rows), **column)


# --- boot parameters --------------------------------------------------------------------------------------------------

# What a handler reads its text with, where it uses one of these alone.
PARSERS = {
    "kstrtobool": "bool", "strtobool": "bool", "kstrtoint": "int", "get_option": "int", "kstrtouint": "uint", "kstrtoul": "ulong",
    "simple_strtoul": "ulong", "simple_strtol": "long", "kstrtol": "long", "kstrtoull": "ullong", "simple_strtoull": "ullong",
    "memparse": "size", "cpulist_parse": "cpulist", "kstrtou8": "u8", "kstrtou16": "u16",
}
BOOT = {"__setup": 1, "early_param": 1, "__setup_param": 2}  # which argument is the handler
FOUND_BY_HAND = re.compile(r"\bcmdline_find_option(_bool)?\s*\(")


def boot_rows(tree):
    for source in tree.sources.values():
        for name, kind, at in boot_parameters(tree, source) if re.search("__setup|early_param|cmdline_find|sysctl_alias", source.text) else ():
            gate = tree.place(source, at)
            if gate is not None:
                yield Row("boot", name.rstrip("="), "s", type=kind or UNKNOWN, gate=plus(gate), where=source.path)


def boot_parameters(tree, source):
    """(name, type, place) of what a file takes from the kernel's command line."""
    for macro, at, arguments in calls(source, r"(?:__setup|early_param|__setup_param|early_param_on_off)"):
        if macro == "early_param_on_off":
            yield from ((string(text), "flag", at) for text in arguments[:2] if string(text))
            continue
        name = string(arguments[0]) if len(arguments) > BOOT[macro] else None
        if name and re.fullmatch(r"[\w.-]+=?", name):
            yield name, parser(tree, source, arguments[BOOT[macro]], name.endswith("=")), at
    for aliases in re.findall(r"\bsysctl_alias\s+\w+\[\]\s*=\s*\{(.*?)\};", source.text, re.DOTALL):
        for found in re.finditer(r'\{\s*"([\w.-]+)"\s*,', aliases):
            yield found[1], None, source.text.index(aliases)
    for found in FOUND_BY_HAND.finditer(source.text):
        end = matching(source.text, found.end() - 1)
        arguments = [part.strip() for _, part in split(source.text[found.end():end])[:2]] if end else []
        for part in arguments[1:] + arguments[:1]:  # the first may be the line to look in
            name = string(part) or (source.text_of(part) if re.fullmatch(r"\w+", part) else None)
            if name:
                break
        else:
            continue
        name, sign, _ = name.partition("=")  # one word with its value may be looked for: "mem_encrypt=on"
        if re.fullmatch(r"[\w.-]+", name):
            yield name, "flag" if found[1] and not sign else None, found.start()


def parser(tree, source, handler, valued):
    """The type that a boot parameter's handler reads; None where it does more than read one."""
    body = source.body(handler.strip("& "))
    head, _, inner = body.partition("{")
    argument = re.search(r"char\s*\*\s*(\w+)\s*\)", head)
    if not inner or not argument:
        return None
    if not re.search(rf"\b{argument[1]}\b", inner):
        return "flag"
    if re.search(r"\bstr(?:n?case)?n?cmp\s*\(|\bstrsep\s*\(|\bmatch_string\s*\(|\bparse_option_str\s*\(", inner):
        return None
    kinds = {PARSERS[word] for word in re.findall(r"\b\w+\b(?=\s*\()", inner) if word in PARSERS}
    return kinds.pop() if len(kinds) == 1 else None


def calls(source, pattern):
    """(macro, offset, arguments) of the uses of macros at the top level of a file."""
    for found in re.finditer(rf"(?<![\w.>])({pattern})\s*(?=\()", source.text):
        end = matching(source.text, found.end())
        if end:
            yield found[1], found.start(), [part.strip() for _, part in split(source.text[found.end() + 1:end])]


# --- module parameters ------------------------------------------------------------------------------------------------

# Of each macro, which argument is the variable, the type, the mode; a type in words where there is no argument for it.
PARAMETERS = {
    "module_param": (0, 1, 2), "module_param_unsafe": (0, 1, 2), "module_param_named": (1, 2, 3), "module_param_named_unsafe": (1, 2, 3),
    "module_param_hw": (0, 1, 3), "module_param_hw_named": (1, 2, 4), "module_param_string": (1, "string", 3),
    "module_param_array": (0, 1, 3), "module_param_array_named": (1, 2, 4), "module_param_hw_array": (0, 1, 4),
    "module_param_cb": (2, None, 3), "module_param_cb_unsafe": (2, None, 3), "module_param_call": (3, None, 4),
    "arch_param_cb": (2, None, 3), "subsys_param_cb": (2, None, 3), "fs_param_cb": (2, None, 3), "device_param_cb": (2, None, 3),
    "late_param_cb": (2, None, 3), "postcore_param_cb": (2, None, 3),
    "core_param": (1, 2, 3), "core_param_unsafe": (1, 2, 3), "core_param_cb": (2, None, 3),
}
NUMBERS = {"byte": 8, "short": 16, "ushort": 16, "int": 32, "uint": 32, "long": 64, "ulong": 64, "ullong": 64, "hexint": 32}  # bits
SETTERS = re.compile(r"\bparam_set_uint_minmax\s*\(\s*\w+\s*,\s*\w+\s*,\s*([^;]*?)\)\s*;")


def parameter_rows(tree):
    """(the name that the module's own information has, row): where a file gives its parameters a prefix, the two differ.

    Parameters of what this kernel was built with. Their gates are options beyond those that the module itself needs.
    """
    needs = {}
    for modules in tree.kbuild.modules.values():
        for module, gate in modules.items():
            needs[module] = needs[module] & gate if module in needs else gate
    for source in tree.sources.values():
        modules = tree.modules(source.path)
        for macro, at, arguments in () if "_param" not in source.text else calls(source, "|".join(sorted(PARAMETERS, key=len, reverse=True))):
            variable, kind, mode = PARAMETERS[macro]
            name, gate = arguments[0], tree.place(source, at)
            if len(arguments) <= mode or not re.fullmatch(r"[\w.-]+", name) or gate is None:
                continue
            kind, limits = (arguments[kind] if isinstance(kind, int) else kind), UNKNOWN
            if kind is None:
                kind, limits = operations(tree, source, macro, arguments)
            if kind and "array" in macro:
                kind = f"array of {kind}"
            permissions = tree.value(arguments[mode], source)
            row = Row("module-param", name, "s", type=kind or UNKNOWN, range=limits, where=source.path,
                      default=default(tree, source, arguments[variable], kind),
                      mode=f"{permissions:03o}" if permissions is not None else UNKNOWN)
            if macro.startswith("core_param"):
                yield None, replace(row, kind="boot", gate=plus(gate))
                continue
            for module, (_, state) in modules.items():
                if state != "n":
                    prefix = source.prefix(at) if state == "y" else None  # a module's own parameters are called by its name alone
                    yield f"{module}.{name}", replace(row, name=f"{prefix or module}.{name}", gate=plus(gate - needs[module]))


def operations(tree, source, macro, arguments):
    """(type, range) of a parameter with operations of its own."""
    if macro == "module_param_call":
        setter, getter = arguments[1].strip("& "), arguments[2].strip("& ")
    else:
        name = arguments[1].strip("& ")
        shared = re.fullmatch(r"param_ops_(\w+)", name)
        if shared and not re.search(rf"\bkernel_param_ops\s+{name}\s*=", source.text):
            return shared[1], UNKNOWN
        body = re.search(rf"\bkernel_param_ops\s+{name}\s*=\s*\{{([^}}]*)\}}", source.text)
        fields = dict(re.findall(r"\.\s*(\w+)\s*=\s*&?(\w+)", body[1])) if body else {}
        setter, getter = fields.get("set", ""), fields.get("get", "")
    kind = re.fullmatch(r"param_get_(\w+)", getter)
    limits = {tuple(tree.value(part, source) for _, part in split(found)) for found in SETTERS.findall(source.body(setter))}
    low, high = limits.pop() if len(limits) == 1 else (None, None)
    return (kind[1] if kind else None), span(low, high)


def default(tree, source, variable, kind):
    """What the variable starts as, as sysfs shows it; "-" where code computes it."""
    variable = variable.strip("& ")
    if kind not in NUMBERS and kind not in ("bool", "invbool", "bint", "charp", "string"):
        return UNKNOWN  # shown by functions of its own
    declared = source.variables.get(variable)
    if not declared or declared.value is None or variable in source.assigned:
        return UNKNOWN
    if not declared.value:
        return UNKNOWN
    text = string(declared.value)
    if text is not None:
        return text or UNKNOWN
    value = tree.value(declared.value, source)
    if value is None or "*" in declared.type:
        return UNKNOWN
    if kind in ("bool", "invbool"):
        return "Y" if bool(value) != (kind == "invbool") else "N"
    return str(value % 2**NUMBERS[kind] if kind in NUMBERS and kind[0] in "ub" else value)


# --- all of it --------------------------------------------------------------------------------------------------------

def read(tree):
    found = {}
    for row in [*Sysctls(tree).rows(), *boot_rows(tree), *(row for _, row in parameter_rows(tree))]:
        found.setdefault((row.kind, row.name), []).append(row)
    return [agreed(rows) for _, rows in sorted(found.items())]


@cache
def _tree(release, fetch):
    return Tree(unpacked(release, fetch), options(release, fetch))


@cache
def rows(release, fetch):
    return read(_tree(release, fetch))


def names(release, fetch):
    """{(kind, name): name} of what built-in modules call otherwise than their own information says: `qhimark` of kernel/rcu/tree.c is
    rcutree.qhimark, which modules.builtin.modinfo has as tree.qhimark."""
    return {("module-param", said): row.name for said, row in parameter_rows(_tree(release, fetch)) if said not in (None, row.name)}
