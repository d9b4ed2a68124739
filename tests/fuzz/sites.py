#!/usr/bin/env python3
"""Mutated sites through the program itself: sites.py TUNEC [--seconds N] [--seed S] [--keep DIR]

Takes the seeds, the cases and the example sites, changes them in a few places, and runs `check`, and now and then another command.
Wrong is: an end by a signal, an exit code other than 0, 1 and 2, more than 5 s of processor time or 1 GB, bytes on the terminal that
would steer it, and a site that `check` accepts and `compile` refuses, or the other way round. What is wrong is kept below DIR
(fuzz-sites), with the command. Exit code 1 if there was any.
"""
import argparse, glob, os, random, re, resource, shutil, subprocess, sys, tempfile, time

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DAY = ["--today", "2026-11-30"]
MAX_SECONDS, MAX_BYTES = 5, 1 << 30
PIECES = """0 -1 007 1e9 0.1 12.5% 1.5x 16EiB 9223372036854775807 18446744073709551616 2027-02-30 6.1.0 10.8.0.1/33 ::/0 0000:65:00.0 10de:2206
[0..100000] [7..0] k-[1..9999999] * not in of .. == <= + - * / & and or on off when else include let policy budget require doc because
host.memory host.cpus host.name count(host.name for host) { } ( ) [ ] , : . = # ' ` $ % @ ; | \\ ~ \u202e \x1b[31m \x7f \ufeff""".split(" ")
TEXTS = ['""', '"{host.name}"', '"\\\\"', '"\\n"', '"' + "A" * 300 + '"', '"\x1b[2J"', '"\u202e"', '"../x"', '"/"', '"a b"', '"{1/0}"', '"%n"']
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def read(path):
    with open(path, "rb") as f: return f.read()


def seeds():
    found = []
    for path in sorted(glob.glob(ROOT + "/tests/fuzz/seeds/*")):
        parts = re.split(rb"^--- (\S+)\n", read(path), flags=re.M)
        found.append({"main.tune": parts[0], **{os.path.basename(n.decode(errors="replace")): t for n, t in zip(parts[1::2], parts[2::2])}})
    for path in sorted(glob.glob(ROOT + "/tests/cases/*/*.md")) + [ROOT + "/README.md"]:
        for section in re.split(rb"^##? ", read(path), flags=re.M):
            files = {os.path.basename(n.decode()): t for n, t in re.findall(rb"^```(?:tune|yaml|ini) ([\w./-]+)\n(.*?)^```", section, flags=re.M | re.S)}
            if "main.tune" in files: found.append(files)
    return [f for f in found if sum(map(len, f.values())) < 8000]


def numbers(r, t): return r.choice([b"0", b"-1", b"9223372036854775807", b"1e308", b"00", b"0.5", b"65536", b"100000000", b"3.14159265358979"])
def words(r, t): return r.choice(PIECES).encode()
def strings(r, t): return r.choice(TEXTS).encode()


def mutate(r, text, others):
    t = bytearray(text)
    for _ in range(r.choice([1, 1, 2, 4])):
        how, at = r.randrange(9), r.randrange(len(t) + 1)
        places = {0: (rb"\d+", numbers), 1: (rb"[A-Za-z_][\w.-]*", words), 2: (rb'"[^"\n]*"', strings), 3: (rb"[=<>!]=|[-+*/&]| in | and |\.\.", words)}
        if how in places:
            found = list(re.finditer(places[how][0], t))
            if found:
                one = r.choice(found); t[one.start():one.end()] = places[how][1](r, t)
        elif how == 4: t[at:at] = b" " + words(r, t) + b" "
        elif how == 5: del t[at:at + r.choice([1, 3, 20, 100])]
        elif how == 6: t[at:at] = t[at:at + r.choice([3, 30, 300])] * r.choice([1, 2, 8])
        elif how == 7:
            other = r.choice(others); begin = r.randrange(len(other) + 1); t[at:at] = other[begin:begin + r.choice([10, 60, 300])]
        else:
            depth = r.choice([2, 50, 201]); a, b = r.choice([(b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"not ", b""), (b"-", b"")]); t[at:at] = a * depth + b"1" + b * depth
    return bytes(t[:60000])


def limited():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)); resource.setrlimit(resource.RLIMIT_CPU, (30, 30))


def run(tunec, args, folder):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        p = subprocess.Popen([tunec] + args, cwd=folder, stdout=out, stderr=err, stdin=subprocess.DEVNULL, preexec_fn=limited)
        _, status, usage = os.wait4(p.pid, 0); p.returncode = status
        code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        texts = []
        for f in (out, err): f.seek(0); texts.append(f.read(1 << 20))
    return code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, texts


def fault(code, seconds, size, texts, args):
    if code not in (0, 1, 2): return f"exit code {code}"
    if seconds > MAX_SECONDS: return f"{seconds:.1f} s of processor time"
    if size > MAX_BYTES: return f"{size >> 20} MiB of memory"
    for text in texts[1:] if "json" in args or args[0] == "shards" else texts:
        try: steers = STEERS.search(text.decode())
        except UnicodeDecodeError as e: steers = e if len(text) < 1 << 20 else None
        if steers: return f"a byte that steers a terminal: {steers}"
    return ""


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("tunec"); ap.add_argument("--seconds", type=float, default=8); ap.add_argument("--seed", type=int, default=1); ap.add_argument("--keep", default="fuzz-sites")
    o = ap.parse_args(); tunec = os.path.abspath(o.tunec)
    r = random.Random(o.seed); all_seeds = seeds(); texts = [t for f in all_seeds for t in f.values() if t]
    end = time.time() + o.seconds; runs = 0; wrong = 0; worst = 0.0
    more = [["budget", "main.tune"] + DAY, ["waivers", "main.tune"] + DAY, ["check", "main.tune", "--decisions", "--hints"] + DAY,
            ["check", "main.tune", "--format", "json", "--as", "debian-13"] + DAY, ["shards", "main.tune", "--ninja", "3", "-o", "o"], ["test", "main.tune"] + DAY]
    with tempfile.TemporaryDirectory() as work:
        while time.time() < end and wrong < 12:
            files = dict(r.choice(all_seeds)); name = r.choice(sorted(files)); files[name] = mutate(r, files[name], texts)
            folder = work + "/site"; shutil.rmtree(folder, ignore_errors=True); os.mkdir(folder)
            for n, t in files.items(): open(os.path.join(folder, n), "wb").write(t)
            todo = [["check", "main.tune"] + DAY]; roll = r.random()
            if roll < 0.3: todo.append(["compile", "main.tune", "-o", "../out", "--no-cache"] + DAY)
            elif roll < 0.5: todo.append(r.choice(more))
            codes = {}; shutil.rmtree(work + "/out", ignore_errors=True)
            for args in todo:
                code, seconds, size, said = run(tunec, args, folder); runs += 1; worst = max(worst, seconds)
                found = fault(code, seconds, size, said, args); codes[args[0]] = code
                if not found and args[0] == "compile" and codes["check"] != code: found = f"check ends with {codes['check']}, compile with {code}"
                if not found: continue
                wrong += 1; kept = os.path.join(o.keep, str(wrong)); shutil.rmtree(kept, ignore_errors=True); shutil.copytree(folder, kept)
                open(kept + "/command", "w").write(" ".join(args) + f"\n{found}\n")
                print(f"{found}: tunec {' '.join(args)} in {kept}")
    print(f"{runs} runs, seed {o.seed}, the longest took {worst:.1f} s")
    print(f"{runs - wrong} passed, {wrong} failed, 0 skipped")
    return 1 if wrong else 0


sys.exit(main())
