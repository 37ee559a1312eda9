import { on, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canBeContained } from '@synapse/test/support/own-namespace';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { streamOf } from '@synapse/test/support/replies';
import { openStdin, outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

const postgres = usePostgres();
const addresses = {
  SQLite: async () => 'synapse.db',
  PostgreSQL: () => postgres.newDatabase(),
};

const itContained = canBeContained()
  ? it
  : (title: string) => it.skip(`${title} (skipped: needs pid namespaces)`, () => undefined);

describe.each(['SQLite', 'PostgreSQL'] as const)('processes at once on %s', (engine) => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let environment: Record<string, string>;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
    environment = { SYNAPSE_DATABASE_URL: await addresses[engine]() };
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const questions = Array.from({ length: 8 }, (_, index) => `question ${index}`);
  const ask = async (question: string, flags: readonly string[] = []) => {
    const child = home.start([...flags, '-s', 'plan', question], { environment });
    return { question, ...(await outcomeOf(child)) };
  };
  const listed = async () => {
    const { stdout } = await home.run(['sessions', 'list', '--json'], { environment });
    return (JSON.parse(stdout) as { items: { messageCount: number }[] }).items;
  };

  it('make one session of a new name when eight begin with it, and lose no question', async () => {
    let letAnswerEnd: (value: unknown) => void = () => undefined;
    const othersEnded = new Promise((resolve) => {
      letAnswerEnd = resolve;
    });
    const answer = openAiChatWire({ text: ['first'] });
    double.script(
      streamOf([{ wait: othersEnded }, { send: answer.join('') }]),
      chatReply({ text: ['another'] }),
    );
    // So that they meet where the session is made, and not in making the database.
    await home.run(['db', 'migrate'], { environment });

    let endedCount = 0;
    let outcomes = await Promise.all(
      questions.map(async (question) => {
        const outcome = await ask(question);
        endedCount += 1;
        if (endedCount === 7) letAnswerEnd(null);
        return outcome;
      }),
    );
    expect(outcomes.map(({ exitCode }) => exitCode).sort()).toEqual([
      0,
      ...Array<number>(7).fill(75),
    ]);
    while (outcomes.length > 0) {
      const refused = outcomes.filter(({ exitCode }) => exitCode !== 0);
      expect(refused.filter(({ exitCode }) => exitCode !== 75)).toEqual([]);
      outcomes = await Promise.all(refused.map(({ question }) => ask(question)));
    }

    expect(await listed()).toMatchObject([{ messageCount: 16 }]);
    const { stdout } = await home.run(['sessions', 'export', 'plan', '--format', 'json'], {
      environment,
    });
    const asked = [...stdout.matchAll(/question \d/g)].map(([text]) => text);
    expect([...new Set(asked)].sort()).toEqual(questions);
  });

  it('continue the session that another process created under the name meanwhile', async () => {
    double.script(chatReply({ text: ['first'] }), chatReply({ text: ['second'] }));
    const talks = [1, 2].map(() =>
      home.start(['-r', '-s', 'plan'], { environment, stdin: openStdin }),
    );
    const until = async (index: number, words: string) => {
      for await (const [chunk] of on(talks[index]!.stdout!, 'data')) {
        if (String(chunk).includes(words)) return;
      }
    };
    // Both have looked for the name once they answer.
    await Promise.all(
      talks.map(async (talk, index) => {
        talk.stdin?.write('/sessions\n');
        await until(index, 'No session matches');
      }),
    );
    const [first, second] = talks.map(outcomeOf);
    talks[0]?.stdin?.end('one\n');
    expect(await first).toMatchObject({ exitCode: 0 });
    talks[1]?.stdin?.end('two\n');
    expect(await second).toMatchObject({ stdout: expect.stringContaining('second'), exitCode: 0 });
    expect(await listed()).toMatchObject([{ title: 'one', messageCount: 4 }]);
  });

  itContained('leave each other a session in containers that share a host name', async () => {
    let letAnswerEnd: (value: unknown) => void = () => undefined;
    const otherEnded = new Promise((resolve) => {
      letAnswerEnd = resolve;
    });
    const events = openAiChatWire({ text: ['first ', 'answer'] });
    double.script(
      streamOf([
        { send: events.slice(0, 2).join('') },
        { wait: otherEnded },
        { send: events.slice(2).join('') },
      ]),
      chatReply({ text: ['another'] }),
    );
    const holder = home.start(['-s', 'plan', 'one'], { environment, isContained: true });
    const held = outcomeOf(holder);
    await once(holder.stdout!, 'data');
    for (const isContained of [true, false]) {
      const other = await home.run(['-s', 'plan', 'two'], { environment, isContained });
      expect(other).toMatchObject({
        exitCode: 75,
        stderr: expect.stringContaining('--take-over') as unknown,
      });
    }
    letAnswerEnd(null);
    expect(await held).toMatchObject({ exitCode: 0, stdout: 'first answer\n' });
    expect(await listed()).toMatchObject([{ messageCount: 2 }]);
  });
});
