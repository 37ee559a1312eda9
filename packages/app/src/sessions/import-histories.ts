import type { Store } from '@synapse/core';
import type * as Portability from '@synapse/portability';
import type { HistoryFile, HistoryReceipt } from '@synapse/portability';
import { OWN_TOOL } from '@synapse/portability/history-tools';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import type { App } from '../wiring.ts';
import {
  changedAt,
  FILES_PER_QUERY,
  parseMark,
  placeOf,
  stateOf,
  type ImportMark,
} from './import-marks.ts';

export interface ImportHistoriesOptions {
  /** Files and folders, which are searched. */
  paths: readonly string[];
  /** Imports only the histories of these tools. */
  tools?: readonly string[] | undefined;
  tags?: readonly string[] | undefined;
  /** Leaves out what is older: files, and conversations within a file. */
  since?: Date | undefined;
  /** Reads files again that have not changed since the last import. */
  isAgain?: boolean | undefined;
  isDryRun: boolean;
  signal: AbortSignal;
  onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

const MARKS_PER_WRITE = 100;

/** Imports the histories of other tools, and yields a receipt for each file as it is finished. */
export async function* importHistories(
  app: Pick<App, 'clock' | 'logger' | 'settings'>,
  store: Store,
  options: ImportHistoriesOptions,
): AsyncGenerator<HistoryReceipt> {
  const portability = await import('@synapse/portability');
  yield* new HistoriesImport(app, store, options, portability).run();
}

class HistoriesImport {
  readonly #app: Pick<App, 'clock' | 'logger' | 'settings'>;
  readonly #store: Store;
  readonly #options: ImportHistoriesOptions;
  readonly #portability: typeof Portability;
  readonly #marks = new Map<string, string>();
  #doneBytes = 0;
  #totalBytes = 0;

  constructor(
    app: Pick<App, 'clock' | 'logger' | 'settings'>,
    store: Store,
    options: ImportHistoriesOptions,
    portability: typeof Portability,
  ) {
    this.#app = app;
    this.#store = store;
    this.#options = options;
    this.#portability = portability;
  }

  async *run(): AsyncGenerator<HistoryReceipt> {
    const files: HistoryFile[] = [];
    for (const path of this.#options.paths) {
      const folders = this.#portability.emptyReceipt(path, 'read');
      const skip = skipInto(folders);
      for await (const file of this.#portability.historyFilesIn(path, skip)) files.push(file);
      if (folders.skipped.length > 0) yield folders;
    }
    this.#totalBytes = files.reduce((sum, { byteLength }) => sum + byteLength, 0);
    try {
      for (let start = 0; start < files.length; start += FILES_PER_QUERY) {
        yield* this.#importFiles(files.slice(start, start + FILES_PER_QUERY));
      }
    } finally {
      await this.#store.transfer.setImportMarks(this.#marks);
    }
  }

  async *#importFiles(files: readonly HistoryFile[]): AsyncGenerator<HistoryReceipt> {
    const places = files.map(placeOf);
    const known = await this.#store.transfer.importMarks(places);
    const { since, isAgain = false, isDryRun, signal } = this.#options;
    for (const [index, file] of files.entries()) {
      signal.throwIfAborted();
      const place = places[index] ?? '';
      const state = await stateOf(file);
      const mark = parseMark(known.get(place));
      if (mark?.state === state && !isAgain) {
        if (this.#isWanted(mark.tool)) yield this.#unchanged(file, mark);
      } else if (since && (await changedAt(file)) < since) yield this.#receipt(file.path, 'older');
      else {
        const receipts: HistoryReceipt[] = [];
        for await (const receipt of this.#importFile(file)) {
          receipts.push(receipt);
          yield receipt;
        }
        if (!isDryRun && isWhole(receipts)) await this.#setMark(place, state, receipts);
      }
      this.#doneBytes += file.byteLength;
      this.#options.onProgress?.(this.#doneBytes, this.#totalBytes);
    }
  }

  async *#importFile(file: HistoryFile): AsyncGenerator<HistoryReceipt> {
    const archive = this.#receipt(file.path, 'read');
    try {
      for await (const member of this.#portability.unpack(file, skipInto(archive))) {
        const receipt = await this.#importMember(await this.#counted(member, file));
        if (receipt) yield receipt;
      }
    } catch (error) {
      skipInto(archive)('file', this.#portability.toUnreadable(error).message, true);
    }
    if (archive.skipped.length > 0) yield archive;
  }

  async #importMember(file: HistoryFile): Promise<HistoryReceipt | null> {
    const { detectHistory, findOwner, importHistory, toUnreadable } = this.#portability;
    const { tags, since, isDryRun, signal, paths } = this.#options;
    const companion = await findOwner(file);
    if (companion) {
      if (!this.#isWanted(companion.tool)) return null;
      const receipt = this.#portability.emptyReceipt(file.path, 'companion', companion.tool);
      skipInto(receipt)('file', `belongs to ${companion.owner}`);
      return receipt;
    }
    const format = await detectHistory(file).catch(toUnreadable);
    if (format instanceof Error) {
      const receipt = this.#receipt(file.path, 'read');
      skipInto(receipt)('file', format.message, true);
      return receipt;
    }
    if (!format) {
      const own = await this.#importOwnExport(file);
      if (own !== undefined) return own;
      const receipt = this.#receipt(file.path, 'unknown');
      skipInto(receipt)('file', 'has no known format', paths.includes(file.path));
      return receipt;
    }
    if (!this.#isWanted(format.tool)) return null;
    const hold = (id: string) => holdLeaseOf(this.#app, this.#store, id);
    return importHistory(this.#store, file, format, { tags, since, isDryRun, signal, hold });
  }

  #isWanted(tool: string | null): boolean {
    const { tools } = this.#options;
    return tools === undefined || (tool !== null && tools.includes(tool));
  }

  /** Undefined for a file that is no export of Synapse; null for one that is not wanted. */
  async #importOwnExport(file: HistoryFile): Promise<HistoryReceipt | null | undefined> {
    const { tags, since, isDryRun, signal } = this.#options;
    const { importOwnExport, isOwnExport } = await import('./import-own-export.ts');
    if (!(await isOwnExport(file))) return undefined;
    if (!this.#isWanted(OWN_TOOL)) return null;
    return importOwnExport(this.#app, this.#store, file, { tags, since, isDryRun, signal });
  }

  /** Reports how much of a file has been read; a part of an archive counts for its share. */
  async #counted(member: HistoryFile, file: HistoryFile): Promise<HistoryFile> {
    const { onProgress } = this.#options;
    if (!onProgress) return member;
    const members = member === file ? [file] : ((await member.around?.()) ?? [file]);
    const all = members.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const before = members.slice(0, Math.max(0, members.indexOf(member)));
    const start = before.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const report = (read: number): void => {
      const share = Math.min(1, (start + read) / Math.max(1, all));
      onProgress(this.#doneBytes + Math.floor(file.byteLength * share), this.#totalBytes);
    };
    return {
      ...member,
      async *bytes() {
        let read = 0;
        for await (const chunk of member.bytes()) {
          yield chunk;
          read += chunk.byteLength;
          report(read);
        }
      },
    };
  }

  #receipt(path: string, state: HistoryReceipt['state']): HistoryReceipt {
    return this.#portability.emptyReceipt(path, state);
  }

  #unchanged({ path }: HistoryFile, { tool, sessionCount }: ImportMark): HistoryReceipt {
    const unchanged = sessionCount;
    return { ...this.#receipt(path, 'unchanged'), tool, sessionCount, unchanged };
  }

  async #setMark(place: string, state: string, receipts: readonly HistoryReceipt[]): Promise<void> {
    const sessionCount = receipts.reduce((sum, { sessionIds }) => sum + sessionIds.length, 0);
    const tool = receipts.find((receipt) => receipt.tool !== null)?.tool ?? null;
    this.#marks.set(place, JSON.stringify({ state, tool, sessionCount } satisfies ImportMark));
    if (this.#marks.size < MARKS_PER_WRITE) return;
    await this.#store.transfer.setImportMarks(this.#marks);
    this.#marks.clear();
  }
}

/** Whether a file need not be read again while it stays as it is. */
function isWhole(receipts: readonly HistoryReceipt[]): boolean {
  return (
    receipts.some(({ state }) => state === 'read') &&
    receipts.every(({ older, skipped }) => older === 0 && !skipped.some(({ isDamage }) => isDamage))
  );
}

function skipInto({ skipped }: HistoryReceipt) {
  return (place: string, reason: string, isDamage = false): void => {
    skipped.push({ place, reason, isDamage });
  };
}
