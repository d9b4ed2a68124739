"""The keys of libvirt's qemu.conf: types from the lens, which of them the driver still reads, defaults where the sample says so.

The sample's own lines are no defaults: `#vnc_tls = 1` shows how to turn on what is off.
"""
import re

from row import UNKNOWN, Row

KINDS = ("qemu.conf",)

TYPES = {"str": "str", "bool": "bool", "int": "int", "str_array": "str_list", "limits": "limits", "bytes": "bytes"}
PACKAGES = ("libvirt-daemon-driver-qemu", "libvirt-daemon-system")  # the sample moved from the second to the first


def lens_keys(text):
    return {key: TYPES[kind] for kind, key in re.findall(r"\b([a-z_]+?)_entry\s+\"(\w+)\"", re.sub(r"\(\*.*?\*\)", "", text, flags=re.DOTALL))}


def sample_defaults(text):
    """{key: value} of the keys whose comment says in so many words what holds without them, and on no condition."""
    found = {}
    for block in re.split(r"\n\s*\n", text):
        keys = re.findall(r"^#?(\w+)\s*=", block, re.MULTILINE)
        told = " ".join(line.lstrip("# ") for line in block.split("\n") if not re.match(r"#?\w+\s*=", line))
        said = [(sentence, value) for sentence in re.split(r"(?<=[.])\s+(?=[A-Z])", told)
                for value in re.findall(r"(?:[Dd]efaults to|[Dd]efault (?:value )?is|\(default:)\s+\"?([\w./-]+?)\"?(?=[.,;)\s]|$)", sentence)]
        if len(keys) == 1 and len(said) == 1 and not re.search(r"\b[Ii]f\b|\bwhen\b|\bmodified\b", said[0][0]) and re.fullmatch(r"\d+|none|/[\w/.-]+", said[0][1]):
            found[keys[0]] = said[0][1]
    return found


def rows(release, fetch):
    places = [fetch(release, package)[0] for package in PACKAGES]

    def one(pattern):
        return next(file for place in places for file in sorted(place.glob(pattern)))

    keys = lens_keys(one("usr/share/augeas/lenses/libvirtd_qemu.aug").read_text(encoding="utf-8"))
    defaults = sample_defaults(one("etc/libvirt/qemu.conf").read_text(encoding="utf-8"))
    driver = one("usr/lib/*/libvirt/connection-driver/libvirt_driver_qemu.so").read_bytes()
    for key, kind in sorted(keys.items()):
        read = key.encode() + b"\0" in driver  # lenses keep keys that the driver has given up; one text may be the end of another
        yield Row("qemu.conf", key, "pd" if read else "d", type=kind, default=defaults.get(key, UNKNOWN),
                  where="libvirt_driver_qemu.so" if read else "libvirtd_qemu.aug")
