"""What a kernel's packages tell: its modules, their parameters, its configuration. Facts only; the texts in them are not ours."""
import lzma
import re
import struct
from functools import cache
from pathlib import Path

import yaml

from releases import HERE
from row import UNKNOWN, Row

KINDS = ("module", "module-param", "config")


def rows(release, fetch):
    modules = tree_modules(fetch.kernel(release))
    for name, module in modules.items():
        if module.built_in or module.file:
            yield Row("module", name, "p", type="builtin" if module.built_in else "loadable", where=module.where)
        for parameter, kind in module.parameters.items():
            yield Row("module-param", f"{name}.{parameter}", "p", type=kind, where=module.where)


def also(release, fetch, found):
    """The configuration, as far as anyone asks."""
    config = dict(re.findall(r"^CONFIG_(\w+)=(.*)$", fetch.kernel(release).config.read_text(encoding="utf-8"), re.MULTILINE))
    for option in sorted(options_asked(found)):
        yield Row("config", option, "p", default=config.get(option, "n").strip('"'), where="boot/config")


class Module:
    def __init__(self):
        self.built_in = False
        self.file = None      # relative to the folder of the kernel's modules; None of what has parameters but is no module
        self.parameters = {}  # name to type

    @property
    def where(self):
        return str(self.file.parent) if self.file else UNKNOWN

    def take(self, key, value):
        """One fact of a .modinfo section. A parameter that is described and has no type is one with functions of its own."""
        name, _, kind = value.partition(":")
        if key == "parmtype":
            self.parameters[name] = kind
        elif key == "parm":
            self.parameters.setdefault(name, UNKNOWN)


@cache
def tree_modules(kernel):
    """All modules by name, with underscores as in /sys/module. Also what the kernel has parameters of and does not call a module."""
    folder = kernel.modules
    modules = {}

    def module(name):
        return modules.setdefault(name.replace("-", "_"), Module())

    for line in (folder / "modules.builtin").read_text(encoding="utf-8").splitlines():
        file = Path(line)
        module(file.stem).built_in = True
        module(file.stem).file = file
    for fact in (folder / "modules.builtin.modinfo").read_bytes().decode("utf-8", "replace").split("\0"):
        name, _, fact = fact.partition(".")
        key, _, value = fact.partition("=")
        if key in ("parm", "parmtype"):
            module(name).take(key, value)
    for file in sorted(folder.glob("kernel/**/*.ko*")):
        one = module(file.name.split(".ko")[0])
        one.file = file.relative_to(folder)
        for fact in modinfo(module_bytes(file)):
            one.take(*fact)
    return dict(sorted(modules.items()))


def module_bytes(file):
    return lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()


def modinfo(elf):
    """(key, value) of the .modinfo section of a 64-bit little-endian ELF file."""
    assert elf[:6] == b"\x7fELF\x02\x01"
    (sections,) = struct.unpack_from("<Q", elf, 40)
    size, count, names = struct.unpack_from("<HHH", elf, 58)

    def section(index):
        name, _, _, _, offset, length = struct.unpack_from("<IIQQQQ", elf, sections + index * size)
        return name, elf[offset:offset + length]

    strings = section(names)[1]
    for name, data in map(section, range(count)):
        if strings[name:strings.index(b"\0", name)] == b".modinfo":
            for fact in filter(None, data.decode("utf-8", "replace").split("\0")):
                key, _, value = fact.partition("=")
                yield key, value


def options_asked(found):
    """The kernel options that packages.yaml, the rows' gates, the catalogue's caveats or the platforms name."""
    options = set(yaml.safe_load((HERE / "packages.yaml").read_text(encoding="utf-8"))["options"])
    options |= {option for row in found if row.gate != UNKNOWN for option in re.findall(r"\w+", row.gate)}
    for platform in yaml.safe_load((HERE.parent / "platforms.yaml").read_text(encoding="utf-8"))["platforms"]:
        options.update(platform.get("config", {}))
    for file in HERE.parent.glob("params/*.yaml"):
        options.update(re.findall(r"\bconfig: *\"?!?(\w+)", file.read_text(encoding="utf-8")))
    return options
