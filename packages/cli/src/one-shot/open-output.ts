import { textOf, UsageError } from '@synapse/core';
import type { App } from '@synapse/app/wiring';
import type { Answer, OneShotOutput } from '@synapse/app/conversation/answer';
import { createJsonOutput, createNdjsonOutput } from './one-shot-output.ts';
import { createTextOutput } from './text-output.ts';

export interface OutputFlags {
  output: string;
  json: boolean;
  quiet: boolean;
  raw: boolean;
  extract: boolean;
  schema?: string | undefined;
}

/** The form of output that the flags ask for. */
export async function openOutput(
  flags: OutputFlags,
  { settings: { output }, environment }: App,
  notify: (text: string) => void,
): Promise<OneShotOutput> {
  const { stdout, stderr } = process;
  const streams = { stdout, stderr };
  if (flags.extract && isForPrograms(flags)) {
    throw new UsageError('--extract prints code, not JSON.', { hint: 'Leave one of them out.' });
  }
  if (flags.json && flags.output === 'ndjson') {
    throw new UsageError('--json and --output ndjson cannot be used together.');
  }
  if (flags.json || flags.output === 'json') return createJsonOutput(streams);
  if (flags.output === 'ndjson') return createNdjsonOutput(streams);
  if (flags.extract || flags.schema !== undefined) {
    const { createHeldOutput } = await import('./held-output.ts');
    const pick = flags.extract ? (answer: Answer) => pickCode(answer, notify) : toDataText;
    return createHeldOutput({ ...streams, isQuiet: flags.quiet, notify, pick });
  }
  return createTextOutput({
    ...streams,
    isQuiet: flags.quiet,
    isRaw: flags.raw || !output.markdown,
    showsReasoning: output.reasoning,
    color: output.color,
    environment,
  });
}

export function isForPrograms({ output, json }: Pick<OutputFlags, 'output' | 'json'>): boolean {
  return json || output !== 'text';
}

async function pickCode({ message }: Answer, notify: (text: string) => void): Promise<string> {
  const { extractCode } = await import('./extract-code.ts');
  const text = textOf(message.parts);
  const code = extractCode(text);
  if (code === undefined) notify('the answer has no code block; this is the whole answer');
  return code ?? text;
}

function toDataText({ data }: Answer): string {
  return JSON.stringify(data, null, 2);
}
