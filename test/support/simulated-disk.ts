import type { LoggedCall } from './write-log.ts';

const SECTOR_BYTES = 512;

type Write = Extract<LoggedCall, { kind: 'write' }>;
type Change = Write | Extract<LoggedCall, { kind: 'truncate' }>;

/** A disk that keeps for sure only what was synced, and of the rest any sectors it likes. */
export class SimulatedDisk {
  readonly #durable: Map<string, Buffer>;
  readonly #pending = new Map<string, Change[]>();

  constructor(files: ReadonlyMap<string, Buffer>) {
    this.#durable = new Map(files);
  }

  apply(call: LoggedCall): void {
    if (call.kind === 'write' || call.kind === 'truncate') {
      const pending = this.#pending.get(call.path);
      if (pending) pending.push(call);
      else this.#pending.set(call.path, [call]);
    } else if (call.kind === 'sync') {
      this.#durable.set(
        call.path,
        this.#contents(call.path, () => true),
      );
      this.#pending.delete(call.path);
    } else if (call.kind === 'remove') {
      this.#durable.delete(call.path);
      this.#pending.delete(call.path);
    }
  }

  /** The files as they may be found when the power comes back. */
  afterPowerLoss(random: () => number): Map<string, Buffer> {
    const paths = new Set([...this.#durable.keys(), ...this.#pending.keys()]);
    return new Map([...paths].map((path) => [path, this.#contents(path, () => random() < 0.5)]));
  }

  #contents(path: string, survives: () => boolean): Buffer {
    const durable = this.#durable.get(path) ?? Buffer.alloc(0);
    const changes = this.#pending.get(path) ?? [];
    const ends = changes.map((change) => (change.kind === 'write' ? endOf(change) : 0));
    const contents = Buffer.alloc(ends.reduce((a, b) => Math.max(a, b), durable.length));
    durable.copy(contents);
    let size = durable.length;
    for (const change of changes) {
      if (change.kind === 'write') {
        write(contents, change, survives);
        size = Math.max(size, endOf(change));
      } else if (survives()) {
        contents.fill(0, change.size);
        size = change.size;
      }
    }
    return contents.subarray(0, size);
  }
}

function endOf({ offset, bytes }: Write): number {
  return offset + bytes.length;
}

function write(contents: Buffer, { offset, bytes }: Write, survives: () => boolean): void {
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + SECTOR_BYTES - ((offset + start) % SECTOR_BYTES));
    if (survives()) bytes.copy(contents, offset + start, start, end);
    start = end;
  }
}
