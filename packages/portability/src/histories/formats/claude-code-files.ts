import { basename } from 'node:path';
import { findBeside, readJsonBeside } from '../file-beside.ts';
import type { History, HistoryFile, HistoryNode, HistoryPart, Skip } from '../history.ts';
import { readText } from '../json-document.ts';
import { asRecord, textIn } from '../json-values.ts';
import type { PartSpool } from '../part-spool.ts';

// A message holds 16 MiB at most.
const MOST_OUTPUT_BYTES = 8 << 20;

/** Replaces the beginning of each large output by all of it, which is in a file in the folder of the session. */
export async function addOutputs(
  file: HistoryFile,
  { nodes, sessionId = '' }: { nodes: readonly HistoryNode[]; sessionId: string | undefined },
  spool: PartSpool,
  skip: Skip,
): Promise<void> {
  // That folder is beside the transcript; a subagent has its transcript in it.
  const top = /[/\\]subagents[/\\]/.test(file.path) ? '../..' : '.';
  const whole = async (part: HistoryPart): Promise<HistoryPart> => {
    if (part.type !== 'tool-result' || !part.output.startsWith('<persisted-output>')) return part;
    const name = /saved to: .*?([^/\\\s]+)\s*$/m.exec(part.output.slice(0, 4096))?.[1] ?? '';
    // Only the last part, so that a transcript can't name a folder elsewhere.
    const found = await findBeside(file, top, basename(sessionId), 'tool-results', name);
    if (found && found.byteLength <= MOST_OUTPUT_BYTES) {
      return { ...part, output: await readText(found) };
    }
    const reason = found ? 'is larger than 8 MiB' : 'is missing';
    skip(`output ${name}`, `${reason}, and only its beginning is imported`);
    return part;
  };
  for (const node of nodes) if (node.role === 'tool') await spool.replace(node, whole);
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
