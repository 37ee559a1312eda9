import { basename, dirname } from 'node:path';
import { titleFrom, type JsonObject, type JsonValue } from '@synapse/core';
import { requestsOf, type ClineRequest } from './cline-requests.ts';
import { toContentParts } from '../content-blocks.ts';
import { readJsonBeside } from '../file-beside.ts';
import type { History, HistoryFile } from '../history.ts';
import { asRecord, listIn, recordIn, recordsOf, textIn, timeIn } from '../json-values.ts';
import { plainText } from '../message-tree.ts';

/** How the name of a file with the messages of a session ends. */
export const SESSION = '.messages.json';

const OWN = /<(?:task|feedback|answer|user_message|user_input)\b[^<>]{0,200}>/;

/** The facts about a task or a session, most of them from the files beside its messages. */
export interface ClineFacts {
  history: Omit<History, 'nodes'>;
  /** By the place of the answer. */
  requests: ReadonlyMap<number, ClineRequest>;
  /** The models of the task, with the times from which they were used. */
  models: readonly JsonObject[];
}

export async function factsOfTask(
  file: HistoryFile,
  records: readonly JsonValue[],
): Promise<ClineFacts> {
  const id = basename(dirname(file.path));
  const shown = recordsOf(await readJsonBeside(file, 'ui_messages.json'));
  const metadata = asRecord(await readJsonBeside(file, 'task_metadata.json'));
  const item = asRecord(
    (await readJsonBeside(file, 'history_item.json')) ?? (await listed(file, id)),
  );
  const text = plainText(toContentParts(asRecord(records[0]).content ?? null));
  const folder = /^# Current (?:Working|Workspace) Directory \((.+?)\) Files/m.exec(text)?.[1];
  const prompt = textIn(item, 'task') ?? textIn(shown[0] ?? {}, 'text') ?? ownText(text);
  return {
    history: {
      id,
      title: titleFrom(prompt ?? ''),
      createdAt: timeOfId(id) ?? timeOf(records),
      workingDirectory:
        textIn(item, 'workspace') ?? textIn(item, 'cwdOnTaskInitialization') ?? folder,
      isPinned: item.isFavorited === true,
      parentId: textIn(item, 'parentTaskId'),
    },
    requests: requestsOf(shown, records),
    models: listIn(metadata, 'model_usage').map(asRecord),
  };
}

async function listed(file: HistoryFile, id: string): Promise<JsonObject | undefined> {
  const tasks = recordsOf(await readJsonBeside(file, '../../state/taskHistory.json'));
  return tasks.find((task) => textIn(task, 'id') === id);
}

export async function factsOfSession(
  file: HistoryFile,
  document: JsonObject,
  records: readonly JsonValue[],
): Promise<ClineFacts> {
  const name = basename(file.path, SESSION);
  const session = asRecord(await readJsonBeside(file, `${name}.json`));
  const metadata = recordIn(session, 'metadata');
  const id = textIn(session, 'session_id') ?? textIn(document, 'sessionId') ?? name;
  const forkedFrom = textIn(recordIn(metadata, 'fork'), 'forkedFromSessionId');
  const model = textIn(session, 'model');
  const provider = textIn(session, 'provider');
  return {
    history: {
      id,
      title: textIn(metadata, 'title') ?? null,
      createdAt: timeOfId(id) ?? timeIn(session, 'started_at') ?? timeOf(records),
      workingDirectory: textIn(session, 'cwd'),
      ...(model !== undefined && { model }),
      ...(provider !== undefined && { provider }),
      metadata: forkedFrom === undefined ? {} : { forkedFrom },
      parentId: textIn(session, 'parent_session_id'),
    },
    ...{ requests: new Map(), models: [] },
  };
}

/** Only the first message, so that the time stays the same when a message with a time is added. */
function timeOf(records: readonly JsonValue[]): Date {
  return timeIn(asRecord(records[0]), 'ts') ?? new Date(0);
}

/** The ids of tasks and sessions begin with the time in milliseconds. */
function timeOfId(id: string): Date | undefined {
  return timeIn({ time: /^\d{13}(?!\d)/.exec(id)?.[0] ?? '' }, 'time');
}

/** The text that the user wrote, which older versions put into a tag. */
export function ownText(text: string): string | undefined {
  const tag = OWN.exec(text);
  if (!tag) return undefined;
  const start = tag.index + tag[0].length;
  // If this tag is open, so are those after it.
  const end = text.indexOf('</', start);
  return end === -1 ? undefined : text.slice(start, end);
}
