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
 * Makes of any history, however it was cut off, one that every provider accepts; the rows stay as
 * they are. Later messages never change the form of earlier ones, so that providers find
 * the beginning of a request in their cache. This is why a result counts only when it directly
 * follows its call: one that turns up later finds the call already reported as interrupted.
 *
 * No message is left out for the sake of the order. If a history begins with an answer, or
 * ends with one, a short word of the user is put in: some providers refuse such a request, others
 * would take a last answer for the beginning of the next.
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
    if (message.role === 'user' || !message.parts.some(({ type }) => type === 'tool-call')) {
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

/** Two neighbours of the same role would be refused. */
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

/** Takes the answer out of `results`, so that a second call of the same id gets the next one. */
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
