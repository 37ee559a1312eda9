import { addOutputs, agentFacts } from './claude-code-files.ts';
import { Transcript } from './claude-code-transcript.ts';
import type { History, HistoryFile, HistoryFormat, Skip } from '../history.ts';
import { readJsonLines } from '../json-lines.ts';
import { textIn } from '../json-values.ts';
import { LeftOutRecords } from '../left-out-records.ts';
import { withSpool, type PartSpool } from '../part-spool.ts';

/** The transcripts of Claude Code: `projects/<folder>/<session>.jsonl`. */
export const claudeCode: HistoryFormat = {
  tool: 'claude-code',

  detects: ({ path }, beginning) =>
    path.endsWith('.jsonl') &&
    !beginning.includes('"projectHash"') &&
    /"type" ?: ?"(user|assistant|summary|system|file-history-snapshot|queue-operation|mode)"/.test(
      beginning,
    ) &&
    /"(sessionId|leafUuid|message)" ?:/.test(beginning),

  read: (file, skip) => withSpool((spool) => readTranscripts(file, spool, skip)),
};

async function readTranscripts(
  file: HistoryFile,
  spool: PartSpool,
  skip: Skip,
): Promise<History[]> {
  const main = new Transcript(spool);
  const agents = new Map<string, Transcript>();
  const leftOut = new LeftOutRecords();
  for await (const { record, byteLength } of readJsonLines(file, skip)) {
    const type = textIn(record, 'type') ?? '';
    if (['user', 'assistant', 'system', 'attachment', 'progress'].includes(type)) {
      let transcript = main;
      if (record.isSidechain === true) {
        const agentId = textIn(record, 'agentId') ?? 'sidechain';
        transcript = agents.get(agentId) ?? new Transcript(spool);
        agents.set(agentId, transcript);
      }
      transcript.add(type, record, byteLength, skip);
    } else if (!main.addTitle(type, record)) leftOut.add(type);
  }
  leftOut.report(skip);
  for (const transcript of [main, ...agents.values()]) {
    await addOutputs(file, transcript, spool, skip);
  }
  const fallback = /([^/\\]+)\.jsonl$/.exec(file.path)?.[1] ?? file.path;
  const histories: History[] = [];
  if (main.nodes.length > 0)
    histories.push(main.toHistory(main.sessionId ?? fallback, file.modifiedAt));
  for (const [agentId, agent] of agents) {
    const parentId = agent.sessionId ?? main.sessionId ?? fallback;
    const id = `${parentId}/${agentId}`;
    if (agent.nodes.length === 0) continue;
    const history = agent.toHistory(id, file.modifiedAt);
    histories.push({ ...history, ...(await agentFacts(file, history)), parentId });
  }
  return histories;
}
