import { basename } from 'node:path';
import type { History, HistoryFile, HistoryNode, Skip } from '../history.ts';
import { readText } from '../json-document.ts';
import { asRecord, textIn } from '../json-values.ts';
import { parseJson } from '../tool-values.ts';

// A message holds 16 MiB at most.
const MOST_OUTPUT_BYTES = 8 << 20;

/** Replaces the beginnings of large outputs by the whole, which stands in a folder beside the transcript. */
export async function addOutputs(
  file: HistoryFile,
  nodes: readonly HistoryNode[],
  sessionId: string,
  skip: Skip,
): Promise<void> {
  for (const node of nodes) {
    for (const part of node.parts) {
      if (part.type !== 'tool-result' || !part.output.startsWith('<persisted-output>')) continue;
      const name = /saved to: .*?([^/\\\s]+)\s*$/m.exec(part.output.slice(0, 4096))?.[1] ?? '';
      const place = `/${sessionId}/tool-results/${name}`;
      const found = await fileNear(file, (path) => path.endsWith(place));
      if (!found) skip(`output ${name}`, 'is missing, and only its beginning is imported');
      else if (found.byteLength > MOST_OUTPUT_BYTES) {
        skip(`output ${name}`, 'is larger than 8 MiB, and only its beginning is imported');
      } else part.output = await readText(found);
    }
  }
}

/** The facts about a subagent, which stand beside its transcript. */
export async function agentFacts(
  file: HistoryFile,
  { title, metadata }: History,
): Promise<Pick<History, 'title' | 'metadata'>> {
  const name = `/${basename(file.path, '.jsonl')}.meta.json`;
  const found = await fileNear(file, (path) => path.endsWith(name));
  const facts = asRecord(found && parseJson(await readText(found)));
  const kept = ['agentType', 'toolUseId'].flatMap((fact) => {
    const value = textIn(facts, fact);
    return value === undefined ? [] : [[fact, value] as const];
  });
  return {
    title: title ?? textIn(facts, 'description') ?? null,
    metadata: { ...metadata, ...Object.fromEntries(kept) },
  };
}

/** A file below the folder of a transcript; that of a subagent has a folder of its own within that of its session. */
async function fileNear(
  file: HistoryFile,
  isIt: (path: string) => boolean,
): Promise<HistoryFile | undefined> {
  const isAgent = /[/\\]subagents[/\\]/.test(file.path);
  const files = (await file.around?.(isAgent ? 1 : 0)) ?? [];
  return files.find(({ path }) => isIt(path.replaceAll('\\', '/')));
}
