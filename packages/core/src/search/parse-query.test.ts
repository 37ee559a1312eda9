import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UsageError } from '../errors/usage-error.ts';
import { isEmptyQuery, matchesTerms } from './match-query.ts';
import { parseSearchQuery, type SearchTerm } from './parse-query.ts';
import { searchTextOf } from './search-text.ts';

const now = new Date(2026, 2, 31, 12);
const parse = (text: string) => parseSearchQuery(text, now);
const isFound = (query: string, text: string) =>
  matchesTerms(searchTextOf([{ type: 'text', text }]), parse(query));

function term(...tokens: string[]): SearchTerm {
  return { tokens, isPrefix: false };
}

describe('parseSearchQuery', () => {
  it('reads words, phrases, exclusions and prefixes', () => {
    expect(parse('Deploy "to production" -staging kube* -"dry run" "half o"*')).toEqual({
      terms: [
        [term('deploy')],
        [term('to', 'production')],
        [{ tokens: ['kube'], isPrefix: true }],
        [{ tokens: ['half', 'o'], isPrefix: true }],
      ],
      excluded: [term('staging'), term('dry', 'run')],
    });
  });

  it('reads an unclosed phrase up to the end', () => {
    expect(parse('a "b c').terms).toEqual([[term('a')], [term('b', 'c')]]);
    expect(parse('“b c”').terms).toEqual([[term('b', 'c')]]);
  });

  it('treats words joined by punctuation as a phrase', () => {
    expect(parse('max_tokens foo:bar').terms).toEqual([
      [term('max', 'tokens')],
      [term('foo', 'bar')],
    ]);
  });

  it('treats text in a script without spaces as a phrase of character pairs', () => {
    expect(parse('東京都').terms).toEqual([[term('東京', '京都')]]);
    expect(parse('京').terms).toEqual([[{ tokens: ['京'], isPrefix: true }]]);
  });

  it('reads the filters, whatever the case of their names', () => {
    expect(parse('ROLE:User tag:"big plan" model:gpt-5 since:7d before:2026-01-31')).toEqual({
      terms: [],
      excluded: [],
      role: 'user',
      tag: 'big plan',
      model: 'gpt-5',
      since: new Date(2026, 2, 24, 12),
      before: new Date(2026, 0, 31),
    });
    expect(parse('after:2026-03-01T10:00Z').since).toEqual(new Date('2026-03-01T10:00Z'));
  });

  it('reads AND as the default and NOT as a minus, and quoted or lower-case ones as words', () => {
    expect(parse('fox AND hen NOT dog')).toEqual(parse('fox hen -dog'));
    expect(parse('NOT "a dog" fox')).toEqual(parse('-"a dog" fox'));
    expect(parse('"AND" not').terms).toEqual([[term('and')], [term('not')]]);
  });

  it('finds any of the words joined by OR', () => {
    const [fox, hen, dog] = [term('fox'), term('hen'), term('a', 'dog')];
    expect(parse('fox OR hen OR "a dog" x').terms).toEqual([[fox, hen, dog], [term('x')]]);
    expect(parse('x fox OR hen').terms).toEqual([[term('x')], [fox, hen]]);
    expect(parse('OR fox OR')).toEqual(parse('fox'));
    expect(parse('fox or hen').terms).toEqual([[fox], [term('or')], [hen]]);
  });

  it.each([
    ['fox OR -hen', 'fox -hen', /^OR has no effect next to an excluded word/],
    ['foo:bar fox', 'foo:bar fox', /^"foo:" is not a filter .* role:, tag:, model:/],
    ['fox 🦊', 'fox', /^"🦊" was not searched/],
    ['fox "🦊🦊"', 'fox', /^"🦊🦊" was not searched/],
  ])('reports the parts that it did not search as intended in %s', (text, same, expected) => {
    const remarks: string[] = [];
    const query = parseSearchQuery(text, now, (remark) => remarks.push(remark));
    expect(query).toEqual(parse(same));
    expect(remarks).toEqual([expect.stringMatching(expected)]);
  });

  it('reports nothing for addresses, times, punctuation and names with two colons', () => {
    const remark = (text: string) => {
      throw new Error(text);
    };
    parseSearchQuery('https://a.b/c 12:30 std::map C:\\x - ... "," role:user', now, remark);
  });

  it('counts months by the calendar', () => {
    expect(parse('since:1m').since).toEqual(new Date(2026, 1, 28, 12));
    expect(parse('since:1y').since).toEqual(new Date(2025, 2, 31, 12));
    expect(parse('since:2w').since).toEqual(new Date(2026, 2, 17, 12));
    expect(parse('since:36h').since).toEqual(new Date(2026, 2, 30));
  });

  it('reads a year literally', () => {
    expect(parse('since:0050-01-31').since?.getFullYear()).toBe(50);
  });

  it.each([
    'role:robot',
    'since:soon',
    'before:2026-02-30',
    'since:2026-02-30T10:00Z',
    'tag:',
    'since:""',
    '-role:user',
  ])('explains what is wrong with %s', (text) => {
    const name = /\w+/.exec(text)?.[0] ?? '';
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(name);
  });

  it('reads any other text as words', () => {
    const pieces = [
      '"',
      '-',
      '*',
      'NOT ',
      'a',
      ' ',
      '(',
      ')',
      '^',
      'NEAR(',
      ':',
      '%',
      '_',
      "'",
      '東',
      ';--',
    ];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.array(fc.constantFrom(...pieces)).map((chosen) => chosen.join('')),
        ),
        (text) => {
          const { terms, excluded } = parse(text);
          for (const { tokens } of [...terms.flat(), ...excluded]) {
            expect(tokens.length).toBeGreaterThan(0);
            for (const token of tokens) expect(token).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
          }
        },
      ),
    );
  });

  it('takes the first 64 tokens of a long text', () => {
    const { terms } = parse('word '.repeat(1000));
    expect(terms).toHaveLength(64);
    expect(parse('東'.repeat(1000)).terms[0]?.[0]?.tokens).toHaveLength(64);
  });
});

describe('matchesTerms', () => {
  it.each([
    ['fox', 'The Fox.', true],
    ['fo', 'The Fox.', false],
    ['fo*', 'The Fox.', true],
    ['"the fox"', 'The, fox', true],
    ['"fox the"', 'The fox', false],
    ['fox -the', 'The fox', false],
    ['fox OR hen', 'A hen', true],
    ['fox OR hen', 'A dog', false],
    ['fox OR hen a', 'The hen', false],
    ['東京', '新しい東京都です', true],
    ['京', '関東と東京', true],
    ['"東京 tower"', '東京 tower', true],
    ['京東', '東京', false],
    ['strasse', 'Straße', true],
  ])('of %s in %j is %p', (query, text, isMatch) => {
    expect(isFound(query, text)).toBe(isMatch);
  });

  it('finds any part of a text without spaces', () => {
    const dense = fc.array(fc.constantFrom('東', '京', 'が', 'ー', '한', 'ก', 'ำ'), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(dense, dense, dense, (before, part, after) => {
        expect(isFound(part.join(''), [...before, ...part, ...after].join(''))).toBe(true);
      }),
    );
  });

  it('finds every run of words of a text as a phrase', () => {
    const words = fc.array(
      fc.string({ unit: fc.constantFrom('a', 'é', 'ß', 'Б', '1'), minLength: 1 }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(words, words, words, (before, part, after) => {
        const text = [...before, ...part, ...after].join(', ');
        expect(isFound(`"${part.join(' ')}"`, text)).toBe(true);
        expect(isFound(`-"${part.join(' ')}"`, text)).toBe(false);
      }),
    );
  });
});

describe('isEmptyQuery', () => {
  it('is true if there is nothing to search for', () => {
    expect(isEmptyQuery(parse('"" -- !!!'))).toBe(true);
    expect(isEmptyQuery({ terms: [], excluded: [], role: undefined })).toBe(true);
    expect(isEmptyQuery(parse('role:user'))).toBe(false);
    expect(isEmptyQuery(parse('-x'))).toBe(false);
  });
});
