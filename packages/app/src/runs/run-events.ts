import {
  isJsonObject,
  redactSecrets,
  SynapseError,
  type JsonObject,
  type JsonValue,
} from '@synapse/core';
import type { TurnEvent } from '@synapse/core/conversation';
import type { RunEvent, RunOutcome } from '@synapse/core/server';

/** An event of a turn in the form in which readers of a run get it; null if they need none. */
export function toRunEvent(event: TurnEvent, secrets: readonly string[]): RunEvent | null {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'notice':
      return { type: event.type, data: { text: event.text } };
    // The text itself is complete without what a provider wants to have back.
    case 'text-end':
    case 'reasoning-end':
      return { type: event.type, data: {} };
    case 'tool-call-start':
      return { type: event.type, data: { callId: event.id, name: event.name } };
    case 'tool-call-delta':
      return { type: event.type, data: { callId: event.id, inputText: event.inputText } };
    case 'tool-call':
      return { type: event.type, data: { callId: event.id, name: event.name, input: event.input } };
    case 'tool-approval':
    case 'tool-start':
      return { type: event.type, data: { callId: event.call.id, name: event.call.name } };
    case 'tool-end': {
      const { result, durationMs } = event;
      const { id: callId, name, output, isError, attachments = [] } = result;
      const files = attachments.map((one) => ({ ...one }));
      return {
        type: event.type,
        data: { callId, name, output, isError, attachments: files, durationMs },
      };
    }
    case 'started':
      return { type: event.type, data: originOf(event) };
    case 'usage':
      return { type: event.type, data: { usage: { ...event.usage } } };
    case 'turn-end': {
      const { finishReason, usage } = event;
      const figures = { finishReason: finishReason.unified, usage: usage && { ...usage } };
      return { type: 'answer-end', data: { ...originOf(event), ...figures } };
    }
    case 'message-stored': {
      const { id, role, seq, turn } = event.message;
      return { type: event.type, data: { messageId: id, role, seq, turn } };
    }
    case 'storage-failed':
      return { type: event.type, data: { error: describeError(event.error, secrets) } };
    case 'turn-result': {
      const { message, isSaved, spent } = event;
      const { usage, costNanoUsd, unpricedCount } = spent;
      return {
        type: event.type,
        data: {
          ...{ messageId: message.id, isSaved },
          spent: { usage: usage && { ...usage }, costUsd: costNanoUsd / 1e9, unpricedCount },
        },
      };
    }
  }
}

/** The last event of every run. */
export function endOfRun(
  outcome: RunOutcome,
  error: unknown = null,
  secrets: readonly string[] = [],
): RunEvent {
  const described = error === null ? null : describeError(error, secrets);
  return { type: 'run-ended', data: { outcome, error: described } };
}

function originOf({ provider, model }: { provider?: string; model: string }): JsonObject {
  return { provider: provider ?? null, model };
}

/** Without a stack trace and without secrets; an unexpected error is described in the log only. */
function describeError(error: unknown, secrets: readonly string[]): JsonValue {
  if (!(error instanceof SynapseError)) {
    const message = 'Synapse failed unexpectedly.';
    return { code: 'SYNAPSE_UNEXPECTED', message, hint: 'The log has details.' };
  }
  const { code, message, hint } = error;
  return {
    code,
    message: redactSecrets(message, secrets),
    hint: hint === undefined ? null : redactSecrets(hint, secrets),
  };
}

/** Texts that can be joined, so that a run has few events. */
const joinable: Readonly<Record<string, string>> = {
  'text-delta': 'text',
  'reasoning-delta': 'text',
  'tool-call-delta': 'inputText',
};

/** Adds an event to those that are not stored yet: a text continues the text before it. */
export function joinEvent(pending: RunEvent[], event: RunEvent): void {
  const last = pending.at(-1);
  if (last?.type !== event.type) {
    pending.push(event);
    return;
  }
  if (event.type === 'usage') {
    // Totals: the later one replaces the earlier one.
    pending[pending.length - 1] = event;
    return;
  }
  const field = joinable[event.type];
  const joined = field === undefined ? null : joinTexts(field, last.data, event.data);
  if (joined) pending[pending.length - 1] = { type: event.type, data: joined };
  else pending.push(event);
}

/** Null if the texts belong to different calls. */
function joinTexts(field: string, before: JsonValue, data: JsonValue): JsonObject | null {
  if (!isJsonObject(before) || !isJsonObject(data) || before.callId !== data.callId) return null;
  const [first, second] = [before[field], data[field]];
  if (typeof first !== 'string' || typeof second !== 'string') return null;
  return { ...data, [field]: first + second };
}
