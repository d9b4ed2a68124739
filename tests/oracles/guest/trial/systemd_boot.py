"""A guest that systemd-boot boots: its partition, which is /efi in the guest, with one entry as kernel-install writes it."""
import os
import subprocess

CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd'
VARIABLES = '/usr/share/OVMF/OVMF_VARS_4M.fd'  # copied once: the firmware keeps what it is told over the boots of a scenario
MACHINE = '0123456789abcdef0123456789abcdef'
LINE = 'console=ttyS0 loglevel=6 root=/dev/vda'
FSTAB = '''/dev/disk/by-id/virtio-root / ext4 defaults 0 0
/dev/disk/by-id/virtio-esp /efi vfat umask=0077,x-systemd.device-timeout=10min 0 0
'''
ENTRY = '''title      Debian GNU/Linux 12 (bookworm)
version    {v}
machine-id {m}
sort-key   debian
options    {line} systemd.machine_id={m}
linux      /{m}/{v}/linux
initrd     /{m}/{v}/initrd.img-{v}
'''


def write(path, content):
    with open(path, 'w') as f:
        f.write(content)


def qemu(run, broken, root, folder):
    loader = os.environ.get('SYSTEMD_BOOT', '')
    if not os.path.exists(CODE) or not os.path.exists(loader):
        broken('no OVMF, or no systemd-boot; tests/oracles/install-oracles gets them')
    run('debugfs', '-R', 'rdump /boot %s' % folder, root)
    v = next(n for n in os.listdir(folder + '/boot') if n.startswith('vmlinuz-')).partition('-')[2]
    write(folder + '/fstab', FSTAB)
    write(folder + '/cmdline', LINE + '\n')
    subprocess.run(['debugfs', '-w', '-f', '/dev/stdin', root], capture_output=True, text=True,
                   input='rm /etc/fstab\nwrite %s/fstab /etc/fstab\nmkdir /etc/kernel\nwrite %s/cmdline /etc/kernel/cmdline\n' % (folder, folder))
    write(folder + '/entry', ENTRY.format(v=v, m=MACHINE, line=LINE))
    write(folder + '/loader.conf', 'timeout 0\n')
    write(folder + '/srel', 'type1\n')
    esp, env = folder + '/esp', dict(os.environ, MTOOLS_SKIP_CHECK='1')
    run('truncate', '-s', '96M', esp)
    run('mformat', '-i', esp, '::', env=env)
    kernels = '%s/%s' % (MACHINE, v)
    for name in ('EFI', 'EFI/BOOT', 'loader', 'loader/entries', MACHINE, kernels):
        run('mmd', '-i', esp, '::/' + name, env=env)
    for source, name in ((loader, 'EFI/BOOT/BOOTX64.EFI'), (folder + '/loader.conf', 'loader/loader.conf'), (folder + '/srel', 'loader/entries.srel'),
                         (folder + '/entry', 'loader/entries/%s-%s.conf' % (MACHINE, v)), ('%s/boot/vmlinuz-%s' % (folder, v), kernels + '/linux'),
                         ('%s/boot/initrd.img-%s' % (folder, v), '%s/initrd.img-%s' % (kernels, v))):
        run('mcopy', '-i', esp, source, '::/' + name, env=env)
    run('cp', VARIABLES, folder + '/vars')
    return ['-drive', 'if=pflash,format=raw,unit=0,readonly=on,file=' + CODE, '-drive', 'if=pflash,format=raw,unit=1,file=%s/vars' % folder,
            '-drive', 'file=%s,format=raw,if=none,id=esp' % esp, '-device', 'virtio-blk-pci,drive=esp,serial=esp,bootindex=1']
