"""Instructions that a further host takes on the fleets of cliff_sites.py, in multiples of the plain site.

Between two sizes, all that is done once for a site drops out; what is left is the price of a host. A new cliff multiplies
it. That the price of a host stays the same as the fleet grows is looked at as well.
"""
import os
import shutil

from callgrind import count
from cliff_sites import CLIFFS, PLAIN, CliffSite

HOSTS = (100, 400)
MAX_TIMES = 4.0    # of the plain site's; ./dev bench --cliffs, which measures larger fleets by time, demands 3
MAX_GROWTH = 1.2   # of the price of a host, from the first size to what was added up to the second
OTHER_BOUNDS = {}  # (fleet, part): at most so many times, where that is not MAX_TIMES
WRITING = 'tunec::write_tree('
PARTS = ('before writing', 'compile')


class Cliffs:
    """`submit` starts a count somewhere and returns its future; `scripts` are the words that run tunec and tunec-yaml-events."""

    def __init__(self, submit, tunec, yaml_events, preload, folder):
        self.tunec, self.yaml_events, self.preload, self.folder = tunec, yaml_events, preload, folder
        self.futures = {(name, hosts): submit(self.count, name, hosts) for hosts in reversed(HOSTS) for name in CLIFFS}
        self.start = submit(self.count, PLAIN, 1)

    def count(self, name, hosts):
        """{part: instructions} of one `compile`; what yaml-cpp itself takes is subtracted."""
        site = os.path.join(self.folder, 'cliff-%s-%d' % (name, hosts))
        CliffSite(name, hosts).write(site)
        functions, total = count([self.tunec, 'compile', 'site.tune', '-o', 'out'], site, self.preload)
        shutil.rmtree(os.path.join(site, 'out'), ignore_errors=True)
        if CLIFFS[name].form == 'export':
            total -= count([self.yaml_events, 'hosts.yaml'], site)[1]
        writing = max((cost for function, cost in functions.items() if function.startswith(WRITING)), default=None)
        if writing is None:
            raise RuntimeError('%s is in no profile: is it called otherwise now?' % WRITING)
        return {'before writing': total - writing, 'compile': total}

    def price(self, name, part):
        """Instructions a host: of the first ones, and of those added up to the larger size."""
        start, small, large = (future.result()[part] for future in (self.start, *(self.futures[name, hosts] for hosts in HOSTS)))
        return (small - start) / HOSTS[0], (large - small) / (HOSTS[1] - HOSTS[0])

    def verdicts(self):
        """(fleet, part, thousands of instructions a further host, times the plain site's, growth, what is wrong with it or '')."""
        for part in PARTS:
            plain = self.price(PLAIN, part)[1]
            for name in CLIFFS:
                first, further = self.price(name, part)
                times, growth = further / plain, further / first
                bound = OTHER_BOUNDS.get((name, part), MAX_TIMES)
                wrong = 'more than %.1f times the plain site' % bound if times > bound else ''
                wrong = wrong or ('each further host takes more' if growth > MAX_GROWTH else '')
                yield name, part, further / 1e3, times, growth, wrong
