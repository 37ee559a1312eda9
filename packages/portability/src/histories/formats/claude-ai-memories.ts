import type { JsonValue } from '@synapse/core';
import { hashOf } from '../history-ids.ts';
import { readJsonBeside } from '../file-beside.ts';
import type { History, HistoryFile, HistoryNode, Skip } from '../history.ts';
import { readJsonElements } from '../json-elements.ts';
import { asRecord, listIn, recordIn, recordsOf, textIn } from '../json-values.ts';
import { tagsOfProject } from './claude-ai-projects.ts';

const NAMES = 'conversations_memory|project_memories|memory_files';
const FIRST = new RegExp(`^\\uFEFF?\\s*\\[?\\s*\\{\\s*"(account_uuid|${NAMES})"\\s*:`);
const ANY = new RegExp(`"(${NAMES})"\\s*:`);

/** Whether a file is the `memories.json` of an export, or one of its folder `memories`. */
export function isMemories(beginning: string): boolean {
  return FIRST.test(beginning) && ANY.test(beginning);
}

/**
 * What Claude.ai remembers about a user, about each project, and the files in which it takes notes: each of these is a
 * session. A later export with another text adds it as a fork, so that the earlier one is kept.
 */
export async function* readMemories(file: HistoryFile, skip: Skip): AsyncGenerator<History> {
  for await (const { number, record } of readJsonElements(file, 'memories', skip)) {
    // Tells the memories of two accounts apart, without the id of a person.
    const account = hashOf(textIn(record, 'account_uuid') ?? '').slice(0, 12);
    const { conversations_memory: text = null } = record;
    const general = toHistory(`memory ${account}`, 'Memory', [textOf(text)]);
    const notes = listIn(record, 'memory_files').map(toNote);
    const all = [general, toHistory(`memory files ${account}`, 'Memory files', notes)];
    const projects = Object.entries(recordIn(record, 'project_memories'));
    for (const [id, memory] of projects) {
      const name = await nameOfProject(file, id);
      const title = `Memory of the project ${name ?? id}`;
      const history = toHistory(`memory ${id}`, title, [textOf(memory)]);
      all.push(history && { ...history, tags: tagsOfProject(name ?? '') });
    }
    const found = all.filter((history) => history !== null);
    if (found.length === 0) skip(`memory ${number}`, 'has no text');
    yield* found;
  }
}

/** A path, and the text of the file there. */
function toNote(value: JsonValue): string {
  const note = asRecord(value);
  const content = textIn(note, 'content');
  return content === undefined ? textOf(value) : `${textIn(note, 'path') ?? ''}\n\n${content}`;
}

/** What is not a text stays as JSON, because it may be a form of memory that is new. */
function textOf(value: JsonValue): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}

/** Null without a text. */
function toHistory(id: string, title: string, texts: readonly string[]): History | null {
  const nodes: HistoryNode[] = [];
  for (const text of texts) {
    if (text.trim() === '') continue;
    nodes.push({
      ...{ id: String(nodes.length), parentId: nodes.at(-1)?.id ?? null, role: 'user' },
      ...{ parts: [{ type: 'text', text, isInjected: true }], createdAt: new Date(0) },
    });
  }
  if (nodes.length === 0) return null;
  const metadata = { kind: 'memory' };
  return { id, title, createdAt: new Date(0), provider: 'anthropic', metadata, nodes };
}

/** Exports have the projects in one file, or each in a file of its own. */
async function nameOfProject(file: HistoryFile, id: string): Promise<string | undefined> {
  const own = asRecord(await readJsonBeside(file, '..', 'projects', `${id}.json`));
  const all = recordsOf(await readJsonBeside(file, 'projects.json'));
  const project = [own, ...all].find((one) => textIn(one, 'uuid') === id);
  return project && textIn(project, 'name');
}
