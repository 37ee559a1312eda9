import { UsageError } from '@synapse/core';

export interface SingleAnswerFlags {
  output: string;
  json: boolean;
  extract: boolean;
  'dry-run': boolean;
  schema?: string | undefined;
  file?: string[] | undefined;
}

/** What says something of a single answer would be ignored in a conversation, and is refused there. */
export function refuseSingleAnswerFlags(flags: SingleAnswerFlags): void {
  const given = [
    flags.file !== undefined && '--file',
    flags.json && '--json',
    flags.output !== 'text' && '--output',
    flags.extract && '--extract',
    flags.schema !== undefined && '--schema',
    flags['dry-run'] && '--dry-run',
  ].find((name) => typeof name === 'string');
  if (typeof given !== 'string') return;
  throw new UsageError(`${given} is for a single question, and there is none.`, {
    hint:
      given === '--file'
        ? 'Say what to do with it: synapse -f <file> "…" — or attach it in the conversation: /attach <file>'
        : `Say something: synapse ${given} "…", and leave out --repl.`,
  });
}
