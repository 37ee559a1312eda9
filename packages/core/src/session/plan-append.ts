import { nextEntry, type LedgerEntry } from './ledger.ts';
import type { Message, NewMessage } from './message.ts';
import {
  addCounts,
  addSpent,
  countsOf,
  spentOf,
  subtractCounts,
  subtractSpent,
  type SessionFigures,
} from './session-figures.ts';
import type { AppendVariant, TurnMarks } from './turn-marks.ts';

export interface AppendState extends TurnMarks {
  sessionId: string;
  nextSeq: number;
  figures: SessionFigures;
}

/** The stored messages with the ids of the appended ones. */
export interface KnownBefore {
  messages: readonly Message[];
  entries: readonly LedgerEntry[];
}

export interface AppendPlan extends TurnMarks {
  /** The given messages as they will be stored, in the order given. */
  messages: Message[];
  added: Message[];
  replaced: Message[];
  /** Entries for the ledger, which replace those with the same ids. */
  entries: LedgerEntry[];
  nextSeq: number;
  figures: SessionFigures;
  /** The last message of the session, if the append changes it. */
  last: Message | undefined;
}

/**
 * The effect of an append on a session with the `known` data: a pure function, so that every store
 * numbers, replaces, counts and enters alike.
 */
export function planAppend(
  state: AppendState,
  known: KnownBefore,
  messages: readonly NewMessage[],
  variant: AppendVariant | null = null,
): AppendPlan {
  const stored = new Map(known.messages.map((message) => [message.id, message]));
  const ledger = new Map(known.entries.map((entry) => [entry.id, entry]));
  const entered = new Set<string>();
  const added = new Set<string>();
  const replaced = new Set<string>();
  let { nextSeq, figures } = state;
  const numbering = new Numbering(state, variant);

  for (const message of messages) {
    const earlier = stored.get(message.id);
    if (earlier && earlier.status !== 'running') continue;
    if (earlier) figures = subtractCounts(figures, countsOf(earlier));
    const before = ledger.get(message.id);
    const entry = nextEntry(message, state.sessionId, before);
    if (entry) {
      figures = addSpent(subtractSpent(figures, spentOf(before)), spentOf(entry));
      ledger.set(entry.id, entry);
      entered.add(entry.id);
    }
    if (!earlier) added.add(message.id);
    else if (!added.has(message.id)) replaced.add(message.id);
    const seq = earlier?.seq ?? nextSeq++;
    const { turn, variantOf, active } = earlier ?? numbering.next(message);
    const placed = { ...message, sessionId: state.sessionId, seq, turn, variantOf, active };
    figures = addCounts(figures, countsOf(placed));
    stored.set(message.id, placed);
  }

  const pick = (ids: Iterable<string>) =>
    [...ids].flatMap((id) => stored.get(id) ?? []).sort((a, b) => a.seq - b.seq);
  const changed = pick([...added, ...replaced]);
  return {
    messages: messages.flatMap((message) => stored.get(message.id) ?? []),
    added: pick(added),
    replaced: pick(replaced),
    entries: [...entered].flatMap((id) => ledger.get(id) ?? []),
    nextSeq,
    figures,
    ...numbering.marks,
    last: changed.findLast((message) => message.seq === nextSeq - 1),
  };
}

/** Gives new messages the turn that they belong to. */
class Numbering {
  readonly #marks: TurnMarks;
  readonly #variant: AppendVariant | null;

  constructor({ lastTurn, turn, variantOf }: TurnMarks, variant: AppendVariant | null) {
    this.#marks = { lastTurn, turn, variantOf };
    this.#variant = variant && { ...variant };
  }

  get marks(): TurnMarks {
    return { ...this.#marks };
  }

  next({ role }: NewMessage): Pick<Message, 'turn' | 'variantOf' | 'active'> {
    const marks = this.#marks;
    if (this.#variant) {
      this.#variant.turn ??= marks.lastTurn += 1;
      return { ...this.#variant, turn: this.#variant.turn };
    }
    if (role === 'user') {
      marks.lastTurn += 1;
      marks.turn = marks.lastTurn;
      marks.variantOf = null;
    }
    return { turn: marks.turn, variantOf: marks.variantOf, active: true };
  }
}
