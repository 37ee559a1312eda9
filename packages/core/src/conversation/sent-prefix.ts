import { createHash } from 'node:crypto';
import type { ModelRequest, RequestMessage } from '../ports/model-provider.ts';
import { withoutReplay, withoutReplayOf } from '../providers/without-replay.ts';
import type { Part, Replay } from '../session/part.ts';

type Frame = Pick<ModelRequest, 'systemPrompt' | 'tools'>;

/** A hash of all that a request sends: what an answer to it is bound to. */
export function sentPrefix(request: Frame & Pick<ModelRequest, 'messages'>): string {
  return request.messages.reduce(next, begin(request));
}

/**
 * The messages with what is bound only where all before it is as it was when the provider made it.
 * System prompt, tools and messages may change in many ways, such as a cut, a summary or a file that
 * is no longer stored: any of them ends an epoch, of which nothing that is bound is sent again. An
 * answer that was given to a request without any replays shows that the provider refuses the earlier
 * ones; they are left out then as they were for that answer.
 */
export function keepBound(frame: Frame, messages: readonly RequestMessage[]): RequestMessage[] {
  if (!messages.some((message) => boundOf(message).length > 0)) return [...messages];
  let kept: RequestMessage[] = [];
  let sent = begin(frame);
  let bare = sent;
  for (const message of messages) {
    const bound = boundOf(message);
    const isOf = (prefix: string) => bound.some((replay) => replay.prefix === prefix);
    if (!isOf(sent) && isOf(bare)) {
      kept = withoutReplay(kept);
      sent = bare;
    }
    const valid = bound.length === 0 ? message : withoutStale(message, sent);
    const isSame = sent === bare && !hasReplay(valid);
    kept.push(valid);
    sent = next(sent, valid);
    bare = isSame ? sent : next(bare, withoutReplay([message])[0] ?? message);
  }
  return kept;
}

function hasReplay({ parts }: RequestMessage): boolean {
  return parts.some((part) => 'replay' in part);
}

/** Whether a part has something that only goes back behind what was sent before it. */
export function isBound<P extends Part>(part: P): part is P & { replay: Replay } {
  return 'replay' in part && part.replay.isBound === true;
}

function boundOf(message: RequestMessage): Replay[] {
  if (message.role !== 'assistant') return [];
  return message.parts.flatMap((part) => (isBound(part) ? [part.replay] : []));
}

function withoutStale(message: RequestMessage, prefix: string): RequestMessage {
  const { role, parts } = message;
  if (role !== 'assistant') return message;
  return {
    role,
    parts: parts.flatMap((part) =>
      isBound(part) && part.replay.prefix !== prefix ? withoutReplayOf(part) : part,
    ),
  };
}

function begin({ systemPrompt, tools }: Frame): string {
  return hash(JSON.stringify([systemPrompt, tools]));
}

function next(prefix: string, message: RequestMessage): string {
  const text = hasBytes(message) ? JSON.stringify(message, dropBytes) : JSON.stringify(message);
  return hash(prefix + text);
}

function hasBytes({ role, parts }: RequestMessage): boolean {
  if (role === 'user') return parts.some((part) => part.type !== 'text');
  return role === 'tool' && parts.some(({ images }) => images.length > 0);
}

/** Bytes are known by their hash, which the reference to them has. */
function dropBytes(key: string, value: unknown): unknown {
  return key === 'bytes' ? undefined : value;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
