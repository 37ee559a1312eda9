import type { JsonObject } from '@synapse/core';
import { asRecord, listIn, recordIn, textIn, timeIn } from '../json-values.ts';

/** A message of the log, with the richest record that the file ever had of it. */
export interface GeminiEntry {
  readonly id: string;
  readonly parent: GeminiEntry | null;
  /** The number of messages before it. */
  readonly depth: number;
  record: JsonObject;
  /** How much of the message the record holds. */
  richness: number;
  createdAt: Date | undefined;
}

/**
 * The log of operations that Gemini CLI keeps of a session: messages are added and updated, the end of the session is
 * dropped, or all messages are replaced. Dropped messages stay here as a branch.
 */
export class GeminiLog {
  meta: JsonObject = {};
  readonly entries: GeminiEntry[] = [];
  readonly #byId = new Map<string, GeminiEntry>();
  /** The messages that the session has now. */
  readonly #path: GeminiEntry[] = [];

  get tip(): GeminiEntry | null {
    return this.#path.at(-1) ?? null;
  }

  /** False for a record of an unknown kind. */
  add(record: JsonObject): boolean {
    if (Object.hasOwn(record, '$rewindTo')) this.#rewind(textIn(record, '$rewindTo') ?? '');
    else if (Object.hasOwn(record, '$set')) this.#describe(recordIn(record, '$set'));
    else if (textIn(record, 'id') !== undefined) this.#upsert(record);
    else if (textIn(record, 'sessionId') !== undefined) this.#describe(record);
    else return false;
    return true;
  }

  #describe({ messages, ...meta }: JsonObject): void {
    // A resumed session gets another start, but it keeps its id.
    const first = Object.entries(this.meta).filter(([name]) =>
      /^(sessionId|startTime)$/.test(name),
    );
    this.meta = { ...this.meta, ...meta, ...Object.fromEntries(first) };
    if (Array.isArray(messages)) this.#replace(listIn({ messages }, 'messages').map(asRecord));
  }

  /** An id that is not in the session drops all messages, as in Gemini CLI. */
  #rewind(id: string): void {
    const entry = this.#byId.get(id);
    this.#path.length = entry && this.#isActive(entry) ? entry.depth : 0;
  }

  /** A summary comes before the messages that are kept; it is added after them, where the session got it. */
  #replace(records: readonly JsonObject[]): void {
    const entryOf = (record: JsonObject) => this.#byId.get(idOf(record));
    const last = records.findLast(entryOf);
    const entry = last && entryOf(last);
    if (entry) this.#moveTo(entry);
    for (const record of records) {
      const known = entryOf(record);
      if (known) this.#enrich(known, record);
      else this.#append(record);
    }
  }

  #upsert(record: JsonObject): void {
    const entry = this.#byId.get(idOf(record));
    if (!entry) this.#append(record);
    else {
      this.#enrich(entry, record);
      if (!this.#isActive(entry)) this.#moveTo(entry);
    }
  }

  #append(record: JsonObject): void {
    const id = idOf(record);
    const createdAt = timeIn(record, 'timestamp');
    const richness = richnessOf(record);
    const entry = { id, parent: this.tip, depth: this.#path.length, record, richness, createdAt };
    this.entries.push(entry);
    this.#path.push(entry);
    this.#byId.set(id, entry);
  }

  /** A resumed session is written again without tokens, thoughts, results and with new times. */
  #enrich(entry: GeminiEntry, record: JsonObject): void {
    const richness = richnessOf(record);
    if (richness > entry.richness) Object.assign(entry, { record, richness });
    entry.createdAt ??= timeIn(record, 'timestamp');
  }

  #isActive(entry: GeminiEntry): boolean {
    return this.#path[entry.depth] === entry;
  }

  #moveTo(entry: GeminiEntry): void {
    this.#path.length = entry.depth + 1;
    for (let one: GeminiEntry | null = entry; one && !this.#isActive(one); one = one.parent) {
      this.#path[one.depth] = one;
    }
  }
}

/** A record without an id is known by its content. */
function idOf(record: JsonObject): string {
  return textIn(record, 'id') ?? JSON.stringify(record);
}

function richnessOf(record: JsonObject): number {
  const fields = ['toolCalls', 'thoughts', 'tokens', 'model'];
  const count = fields.filter(
    (name) => Object.hasOwn(record, name) && record[name] !== null,
  ).length;
  return count * 1e12 + JSON.stringify(record).length;
}
