import { sep } from 'node:path';
import { isBeside } from './file-beside.ts';
import { beginningOf } from './history-files.ts';
import type { HistoryFile } from './history.ts';

/** A file without conversations that a tool keeps beside its histories. */
export interface CompanionFile {
  /** Null if several tools have such files. */
  tool: string | null;
  /** The file or folder that it belongs to. */
  owner: string;
}

interface Rule {
  tool: CompanionFile['tool'];
  /** Finds the end of a path. */
  name: RegExp;
  /** What the end is replaced by; the first that exists is the owner. */
  owners: readonly string[];
  /** For a name that other programs use, too. */
  content?: RegExp;
}

const CHATGPT = 'conversations.json';
const CHATGPT_SHARD = 'conversations-000.json';

// Each replaces whole names at the end of a path.
const rules: readonly Rule[] = [
  { tool: null, name: /-(wal|shm|journal)$/, owners: [''] },
  { tool: 'claude-code', name: /\/tool-results\/[^/]+$/, owners: ['.jsonl'] },
  { tool: 'claude-code', name: /\.meta\.json$/, owners: ['.jsonl'] },
  {
    ...{ tool: 'codex', owners: ['sessions'] },
    name: /(?<=\/)((history|session_index)\.jsonl|(state|logs|thread_history)_\d+\.sqlite)$/,
  },
  {
    ...{ tool: 'gemini-cli', owners: ['chats'] },
    name: /(?<=\/)(\.project_root|logs\.json|shell_history|(checkpoints|tool-outputs)\/.+)$/,
  },
  {
    ...{ tool: 'gemini-cli', name: /(?<=\/)projects\.json$/, owners: ['tmp'] },
    content: /^\uFEFF?\s*\{\s*"projects"\s*:\s*\{/,
  },
  {
    ...{ tool: null, owners: ['api_conversation_history.json', 'ui_messages.json'] },
    name: /(?<=\/)(ui_messages|task_metadata|context_history|history_item)\.json$/,
  },
  { tool: null, name: /(?<=\/)state\/taskHistory\.json$/, owners: ['tasks'] },
  { tool: 'cline', name: /(?<!\.messages)(\.compaction)?\.json$/, owners: ['.messages.json'] },
  {
    ...{ tool: 'opencode', owners: ['session'] },
    name: /(?<=\/storage\/)((message|part|session_diff|session_share|todo|project)\/.+\.json|migration)$/,
  },
  {
    ...{ tool: 'continue', name: /(?<=\/sessions)\/sessions\.json$/, owners: [''] },
    content: /"dateCreated"\s*:/,
  },
  {
    ...{ tool: 'claude-ai', name: /(?<=\/)users\.json$/, owners: ['conversations.json'] },
    content: /"(email_address|verified_phone_number)"\s*:/,
  },
  { tool: 'crush', name: /(?<=\/\.crush\/)(?!crush\.db$).+$/, owners: ['crush.db'] },
  {
    ...{ tool: 'open-webui', owners: ['webui.db'] },
    name: /(?<=\/)(uploads|vector_db|cache)\/.+$/,
  },
  {
    ...{ tool: 'chatgpt', owners: [CHATGPT, CHATGPT_SHARD] },
    name: /(?<=\/)((chat\.html|user(_settings)?\.json|message_feedback\.json|shared_conversations\.json|model_comparisons\.json|export_manifest\.json|file[-_][^/]+)|(dalle-generations|user-[^/]+|[\da-f-]{36}\/(image|audio))\/.+)$/,
  },
];

/** The owner of a file that its tool keeps beside a history, if the owner is there. */
export async function findOwner(file: HistoryFile): Promise<CompanionFile | undefined> {
  // A name alone is in a folder, too.
  const path = `./${file.path.split(sep).join('/')}`;
  for (const { tool, name, owners, content } of rules) {
    if (!name.test(path)) continue;
    for (const end of owners) {
      const owner = path.replace(name, () => end).slice(2);
      if (owner === file.path || !(await isBeside(file, owner))) continue;
      const isOther = content && !content.test((await beginningOf(file, 4096)).toString('utf8'));
      if (!isOther) return { tool, owner };
    }
  }
  return undefined;
}
