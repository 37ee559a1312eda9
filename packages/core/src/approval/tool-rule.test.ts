import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Tool } from '../ports/tool-source.ts';
import { matchShellPattern, parseShellPattern, toShellPattern } from './shell-pattern.ts';
import { decideCall } from './tool-policy.ts';
import { parseToolRule, parseToolRules, type RuleLists } from './tool-rule.ts';

async function verdictOf(
  tool: Pick<Tool, 'name' | 'subject' | 'effect'>,
  value: string,
  lists: RuleLists,
): Promise<string> {
  const argument = tool.subject?.argument ?? 'x';
  const { verdict } = await decideCall(
    { type: 'tool-call', id: '1', name: tool.name, input: { [argument]: value } },
    { description: '', inputSchema: {}, ...tool },
    {
      mode: 'all',
      rules: parseToolRules(lists),
      workingDirectory: '/work',
      parseShell: async () => ({ commands: [], doubts: [] }),
    },
  );
  return verdict;
}

const write = {
  name: 'write',
  effect: 'write',
  subject: { argument: 'path', kind: 'path' },
} as const;
const fetch = {
  name: 'fetch',
  effect: 'write',
  subject: { argument: 'url', kind: 'url' },
} as const;

describe('rules for paths', () => {
  it.each([
    ['src/*', 'src/a.ts', 'allow'],
    ['src/*', './src//a.ts', 'allow'],
    ['src/*', '/work/src/a.ts', 'allow'],
    ['src/*', 'src/deep/a.ts', 'ask'],
    ['src/**', 'src/deep/a.ts', 'allow'],
    ['**/*.md', 'a.md', 'allow'],
    ['**/*.md', 'x/y/a.md', 'allow'],
    ['src/**', 'src/../secret', 'ask'],
    ['src/**', '../src/a', 'ask'],
    ['src/**', 'SRC/a', 'ask'],
    ['/other/**', '/other/a', 'allow'],
    ['/other/**', '../other/a', 'allow'],
    ['a.ts', 'axts', 'ask'],
  ])('allow %s: %s is %s', async (pattern, path, verdict) => {
    expect(await verdictOf(write, path, { allow: [`write: ${pattern}`] })).toBe(verdict);
  });

  it('denies regardless of case', async () => {
    expect(await verdictOf(write, 'SRC/A', { deny: ['write: src/*'] })).toBe('deny');
  });

  it('denies regardless of Unicode normalisation', async () => {
    const deny = ['write: caf\u00e9/*'];
    expect(await verdictOf(write, 'cafe\u0301/a', { deny })).toBe('deny');
    expect(await verdictOf(write, 'cafe\u0301/a', { allow: deny })).toBe('ask');
  });

  describe('if a link leads elsewhere', () => {
    const links: Record<string, string> = { '.': '/real', 'docs/link/a': '/real/src/a' };
    const locate = async (path: string) => links[path] ?? `/real/${path}`;
    const linked = { ...write, subject: { ...write.subject, locate } };

    it.each([
      ['docs/**', 'docs/link/a', 'ask'],
      ['docs/**', 'docs/a', 'allow'],
      ['**', 'docs/link/a', 'allow'],
    ])('allow %s: %s is %s', async (pattern, path, verdict) => {
      expect(await verdictOf(linked, path, { allow: [`write: ${pattern}`] })).toBe(verdict);
    });

    it.each(['src/**', 'docs/**', '/real/src/*', '/work/docs/**'])('denies by %s', async (rule) => {
      const lists = { allow: ['write'], deny: [`write: ${rule}`] };
      expect(await verdictOf(linked, 'docs/link/a', lists)).toBe('deny');
    });
  });

  it('requires approval for a path that is too long', async () => {
    const endless = `${'a/'.repeat(500_000)}c`;
    const pattern = ['write: **/a/**/b'];
    expect(await verdictOf(write, endless, { allow: pattern })).toBe('ask');
    expect(await verdictOf(write, endless, { allow: ['write'], deny: pattern })).toBe('deny');
    expect(await verdictOf(write, endless, { allow: ['write'] })).toBe('allow');
  });

  it('applies the last matching rule', async () => {
    expect(await verdictOf(write, 'src/a', { allow: ['write'], ask: ['write: src/*'] })).toBe(
      'ask',
    );
    expect(await verdictOf(write, 'lib/a', { allow: ['write'], ask: ['write: src/*'] })).toBe(
      'allow',
    );
  });
});

describe('rules for addresses', () => {
  it.each([
    ['https://example.com/*', 'https://example.com/a?b', 'allow'],
    ['https://example.com/*', 'https://example.com.evil/a', 'ask'],
    ['https://example.com/*', 'https://example.com@evil/', 'ask'],
    ['https://example.com/*', 'http://example.com/a', 'ask'],
    ['https://example.com/*', 'HTTPS:EXAMPLE.com\\a', 'allow'],
    ['https://example.com', 'https://example.com', 'allow'],
    ['https://example.com/a/*', 'https://example.com/a/b', 'allow'],
    ['https://example.com/a/*', 'https://example.com/a/../secret', 'ask'],
    ['https://example.com/a/*', 'https://example.com/a/%2e%2E/secret', 'ask'],
    ['https://example.com/a/*', 'https://example.com/a\\..\\secret', 'ask'],
    ['https://example.com/a/*', 'https://example.com/a/.\t./secret', 'ask'],
    ['https://*.example.com/*', 'https://a.b.example.com/c/d', 'allow'],
    ['https://*.example.com/*', 'https://evil.com/.example.com/', 'ask'],
    ['https://*.example.com/*', 'https://evil.com?.example.com/', 'ask'],
    ['https://*.example.com/*', 'https://evil.com#.example.com/', 'ask'],
    ['https://*.example.com/*', 'https://x@evil.com\\.example.com/', 'ask'],
    ['https://*.example.com/*', 'https://.example.com.evil/', 'ask'],
  ])('allow %s: %s is %s', async (pattern, url, verdict) => {
    expect(await verdictOf(fetch, url, { allow: [`fetch: ${pattern}`] })).toBe(verdict);
  });
});

describe('rules that deny addresses', () => {
  it.each([
    'https://evil.com/x',
    'https://EVIL.com/x',
    'HTTPS://evil.com/x',
    'https:evil.com/x',
    'https:\\\\evil.com\\x',
    ' https://evil.com/x',
    'https://evil.com:443/x',
    'https://ev\til.com/x',
    'https://evil.com./x',
    'https:///evil.com/x',
    'https://%65vil.com/x',
    'https://ｅvil.com/x',
    'https://a@evil.com/x',
    'https://ok.com/admin/x',
    'https://ok.com/%61dmin/x',
    'https://ok.com/%2561dmin/x',
    'https://ok.com//admin/x',
    'https://ok.com/a/../admin/x',
  ])('hold for %s', async (url) => {
    const deny = ['fetch: https://*evil.com/*', 'fetch: https://ok.com/admin/*'];
    expect(await verdictOf(fetch, url, { allow: ['fetch'], deny })).toBe('deny');
  });
});

describe('parseToolRule', () => {
  it.each(['', ':', 'shell:', 'shell: ', ': git', 'two words', "shell: 'open", 'a/b'])(
    'refuses %j',
    (text) => {
      expect(() => parseToolRule(text, 'allow')).toThrow(/is not a rule for tools/);
    },
  );
});

describe('shell patterns', () => {
  it('match exactly the words they were created from', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('*', 'a*', "'", '"', '\\', ' *', 'a b', '$x', ''),
    );
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.array(word, { maxLength: 5 }),
        (words, others) => {
          const pattern = parseShellPattern(toShellPattern(words))!;
          expect(matchShellPattern(pattern, words)).toEqual([]);
          if (JSON.stringify(others) !== JSON.stringify(words)) {
            expect(matchShellPattern(pattern, others)).toBeUndefined();
          }
        },
      ),
    );
  });

  it.each([
    ['git log *', ['git', 'log'], []],
    ['git log *', ['git', 'log', '-1', 'x'], ['-1', 'x']],
    ['git * x', ['git', 'a', 'x'], ['a']],
    ['git l*', ['git', 'log'], ['log']],
    ["echo '*'", ['echo', '*'], []],
    ["echo '*'", ['echo', 'a'], undefined],
    ['echo \\*', ['echo', 'a'], undefined],
    ['echo a\\ *', ['echo', 'a b', 'c'], undefined],
    ['git log', ['git', 'log', 'x'], undefined],
  ])('%s against %j matches %j with its stars', (text, words, expected) => {
    expect(matchShellPattern(parseShellPattern(text)!, words)).toEqual(expected);
  });
});
