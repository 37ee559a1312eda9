import type { Session } from '@synapse/core';
import type { ExportFormat } from './export-format.ts';
import { argumentsOf, outputOf, reasoningOf, toolUsesOf, type Step } from './export-steps.ts';
import { contentsOf, inlinesNone, noteOf, textOfContents } from './step-contents.ts';
import { createStepFormat, strictJson, type SessionWriter } from './step-format.ts';

type From = 'human' | 'gpt' | 'function_call' | 'observation';
interface Turn {
  from: From;
  value: string;
}

/**
 * ShareGPT, as an array of conversations. Its readers skip a conversation in which the two sides do not
 * alternate. A session without messages is left out.
 */
export function createSharegptFormat(): ExportFormat {
  let count = 0;
  return createStepFormat({
    sessions: 'many',
    begin: () => '[',
    openWriter: (session) => openWriter(session, () => (count++ === 0 ? '\n' : ',\n')),
    end: () => '\n]\n',
  });
}

function openWriter({ id, systemPrompt }: Session, separator: () => string): SessionWriter {
  let last: From | null = null;
  const system = systemPrompt ? `"system":${strictJson(systemPrompt)},` : '';
  const write = ({ from, value }: Turn): string => {
    const before = last;
    last = from;
    // The value of a turn stays open, so that a turn of the same kind continues it.
    if (before === from) return insideOf(`\n\n${value}`);
    if (before === null) {
      const start = `${separator()}{"id":"${id}",${system}"conversations":[`;
      return start + (isOfModel(from) ? `${opened('human', '')}"},` : '') + opened(from, value);
    }
    const other = isOfModel(from) ? 'human' : 'gpt';
    const between = isOfModel(before) === isOfModel(from) ? `${opened(other, '')}"},` : '';
    return `"},${between}${opened(from, value)}`;
  };
  return {
    begin: () => '',
    step: (step) => toTurns(step).map(write).join(''),
    end: () => (last === null ? '' : '"}]}'),
  };
}

function opened(from: From, value: string): string {
  return `{"from":"${from}","value":"${insideOf(value)}`;
}

function insideOf(text: string): string {
  return strictJson(text).slice(1, -1);
}

function isOfModel(from: From): boolean {
  return from === 'gpt' || from === 'function_call';
}

function toTurns(step: Step): Turn[] {
  const text = textOfContents(contentsOf(step, inlinesNone));
  if (step.role === 'user') return [{ from: 'human', value: text }];
  const reasoning = reasoningOf(step);
  const uses = toolUsesOf(step);
  if (uses.length === 0) {
    const value = thought(reasoning) + text;
    return value === '' ? [] : [{ from: 'gpt', value }];
  }
  // A turn of calls holds nothing but JSON behind its thought.
  const said = [reasoning, text].filter((words) => words !== '').join('\n\n');
  const calls = uses.map((use) => ({ name: use.name, arguments: argumentsOf(use) }));
  const value = thought(said) + strictJson(calls.length === 1 ? calls[0] : calls);
  return [
    { from: 'function_call', value },
    ...uses.map((use): Turn => {
      const notes = (use.result?.attachments ?? []).map(noteOf);
      return { from: 'observation', value: [outputOf(use), ...notes].join('\n') };
    }),
  ];
}

function thought(text: string): string {
  return text === '' ? '' : `<think>\n${text}\n</think>\n\n`;
}
