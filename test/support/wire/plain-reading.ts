import type { WireDialect } from './wire-events.ts';

type Json = Record<string, unknown>;

/** What an answer says, read off its lines as naively as can be. */
export interface PlainReading {
  text: string;
  reasoning: string;
  calls: { name: string; input: string }[];
}

/** For streams in which nothing is out of the ordinary. */
export function readPlainly(dialect: WireDialect, lines: readonly string[]): PlainReading {
  const events = lines.map((line) => JSON.parse(line) as Json);
  switch (dialect) {
    case 'anthropic':
      return readAnthropic(events);
    case 'openai-responses':
      return readResponses(events);
    case 'openai-chat':
      return readChat(events);
  }
}

function readAnthropic(events: readonly Json[]): PlainReading {
  const starts = events.filter(({ type }) => type === 'content_block_start');
  const deltas = events.filter(({ type }) => type === 'content_block_delta');
  const blocks = starts.map(({ index, content_block }) => ({
    block: content_block as Json,
    deltas: deltas.filter((event) => event.index === index).map(({ delta }) => delta as Json),
  }));
  const all = (type: string, field: string) =>
    blocks
      .filter(({ block }) => block.type === type)
      .map(({ block, deltas }) => textIn([block, ...deltas], field))
      .join('');
  return {
    text: all('text', 'text'),
    reasoning: all('thinking', 'thinking'),
    calls: blocks
      .filter(({ block }) => block.type === 'tool_use')
      .map(({ block, deltas }) => ({
        name: String(block.name),
        input: textIn(deltas, 'partial_json'),
      })),
  };
}

function readResponses(events: readonly Json[]): PlainReading {
  const deltas = (...kinds: string[]) =>
    textIn(
      events.filter(({ type }) => kinds.includes(String(type))),
      'delta',
    );
  return {
    text: deltas('response.output_text.delta', 'response.refusal.delta'),
    reasoning: deltas('response.reasoning_summary_text.delta', 'response.reasoning_text.delta'),
    calls: events
      .filter(({ type }) => type === 'response.output_item.done')
      .map(({ item }) => item as Json)
      .filter(({ type }) => type === 'function_call')
      .map(({ name, arguments: input }) => ({ name: String(name), input: String(input) })),
  };
}

function readChat(events: readonly Json[]): PlainReading {
  const deltas = events
    .flatMap(({ choices }) => choices as Json[])
    .map(({ delta }) => delta as Json);
  const pieces = deltas.flatMap((delta) => (delta.tool_calls as Json[] | undefined) ?? []);
  const begins = pieces.filter(({ id }) => id !== undefined);
  return {
    text: textIn(deltas, 'content'),
    reasoning: textIn(deltas, 'reasoning_content'),
    calls: begins.map((begin) => {
      const own = pieces.filter((piece) => piece.index === begin.index && isOf(piece, begin));
      return {
        name: String((begin.function as Json).name),
        input: textIn(
          own.map((piece) => piece.function as Json),
          'arguments',
        ),
      };
    }),
  };
}

/** Pieces without an id belong to whatever has their index. */
function isOf(piece: Json, begin: Json): boolean {
  return piece.id === undefined || piece.id === begin.id;
}

function textIn(records: readonly Json[], field: string): string {
  return records.map((record) => (record[field] as string | null | undefined) ?? '').join('');
}
