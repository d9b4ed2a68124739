"""What was measured, as tables; and the issue's targets, met or missed by how much."""
JOBS = ('check', 'fmt', 'fresh', 'unchanged', 'verify', 'one host', 'profile', 'tar', 'diff', 'shard', 're-check')
TITLES = {'check': '`check`', 'fmt': '`fmt`', 'fresh': '`compile`, fresh', 'unchanged': '`compile`, nothing changed',
          'verify': '`compile --verify-output`', 'one host': '`compile`, one host changed',
          'profile': '`compile`, a line of the profile changed', 'tar': '`compile --format tar`', 'diff': '`diff`, a line of the profile changed',
          'shard': '`compile --shard 1/4`, fresh', 're-check': 'language server, re-check'}
# For one host that changed: asking the system about every file, since any of them may have been tampered with.
FLOORS = {'fresh': 'fresh', 'unchanged': 'unchanged', 'verify': 'unchanged', 'one host': 'stat', 'tar': 'tar'}
FLOOR_TITLES = {'fresh': 'floor: the same bytes into fresh files', 'unchanged': 'floor: all files read and compared',
                'stat': 'floor: all files\' sizes',
                'tar': 'floor: one tar'}
MB = 1e6


def against(row, job):
    """(the floor's seconds, how many times that, how many times its CPU time); zeros where there is no floor."""
    floor, one = row['floor'].get(FLOORS.get(job, '')), row['jobs'][job]
    return (floor['wall'], one['wall'] / floor['wall'], one['cpu'] / floor['cpu']) if floor else (0, 0, 0)


def smaller(rows, row):
    """The next smaller site of the same form and kinds."""
    others = [r for r in rows if (r['form'], r['kinds']) == (row['form'], row['kinds']) and r['hosts'] < row['hosts']]
    return max(others, key=lambda r: r['hosts']) if others else None


def growth(rows, row, job):
    """Seconds that each further host takes, and how many times the whole became; None without a smaller site."""
    other = smaller(rows, row)
    if other is None or job not in other['jobs']:
        return None
    now, then = row['jobs'][job]['wall'], other['jobs'][job]['wall']
    return (now - then) / (row['hosts'] - other['hosts']), now / then


def text_table(rows):
    yield '%-9s %7s %6s  %-10s %3s %9s %9s %8s %10s %9s %7s %7s' % (
        'form', 'hosts', 'kinds', 'job', 'n', 'wall s', 'cpu s', 'peak MB', 'us a host', 'floor s', 'ratio', 'of cpu')
    for row in rows:
        for job in filter(row['jobs'].get, JOBS):
            one, low, grown = row['jobs'][job], against(row, job), growth(rows, row, job)
            yield '%-9s %7d %6d  %-10s %3d %9.3f %9.3f %8.0f %10s %9s %7s %7s' % (
                row['form'], row['hosts'], row['kinds'], job, one['runs'], one['wall'], one['cpu'], one['peak'] / MB,
                '%.1f' % (grown[0] * 1e6) if grown else '', '%.3f' % low[0] if low[0] else '',
                *['%.2f' % times if times else '' for times in low[1:]])
        stat = row['floor'].get('stat')
        if stat:
            yield '%-9s %7d %6d  %-10s %3d %9.3f %9.3f' % (
                row['form'], row['hosts'], row['kinds'], '(stat all)', stat['runs'], stat['wall'], stat['cpu'])


def find(rows, form, hosts, kinds=12):
    return next((r for r in rows if (r['form'], r['hosts'], r['kinds']) == (form, hosts, kinds)), None)


def wall(row, job):
    return row['jobs'][job]['wall'] if row and job in row['jobs'] else None


def targets(rows, start):
    """(what, what it is, what it should be at most, unit); what was not measured is left out."""
    at = lambda form, hosts=10000: find(rows, form, hosts)
    inline, found = at('inline'), []
    add = lambda what, value, most, unit='s': found.append((what, value, most, unit)) if value is not None else None
    add('check, inline', wall(inline, 'check'), 0.35)
    for form in ('patterns', 'aliases', 'export'):
        add('check, ' + form, wall(at(form), 'check'), 0.5)
    for form in ('inline', 'patterns', 'aliases', 'export'):
        row = at(form)
        if row and 'fresh' in row['floor'] and 'fresh' in row['jobs']:
            add('compile fresh, %s' % form, against(row, 'fresh')[1], 1.25, 'x floor')
    for form in ('inline', 'patterns', 'aliases', 'export'):
        add('compile unchanged, ' + form, wall(at(form), 'unchanged'), 0.35)
    for form in ('inline', 'patterns', 'aliases', 'export'):
        add('one host changed, ' + form, wall(at(form), 'one host'), 0.15)
    for form in ('inline', 'patterns', 'aliases', 'export'):
        low = against(at(form), 'tar') if at(form) and 'tar' in at(form)['jobs'] else None
        if low and low[0]:
            add('tar over its floor, ' + form, wall(at(form), 'tar') - low[0], 0.35)
    if start:
        add('start-up, one host', start['wall'] * 1e3, 10, 'ms')
    for hosts, most in ((10000, 150), (100000, 1000)):
        here = [row for row in rows if row['hosts'] == hosts and row['kinds'] == 12]
        peaks = [job['peak'] / MB for row in here for job in row['jobs'].values()]
        add('peak memory at %d' % hosts, max(peaks, default=None), most, 'MB')
    for row in rows:
        other = smaller(rows, row)
        for job in ('check', 'fresh', 'unchanged'):
            sizes = (row['hosts'], other['hosts']) if other else None
            if sizes == (100000, 10000) and job in row['jobs'] and job in other['jobs']:
                add('100000 against 10000: %s, %s' % (job, row['form']), growth(rows, row, job)[1], 11, 'x')
    return found


def target_lines(rows, start):
    for what, value, most, unit in targets(rows, start):
        verdict = 'met' if value <= most else 'MISSED, %.2f times as much' % (value / most)
        yield '%-44s %9.3f %-8s at most %7.2f   %s' % (what, value, unit, most, verdict)


def short(seconds):
    if seconds < 0.995:
        return '%.0f ms' % (seconds * 1e3)
    return ('%.2f s' if seconds < 9.95 else '%.0f s') % seconds


def markdown(rows, start, date, machine):
    """The README's table: 10,000 hosts of 12 kinds by form, the floor, and what becomes of inline at 100,000."""
    hosts = max((r['hosts'] for r in rows if r['hosts'] <= 10000), default=0)
    here = [r for r in rows if r['hosts'] == hosts and r['kinds'] == 12]
    base, large = find(rows, 'inline', hosts), find(rows, 'inline', 10 * hosts)
    yield '%s hosts of 12 kinds, medians, %s, %s:' % (format(hosts, ','), date, machine)
    yield ''
    heads = ['', 'floor'] + [r['form'] for r in here]
    heads += ['inline, %s hosts' % format(10 * hosts, ',')] if large else []
    yield '| ' + ' | '.join(heads) + ' |'
    yield '|' + ' --- |' * len(heads)
    for job in JOBS:
        if not any(job in r['jobs'] for r in here):
            continue
        low = base['floor'].get(FLOORS.get(job)) if base else None
        cells = [TITLES[job], short(low['wall']) if low else '']
        for row in here + ([large] if large else []):
            times = against(row, job)[1] if job in row['jobs'] else 0
            seconds = short(wall(row, job)) if job in row['jobs'] else ''
            cells.append(seconds + (' (%.2f ×)' % times if times else ''))
        yield '| ' + ' | '.join(cells) + ' |'
    peak = lambda row: '%.0f MB' % (max(j['peak'] for j in row['jobs'].values()) / MB)
    yield '| ' + ' | '.join(['most memory', ''] + [peak(r) for r in here + ([large] if large else [])]) + ' |'
    yield ''
    yield 'In parentheses: how many times the floor of the same run.'
    yield 'Start-up on a site of one host: %s.' % short(start['wall'])
    missed = ['%s (%.2f %s, wanted %.2f)' % (what, value, unit, most)
              for what, value, most, unit in targets(rows, start) if value > most]
    yield ('Missed: %s.' % '; '.join(missed)) if missed else 'Every target is met.'
