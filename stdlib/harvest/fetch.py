"""Packages of a release, by apt with a state of its own for each suite: this machine's packages are neither seen nor touched.

The archive's address is the one that this machine's own sources name. Indexes are checked against the machine's Debian keyring, and
packages against the hashes in them: by apt at the download, by us for what lies in the cache already.
"""
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def archive():
    """Where this machine gets its Debian packages from."""
    folder = Path("/etc/apt")
    for file in [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.sources")), *sorted(folder.glob("sources.list.d/*.list"))]:
        if file.exists():
            found = re.search(r"^(?:URIs:|deb\s)[^#\n]*?(https?://\S+/debian)/?(?=\s|$)", file.read_text(encoding="utf-8"), re.MULTILINE)
            if found:
                return found[1]
    raise SystemExit("harvest: /etc/apt names no Debian archive")


class Kernel:
    """A kernel in a directory: a package's, or several packages', unpacked."""

    def __init__(self, tree):
        """`tree` as on a machine: boot/ and lib/modules/V, or all in usr/lib/modules/V."""
        tree = Path(tree).resolve()
        self.modules = next(file.parent for at in ("lib/modules", "usr/lib/modules") for file in tree.glob(f"{at}/*/modules.builtin"))
        self.version = self.modules.name
        self.config, self.image = (
            next(file for file in (tree / f"boot/{name}-{self.version}", self.modules / name) if file.exists()) for name in ("config", "vmlinuz"))


class Fetch:
    """`fetch(release, package)`: the directory with the unpacked package, and the line that says what it was.

    `fetch.provenance` has the lines of all that was handed out since it was last emptied.
    """

    def __init__(self, cache):
        self.cache = Path(cache).resolve()
        self.provenance = []
        self.kernels = {}  # by release
        self.known = {}    # by suite and package: what was unpacked

    def __call__(self, release, package):
        if (release.suite, package) not in self.known:
            self.known[release.suite, package] = self._unpacked(release, [package])
        directory, line = self.known[release.suite, package]
        self.note(line)
        return directory, line

    def kernel(self, release):
        """The release's kernel."""
        if release.name not in self.kernels:
            package = release.entry["kernel"]
            while not re.match(r"linux-image-\d", package):
                package = next(name for name in self.depends(release, package) if name.startswith("linux-image-"))
            # Some systems have the kernel, its modules and its config in a package each.
            pieces = [name for name in self.depends(release, package) if re.match(r"linux-(base|binary|modules)-\d", name)]
            tree, line = self._unpacked(release, [package, *pieces])
            self.kernels[release.name] = (Kernel(tree), line)
        kernel, line = self.kernels[release.name]
        self.note(line)
        return kernel

    def note(self, line):
        for one in line.splitlines():
            if one not in self.provenance:
                self.provenance.append(one)

    def depends(self, release, package):
        """What `package` depends on, by name."""
        out = self._run(release, "apt-cache", "depends", "--no-recommends", "--no-suggests", package)
        return re.findall(r"Depends: ([^<\s]+)", out)

    def _state(self, release):
        """The suite's folder in the cache, its indexes being there."""
        if not release.suite:
            raise SystemExit(f"harvest: {release.name}: no packages can be had of {release.system}")
        folder = self.cache / release.suite
        if not (folder / "updated").exists():
            for sub in ("lists/partial", "archives/partial", "debs", "unpacked"):
                (folder / sub).mkdir(parents=True, exist_ok=True)
            at, signed = archive(), f"[arch=amd64 signed-by={KEYRING}]"
            sources = [f"deb {signed} {at} {release.suite} main"]
            if release.security:
                sources.append(f"deb {signed} {at}-security {release.security} main")
            (folder / "sources.list").write_text("\n".join(sources) + "\n", encoding="utf-8")
            (folder / "apt.conf").write_text(
                f'Dir::State "{folder}"; Dir::State::status "/dev/null"; Dir::Cache "{folder}";\n'
                f'Dir::Etc::sourcelist "{folder}/sources.list"; Dir::Etc::sourceparts "-"; Dir::Etc::preferencesparts "-";\n'
                'APT::Architecture "amd64"; APT::Architectures "amd64"; Acquire::Languages "none"; APT::Sandbox::User "root";\n', encoding="utf-8")
            self._apt(folder, "apt-get", "-qq", "update")
            (folder / "updated").touch()
        return folder

    def _apt(self, folder, *command):
        env = {**os.environ, "APT_CONFIG": str(folder / "apt.conf"), "LC_ALL": "C"}
        command = [command[0], "-o", "Dir::Cache::pkgcache=pkgcache.bin", *command[1:]]  # which machines of containers turn off
        done = subprocess.run(command, cwd=folder / "debs", env=env, text=True, capture_output=True)
        if done.returncode or "E: " in done.stderr:
            raise SystemExit(f"harvest: {' '.join(command)}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def _run(self, release, *command):
        return self._apt(self._state(release), *command)

    def _unpacked(self, release, packages):
        folder = self._state(release)
        lines, files = [], []
        for package in packages:
            control = self._run(release, "apt-cache", "show", "--no-all-versions", package)
            version, digest, name = (re.search(rf"^{key}: (.*)$", control, re.MULTILINE)[1] for key in ("Version", "SHA256", "Filename"))
            deb = folder / "debs" / f"{package}_{version.replace(':', '%3a')}_{name.rsplit('_', 1)[1]}"
            if not deb.exists():
                self._run(release, "apt-get", "-qq", "download", package)
            with open(deb, "rb") as data:
                found = hashlib.file_digest(data, "sha256").hexdigest()
            if found != digest:
                raise SystemExit(f"harvest: {deb}: sha256 is {found}, the index has {digest}")
            files.append(deb)
            lines.append(f"package {package} {version} sha256:{digest}")
        tree = folder / "unpacked" / files[0].stem
        if not tree.exists():
            making = tree.with_name(tree.name + ".part")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            for deb in files:
                subprocess.run(["dpkg-deb", "-x", deb, making], check=True)
            making.rename(tree)
        return tree, "\n".join(lines)
