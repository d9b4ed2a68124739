"""The table of `--cliffs`: what each fleet of cliff_sites.py takes, in multiples of the plain site of the same run.

`check` and a fresh `compile` are compared by processor time, which a busy machine changes least. Of a site in YAML,
the time that yaml-cpp's own parser takes is subtracted. One changed host is measured in wall time, beside a run with
nothing changed. Sites take turns, so that noise hits all of them, and the least of all runs counts.
With TMPDIR in memory (/dev/shm) the bench takes minutes. On some disks it takes hours, and making files covers up what
the compiler does.
"""
import os

from cliff_sites import CLIFFS, PLAIN, CliffSite
from measure import Failed, floor, progress, run, written

MAX_TIMES = 3.0                     # the plain site's processor time
ONE_HOST_TIMES, ONE_HOST_MORE = 2.0, 0.25  # times `unchanged`, and seconds more
MANY = 10000  # hosts whose fresh trees are written only once, unless in memory


class Row:
    """One fleet of one size: the least seconds of each job, and how many times the plain site's."""

    def __init__(self, name, hosts):
        self.name, self.hosts, self.seconds, self.times = name, hosts, {}, {}

    def take(self, job, seconds):
        self.seconds[job] = min(seconds, self.seconds.get(job, seconds))

    def compare(self, plain):
        for job in ('check', 'fresh'):
            if job in self.seconds and job in plain.seconds:
                self.times[job] = (self.seconds[job] - self.seconds.get('yaml', 0)) / plain.seconds[job]

    def allowed(self):
        """Seconds that one changed host may take."""
        return ONE_HOST_TIMES * self.seconds['unchanged'] + ONE_HOST_MORE if 'unchanged' in self.seconds else None

    def missed(self):
        """The jobs that take too long."""
        jobs = [job for job, times in self.times.items() if times > MAX_TIMES]
        return jobs + (['one host'] if 'one host' in self.seconds and self.seconds['one host'] > self.allowed() else [])


class CliffBench:
    def __init__(self, tunec, yaml_program, floor_program, places, seed):
        self.tunec, self.yaml_program, self.floor_program = tunec, yaml_program, floor_program
        self.places, self.seed, self.notes = places, seed, []

    def measure(self, hosts, names, runs):
        """The rows of one size; the plain site's first."""
        names = [PLAIN] + [name for name in names if name != PLAIN]
        sites = {name: CliffSite(name, hosts, self.seed) for name in names}
        folders = {name: self.places.fresh('site-' + name) for name in names}
        rows = {name: Row(name, hosts) for name in names}
        for name, site in sites.items():
            site.write(folders[name])
        for turn in range(runs):
            for name, row in rows.items():
                progress('%d hosts, check, turn %d: %s' % (hosts, turn + 1, name))
                row.take('check', run([self.tunec, 'check', 'site.tune'], folders[name]).cpu)
                if sites[name].form == 'export' and self.yaml_program:
                    row.take('yaml', floor(self.yaml_program, os.path.join(folders[name], 'hosts.yaml')).cpu)
        # the plain site, which all are compared with, gets one more turn at the end
        once = hosts >= MANY and not self.places.in_memory
        for turn, names_of_turn in enumerate([names] * (1 if once else min(runs, 3)) + [[PLAIN]]):
            for name in names_of_turn:
                tree = self.compile_fresh(rows[name], folders[name], turn)
                if tree and turn == 0:
                    self.change_one_host(rows[name], sites[name], folders[name], tree, runs)
                if tree:
                    self.places.discard(tree)
        for row in rows.values():
            row.compare(rows[PLAIN])
        return list(rows.values())

    def compile_fresh(self, row, folder, turn):
        """The tree; None where it lacks room."""
        progress('%d hosts, fresh, turn %d: %s' % (row.hosts, turn + 1, row.name))
        lacking = self.places.lacks(row.hosts)
        if lacking:
            self.notes.append('%s, %d hosts: there is no room for a fresh tree: %s' % (row.name, row.hosts, lacking))
            return None
        tree = self.places.fresh('tree')
        row.take('fresh', run([self.tunec, 'compile', 'site.tune', '-o', tree], folder).cpu)
        self.places.learn(floor(self.floor_program, 'size', tree).said, row.hosts)
        return tree

    def change_one_host(self, row, site, folder, tree, runs):
        for turn in range(runs):
            progress('%d hosts, one host changed, turn %d: %s' % (row.hosts, turn + 1, row.name))
            row.take('unchanged', run([self.tunec, 'compile', 'site.tune', '-o', tree], folder).wall)
            site.host_edit = turn + 1
            site.write(folder)
            sample = run([self.tunec, 'compile', 'site.tune', '-o', tree], folder)
            if written(sample.said) == 0:
                raise Failed('%s: the change of one host changes no file' % row.name)
            row.take('one host', sample.wall)


HEADS = ('fleet', 'hosts', 'check s', 'times', 'fresh s', 'times', 'yaml-cpp s', 'unchanged s', 'one host s',
         'allowed s', 'missed')


def cells(row):
    seconds = lambda job: '%.3f' % row.seconds[job] if job in row.seconds else ''
    times = lambda job: '%.2f' % row.times[job] if job in row.times else ''
    return (CLIFFS[row.name].title, str(row.hosts), seconds('check'), times('check'), seconds('fresh'), times('fresh'),
            seconds('yaml'), seconds('unchanged'), seconds('one host'), '%.3f' % row.allowed() if row.allowed() else '',
            ', '.join(row.missed()))


def text_table(rows):
    form = '%-36s %6s %9s %6s %9s %6s %10s %11s %10s %9s  %s'
    yield (form % HEADS).rstrip()
    for row in rows:
        yield (form % cells(row)).rstrip()


def markdown(rows):
    yield '| ' + ' | '.join(HEADS) + ' |'
    yield '|' + ' --- |' * len(HEADS)
    for row in rows:
        yield '| ' + ' | '.join(cells(row)) + ' |'


def summary(rows):
    missed = sum(len(row.missed()) for row in rows)
    yield ('check, fresh: processor time, at most %.1f times the plain site\'s, yaml-cpp\'s own subtracted' % MAX_TIMES)
    yield ('one host: wall time, at most %.0f times unchanged and %.2f s more' % (ONE_HOST_TIMES, ONE_HOST_MORE))
    yield 'every target is met' if missed == 0 else '%d targets are missed' % missed


def as_json(rows):
    return [{'site': row.name, 'hosts': row.hosts, 'seconds': row.seconds, 'times': row.times, 'missed': row.missed()}
            for row in rows]
