"""releases.yaml as objects."""
from dataclasses import dataclass, field
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Release:
    name: str      # linux-6.1-debian-12
    product: str   # linux
    version: str   # 6.1; "" where a table is of no one product's version: shipped-debian-12
    system: str    # debian-12
    suite: str     # bookworm; "" where no packages can be had
    security: str  # bookworm-security, or ""
    parts: tuple   # names of modules beside this one
    entry: dict = field(hash=False, compare=False)  # the release's own keys

    @property
    def title(self):
        return " ".join(filter(None, [self.product, self.version, "on", *self.system.split("-")]))


def releases():
    """All of them by name, in the order of the file."""
    known = yaml.safe_load((HERE / "releases.yaml").read_text(encoding="utf-8"))
    table = {}
    for name, entry in known["releases"].items():
        head, os, number = name.rsplit("-", 2)
        product, _, version = head.partition("-")
        system = f"{os}-{number}"
        where = known["systems"].get(system, {})
        parts = entry.get("parts") or known["products"][product]
        table[name] = Release(name, product, version, system, where.get("suite", ""), where.get("security", ""), tuple(parts), entry)
    return table
