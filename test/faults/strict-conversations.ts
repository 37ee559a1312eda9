import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord, recordsOf, type Json } from '../support/validators/problems.ts';
import { randomFrom, scaled, type Fault, type Figures } from './fault.ts';
import {
  LongSession,
  STRICT_SERVERS,
  StrictHost,
  type StrictServer,
} from './strict-servers/index.ts';

type Step = (session: LongSession) => Promise<void>;

const ask: Step = (session) => session.ask();

function plan(...answers: StrictHost['plan']): Step {
  return async (session) => {
    session.host.plan = [...answers];
    await session.ask();
  };
}

function change(make: (session: LongSession) => unknown): Step {
  return async (session) => {
    await make(session);
    await session.ask();
  };
}

const oneCall = plan({ calls: 1 });
const twoCalls = plan({ calls: 2 }, { calls: 1 });
const look = plan({ calls: 1, tool: 'look' });
const image: Step = async (session) => session.ask([await session.image()]);
const otherModel = change((session) => {
  const [first, second] = session.server.models;
  session.model = session.model === first ? second : first;
});
const otherServer = change((session) => {
  session.server = session.pick(STRICT_SERVERS);
  session.model = session.server.models[0];
});
const failOver = plan({ calls: 1, isLast: true });
const leave: Step = (session) => session.askAndLeave();
const leaveTools: Step = (session) => session.askAndLeaveTools();
const breakOff: Step = async (session) => {
  session.host.plan = [{ end: 'reset' }];
  await session.ask([], 'failure');
};
const resume = change((session) => session.resume());
const otherTools = change((session) => {
  session.toolNames = session.pick([
    ['look', 'read'],
    ['read', 'look', 'list'],
    ['read', 'look'],
  ]);
});
const otherSystem = change((session) => (session.systemPrompt += ' And kind.'));

const cut: Step = (session) => session.cut();

/** In this order in the first conversation, in any other in the ones that follow. */
const THIRTY: readonly Step[] = [
  ...[ask, oneCall, twoCalls, image, look, resume, otherServer, oneCall, leave],
  ...[ask, otherModel, twoCalls, breakOff, otherTools, oneCall, otherSystem, ask, failOver, ask],
  ...[change((session) => session.pin()), cut, oneCall, leaveTools, resume],
  ...[change((session) => session.compact()), look, otherServer, twoCalls],
  change((session) => session.reset()),
];

const SHORT: readonly Step[] = [
  ...[oneCall, twoCalls, image, leave, resume, otherTools, look, otherServer, oneCall],
];

/** F10 */
export const strictConversations: Fault = {
  id: 'F10',
  what: 'conversations in which everything changes, with servers that refuse what the real ones refuse',
  async run(tier, seed) {
    const folder = mkdtempSync(join(tmpdir(), 'synapse-strict-'));
    const random = randomFrom(seed);
    const figures: Figures = { turns: 0, refused: 0, failed: 0, unseen_sabotage: 0 };
    try {
      for (let round = 0; round < scaled(tier, 1, 5, 50); round += 1) {
        for (const server of STRICT_SERVERS) {
          const whole = round === 0 ? THIRTY : [ask, ...shuffled(THIRTY, random)];
          const steps = tier === 'pull' ? SHORT : whole;
          await converse(
            { folder, random, server, steps, name: `${server.name} ${round}` },
            figures,
          );
        }
      }
      for (const [name, sabotage] of SABOTAGES) {
        const server = STRICT_SERVERS.find((candidate) => candidate.name === name)!;
        const seen: Figures = { turns: 0, refused: 0, failed: 0 };
        const steps = [oneCall, oneCall];
        await converse({ folder, random, server, steps, name, sabotage }, seen);
        if (seen.refused === 0) {
          figures.unseen_sabotage! += 1;
          figures[`unseen at ${name}: ${JSON.stringify(seen)}`] = 1;
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return figures;
  },
  holds: ({ turns, seals_back, refused, failed, unseen_sabotage }) =>
    turns! > 0 && seals_back! > 0 && refused === 0 && failed === 0 && unseen_sabotage === 0,
};

interface Conversation {
  name: string;
  server: StrictServer;
  steps: readonly Step[];
  folder: string;
  random: () => number;
  sabotage?: (body: Json) => void;
}

async function converse(
  { name, server, steps, folder, random, sabotage }: Conversation,
  figures: Figures,
): Promise<void> {
  const host = await StrictHost.open();
  host.sabotage = sabotage ?? null;
  const session = await LongSession.open({ host, server, folder, random });
  let seen = 0;
  try {
    for (const [index, step] of steps.entries()) {
      await step(session);
      const found = [...host.problems, ...session.failures];
      for (const what of found.slice(seen)) figures[`${name}, turn ${index + 1}: ${what}`] = 1;
      seen = found.length;
    }
  } finally {
    await session.close();
    await host.close();
  }
  const counts = { turns: session.turns, ...host.figures };
  for (const [figure, count] of Object.entries(counts)) {
    figures[figure] = (figures[figure] ?? 0) + count;
  }
  figures.refused! += host.problems.length;
  figures.failed! += session.failures.length;
}

/** What the judges must see: one that drops a signature, and some that change what is before a seal. */
const SABOTAGES: readonly [server: string, sabotage: (body: Json) => void][] = [
  ['gemini', dropSignatures],
  ['moonshot', dropThoughts],
  ['anthropic', changeSecondRequest],
  ['openai', changeSecondRequest],
  ['openrouter', changeSecondRequest],
];

function dropSignatures({ messages }: Json): void {
  for (const { tool_calls: calls } of recordsOf(messages)) {
    for (const call of recordsOf(calls)) delete call.extra_content;
  }
}

function dropThoughts({ messages }: Json): void {
  for (const message of recordsOf(messages)) {
    if (message.tool_calls) message.reasoning_content = ' ';
  }
}

function changeSecondRequest(body: Json): void {
  const messages = recordsOf(body.messages ?? body.input);
  const [first] = messages.filter(({ role }) => role === 'user');
  if (messages.length < 3 || !isRecord(first)) return;
  first.content = [{ type: body.input ? 'input_text' : 'text', text: 'Another question' }];
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
