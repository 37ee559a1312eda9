import type { AttachmentReference, JsonObject, Message, Part, Replay } from '@synapse/core';
import fc from 'fast-check';
import { anyText } from './texts.ts';

export type HistoryEntry = Pick<Message, 'role' | 'parts' | 'status'> &
  Partial<Pick<Message, 'provider' | 'model'>>;

// Few ids, so that they meet, and such as servers really make, or files that were tampered with.
const anyCallId = fc.oneof(
  fc.constantFrom('call_0', 'call_1', 'call_1_2', 'toolu_01A', '', 'functions.read:0', 'ü'),
  fc.constantFrom('x'.repeat(40), 'x'.repeat(41), 'x'.repeat(300)),
  anyText,
);
const anyToolName = fc.oneof(fc.constantFrom('read', 'mcp__files__list', 'a.b', ''), anyText);

const anyInput = fc.dictionary(
  fc.oneof(fc.constantFrom('path', '__proto__', 'constructor'), anyText),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
) as fc.Arbitrary<JsonObject>;

export const anyAttachment: fc.Arbitrary<AttachmentReference> = fc.record({
  sha256: fc.constantFrom('stored', 'stored too', 'empty', 'gone'),
  mediaType: fc.oneof(
    fc.constantFrom('image/png', 'image/jpeg', 'image/webp', 'image/gif', 'application/pdf'),
    fc.constantFrom('image/svg+xml', 'image/bmp', 'IMAGE/PNG', 'text/plain', 'audio/wav', ''),
    anyText,
  ),
  name: fc.option(fc.oneof(fc.constantFrom('a.png', 'notes.md', '', ' '), anyText)),
  byteLength: fc.nat(10),
});

/** Such as adapters leave behind: whole, or missing. */
const anyReplay = fc.constantFrom<Replay>(
  { dialect: 'anthropic', data: { type: 'thinking', thinking: 'hm', signature: 'c2ln' } },
  { dialect: 'anthropic', data: { type: 'redacted_thinking', data: 'c2VjcmV0' } },
  {
    dialect: 'openai-responses',
    data: { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'ZW5j' },
  },
  { dialect: 'openai-responses', data: { id: 'rs_1', summary: ['Hm'], encrypted_content: 'ZW5j' } },
  { dialect: 'openai-responses', data: { id: 'rs_2', summary: ['Hm'], encrypted_content: 'ZW5j' } },
  {
    dialect: 'openai-chat',
    data: { type: 'details', details: [{ type: 'reasoning.encrypted', data: 'c2VhbGVk' }] },
  },
  { dialect: 'openai-chat', data: { type: 'details', details: ['torn', {}, null] } },
  { dialect: 'openai-responses', data: { phase: 'commentary' } },
  { dialect: 'openai-chat', data: { type: 'reasoning', field: 'reasoning_content' } },
  { dialect: 'openai-chat', data: { type: 'fields', fields: { extra_content: { a: 'c2ln' } } } },
  {
    dialect: 'anthropic',
    data: { type: 'thinking', signature: 'c2ln' },
    ...{ isBound: true, prefix: 'a hash' },
  },
  // From a file that was tampered with, or a version of another time.
  { dialect: 'anthropic', data: { type: 'thinking' } },
  { dialect: 'anthropic', data: { type: 'redacted_thinking' } },
  { dialect: 'anthropic', data: { type: 'redacted_thinking', data: '' } },
  { dialect: 'anthropic', data: null },
  { dialect: 'openai-responses', data: { id: '', summary: 'Hm' } },
  { dialect: 'openai-responses', data: { id: 'rs_\ud83d', encrypted_content: 7 } },
  { dialect: 'openai-responses', data: { phase: 'of-another-time' } },
  { dialect: 'openai-chat', data: { type: 'fields', fields: { role: 'user', tool_calls: 7 } } },
  { dialect: 'of-another-time', data: null },
);

const anyPart: fc.Arbitrary<Part> = fc.oneof(
  fc.record(
    {
      type: fc.constant('text' as const),
      text: anyText,
      isInjected: fc.constant(true as const),
      replay: anyReplay,
    },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record(
    { type: fc.constant('reasoning' as const), text: anyText, replay: anyReplay },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record(
    {
      type: fc.constant('tool-call' as const),
      id: anyCallId,
      name: anyToolName,
      input: anyInput,
      invalidInput: anyText,
      replay: anyReplay,
    },
    { requiredKeys: ['type', 'id', 'name', 'input'] },
  ),
  fc.record(
    {
      type: fc.constant('tool-result' as const),
      id: anyCallId,
      name: anyToolName,
      output: anyText,
      isError: fc.boolean(),
      attachments: fc.array(anyAttachment, { maxLength: 2 }),
    },
    { requiredKeys: ['type', 'id', 'name', 'output', 'isError'] },
  ),
  fc.record({ type: fc.constant('image' as const), attachment: anyAttachment }),
  fc.record(
    {
      type: fc.constant('context' as const),
      summary: fc.option(anyText),
      ...{ summarySeq: fc.nat(9), leftOutSeq: fc.nat(9) },
      ...{ collapsedSeq: fc.nat(9), prunedSeq: fc.nat(9) },
      pinnedSeqs: fc.array(fc.nat(9), { maxLength: 3 }),
      refused: fc.array(fc.record({ seq: fc.nat(9), provider: anyText, model: anyText }), {
        maxLength: 2,
      }),
    },
    {
      requiredKeys: [
        ...(['type', 'summary', 'summarySeq', 'leftOutSeq'] as const),
        ...(['collapsedSeq', 'prunedSeq', 'pinnedSeqs'] as const),
      ],
    },
  ),
  fc.record({ type: fc.constant('title' as const), text: anyText }),
  fc.record({ type: fc.constant('file' as const), attachment: anyAttachment }),
  fc.record({ type: fc.constant('raw' as const), kind: anyText, data: anyInput }),
);

const anyEntry: fc.Arbitrary<HistoryEntry> = fc.record({
  role: fc.constantFrom(
    ...(['user', 'assistant', 'assistant', 'tool', 'tool', 'context', 'title'] as const),
  ),
  status: fc.constantFrom('complete', 'running', 'interrupted', 'failed'),
  parts: fc.array(anyPart, { maxLength: 5 }),
  provider: fc.constantFrom('acme', 'acme', 'other', null),
  model: fc.constantFrom('wise-5', 'wise-5-20260924', 'quick-5', null),
});

/** What no program would write, but a bug, a tampered file or another tool might leave behind. */
export const anyHistory = fc.array(anyEntry, { maxLength: 12 });
