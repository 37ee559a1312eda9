import type { JsonObject } from '@synapse/core';
import { rawPart } from '../content-blocks.ts';
import type { HistoryNode, Skip } from '../history.ts';
import { asRecord, listIn, recordIn, textIn } from '../json-values.ts';
import { LeftOutRecords } from '../left-out-records.ts';

/** The events of a rollout. Most repeat items, under the same id or with the same text; the others are kept. */
export class CodexEvents {
  readonly #ids = new Set<string>();
  readonly #texts = new Set<string>();
  readonly #events: { event: JsonObject; node: HistoryNode | null }[] = [];
  readonly #leftOut = new LeftOutRecords();

  /** An event that came after this message. Its item may come later. */
  add(event: JsonObject, node: HistoryNode | null): void {
    this.#events.push({ event, node });
  }

  /** The id of an item. */
  addId(id: string): void {
    this.#ids.add(id);
  }

  /** The text of an item. */
  addText(text: string): void {
    this.#texts.add(text.trim());
    // Editors write what is open in them before the prompt.
    this.#texts.add((text.split('## My request for Codex:').at(-1) ?? '').trim());
  }

  leaveOut(type: string): void {
    this.#leftOut.add(type);
  }

  /** Adds the events that no item repeats to the messages before them. */
  finish(nodes: readonly HistoryNode[], skip: Skip): void {
    const known = new Set(nodes);
    for (const { event, node } of this.#events) {
      if (this.#isTwin(event)) continue;
      const type = textIn(event, 'type') ?? 'event';
      const target = node ?? nodes[0];
      if (!target) this.leaveOut(type);
      else if (known.has(target)) target.parts.push(rawPart(type, event));
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
    ].flatMap((text) => (text === undefined || text.trim() === '' ? [] : text.trim()));
    return texts.length > 0 && texts.every((text) => this.#texts.has(text));
  }
}
