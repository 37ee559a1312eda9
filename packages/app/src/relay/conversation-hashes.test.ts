import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Part } from '@synapse/core';
import { hashAnswers, saysTheSame } from './conversation-hashes.ts';
import type { RelayedMessage } from './relayed-request.ts';

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((text) => `${text}.`);
const turn = fc
  .record({ question: words, answer: words, calls: fc.array(fc.jsonValue(), { maxLength: 2 }) })
  .map(({ question, answer, calls }): RelayedMessage[] => {
    const ids = calls.map((_, index) => `c${index}`);
    const made = calls.map((value, index): Part => ({
      ...{
        type: 'tool-call',
        id: ids[index] ?? '',
        name: 'do',
        input: { a: 1, value: value as string },
      },
    }));
    const results = ids.map((id): Part => ({
      ...{ type: 'tool-result', id, name: 'do', output: `of ${id}`, isError: false },
    }));
    return [
      { role: 'user', parts: [text(question)] },
      { role: 'assistant', parts: [text(answer), ...made] },
      ...(results.length > 0 ? [{ role: 'tool' as const, parts: results }] : []),
    ];
  });
const conversations = fc.array(turn, { minLength: 1, maxLength: 4 }).map((turns) => turns.flat());

function text(said: string): Part {
  return { type: 'text', text: said };
}

/** What clients do to a conversation that they repeat. */
function disguise(messages: readonly RelayedMessage[]): RelayedMessage[] {
  return messages.map(({ role, parts }) => {
    const renamed = parts.map((part): Part => {
      if (part.type === 'text') return { ...part, text: `\n ${part.text} ` };
      if (part.type === 'tool-call') {
        const { a, ...rest } = part.input;
        return { ...part, id: `x${part.id}`, input: { ...rest, a: a ?? null } };
      }
      return part.type === 'tool-result' ? { ...part, id: `x${part.id}`, isError: true } : part;
    });
    if (role !== 'assistant') return { role, parts: role === 'tool' ? renamed.reverse() : renamed };
    const calls = renamed.filter(({ type }) => type === 'tool-call');
    const [said] = renamed.filter((part) => part.type === 'text');
    const half = Math.floor((said?.text.length ?? 0) / 2);
    const pieces = [text(said?.text.slice(0, half) ?? ''), text(said?.text.slice(half) ?? '')];
    return { role, parts: [{ type: 'reasoning', text: 'Hm.' }, ...pieces, ...calls] };
  });
}

describe('hashAnswers', () => {
  it('finds a conversation again, whatever its client changed in the form', () => {
    fc.assert(
      fc.property(conversations, (messages) => {
        expect(hashAnswers(disguise(messages), 's')).toEqual(hashAnswers(messages, 's'));
      }),
    );
  });

  it('has a hash for each answer, which later messages never change', () => {
    fc.assert(
      fc.property(conversations, fc.nat(), (messages, cut) => {
        const all = hashAnswers(messages, '');
        const answers = messages.flatMap(({ role }, index) =>
          role === 'assistant' ? [index + 1] : [],
        );
        expect(all.map(({ length }) => length)).toEqual(answers);
        const shorter = messages.slice(0, cut % (messages.length + 1));
        const prefixes = hashAnswers(shorter, '');
        expect(prefixes).toEqual(all.slice(0, prefixes.length));
      }),
    );
  });

  it('tells conversations apart that say something else, or have another seed', () => {
    const one: RelayedMessage[] = [
      { role: 'user', parts: [text('a b')] },
      { role: 'assistant', parts: [text('c')] },
    ];
    const hashes = [
      hashAnswers(one, ''),
      hashAnswers(one, 'other'),
      hashAnswers([{ role: 'user', parts: [text('a  b')] }, one[1]!], ''),
      hashAnswers([{ role: 'user', parts: [text('a'), text('b')] }, one[1]!], ''),
      hashAnswers([one[0]!, { role: 'assistant', parts: [text('c'), call({ a: 1 })] }], ''),
      hashAnswers([one[0]!, { role: 'assistant', parts: [text('c'), call({ a: 2 })] }], ''),
    ].map(([prefix]) => prefix?.hash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

function call(input: { a: number }): Part {
  return { type: 'tool-call', id: 'c', name: 'do', input };
}

describe('saysTheSame', () => {
  it('compares texts and images, not the space around them', () => {
    const image = (sha256: string): Part => ({
      type: 'image',
      attachment: { sha256, mediaType: 'image/png', name: null, byteLength: 1 },
    });
    const said = (...parts: Part[]): RelayedMessage => ({ role: 'user', parts });
    expect(saysTheSame(said(text(' a')), said(text('a\n')))).toBe(true);
    expect(saysTheSame(said(image('1')), said(image('1')))).toBe(true);
    expect(saysTheSame(said(image('1')), said(image('2')))).toBe(false);
  });
});
