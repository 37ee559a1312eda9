import { describe, expect, it } from '@jest/globals';
import { emptySession, type Message, type Part } from '@synapse/core';
import { aMessage, aSession } from '@synapse/test/support/samples';
import { createRedact, redactMessage, redactSession } from './redact-session.ts';

const key = `sk-ant-${'a1B2'.repeat(8)}`;
const known = 'correct horse battery';
const redact = createRedact([known]);

function redactPart(part: Part): Part | undefined {
  const place = { sessionId: '', seq: 1, turn: 1, variantOf: null, active: true };
  const message: Message = { ...aMessage('', { parts: [part] }), ...place };
  return redactMessage(message, redact).parts[0];
}

describe('a redacted export', () => {
  it.each<[string, Part]>([
    ['a text', { type: 'text', text: `use ${key} and ${known}` }],
    ['a thought', { type: 'reasoning', text: `${key} ${known}` }],
    [
      'what the provider has sealed',
      { type: 'reasoning', text: '', replay: { dialect: 'x', data: { thinking: key, known } } },
    ],
    ['an input', { type: 'tool-call', id: '1', name: 'a', input: { a: [{ b: key }], c: known } }],
    ['the key of an input', { type: 'tool-call', id: '1', name: 'a', input: { [key]: known } }],
    [
      'an input that is no JSON',
      { type: 'tool-call', id: '1', name: 'a', input: {}, invalidInput: `${key}${known}` },
    ],
    [
      'an output',
      { type: 'tool-result', id: '1', name: 'a', output: `${key} ${known}`, isError: false },
    ],
    [
      'the name of an attachment',
      {
        type: 'file',
        attachment: { sha256: 'a', mediaType: 'b', name: `${key} ${known}`, byteLength: 1 },
      },
    ],
  ])('has no secret in %s', (_name, part) => {
    const text = JSON.stringify(redactPart(part));
    expect(text).not.toContain(key);
    expect(text).not.toContain(known);
  });

  it('redacts the value of a field with the name of a secret', () => {
    const input = { password: 'hunter2hunter2', path: '/etc/hosts', api_key: '12345678b' };
    const deep = { DB_PASS: 'say "friend"\nand enter', pwd: 12345678, secret_keys: ['correct-9'] };
    const part = redactPart({ type: 'tool-call', id: '1', name: 'a', input: { ...input, deep } });
    expect(part).toMatchObject({
      input: {
        password: '[redacted]',
        path: '/etc/hosts',
        api_key: '[redacted]',
        deep: { DB_PASS: '[redacted]', pwd: '[redacted]', secret_keys: ['[redacted]'] },
      },
    });
  });

  it('keeps everything else', () => {
    const part: Part = {
      type: 'tool-call',
      id: '1',
      name: 'a',
      input: { a: [1, null, 'b'], c: {} },
    };
    expect(redactPart(part)).toEqual(part);
  });

  it('has no secret in the facts about the session', () => {
    const session = {
      ...emptySession(
        aSession({ title: key, systemPrompt: known, tags: [key], workingDirectory: known }),
      ),
      preview: key,
      metadata: { a: key },
    };
    const text = JSON.stringify(redactSession(session, redact));
    expect(text).not.toContain(key);
    expect(text).not.toContain(known);
  });
});
