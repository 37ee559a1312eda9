import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { readOutput } from '@synapse/test/support/output-schema';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { streamOf } from '@synapse/test/support/replies';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

const PRICES = '[prices."double/double-1"]\ninput = 1000\noutput = 1000\n';
// By the price above.
const ANSWER = { text: ['An answer.'], usage: { inputTokens: 990, outputTokens: 10 } };
const USD_PER_ANSWER = 1;

describe('what was spent', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double, PRICES);
    double.script(chatReply(ANSWER));
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const ask = (...args: string[]) => home.run(['-s', 'work', '--tools', 'none', ...args]);
  const talk = (...lines: string[]) =>
    home.run(['-r', '--tools', 'none', '-s', 'work'], { stdin: `${lines.join('\n')}\n` });
  const sessions = (...args: string[]) => home.run(['sessions', ...args]);
  const items = async (...args: string[]) => {
    const { stdout } = await home.run([...args, '--json']);
    return (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;
  };
  /** What `usage` says of all answers together. */
  const used = async (...args: string[]) => {
    const groups = await items('usage', '--by', 'provider', ...args);
    return groups.map(({ answerCount, costUsd }) => [answerCount, costUsd]);
  };

  it('is counted once, whatever is forked', async () => {
    for (const text of ['one', 'two', 'three']) await ask(text);
    const three = [[3, 3 * USD_PER_ANSWER]];
    expect(await used()).toEqual(three);
    await sessions('fork', 'work', '--handle', 'copy');
    await sessions('fork', 'copy', '--handle', 'copy-of-copy');
    expect(await used()).toEqual(three);
    const shown = new Map((await items('sessions', 'list')).map((one) => [one.handle, one]));
    expect(shown.get('work')).toMatchObject({ costUsd: 3 * USD_PER_ANSWER, inputTokens: 2970 });
    expect(shown.get('copy-of-copy')).toMatchObject({ costUsd: 0, messageCount: 6 });
    const stats = readOutput('session-stats', (await sessions('stats', '--json')).stdout);
    expect(stats).toMatchObject({ messageCount: 18, costUsd: 3 * USD_PER_ANSWER });
  });

  it('is not given back by undo, retry, clear, trash and purge', async () => {
    const { stdout } = await talk('one', '/retry', 'two', '/undo', '/cost');
    expect(stdout).toContain('session  $3');
    const three = [[3, 3 * USD_PER_ANSWER]];
    expect(await used()).toEqual(three);
    await sessions('undo', 'work', '--yes');
    await sessions('clear', 'work', '--yes');
    expect(await items('sessions', 'list')).toMatchObject([
      { messageCount: 0, costUsd: 3 * USD_PER_ANSWER },
    ]);
    expect(await used()).toEqual(three);
    await sessions('delete', 'work', '--yes');
    expect(await used()).toEqual(three);
    const [{ id } = {}] = await items('sessions', 'list', '--trash');
    await sessions('delete', String(id), '--purge', '--yes');
    expect(await used()).toEqual(three);
    expect(await items('usage', '--by', 'session')).toMatchObject([{ key: id, label: id }]);
    const stats = readOutput('session-stats', (await sessions('stats', '--json')).stdout);
    expect(stats).toMatchObject({
      ...{ livingCount: 0, messageCount: 0, costUsd: 3 * USD_PER_ANSWER },
      models: [{ provider: 'double', model: 'double-1', sessionCount: 0 }],
    });
    expect((await home.run(['db', 'check'])).exitCode).toBe(0);
  });

  it('keeps a limit reached when what it was spent for is deleted', async () => {
    setUpDouble(home, double, `${PRICES}[limits]\nmax_cost_day = 1.5\n`);
    for (const text of ['one', 'two']) await ask(text);
    const refused = async () => {
      const asked = await ask('more');
      expect(asked).toMatchObject({ exitCode: 72, stdout: '' });
      expect(asked.stderr).toContain('limits.max_cost_day');
    };
    await refused();
    await sessions('undo', 'work', '--yes');
    await refused();
    await sessions('delete', 'work', '--purge', '--yes');
    await refused();
    expect(double.requests).toHaveLength(2);
  });

  it('keeps what an import brings apart, and counts nothing again that was spent here', async () => {
    for (const text of ['one', 'two']) await ask(text);
    const file = join(home.folder, 'all.json');
    await sessions('export', 'work', '--output', file);
    await sessions('delete', 'work', '--purge', '--yes');
    await sessions('import', file);
    expect(await used()).toEqual([[2, 2 * USD_PER_ANSWER]]);
    expect(await used('--origin', 'import')).toEqual([]);

    const other = new SynapseHome();
    try {
      setUpDouble(other, double, `${PRICES}[limits]\nmax_cost_session = 1.5\n`);
      await other.run(['sessions', 'import', file]);
      expect((await other.run(['usage'])).stderr).toContain('no answers yet');
      const brought = await other.run(['usage', '--by', 'model', '--origin', 'import', '--json']);
      const two = { answerCount: 2, costUsd: 2 * USD_PER_ANSWER };
      expect(readOutput('usage', brought.stdout)).toMatchObject({ items: [two] });
      const shown = await other.run(['sessions', 'list', '--json']);
      expect(JSON.parse(shown.stdout)).toMatchObject({ items: [{ costUsd: two.costUsd }] });
      // The limit is for what is spent here.
      const asked = await other.run(['-s', 'work', '--tools', 'none', 'go on']);
      expect(asked.exitCode).toBe(0);
      const all = await other.run(['usage', '--by', 'model', '--origin', 'any', '--json']);
      expect(readOutput('usage', all.stdout)).toMatchObject({ items: [{ answerCount: 3 }] });
    } finally {
      other.remove();
    }
  });

  it('keeps a question that a limit refused, to be asked once there is more to spend', async () => {
    const refused = await home.run(['--max-cost', '0.001', '--tools', 'none', 'a long question']);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain('To continue, raise --max-cost or limits.max_cost_run');
    expect(double.requests).toHaveLength(0);
    expect(await home.run(['-c', '--tools', 'none', 'Now, please.'])).toMatchObject({
      exitCode: 0,
    });
    expect(double.requests[0]?.body).toContain('a long question');
    expect(await items('sessions', 'list')).toMatchObject([{ title: 'a long question' }]);
  });

  it('counts an answer that broke off for the limit of the run, in the REPL too', async () => {
    setUpDouble(home, double, `${PRICES}[limits]\nmax_cost_run = 1.3\n`);
    const [first = '', text = ''] = openAiChatWire({ text: [' word'.repeat(400)] });
    double.script(streamOf([{ send: first + text }, { reset: true }]), chatReply(ANSWER));
    const talked = await talk('one', '/new', 'two', '/new', 'three');
    expect(talked.stderr).toContain('for this run is reached');
    expect(double.requests).toHaveLength(2);
  });

  it('stops rather than ask a fallback whose price is unknown, when a limit applies', async () => {
    const other = await openProviderDouble();
    try {
      other.script(chatReply(ANSWER));
      const table = `[providers.other]\nbase_url = "${other.url}/v1"\ndialect = "openai-chat"\n`;
      setUpDouble(home, double, PRICES + table);
      await home.run(['config', 'set', 'fallback', 'other/unheard-of']);
      double.script({ status: 401 });
      const limited = await ask('--max-cost', '5', 'one');
      expect(limited).toMatchObject({ stdout: '' });
      expect(limited.exitCode).not.toBe(0);
      expect(limited.stderr).toContain('other/unheard-of is skipped: its price is unknown');
      expect(other.requests).toHaveLength(0);
      expect(await ask('one')).toMatchObject({ exitCode: 0, stdout: 'An answer.\n' });
      expect(other.requests).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('goes to another store with all that is there', async () => {
    for (const text of ['one', 'two']) await ask(text);
    await sessions('undo', 'work', '--yes');
    const target = join(home.folder, 'other.db');
    const source = join(home.folder, '.config/synapse/sessions.db');
    expect((await home.run(['db', 'copy', source, target])).exitCode).toBe(0);
    const there = { environment: { SYNAPSE_DATABASE_URL: target } };
    const usage = await home.run(['usage', '--by', 'provider', '--json'], there);
    expect(JSON.parse(usage.stdout)).toMatchObject({
      items: [{ answerCount: 2, costUsd: 2 * USD_PER_ANSWER }],
    });
  });
});
