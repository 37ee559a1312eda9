import type { JsonObject } from '@synapse/core';
import { attachmentPart, rawPart } from '../content-blocks.ts';
import type { History, HistoryFile, HistoryNode, HistoryPart, Skip } from '../history.ts';
import { readJsonElements } from '../json-elements.ts';
import { asRecord, listIn, textIn, timeIn } from '../json-values.ts';

/** Whether a file is the `projects.json` of an export. */
export function isProjects(beginning: string): boolean {
  const names = ['is_starter_project', 'prompt_template'];
  const has = (name: string) => new RegExp(`"${name}" ?:`).test(beginning);
  return names.every(has) && !has('chat_messages');
}

/** Each project becomes a session with its instructions and documents, with which any model can continue. */
export async function* readProjects(file: HistoryFile, skip: Skip): AsyncGenerator<History> {
  let hasCreator = false;
  for await (const { number, record } of readJsonElements(file, 'projects', skip)) {
    const id = textIn(record, 'uuid');
    const name = textIn(record, 'name') ?? '';
    const systemPrompt = textIn(record, 'prompt_template') ?? '';
    const documents = listIn(record, 'docs').map(asRecord);
    const place = `project ${number}`;
    hasCreator ||= 'creator' in record;
    if (id === undefined) skip(place, 'has no id', true);
    else if (documents.length === 0 && !systemPrompt && !textIn(record, 'description')) {
      skip(place, 'has no description, instructions or documents');
    } else {
      const createdAt = timeIn(record, 'created_at') ?? new Date(0);
      yield {
        ...{ id, createdAt, provider: 'anthropic', tags: tagsOfProject(name) },
        title: name === '' ? null : name,
        systemPrompt: systemPrompt === '' ? undefined : systemPrompt,
        metadata: { kind: 'project' },
        nodes: toNodes(record, documents, createdAt),
      };
    }
  }
  if (hasCreator) skip('file', 'left out who created the projects: personal data');
}

/** The tag of a project and of its conversations; none for a name without a letter or a digit. */
export function tagsOfProject(name: string): string[] {
  const words = name.normalize('NFC').match(/[\p{L}\p{M}\p{N}_.]+/gu) ?? [];
  const [short = ''] = /^.{0,48}/u.exec(words.join('-')) ?? [];
  return short === '' ? [] : [short];
}

/** A message for the description, and one for each document, so that a later export can add documents. */
function toNodes(
  project: JsonObject,
  documents: readonly JsonObject[],
  createdAt: Date,
): HistoryNode[] {
  const description = textIn(project, 'description') ?? '';
  const first: HistoryPart =
    description === ''
      ? { type: 'text', text: `Project: ${textIn(project, 'name') ?? ''}`, isInjected: true }
      : { type: 'text', text: description };
  const nodes: HistoryNode[] = [
    { id: '0', parentId: null, key: 'description', role: 'user', parts: [first], createdAt },
  ];
  const timeOf = (document: JsonObject) => timeIn(document, 'created_at') ?? createdAt;
  for (const document of documents.toSorted((a, b) => +timeOf(a) - +timeOf(b))) {
    const content = textIn(document, 'content');
    const name = textIn(document, 'filename');
    nodes.push({
      ...{ id: String(nodes.length), parentId: String(nodes.length - 1), role: 'user' },
      ...{ key: textIn(document, 'uuid'), createdAt: timeOf(document) },
      parts: [
        content === undefined
          ? rawPart('document', { filename: name ?? null })
          : attachmentPart('text/plain', Buffer.from(content), name),
      ],
    });
  }
  return nodes;
}
