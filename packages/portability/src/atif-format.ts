import { toUsd, type Message, type Session } from '@synapse/core';
import type { ExportFormat } from './export-format.ts';
import {
  answerOf,
  argumentsOf,
  reasoningOf,
  toolUsesOf,
  type Step,
  type ToolUse,
} from './export-steps.ts';
import {
  attachmentContent,
  contentsOf,
  inlinesNone,
  isCommonImage,
  textOfContents,
  type StepContent,
} from './step-contents.ts';
import { createStepFormat, strictJson, type SessionWriter } from './step-format.ts';

/** The Agent Trajectory Interchange Format 1.7: one session, without its variants. */
export function createAtifFormat({ version }: { version: string }): ExportFormat {
  return createStepFormat({
    sessions: 'one',
    inlines: isCommonImage,
    begin: () => '',
    openWriter: (session) => new AtifWriter(session, version),
    end: () => '',
  });
}

class AtifWriter implements SessionWriter {
  readonly #session: Session;
  readonly #version: string;
  #steps = 0;
  readonly #totals = { prompt: 0, completion: 0, cached: 0 };
  #nanoUsd: number | null = null;

  constructor(session: Session, version: string) {
    this.#session = session;
    this.#version = version;
  }

  begin(): string {
    const { id, model, provider, systemPrompt, createdAt } = this.#session;
    const head = {
      schema_version: 'ATIF-v1.7',
      session_id: id,
      agent: {
        name: 'synapse',
        version: this.#version,
        ...(model !== null && { model_name: model }),
        ...(provider !== null && { extra: { provider } }),
      },
    };
    const system =
      systemPrompt === null ? '' : this.#write('system', { message: systemPrompt }, createdAt);
    return `${strictJson(head).slice(0, -1)},"steps":[${system}`;
  }

  step(step: Step): string {
    const { message } = step;
    if (step.role === 'user') {
      const fields = {
        message: toAtifContent(contentsOf(step, isCommonImage)),
        extra: extraOf(message),
      };
      return this.#write('user', fields, message.createdAt);
    }
    const reasoning = reasoningOf(step);
    const uses = toolUsesOf(step);
    const answer = answerOf(step);
    if (answer) this.#add(answer);
    const fields = {
      message: textOfContents(contentsOf(step, inlinesNone)),
      ...(answer?.model != null && { model_name: answer.model }),
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...toolFieldsOf(uses, step.bytes),
      ...(answer && metricsOf(answer)),
      ...(answer && { llm_call_count: 1 }),
      extra: extraOf(message),
    };
    return this.#write('agent', fields, message.createdAt);
  }

  end(): string {
    const { title, handle, tags, workingDirectory, forkedFrom, createdAt } = this.#session;
    // A trajectory without a step is invalid.
    const only = this.#steps === 0 ? this.#write('system', { message: '' }, createdAt) : '';
    const tail = {
      final_metrics: {
        total_prompt_tokens: this.#totals.prompt,
        total_completion_tokens: this.#totals.completion,
        total_cached_tokens: this.#totals.cached,
        ...(this.#nanoUsd !== null && { total_cost_usd: toUsd(this.#nanoUsd) }),
        total_steps: this.#steps,
      },
      extra: {
        ...{ title, handle, tags },
        working_directory: workingDirectory,
        forked_from: forkedFrom?.sessionId ?? null,
      },
    };
    return `${only}\n],${strictJson(tail).slice(1)}\n`;
  }

  #write(source: 'system' | 'user' | 'agent', fields: object, at: Date): string {
    const separator = this.#steps++ === 0 ? '\n' : ',\n';
    const place = { step_id: this.#steps, timestamp: at.toISOString(), source };
    return separator + strictJson({ ...place, ...fields });
  }

  #add({ usage, cost }: Message): void {
    this.#totals.prompt += usage?.inputTokens ?? 0;
    this.#totals.completion += usage?.outputTokens ?? 0;
    this.#totals.cached += usage?.cacheReadTokens ?? 0;
    if (cost) this.#nanoUsd = (this.#nanoUsd ?? 0) + cost.nanoUsd;
  }
}

function toolFieldsOf(uses: readonly ToolUse[], bytes: Step['bytes']): object {
  const calls = uses.filter(({ call }) => call !== null);
  const results = uses.filter(({ result }) => result !== null);
  return {
    ...(calls.length > 0 && {
      tool_calls: calls.map((use) => ({
        tool_call_id: use.id,
        function_name: use.name,
        arguments: argumentsOf(use),
      })),
    }),
    ...(results.length > 0 && {
      observation: { results: results.map((use) => toResult(use, bytes)) },
    }),
  };
}

function toResult({ id, name, call, result }: ToolUse, bytes: Step['bytes']): object {
  const output: StepContent = { type: 'text', text: result?.output ?? '' };
  const attached = (result?.attachments ?? []).map((attachment) =>
    attachmentContent(attachment, bytes, isCommonImage),
  );
  const extra = {
    ...(result?.isError && { is_error: true }),
    ...(!call && { function_name: name }),
  };
  return {
    ...(call && { source_call_id: id }),
    content: toAtifContent([output, ...attached]),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function toAtifContent(contents: readonly StepContent[]): string | object[] {
  if (contents.every(({ type }) => type !== 'data')) return textOfContents(contents);
  return contents.map((content) =>
    content.type === 'data'
      ? {
          type: 'image',
          source: { media_type: content.attachment.mediaType.toLowerCase(), path: content.url },
        }
      : { type: 'text', text: content.text },
  );
}

function metricsOf({ usage, cost }: Message): object {
  if (!usage && !cost) return {};
  return {
    metrics: {
      ...(usage && {
        prompt_tokens: usage.inputTokens,
        completion_tokens: usage.outputTokens,
        cached_tokens: usage.cacheReadTokens,
      }),
      ...(cost && { cost_usd: toUsd(cost.nanoUsd) }),
      ...(usage && {
        extra: {
          cache_write_tokens: usage.cacheWriteTokens,
          reasoning_tokens: usage.reasoningTokens,
          is_estimated: usage.estimated,
        },
      }),
    },
  };
}

function extraOf({ id, status, provider, finishReason, latencyMs, error }: Message): object {
  return {
    message_id: id,
    ...(status !== 'complete' && { status }),
    ...(provider !== null && { provider }),
    ...(finishReason && { finish_reason: finishReason.unified }),
    ...(latencyMs !== null && { latency_ms: latencyMs }),
    ...(error && { error: { code: error.code, message: error.message } }),
  };
}
