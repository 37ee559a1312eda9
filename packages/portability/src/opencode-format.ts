import { toUsd, type Message, type Session } from '@synapse/core';
import type { ExportFormat } from './export-format.ts';
import { answerOf, type Step } from './export-steps.ts';
import { exportTitle } from './export-words.ts';
import { OpencodeIds } from './opencode-ids.ts';
import { endOf, toOpencodeParts, toOpencodeTime, type AddIds } from './opencode-parts.ts';
import { addTokens, noTokens, tokensOf, totalOf } from './opencode-tokens.ts';
import { createStepFormat, strictJson, type SessionWriter } from './step-format.ts';

/** The version of opencode whose exports have these fields. */
const OPENCODE_VERSION = '1.18.33';
const AGENT = 'build';

/** What `opencode import` reads: one session, without its variants. */
export function createOpencodeFormat(): ExportFormat {
  return createStepFormat({
    sessions: 'one',
    inlines: () => true,
    begin: () => '',
    openWriter: (session) => new OpencodeWriter(session),
    end: () => '',
  });
}

class OpencodeWriter implements SessionWriter {
  readonly #session: Session;
  readonly #ids: OpencodeIds;
  #tokens = noTokens;
  #nanoUsd = 0;
  #questionId: string | null = null;

  constructor(session: Session) {
    this.#session = session;
    this.#ids = new OpencodeIds(session);
  }

  begin(): string {
    return '{"messages":[';
  }

  step(step: Step): string {
    if (step.role === 'user') return this.#question(step.message, step);
    // Every answer names its question.
    const before = this.#questionId === null ? this.#question(step.message, null) : '';
    return before + this.#answer(step);
  }

  /** The session comes last, because it has the sums of its messages. */
  end(): string {
    const { handle, id, createdAt, updatedAt, provider, model } = this.#session;
    const info = {
      id: this.#ids.session,
      slug: handle ?? id,
      projectID: 'global',
      directory: this.#folder,
      path: '',
      title: exportTitle(this.#session),
      agent: AGENT,
      model: { id: model ?? 'unknown', providerID: provider ?? 'unknown', variant: 'default' },
      version: OPENCODE_VERSION,
      summary: { additions: 0, deletions: 0, files: 0 },
      cost: toUsd(this.#nanoUsd),
      tokens: this.#tokens,
      permission: [],
      time: { created: toOpencodeTime(createdAt), updated: toOpencodeTime(updatedAt) },
    };
    return `\n],\n"info":${strictJson(info)}}\n`;
  }

  get #folder(): string {
    return this.#session.workingDirectory ?? '/';
  }

  #question({ createdAt }: Message, step: Step | null): string {
    const { provider, model, systemPrompt } = this.#session;
    const id = this.#ids.next('msg');
    const separator = this.#questionId === null ? '\n' : ',\n';
    this.#questionId = id;
    const info = {
      role: 'user',
      time: { created: toOpencodeTime(createdAt) },
      agent: AGENT,
      model: { providerID: provider ?? 'unknown', modelID: model ?? 'unknown' },
      summary: { diffs: [] },
      ...(systemPrompt !== null && { system: systemPrompt }),
      ...{ id, sessionID: this.#ids.session },
    };
    const parts = step ? toOpencodeParts(step, this.#addIds(id)) : [];
    return separator + strictJson({ info, parts });
  }

  #answer(step: Step): string {
    const { message } = step;
    const answer = answerOf(step);
    const id = this.#ids.next('msg');
    const addIds = this.#addIds(id);
    const finish = finishOf(message);
    const spent = this.#spend(answer);
    const error = errorOf(message);
    const info = {
      ...{ parentID: this.#questionId, role: 'assistant', mode: AGENT, agent: AGENT },
      path: { cwd: this.#folder, root: this.#folder },
      ...spent,
      modelID: answer?.model ?? this.#session.model ?? 'unknown',
      providerID: answer?.provider ?? this.#session.provider ?? 'unknown',
      time: { created: toOpencodeTime(message.createdAt), completed: endOf(message) },
      ...(finish && { finish }),
      ...(error && { error }),
      ...{ id, sessionID: this.#ids.session },
    };
    const parts = [
      addIds({ type: 'step-start' }),
      ...toOpencodeParts(step, addIds),
      addIds({ type: 'step-finish', reason: finish ?? 'unknown', ...spent }),
    ];
    return `,\n${strictJson({ info, parts })}`;
  }

  #spend(answer: Message | null): { tokens: object; cost: number } {
    const tokens = tokensOf(answer?.usage ?? null);
    const nanoUsd = answer?.cost?.nanoUsd ?? 0;
    this.#tokens = addTokens(this.#tokens, tokens);
    this.#nanoUsd += nanoUsd;
    return { tokens: { total: totalOf(tokens), ...tokens }, cost: toUsd(nanoUsd) };
  }

  #addIds(messageID: string): AddIds {
    const sessionID = this.#ids.session;
    return (part) => ({ ...part, id: this.#ids.next('prt'), sessionID, messageID });
  }
}

function finishOf({ finishReason }: Message): string | null {
  if (!finishReason) return null;
  return finishReason.unified === 'refusal' ? 'content-filter' : finishReason.unified;
}

function errorOf({ status, error }: Message): object | null {
  if (error) return { name: 'UnknownError', data: { message: error.message } };
  if (status === 'complete') return null;
  return { name: 'MessageAbortedError', data: { message: 'The answer was interrupted.' } };
}
