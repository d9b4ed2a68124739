"""drive.py SCENARIO ROOT_IMAGE LAB_DIR DIR: the boots of one scenario of trial-boot, one run of qemu each, and its expectations."""
import os
import random
import re
import shutil
import subprocess
import sys
import time

import machine
import systemd_boot

SCENARIO, BASE, LAB, DIR = sys.argv[1:]
NAME = os.path.basename(SCENARIO)
UUID = '6b1d7a52-0c7e-4d0c-9a3e-1f5b2c8d4e90'
ESCAPES = re.compile(r'\x1b(\[[0-9;?=]*[A-Za-z]|[()][A-Za-z0-9]|[78=>cM])')
EARLY = '''serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
search --no-floppy --fs-uuid --set=root %s
set prefix=($root)%s
'''


def broken(text):
    print('trial-boot: CANNOT RUN: %s' % text, file=sys.stderr)
    sys.exit(2)


def run(*command, **options):
    p = subprocess.run(command, capture_output=True, text=True, **options)
    if p.returncode:
        broken('%s: %s' % (command[0], (p.stderr or p.stdout).strip()[-300:]))
    return p.stdout


def read_scenario():
    s = {'uefi': False, 'systemd-boot': False, 'boot-fs': '', 'host': '', 'limit': 150, 'cut': {}, 'in-trial': [], 'step': [], 'expect': []}
    for line in open(SCENARIO):
        line = line.strip()
        key, _, rest = line.partition(' ')
        if not line or line.startswith('#'):
            continue
        if key in ('uefi', 'systemd-boot'):
            s[key] = True
        elif key == 'cut':
            m = re.match(r'(\d+) at (.*)', rest)
            s['cut'][int(m.group(1))] = m.group(2)
        elif key == 'boot':
            m = re.match(r'(\d+): (ends|says|lacks) (.*)', rest)
            if not m:
                broken('%s: cannot read: %s' % (NAME, line))
            s['expect'].append((int(m.group(1)), m.group(2), m.group(3)))
        elif key in ('in-trial', 'step'):
            s[key].append(rest)
        elif key in s:
            s[key] = int(rest) if key == 'limit' else rest
        else:
            broken('%s: cannot read: %s' % (NAME, line))
    return s


S = read_scenario()


def write(path, content):
    with open(path, 'w') as f:
        f.write(content)


def boot_disk(root):
    """/boot on a disk of its own, with a first grub.cfg by hand: the lab's first step makes the real one."""
    tree, disk, kind = DIR + '/boot', DIR + '/boot.img', S['boot-fs']
    run('debugfs', '-R', 'rdump /boot %s' % DIR, root)
    kernel = next(n for n in os.listdir(tree) if n.startswith('vmlinuz'))
    write(tree + '/grub/grub.cfg', 'linux /%s root=/dev/vda ro console=ttyS0 loglevel=6\ninitrd /%s\nboot\n' % (kernel, kernel.replace('vmlinuz', 'initrd.img')))
    run('truncate', '-s', '400M', disk)
    uuid = UUID.replace('6b1d', '7c2e')
    if kind == 'xfs':
        lines = ['x', '0 0', 'd--755 0 0']

        def walk(folder):
            for n in sorted(os.listdir(folder)):
                p = os.path.join(folder, n)
                if os.path.isdir(p):
                    lines.append(n + ' d--755 0 0')
                    walk(p)
                else:
                    lines.append('%s ---644 0 0 %s' % (n, p))
            lines.append('$')
        walk(tree)
        write(DIR + '/proto', '\n'.join(lines) + '\n')
        run('mkfs.xfs', '-q', '-m', 'uuid=' + uuid, '-p', DIR + '/proto', disk)
    elif kind == 'btrfs':
        run('mkfs.btrfs', '-q', '-U', uuid, '--rootdir', tree, disk)
    elif kind == 'ext4':
        run('mke2fs', '-q', '-t', 'ext4', '-U', uuid, '-d', tree, disk)
    elif kind == 'vfat':
        uuid = '1234-ABCD'
        run('mkfs.vfat', '-i', '1234ABCD', disk)
        run('mcopy', '-s', '-i', disk, *[os.path.join(tree, n) for n in os.listdir(tree)], '::')
    else:
        broken('no file system %s' % kind)
    fstab = DIR + '/fstab'
    write(fstab, '/dev/disk/by-id/virtio-root / ext4 defaults 0 0\n/dev/disk/by-id/virtio-boot /boot %s defaults,x-systemd.device-timeout=10min 0 0\n' % kind)
    subprocess.run(['debugfs', '-w', '-f', '/dev/stdin', root], input='rm /etc/fstab\nwrite %s /etc/fstab\n' % fstab, capture_output=True, text=True)
    return uuid


def qemu():
    root = DIR + '/root.img'
    run('cp', '--sparse=always', BASE, root)
    uuid, prefix, disks = UUID, '/boot/grub', []
    if S['boot-fs']:
        uuid, prefix = boot_disk(root), '/grub'
        disks = ['-drive', 'file=%s/boot.img,format=raw,if=none,id=boot' % DIR, '-device', 'virtio-blk-pci,drive=boot,serial=boot']
    the_machine = ['-machine', 'pc', '-accel', machine.emulator(2), '-cpu', 'max,la57=off', '-smp', '2', '-m', '1024']
    for folder in ('tree', 'overlay'):
        shutil.rmtree('%s/%s' % (LAB, folder), ignore_errors=True)
    if S['host']:
        host = machine.Machine(S['host'])
        the_machine = host.qemu(DIR)
        shutil.copytree(S['host'], LAB + '/tree')
        host.overlay(LAB + '/overlay')
        for moment, commands in host.commands().items():
            write('%s/operator.%s' % (LAB, moment), '\n'.join(commands) + '\n')
    for n, key in (('plan', 'step'), ('in-trial', 'in-trial')):
        write('%s/%s' % (LAB, n), '\n'.join(S[key]) + '\n')
    seed = os.environ.get('TRIAL_SEED') or str(random.SystemRandom().randrange(1, 1 << 30))
    write(LAB + '/seed', seed + '\n')
    if any('/lab/kill' in step for step in S['step']):
        print('%s: seed %s (TRIAL_SEED=%s gives it again)' % (NAME, seed, seed), flush=True)
    run('truncate', '-s', '32M', DIR + '/lab.img')
    run('mke2fs', '-q', '-t', 'ext4', '-d', LAB, DIR + '/lab.img')
    write(DIR + '/early', EARLY % (uuid, prefix))
    if S['systemd-boot']:
        firmware = systemd_boot.qemu(run, broken, root, DIR)
    elif S['uefi']:
        code = '/usr/share/OVMF/OVMF_CODE_4M.fd'
        efi = '/usr/lib/grub/x86_64-efi/monolithic/grubx64.efi'  # the very image that Debian signs
        if not os.path.exists(code) or not os.path.exists(efi):
            broken('no OVMF, or no signed GRUB')
        run('cp', '/usr/share/OVMF/OVMF_VARS_4M.fd', DIR + '/vars')
        write(DIR + '/stub', "search.fs_uuid %s root\nset prefix=($root)'%s'\nconfigfile $prefix/grub.cfg\n" % (uuid, prefix))
        esp = DIR + '/esp'
        env = dict(os.environ, MTOOLS_SKIP_CHECK='1')
        run('truncate', '-s', '32M', esp)
        run('mformat', '-i', esp, '::', env=env)
        for folder in ('EFI', 'EFI/BOOT', 'EFI/debian'):
            run('mmd', '-i', esp, '::/' + folder, env=env)
        run('mcopy', '-i', esp, efi, '::/EFI/BOOT/BOOTX64.EFI', env=env)
        run('mcopy', '-i', esp, DIR + '/stub', '::/EFI/debian/grub.cfg', env=env)
        firmware = ['-drive', 'if=pflash,format=raw,unit=0,readonly=on,file=' + code, '-drive', 'if=pflash,format=raw,unit=1,file=%s/vars' % DIR,
                    '-drive', 'file=%s,format=raw,if=none,id=esp' % esp, '-device', 'virtio-blk-pci,drive=esp,bootindex=1']
    else:
        m = '/usr/lib/grub/i386-pc'
        run('grub-mkimage', '-O', 'i386-pc', '-o', DIR + '/core', '-p', prefix, '-c', DIR + '/early', 'biosdisk', 'ext2', 'btrfs', 'xfs', 'fat', 'search',
            'search_fs_uuid', 'normal', 'serial', 'terminal')
        with open(DIR + '/mbr', 'wb') as f:  # as on a disk: boot.img is the first sector, the core image follows
            f.write(open(m + '/boot.img', 'rb').read() + open(DIR + '/core', 'rb').read())
        run('truncate', '-s', '2M', DIR + '/mbr')
        firmware = ['-drive', 'file=%s/mbr,format=raw,if=none,id=mbr' % DIR, '-device', 'virtio-blk-pci,drive=mbr,serial=mbr,bootindex=1']
    return ['qemu-system-x86_64', '-nodefaults', '-display', 'none', '-no-reboot', *the_machine,
            '-drive', 'file=%s,format=raw,if=none,id=root,cache=writeback' % root, '-device', 'virtio-blk-pci,drive=root,serial=root,bootindex=2',
            *disks, '-drive', 'file=%s/lab.img,format=raw,if=none,id=lab,readonly=on' % DIR, '-device', 'virtio-blk-pci,drive=lab,serial=lab', *firmware]


def text(path):
    try:
        return ESCAPES.sub('', open(path, 'rb').read().decode('utf-8', 'replace')).replace('\r', '')
    except OSError:
        return ''


def boot(command, n):
    console, report = '%s/console%d' % (DIR, n), '%s/report%d' % (DIR, n)
    cut, how, started = S['cut'].get(n), '', time.time()
    with open(DIR + '/qemu.log', 'ab') as log:
        q = subprocess.Popen([*command, '-serial', 'file:' + console, '-serial', 'file:' + report], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        while q.poll() is None:
            time.sleep(0.2)
            if cut and re.search(cut, text(console) + text(report)):
                how = 'cut'
                break
            if time.time() - started > max(S['limit'], int(os.environ.get('TRIAL_LIMIT', '0'))):
                how = 'limit'
                break
    finally:
        if q.poll() is None:
            q.kill()
        q.wait()
    all_text = text(console) + text(report)
    if not how:
        how = 'panic' if 'Kernel panic' in all_text else 'poweroff' if re.search(r'reboot: Power down', all_text) else 'reboot'
    line = re.search(r'^LAB cmdline (.*)', all_text, re.M) or re.search(r'Kernel command line: (.*)', all_text)
    print('%s: boot %d: %s, %.1f s: %s' % (NAME, n, how, time.time() - started, line.group(1) if line else '(no kernel)'), flush=True)
    return how, all_text


command, boots, n = qemu(), [], 0
most = max([e[0] for e in S['expect']] + [1])
while n < most and (not boots or boots[-1][0] != 'poweroff'):
    n += 1
    boots.append(boot(command, n))
    if not boots[-1][1]:
        broken('boot %d said nothing: %s' % (n, open(DIR + '/qemu.log').read()[-500:]))
wrong = 0
for n, what, pattern in S['expect']:
    how, said = boots[n - 1] if n <= len(boots) else ('not there', '')
    good = how == pattern if what == 'ends' else bool(re.search(pattern, said, re.M)) == (what == 'says')
    if not good:
        wrong += 1
        print('%s: BAD: boot %d: %s %s (it ended: %s)' % (NAME, n, what, pattern, how))
if wrong:
    for n, (how, said) in enumerate(boots, 1):
        lines = [l for l in said.split('\n') if re.search(r'LAB|tunec|generation|panic|trial|exit', l)]
        print('\n'.join('  boot %d | %s' % (n, l[:300]) for l in lines[-25:]))
print('%s: %d of %d expectations hold' % (NAME, len(S['expect']) - wrong, len(S['expect'])))
sys.exit(1 if wrong else 0)
