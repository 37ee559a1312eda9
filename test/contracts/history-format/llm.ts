import type { JsonObject } from '@synapse/core';
import { databaseBytes } from '../../support/foreign-database.ts';
import type { HistoryWriter } from './written-history.ts';

const SCHEMA = `
  create table _llm_migrations (name text primary key, applied_at text);
  create table messages (hash text primary key, parent_hash text, role text, provider_metadata text);
  create table parts (id integer primary key, message_hash text, position integer, type text, tool_name text, text text,
    payload text);
  create table attachments (id text primary key, type text, path text, url text, content blob);
  create table part_attachments (part_id integer, attachment_id text, "order" integer);
  create table threads (id text primary key, name text, tip_message_hash text, forked_from text, datetime_utc text);
  create table turns (id text primary key, thread_id text, parent_message_hash text, tip_message_hash text, model text,
    input_tokens integer, output_tokens integer, datetime_utc text);`;

export const llm: HistoryWriter = {
  tool: 'llm',
  path: 'logs.db',
  keeps: { many: true, branches: true, calls: true, reasoning: true, images: true },
  write(histories) {
    let partCount = 0;
    const rows: [string, Record<string, string | number | null | Uint8Array>][] = [];
    for (const { id, title, turns, leftAnswer } of histories) {
      let tip: string | null = null;
      const add = (hash: string, role: string, ...parts: [string, JsonObject][]): void => {
        rows.push(['messages', { hash, parent_hash: tip, role }]);
        for (const [position, [type, { text = null, ...payload }]] of parts.entries()) {
          partCount += 1;
          const part = {
            id: partCount,
            message_hash: hash,
            position,
            type,
            text: text as string | null,
          };
          rows.push(['parts', { ...part, payload: JSON.stringify(payload) }]);
        }
        tip = hash;
      };
      const answer = (hash: string, at: number, ...parts: [string, JsonObject][]): void => {
        const turn = { id: `${hash} turn`, thread_id: id, parent_message_hash: tip, model: 'm' };
        add(hash, 'assistant', ...parts);
        const datetime_utc = new Date(at).toISOString();
        rows.push(['turns', { ...turn, tip_message_hash: hash, datetime_utc }]);
      };
      for (const [index, turn] of turns.entries()) {
        const { at, prompt, image, reasoning, call } = turn;
        const hash = (name: string): string => `${id} ${index} ${name}`;
        const shown: [string, JsonObject][] = image === null ? [] : [['attachment', {}]];
        add(hash('prompt'), 'user', ['text', { text: prompt }], ...shown);
        if (image !== null) {
          const [imageId, content] = [hash('image'), Buffer.from(image, 'base64')];
          rows.push(['attachments', { id: imageId, type: 'image/png', content }]);
          rows.push(['part_attachments', { part_id: partCount, attachment_id: imageId, order: 0 }]);
        }
        if (leftAnswer !== null && index === turns.length - 1) {
          answer(hash('left'), at, ['text', { text: leftAnswer }]);
          tip = hash('prompt');
        }
        const thinking: [string, JsonObject][] =
          reasoning === null ? [] : [['reasoning', { text: reasoning }]];
        if (call) {
          const [tool_call_id, name] = [`call_${index}`, call.name];
          const request = { name, arguments: call.input, tool_call_id };
          answer(hash('call'), at, ...thinking, ['tool_call', request]);
          add(hash('result'), 'tool', ['tool_result', { name, output: call.output, tool_call_id }]);
        }
        answer(hash('answer'), at + 1, ...(call ? [] : thinking), ['text', { text: turn.answer }]);
      }
      const datetime_utc = new Date(turns[0]?.at ?? 0).toISOString();
      rows.push(['threads', { id, name: title, tip_message_hash: tip, datetime_utc }]);
    }
    return databaseBytes(SCHEMA, rows);
  },
};
