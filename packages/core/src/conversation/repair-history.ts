import type { Answerer } from '../providers/is-same-model.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../session/part.ts';
import { cleanParts, isBlank, type HistoryMessage, type StoredMessage } from './clean-parts.ts';
import { ToolCallIds } from './tool-call-ids.ts';

const BEGINNING = 'The beginning of this conversation is not shown.';
const GO_ON = 'Please continue.';
const INTERRUPTED = 'This call was interrupted; its effect is unknown.';
export const INVALID_INPUT = 'The arguments were not a JSON object; the tool was not run.';
const NO_OUTPUT = '(no output)';

/**
 * Turns any history, even one that was cut off, into one that every provider accepts; the stored
 * rows don't change. Later messages never change the form of earlier ones, so that providers find
 * the beginning of a request in their cache. For this reason a result counts only if it directly
 * follows its call: a later one comes after the call was reported as interrupted. No message is
 * left out to fix the order. If a history begins or ends with an answer, a short user message is
 * added: some providers refuse such a request, others would continue the last answer.
 */
export function repairHistory(
  messages: readonly StoredMessage[],
  answerer: Answerer | null,
): HistoryMessage[] {
  const clean = messages
    .map((message) => cleanParts(message, answerer))
    .filter((message) => message.parts.length > 0);
  const ids = new ToolCallIds();
  const repaired: HistoryMessage[] = [];

  clean.forEach((message, index) => {
    if (message.role === 'tool') return;
    if (repaired.length === 0 && message.role === 'assistant') {
      repaired.push({ role: 'user', parts: [{ type: 'text', text: BEGINNING }] });
    }
    if (message.role === 'user' || !message.parts.some(isCall)) {
      add(repaired, message);
      return;
    }
    const results = resultsBehind(clean, index);
    const answers: ToolResultPart[] = [];
    const parts = message.parts.map((part) => {
      if (part.type !== 'tool-call') return part;
      const id = ids.next(part.id);
      answers.push({ ...answerTo(part, results), id });
      const { type, name, input, replay } = part;
      return { type, id, name, input, ...(replay && { replay }) };
    });
    add(repaired, { role: 'assistant', parts });
    repaired.push({ role: 'tool', parts: answers });
  });

  const last = repaired.at(-1);
  if (last === undefined || last.role === 'assistant') {
    repaired.push({ role: 'user', parts: [{ type: 'text', text: GO_ON }] });
  }
  return repaired;
}

function isCall({ type }: Part): boolean {
  return type === 'tool-call';
}

/** Providers refuse two consecutive messages of the same role. */
function add(repaired: HistoryMessage[], message: HistoryMessage): void {
  const last = repaired.at(-1);
  if (last?.role !== message.role) repaired.push(message);
  else (last.parts as Part[]).push(...message.parts);
}

function resultsBehind(messages: readonly HistoryMessage[], index: number): ToolResultPart[] {
  const results: ToolResultPart[] = [];
  for (let next = index + 1; ; next++) {
    const message = messages[next];
    if (message?.role !== 'tool') return results;
    results.push(...message.parts);
  }
}

/** Takes the answer out of `results`, so that a second call with the same id gets the next one. */
function answerTo(call: ToolCallPart, results: ToolResultPart[]): ToolResultPart {
  const { name } = call;
  const wasInvalid = call.invalidInput !== undefined;
  const index = results.findIndex((result) => result.id === call.id);
  const [result] = index < 0 ? [] : results.splice(index, 1);
  if (result === undefined) {
    const output = wasInvalid ? INVALID_INPUT : INTERRUPTED;
    return { type: 'tool-result', id: call.id, name, output, isError: true };
  }
  const output = isBlank(result.output) ? NO_OUTPUT : result.output.toWellFormed();
  return { ...result, name, output, isError: result.isError || wasInvalid };
}
