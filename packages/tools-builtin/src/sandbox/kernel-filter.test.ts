import { describe, expect, it } from '@jest/globals';
import { createKernelFilter } from './kernel-filter.ts';

const allowed = 'allowed';
const [EPERM, ENOSYS, EAFNOSUPPORT] = ['error 1', 'error 38', 'error 97'];
const [AF_UNIX, AF_INET, AF_VSOCK] = [1, 2, 40];
const O_CREAT = 0o100;
const O_TMPFILE = 0o20_200_000;

/** As the headers of the kernel number them. */
const processors = {
  x64: {
    id: 0xc000_003e,
    ...{ read: 0, execve: 59, socket: 41, chmod: 90, fchmod: 91, fchmodat: 268, fchmodat2: 452 },
    ...{ creat: 85, mknod: 133, mknodat: 259, open: 2, openat: 257, openat2: 437 },
    ...{ add_key: 248, request_key: 249, keyctl: 250, bpf: 321, perf_event_open: 298 },
    ...{ userfaultfd: 323, open_by_handle_at: 304, kexec_load: 246, kexec_file_load: 320 },
    ...{ init_module: 175, finit_module: 313, delete_module: 176 },
    ...{ io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427 },
  },
  arm64: {
    id: 0xc000_00b7,
    ...{ read: 63, execve: 221, socket: 198, fchmod: 52, fchmodat: 53, fchmodat2: 452 },
    ...{ mknodat: 33, openat: 56, openat2: 437 },
    ...{ add_key: 217, request_key: 218, keyctl: 219, bpf: 280, perf_event_open: 241 },
    ...{ userfaultfd: 282, open_by_handle_at: 265, kexec_load: 104, kexec_file_load: 294 },
    ...{ init_module: 105, finit_module: 273, delete_module: 106 },
    ...{ io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427 },
  },
};

const always = [
  ...['add_key', 'request_key', 'keyctl', 'bpf', 'perf_event_open', 'userfaultfd'],
  ...['open_by_handle_at', 'kexec_load', 'kexec_file_load', 'init_module', 'finit_module'],
  ...['delete_module', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'],
];

/** Which argument of a call is a mode. */
const modePositions = {
  ...{ chmod: 1, fchmod: 1, fchmodat: 2, fchmodat2: 2 },
  ...{ creat: 1, mknod: 1, mknodat: 2 },
};

describe.each(['x64', 'arm64'] as const)('the filter of the kernel on %s', (architecture) => {
  const { id, ...numbers } = processors[architecture];
  const filter = createKernelFilter([AF_UNIX, AF_INET], architecture) ?? Buffer.alloc(0);
  const decide = (call: string, ...args: number[]) => {
    const number = (numbers as Record<string, number>)[call];
    if (number === undefined) throw new Error(`There is no ${call} on ${architecture}.`);
    return run(filter, number, id, args);
  };
  const isKnown = (call: string) => call in numbers;

  it('lets ordinary calls pass', () => {
    expect(decide('read', 0, 0, 0)).toBe(allowed);
    expect(decide('execve', 0, 0, 0)).toBe(allowed);
    expect(decide('openat', 0, 0, O_CREAT, 0o644)).toBe(allowed);
  });

  it.each(always)('refuses %s', (call) => {
    expect(decide(call)).toBe(EPERM);
  });

  it.each(Object.entries(modePositions).filter(([call]) => isKnown(call)))(
    'makes nobody the owner by %s',
    (call, position) => {
      const withMode = (mode: number) =>
        [0, 0, 0, 0].map((arg, i) => (i === position ? mode : arg));
      expect(decide(call, ...withMode(0o4755))).toBe(EPERM);
      expect(decide(call, ...withMode(0o2755))).toBe(allowed);
      expect(decide(call, ...withMode(0o755))).toBe(allowed);
    },
  );

  it.each(['open', 'openat'].filter(isKnown))('looks at the mode where %s makes a file', (call) => {
    const ahead = call === 'open' ? [0] : [0, 0];
    expect(decide(call, ...ahead, O_CREAT, 0o4755)).toBe(EPERM);
    expect(decide(call, ...ahead, O_TMPFILE, 0o4755)).toBe(EPERM);
    expect(decide(call, ...ahead, O_CREAT, 0o755)).toBe(allowed);
    expect(decide(call, ...ahead, 0, 0o4755)).toBe(allowed);
  });

  it('knows no openat2, and no sockets that lead out', () => {
    expect(decide('openat2')).toBe(ENOSYS);
    expect(decide('socket', AF_INET)).toBe(allowed);
    expect(decide('socket', AF_UNIX)).toBe(allowed);
    expect(decide('socket', AF_VSOCK)).toBe(EAFNOSUPPORT);
    const withNetwork = createKernelFilter([AF_INET], architecture) ?? Buffer.alloc(0);
    expect(run(withNetwork, numbers.socket, id, [AF_UNIX])).toBe(EAFNOSUPPORT);
  });

  it('refuses the calls of another processor, and second sets of numbers', () => {
    expect(run(filter, numbers.read, 0x4000_0003, [])).toBe(EPERM);
    expect(run(filter, 0x4000_0000 + numbers.read, id, [])).toBe(EPERM);
  });
});

it('makes no filter for a processor whose numbers are not known', () => {
  expect(createKernelFilter([], 'riscv64')).toBeUndefined();
});

/** What the kernel makes of a call: the few instructions that the filter is made of, step by step. */
function run(filter: Buffer, number: number, id: number, args: readonly number[]): string {
  const call = Buffer.alloc(64);
  call.writeUInt32LE(number, 0);
  call.writeUInt32LE(id, 4);
  for (const [index, arg] of args.entries()) call.writeUInt32LE(arg, 16 + 8 * index);
  let loaded = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const [code, value] = [filter.readUInt16LE(at), filter.readUInt32LE(at + 4)];
    if (code === 0x06) return value === 0x7fff_0000 ? allowed : `error ${value & 0xffff}`;
    if (code === 0x20) loaded = call.readUInt32LE(value);
    else at += 8 * filter.readUInt8(at + (holds(code, loaded, value) ? 2 : 3));
  }
  throw new Error('The filter has no end.');
}

function holds(code: number, loaded: number, value: number): boolean {
  if (code === 0x15) return loaded === value;
  if (code === 0x35) return loaded >= value;
  if (code === 0x45) return (loaded & value) !== 0;
  throw new Error(`The filter has an instruction ${code}.`);
}
