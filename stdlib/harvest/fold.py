"""Names of knobs as the catalogue has them, of paths as a kernel shows them: "()" where an instance is named."""
import re

from row import COMPUTED, UNKNOWN

# What stands for one of several things of a kind. The last group is the instance: net/ipv4/conf/eth0/mtu is net.ipv4.conf().mtu of eth0.
FOLDS = [(re.compile(pattern), folded) for pattern, folded in [
    (r"^net/(ipv4|ipv6)/(conf|neigh)/([^/]+)(?=/)", r"net/\1/\2()"),
    (r"^net/(mpls|decnet)/conf/([^/]+)(?=/)", r"net/\1/conf()"),
    (r"^net/(ax25|netrom|rose|phonet)/([^/]+)(?=/)", r"net/\1()"),
    (r"^net/netfilter/nf_log/(\d+)$", r"net/netfilter/nf_log()"),
    (r"^dev/parport/(default|parport\d+)(?=/)", r"dev/parport()"),
    (r"^dev/parport\(\)/devices/([^/]+)(?=/)", r"dev/parport()/devices()"),
    (r"^kernel/sched_domain/cpu(\d+)(?=/)", r"kernel/sched_domain/cpu()"),
    (r"^kernel/sched_domain/cpu\(\)/domain(\d+)(?=/)", r"kernel/sched_domain/cpu()/domain()"),
    (r"^fs/binfmt_misc/(?!register$|status$)([^/]+)$", r"fs/binfmt_misc()"),
    (r"^kernel/mm/hugepages/hugepages-([^/]+)(?=/)", r"kernel/mm/hugepages()"),
    (r"^kernel/mm/transparent_hugepage/hugepages-([^/]+)(?=/)", r"kernel/mm/transparent_hugepage/hugepages()"),
    (r"^kernel/mm/mempolicy/weighted_interleave/node(\d+)$", r"kernel/mm/mempolicy/weighted_interleave/node()"),
    (r"^kernel/mm/cma/([^/]+)(?=/)", r"kernel/mm/cma()"),
]]
LONGEST = 100  # what is longer is a text for people and no value


def folded(path):
    """(name, instance) of a path below /proc/sys or /sys; the instance is "" where the name has none."""
    instance = ""
    for pattern, name in FOLDS:
        found = pattern.search(path)
        if found:
            instance = f"{instance}/{found.groups()[-1]}".lstrip("/")
            path = pattern.sub(name, path)
    return path.replace("/", "."), instance


def of_kind(name):
    """The name as `unfolded_defaults` has it, told without looking at a kernel: these are the ones that only the default instance has."""
    return re.sub(r"^(net\.ipv[46]\.neigh)\(\)\.(gc_interval|gc_thresh[123])$", r"\1.default.\2", name)


def unfolded_defaults(table):
    """`table` by (name, instance); a name that nothing but the instance `default` has is no instance's: net.ipv4.neigh.default.gc_thresh1."""
    owners = {}
    for name, instance in table:
        owners.setdefault(name, set()).add(instance)
    return {(name.replace("()", ".default"), "") if owners[name] == {"default"} else (name, instance): value for (name, instance), value in table.items()}


def default_of(values):
    """One default of {instance: value}: what `default` has, or `lo`; else what they agree on."""
    for instance in ("", "default", "lo"):
        if instance in values:
            return values[instance]
    return agreed(values.values())


def agreed(values):
    """The value, if all are the same; ~ if not. A value that nobody could read is no value."""
    known = set(values) - {UNKNOWN}
    return COMPUTED if len(known) > 1 else known.pop() if known else UNKNOWN


def value_of(text, words=True):
    """What a file says as a table has it; with `words`, "[always] never" is always."""
    text = " ".join(text.split())
    chosen = re.findall(r"\[(\w[^\]]*)\]", text) if words else []
    if len(chosen) == 1:
        return chosen[0]
    return text if text and len(text) <= LONGEST else UNKNOWN
