import { textOf, type Message, type ToolCallPart } from '@synapse/core';
import type { ScriptedAnswer } from '../../support/wire/scripted-answer.ts';
import { API_KEY, type Answered } from './matrix-case.ts';
import { codeOf, QUESTION, type Cell, type CellRun } from './run-cell.ts';

export type Fault =
  'wrong_outcome' | 'lost_prompt' | 'dup_message' | 'rejected' | 'unsound_run' | 'shown_key';

export interface Finding {
  fault: Fault;
  what: string;
}

/** What is not as it has to be; `answer` is what the fault hit. */
export function judgeCell(cell: Cell, run: CellRun, answer: ScriptedAnswer): Finding[] {
  const findings = judgeAnyCell(run);
  const expect = (what: string, seen: unknown, wanted: unknown) => {
    const [shown, wish] = [JSON.stringify(seen), JSON.stringify(wanted)];
    if (shown === wish) return;
    findings.push({ fault: 'wrong_outcome', what: `${what} ${clip(shown)}, not ${clip(wish)}` });
  };
  const { outcome } = cell.theCase;
  const earlier = cell.scene === 'behind results' ? ['user', 'assistant', 'tool'] : ['user'];
  const last = run.stored.at(-1);
  const results = run.stored.flatMap(({ parts }) => parts.filter(isResult));
  const before = cell.scene === 'behind results' ? 1 : 0;
  expect('the next turn ended with', codeOf(run.nextError), undefined);

  switch (outcome.kind) {
    case 'answered': {
      const calls = cell.scene === 'calling' ? (answer.toolCalls?.length ?? 0) : 0;
      const wanted = wantedOf(outcome, calls, cell.scene === 'calling');
      const more = wanted.results > 0 ? ['tool', 'assistant'] : [];
      const faulty = run.stored[earlier.length];
      expect('the turn ended with', codeOf(run.error), undefined);
      expect('roles', rolesOf(run.stored), [...earlier, 'assistant', ...more]);
      expect('statuses', statusesOf(run.stored), ['complete']);
      expect('text', textOf(faulty?.parts ?? []), outcome.text ?? (answer.text ?? []).join(''));
      expect('requests', run.requests.length, before + wanted.requests + (more.length > 0 ? 1 : 0));
      expect('runs', run.calls.length, before + wanted.runs);
      expect('results', results.length, before + wanted.results);
      expect('failed results', results.filter((result) => result.isError).length, wanted.failed);
      expect('estimated', faulty?.usage?.estimated ?? true, outcome.isEstimated ?? false);
      if (outcome.waitsMs) expect('wait', isWithin(run.waitsMs, outcome.waitsMs), true);
      break;
    }
    case 'failed':
      expect('the turn ended with', codeOf(run.error), outcome.code);
      expect('roles', rolesOf(run.stored), [...earlier, 'assistant']);
      expect('status', last?.status, 'failed');
      expect('error', last?.error?.code, outcome.code);
      expect('text', textOf(last?.parts ?? []), outcome.kept ?? '');
      expect('requests', run.requests.length, before + outcome.requests);
      expect('runs', run.calls.length, before);
      break;
    case 'limited':
      expect('the turn ended with', codeOf(run.error), 'SYNAPSE_LIMIT_REACHED');
      expect('runs', run.calls.length, outcome.runs);
      break;
  }
  return findings;
}

/** What holds whatever the fault was. */
export function judgeAnyCell(run: CellRun): Finding[] {
  const findings: Finding[] = [];
  const check = (fault: Fault, holds: boolean, what: string) => {
    if (!holds) findings.push({ fault, what });
  };
  const questions = run.storedAfterNext.filter(({ role }) => role === 'user');
  check('lost_prompt', run.unstoredRequests === 0, 'asked before the question was stored');
  check('lost_prompt', questions.length === 2, `${questions.length} questions are stored`);
  check('lost_prompt', questions.every(isComplete), 'a question is not complete');
  const ids = run.storedAfterNext.map(({ id }) => id);
  const places = run.storedAfterNext.map(({ seq }) => seq);
  check('dup_message', new Set(ids).size === ids.length, 'an id is there twice');
  check('dup_message', places.every(isPlace), `the places are ${places.join()}`);
  for (const { body } of [...run.requests, ...run.nextRequests]) {
    const times = body.split(QUESTION).length - 1;
    check('dup_message', times === 1, `a request asks ${times} times`);
  }
  for (const problem of run.problems) check('rejected', false, problem);
  check('rejected', run.nextRequests.length === 1, `${run.nextRequests.length} next requests`);
  for (const { input } of run.calls) {
    check('unsound_run', isWholeInput(input), `run with ${clip(JSON.stringify(input))}`);
  }
  const shown = JSON.stringify([run.storedAfterNext, run.notices]) + shownOf(run.error);
  check('shown_key', !shown.includes(API_KEY), 'the key is shown');
  check('wrong_outcome', !/\n\s+at /.test(messageOf(run.error)), 'a stack trace is shown');
  check('wrong_outcome', run.stored.every(isSettled), 'an answer is left running');
  return findings;
}

function wantedOf(outcome: Answered & { requests?: number }, calls: number, isCalling: boolean) {
  const runs = isCalling ? (outcome.runs ?? calls) : 0;
  const results = isCalling ? (outcome.results ?? calls) : 0;
  return { requests: outcome.requests ?? 1, runs, results, failed: results - runs };
}

function rolesOf(messages: readonly Message[]): string[] {
  return messages.map(({ role }) => role);
}

function statusesOf(messages: readonly Message[]): string[] {
  return [...new Set(messages.map(({ status }) => status))];
}

function isResult(part: Message['parts'][number]) {
  return part.type === 'tool-result';
}

function isComplete({ status }: Message): boolean {
  return status === 'complete';
}

function isSettled({ status }: Message): boolean {
  return status !== 'running';
}

function isPlace(seq: number, index: number): boolean {
  return seq === index + 1;
}

const WHOLE_PATH = /^(?:a|\d+)\.txt$/;
const LONG_PATH_LENGTH = 5_000_000;

/** The inputs that the scripts say in full; anything else was cut off somewhere. */
function isWholeInput(input: ToolCallPart['input']): boolean {
  const [[key, value] = [], ...more] = Object.entries(input);
  if (more.length > 0) return false;
  if (key === undefined || key === '__proto__') return true;
  if (key !== 'path' || typeof value !== 'string') return false;
  return value.length === LONG_PATH_LENGTH || WHOLE_PATH.test(value);
}

function isWithin(waits: readonly number[], [from, to]: readonly [number, number]): boolean {
  return waits.length > 0 && waits.every((wait) => wait >= from && wait <= to);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function shownOf(error: unknown): string {
  return error instanceof Error ? `${error.message} ${String(error.stack)}` : '';
}

function clip(text: string | undefined): string {
  return text === undefined ? 'nothing' : text.slice(0, 120);
}
