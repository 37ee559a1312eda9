import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fileOnDisk, historyFile } from '@synapse/test/support/imported-histories';
import { findOwner } from './companion-files.ts';
import type { HistoryFile } from './history.ts';

const UUID = '0b5f3c5e-2f0b-4a0e-9f60-3d1f6f1f2f10';

/** The owner, the tool, and the files that belong to the owner. */
const companions: [owner: string, tool: string | null, ...files: string[]][] = [
  ['claude/conversations.json', 'claude-ai', 'claude/users.json'],
  ['llm/logs.db', null, 'llm/logs.db-wal', 'llm/logs.db-shm', 'llm/logs.db-journal'],
  ['projects/p/s.jsonl', 'claude-code', 'projects/p/s/tool-results/b1.txt'],
  [
    'projects/p/s/subagents/agent-1.jsonl',
    'claude-code',
    'projects/p/s/subagents/agent-1.meta.json',
  ],
  ['codex/sessions/rollout.jsonl', 'codex', 'codex/history.jsonl', 'codex/thread_history_1.sqlite'],
  [
    'tmp/p/chats/s.json',
    'gemini-cli',
    'tmp/p/.project_root',
    'tmp/p/logs.json',
    'tmp/p/checkpoints/a',
  ],
  ['tmp/p/chats/s.json', 'gemini-cli', 'projects.json'],
  [
    'tasks/1/api_conversation_history.json',
    null,
    'tasks/1/ui_messages.json',
    'tasks/1/task_metadata.json',
  ],
  ['tasks/1/ui_messages.json', null, 'tasks/1/context_history.json', 'state/taskHistory.json'],
  ['sessions/s/s.messages.json', 'cline', 'sessions/s/s.json', 'sessions/s/s.compaction.json'],
  [
    'o/storage/session/p/ses_1.json',
    'opencode',
    'o/storage/part/msg_1/prt_1.json',
    'o/storage/migration',
  ],
  ['sessions/s.json', 'continue', 'sessions/sessions.json'],
  ['w/.crush/crush.db', 'crush', 'w/.crush/logs/crush.log'],
  ['w/webui.db', 'open-webui', 'w/uploads/a.png'],
  ['e/conversations.json', 'chatgpt', 'e/chat.html', 'e/file-a.png', `e/${UUID}/audio/a.wav`],
  ['e/conversations-000.json', 'chatgpt', 'e/user.json', 'e/dalle-generations/a.webp'],
];

const content: Record<string, string> = {
  'claude/users.json': '[{"uuid":"1","full_name":"A","email_address":"a@b.example"}]',
  'projects.json': '{"projects":{"/work":"p"}}',
  'sessions/sessions.json': '[{"sessionId":"s","dateCreated":"1"}]',
};

describe('files that belong to another file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'companions-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content[name] ?? '{}');
    return path;
  };
  const archived = (...names: string[]): HistoryFile[] => {
    const files: HistoryFile[] = names.map((name) => ({
      ...historyFile(`nowhere.zip/${name}`, content[name] ?? '{}'),
      around: async () => files,
    }));
    return files;
  };

  it.each(companions)('are known beside %s', async (owner, tool, ...names) => {
    for (const name of names) {
      const onDisk = fileOnDisk(write(name));
      const isInOwnFolder = name === 'sessions/sessions.json';
      if (!isInOwnFolder) expect(await findOwner(onDisk)).toBeUndefined();
      const path = write(owner);
      const found = await findOwner(onDisk);
      expect(found?.tool).toBe(tool);
      expect(`${path}/`).toContain(`${found?.owner}/`);
      for (const one of readdirSync(folder)) rmSync(join(folder, one), { recursive: true });
      const [one, other] = archived(name, owner);
      expect((await findOwner(one!))?.tool).toBe(tool);
      expect(await findOwner(other!)).toBeUndefined();
    }
  });

  it('are those of the tool, not of another program that uses the same name', async () => {
    write('tmp/p/notes.txt');
    const path = write('projects.json');
    expect(await findOwner(fileOnDisk(path))).toMatchObject({ owner: join(folder, 'tmp') });
    writeFileSync(path, '[{"uuid":"1"}]');
    expect(await findOwner(fileOnDisk(path))).toBeUndefined();
  });
});
