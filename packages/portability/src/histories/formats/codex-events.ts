import type { JsonObject } from '@synapse/core';
import { rawPart } from '../content-blocks.ts';
import type { HistoryNode, Skip } from '../history.ts';
import { hashOf } from '../history-ids.ts';
import { asRecord, listIn, recordIn, textIn } from '../json-values.ts';
import { LeftOutRecords } from '../left-out-records.ts';
import type { PartSpool } from '../part-spool.ts';

const FEW_EVENTS = 1000;

interface Event {
  event: JsonObject;
  byteLength: number;
  /** The message before it. */
  node: HistoryNode | null;
}

/** The events of a rollout. Most repeat items, under the same id or with the same text; the others are kept. */
export class CodexEvents {
  readonly #ids = new Set<string>();
  readonly #texts = new Set<string>();
  #events: Event[] = [];
  #mostEvents = FEW_EVENTS;
  readonly #leftOut = new LeftOutRecords();
  readonly #spool: PartSpool;

  constructor(spool: PartSpool) {
    this.#spool = spool;
  }

  /** An event that came after this message. Its item may come later. */
  add(event: JsonObject, byteLength: number, node: HistoryNode | null): void {
    this.#events.push({ event, byteLength, node });
    if (this.#events.length < this.#mostEvents) return;
    // Most of them have had their item by now.
    this.#events = this.#events.filter((one) => !this.#isTwin(one.event));
    this.#mostEvents = FEW_EVENTS + 2 * this.#events.length;
  }

  /** The id of an item. */
  addId(id: string): void {
    this.#ids.add(id);
  }

  /** The text of an item. */
  addText(text: string): void {
    this.#texts.add(shortOf(text));
    // Editors write what is open in them before the prompt.
    this.#texts.add(shortOf(text.split('## My request for Codex:').at(-1) ?? ''));
  }

  leaveOut(type: string): void {
    this.#leftOut.add(type);
  }

  /** Adds the events that no item repeats to the messages before them. */
  finish(nodes: readonly HistoryNode[], skip: Skip): void {
    const known = new Set(nodes);
    for (const { event, byteLength, node } of this.#events) {
      if (this.#isTwin(event)) continue;
      const type = textIn(event, 'type') ?? 'event';
      const target = node ?? nodes[0];
      if (!target) this.leaveOut(type);
      else if (known.has(target)) this.#spool.add(target, [rawPart(type, event)], byteLength);
    }
    this.#leftOut.report(skip);
  }

  #isTwin(event: JsonObject): boolean {
    const item = textIn(event, 'type') === 'item_completed' ? recordIn(event, 'item') : event;
    const id = textIn(item, 'call_id') ?? textIn(item, 'id');
    if (id !== undefined && this.#ids.has(id)) return true;
    const pieces = ['content', 'summary_text', 'raw_content'].flatMap((name) => listIn(item, name));
    const texts = [
      ...pieces.map((piece) =>
        typeof piece === 'string' ? piece : textIn(asRecord(piece), 'text'),
      ),
      textIn(item, 'message') ?? textIn(item, 'text'),
    ].flatMap((text) => (text === undefined || text.trim() === '' ? [] : shortOf(text)));
    return texts.length > 0 && texts.every((text) => this.#texts.has(text));
  }
}

/** The same for texts that are equal but for the space around them. A long text would fill the memory. */
function shortOf(text: string): string {
  const trimmed = text.trim();
  return trimmed.length < 64 ? trimmed : hashOf(trimmed);
}
