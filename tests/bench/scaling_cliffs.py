"""Instructions that each further host takes on the fleets of cliff_sites.py, in multiples of the plain site.

The difference between two sizes leaves out all that is done once for a site: it is the price of a host, and a new cliff
multiplies it. The price must also stay the same while the fleet grows.
"""
import os
import shutil

from callgrind import count
from cliff_sites import CLIFFS, PLAIN, CliffSite

SIZES = (100, 300)  # hosts
MAX_TIMES = 4.0     # the plain site's price; ./dev bench --cliffs allows 3, by time and on larger fleets
MAX_GROWTH = 1.2    # of the price, from the hosts up to the smaller size to those beyond it
MAX_TIMES_OF = {}   # fleet: another bound than MAX_TIMES
# Their differences are in `all` and `rack-pairs` too, and a run under callgrind takes seconds.
COVERED = {'addresses', 'disks', 'labels', 'racks', 'settings'}
FLEETS = [name for name in CLIFFS if name not in COVERED]
PARTS = ('before writing', 'compile')


class Cliffs:
    """`submit` runs a count beside others and returns its future. `write` is how the name of the stage begins that
    writes the tree."""

    def __init__(self, submit, tunec, yaml_events, preload, write, folder):
        self.tunec, self.yaml_events, self.preload = tunec, yaml_events, preload
        self.write, self.folder = write, folder
        self.counts = {(name, hosts): submit(self.count, name, hosts) for hosts in reversed(SIZES) for name in FLEETS}
        self.counts[PLAIN, 1] = submit(self.count, PLAIN, 1)

    def count(self, name, hosts):
        """{part: instructions} of one `compile`. What yaml-cpp's own parser takes is subtracted."""
        folder = os.path.join(self.folder, 'cliff-%s-%d' % (name, hosts))
        CliffSite(name, hosts).write(folder)
        functions, total = count([self.tunec, 'compile', 'site.tune', '-o', 'out'], folder, self.preload)
        shutil.rmtree(os.path.join(folder, 'out'), ignore_errors=True)
        if CLIFFS[name].form == 'export':
            total -= count([self.yaml_events, 'hosts.yaml'], folder)[1]
        writing = [cost for function, cost in functions.items() if function.startswith(self.write)]
        if not writing:
            raise RuntimeError('%s is in no profile: is it called otherwise now?' % (self.write,))
        return {'before writing': total - max(writing), 'compile': total}

    def prices(self, name, part):
        """Instructions a host: of those up to the smaller size, and of those beyond it."""
        sizes = ((PLAIN, 1), (name, SIZES[0]), (name, SIZES[1]))
        start, small, large = (self.counts[size].result()[part] for size in sizes)
        return (small - start) / SIZES[0], (large - small) / (SIZES[1] - SIZES[0])

    def verdicts(self):
        """(fleet, part, price of a further host, times the plain site's, growth, what is wrong with it or '')."""
        for part in PARTS:
            _, plain = self.prices(PLAIN, part)
            for name in FLEETS:
                first, further = self.prices(name, part)
                times, growth, max_times = further / plain, further / first, MAX_TIMES_OF.get(name, MAX_TIMES)
                wrong = 'each further host takes more' if growth > MAX_GROWTH else ''
                if times > max_times:
                    wrong = 'more than %.1f times the plain site' % max_times
                yield name, part, further, times, growth, wrong
