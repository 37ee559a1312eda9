import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';
import { isInstalled } from '@synapse/test/support/fault-process';

const CANARY = 'CANARY-51c9';
const works =
  spawnSync('/usr/bin/bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0 &&
  isInstalled('python3');
const describeSandboxed = works ? describe : describe.skip;
const subject = works
  ? 'sandbox'
  : 'sandbox (skipped: needs python3, and bubblewrap that may run here)';

let room: ToolRoom;
let server: Server;
let connections = 0;

beforeAll(async () => {
  room = await openToolRoom((folder) => ({
    protectedPaths: [join(folder, 'ws', 'sessions.db')],
    environment: { PATH: process.env.PATH, SECRET_API_KEY: CANARY, LD_PRELOAD: '/x.so' },
  }));
  const { workspace, outside } = room;
  await writeFile(join(outside, 'secret.txt'), CANARY);
  await writeFile(join(workspace, '.env'), CANARY);
  await writeFile(join(workspace, 'sessions.db'), CANARY);
  await mkdir(join(workspace, '.ssh'));
  await writeFile(join(workspace, '.ssh', 'id_rsa'), CANARY);
  await mkdir(join(workspace, 'deep', 'down'), { recursive: true });
  await writeFile(join(workspace, 'deep', 'down', '.env.local'), CANARY);
  spawnSync('git', ['init', '-q', workspace]);
  await writeFile(join(workspace, '.bashrc'), 'untouched');
  await mkdir(join(workspace, 'hidden'));
  await writeFile(join(workspace, 'hidden', 'note'), CANARY);
  await writeFile(join(workspace, '.synapseignore'), 'hidden\n');
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.close();
  await room.close();
});

async function shell(command: string, timeout = 60): Promise<string> {
  return (await room.call('shell', { command, timeout })).output;
}

const reads = [
  'cat <outside>/secret.txt',
  'cat ../ws-evil/secret.txt',
  'cat .env',
  'cat deep/down/.env.local',
  'cat .ssh/id_rsa',
  'cat sessions.db',
  'cat hidden/note',
  'rm -f .synapseignore; cat hidden/note',
  'cp .env copy; cat copy',
  'ln .env copy2; cat copy2',
  'mv .env moved; cat moved',
  'mv .ssh moved; cat moved/id_rsa',
  'mv deep gone; cat gone/down/.env.local',
  'umount .env; cat .env',
  'cat /proc/self/root<outside>/secret.txt',
  'cat /proc/1/root<outside>/secret.txt',
  'cat /proc/<pid>/environ | tr "\\0" "\\n"',
  'cat /proc/<pid>/root<outside>/secret.txt',
  'env',
  'cat /proc/*/environ | tr "\\0" "\\n"',
  'grep -r CANARY . ',
  'grep -rs CANARY /tmp /run /home /var /dev /mnt',
  'find /tmp /home /var /run -name secret.txt -exec cat {} \\;',
  'tar cf - . | tar xOf -',
  'git hash-object -w .env; git cat-file -p $(git hash-object .env)',
];

const writes = [
  'echo x > <outside>/new',
  'echo x > ../ws-evil/new',
  'ln -s <outside> out; echo x > out/new',
  'mkdir -p <outside>; echo x > <outside>/new',
  'mount --bind /usr <outside>; echo x > <outside>/new',
  'chroot / sh -c "echo x > <outside>/new"',
];

const guardedWrites = [
  'echo x > .git/hooks/pre-commit',
  'echo x > .git/config',
  'git config core.fsmonitor ./evil',
  'git config core.hooksPath ./evil',
  'git config diff.external ./evil',
  'git config core.pager ./evil',
  'git config filter.x.clean ./evil',
  'rm -rf .git; mkdir .git; echo x > .git/config',
  'mv .git .git2; mkdir -p .git/hooks; echo x > .git/hooks/pre-commit',
  'mv .git/hooks .git/hooks2; mkdir .git/hooks; echo x > .git/hooks/pre-commit',
  'ln -sf ../evil .git/hooks',
  'echo evil > .git/commondir',
  'git worktree add ../ws/tree; git submodule add . sub',
  'mkdir .synapse; echo x > .synapse/config.toml',
  'echo x > .mcp.json',
  'mkdir -p .vscode; echo x > .vscode/tasks.json',
  'mkdir -p .idea; echo x > .idea/workspace.xml',
  'echo x > .envrc',
  'echo x > .gitmodules',
  'echo x >> .bashrc',
  'rm -f .bashrc; echo x > .bashrc',
  'mv other .bashrc',
];

const kernel = [
  'unshare -Ur id',
  'unshare -m true',
  'mount -t tmpfs none /mnt',
  'chroot /usr true',
  'mknod node c 1 1',
  'nsenter -t 1 -a id',
  'cat /etc/shadow',
  'cat /proc/kcore',
  'head -c1 /dev/mem',
  'head -c1 /dev/sda',
  'cat /dev/kmsg',
  'ls /dev/input',
  'ls /sys/kernel',
  'ls /run/user',
  'ls /var/run/docker.sock',
  'ls /run/dbus',
  'ls "$HOME"/.ssh',
  'touch /usr/bin/evil',
  'touch /etc/evil',
  'kill -0 <pid>',
  'dmesg',
  'python3 -c "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW)"',
  'python3 -c "import socket; socket.create_connection((\'127.0.0.1\', <port>), 2)"',
  'exec 3<>/dev/tcp/127.0.0.1/<port>',
  'exec 3<>/dev/udp/8.8.8.8/53; echo x >&3',
  'exec 3<>/dev/tcp/169.254.169.254/80',
  'getent hosts example.com',
  'chown 12345 deep',
  'crontab -l && echo x | crontab -',
];

/** Parts of the kernel that no namespace holds, by their numbers on the processors that are known. */
const kernelCalls: [name: string, x64: number, arm64: number, rest: string][] = [
  ['add_key', 248, 217, 'b"user", b"x", b"y", 1, -3'],
  ['request_key', 249, 218, 'b"user", b"x", None, 0'],
  ['keyctl', 250, 219, '0, -3, 0'],
  ['bpf', 321, 280, '0, None, 0'],
  ['perf_event_open', 298, 241, 'None, 0, -1, -1, 0'],
  ['userfaultfd', 323, 282, '1'],
  ['open_by_handle_at', 304, 265, '-100, None, 0'],
  ['kexec_load', 246, 104, '0, 0, None, 0'],
  ['init_module', 175, 105, 'None, 0, b""'],
  ['io_uring_setup', 425, 425, '1, None'],
];

const fill = (command: string): string =>
  command
    .replaceAll('<outside>', room.outside)
    .replaceAll('<pid>', String(process.pid))
    .replaceAll('<port>', String((server.address() as AddressInfo).port));

describeSandboxed(subject, () => {
  it('leaves ordinary work possible', async () => {
    const command =
      'echo one > a.txt && git add a.txt && git -c user.name=a -c user.email=a@b commit -qm first && ' +
      'git log --format=%s && node -p "6*7" && ls deep && rm a.txt';
    expect(await room.call('shell', { command })).toEqual({
      output: 'first\n42\ndown\n',
      isError: false,
      attachments: [],
    });
  });

  it.each(reads)('shows nothing secret to: %s', async (command) => {
    expect(await shell(fill(command))).not.toContain(CANARY);
  });

  it.each(writes)('lets nothing be written outside by: %s', async (command) => {
    await shell(fill(command));
    expect(await readdir(room.outside)).toEqual(['secret.txt']);
  });

  it.each(guardedWrites)('leaves what other programs obey alone: %s', async (command) => {
    spawnSync('git', ['init', '-q', room.workspace]);
    const config = await readFile(join(room.workspace, '.git/config'), 'utf8');
    await shell(`echo evil > evil; chmod +x evil; cp evil other; ${command}`);
    expect(await readFile(join(room.workspace, '.git/config'), 'utf8')).toBe(config);
    expect(await readFile(join(room.workspace, '.bashrc'), 'utf8')).toBe('untouched');
    expect((await lstat(join(room.workspace, '.git/hooks'))).isDirectory()).toBe(true);
    expect(existsSync(join(room.workspace, '.git/hooks/pre-commit'))).toBe(false);
    for (const name of [
      '.git/commondir',
      '.synapse',
      '.mcp.json',
      '.vscode',
      '.idea',
      '.envrc',
      '.gitmodules',
    ]) {
      expect({ name, exists: existsSync(join(room.workspace, name)) }).toEqual({
        name,
        exists: false,
      });
    }
  });

  it.each(kernel)('refuses: %s', async (command) => {
    const { isError } = await room.call('shell', { command: fill(command), timeout: 10 });
    expect(isError).toBe(true);
    expect(connections).toBe(0);
  });

  const numberOf = { x64: 1, arm64: 2 }[process.arch as string];
  (numberOf === undefined ? it.skip : it).each(kernelCalls)(
    'knows no call of the kernel named %s',
    async (...call) => {
      const program = `import ctypes, os; c = ctypes.CDLL(None, use_errno=True); c.syscall(${call[numberOf ?? 0]}, ${call[3]}); print(os.strerror(ctypes.get_errno()))`;
      expect(await shell(`python3 -c '${program}'`)).toBe('Operation not permitted\n');
    },
  );

  it.each(['VSOCK', 'ALG', 'PACKET', 'CAN'])(
    'opens no socket of the family %s, which leads out of its network',
    async (family) => {
      const program = `import socket; socket.socket(socket.AF_${family}, socket.SOCK_SEQPACKET)`;
      const { output, isError } = await room.call('shell', { command: `python3 -c '${program}'` });
      expect(isError).toBe(true);
      expect(output).toContain('Address family not supported by protocol');
    },
  );

  it('changes no setting of the kernel, whoever runs it', async () => {
    const paths = '/proc/sys /proc/sysrq-trigger /proc/irq /proc/bus /proc/acpi /proc/scsi';
    expect(await shell(`find ${paths} -type f -writable 2>/dev/null; true`)).toBe('[No output.]');
  });

  it('makes no program that runs as its owner, whoever starts it', async () => {
    await shell('cp /bin/true copy; chmod 755 copy; chmod u+s copy; chmod 4755 copy');
    const { mode } = await lstat(join(room.workspace, 'copy'));
    expect(mode & 0o7777).toBe(0o755);
  });

  it('makes none either by the mode that a file is made with', async () => {
    const program = [
      'import ctypes, os',
      'def attempt(make):',
      '  try: make()',
      '  except OSError: pass',
      'wanted = os.O_CREAT | os.O_RDWR',
      'attempt(lambda: os.open("opened", wanted, 0o4755))',
      'attempt(lambda: os.mknod("made", 0o104755))',
      'libc = ctypes.CDLL(None, use_errno=True)',
      'how = (ctypes.c_uint64 * 3)(wanted, 0o4755, 0)',
      'print("openat2", libc.syscall(437, -100, b"second", how, 24), ctypes.get_errno())',
      'os.close(os.open("plain", wanted, 0o755))',
    ];
    await writeFile(join(room.workspace, 'make.py'), program.join('\n'));
    expect(await shell('python3 make.py; ls')).toContain('openat2 -1 38');
    const names = (await readdir(room.workspace)).filter((name) => name !== 'make.py');
    expect(names).toContain('plain');
    for (const name of names) {
      expect((await lstat(join(room.workspace, name))).mode & 0o6000).toBe(0);
    }
  });

  it('passes on no open files, capabilities or terminal', async () => {
    const output = await shell('ls /proc/self/fd | tr "\\n" " "; grep Cap /proc/self/status; tty');
    expect(output).toMatch(/^0 1 2 3 Cap/);
    expect(output).toMatch(/CapEff:\s+0{16}\n/);
    expect(output).toContain('not a tty');
  });

  it('ends what was left in the background', async () => {
    const name = join(room.workspace, 'beat');
    await shell(
      `(setsid sh -c 'while :; do date +%N > beat; sleep 0.05; done' >/dev/null 2>&1 &) ; sleep 0.3`,
    );
    const before = await readFile(name, 'utf8');
    const check = spawnSync('sleep', ['0.3']);
    expect(check.status).toBe(0);
    expect(await readFile(name, 'utf8')).toBe(before);
  });
});
