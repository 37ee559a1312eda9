import { basename } from 'node:path';
import { findBeside, readJsonBeside } from '../file-beside.ts';
import type { History, HistoryFile, HistoryNode, Skip } from '../history.ts';
import { readText } from '../json-document.ts';
import { asRecord, textIn } from '../json-values.ts';

// A message holds 16 MiB at most.
const MOST_OUTPUT_BYTES = 8 << 20;

/** Replaces the beginning of each large output by all of it, which is in a file in the folder of the session. */
export async function addOutputs(
  file: HistoryFile,
  nodes: readonly HistoryNode[],
  sessionId: string,
  skip: Skip,
): Promise<void> {
  // That folder is beside the transcript; a subagent has its transcript in it.
  const top = /[/\\]subagents[/\\]/.test(file.path) ? '../..' : '.';
  for (const node of nodes) {
    for (const part of node.parts) {
      if (part.type !== 'tool-result' || !part.output.startsWith('<persisted-output>')) continue;
      const name = /saved to: .*?([^/\\\s]+)\s*$/m.exec(part.output.slice(0, 4096))?.[1] ?? '';
      // Only the last part, so that a transcript can't name a folder elsewhere.
      const found = await findBeside(file, top, basename(sessionId), 'tool-results', name);
      if (!found) skip(`output ${name}`, 'is missing, and only its beginning is imported');
      else if (found.byteLength > MOST_OUTPUT_BYTES) {
        skip(`output ${name}`, 'is larger than 8 MiB, and only its beginning is imported');
      } else part.output = await readText(found);
    }
  }
}

/** The facts about a subagent, which are in a file beside its transcript. */
export async function agentFacts(
  file: HistoryFile,
  { title, metadata }: History,
): Promise<Pick<History, 'title' | 'metadata'>> {
  const name = `${basename(file.path, '.jsonl')}.meta.json`;
  const facts = asRecord(await readJsonBeside(file, name));
  const kept = ['agentType', 'toolUseId'].flatMap((fact) => {
    const value = textIn(facts, fact);
    return value === undefined ? [] : [[fact, value] as const];
  });
  return {
    title: title ?? textIn(facts, 'description') ?? null,
    metadata: { ...metadata, ...Object.fromEntries(kept) },
  };
}
