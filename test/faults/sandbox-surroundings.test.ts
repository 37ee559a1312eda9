import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readlinkSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRunning } from '@synapse/test/support/is-running';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';
import { isInstalled } from '@synapse/test/support/fault-process';

const CANARY = 'CANARY-77d0';
const works =
  spawnSync('/usr/bin/bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0 &&
  isInstalled('python3');
const describeSandboxed = works ? describe : describe.skip;
const reason = works ? '' : ' (skipped: needs python3, and bubblewrap that may run here)';

/** What leads to the person's own programs, where it is known by name. */
const leading = {
  SSH_AUTH_SOCK: '/run/agent',
  GPG_AGENT_INFO: '/run/gpg',
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus',
  XDG_RUNTIME_DIR: '/run/user/1000',
  DISPLAY: ':0',
  WAYLAND_DISPLAY: 'wayland-0',
  DOCKER_HOST: 'unix:///run/docker.sock',
  KUBECONFIG: '/kube',
  HTTPS_PROXY: `http://me:${CANARY}@proxy.example`,
  AWS_SECRET_ACCESS_KEY: CANARY,
  BASH_ENV: './evil',
  ENV: './evil',
  NODE_OPTIONS: '--require ./evil',
  PYTHONSTARTUP: './evil',
  LD_LIBRARY_PATH: '.',
  GIT_SSH_COMMAND: './evil',
};

let room: ToolRoom;
const servers: Server[] = [];
const listeners: ChildProcess[] = [];
let connections = 0;

async function listen(path: string): Promise<void> {
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(path);
  servers.push(server);
  await once(server, 'listening');
}

/** By a name of the kernel, which is in no folder. Node would fill it up with NULs. */
async function listenByName(word: string): Promise<string> {
  const name = `synapse-${word}-${process.pid}`;
  const program = [
    'import socket',
    's = socket.socket(socket.AF_UNIX)',
    `s.bind("\\0${name}")`,
    's.listen()',
    'print("ready", flush=True)',
    'while True: s.accept()',
  ];
  const child = spawn('python3', ['-c', program.join('\n')]);
  listeners.push(child);
  await once(child.stdout, 'data');
  return name;
}

beforeAll(async () => {
  room = await openToolRoom({ environment: { PATH: process.env.PATH, ...leading } });
});

afterAll(async () => {
  for (const server of servers) server.close();
  for (const child of listeners) child.kill('SIGKILL');
  await room.close();
});

async function shell(command: string, timeout = 60): Promise<string> {
  return (await room.call('shell', { command, timeout })).output;
}

/** Calls of the kernel that would reach out of the sandbox, by their numbers on x64 and arm64. */
const reaching: [name: string, x64: number, arm64: number, rest: string][] = [
  ['mount', 165, 40, 'b"/usr", b"/mnt", None, 4096, None'],
  ['umount2', 166, 39, 'b"/usr", 0'],
  ['pivot_root', 155, 41, 'b"/tmp", b"/tmp"'],
  ['chroot', 161, 51, 'b"/usr"'],
  ['unshare', 272, 97, '0x10000000'],
  ['clone3', 435, 435, 'bytes([0, 0, 0, 16] + [0] * 84), 88'],
  ['setns', 308, 268, 'os.open("/proc/self/ns/mnt", 0), 0'],
  ['open_tree', 428, 428, '-100, b"/usr", 1'],
  ['fsopen', 430, 430, 'b"tmpfs", 0'],
  ['mount_setattr', 442, 442, '-100, b"/usr", 0, bytes(32), 32'],
  ['ptrace', 101, 117, '16, <pid>, 0, 0'],
  ['process_vm_readv', 310, 270, '<pid>, (v := (ctypes.c_uint64 * 2)(id(0), 8)), 1, v, 1, 0'],
  ['pidfd_open', 434, 434, '<pid>, 0'],
  ['pidfd_getfd', 438, 438, '0, 0, 0'],
  ['kill', 62, 129, '<pid>, 0'],
  ['swapon', 167, 224, 'b"/dev/null", 0'],
  ['acct', 163, 89, 'b"/tmp/acct"'],
  ['settimeofday', 164, 170, 'bytes(16), None'],
  ['sethostname', 170, 161, 'b"evil", 4'],
  ['syslog', 103, 116, '3, None, 0'],
  // Would only forbid Ctrl-Alt-Delete.
  ['reboot', 169, 142, '0xfee1dead, 672274793, 0, None'],
];

describeSandboxed(`around the sandbox${reason}`, () => {
  it('is a namespace of every kind', async () => {
    const names = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];
    const output = await shell(
      `for name in ${names.join(' ')}; do readlink /proc/self/ns/$name; done`,
    );
    const inside = output.trim().split('\n');
    expect(inside).toHaveLength(names.length);
    for (const [index, name] of names.entries()) {
      expect(inside[index]).toMatch(new RegExp(`^${name}:`));
      expect(inside[index]).not.toBe(readlinkSync(`/proc/self/ns/${name}`));
    }
  });

  const numberOf = { x64: 1, arm64: 2 }[process.arch as string];
  (numberOf === undefined ? it.skip : it).each(reaching)(
    'does not let the kernel be asked for %s',
    async (...call) => {
      const rest = call[3].replace('<pid>', String(process.pid));
      const program = `import ctypes, os; print(ctypes.CDLL(None).syscall(${call[numberOf ?? 0]}, ${rest}))`;
      expect(await shell(`python3 -c '${program}'`)).toBe('-1\n');
    },
  );

  it('ends nothing outside when it ends all it sees', async () => {
    const child = spawn('sleep', ['1000']);
    try {
      await shell('kill -9 -1; python3 -c "import os; os.kill(-1, 9)"', 2);
      expect(await isRunning(child.pid!)).toBe(true);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('passes on only the listed variables, and none that leads out', async () => {
    const names = (await shell('env | cut -d= -f1 | sort')).trim().split('\n');
    expect(names).toEqual([
      ...['GIT_PAGER', 'GIT_TERMINAL_PROMPT', 'HOME', 'NO_COLOR', 'PAGER', 'PATH', 'PWD', 'SHLVL'],
      ...['SYNAPSE_COMMAND', 'TERM', 'TMPDIR', '_'],
    ]);
    expect(await shell('cat /proc/1/environ /proc/self/environ')).not.toContain(CANARY);
  });

  it.each(['/tmp', '/dev/shm', '/var/tmp', '/run'])('shares no %s with others', async (folder) => {
    const name = `synapse-shared-${process.pid}`;
    // Not everybody may write everywhere.
    const isOurs = spawnSync('sh', ['-c', `echo ${CANARY} > ${folder}/${name}`]).status === 0;
    try {
      const command = `ls -A ${folder}; cat ${folder}/${name}; echo x > ${folder}/${name}-made`;
      const output = await shell(command);
      expect(output).not.toContain(CANARY);
      if (isOurs) expect(output.split('\n')).not.toContain(name);
      expect(existsSync(join(folder, `${name}-made`))).toBe(false);
    } finally {
      rmSync(join(folder, name), { force: true });
    }
  });

  it('reaches no program that listens, by a name of the kernel or a socket in the project', async () => {
    await mkdir(join(room.workspace, '.git'));
    const places = ['agent.sock', '.git/fsmonitor.ipc'].map((name) => join(room.workspace, name));
    for (const path of places) await listen(path);
    const name = await listenByName('closed');
    const program = [
      'import socket',
      `for path in ${JSON.stringify(places)} + ["\\0${name}"]:`,
      '  try:',
      '    socket.socket(socket.AF_UNIX).connect(path)',
      '    print("reached", repr(path))',
      '  except OSError as error: print("refused")',
    ];
    await writeFile(join(room.workspace, 'reach.py'), program.join('\n'));
    expect(await shell('python3 reach.py')).toBe('refused\n'.repeat(3));
    expect(connections).toBe(0);
  });

  it('reaches none either where it has the network of the host, which it does have', async () => {
    const open = await openToolRoom({ allowNetwork: true });
    const name = await listenByName('open');
    const server = createServer((socket) => socket.end('answered')).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const program = [
      'import socket',
      'try:',
      `  socket.socket(socket.AF_UNIX).connect("\\0${name}")`,
      '  print("reached")',
      'except OSError as error: print("refused")',
      `print(socket.create_connection(("127.0.0.1", ${port}), 5).recv(8).decode())`,
    ];
    await writeFile(join(open.workspace, 'reach.py'), program.join('\n'));
    const node = `node -e "require('node:child_process').execFileSync('echo')" && echo started`;
    const { output } = await open.call('shell', { command: `python3 reach.py; ${node}` });
    expect(output).toBe('refused\nanswered\nstarted\n');
    await open.close();
  });

  it('writes to no pipe in the project that somebody may be reading from', async () => {
    spawnSync('mkfifo', [join(room.workspace, 'orders')]);
    const reader = spawn('cat', [join(room.workspace, 'orders')]);
    let read = '';
    reader.stdout.on('data', (chunk: Buffer) => (read += chunk.toString()));
    try {
      await shell('echo evil > orders; echo evil >> ./orders', 2);
      spawnSync('sh', ['-c', 'echo end > orders'], { cwd: room.workspace, timeout: 5000 });
      await once(reader, 'close');
      expect(read).toBe('end\n');
    } finally {
      reader.kill('SIGKILL');
    }
  });

  it('fills no more than what it is given of memory as a folder', async () => {
    expect(await shell('head -c 600M /dev/zero > /tmp/full; echo ended', 20)).toContain(
      'No space left on device',
    );
  });

  it('ends a thousand processes in time', async () => {
    const start = 'for number in $(seq 1000); do sleep 1000 & done; wait';
    expect(await shell(start, 2)).toContain('[It was stopped after 2 seconds.]');
    expect(await shell('ls -d /proc/[0-9]* | wc -l')).toMatch(/^\d\n$/);
  });
});

describeSandboxed(`where the sandbox is set up${reason}`, () => {
  it('is the folder that a link leads to', async () => {
    const link = join(room.folder, 'link');
    await symlink(room.workspace, link);
    const linked = await openToolRoom({ workingDirectory: link });
    const { output } = await linked.call('shell', { command: 'echo x > through; pwd' });
    expect(output).toBe(`${room.workspace}\n`);
    expect(await readFile(join(room.workspace, 'through'), 'utf8')).toBe('x\n');
    await linked.close();
  });

  it('may be a home, whose keys stay unread and whose habits unwritten', async () => {
    const home = await openToolRoom();
    await mkdir(join(home.workspace, '.ssh'));
    await mkdir(join(home.workspace, '.config/gcloud'), { recursive: true });
    const secrets = ['.ssh/id_ed25519', '.netrc', '.config/gcloud/key', '.bash_history'];
    for (const name of secrets) await writeFile(join(home.workspace, name), CANARY);
    await writeFile(join(home.workspace, '.profile'), 'mine');
    const command = `cat ${secrets.join(' ')}; cp -r . /tmp/all; grep -r CANARY /tmp/all; echo x >> .profile`;
    const { output } = await home.call('shell', { command });
    expect(output).not.toContain(CANARY);
    expect(await readFile(join(home.workspace, '.profile'), 'utf8')).toBe('mine');
    await home.close();
  });

  it('leaves nothing new behind that other programs obey by its name', async () => {
    const project = await openToolRoom();
    await writeFile(join(project.workspace, '.npmrc'), 'mine');
    const names = ['.yarnrc.yml', '.pnpmfile.cjs', 'AGENTS.md', '.cursorrules', '.zshenv'];
    const folders = ['.claude', '.husky', 'systemd', 'docs'];
    const command = `touch ${names.join(' ')} README.md; mkdir ${folders.join(' ')}; echo x >> .npmrc`;
    const { output } = await project.call('shell', { command });
    for (const name of [...names, '.claude', '.husky']) {
      expect(output).toContain(
        `created "${join(project.workspace, name)}", which other programs act on`,
      );
    }
    const left = (await readdir(project.workspace)).filter((name) => !name.includes('.untrusted-'));
    expect(left.sort()).toEqual(['.npmrc', 'README.md', 'docs', 'systemd']);
    expect(await readFile(join(project.workspace, '.npmrc'), 'utf8')).toBe('mine');
    await project.close();
  });

  it('is not the whole file system', async () => {
    const whole = await openToolRoom({ workingDirectory: '/' });
    const { output, isError } = await whole.call('shell', { command: 'touch made' });
    expect({ output, isError }).toEqual({
      output:
        'The root of the file system cannot be put in a sandbox. Start Synapse in the folder of a project.',
      isError: true,
    });
    await whole.close();
  });

  it('runs nothing where more is secret than it can be told', async () => {
    const crowded = await openToolRoom();
    const names = Array.from({ length: 3000 }, (_, index) => `.env.${index}`);
    await Promise.all(names.map((name) => writeFile(join(crowded.workspace, name), CANARY)));
    const { output, isError } = await crowded.call('shell', { command: 'touch made; cat .env.1' });
    expect({ output, isError }).toEqual({
      output:
        'There are too many guarded files here for a sandbox. Start Synapse in a smaller folder.',
      isError: true,
    });
    expect((await readdir(crowded.workspace)).filter((name) => !names.includes(name))).toEqual([]);
    await crowded.close();
  });

  it('does not follow a folder that a command would exchange for a link', async () => {
    const nested = await openToolRoom((folder) => ({ roots: [join(folder, 'ws/inner')] }));
    await mkdir(join(nested.workspace, 'inner'));
    await writeFile(join(nested.outside, 'secret.txt'), CANARY);
    const exchange = `mv inner away; rmdir inner; ln -sfn ${nested.outside} inner`;
    await nested.call('shell', { command: exchange });
    const { output } = await nested.call('shell', {
      command: 'cat inner/secret.txt; touch inner/made',
    });
    expect(output).not.toContain(CANARY);
    expect(await readdir(nested.outside)).toEqual(['secret.txt']);
    await nested.close();
  });
});
