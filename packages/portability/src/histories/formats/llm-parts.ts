import { basename } from 'node:path';
import { attachmentPart, rawPart } from '../content-blocks.ts';
import type { HistoryPart } from '../history.ts';
import { textIn } from '../json-values.ts';
import type { SqliteSource } from '../sqlite-source.ts';

/** The attachments to which the rows of a table refer, in their order. */
export async function attachmentsOf(
  source: SqliteSource,
  table: string,
  column: string,
  id: string | number,
): Promise<HistoryPart[]> {
  if (!source.tables.has(table) || !source.tables.has('attachments')) return [];
  const rows = await source.rows(
    `select a.id, a.type, a.path, a.url from "${table}" l join attachments a on a.id = l.attachment_id
     where l."${column}" = ? order by l."order"`,
    id,
  );
  const parts: HistoryPart[] = [];
  for (const row of rows) {
    const bytes = await source.bytes(
      'select content from attachments where id = ?',
      textIn(row, 'id') ?? '',
    );
    const mediaType = textIn(row, 'type');
    const path = textIn(row, 'path');
    parts.push(
      bytes && mediaType !== undefined
        ? attachmentPart(mediaType, bytes, path && basename(path))
        : rawPart('attachment', row),
    );
  }
  return parts;
}

/** The texts of fragments, which llm sends before the prompt. */
export async function fragmentsOf(
  source: SqliteSource,
  table: string,
  column: string,
  id: string | number,
): Promise<string[]> {
  if (!source.tables.has(table) || !source.tables.has('fragments')) return [];
  const rows = await source.rows(
    `select f.content from "${table}" l join fragments f on f.id = l.fragment_id
     where l."${column}" = ? order by l."order"`,
    id,
  );
  return rows.map((row) => textIn(row, 'content') ?? '');
}

/** Calls and results without an id are paired by their order. */
export class CallPairs {
  /** The names of the calls without a result, by their ids. */
  readonly #open = new Map<string, string>();
  #count = 0;

  call(id: string | undefined, name: string): string {
    this.#count += 1;
    const callId = id ?? `call_${this.#count}`;
    this.#open.set(callId, name);
    return callId;
  }

  result(id: string | undefined, name: string | undefined): { id: string; name: string } {
    this.#count += 1;
    const [first = `call_${this.#count}`] = this.#open.keys();
    const callId = id ?? first;
    const called = this.#open.get(callId) ?? '';
    this.#open.delete(callId);
    return { id: callId, name: name ?? called };
  }
}

export function resultPart(
  call: { id: string; name: string },
  output: string | undefined,
  exception: string | undefined,
): HistoryPart {
  const texts = [output, output?.includes(exception ?? '') ? undefined : exception];
  const text = texts.filter(Boolean).join('\n');
  return { type: 'tool-result', ...call, output: text, isError: Boolean(exception) };
}
