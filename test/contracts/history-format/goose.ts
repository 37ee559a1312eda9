import type { JsonObject } from '@synapse/core';
import { databaseBytes } from '../../support/foreign-database.ts';
import type { HistoryWriter } from './written-history.ts';

const SCHEMA = `
  create table schema_version (version integer primary key);
  create table sessions (id text primary key, name text, working_dir text, created_at timestamp);
  create table messages (id integer primary key, session_id text, role text, content_json text,
    created_timestamp integer);`;

export const goose: HistoryWriter = {
  tool: 'goose',
  path: 'sessions/sessions.db',
  keeps: { many: true, calls: true, reasoning: true, images: true, resultImages: true },
  write(histories) {
    const rows: [string, Record<string, string | number>][] = [];
    for (const { id, title, turns } of histories) {
      const created = new Date(turns[0]?.at ?? 0).toISOString().replace('T', ' ').slice(0, 19);
      rows.push(['sessions', { id, name: title, working_dir: '/work', created_at: created }]);
      for (const [index, { at, prompt, image, reasoning, call, answer }] of turns.entries()) {
        const add = (role: string, ...content: JsonObject[]): void => {
          const message = { session_id: id, role, content_json: JSON.stringify(content) };
          rows.push(['messages', { ...message, created_timestamp: at / 1000 }]);
        };
        const thinking = reasoning === null ? [] : [{ type: 'thinking', thinking: reasoning }];
        const blocksOf = (data: string | null) =>
          data === null ? [] : [{ type: 'image', data, mimeType: 'image/png' }];
        add('user', { type: 'text', text: prompt }, ...blocksOf(image));
        if (call) {
          const value = { name: call.name, arguments: call.input };
          const toolCall = { status: 'success', value };
          add('assistant', ...thinking, { type: 'toolRequest', id: `call_${index}`, toolCall });
          const content = [{ type: 'text', text: call.output }, ...blocksOf(call.image)];
          const toolResult = { status: 'success', value: { content, isError: false } };
          add('user', { type: 'toolResponse', id: `call_${index}`, toolResult });
        }
        add('assistant', ...(call ? [] : thinking), { type: 'text', text: answer });
      }
    }
    return databaseBytes(SCHEMA, rows);
  },
};
