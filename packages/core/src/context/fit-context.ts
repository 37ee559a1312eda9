import type { PromptMessage } from '../session/message.ts';
import type { ContextPart } from '../session/part.ts';
import type { ContextBudget } from './context-budget.ts';
import type { ContextSettings } from './context-settings.ts';
import { viewContext } from './view-context.ts';

// A cut goes down to this share of the budget, so that the next turns keep the same beginning.
const AFTER_CUT = 0.7;

export interface FitOptions {
  context: ContextPart;
  /** As returned by `readContext`. */
  messages: readonly PromptMessage[];
  isCut: boolean;
  budget: ContextBudget;
  settings: Pick<ContextSettings, 'keepRecent' | 'pruneToolOutput'>;
  /** The tokens of a request with this context, everything else in it included. */
  measure: (context: ContextPart) => number;
}

/**
 * The context that fits the budget: the given one if it fits, else the smallest change, trying the
 * changes that lose least first. Null if not even the last question fits.
 */
export function fitContext(options: FitOptions): ContextPart | null {
  const { messages, settings } = options;
  const given = options.isCut ? beginAtTurn(options) : options.context;
  if (fits(options, given, 1)) return given;

  const lastTurn = messages.findLast(({ role }) => role === 'user')?.seq ?? 0;
  const recentSeq = (messages.at(-Math.max(1, settings.keepRecent))?.seq ?? 1) - 1;
  const collapsed = raise(given, { collapsedSeq: recentSeq });
  const pruned = settings.pruneToolOutput ? raise(collapsed, { prunedSeq: recentSeq }) : collapsed;
  const roomy = [
    collapsed,
    pruned,
    ...bordersOf(messages, 'user').map((seq) => raise(pruned, leaveOut(seq))),
  ];
  const found = firstThatFits(roomy, (context) => fits(options, context, AFTER_CUT));
  if (found) return found;

  const lastOnly = raise(pruned, leaveOut(lastTurn));
  const steps = bordersOf(messages, 'assistant').filter((seq) => seq > lastTurn);
  const lastStep = steps.at(-1) ?? lastTurn;
  const bare = raise(lastOnly, { prunedSeq: lastStep - 1 });
  const least = raise(bare, { ...leaveOut(lastStep), prunedSeq: messages.at(-1)?.seq ?? 0 });
  const smaller = [lastOnly, bare, ...steps.map((seq) => raise(bare, leaveOut(seq))), least];
  const fitting = firstThatFits(smaller, (context) => fits(options, context, 1));
  if (fitting) return fitting;
  // Messages that must be sent may exceed the wanted number, but not the budget.
  const anyNumber = { ...options, budget: { ...options.budget, messages: null } };
  return fits(anyNumber, least, 1) ? least : null;
}

/** No candidate is larger than the one before, so a binary search finds the first that fits. */
function firstThatFits(
  candidates: readonly ContextPart[],
  isFit: (context: ContextPart) => boolean,
): ContextPart | undefined {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const candidate = candidates[middle];
    if (candidate && isFit(candidate)) high = middle;
    else low = middle + 1;
  }
  return candidates[low];
}

function fits(
  { messages, budget, measure }: FitOptions,
  context: ContextPart,
  share: number,
): boolean {
  if (budget.messages !== null) {
    const { length } = viewContext(context, messages);
    if (length > Math.max(1, budget.messages * share)) return false;
  }
  return budget.tokens === null || measure(context) <= budget.tokens * share;
}

/** Leaves out unread messages, up to the beginning of a turn. */
function beginAtTurn({ context, messages }: FitOptions): ContextPart {
  const { leftOutSeq, pinnedSeqs } = context;
  const read = messages.filter(({ seq }) => seq > leftOutSeq && !pinnedSeqs.includes(seq));
  const begin = read.find(({ role }) => role === 'user') ?? read[0];
  return begin ? raise(context, leaveOut(begin.seq)) : context;
}

function bordersOf(messages: readonly PromptMessage[], role: PromptMessage['role']): number[] {
  return messages.filter((message) => message.role === role).map(({ seq }) => seq);
}

function leaveOut(firstSeq: number): { leftOutSeq: number } {
  return { leftOutSeq: firstSeq - 1 };
}

type Marks = 'leftOutSeq' | 'collapsedSeq' | 'prunedSeq';

/** Marks only move forward: sending an omitted message again would change how requests begin. */
function raise(context: ContextPart, marks: Partial<Pick<ContextPart, Marks>>): ContextPart {
  const raised = { ...context };
  for (const [name, seq] of Object.entries(marks) as [Marks, number][]) {
    raised[name] = Math.max(raised[name], seq);
  }
  return raised;
}
