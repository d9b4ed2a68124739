"""What a kernel's source tells of its knobs: sysctl tables, boot parameters, module parameters."""
import re
import subprocess
from dataclasses import replace
from functools import cache

from columns import agreed, plus, span
from ctext import matching, split, string
from ctree import Tree
from row import UNKNOWN, Row
from sysctls import Sysctls

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

# Options of the kernel's own unit tests: what hangs on them is nobody's knob.
OF_TESTS = re.compile(r"(^|_)KUNIT(_|$)")


def read(tree):
    found = {}
    for row in [*Sysctls(tree).rows(), *boot_rows(tree), *(row for _, row in parameter_rows(tree))]:
        if any(OF_TESTS.search(option) for option in row.gate.split("+")):
            continue
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
