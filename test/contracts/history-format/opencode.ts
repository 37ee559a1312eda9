import type { JsonObject } from '@synapse/core';
import { databaseBytes } from '../../support/foreign-database.ts';
import { dataUrlOf, type HistoryWriter, type WrittenHistory } from './written-history.ts';

const SCHEMA = `
  create table project (id text primary key, worktree text);
  create table session (id text primary key, parent_id text, directory text, title text, time_created integer);
  create table message (id text primary key, session_id text, time_created integer, data text);
  create table part (id text primary key, message_id text, session_id text, time_created integer, data text);`;

const keeps = { calls: true, reasoning: true, images: true, resultImages: true };

/** The output of `opencode export`. */
export const opencodeExport: HistoryWriter = {
  tool: 'opencode',
  path: 'export.json',
  keeps,
  write([history]) {
    const { id = '', title = '', turns = [] } = history ?? {};
    const time = { created: turns[0]?.at ?? 0 };
    const info = { id: `ses_${id}`, directory: '/work', title, time };
    return JSON.stringify({ info, messages: history ? messagesOf(history) : [] }, null, 2);
  },
};

export const opencode: HistoryWriter = {
  tool: 'opencode',
  path: 'opencode/opencode.db',
  keeps: { ...keeps, many: true },
  write(histories) {
    const rows: [string, Record<string, string | number>][] = [];
    for (const history of histories) {
      const session = { id: `ses_${history.id}`, directory: '/work', title: history.title };
      rows.push(['session', { ...session, time_created: history.turns[0]?.at ?? 0 }]);
      for (const { info, parts } of messagesOf(history)) {
        const { id, ...data } = info as JsonObject & { id: string };
        const place = { session_id: session.id, time_created: 0 };
        rows.push(['message', { id, ...place, data: JSON.stringify(data) }]);
        for (const [index, part] of parts.entries()) {
          const ids = { id: `prt_${id}_${index}`, message_id: id };
          rows.push(['part', { ...ids, ...place, data: JSON.stringify(part) }]);
        }
      }
    }
    return databaseBytes(SCHEMA, rows);
  },
};

function messagesOf({ id, turns }: WrittenHistory): { info: JsonObject; parts: JsonObject[] }[] {
  return turns.flatMap(({ at, prompt, image, reasoning, call, answer }, index) => {
    const message = (role: string, name: string, created: number, ...parts: JsonObject[]) => ({
      info: {
        ...{ id: `msg_${id}_${index}_${name}`, role, modelID: 'm', providerID: 'p' },
        time: { created, completed: created + 1 },
      },
      parts,
    });
    const thinking = reasoning === null ? [] : [{ type: 'reasoning', text: reasoning }];
    const { name = '', input = {}, output = '', image: returned = null } = call ?? {};
    const state = {
      status: 'completed',
      input,
      output,
      metadata: { exit: 0 },
      attachments: filesOf(returned),
    };
    const tool = { type: 'tool', tool: name, callID: `call_${index}`, state };
    const rest = [...(call ? [] : thinking), { type: 'text', text: answer }];
    return [
      message('user', 'a', at, { type: 'text', text: prompt }, ...filesOf(image)),
      ...(call
        ? [message('assistant', 'b', at + 1, { type: 'step-start' }, ...thinking, tool)]
        : []),
      message('assistant', 'c', at + 2, { type: 'step-start' }, ...rest),
    ];
  });
}

function filesOf(image: string | null): JsonObject[] {
  const file = { type: 'file', mime: 'image/png', filename: 'a.png' };
  return image === null ? [] : [{ ...file, url: dataUrlOf(image) }];
}
