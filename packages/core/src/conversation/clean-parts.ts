import type { JsonValue } from '../session/json-value.ts';
import { wasAskedOf, type Answerer } from '../providers/is-same-model.ts';
import type { Message } from '../session/message.ts';
import type {
  FilePart,
  ImagePart,
  Part,
  ReasoningPart,
  Replay,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../session/part.ts';
import { toSafeName } from './tool-call-ids.ts';

export type HistoryMessage =
  | { role: 'user'; parts: (TextPart | ImagePart | FilePart)[] }
  | { role: 'assistant'; parts: (TextPart | ReasoningPart | ToolCallPart)[] }
  | { role: 'tool'; parts: ToolResultPart[] };

/** The parts of a stored message, in any state, that are sent to a model. */
export type StoredMessage = Pick<Message, 'role' | 'parts'> &
  Partial<Pick<Message, 'provider' | 'model' | 'askedProvider' | 'askedModel'>>;

/** The parts of a message that may be sent; possibly none. */
export function cleanParts(message: StoredMessage, answerer: Answerer | null): HistoryMessage {
  const { role, parts } = message;
  switch (role) {
    case 'user':
      return {
        role,
        parts: mapToSome(parts, cleanInput),
      };
    case 'assistant':
      return {
        role,
        parts: cleanAnswer(parts, answerer === null || wasAskedOf(answerer, message)),
      };
    case 'tool':
      return {
        role,
        parts: mapToSome(parts, (part) => (part.type === 'tool-result' ? part : null)),
      };
    case 'context':
    case 'title':
      return { role: 'user', parts: [] };
  }
}

function cleanInput(part: Part): TextPart | ImagePart | FilePart | null {
  if (part.type === 'text') return cleanText(part);
  return part.type === 'image' || part.type === 'file' ? part : null;
}

/** Maps the parts and drops those without a result; flatMap needs many times the memory. */
function mapToSome<Made>(parts: readonly Part[], make: (part: Part) => Made | null): Made[] {
  const made = parts.map(make);
  return made.includes(null) ? made.filter(isSome) : (made as Made[]);
}

function isSome<Made>(one: Made | null): one is Made {
  return one !== null;
}

function cleanAnswer(
  parts: readonly Part[],
  isOwn: boolean,
): (TextPart | ReasoningPart | ToolCallPart)[] {
  const clean = mapToSome(parts, (part) => {
    if (part.type === 'text') return cleanText(part, isOwn);
    if (part.type === 'tool-call') return cleanCall(part, isOwn);
    return part.type === 'reasoning' ? cleanReasoning(part, isOwn) : null;
  });
  // Providers refuse an answer that ends in reasoning, as an interrupted one may.
  while (clean.at(-1)?.type === 'reasoning') clean.pop();
  return clean;
}

function cleanText(part: TextPart, isOwn = false): TextPart | null {
  const { type, text, replay } = part;
  if (isBlank(text)) return null;
  const sound = soundReplay(replay, isOwn);
  // Nearly all messages of a long session are returned unchanged.
  if (text.isWellFormed() && sound === replay && !part.isInjected) return part;
  return { type, text: text.toWellFormed(), ...(sound && { replay: sound }) };
}

function cleanReasoning(
  { type, text, replay }: ReasoningPart,
  isOwn: boolean,
): ReasoningPart | null {
  const sound = soundReplay(replay, isOwn);
  if (!sound && isBlank(text)) return null;
  return { type, text: text.toWellFormed(), ...(sound && { replay: sound }) };
}

function cleanCall(part: ToolCallPart, isOwn: boolean): ToolCallPart {
  const { id, name, input, invalidInput } = part;
  const replay = soundReplay(part.replay, isOwn);
  return {
    type: 'tool-call',
    id,
    name: toSafeName(name) || 'unknown',
    input: invalidInput === undefined ? (toWellFormedJson(input) as ToolCallPart['input']) : {},
    ...(invalidInput !== undefined && { invalidInput }),
    ...(replay && { replay }),
  };
}

/** Another model of the provider refuses data that is sealed for one model, or misreads it. */
function soundReplay(replay: Replay | undefined, isOwn: boolean): Replay | undefined {
  return isOwn && replay && isWellFormedJson(replay.data) ? replay : undefined;
}

function toWellFormedJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(toWellFormedJson);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key.toWellFormed(), toWellFormedJson(child)]),
  );
}

function isWellFormedJson(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(
    ([key, child]) => key.isWellFormed() && isWellFormedJson(child),
  );
}

export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  const isVisible = first > 0x20 && first < 0x7f;
  return !isVisible && !/[^\s\p{Cc}]/u.test(text);
}
