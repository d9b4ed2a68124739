"""A kernel's source tree: which files may declare a knob, what they need to be built, and what the constants in them are worth."""
import ast
import os
import re
from functools import cache, cached_property

from ctext import Source
from kbuild import Kbuild

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
