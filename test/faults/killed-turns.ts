import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chatOrderProblems } from '../support/chat-order-problems.ts';
import { openProviderDouble, type ProviderDouble } from '../support/provider-double.ts';
import { outcomeOf, SynapseHome } from '../support/run-synapse.ts';
import { chatReply, setUpDouble } from '../support/scripted-openai.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';

const ROUNDS = 5;
const CALLS_EACH = 3;

/** A5 */
export const killedTurns: Fault = {
  id: 'A5',
  what: 'kill -9 at a random event of a turn that streams and uses tools; the session goes on',
  run: async (tier, seed) => {
    const random = randomFrom(seed);
    const whole = await killAt(Infinity);
    const total = { kills: 0, resumed: 0, rejections: 0, took_effect: 0, unknown: 0, again: 0 };
    for (let kill = 0; kill < scaled(tier, 8, 150, 1500); kill++) {
      const figures = await killAt(1 + Math.floor(random() * whole.events));
      total.kills += 1;
      total.resumed += figures.isResumed ? 1 : 0;
      total.rejections += figures.problems;
      total.took_effect += figures.effects;
      total.unknown += figures.unknown;
      total.again += figures.again;
    }
    return total;
  },
  holds: ({ kills, resumed, rejections, took_effect, unknown, again }) =>
    resumed === kills && rejections === 0 && took_effect! > 0 && unknown === 0 && again === 0,
};

/** A turn of the real program that is killed when it has told so many events, and the next one. */
async function killAt(event: number) {
  const home = new SynapseHome();
  const double = await openProviderDouble();
  const cwd = join(home.folder, 'work');
  mkdirSync(cwd);
  setUpDouble(home, double);
  try {
    double.script(...rounds(), chatReply({ text: ['Done', ' with it.'] }));
    const args = ['--yolo', '--output', 'ndjson', '-s', 'killed', 'Begin'];
    const child = home.start(args, { cwd });
    let events = 0;
    for await (const line of createInterface({ input: child.stdout! })) {
      events += line === '' ? 0 : 1;
      if (events === event) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await outcomeOf(child);
    const effects = effectsIn(cwd);
    return { events, ...(await resume(home, double, cwd, effects)) };
  } finally {
    await double.close();
    home.remove();
  }
}

async function resume(home: SynapseHome, double: ProviderDouble, cwd: string, effects: string[]) {
  double.script(chatReply({ text: ['I see.'] }));
  const { stdout, exitCode } = await home.run(['--yolo', '-s', 'killed', 'Go on'], { cwd });
  const request = double.requests.at(-1);
  return {
    isResumed: exitCode === 0 && stdout === 'I see.\n',
    problems: chatOrderProblems(request?.json().messages ?? []).length,
    effects: effects.length,
    // What a killed process has done and its session does not tell of.
    unknown: effects.filter((name) => !request?.body.includes(name)).length,
    again: effectsIn(cwd).length - effects.length,
  };
}

/** Without what was written beside a file and could not take its name any more. */
function effectsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('effect-'));
}

/** Answers that say something and create files of names that nothing else has. */
function rounds() {
  return Array.from({ length: ROUNDS }, (_, round) =>
    chatReply({
      text: ['Round', ` ${round}`, ' begins.'],
      toolCalls: Array.from({ length: CALLS_EACH }, (_, index) => {
        const path = `effect-${round}-${index}.txt`;
        const [head, tail] = [`{"path": "${path}", `, '"content": "x"}'];
        return { id: `call-${round}-${index}`, name: 'write', arguments: [head, tail] };
      }),
    }),
  );
}
