import { basename, dirname } from 'node:path';
import { InvalidDataError, type JsonObject, type JsonValue } from '@synapse/core';
import { rawPart, toOpenaiParts } from '../content-blocks.ts';
import type { HistoryFile, HistoryFormat, HistoryPart, Skip } from '../history.ts';
import { readText } from '../json-document.ts';
import { asRecord, listIn, recordIn, textIn, timeIn } from '../json-values.ts';
import { toNodes, type TreeMessage } from '../message-tree.ts';
import { fromDataUrl, textOfBlocks, toCall } from '../tool-values.ts';

/** The sessions of aichat: `sessions/<name>.yaml`, for an agent in `agents/<agent>/sessions`. */
export const aichat: HistoryFormat = {
  tool: 'aichat',

  detects: ({ path }, beginning) =>
    /\.ya?ml$/.test(path) &&
    /^model: \S/m.test(beginning) &&
    /^(compressed_)?messages:\s*(\[\]\s*)?$/m.test(beginning),

  async *read(file, skip) {
    const session = await readYaml(file);
    const records = [...listIn(session, 'compressed_messages'), ...listIn(session, 'messages')];
    const name = basename(file.path).replace(/\.ya?ml$/, '');
    // Only the name of a session that was saved by itself has a time.
    const [, time, title] = /^(\d{8}T\d{6})-(.+)$/.exec(name) ?? [];
    const createdAt = timeOfName(time) ?? new Date(0);
    const model = textIn(session, 'model') ?? '';
    const [provider, ...modelName] = model.includes(':') ? model.split(':') : [undefined, model];
    const answers = { model: modelName.join(':') || undefined, provider };
    const systemPrompt = systemPromptOf(records[0]);
    const messages = toMessages(records, recordIn(session, 'data_urls'), skip);
    if (systemPrompt !== undefined) messages.shift();
    const { nodes } = toNodes(
      messages.map((one) => ({ ...one, ...(one.role === 'assistant' && answers) })),
      createdAt,
    );
    if (nodes.length === 0) {
      skip('file', 'has no messages');
      return;
    }
    const role = textIn(session, 'role_name');
    yield {
      ...{
        id: idOf(file.path, name),
        title: title ?? name,
        createdAt,
        ...answers,
        systemPrompt,
        nodes,
      },
      metadata: role === undefined ? {} : { role },
    };
  },
};

/** Messages have no ids, so that a session is known by its name, and by that of its agent. */
function idOf(path: string, name: string): string {
  const folders = dirname(path).split(/[/\\]/);
  const agent = folders.findLastIndex((folder) => folder === 'agents');
  return agent === -1 ? name : `${folders[agent + 1] ?? ''}/${name}`;
}

function timeOfName(time: string | undefined): Date | undefined {
  const text = time?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z');
  return timeIn({ text: text ?? '' }, 'text');
}

// Far more than any session has.
const DEEPEST = 500;

/** Parsing takes time that grows with the square of open brackets, and of anchors and tags of one value. */
function isTangled(tokens: Iterable<string>): boolean {
  let depth = 0;
  let properties = 0;
  for (const token of tokens) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (/^[&!]/.test(token)) properties += 1;
    else if (token.trim() !== '') properties = 0;
    if (Math.max(depth, properties) > DEEPEST) return true;
  }
  return false;
}

async function readYaml(file: HistoryFile): Promise<JsonObject> {
  // The bundle knows no other name of a CommonJS module.
  const { Lexer, parse } = (await import('yaml')).default;
  const text = await readText(file);
  if (isTangled(new Lexer().lex(text))) {
    throw new InvalidDataError(`${file.path} is nested too deeply.`);
  }
  try {
    const value: unknown = parse(text, { logLevel: 'error' });
    // YAML has more values than JSON.
    return asRecord(JSON.parse(JSON.stringify(value ?? null)) as JsonValue);
  } catch (cause) {
    throw new InvalidDataError(`${file.path} is not valid YAML.`, { cause });
  }
}

function systemPromptOf(value: JsonValue | undefined): string | undefined {
  const record = asRecord(value);
  return textIn(record, 'role') === 'system' ? textIn(record, 'content') : undefined;
}

function toMessages(records: readonly JsonValue[], urls: JsonObject, skip: Skip): TreeMessage[] {
  const messages: TreeMessage[] = [];
  for (const [index, value] of records.entries()) {
    const record = asRecord(value);
    const role = textIn(record, 'role');
    const content = record.content ?? '';
    const parts = toOpenaiParts(content, (part) => toImage(part, urls));
    const calls = listIn(asRecord(content), 'tool_results');
    if (role === 'tool' || calls.length > 0)
      messages.push(toExchange(asRecord(content), calls, index));
    else if (role === 'user' || role === 'assistant') messages.push({ role, parts });
    else if (role === 'system') {
      for (const part of parts) if (part.type === 'text') part.isInjected = true;
      messages.push({ role: 'user', parts });
    } else skip(`message ${index + 1}`, 'has no known role', true);
  }
  return messages;
}

/** A message with calls also holds the text of the answer before them, and their results. */
function toExchange(content: JsonObject, calls: readonly JsonValue[], index: number): TreeMessage {
  const text = textIn(content, 'text');
  const parts: HistoryPart[] = text ? [{ type: 'text', text }] : [];
  const results: HistoryPart[] = [];
  for (const [place, value] of calls.entries()) {
    const record = asRecord(value);
    const call = recordIn(record, 'call');
    const id = textIn(call, 'id') ?? `call_${index}_${place}`;
    const name = textIn(call, 'name') ?? '';
    parts.push(toCall(id, name, call.arguments));
    const output = textOfBlocks(record.output ?? '');
    results.push({ type: 'tool-result', id, name, output, isError: false });
  }
  return { role: 'assistant', parts: [...parts, ...results] };
}

/** The address may be a hash, which the session resolves to a path or another address. */
function toImage(part: JsonObject, urls: JsonObject): HistoryPart | null {
  const url = textIn(recordIn(part, 'image_url'), 'url') ?? '';
  const source = textIn(urls, url);
  const image = fromDataUrl(source ?? url, null);
  if (image || source === undefined) return image;
  return rawPart(textIn(part, 'type') ?? 'part', { ...part, source });
}
