import type { JsonObject } from '@synapse/core';
import { databaseBytes } from '../../support/foreign-database.ts';
import type { HistoryWriter } from './written-history.ts';

const SCHEMA = `
  create table goose_db_version (id integer primary key, version_id integer);
  create table sessions (id text primary key, parent_session_id text, title text, created_at integer);
  create table messages (id text primary key, session_id text, role text, parts text, model text, created_at integer);`;

export const crush: HistoryWriter = {
  tool: 'crush',
  path: 'work/.crush/crush.db',
  keeps: { many: true, calls: true, reasoning: true, images: true, resultImages: true },
  write(histories) {
    const rows: [string, Record<string, string | number>][] = [];
    for (const { id, title, turns } of histories) {
      rows.push(['sessions', { id, title, created_at: (turns[0]?.at ?? 0) / 1000 }]);
      for (const [index, { at, prompt, image, reasoning, call, answer }] of turns.entries()) {
        const add = (name: string, role: string, ...parts: [string, JsonObject][]): void => {
          const list = parts.map(([type, data]) => ({ type, data }));
          const message = { id: `${id} ${index} ${name}`, session_id: id, role };
          rows.push([
            'messages',
            { ...message, parts: JSON.stringify(list), created_at: at / 1000 },
          ]);
        };
        const thinking: [string, JsonObject][] =
          reasoning === null ? [] : [['reasoning', { thinking: reasoning }]];
        const shown: [string, JsonObject][] =
          image === null
            ? []
            : [['binary', { Path: '/a.png', MIMEType: 'image/png', Data: image }]];
        const asked: [string, JsonObject][] = [['text', { text: prompt }], ...shown];
        add('prompt', 'user', ...asked, ['finish', { reason: 'stop' }]);
        if (call) {
          const [callId, input] = [`call_${index}`, JSON.stringify(call.input)];
          const returned = call.image !== null && { data: call.image, mime_type: 'image/png' };
          const request = { id: callId, name: call.name, input, finished: true };
          add(
            'call',
            'assistant',
            ...thinking,
            ['tool_call', request],
            ['finish', { reason: 'tool_use' }],
          );
          add('result', 'tool', [
            'tool_result',
            { tool_call_id: callId, name: '', content: call.output, ...returned },
          ]);
        }
        const last = call ? [] : thinking;
        add(
          'answer',
          'assistant',
          ...last,
          ['text', { text: answer }],
          ['finish', { reason: 'end_turn' }],
        );
      }
    }
    return databaseBytes(SCHEMA, rows);
  },
};
