"""A kernel's sysctls: the entries of its tables, and the directories that the tables are registered for."""
import os
import re
from functools import cached_property

from columns import agreed, plus, span
from ctext import matching, split, string
from ctree import CAST
from fold import of_kind
from row import UNKNOWN, Row

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
