import type { JsonObject } from '@synapse/core';
import { attachmentPart, rawPart } from '../content-blocks.ts';
import type { HistoryPart } from '../history.ts';
import { asRecord, listIn, recordIn, textIn } from '../json-values.ts';
import { textOfBlocks, toCall } from '../tool-values.ts';

/** The parts of a message of goose. `names` has the tools of the calls so far, and gets those of the message. */
export function gooseParts(
  content: readonly JsonObject[],
  names: Map<string, string>,
  isInjected: boolean,
): HistoryPart[] {
  return content.flatMap((block) => {
    const type = textIn(block, 'type') ?? 'content';
    const text = textIn(block, type === 'thinking' ? 'thinking' : 'text');
    if (type === 'text' && text !== undefined) {
      return { type, text, ...(isInjected && { isInjected }) };
    }
    if ((type === 'thinking' || type === 'reasoning') && text !== undefined) {
      return { type: 'reasoning', text };
    }
    if (type === 'toolRequest' || type === 'frontendToolRequest') return toRequest(block, names);
    if (type === 'toolResponse') return toResponse(block, names);
    return toImage(block) ?? rawPart(type, block);
  });
}

function toRequest(block: JsonObject, names: Map<string, string>): HistoryPart {
  const id = textIn(block, 'id');
  const value = recordIn(recordIn(block, 'toolCall'), 'value');
  const name = textIn(value, 'name');
  // A call that goose could not read.
  if (id === undefined || name === undefined) return rawPart('toolRequest', block);
  names.set(id, name);
  return toCall(id, name, value.arguments);
}

function toResponse(block: JsonObject, names: Map<string, string>): HistoryPart[] {
  const id = textIn(block, 'id');
  const result = recordIn(block, 'toolResult');
  if (id === undefined) return [rawPart('toolResponse', block)];
  const name = names.get(id) ?? '';
  const part = (output: string, isError: boolean): HistoryPart => ({
    ...{ type: 'tool-result', id, name, output, isError },
  });
  if (textIn(result, 'status') === 'error') {
    return [part(textIn(result, 'error') ?? JSON.stringify(result.error ?? null), true)];
  }
  // In older versions, the value is the list itself.
  const content = Array.isArray(result.value)
    ? result.value
    : listIn(recordIn(result, 'value'), 'content');
  const texts: JsonObject[] = [];
  const others: HistoryPart[] = [];
  for (const one of content.map(asRecord)) {
    const image = toImage(one);
    if (image) others.push(image);
    else if (isForUserOnly(one)) others.push(rawPart('toolResponse', one));
    else texts.push(one);
  }
  const isError = recordIn(result, 'value').isError === true;
  return [part(textOfBlocks(texts), isError), ...others];
}

/** Tools give one text to the model, and often another to the user. */
function isForUserOnly(block: JsonObject): boolean {
  const audience = listIn(recordIn(block, 'annotations'), 'audience');
  return audience.length > 0 && !audience.includes('assistant');
}

function toImage(block: JsonObject): HistoryPart | null {
  const data = textIn(block, 'data');
  const mediaType = textIn(block, 'mimeType') ?? textIn(block, 'mime_type');
  if (textIn(block, 'type') !== 'image' || data === undefined || !mediaType) return null;
  return attachmentPart(mediaType, Buffer.from(data, 'base64'));
}
