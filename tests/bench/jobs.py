"""What is measured on one site: tunec's commands, the floor between them so that noise hits both."""
import os
import shutil
import subprocess

from measure import Failed, floor, newest, progress, run, summary, written
from server import recheck
from sites import Site


class Abilities:
    """The commands and options of this tunec, from its help. Those that are still to come get rows once they exist."""

    def __init__(self, tunec):
        def help_of(*words):
            return subprocess.run([tunec, *words, '--help'], capture_output=True, text=True, check=False).stdout

        general, compile_help = help_of(), help_of('compile')
        has = lambda command: any(line.split()[:1] == [command] for line in general.splitlines())
        self.tar = '--format' in compile_help and ' tar' in compile_help
        self.verify = '--verify-output' in compile_help
        self.shard = '--shard' in compile_help
        self.fmt = has('fmt')
        self.diff = has('diff')
        self.server = next((name for name in ('lsp', 'language-server') if has(name)), None)


class Bench:
    def __init__(self, tunec, floor_program, places, seed):
        self.tunec, self.floor_program, self.places, self.seed = tunec, floor_program, places, seed
        self.can = Abilities(tunec)
        self.notes = []
        self.trees = {}  # (hosts, kinds) → a tree that any form may go on with: they all describe the same fleet

    def measure(self, form, hosts, kinds, runs, fresh_runs, jobs=None, floor_fresh=True):
        """One combination's rows, {job: summary}, of `jobs` only; without fresh runs, on another form's tree."""
        site, folder = Site(form, hosts, kinds, self.seed), self.places.fresh('site')
        site.write(folder)
        samples, floors = {}, {}
        label = '%s, %d hosts, %d kinds' % (form, hosts, kinds)
        wanted = lambda job: jobs is None or job in jobs

        def tunec(job, *words):
            progress('%s: %s' % (label, job))
            sample = run([self.tunec, *words], folder)
            samples.setdefault(job, []).append(sample)
            return sample

        def least(job, *words):
            progress('%s: floor, %s' % (label, job))
            sample = floor(self.floor_program, job, *words)
            floors.setdefault(job, []).append(sample)
            return sample

        tree = self.trees.get((hosts, kinds)) if fresh_runs == 0 else None
        if tree and wanted('unchanged'):
            run([self.tunec, 'compile', 'site.tune', '-o', tree], folder)
        for _ in range(fresh_runs if wanted('fresh') else 0):
            lacking = self.places.lacks(hosts, 2 if floor_fresh else 1)
            if lacking:
                self.notes.append('%s: no fresh tree, there is no room for it: %s' % (label, lacking))
                break
            tree = self.places.fresh('tree')
            tunec('fresh', 'compile', 'site.tune', '-o', tree)
            if floor_fresh:
                least('fresh', tree, self.places.fresh('floor'))
        if tree:
            self.places.learn(floor(self.floor_program, 'size', tree).said, hosts)
            if form != 'patterns':
                self.trees[hosts, kinds] = tree
        archive = os.path.join(folder, 'out.tar')
        for i in range(runs):
            if wanted('check'):
                tunec('check', 'check', 'site.tune')
            if self.can.fmt and form == 'inline' and wanted('fmt'):
                untidy = os.path.join(folder, 'untidy.tune')  # each run formats a file that is not formatted
                shutil.copy(os.path.join(folder, 'site.tune'), untidy)
                tunec('fmt', 'fmt', untidy)
                os.unlink(untidy)
            if tree and wanted('unchanged'):
                before = newest(tree) if i == 0 else None
                sample = tunec('unchanged', 'compile', 'site.tune', '-o', tree)
                if before is not None and newest(tree) != before:
                    self.notes.append('%s: `compile` with nothing changed touched the tree, and printed: %s' % (
                        label, sample.said))
                least('unchanged', tree)
                least('stat', tree)
                if self.can.verify:
                    tunec('verify', 'compile', 'site.tune', '-o', tree, '--verify-output')
            if self.can.tar and wanted('tar'):
                tunec('tar', 'compile', 'site.tune', '--format', 'tar', '-o', archive)
                if tree:
                    least('tar', tree, os.path.join(folder, 'floor.tar'))
            for job, edit in (('one host', 'host_edit'), ('profile', 'profile_edit')):
                compares = job == 'profile' and self.can.diff and wanted('diff')
                compiles = tree and wanted(job)
                if not compares and not compiles:
                    continue
                before = os.path.join(folder, 'before.tune')
                shutil.copy(os.path.join(folder, 'site.tune'), before)
                setattr(site, edit, i + 1)
                site.write(folder)
                if compares:
                    tunec('diff', 'diff', 'before.tune', 'site.tune')
                os.unlink(before)
                if not compiles:
                    continue
                if written(tunec(job, 'compile', 'site.tune', '-o', tree).said) == 0:
                    raise Failed('%s: the change of %s changes no file' % (label, job))
        if self.can.server and wanted('re-check'):
            self.server(site, folder, runs, samples)
        if self.can.shard and wanted('shard') and not self.places.lacks(hosts):
            tunec('shard', 'compile', 'site.tune', '--shard', '1/4', '-o', self.places.fresh('shard'))
        for archive_left in ('out.tar', 'floor.tar'):  # two files: too few to slow down anybody
            if os.path.exists(os.path.join(folder, archive_left)):
                os.unlink(os.path.join(folder, archive_left))
        return {'form': form, 'hosts': hosts, 'kinds': kinds, 'source': site.size(),
                'jobs': {job: summary(all) for job, all in samples.items()},
                'floor': {job: summary(all) for job, all in floors.items()}}

    # A command that is still to come: if it wants other words than these, that is a note and no reason to stop.

    def server(self, site, folder, runs, samples):
        texts = []
        for edit in range(runs + 1):
            site.host_edit = edit if site.form != 'patterns' else 0  # whose hosts stand in another file
            site.profile_edit = edit
            texts.append(site.texts()['site.tune'])
        try:
            samples['re-check'] = recheck([self.tunec, self.can.server], folder, texts)
        except Failed as failed:
            self.can.server = None
            self.notes.append('tunec language server: %s' % failed)

    def start(self, runs):
        """One host of one kind: what is there before any host is."""
        folder = self.places.fresh('site')
        Site('inline', 1, 1, self.seed).write(folder)
        return summary([run([self.tunec, 'check', 'site.tune'], folder) for _ in range(max(runs, 9))])
