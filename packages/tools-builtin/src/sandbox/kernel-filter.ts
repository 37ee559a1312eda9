const ERRNO = 0x0005_0000;
const ALLOW = 0x7fff_0000;
const EPERM = 1;
/** The error for a missing system call, so that programs use the older one. */
const ENOSYS = 38;
/** The mode bits that make a program run as its owner, whoever starts it. */
const SETUID = 0o4000;
/** O_CREAT and O_TMPFILE: without them, the mode argument has no meaning. */
const MAKES_FILE = 0o100 | 0o20_000_000;
/** Passes its mode in memory, which no filter can read. */
const OPENAT2 = 437;
const EAFNOSUPPORT = 97;
const ARGUMENTS = 16;
/** Begins the numbers of a second set of calls, which few programs know. */
const X32 = 0x4000_0000;

const AF_UNIX = 1;
// AF_INET, AF_INET6, AF_NETLINK, and AF_UNIX: each namespace has its own. Others lead out of it, such
// as AF_VSOCK to the host of a virtual machine.
const families = [2, 10, 16];

/**
 * Calls that no namespace restricts: keyrings of the user, and parts of the kernel that have often
 * been a way out. In order: add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd,
 * open_by_handle_at, kexec_load, kexec_file_load, init_module, finit_module, delete_module,
 * io_uring.
 */
const processors: Partial<Record<NodeJS.Architecture, Processor>> = {
  x64: {
    id: 0xc000_003e,
    socket: 41,
    modes: [
      [90, 1],
      [91, 1],
      [268, 2],
      [452, 2],
      [85, 1],
      [133, 1],
      [259, 2],
    ],
    opens: [
      [2, 1, 2],
      [257, 2, 3],
    ],
    refused: [248, 249, 250, 321, 298, 323, 304, 246, 320, 175, 313, 176, 425, 426, 427],
  },
  arm64: {
    id: 0xc000_00b7,
    socket: 198,
    modes: [
      [52, 1],
      [53, 2],
      [452, 2],
      [33, 2],
    ],
    opens: [[56, 2, 3]],
    refused: [217, 218, 219, 280, 241, 282, 265, 104, 294, 105, 273, 106, 425, 426, 427],
  },
};

interface Processor {
  id: number;
  socket: number;
  /**
   * Calls that set the mode of a file, with the index of that argument: chmod, fchmod, fchmodat,
   * fchmodat2, creat, mknod, mknodat.
   */
  modes: [number: number, argument: number][];
  /** Calls that may create a file, with the indexes of flags and mode: open, openat. */
  opens: [number: number, flags: number, mode: number][];
  refused: number[];
}

/** The filter for a command, which bubblewrap reads from a descriptor; null if there is none. */
export function kernelFilterFor({ allowNetwork }: { allowNetwork: boolean }): Buffer | null {
  // The host's network also gives access to its programs that listen on abstract sockets.
  return createKernelFilter(allowNetwork ? families : [AF_UNIX, ...families]) ?? null;
}

/**
 * A program for the kernel that refuses calls, and sockets of other families; undefined if the call
 * numbers of the machine are not known.
 */
export function createKernelFilter(
  allowedFamilies: readonly number[],
  architecture: NodeJS.Architecture = process.arch,
): Buffer | undefined {
  const processor = processors[architecture];
  if (!processor) return undefined;
  const { id, socket, modes, opens, refused } = processor;
  return Buffer.concat([
    load(4),
    ...unless(isEqual(id), refuse(EPERM)),
    load(0),
    ...when(isAtLeast(X32), refuse(EPERM)),
    ...refused.flatMap((number) => when(isEqual(number), refuse(EPERM))),
    ...modes.flatMap(([number, argument]) => [
      instruction(0x15, number, 0, 3),
      load(ARGUMENTS + 8 * argument),
      ...when(has(SETUID), refuse(EPERM)),
      load(0),
    ]),
    ...opens.flatMap(([number, flags, mode]) => [
      instruction(0x15, number, 0, 5),
      load(ARGUMENTS + 8 * flags),
      instruction(0x45, MAKES_FILE, 0, 3),
      load(ARGUMENTS + 8 * mode),
      ...when(has(SETUID), refuse(EPERM)),
      load(0),
    ]),
    ...when(isEqual(OPENAT2), refuse(ENOSYS)),
    ...unless(isEqual(socket), instruction(0x06, ALLOW)),
    load(ARGUMENTS),
    ...allowedFamilies.flatMap((family) => when(isEqual(family), instruction(0x06, ALLOW))),
    refuse(EAFNOSUPPORT),
  ]);
}

interface Test {
  code: number;
  value: number;
}

const isEqual = (value: number): Test => ({ code: 0x15, value });
const has = (bits: number): Test => ({ code: 0x45, value: bits });
const isAtLeast = (value: number): Test => ({ code: 0x35, value });
const when = ({ code, value }: Test, then: Buffer) => [instruction(code, value, 0, 1), then];
const unless = ({ code, value }: Test, then: Buffer) => [instruction(code, value, 1, 0), then];
/** The offsets in the kernel's data about a call: its number is at 0, the processor at 4. */
const load = (offset: number) => instruction(0x20, offset);
const refuse = (error: number) => instruction(0x06, ERRNO | error);

function instruction(code: number, value: number, ifTrue = 0, ifFalse = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifTrue, 2);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
