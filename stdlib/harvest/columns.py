"""What several readers of sources write into a table's columns."""
from row import UNKNOWN, Row


def plus(gate):
    return "+".join(sorted(gate)) or UNKNOWN


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
