import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { toShortNumber as shortNumber } from '@synapse/core/words';
import { jsonReply, streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

const words = 'many words of it '.repeat(200);
/** What only the request for a summary holds. */
const asks = 'Write short statements';
const tooLong = jsonReply(400, {
  error: { code: 'context_length_exceeded', message: 'too long', type: 'invalid_request_error' },
});

describe('the context of a session', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const setUp = (settings = '') => setUpDouble(home, double, settings);
  const small = '[context]\nmax_tokens = 3000\nkeep_recent = 2\n';
  const bodyOf = (index: number) => double.requests[index]?.body ?? '';
  /** Turns that are answered with the same words. */
  const talk = async (turns: number) => {
    for (let turn = 0; turn < turns; turn++) {
      double.script(chatReply({ text: [`answer ${turn} ${words}`], usage: null }));
      const { exitCode } = await home.run(['-s', 'talk', '--tools', 'none', `${turn}: ${words}`]);
      expect(exitCode).toBe(0);
    }
  };
  const messages = async () => {
    const { stdout } = await home.run(['sessions', 'show', 'talk', '--json']);
    const shown = readOutput('session-show', stdout);
    return shown.messages as { seq: number; role: string; parts: Record<string, unknown>[] }[];
  };
  const meter = async () =>
    readOutput('context', (await home.run(['context', 'talk', '--json'])).stdout);

  it('summarises older turns after the answer, sends the summary, and keeps everything stored', async () => {
    setUp(small);
    await talk(1);
    double.script(
      chatReply({ text: [`answer 1 ${words}`], usage: null }),
      chatReply({ text: ['They said 0.'] }),
    );
    const second = await home.run(['-s', 'talk', '--tools', 'none', `1: ${words}`]);
    expect(second).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('answer 1') });
    expect(second.stderr).toContain('older turns are now sent as a summary');
    expect(bodyOf(2)).toContain(asks);

    await talk(1);
    const asked = double.requests.map(({ body }) => body).filter((body) => !body.includes(asks));
    expect(asked[2]).toContain('They said 0.');
    expect(asked[2]).not.toContain('answer 0');
    expect(await meter()).toMatchObject({ budgetTokens: 3000, messageCount: 2 });
    const kept = await messages();
    expect(kept.filter(({ role }) => role === 'user')).toHaveLength(3);
    expect(kept.find(({ role }) => role === 'context')?.parts[0]).toMatchObject({
      ...{ type: 'context', summary: 'They said 0.' },
    });
    const found = await home.run(['sessions', 'search', '"answer 0"', '--json']);
    expect((JSON.parse(found.stdout) as { items: object[] }).items).toHaveLength(2);
    const shown = await home.run(['sessions', 'show', 'talk']);
    expect(shown.stdout).toContain('messages up to #2 are sent as a summary');
    const exported = await home.run(['sessions', 'export', 'talk', '--format', 'markdown']);
    expect(exported.stdout).toContain('> They said 0.');
  });

  it('retries once with less if a request is too long, then explains what to do', async () => {
    setUp();
    await talk(3);
    double.script(tooLong, chatReply({ text: ['shorter'] }));
    const again = await home.run(['-s', 'talk', '--tools', 'none', 'and now?']);
    expect(again).toMatchObject({ exitCode: 0, stdout: 'shorter\n' });
    expect(again.stderr).toContain('retrying with less');
    expect(bodyOf(4).length).toBeLessThan(bodyOf(3).length * 0.8);
    expect(bodyOf(4)).toContain('and now?');

    double.script(tooLong, tooLong);
    const { exitCode, stderr } = await home.run(['-s', 'talk', '--tools', 'none', 'once more?']);
    expect(exitCode).toBe(71);
    expect(stderr).toContain('too long');
    expect(stderr).toContain('synapse context');
    expect((await messages()).filter(({ role }) => role === 'user')).toHaveLength(5);
  });

  it('starts each request like the one before, so that the provider can cache most of it', async () => {
    setUp();
    await talk(4);
    const requests = double.requests.map(({ json }) => JSON.stringify(json().messages));
    for (const [index, later] of requests.slice(1).entries()) {
      const earlier = requests[index]!.slice(0, -1);
      expect(later.startsWith(earlier)).toBe(true);
    }
    expect(requests[2]!.length / requests[3]!.length).toBeGreaterThan(0.7);
  });

  it('uses the configured model for the summary', async () => {
    setUp('[context]\nsummary_model = "double/brief-1"\n');
    await talk(2);
    double.script(chatReply({ text: ['In short.'] }));
    expect((await home.run(['context', 'compact', 'talk'])).exitCode).toBe(0);
    expect(double.requests.at(-1)?.json()).toMatchObject({ model: 'brief-1' });
  });

  it('sends everything with strategy "full", and explains what to do if it is too long', async () => {
    setUp('[context]\nstrategy = "full"\n');
    await talk(1);
    double.script(tooLong);
    const { exitCode } = await home.run(['-s', 'talk', '--tools', 'none', 'and now?']);
    expect(exitCode).toBe(71);
    expect(double.requests).toHaveLength(2);
  });

  it('says once that the window leaves messages out', async () => {
    setUp('[context]\nstrategy = "window"\nmax_tokens = 3000\n');
    double.script(chatReply({ text: [words], usage: null }));
    const ends: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      ends.push((await home.run(['-s', 'talk', '--tools', 'none', words])).stderr);
    }
    const told = ends.filter((stderr) => stderr.includes('left out of requests'));
    expect(told).toHaveLength(1);
  });

  it('counts the tools of the next request after resume and fork', async () => {
    setUp();
    await talk(1);
    await home.run(['sessions', 'fork', 'talk', '--handle', 'copy']);
    const { toolTokens, totalTokens } = (await meter()) as Record<string, number>;
    expect(toolTokens).toBeGreaterThan(300);
    for (const name of ['talk', 'copy']) {
      const resumed = await home.run(['-r', '-s', name], { stdin: '/context\n' });
      expect(resumed.stdout).toMatch(new RegExp(`tools +${shortNumber(toolTokens)} `));
      expect(resumed.stdout).toContain(`about ${shortNumber(totalTokens)} of`);
    }
    const without = await home.run(['-r', '-s', 'talk', '--tools', 'none'], {
      stdin: '/context\n',
    });
    expect(without.stdout).toMatch(/tools +0\n/);
    expect(double.requests).toHaveLength(1);
  });

  it('pins, resets and compacts from the command line', async () => {
    setUp();
    await talk(2);
    expect((await home.run(['context', 'pin', 'talk', '#1'])).stdout).toContain(
      '#1 is now sent in',
    );
    expect((await home.run(['context', 'reset', 'talk'])).exitCode).toBe(0);
    double.script(chatReply({ text: ['new'] }));
    await home.run(['-s', 'talk', '--tools', 'none', 'anew']);
    expect(bodyOf(2)).toContain('0: many words');
    expect(bodyOf(2)).not.toContain('1: many words');
    expect((await home.run(['context', 'unpin', 'talk', '1'])).exitCode).toBe(0);
    expect(await meter()).toMatchObject({ pinnedCount: 0, messageCount: 2 });

    const asked = double.requests.length;
    const none = await home.run(['context', 'compact', 'talk']);
    expect(none).toMatchObject({ exitCode: 0, stdout: 'There is nothing older to summarise.\n' });
    expect(double.requests).toHaveLength(asked);
    double.script(chatReply({ text: ['newer'] }));
    await home.run(['-s', 'talk', '--tools', 'none', 'again']);
    double.script(chatReply({ text: ['It began anew, and somebody said so at some length.'] }));
    const useless = await home.run(['context', 'compact', 'talk']);
    expect(useless).toMatchObject({ exitCode: 65, stdout: '' });
    expect(useless.stderr).toContain('not shorter than the messages it replaces');
    await talk(2);
    double.script(chatReply({ text: ['It began anew.'] }));
    const compacted = await home.run(['context', 'compact', 'talk', '--json']);
    expect(readOutput('context-compact', compacted.stdout)).toMatchObject({
      outcome: 'summarised',
    });
    expect(double.requests.at(-1)?.body).not.toContain('1: many words');
    for (const [action, message] of [
      ['pin', '99'],
      ['unpin', '0'],
      ['pin', 'first'],
    ] as const) {
      const wrong = await home.run(['context', action, 'talk', message]);
      expect(wrong).toMatchObject({ exitCode: 66, stdout: '' });
      expect(wrong.stderr).toContain(message);
    }
    const people = await home.run(['context', 'talk']);
    expect(people.stdout).toMatch(/^The next request holds .*tokens.*:\n {2}instructions/);
  });

  it('loses nothing if it is killed while a summary is written', async () => {
    setUp();
    await talk(3);
    const before = await messages();
    const requested = new Promise<void>((resolve) => {
      double.script(() => {
        resolve();
        return streamOf([{ hang: true }]);
      });
    });
    const compacting = home.start(['context', 'compact', 'talk']);
    await requested;
    compacting.kill('SIGKILL');
    await once(compacting, 'close');
    expect(await messages()).toEqual(before);
    double.script(chatReply({ text: ['on we go'] }));
    expect((await home.run(['-s', 'talk', '--tools', 'none', 'go on'])).stdout).toBe('on we go\n');
  });

  it('keeps the daily cost limit, and counts summaries and titles', async () => {
    setUp(
      [
        '[prices."double/double-1"]\ninput = 1000\noutput = 1000',
        '[session]\ngenerate_titles = true',
        '[limits]\nmax_cost_day = 100',
      ].join('\n'),
    );
    double.script(chatReply({ text: ['first'] }), chatReply({ text: ['"A short talk"'] }));
    expect((await home.run(['-s', 'talk', '--tools', 'none', 'hello'])).exitCode).toBe(0);
    const { stdout } = await home.run(['sessions', 'list', '--json']);
    const [session] = (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;
    expect(session).toMatchObject({ title: 'A short talk', messageCount: 2, inputTokens: 40 });
    const usage = await home.run(['usage', '--json']);
    expect(JSON.parse(usage.stdout)).toMatchObject({ items: [{ answerCount: 2 }] });

    await home.run(['config', 'set', 'limits.max_cost_day', '0.01']);
    const refused = await home.run(['-s', 'talk', '--tools', 'none', 'more']);
    expect(refused).toMatchObject({ exitCode: 72, stdout: '' });
    expect(refused.stderr).toContain('limits.max_cost_day');
  });

  it('shows the cost of continuing a long session in advance', async () => {
    setUp('[prices."double/double-1"]\ninput = 100\noutput = 1\n[context]\nwarn_cost = 0.01\n');
    const usage = { inputTokens: 50_000, outputTokens: 10 };
    double.script(chatReply({ text: ['first'], usage }), chatReply({ text: ['second'] }));
    await home.run(['-s', 'talk', '--tools', 'none', 'hello']);
    const { stdout } = await home.run(['sessions', 'export', 'talk']);
    const older = stdout.replaceAll(/"(20\d\d-[^"]+Z)"/g, (_, moment: string) =>
      JSON.stringify(new Date(Date.parse(moment) - 3_600_000)),
    );
    await home.run(['sessions', 'delete', 'talk', '--purge', '--yes']);
    expect(await home.run(['sessions', 'import', '-'], { stdin: older })).toMatchObject({
      exitCode: 0,
    });
    const { stderr } = await home.run(['-s', 'talk', '--tools', 'none', 'more']);
    expect(stderr).toContain('50k tokens');
  });
});
