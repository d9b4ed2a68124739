"""Runs programs one at a time and measures each; makes places to write to, and removes them only at the very end."""
import json
import os
import re
import shutil
import subprocess
import sys
import time
from statistics import median

DISK_LEFT = 5 << 30  # bytes, and
INODES_LEFT = 500000  # files that a run leaves free for others


class Failed(Exception):
    pass


class Sample:
    """wall and cpu in seconds, peak in bytes, what was said."""

    def __init__(self, wall, cpu, peak=0, said=''):
        self.wall, self.cpu, self.peak, self.said = wall, cpu, peak, said


def run(command, cwd):
    with open(os.path.join(cwd, 'said'), 'w+b') as said, open(os.devnull, 'w+b') as nothing:
        begin = time.monotonic()
        process = subprocess.Popen(command, cwd=cwd, stdin=nothing, stdout=nothing, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors='replace').strip()
    if process.returncode != 0:
        raise Failed('%s: exit %d\n%s' % (' '.join(command), process.returncode, text[-2000:]))
    return Sample(wall, used.ru_utime + used.ru_stime, used.ru_maxrss << 10, text)


def built(tunec, name, root):
    """A program of this folder: the one beside tunec, or else the one that was built in `root`."""
    builds = [os.path.dirname(os.path.abspath(tunec)), os.path.join(root, 'build')]
    found = [os.path.join(build, 'tests', 'bench', name) for build in builds]
    return next((path for path in found if os.access(path, os.R_OK)), found[0])


def floor(program, *words):
    """The floor times itself: reading the tree is not part of it."""
    done = subprocess.run([program, *words], stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout)
    return Sample(told['wall'], told['cpu'], 0, told)


def summary(samples):
    return {'wall': median(s.wall for s in samples), 'cpu': median(s.cpu for s in samples),
            'peak': max(s.peak for s in samples),
            'least': min(s.wall for s in samples), 'most': max(s.wall for s in samples), 'runs': len(samples)}


def newest(tree):
    """The last time that anything in a tree was changed in any way, in ns: writing nothing leaves it as it is."""
    last = os.lstat(tree).st_ctime_ns
    for folder, _, names in os.walk(tree):
        paths = [folder] + [os.path.join(folder, name) for name in names]
        last = max([last] + [os.lstat(path).st_ctime_ns for path in paths])
    return last


def written(said):
    """How many files `compile` says that it wrote; None where it does not say."""
    found = re.search(r'(\d+) written', said)
    return int(found.group(1)) if found else None


class Places:
    """Fresh names below one folder. On a disk, nothing is deleted while anything is measured: after many files were
    deleted, ext4 makes files several times slower for minutes, above all without a journal. So the room that all of
    them take is looked at first."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0
        self.in_memory = file_system(folder) in ('tmpfs', 'ramfs')
        self.disk_per_host, self.inodes_per_host = 128 << 10, 32  # until a tree was seen

    def fresh(self, name):
        self.count += 1
        return os.path.join(self.folder, '%s-%d' % (name, self.count))

    def learn(self, told, hosts):
        self.disk_per_host, self.inodes_per_host = told['disk'] / hosts, (told['files'] + told['folders']) / hosts

    def lacks(self, hosts, trees=1):
        """What is missing for so many trees; '' if they fit."""
        at = os.statvfs(self.folder)
        disk, inodes = self.disk_per_host * hosts * trees, self.inodes_per_host * hosts * trees
        if at.f_bavail * at.f_frsize < disk + DISK_LEFT:
            return '%.0f GB of disk' % (disk / 1e9)
        if at.f_files and at.f_favail < inodes + INODES_LEFT:  # some file systems count none
            return '%.1f million inodes' % (inodes / 1e6)
        return ''

    def discard(self, path):
        """Removes it now where that slows down nothing that follows: in memory."""
        if self.in_memory:
            remove(path)

    def remove(self):
        remove(self.folder)


def remove(path):
    # rm is several times quicker at it than shutil
    if shutil.which('rm'):
        subprocess.run(['rm', '-rf', path], check=False)
    else:
        shutil.rmtree(path, ignore_errors=True)


def file_system(folder):
    """Its kind, '' if that is unknown."""
    done = subprocess.run(['stat', '-f', '-c', '%T', folder], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def progress(text):
    if sys.stderr.isatty():
        sys.stderr.write('\r\x1b[K' + text)
        sys.stderr.flush()
