import { InvalidDataError, type AttachmentReference, type Part, type Store } from '@synapse/core';
import { IMPORT_ORIGIN, SessionConflictError } from '@synapse/core/store-kit';
import { isRefusal } from '../import-sessions.ts';
import { mergeSession, type MergeOptions } from '../merge-session.ts';
import { derivedId } from './history-ids.ts';
import { copyIdOf, messagePagesOf } from './history-messages.ts';
import { toUnreadable } from './history-files.ts';
import { choosePaths, withMergedForks, type HistoryPath } from './history-paths.ts';
import { firstPrompt, sha256Of } from './history-nodes.ts';
import { emptyReceipt, type HistoryReceipt } from './history-receipt.ts';
import { toSession, withOwnChanges } from './history-session.ts';
import { isOlder, isUnknown, timeOf } from './history-times.ts';
import { messageIds } from './message-ids.ts';
import type { History, HistoryFile, HistoryFormat, HistoryNode, HistoryPart } from './history.ts';

export interface HistoryImportOptions extends Pick<MergeOptions, 'isDryRun' | 'hold'> {
  tags?: readonly string[] | undefined;
  /** Leaves out conversations whose last message is older. */
  since?: Date | undefined;
  signal?: AbortSignal | undefined;
}

type ImportedStore = Pick<Store, 'sessions' | 'transfer' | 'attachments'>;

const OWNERS_PER_QUERY = 500;

/**
 * Imports the conversations of a file. Each path through a conversation becomes a session: the active one, and for
 * every other end a fork. The ids follow from those of the tool, so that another import of the same file changes
 * nothing, and one of a file that has grown adds its new messages. Messages that another session has already are
 * copies, and the session a fork of it.
 */
export async function importHistory(
  store: ImportedStore,
  file: HistoryFile,
  format: HistoryFormat,
  options: HistoryImportOptions = {},
): Promise<HistoryReceipt> {
  const receipt = emptyReceipt(file.path, 'read', format.tool);
  const skip = (place: string, reason: string, isDamage = false): void => {
    receipt.skipped.push({ place, reason, isDamage });
  };
  let untimedCount = 0;
  const ids = new Set<string>();
  try {
    for await (const history of format.read(file, skip)) {
      options.signal?.throwIfAborted();
      if (ids.has(history.id)) {
        const reason = 'has the id of an earlier one; messages with the same ids are kept once';
        skip(`conversation ${history.id}`, reason);
      }
      ids.add(history.id);
      if (isUnknown(history.createdAt)) untimedCount += 1;
      // A list of the newest sessions shows those without times in the order of the file.
      const modifiedAt = new Date(file.modifiedAt.getTime() - untimedCount);
      const timed = { ...file, modifiedAt };
      if (isOlder(history, timed, options.since)) {
        receipt.sessionCount += 1;
        receipt.older += 1;
        continue;
      }
      await new HistoryImport(store, format.tool, timed, history, options, receipt).run();
    }
  } catch (error) {
    skip('file', toUnreadable(error).message, true);
  }
  return receipt;
}

class HistoryImport {
  readonly #store: ImportedStore;
  readonly #tool: string;
  readonly #file: HistoryFile;
  readonly #history: History;
  readonly #options: HistoryImportOptions;
  readonly #receipt: HistoryReceipt;

  constructor(
    store: ImportedStore,
    tool: string,
    file: HistoryFile,
    history: History,
    options: HistoryImportOptions,
    receipt: HistoryReceipt,
  ) {
    this.#store = store;
    this.#tool = tool;
    this.#file = file;
    this.#history = history;
    this.#options = options;
    this.#receipt = receipt;
  }

  async run(): Promise<void> {
    const mainId = this.#sessionId(this.#history.id);
    const { ids, stored } = await this.#findIds(mainId);
    const idOf = (node: HistoryNode) => ids.get(node) ?? '';
    const ownerOf = (node: HistoryNode) => stored.get(idOf(node));
    const [main, ...others] = choosePaths(this.#history, idOf, (path) => {
      const own = withMergedForks(mainId, path, idOf, ownerOf);
      return path.filter((node) => own.has(ownerOf(node) ?? '')).length;
    });
    if (!main) {
      this.#receipt.sessionCount += 1;
      this.#leaveOut(`session ${this.#history.id}`, 'has no messages', false);
      return;
    }
    const owners = new Map<string, string>();
    for (const path of [main, ...others]) {
      const sessionId =
        path === main ? mainId : this.#sessionId(`${this.#history.id} ${idOf(path.branchesAt)}`);
      await this.#importPath(path, sessionId, ids, new Map([...stored, ...owners]));
      for (const node of path.nodes) {
        const id = ids.get(node) ?? '';
        if (!stored.has(id) && !owners.has(id)) owners.set(id, sessionId);
      }
    }
  }

  #sessionId(nativeId: string): string {
    return derivedId(this.#history.createdAt, 'session', this.#tool, nativeId);
  }

  /**
   * Copies of a history share the id of its first answer, but not always the times. A history that was imported
   * before it had an answer keeps the ids that it got then.
   */
  async #findIds(
    mainId: string,
  ): Promise<{ ids: Map<HistoryNode, string>; stored: Map<string, string> }> {
    const answer = this.#history.nodes.find(
      ({ key, role }) => key !== undefined && role === 'assistant',
    );
    const { id, copiedFromId } = this.#history;
    const roots = [answer?.key, copiedFromId, id].filter((root) => root !== undefined);
    let best: { ids: Map<HistoryNode, string>; stored: Map<string, string> } | undefined;
    for (const root of roots) {
      const ids = messageIds(this.#history.nodes, this.#tool, root);
      const stored = await this.#ownersOf([...ids.values()]);
      if ([...stored.values()].includes(mainId)) return { ids, stored };
      if (!best || stored.size > best.stored.size) best = { ids, stored };
    }
    return best ?? { ids: new Map(), stored: new Map() };
  }

  async #ownersOf(ids: readonly string[]): Promise<Map<string, string>> {
    const owners = new Map<string, string>();
    for (let start = 0; start < ids.length; start += OWNERS_PER_QUERY) {
      const page = await this.#store.transfer.ownersOf(ids.slice(start, start + OWNERS_PER_QUERY));
      for (const [id, owner] of page) owners.set(id, owner);
    }
    return owners;
  }

  async #importPath(
    { nodes }: HistoryPath,
    sessionId: string,
    ids: ReadonlyMap<HistoryNode, string>,
    owners: ReadonlyMap<string, string>,
  ): Promise<void> {
    const copies = await this.#storedCopies(nodes, sessionId, ids, owners);
    const idOf = (node: HistoryNode) => ids.get(node) ?? '';
    const ownerOf = (node: HistoryNode) => owners.get(idOf(node));
    const own = withMergedForks(sessionId, nodes, idOf, ownerOf);
    const isCopy = (node: HistoryNode): boolean => {
      const owner = ownerOf(node);
      return owner === undefined ? copies.has(node) : !own.has(owner);
    };
    const session = toSession(sessionId, nodes, {
      ...{ tool: this.#tool, file: this.#file, history: this.#history },
      tags: this.#options.tags ?? [],
    });
    const lastCopied = nodes.findLast(isCopy);
    const messageId = (lastCopied && ids.get(lastCopied)) ?? null;
    const owner = owners.get(messageId ?? '');
    if (owner !== undefined) session.forkedFrom = { sessionId: owner, messageId };
    const { isDryRun, hold } = this.#options;
    const pages = () =>
      messagePagesOf({
        ...{ nodes, sessionId, isCopy, idOf },
        toPart: (part) => this.#toPart(part),
        timeOf: (node) => this.#timeOf(node),
        skip: (place, reason) => {
          this.#receipt.skipped.push({ place, reason, isDamage: false });
        },
      });
    const mergeAll = () =>
      mergeSession(this.#store, session, pages(), {
        ...{ isDryRun, hold, origin: IMPORT_ORIGIN },
        adopt: (stored, incoming) => withOwnChanges(stored, incoming, firstPrompt(nodes)),
      });
    const merge = await mergeAll()
      .catch((error: unknown) => {
        // Another process may have imported the same session meanwhile; now it is found.
        if (error instanceof SessionConflictError) return mergeAll();
        throw error;
      })
      .catch((error: unknown) => {
        if (!isRefusal(error) && !(error instanceof InvalidDataError)) throw error;
        return error;
      });
    this.#receipt.sessionCount += 1;
    if (merge instanceof Error) {
      this.#leaveOut(`session ${sessionId}`, merge.message, true);
      return;
    }
    this.#receipt[merge.kind] += 1;
    if (merge.kind !== 'unchanged') this.#receipt.messageCount += merge.messageCount;
    this.#receipt.sessionIds.push('sessionId' in merge ? merge.sessionId : sessionId);
  }

  #leaveOut(place: string, reason: string, isDamage: boolean): void {
    this.#receipt.leftOut += 1;
    this.#receipt.skipped.push({ place, reason, isDamage });
  }

  /** The messages that the session has as copies, although their originals were purged since. */
  async #storedCopies(
    nodes: readonly HistoryNode[],
    sessionId: string,
    ids: ReadonlyMap<HistoryNode, string>,
    owners: ReadonlyMap<string, string>,
  ): Promise<Set<HistoryNode>> {
    const unowned = nodes.filter((node) => !owners.has(ids.get(node) ?? ''));
    if (unowned.length === 0 || !(await this.#store.sessions.get(sessionId))) return new Set();
    const copyId = (node: HistoryNode) => copyIdOf(ids.get(node) ?? '', sessionId, node);
    const stored = await this.#ownersOf(unowned.map(copyId));
    return new Set(unowned.filter((node) => stored.has(copyId(node))));
  }

  #timeOf(node: Pick<HistoryNode, 'createdAt'>): Date {
    return timeOf(node, this.#history, this.#file);
  }

  async #toPart(part: HistoryPart): Promise<Part> {
    if (!('bytes' in part)) return part;
    const { bytes, mediaType, name } = part;
    const attachment: AttachmentReference = this.#options.isDryRun
      ? { sha256: sha256Of(bytes), mediaType, name, byteLength: bytes.byteLength }
      : await this.#store.attachments.put({ bytes, mediaType, name });
    return { type: part.type, attachment };
  }
}
