"""Other tools on the job of ../shared/bench/peers, which lies outside the repository, each beside that job's floor."""
import os
import shutil
import subprocess
import sys

FLOOR = 'floor: 6N files'
# What bench.py there calls them, and the program that must be installed.
TOOLS = {'python (plain)': 'python3', 'nix': 'nix-instantiate', 'jsonnet (C++), tuned': 'jsonnet',
         'pkl': os.environ.get('PEERS_PKL', 'pkl')}

DIFFERENCE = '''This is another job than tunec's. Do not compare the seconds of the two tables; how many times the own
floor is comparable. Theirs is six files a host of free text and JSON, 3.8 KB, with nine checks. tunec cannot write
those bytes: its backends fix the paths that real programs read (etc/sysctl.d/90-tunec.conf) and the format. It writes
eleven files a host, each at its place with the folders above it, and checks every setting against the kernel of its
host and against all policies.'''


def prepare(peers, work, sizes):
    """What run.sh there does, without installing anything."""
    python = [sys.executable, '-B']
    writer = os.path.join(peers, 'floor', 'writer.c')
    subprocess.run(['gcc', '-O2', '-o', os.path.join(work, 'writer'), writer], check=True)
    for size in sizes:
        site = os.path.join(work, str(size))
        subprocess.run([*python, os.path.join(peers, 'gen.py'), str(size), site], check=True)
        subprocess.run([*python, os.path.join(peers, 'ref.py'), site + '/site.json', site + '/ref'], check=True)
        subprocess.run([os.path.join(work, 'writer'), 'pack', site + '/ref', site + '/blob'], check=True)
        with open(site + '/names', 'w') as names:
            names.writelines(name + '\n' for name in sorted(os.listdir(site + '/ref')))
        for name in os.listdir(os.path.join(peers, 'pkl')):
            shutil.copy(os.path.join(peers, 'pkl', name), site)


def rows_of(table):
    """(tool, hosts, wall, cpu, peak in MB, whether the bytes are right) of each line with figures."""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        try:
            yield cells[0], int(cells[1]), float(cells[2]), float(cells[5]), float(cells[6]) * 1.048576, cells[8]
        except (ValueError, IndexError):
            continue


def compare(root, places, sizes, runs):
    # beside the project, or beside the main checkout of which this is a working tree
    common = subprocess.run(['git', '-C', root, 'rev-parse', '--path-format=absolute', '--git-common-dir'],
                            capture_output=True, text=True, check=False).stdout
    beside = [os.path.join(folder, '../shared/bench/peers') for folder in (root, os.path.dirname(common.strip()))]
    found = [folder for folder in map(os.path.normpath, beside) if os.path.exists(folder + '/bench.py')]
    print('\npeers')
    if not found:
        print('../shared/bench/peers is not there; nothing to compare with')
        return
    there = {tool: shutil.which(program) for tool, program in TOOLS.items()}
    for tool in (tool for tool, program in there.items() if not program):
        print('%s is not installed' % tool)
    lacking = places.lacks(sum(sizes), 2 * runs)
    if lacking:
        print('there is no room for their trees: %s' % lacking)
        return
    work = places.fresh('peers')
    os.makedirs(work)
    prepare(found[0], work, sizes)
    tools = ['floor'] + [tool for tool, program in there.items() if program]
    done = subprocess.run([sys.executable, '-B', found[0] + '/bench.py', '--work', work,
                           '--sizes', ','.join(map(str, sizes)), '--runs', str(min(runs, 3)),
                           '--only', ','.join(tools)],
                          stdout=subprocess.PIPE, text=True, check=True,
                          env={**os.environ, 'PEERS_PYTHON': sys.executable})
    rows = list(rows_of(done.stdout))
    floors = {size: wall for tool, size, wall, *_ in rows if tool == FLOOR}
    print('%-34s %7s %9s %9s %8s %7s %s' % ('tool', 'hosts', 'wall s', 'cpu s', 'peak MB', 'ratio', 'same bytes'))
    for tool, size, wall, cpu, peak, same in rows:
        writes = not any(part in tool for part in ('only', 'tar', 'unchanged'))
        ratio = '%.2f' % (wall / floors[size]) if writes and size in floors else ''
        print('%-34s %7d %9.3f %9.3f %8.0f %7s %s' % (tool, size, wall, cpu, peak, ratio, same))
    print(DIFFERENCE)
