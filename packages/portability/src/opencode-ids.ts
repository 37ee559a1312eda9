import { createHash } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// Six bytes of milliseconds, each with room for 4096 ids, as opencode makes them.
const MILLISECONDS = 2 ** 36;
const IDS_PER_MILLISECOND = 4096;
const MOST = 2 ** 48;
const ROOM = 2 ** 40;

/**
 * Ids of one session, always the same for the same session. Messages and parts ascend, because opencode
 * orders by id, and begin at the time of the session, so that what opencode adds comes behind them.
 */
export class OpencodeIds {
  readonly session: string;
  readonly #sessionId: string;
  #next: number;

  constructor(session: { id: string; createdAt: Date }) {
    const milliseconds = session.createdAt.getTime() % MILLISECONDS;
    const start = ((milliseconds + MILLISECONDS) % MILLISECONDS) * IDS_PER_MILLISECOND;
    this.#next = Math.min(start, MOST - ROOM);
    this.#sessionId = session.id;
    // Newer sessions come first.
    this.session = toId('ses', MOST - 1 - this.#next, session.id);
  }

  next(prefix: 'msg' | 'prt'): string {
    this.#next += 1;
    return toId(prefix, this.#next, `${this.#sessionId} ${this.#next}`);
  }
}

function toId(prefix: string, place: number, seed: string): string {
  const digest = createHash('sha256').update(seed).digest().subarray(0, 14);
  const suffix = Array.from(digest, (byte) => DIGITS[byte % DIGITS.length]).join('');
  return `${prefix}_${place.toString(16).padStart(12, '0')}${suffix}`;
}
