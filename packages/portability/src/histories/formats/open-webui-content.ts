import type { JsonObject } from '@synapse/core';
import { rawPart } from '../content-blocks.ts';
import type { HistoryPart } from '../history.ts';
import { asRecord, listIn, textIn } from '../json-values.ts';
import { parseJson, textOfBlocks, toCall } from '../tool-values.ts';

/** The parts of the items that newer versions keep beside the HTML of an answer. */
export function partsOfOutput(items: readonly JsonObject[], messageId: string): HistoryPart[] {
  const parts: HistoryPart[] = [];
  const names = new Map<string, string>();
  for (const [index, item] of items.entries()) {
    const type = textIn(item, 'type') ?? 'item';
    const callId = textIn(item, 'call_id') ?? textIn(item, 'id') ?? `${messageId} ${index}`;
    if (type === 'message') {
      for (const piece of listIn(item, 'content').map(asRecord)) {
        const text = textIn(piece, 'text');
        if (text === undefined) parts.push(rawPart(textIn(piece, 'type') ?? 'content', piece));
        else if (text !== '') parts.push({ type: 'text', text });
      }
    } else if (type === 'reasoning') {
      const content = listIn(item, 'content');
      const text = textOfBlocks(content.length > 0 ? content : listIn(item, 'summary'));
      if (text !== '') parts.push({ type: 'reasoning', text });
    } else if (type === 'function_call') {
      const name = textIn(item, 'name') ?? '';
      names.set(callId, name);
      parts.push(toCall(callId, name, item.arguments));
    } else if (type === 'function_call_output') {
      const output = textOfBlocks(item.output ?? '');
      const isError = textIn(item, 'status') === 'failed';
      const name = names.get(callId) ?? '';
      parts.push({ type: 'tool-result', id: callId, name, output, isError });
    } else if (type === 'open_webui:code_interpreter') {
      const { code = null, output = null, lang = null } = item;
      const call = { code, ...(lang !== null && { language: lang }) };
      parts.push(...codeParts(callId, call, output === null ? null : JSON.stringify(output)));
    } else parts.push(rawPart(type, item));
  }
  return parts;
}

/** The parts of a text in which reasoning, tool calls and code that was run stand as HTML. */
export function partsOfHtml(content: string, messageId: string): HistoryPart[] {
  const parts: HistoryPart[] = [];
  const addText = (text: string): void => {
    const own = parts.length === 0 && text.length === content.length ? text : text.trim();
    if (own !== '') parts.push({ type: 'text', text: own });
  };
  let written = 0;
  let end = -1;
  for (let start = content.indexOf('<details'); start !== -1;) {
    if (end < start) end = content.indexOf(CLOSE, start);
    if (end === -1) break;
    const found = HEAD.exec(content.slice(start, end));
    const attributes = attributesOf(found?.[1] ?? '');
    const body = content.slice(start + (found?.[0].length ?? 0), end);
    const made = found && toParts(attributes, body, `${messageId} ${parts.length}`);
    if (made) {
      addText(content.slice(written, start));
      parts.push(...made);
      written = end + CLOSE.length;
    }
    start = content.indexOf('<details', made ? written : start + 1);
  }
  addText(content.slice(written));
  return parts;
}

const CLOSE = '</details>';
const HEAD = /^<details((?:\s+[a-z_-]+=(?:"[^"]*"|'[^']*'))*)\s*>/;

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(
    /([a-z_-]+)=(?:"([^"]*)"|'([^']*)')/g,
  )) {
    attributes.set(name, unescaped(double ?? single ?? ''));
  }
  return attributes;
}

function toParts(
  attributes: ReadonlyMap<string, string>,
  html: string,
  placeId: string,
): HistoryPart[] | null {
  const summary = html.indexOf('</summary>');
  const body = unescaped(summary === -1 ? html : html.slice(summary + '</summary>'.length)).trim();
  switch (attributes.get('type')) {
    case 'reasoning':
      return [{ type: 'reasoning', text: body.replaceAll(/^> ?/gm, '') }];
    case 'tool_calls': {
      const id = attributes.get('id') ?? placeId;
      const name = attributes.get('name') ?? '';
      const given = attributes.get('arguments') ?? '';
      const call = toCall(id, name, parseJson(given) ?? given);
      if (attributes.get('done') === 'false') return [call];
      const result = attributes.get('result') ?? body;
      const value = parseJson(result);
      const output = typeof value === 'string' ? value : result;
      return [call, { type: 'tool-result', id, name, output, isError: false }];
    }
    case 'code_interpreter': {
      const [, language = '', code = body] = /^```(.*)\n([^]*?)\n?```$/.exec(body) ?? [];
      const call = { code, ...(language !== '' && { language }) };
      return codeParts(placeId, call, attributes.get('output') ?? null);
    }
    default:
      return null;
  }
}

function codeParts(id: string, input: JsonObject, output: string | null): HistoryPart[] {
  const name = 'code_interpreter';
  const call: HistoryPart = { type: 'tool-call', id, name, input };
  return output === null
    ? [call]
    : [call, { type: 'tool-result', id, name, output, isError: false }];
}

const CHARACTERS: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescaped(html: string): string {
  return html.replaceAll(/&(?:(lt|gt|quot|apos|amp)|#(?:39|x27));/g, (_, name?: string) =>
    name === undefined ? "'" : (CHARACTERS[name] ?? ''),
  );
}
