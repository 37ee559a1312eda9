import { createHash } from 'node:crypto';
import type { ModelRequest, RequestMessage } from '../ports/model-provider.ts';
import { withoutReplay, withoutReplayOf } from '../providers/without-replay.ts';
import type { Part, Replay } from '../session/part.ts';

type Frame = Pick<ModelRequest, 'systemPrompt' | 'tools'>;
type Hash = (text: string) => string;

/** The hashes of requests with these messages that are already computed. */
const known = new WeakMap<readonly RequestMessage[], Frame & { prefix: string }>();

/** A hash of everything that a request sends: bound parts of its answer get this hash. */
export function sentPrefix(
  request: Frame & Pick<ModelRequest, 'messages'>,
  hash: Hash = sha256,
): string {
  const { systemPrompt, tools, messages } = request;
  const same = known.get(messages);
  if (same?.systemPrompt === systemPrompt && same.tools === tools) return same.prefix;
  const chain = new PrefixChain(hash);
  return messages.reduce(
    (prefix, message, index) => chain.next(prefix, message, index),
    chain.begin(request),
  );
}

/**
 * Sends bound parts only if everything before them is unchanged since the provider made them.
 * Tools, system prompt and messages may change: through a cut, a summary or a missing file. Any
 * change starts a new epoch, in which no older bound part is sent. An answer to a request without
 * bound parts shows that the provider refuses the earlier ones, so they stay left out. Requests of
 * a session begin alike, so only the new part of each is hashed.
 */
export class SentPrefixes {
  readonly #sent: PrefixChain;
  /** The same without any bound parts. */
  readonly #bare: PrefixChain;

  constructor(hash: Hash = sha256) {
    this.#sent = new PrefixChain(hash);
    this.#bare = new PrefixChain(hash);
  }

  keepBound(frame: Frame, messages: readonly RequestMessage[]): RequestMessage[] {
    if (!messages.some(({ role, parts }) => role === 'assistant' && parts.some(isBound))) {
      return [...messages];
    }
    let kept: RequestMessage[] = [];
    let sent = this.#sent.begin(frame);
    let bare = sent;
    for (const [index, message] of messages.entries()) {
      const bound = boundOf(message);
      const isOf = (prefix: string) => bound.some((replay) => replay.prefix === prefix);
      if (!isOf(sent) && isOf(bare)) {
        kept = withoutReplay(kept);
        sent = bare;
      }
      const valid = bound.length === 0 ? message : withoutStale(message, sent);
      const isSame = sent === bare && !hasReplay(valid);
      kept.push(valid);
      sent = this.#sent.next(sent, valid, index);
      bare = isSame ? sent : this.#bare.next(bare, withoutReplay([message])[0] ?? message, index);
    }
    this.#sent.forgetBehind(kept.length);
    this.#bare.forgetBehind(kept.length);
    known.set(kept, { ...frame, prefix: sent });
    return kept;
  }
}

interface Link {
  before: string;
  message: object;
  prefix: string;
}

/** The hashes of a request up to each of its messages; those of the last request are known. */
class PrefixChain {
  readonly #hash: Hash;
  #frame: Frame | null = null;
  #first = '';
  #links: (Link | undefined)[] = [];

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  begin({ systemPrompt, tools }: Frame): string {
    const frame = { systemPrompt, tools };
    if (!isAlike(frame, this.#frame)) {
      this.#frame = frame;
      this.#first = this.#hash(JSON.stringify([systemPrompt, tools]));
    }
    return this.#first;
  }

  next(before: string, whole: RequestMessage, index: number): string {
    const message = withoutBytes(whole);
    const link = this.#links[index];
    if (link?.before === before && isAlike(link.message, message)) return link.prefix;
    const prefix = this.#hash(before + JSON.stringify(message));
    this.#links[index] = { before, message, prefix };
    return prefix;
  }

  forgetBehind(length: number): void {
    this.#links.length = Math.min(this.#links.length, length);
  }
}

function hasReplay({ parts }: RequestMessage): boolean {
  return parts.some((part) => 'replay' in part);
}

/** Whether a part may only be sent again after exactly the same messages. */
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

/** References contain the hash of their bytes. */
function withoutBytes(message: RequestMessage): object {
  const { role, parts } = message;
  if (role === 'assistant') return message;
  if (role === 'user') return { role, parts: parts.map(dropBytes) };
  return { role, parts: parts.map((part) => ({ ...part, images: part.images.map(dropBytes) })) };
}

function dropBytes(part: object): object {
  if (!('bytes' in part)) return part;
  const kept: { bytes?: unknown } = { ...part };
  delete kept.bytes;
  return kept;
}

/** For plain JSON, mostly long texts; Node's own comparison takes many times as long. */
function isAlike(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(other, key) &&
      isAlike((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
