import { describe, expect, it } from '@jest/globals';
import { createApprover, parseToolRules } from '@synapse/core/conversation';
import type { Tool } from '@synapse/core';
import { readLimits } from './read-tools.ts';

const toolOf = (name: string, kind: 'path' | 'url'): Tool => ({
  ...{ name, description: '', inputSchema: {}, effect: 'write' },
  subject: { argument: 'subject', kind },
});

/** Whether a call that the user permits is refused because of what a file denies. */
async function isDenied(denied: string, name: string, subject: string): Promise<boolean> {
  const { deny } = readLimits({ warnings: [] }, null, [denied]);
  const approver = createApprover({
    policy: () => ({
      ...{ mode: 'all', workingDirectory: '/work', parseShell: null as never },
      rules: parseToolRules({ allow: [name], deny }),
    }),
    ask: null,
    remember: async () => undefined,
  });
  const call = { type: 'tool-call' as const, id: '1', name, input: { subject } };
  const tool = toolOf(name, name === 'fetch' ? 'url' : 'path');
  return !(await approver.approve(call, tool, new AbortController().signal)).allowed;
}

describe('what a file of another program denies', () => {
  it.each([
    ['Read(./.env)', 'read', '.env'],
    ['Read(.env)', 'read', 'deep/in/.env'],
    ['Read(/secrets/**)', 'read', 'secrets/a/b.txt'],
    ['Read(//etc/**)', 'read', '/etc/passwd'],
    ['Edit(*.ts)', 'write', 'src/a.ts'],
    ['WebFetch(domain:example.com)', 'fetch', 'https://example.com/x'],
  ])('is refused as it is meant: %s', async (denied, name, subject) => {
    expect(await isDenied(denied, name, subject)).toBe(true);
  });

  it.each([
    ['Read(/secrets/**)', 'read', 'src/secrets.txt'],
    ['Edit(*.ts)', 'write', 'src/a.js'],
    ['WebFetch(domain:example.com)', 'fetch', 'https://example.org/example.com/'],
  ])('refuses nothing else: %s', async (denied, name, subject) => {
    expect(await isDenied(denied, name, subject)).toBe(false);
  });
});
