#!/usr/bin/env python3
"""Turns the report of guest/probe (stdin) into key=value lines (stdout)."""
import json
import re
import sys

sect, unit, out = '', {}, []


def put(key, val):
    out.append('%s=%s' % (key, ' '.join(str(val).split())))


def sysfs(path, val):
    if '[' in val:
        val = re.search(r'\[([^\]]*)\]', val).group(1)
    for pat, key in (
            (r'module/(.+?)/parameters/(.+)', 'module.{0}.{1}'),
            (r'block/(.+?)/queue/(.+)', 'block.{0}.{1}'),
            (r'kernel/mm/hugepages/hugepages-(.+?)/nr_hugepages', 'hugepages.{0}.nr'),
            (r'devices/system/node/(node\d+)/hugepages/hugepages-(.+?)/nr_hugepages', 'numa.{0}.{1}.nr'),
            (r'devices/system/node/online', 'numa.online'),
            (r'devices/system/node/(node\d+)/cpulist', 'numa.{0}.cpus'),
            (r'devices/system/cpu/cpu0/cpufreq/scaling_governor', 'cpu.governor'),
            (r'devices/system/cpu/vulnerabilities/(.+)', 'cpu.vuln.{0}'),
            (r'devices/system/cpu/smt/control', 'cpu.smt'),
            (r'devices/system/cpu/(.+)', 'cpu.{0}'),
            (r'kernel/mm/transparent_hugepage/(.+)', 'thp.{0}'),
            (r'kernel/mm/ksm/(.+)', 'ksm.{0}'),
            (r'class/net/(.+?)/(.+)', 'link.{0}.{1}'),
            (r'.*current_clocksource', 'clocksource')):
        m = re.fullmatch(pat, path)
        if m:
            return put(key.format(*m.groups()), val)


for line in sys.stdin:
    line = line.rstrip('\r\n')
    m = re.match(r'#(begin|end) ([\d.]+)', line)
    if m:
        put('oracle.' + m.group(1), m.group(2))
    elif re.fullmatch(r'#[a-z]+', line):
        sect = line[1:]
    elif sect == 'apply' and line.strip():
        put('complaint.apply', line)
    elif sect == 'cmdline':
        put('cmdline', line)
        for w in re.findall(r'(?:[^\s"]|"[^"]*")+', line):
            put('cmdline.word', w)
    elif sect == 'sysctl':
        k, s, v = line.partition(' = ')
        if s:
            put('sysctl.' + k, v)
    elif sect == 'files':
        p, _, v = line.partition(':')
        if p == '/proc/meminfo':
            m = re.match(r'(HugePages_\w+|Hugepagesize|MemTotal|MemFree):\s*(\d+)', v)
            if m:
                put('mem.' + m.group(1), m.group(2))
        elif p == '/proc/self/status':
            m = re.match(r'Cpus_allowed_list:\s*(\S+)', v)
            if m:
                put('cpu.affinity', m.group(1))
        else:
            sysfs(p, v)
    elif sect == 'paths':
        p, _, v = line.partition(':')
        put('path.' + p, re.search(r'\[([^\]]*)\]', v).group(1) if '[' in v else v)
    elif sect == 'modules':
        put('loaded.' + line, 1)
    elif sect == 'mounts':
        s, t, f, o = line.split()[:4]
        put('mount.' + t, '%s %s %s' % (s, f, o))
    elif sect == 'iommu':
        put('iommu.groups', 0 if '*' in line else len(line.split()))
    elif sect == 'units':
        k, _, v = line.partition('=')
        unit[k] = v
        if not line or {'Id', 'ActiveState', 'Result'} <= set(unit):
            if 'Id' in unit:
                put('unit.' + re.sub(r'\.service$', '', unit['Id']), '%s %s' % (unit.get('ActiveState'), unit.get('Result')))
            unit = {}
    elif sect == 'failed' and line.strip():
        put('failed', line.split()[0])
    elif sect == 'wg' and line.strip():
        f = line.split('\t')
        if len(f) == 5:
            put('wg.%s' % f[0], 'port %s fwmark %s' % (f[3], f[4]))
        elif len(f) > 5:
            put('wg.%s.peer' % f[0], '%s endpoint %s allowed %s keepalive %s' % (f[1], f[3], f[4], f[8]))
        else:
            for a in line.split()[2:]:
                put('link.%s.addr' % line.split()[0], a)
    elif sect == 'journal' and line.startswith('{'):
        try:
            j = json.loads(line)
        except ValueError:
            continue
        msg, pri = j.get('MESSAGE', ''), int(j.get('PRIORITY', 6))
        if isinstance(msg, list):
            msg = bytes(msg).decode(errors='replace')
        who = j.get('SYSLOG_IDENTIFIER', '?')
        if j.get('_TRANSPORT') == 'kernel':
            # Messages of the kernel about the parameters on its command line.
            if re.search(r'Unknown kernel command line|unknown (parameter|option)|invalid for parameter|Malformed'
                         r'|HugeTLB: (?!registered|\d|optimize)|hugepages(z|=).*(unsupp|inval)|Unsupported|Invalid|can.t be set'
                         r'|nohz_full:? .*(ignor|fail|inval)|isolcpus: .*(inval|ignor|fail|Error|Unknown)|Housekeeping:.*(must|fail)'
                         r'|Failed to|Unknown symbol|Setting dangerous|page alloc|Out of memory|Kernel panic', msg, re.I) \
                    and not re.search(r'firmware|regulatory|ACPI|DMAR: (?!Unknown)|x86/mtrr|Unable to read rtc|Invalid PCCT|microcode|calibrate_delay', msg):
                put('complaint.kernel', msg)
        elif who in ('systemd-modules-load', 'systemd-sysctl', 'systemd-udevd', 'systemd-tmpfiles', 'kmod', 'modprobe'):
            if 'deprecated' not in msg and 'deny-listed' not in msg:
                put('complaint.' + who, msg)
        elif who == 'systemd' and pri <= 4 or who.startswith('wg-quick') and pri <= 4:
            put('complaint.' + who, msg)
        elif pri <= 3:
            put('complaint.' + who, msg)
print('\n'.join(out))
