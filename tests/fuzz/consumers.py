#!/usr/bin/env python3
"""Strings through the programs that read tunec's files: consumers.py TUNEC [--seconds N] [--seed S] [--keep DIR]

The law: any text that a site gives to a setting comes back from the reader of its file as it was written, or the site is refused. Each
host of a made-up site has one setting with one text, most of it characters that some reader treats specially. `check` says which hosts
are refused; the rest is compiled, and the real readers (or a port, where a reader only runs on a real host) give back what they got.
As root, where the readers are installed; a reader that is not there is left out. Exit code 1 if a text came back as another.
"""
import argparse, json, os, random, re, shlex, shutil, subprocess, sys, tempfile, time

SPECIAL = list("\"'\\$`%#&;|<>{}()[]*?~!=-./_ ,:@+^0a") + ["à", "Р", "é", "\u2003", "%i", "%%", "\\\\", "  ", "$(id)", "\\x20", "\\n", "# x", "; y", "a=b", '"""']
FACTS = 'facts { os = "debian 12"  memory = 64GiB  cpu { vendor = intel  cores = 16 } }'


def text(r):
    if r.random() < 0.3:  # something ordinary with one odd part
        base = r.choice(["abc", "/srv/vms", "subvol=a", "a b", "eth0"]); at = r.randrange(len(base) + 1)
        return base[:at] + r.choice(SPECIAL) + base[at:]
    return "".join(r.choice(SPECIAL) for _ in range(r.choice([1, 1, 2, 3, 5, 9])))


def quoted(t):
    return '"' + re.sub(r'(["\\{}])', r"\\\1", t) + '"'


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as f:
        return [l for l in f.read().split("\n") if l and not l.startswith("#")]


def run(args, **more):
    return subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=120, **more)


# Readers. Each takes {host: directory} and returns {host: [(name, value), …]}: all that the reader got from that host's file.

def kernel_arguments(line):
    """next_arg() of Linux's lib/cmdline.c; its isspace() takes 0xA0 for a blank"""
    data, found, at = line.encode(), [], 0
    blank = lambda c: c in b" \t\n\r\v\f\xa0"
    while at < len(data) and blank(data[at]): at += 1
    while at < len(data):
        quote = data[at:at + 1] == b'"'; start = at + quote; inside = quote; equals = -1; i = start
        while i < len(data) and (inside or not blank(data[i])):
            if equals < 0 and data[i:i + 1] == b"=": equals = i
            if data[i:i + 1] == b'"': inside = not inside
            i += 1
        name, value = (data[start:i], b"") if equals < 0 else (data[start:equals], data[equals + 1:i])
        if equals >= 0 and value.startswith(b'"'):
            value = value[1:]; value = value[:-1] if value.endswith(b'"') else value
        elif quote and equals >= 0: value = value.removesuffix(b'"')
        elif quote: name = name.removesuffix(b'"')
        found.append((name.decode(errors="surrogateescape"), value.decode(errors="surrogateescape")))
        at = i
        while at < len(data) and blank(data[at]): at += 1
    return found


def read_modprobe(trees):
    got = {}
    for host, tree in trees.items():
        out = run(["modprobe", "-C", f"{tree}/etc/modprobe.d", "-c"]).stdout.decode()
        got[host] = []
        for line in out.split("\n"):
            kind, _, rest = line.partition(" ")
            name, _, value = rest.partition(" ")
            if name.replace("-", "_") not in ("kvm", "foo", "bar") and kind != "blacklist": continue
            if kind == "options": got[host] += kernel_arguments(value)
            elif kind in ("install", "softdep"): got[host].append((kind, value))
            elif kind == "blacklist" and line not in OTHER_BLACKLIST: got[host].append((kind, rest))
    return got


def grub_line(tree):
    """sh sources the file; grub-mkconfig copies the line into grub.cfg; GRUB splits it and joins the words again"""
    found = [l for l in lines(f"{tree}/etc/default/grub.d/60-tunec.cfg")]
    sourced = run(["sh", "-c", "\n".join(found) + '\nprintf %s "$GRUB_CMDLINE_LINUX"']).stdout.decode()
    words, word, i, quote = [], None, 0, None
    while i < len(sourced):
        c = sourced[i]
        if quote == '"':
            if c == '"': quote = None
            elif c == "\\" and sourced[i + 1:i + 2] in tuple('$\\"'): i += 1; word += sourced[i]
            elif c == "$": raise ValueError("GRUB expands " + sourced)
            else: word += c
        elif c == " ":
            if word is not None: words.append(word)
            word = None
        elif c in "{}|&;<>*?[$'\n" or (c == "#" and word is None): raise ValueError(f"GRUB acts on {c}")
        elif c == '"': quote = '"'; word = word or ""
        elif c == "\\": i += 1; word = (word or "") + sourced[i:i + 1]
        else: word = (word or "") + c
        i += 1
    if word is not None: words.append(word)
    escaped = [re.sub(r"([\\'\"])", r"\\\1", w) for w in words]
    return " ".join(f'"{w}"' if " " in w else w for w in escaped)


def read_boot(trees):
    got = {}
    for host, tree in trees.items():
        try: got[host] = kernel_arguments(grub_line(tree))
        except ValueError as e: got[host] = [("fault", str(e))]
    return got


def read_sysctl(trees):
    """systemd-sysctl, with a directory of files in place of /proc/sys: a file for each path that might be meant"""
    got = {}
    with tempfile.TemporaryDirectory() as t:
        script = [f"mount --bind {t}/sys /proc/sys"]
        os.mkdir(t + "/sys")
        for host, tree in trees.items():
            for name in WANTED[host]["paths"]:
                os.makedirs(os.path.dirname(f"{t}/{host}/{name}"), exist_ok=True)
                open(f"{t}/{host}/{name}", "w").write("\x01")
            script.append(f"umount /proc/sys; mount --bind {t}/{host} /proc/sys && /lib/systemd/systemd-sysctl {tree}/etc/sysctl.d/90-tunec.conf 2>/dev/null")
        open(t + "/script", "w").write("\n".join(script) + "\n")
        run(["unshare", "-m", "sh", t + "/script"])
        for host in trees:
            got[host] = []
            for base, _, names in os.walk(f"{t}/{host}"):
                for name in names:
                    value = open(os.path.join(base, name), newline="\n").read()
                    if value != "\x01": got[host].append((os.path.relpath(os.path.join(base, name), f"{t}/{host}"), value.removesuffix("\n")))
    return got


def read_tmpfiles(trees):
    got = {}
    for host, tree in trees.items():
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(root + "/sys/kernel"); open(root + "/sys/kernel/foo", "w").close()
            run(["systemd-tmpfiles", "--create", "--root=" + root, f"{tree}/etc/tmpfiles.d/tunec.conf"])
            got[host] = [("kernel/foo", open(root + "/sys/kernel/foo").read())]
    return got


def expanded(text):
    """specifier_printf() of systemd, with a word for each specifier"""
    return re.sub("%(.?)", lambda m: "%" if m.group(1) in ("%", "") else f"<specifier {m.group(1)}>", text)


def meant(text):
    """What a unit's text means: with a specifier it is written for systemd, without one it is itself"""
    return expanded(text) if re.search("%[%aAbBCdDEfgGhHiIjJlLmMnNopPqsStTuUvVwWyY]", text) else text


def read_units(trees):
    """systemd itself, in a test run: it prints each unit's description. The lines of the file by a port of its parser"""
    got = {}
    for host, tree in trees.items():
        found = []
        for folder, _, names in os.walk(f"{tree}/etc/systemd/system"):
            for name in names:
                section, joined = "", ""
                for line in open(os.path.join(folder, name), encoding="utf-8", newline="\n").read().split("\n"):
                    if line.strip(" \t")[:1] in ("#", ";"): continue
                    joined += line
                    if len(re.search(r"\\*$", joined).group()) % 2 == 1:
                        joined = joined[:-1] + " "
                        continue
                    line, joined = joined.strip(" \t"), ""
                    if line.startswith("["): section = line[1:-1]
                    elif line:
                        key, _, value = line.partition("="); value = value.strip(" \t")
                        value = expanded(value)
                        found.append((f"{section}.{key.strip()}", value))
        got[host] = found
    return got


def read_wg_quick(trees):
    """wg-quick's own parser, and what it hands to wg (which takes blanks off and ends lines at `#`)"""
    script = open("/usr/bin/wg-quick", encoding="utf-8").read().split("\nif [[ $# -eq 1 &&")[0].replace("set -e -o pipefail", "")
    script += '\nparse_options "$1" 2>/dev/null; for h in POST_UP DNS DNS_SEARCH; do a=$h[@]; for v in "${!a}"; do printf "%s\\0%s\\0" $h "$v"; done; done'
    got = {}
    for host, tree in trees.items():
        found = []
        for name in os.listdir(f"{tree}/etc/wireguard"):
            out = run(["bash", "-c", script, "wg-quick", f"{tree}/etc/wireguard/{name}"], cwd="/etc").stdout.decode().split("\0")
            for key, value in zip(out[::2], out[1::2]):
                found.append((key, " ".join(shlex.split(value.replace("%i", "<interface>"))) if value.startswith("wg set %i private-key") else value))
        got[host] = found
    return got


def read_modules_load(trees):
    return {h: [("module", l.strip()) for l in lines(f"{t}/etc/modules-load.d/tunec.conf") if l.strip()[:1] not in ("#", ";", "")] for h, t in trees.items()}


def read_cpufrequtils(trees):
    got = {}
    for host, tree in trees.items():
        out = run(["env", "-i", "sh", "-c", f". {tree}/etc/default/cpufrequtils; unset PWD OLDPWD _; export ENABLE FOO 2>/dev/null; set"]).stdout.decode()
        value = run(["env", "-i", "sh", "-c", f'. {tree}/etc/default/cpufrequtils; printf %s "$FOO"']).stdout.decode()
        got[host] = [("FOO", value)] + [("more", l) for l in out.split("\n") if re.match(r"(?!ENABLE|FOO|IFS|OPTIND|PATH|PPID|PS[124]|PWD)[A-Za-z_]\w*=", l)]
    return got


def read_qemu(trees):
    """virConfParseString() of libvirt's virconf.c"""
    got = {}
    for host, tree in trees.items():
        found = []
        for line in lines(f"{tree}/etc/libvirt/qemu.conf"):
            key, _, v = line.partition(" = ")
            if v.startswith('"""'): end = v.find('"""', 3); value = v[3:end] if end + 3 == len(v) else None
            else: end = v.find(v[:1], 1); value = v[1:end] if v[:1] in ("'", '"') and end + 1 == len(v) else None
            found.append((key, value))
        got[host] = found
    return got


# kind: statement, reader, what has to come back for a text
KINDS = {
    "sysctl": ("unchecked sysctl.kernel.foo = {}", read_sysctl, lambda t: [("kernel/foo", t)]),
    "sysctl-instance": ("sysctl.net.ipv4.conf({}).rp_filter = 1", read_sysctl, lambda t: [(f"net/ipv4/conf/{t}/rp_filter", "1")]),
    "sysctl-name": ("unchecked sysctl.{} = 1", read_sysctl, None),
    "boot": ("unchecked boot.foo = {}", read_boot, lambda t: [("foo", t)]),
    "boot-name": ("unchecked boot.{} = 1", read_boot, lambda t: [(t, "1")]),
    "option": ("unchecked module.kvm.foo = {}", read_modprobe, lambda t: [("foo", t)]),
    "option-name": ("unchecked module.kvm.{} = 1", read_modprobe, lambda t: [(t, "1")]),
    "install": ("modprobe.install(foo) = {}", read_modprobe, lambda t: [("install", t)]),
    "blacklist": ("unchecked modprobe.blacklist = [{}]", read_modprobe, lambda t: [("blacklist", t.replace("-", "_"))]),
    "modules-load": ("unchecked modules-load.modules = [{}]", read_modules_load, lambda t: [("module", t)]),
    "qemu": ("unchecked qemu.foo = {}", read_qemu, lambda t: [("foo", t)]),
    "cpufrequtils": ("unchecked cpufrequtils.FOO = {}", read_cpufrequtils, lambda t: [("FOO", t)]),
    "cpufrequtils-name": ("unchecked cpufrequtils.{} = a", read_cpufrequtils, None),
    "sysfs": ("unchecked sysfs.kernel.foo = {}", read_tmpfiles, lambda t: [("kernel/foo", t)]),
    "description": ('unit "a.service" {{ Unit.Description = {}  Service.ExecStart = "/bin/true" }}', read_units,
                    lambda t: [("Unit.Description", meant(t)), ("Service.ExecStart", "/bin/true")]),
    "identifier": ('dropin "a.service" {{ Service.SyslogIdentifier = {}  Service.UMask = "0077" }}', read_units,
                   lambda t: [("Service.SyslogIdentifier", meant(t)), ("Service.UMask", "0077")]),
    "mount": ('mount "/srv" {{ what = {}  type = xfs }}', read_units, lambda t: [("Mount.Where", "/srv"), ("Mount.Type", "xfs"), ("Mount.What", t)]),
    "mount-options": ('mount "/srv" {{ what = "UUID=1"  type = xfs  options = [noexec, {}] }}', read_units,
                      lambda t: [("Mount.Where", "/srv"), ("Mount.Type", "xfs"), ("Mount.What", "UUID=1"), ("Mount.Options", "noexec," + t)]),
    "post-up": ("wireguard wg0 {{ address = 10.8.0.1/24  private_key_file = \"/k\"  post_up = {} }}", read_wg_quick,
                lambda t: [("POST_UP", "wg set <interface> private-key /k"), ("POST_UP", t)]),
    "key-file": ("wireguard wg0 {{ address = 10.8.0.1/24  private_key_file = {} }}", read_wg_quick,
                 lambda t: [("POST_UP", "wg set <interface> private-key " + t)]),
    "dns": ("wireguard wg0 {{ address = 10.8.0.1/24  private_key_file = \"/k\"  dns = [{}] }}", read_wg_quick,
            lambda t: [("POST_UP", "wg set <interface> private-key /k"), ("DNS" if re.fullmatch(r"[0-9.]+|.*:.*", t) else "DNS_SEARCH", t)]),
}
NEEDS = {read_modprobe: "modprobe", read_sysctl: "unshare", read_tmpfiles: "systemd-tmpfiles", read_wg_quick: "wg-quick"}
WANTED, OTHER_BLACKLIST = {}, set()


def site_of(hosts):
    text = "site s\n"
    for number, (host, (kind, t)) in enumerate(hosts.items()):
        statement = KINDS[kind][0].format(quoted(t)).replace("10.8.0.1/24", f"10.8.{number // 250}.{number % 250 + 1}/32")
        text += f"host {host} {{ {FACTS}  {statement}" + (' because "x"' if statement.startswith("unchecked") else "") + " }\n"
    return text


def lenient(kind, want, got):
    """WantedBy= and its kind are tunec's own addition; the order of directives is free"""
    if kind in ("description", "identifier", "mount", "mount-options"):
        got = [g for g in got if not g[0].startswith("Install.") and g[0] not in ("Unit.Before",)]
        return sorted(want) == sorted(g for g in got if g[1] != "")
    return want == got


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("tunec"); ap.add_argument("--seconds", type=float, default=10); ap.add_argument("--seed", type=int, default=1); ap.add_argument("--keep")
    o = ap.parse_args(); tunec = os.path.abspath(o.tunec)
    if os.geteuid() != 0: print("skipped: the readers need root\n0 passed, 0 failed, 1 skipped"); return 0
    kinds = {k: v for k, v in KINDS.items() if v[1] not in NEEDS or shutil.which(NEEDS[v[1]])}
    if shutil.which("modprobe"):
        with tempfile.TemporaryDirectory() as t: OTHER_BLACKLIST.update(run(["modprobe", "-C", t, "-c"]).stdout.decode().split("\n"))
    r = random.Random(o.seed); end = time.time() + o.seconds; tried = refused = 0; wrong = []
    work = o.keep or tempfile.mkdtemp(); os.makedirs(work, exist_ok=True)
    while time.time() < end:
        good = {f"h{i}-{kind}": (kind, text(r)) for i in range(6) for kind in kinds}
        tried += len(good); bad = {"all"}
        while bad:  # some mistakes show only when others are gone
            open(work + "/main.tune", "w", newline="\n").write(site_of(good))
            checked = run([tunec, "check", "main.tune", "--format", "json"], cwd=work); bad = set()
            if checked.returncode not in (0, 1): print("check:", checked.stderr.decode()); return 1
            for line in checked.stdout.decode().splitlines():
                found = json.loads(line)
                if found["severity"] != "error": continue
                if not 2 <= (found.get("line") or 0) <= len(good) + 1: print("an error without a place:", line); return 1
                bad.add(list(good)[found["line"] - 2])
            refused += len(bad); good = {h: v for h, v in good.items() if h not in bad}
        shutil.rmtree(work + "/out", ignore_errors=True)
        compiled = run([tunec, "compile", "main.tune", "-o", "out", "--no-cache"], cwd=work)
        if compiled.returncode != 0:
            print("check refused other hosts than compile:", compiled.stdout.decode(), compiled.stderr.decode()); return 1
        for reader in {v[1] for v in kinds.values()}:
            mine = {h: f"{work}/out/{h}" for h, (k, _) in good.items() if kinds[k][1] is reader}
            for h in mine:
                k, t = good[h]; path = t.replace(".", "/") if not re.match(r"[^./]*/", t) else t
                t = t if k != "sysctl-instance" else t.replace("/", ".")
                want = kinds[k][2](t) if kinds[k][2] else [(path, "1")] if k == "sysctl-name" else None
                if k.startswith("sysctl-") and "*" in t: want = None  # all that fit
                WANTED[h] = {"want": want, "paths": [n for n, _ in want or [] if n and ".." not in n.split("/")]}
            for h, got in reader(mine).items():
                want = WANTED[h]["want"]
                if want is not None and not lenient(good[h][0], want, got): wrong.append((good[h], want, got))
    for (kind, t), want, got in wrong[:20]: print(f"{kind}: {t!r}\n  wanted {want}\n  got    {got}")
    print(f"{tried} texts, {refused} of them refused, seed {o.seed}")
    print(f"{tried - len(wrong)} passed, {len(wrong)} failed, {len(KINDS) - len(kinds)} skipped")
    return 1 if wrong else 0


sys.exit(main())
