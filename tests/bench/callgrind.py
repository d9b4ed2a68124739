"""Runs programs under callgrind and reads how many instructions they took."""
import os
import re
import subprocess
from collections import Counter


def inclusive(profile):
    """({function: instructions in it and in all that it calls}, all instructions) of one profile.

    Of a function that calls itself it is more.
    """
    names, costs, function, total = {}, Counter(), None, 0
    name = re.compile(r'(c?fn)=\((\d+)\)(?: (.*))?$')
    with open(profile) as lines:
        for line in lines:
            first = line[0]
            if first in '0123456789+-*':
                costs[function] += int(line.split()[1])
            elif first in 'cf':
                found = name.match(line)
                if found:
                    kind, number, text = found.groups()
                    if text:
                        names[number] = text
                    if kind == 'fn':
                        function = number
            elif line.startswith(('summary:', 'totals:')):
                total = int(line.split()[1])
    return {names[number]: cost for number, cost in costs.items() if number}, total


def count(words, folder, preload=''):
    """What `inclusive` reads of one run of `words` in `folder`."""
    profile = os.path.join(folder, 'profile')
    done = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=' + profile, *words], cwd=folder,
                          capture_output=True, text=True, env={**os.environ, 'LD_PRELOAD': preload}, check=False)
    if done.returncode != 0:
        raise RuntimeError('%s in %s: exit %d\n%s' % (' '.join(words), folder, done.returncode, done.stderr[-1500:]))
    return inclusive(profile)
