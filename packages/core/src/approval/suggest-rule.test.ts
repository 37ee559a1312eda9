import { describe, expect, it } from '@jest/globals';
import type { Tool } from '../ports/tool-source.ts';
import { suggestRules } from './suggest-rule.ts';

const fetch: Tool = {
  name: 'fetch',
  description: '',
  inputSchema: {},
  effect: 'write',
  subject: { argument: 'url', kind: 'url' },
};
const parseShell = async () => ({ commands: [], doubts: [] });

describe('the rule suggested for an address', () => {
  it.each([
    ['https://example.com/a?b', ['fetch: https://example.com/*']],
    ['https://example.com:8443', ['fetch: https://example.com:8443/*']],
    ['HTTPS:EXAMPLE.com\\a', ['fetch: https://example.com/*']],
    ['https://other.example@example.com/', ['fetch: https://example.com/*']],
    ['https://example.com\\@other.example/', ['fetch: https://example.com/*']],
    ['https://*.example.com/', []],
    ['https://*/', []],
    ['file:///etc/passwd', []],
    ['no address', []],
  ])('names the host that %s leads to', async (url, rules) => {
    const call = { type: 'tool-call' as const, id: '1', name: 'fetch', input: { url } };
    expect(await suggestRules(call, fetch, parseShell)).toEqual(rules);
  });
});
