import type { JsonObject, JsonValue } from '@synapse/core';
import type { ChatgptAssets } from './chatgpt-assets.ts';
import { rawPart } from '../content-blocks.ts';
import type { HistoryNode, HistoryPart } from '../history.ts';
import { asRecord, listIn, recordIn, textIn } from '../json-values.ts';

/** The records beside the content of a message that are kept as they are. */
const RECORDS = ['aggregate_result', 'canvas', 'citations'];

/** The parts of a message. */
export async function toParts(
  message: JsonObject,
  speaker: string | undefined,
  parent: HistoryNode | null,
  assets: ChatgptAssets,
): Promise<HistoryPart[]> {
  const metadata = recordIn(message, 'metadata');
  const used = new Set<string>();
  const parts = await contentParts(message, speaker, parent, assets, used);
  for (const attachment of listIn(metadata, 'attachments').map(asRecord)) {
    const id = textIn(attachment, 'id') ?? '';
    if (used.has(id)) continue;
    const found = await assets.part(
      id,
      textIn(attachment, 'mime_type'),
      textIn(attachment, 'name'),
    );
    parts.push(found ?? rawPart('attachment', attachment));
  }
  for (const name of RECORDS) {
    const record = metadata[name];
    const isEmpty = typeof record !== 'object' || Object.keys(record ?? {}).length === 0;
    if (record && !isEmpty) parts.push(rawPart(name, record));
  }
  return parts;
}

async function contentParts(
  message: JsonObject,
  speaker: string | undefined,
  parent: HistoryNode | null,
  assets: ChatgptAssets,
  used: Set<string>,
): Promise<HistoryPart[]> {
  const content = recordIn(message, 'content');
  const kind = textIn(content, 'content_type') ?? 'text';
  const pieces = listIn(content, 'parts');
  const strings = pieces.filter((piece) => typeof piece === 'string');
  const objects = pieces.filter((piece) => typeof piece === 'object' && piece !== null);
  const references = listIn(recordIn(message, 'metadata'), 'content_references').map(asRecord);
  const text = withLinks(textIn(content, 'text') ?? strings.join('\n'), references);
  const recipient = textIn(message, 'recipient') ?? 'all';
  if (speaker === 'tool') {
    const call = parent?.parts.findLast((part) => part.type === 'tool-call');
    const name = textIn(recordIn(message, 'author'), 'name') ?? '';
    const known = call?.type === 'tool-call' ? call : { id: textIn(message, 'id') ?? '', name };
    const source = [textIn(content, 'title'), textIn(content, 'url')];
    const found = text === '' ? '' : [...source, text].filter(Boolean).join('\n');
    const screenshot = content.screenshot ? [content.screenshot] : [];
    const output = found || (objects.length > 0 ? '' : JSON.stringify(content));
    const isError = kind === 'system_error';
    return [
      { type: 'tool-result', id: known.id, name: name || known.name, output, isError },
      ...(await piecesToParts([...objects, ...screenshot], assets, used)),
    ];
  }
  if (speaker === 'assistant' && recipient !== 'all') {
    const id = `call_${textIn(message, 'id') ?? ''}`;
    return [
      { type: 'tool-call', id, name: recipient, input: { input: text } },
      ...(await piecesToParts(objects, assets, used)),
    ];
  }
  switch (kind) {
    case 'text':
      return [
        ...(text === '' ? [] : [{ type: 'text' as const, text }]),
        ...(await piecesToParts(objects, assets, used)),
      ];
    case 'multimodal_text':
      return piecesToParts(pieces, assets, used, references);
    case 'thoughts': {
      const thoughts = listIn(content, 'thoughts').map(asRecord);
      const texts = thoughts.map(
        (thought) => textIn(thought, 'content') ?? textIn(thought, 'summary'),
      );
      return [{ type: 'reasoning', text: texts.filter(Boolean).join('\n\n') }];
    }
    case 'code':
      return [
        { type: 'text', text: `\`\`\`${textIn(content, 'language') ?? ''}\n${text}\n\`\`\`` },
      ];
    case 'user_editable_context':
    case 'model_editable_context': {
      const names = ['user_profile', 'user_instructions', 'model_set_context'];
      const texts = names.flatMap((name) => textIn(content, name) ?? []).filter(Boolean);
      if (texts.length === 0) return [rawPart(kind, content)];
      return [{ type: 'text', text: texts.join('\n\n'), isInjected: true }];
    }
    default:
      return Object.keys(content).length === 0 ? [] : [rawPart(kind, content)];
  }
}

async function piecesToParts(
  pieces: readonly JsonValue[],
  assets: ChatgptAssets,
  used: Set<string>,
  references: readonly JsonObject[] = [],
): Promise<HistoryPart[]> {
  const parts: HistoryPart[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      if (piece !== '') parts.push({ type: 'text', text: withLinks(piece, references) });
    } else if (piece !== null)
      parts.push(...(await pieceToParts(asRecord(piece), piece, assets, used)));
  }
  return parts;
}

/** The images and sounds of a piece; its record stays when it says more, or when one of them is missing. */
async function pieceToParts(
  piece: JsonObject,
  value: JsonValue,
  assets: ChatgptAssets,
  used: Set<string>,
): Promise<HistoryPart[]> {
  const kind = textIn(piece, 'content_type') ?? 'part';
  const text = textIn(piece, 'text');
  if (kind === 'audio_transcription' && text !== undefined) return [{ type: 'text', text }];
  const pointers = [
    piece,
    recordIn(piece, 'audio_asset_pointer'),
    ...listIn(piece, 'frames_asset_pointers'),
  ].flatMap((place) =>
    typeof place === 'string' ? place : (textIn(asRecord(place), 'asset_pointer') ?? []),
  );
  const found: HistoryPart[] = [];
  for (const pointer of pointers) {
    const part = await assets.part(pointer);
    if (!part) continue;
    found.push(part);
    used.add(pointer.replace(/^[a-z-]+:\/\//, ''));
  }
  const isWhole = pointers.length > 0 && found.length === pointers.length;
  const hasPrompt = Object.keys(recordIn(recordIn(piece, 'metadata'), 'dalle')).length > 0;
  return isWhole && !hasPrompt ? found : [...found, rawPart(kind, value)];
}

/** Puts links where the text has marks for its sources; a mark without a known source stays. */
function withLinks(text: string, references: readonly JsonObject[]): string {
  let linked = text;
  for (const reference of references) {
    const mark = textIn(reference, 'matched_text') ?? '';
    if (!mark.includes('\ue200')) continue;
    const links = [reference, ...listIn(reference, 'items').map(asRecord)].flatMap((source) => {
      const url = textIn(source, 'url');
      return url ? `[${textIn(source, 'title') ?? url}](${url})` : [];
    });
    const alt = textIn(reference, 'alt') ?? '';
    const found = links.length > 0 ? `(${links.join(', ')})` : mark;
    const link = alt === '' ? found : alt;
    linked = linked.replaceAll(mark, () => link);
  }
  return linked;
}
