import type { FinishReason, JsonObject, Replay, StreamEvent, Usage } from '@synapse/core';
import type { ServerQuirks } from '@synapse/core/models';
import {
  DONE,
  fromErrorBody,
  StreamText,
  toRecord,
  toText,
  type AnswerReader,
  type EventData,
  type ProviderContext,
} from '@synapse/provider-http';
import { ChatCalls } from './chat-calls.ts';
import {
  isPieceOfAnswer,
  toDeltaCalls,
  toDeltaFields,
  toDeltaTexts,
  toPlainDelta,
} from './chat-delta.ts';
import {
  toDetailsReplay,
  toFieldsReplay,
  toReasoningReplay,
  type ReasoningField,
} from './chat-replay.ts';
import { fromChatCost, fromChatUsage } from './from-chat-usage.ts';
import { ReasoningDetails } from './reasoning-details.ts';
import { toFinishReason } from './to-finish-reason.ts';

/** Reads one answer of Chat Completions. */
export class ChatReader implements AnswerReader {
  readonly #context: ProviderContext;
  readonly #calls = new ChatCalls();
  readonly #text = new StreamText();
  readonly #reasoning = new StreamText();
  readonly #details = new ReasoningDetails();
  #model: string;
  #isModelKnown = false;
  #isReasoning = false;
  #reasoningField: ReasoningField | null = null;
  #hasText = false;
  #added: JsonObject | null = null;
  #isRefusal = false;
  #finishReason: string | null = null;
  /** A finish reason came, and no further content after it. */
  #isFinished = false;
  #isUsageKnown = false;
  #hasStarted = false;
  #usage: Usage | null = null;
  #costNanoUsd: number | undefined;
  readonly #reportsCost: boolean;

  /** `model` is the requested model, for servers that don't report which one answers. */
  constructor(
    context: ProviderContext,
    model: string,
    { reportsCost = false }: Partial<ServerQuirks> = {},
  ) {
    this.#context = context;
    this.#reportsCost = reportsCost;
    this.#model = model;
  }

  /**
   * A finish reason alone is not enough: proxies of Gemini send one in each chunk. The usage comes
   * last, in a chunk without content.
   */
  get isComplete(): boolean {
    return this.#isFinished && this.#isUsageKnown;
  }

  read(chunk: EventData, name: string | null): StreamEvent[] {
    if (chunk.type === DONE) return this.#endTurn();
    if (name === 'error' || (chunk.error !== undefined && chunk.error !== null)) {
      throw fromErrorBody({ body: chunk }, this.#context);
    }
    const usage = this.#readHead(chunk);
    const [first] = Array.isArray(chunk.choices) ? (chunk.choices as unknown[]) : [];
    const choice = toRecord(first);
    const delta = toRecord(choice.delta);
    const events = [
      ...(first === undefined ? [] : this.#start()),
      ...(usage ? [{ type: 'usage' as const, usage }] : []),
      ...this.#readDelta(delta),
    ];
    const isAfterword = !isPieceOfAnswer(delta);
    if (!isAfterword) this.#isFinished = false;
    this.#readFinish(choice);
    this.#isUsageKnown = isAfterword && (usage !== null || this.#isUsageKnown);
    return events;
  }

  join(chunk: EventData, next: EventData): boolean {
    const [delta, more] = [toPlainDelta(chunk), toPlainDelta(next)];
    if (!delta || !more || chunk.model !== next.model) return false;
    delta.content += more.content;
    return true;
  }

  end(): StreamEvent[] {
    return this.#isFinished ? this.#endTurn() : [];
  }

  #start(): StreamEvent[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    return [{ type: 'started', model: this.#model }];
  }

  /** The usage in the chunk, if any. */
  #readHead(chunk: Record<string, unknown>): Usage | null {
    const model = toText(chunk.model);
    if (model !== '' && !this.#isModelKnown) {
      this.#model = model;
      this.#isModelKnown = true;
    }
    const usage = chunk.usage ?? toRecord(chunk.x_groq).usage;
    if (typeof usage !== 'object' || usage === null) return null;
    const known = fromChatUsage(toRecord(usage));
    this.#usage = known ?? this.#usage;
    if (this.#reportsCost) this.#costNanoUsd = fromChatCost(toRecord(usage)) ?? this.#costNanoUsd;
    return known;
  }

  #readDelta(delta: Record<string, unknown>): StreamEvent[] {
    const { text, reasoning, reasoningField } = toDeltaTexts(delta);
    const refusal = toText(delta.refusal);
    if (refusal !== '') this.#isRefusal = true;
    const thought = this.#reasoning.push(reasoning);
    const said = this.#text.push(text + refusal);
    const calls = this.#calls.read(toDeltaCalls(delta));
    this.#details.add(delta.reasoning_details);
    this.#reasoningField = reasoningField ?? this.#reasoningField;
    this.#hasText ||= said !== '';
    const added = toDeltaFields(delta);
    if (added) this.#added = { ...this.#added, ...added };
    if (reasoning !== '' || !this.#details.isEmpty) this.#isReasoning = true;
    const isThoughtOver = this.#isReasoning && (said !== '' || calls.length > 0);
    return [
      ...(thought === '' ? [] : [{ type: 'reasoning-delta' as const, text: thought }]),
      ...(isThoughtOver ? this.#endReasoning() : []),
      ...(said === '' ? [] : [{ type: 'text-delta' as const, text: said }]),
      ...calls,
    ];
  }

  #readFinish(choice: Record<string, unknown>): void {
    const reason = toText(choice.finish_reason);
    if (reason === '') return;
    if (reason === 'error' || reason === 'insufficient_system_resource') {
      const body = { error: choice.error ?? { message: reason, type: 'overloaded' } };
      throw fromErrorBody({ body }, this.#context);
    }
    this.#finishReason = reason;
    this.#isFinished = true;
  }

  #endReasoning(): StreamEvent[] {
    this.#isReasoning = false;
    const rest = this.#reasoning.end();
    return [
      ...(rest === '' ? [] : [{ type: 'reasoning-delta' as const, text: rest }]),
      { type: 'reasoning-end', replay: this.#toReplay() },
    ];
  }

  #toReplay(): Replay | null {
    if (!this.#details.isEmpty) return toDetailsReplay(this.#details.take());
    return this.#reasoningField && toReasoningReplay(this.#reasoningField);
  }

  /** After the text, or before the calls of an answer without text. */
  #endFields(): StreamEvent[] {
    if (this.#added === null) return [];
    return [
      { type: this.#hasText ? 'text-end' : 'reasoning-end', replay: toFieldsReplay(this.#added) },
    ];
  }

  #endTurn(): StreamEvent[] {
    const finishReason = this.#toFinishReason();
    const rest = this.#text.end();
    return [
      ...(this.#isReasoning ? this.#endReasoning() : []),
      ...(rest === '' ? [] : [{ type: 'text-delta' as const, text: rest }]),
      ...this.#endFields(),
      ...this.#calls.end(finishReason.unified !== 'length'),
      {
        type: 'turn-end',
        finishReason,
        usage: this.#usage,
        ...(this.#costNanoUsd !== undefined && { costNanoUsd: this.#costNanoUsd }),
        model: this.#model,
      },
    ];
  }

  #toFinishReason(): FinishReason {
    return toFinishReason(this.#finishReason, {
      hasCalls: !this.#calls.isEmpty,
      isRefusal: this.#isRefusal,
    });
  }
}
