import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createApp } from '@synapse/app/wiring';
import { createToken, HttpTestbed } from '@synapse/test/support/http-testbed';

let folder: string;
let bed: HttpTestbed;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'synapse-settings-route-'));
  const file = join(folder, 'config.toml');
  writeFileSync(
    file,
    [
      'provider = "demo"',
      '[providers.own]',
      'dialect = "openai-chat"',
      'base_url = "http://person:secret@127.0.0.1:9"',
      'api_key = "sk-not-to-be-shown"',
    ].join('\n'),
  );
  const app = await createApp({
    environment: { HOME: folder, SYNAPSE_CONFIG: file, SYNAPSE_MODEL: 'echo' },
    ...{ here: folder, flags: { 'serve.port': '0' }, verbose: null, notify: () => undefined },
  });
  bed = await HttpTestbed.open({ changeApp: () => app });
});
afterEach(async () => {
  await bed.close();
  rmSync(folder, { recursive: true });
});

describe('the settings', () => {
  it('come with the file and line, the variable or the flag that set them', async () => {
    const { body } = await bed.get('/api/settings');
    const items = body.items as unknown as { key: string }[];
    const find = (key: string) => items.find((one) => one.key === key);
    const name = join(folder, 'config.toml');
    expect(find('provider')).toEqual({
      ...{ key: 'provider', value: 'demo', origin: { source: 'file', name, line: 1 } },
    });
    expect(find('providers.own.dialect')).toMatchObject({ origin: { name, line: 3 } });
    expect(find('model')).toMatchObject({
      ...{ value: 'echo', origin: { source: 'environment', name: 'SYNAPSE_MODEL' } },
    });
    expect(find('serve.port')).toMatchObject({ origin: { source: 'flag' } });
    expect(find('limits.max_cost_day')).toMatchObject({ value: 0, origin: { source: 'default' } });
  });

  it('never show a key or a password', async () => {
    const { body } = await bed.get('/api/settings');
    const items = body.items as unknown as { key: string; value: unknown }[];
    expect(items.find(({ key }) => key === 'providers.own.api_key')?.value).toBe('[redacted]');
    expect(JSON.stringify(body)).not.toMatch(/not-to-be-shown|person:secret/);
  });

  it('need the scope "admin"', async () => {
    const token = await createToken(bed.store.tokens, ['read', 'write', 'tools']);
    expect((await bed.get('/api/settings', { token })).status).toBe(403);
  });
});
