import type { HistoryMessage, StoredMessage } from '../conversation/clean-parts.ts';
import { repairHistory } from '../conversation/repair-history.ts';
import { SentPrefixes } from '../conversation/sent-prefix.ts';
import { loadMessages } from '../conversation/to-request-messages.ts';
import { ContextFullError } from '../errors/run-errors.ts';
import type { AttachmentStore } from '../ports/attachment-store.ts';
import type { ModelRequest, ToolDefinition } from '../ports/model-provider.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Answerer } from '../providers/is-same-model.ts';
import {
  attachmentsOf,
  type AttachmentReference,
  type ContextPart,
  type Part,
} from '../session/part.ts';
import {
  attachmentTokens,
  estimatePdfTokens,
  estimateRequestTokens,
  isCountedByContent,
} from '../usage/estimate-usage.ts';
import { budgetOf, type ContextBudget, type ModelLimits } from './context-budget.ts';
import { storeContext, WHOLE_CONTEXT, type NoteWriter } from './context-note.ts';
import type { ContextSettings } from './context-settings.ts';
import { countFromReport } from './count-from-report.ts';
import { findReported, type Reported, readContext, type ReadContext } from './read-context.ts';
import { fitContext } from './fit-context.ts';
import { imagesOf } from './refused-attachments.ts';
import type { RequestFrame, RequestShape } from './request-shape.ts';
import { viewContext } from './view-context.ts';

// A provider that reports "too long" counts differently, or has a smaller window than Synapse
// knows.
const TIGHTER = 0.6;

export interface SessionContextOptions {
  sessions: Pick<SessionStore, 'messages' | 'promptMessages'>;
  attachments: Pick<AttachmentStore, 'get'>;
  /** Null for a session that is not stored yet. */
  sessionId: string | null;
  systemPrompt: string | null;
  answerer: Answerer;
  limits: ModelLimits;
  settings: ContextSettings;
  /** The tools of the next request outside a turn; by default those of the last request. */
  listTools?: (() => Promise<readonly ToolDefinition[]>) | undefined;
}

/** Content that requests leave out from now on. */
export type ContextNotice =
  /** The oldest messages, which no summary covers either; reported once. */
  | { kind: 'left-out' }
  /** Images, of which only the names are sent, because the model is known to read none. */
  | { kind: 'unread'; images: readonly AttachmentReference[] };

/** The measured content of the requests of a session. */
export interface MeasuredContext extends ReadContext {
  /** The tools that the request offers. */
  tools: readonly ToolDefinition[];
  /** The parts of these messages that a request with this context contains. */
  historyOf: (context: ContextPart) => HistoryMessage[];
  /** The tokens of the whole request; exact if possible, except for the newest messages. */
  tokensOf: (context: ContextPart) => number;
  budget: ContextBudget;
  reported: Reported | null;
}

/** Decides which part of a session goes into its next request. */
export class SessionContext {
  readonly options: SessionContextOptions;
  readonly #prefixes = new SentPrefixes();
  readonly #unread = new Set<string>();
  readonly #notices: ContextNotice[] = [];
  #lastTokens = Infinity;
  /** Set once a provider has refused a request as too long. */
  #mostTokens: number | null = null;
  #lastTools: readonly ToolDefinition[] = [];
  readonly #counted = new Map<string, number | null>();

  constructor(options: SessionContextOptions) {
    this.options = options;
  }

  /** Changes nothing. */
  async measure(frame: RequestFrame = {}): Promise<MeasuredContext> {
    const { sessionId, systemPrompt, answerer, limits, listTools } = this.options;
    const { added = [], sessions = this.options.sessions } = frame;
    const tools = frame.tools ?? (await listTools?.()) ?? this.#lastTools;
    const budget = this.#budget();
    const read: ReadContext =
      sessionId === null
        ? { context: WHOLE_CONTEXT, note: null, isCut: false, messages: [] }
        : await readContext(sessions, sessionId, budget);
    const counted = this.#counted;
    const estimateHistory = (messages: readonly HistoryMessage[]) =>
      estimateRequestTokens({ systemPrompt, tools, model: answerer.model, messages, counted });
    const estimate = (view: readonly StoredMessage[]) =>
      estimateHistory(repairHistory(view, answerer));
    const historyOf = rememberLast((context: ContextPart) =>
      repairHistory([...viewContext(context, read.messages, answerer, limits), ...added], answerer),
    );
    await this.#countAttachments(historyOf(read.context));
    const guess = (context: ContextPart) => estimateHistory(historyOf(context));
    const reported =
      sessionId === null
        ? null
        : await findReported(sessions, sessionId, read.note?.seq ?? 0, answerer);
    const suspectAbove = (budget.tokens ?? Infinity) * this.options.settings.summarizeAt;
    const tokensOf = rememberLast(
      reported
        ? countFromReport(reported, { read, added, estimate, guess, suspectAbove, counted })
        : guess,
    );
    return { ...read, tools, historyOf, tokensOf, budget, reported };
  }

  /** The next request; the contract of `messages` applies to it. */
  async request(
    { outputSchema = null, maxOutputTokens = null, temperature = null, ...frame }: RequestShape,
    writer: Omit<NoteWriter, 'sessionId'> | null,
  ): Promise<ModelRequest> {
    const { answerer, systemPrompt, sessionId } = this.options;
    const messages = await this.messages(frame, writer);
    return {
      ...{ model: answerer.model, systemPrompt, messages, tools: this.#lastTools },
      ...{ maxOutputTokens, temperature, outputSchema, cacheKey: sessionId },
    };
  }

  /**
   * The messages of the next request. If they no longer fit, later requests contain less, and
   * `writer` stores that decision. Throws ContextFullError if not even the last question fits.
   */
  async messages(
    frame: RequestFrame,
    writer: Omit<NoteWriter, 'sessionId'> | null,
  ): Promise<ModelRequest['messages']> {
    const { attachments, settings, sessionId, systemPrompt } = this.options;
    this.#lastTools = frame.tools ?? this.#lastTools;
    const measured = await this.measure(frame);
    const fitting =
      fitContext({ ...measured, settings, measure: measured.tokensOf }) ??
      // Only the provider knows the tokens of a PDF: the estimate alone refuses nothing.
      fitContext({
        ...{ ...measured, settings },
        measure: (context) =>
          measured.tokensOf(context) -
          estimatePdfTokens(measured.historyOf(context), this.#counted),
      });
    if (fitting === null) throw contextFull(measured, this.options);
    if (fitting !== measured.context && writer && sessionId !== null) {
      await storeContext({ ...writer, sessionId }, fitting);
      const { leftOutSeq, summarySeq } = measured.context;
      const isFirst = leftOutSeq <= summarySeq && fitting.leftOutSeq > leftOutSeq;
      if (isFirst) this.#notices.push({ kind: 'left-out' });
    }
    this.#nameUnread(measured.messages);
    // Keeps only the sum: otherwise the messages of a long session would be in memory twice.
    this.#lastTokens = measured.budget.tokens === null ? Infinity : measured.tokensOf(fitting);
    const messages = await loadMessages(measured.historyOf(fitting), attachments);
    return this.#prefixes.keepBound({ systemPrompt, tools: this.#lastTools }, messages);
  }

  /** The notices about requests since the last call. */
  takeNotices(): ContextNotice[] {
    return this.#notices.splice(0);
  }

  /** Makes all later requests clearly smaller than the last one, which was too long. */
  tighten(): boolean {
    if (this.options.settings.strategy === 'full') return false;
    const tokens = Math.min(this.#lastTokens, this.#budget().tokens ?? Infinity);
    this.#mostTokens = Math.floor(tokens * TIGHTER);
    return true;
  }

  async #countAttachments(messages: readonly HistoryMessage[]): Promise<void> {
    const carrying = messages.filter(({ parts }) => parts.some(isNotText));
    for (const attachment of carrying.flatMap(({ parts }) => attachmentsOf(parts))) {
      const { sha256, mediaType } = attachment;
      if (this.#counted.has(sha256) || !isCountedByContent(attachment)) continue;
      const bytes = await this.options.attachments.get(sha256);
      this.#counted.set(sha256, bytes ? attachmentTokens(mediaType, bytes) : null);
    }
  }

  #nameUnread(messages: ReadContext['messages']): void {
    if (this.options.limits.readsImages !== false) return;
    const unread = imagesOf(messages).filter(({ sha256 }) => !this.#unread.has(sha256));
    for (const { sha256 } of unread) this.#unread.add(sha256);
    if (unread.length > 0) this.#notices.push({ kind: 'unread', images: unread });
  }

  #budget(): ContextBudget {
    const budget = budgetOf(this.options.settings, this.options.limits);
    const tokens = Math.min(budget.tokens ?? Infinity, this.#mostTokens ?? Infinity);
    return { ...budget, tokens: tokens === Infinity ? null : tokens };
  }
}

function isNotText({ type }: Part): boolean {
  return type !== 'text';
}

/** The last answer is kept: it is requested again, and takes long with many messages. */
function rememberLast<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  let last: { key: Key; value: Value } | null = null;
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}

function contextFull(
  { budget }: MeasuredContext,
  { limits, answerer: { provider, model } }: SessionContextOptions,
): ContextFullError {
  const hint = limits.isLocal
    ? `Give the model a larger window on its server (Ollama: OLLAMA_CONTEXT_LENGTH), or set its size: context under [models."${provider}/${model}"].`
    : 'Split the question, attach smaller files, unpin messages, use a model with a larger window, or raise context.max_tokens.';
  return new ContextFullError(
    `The last question and its attachments are too long: a request may hold ${budget.tokens ?? 0} tokens.`,
    { hint },
  );
}
