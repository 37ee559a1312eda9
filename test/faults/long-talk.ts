import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { addHugeSession } from '../support/huge-session.ts';
import { memoryOf } from '../support/memory-of.ts';
import { openProviderDouble } from '../support/provider-double.ts';
import { openStdin, SynapseHome } from '../support/run-synapse.ts';
import { chatReply, setUpDouble } from '../support/scripted-openai.ts';
import { scaled, type Fault } from './fault.ts';

/** E9: a conversation that goes on for hours. */
export const longTalk: Fault = {
  id: 'E9',
  what: 'a conversation of many turns keeps its memory flat',
  async run(tier) {
    const turns = scaled(tier, 120, 3_600, 20_000);
    const home = new SynapseHome();
    const double = await openProviderDouble();
    try {
      setUpDouble(home, double, '[context]\nmax_tokens = 4000\n');
      double.script(chatReply({ text: ['An answer of some words. '.repeat(20), 'END'] }));
      const talk = home.start(['-r', '--tools', 'read'], { stdin: openStdin });
      const answers = answersOf(talk.stdout!);
      const memory: number[] = [];
      for (let turn = 0; turn < turns; turn++) {
        talk.stdin!.write(`question ${turn}: ${'some words '.repeat(20)}\n`);
        await answers.next();
        memory.push(memoryOf(talk.pid) ?? 0);
      }
      const early = memory[Math.floor(turns / 3)]!;
      const late = memory.at(-1)!;
      talk.stdin!.end();
      const [exitCode] = (await once(talk, 'close')) as [number];
      return { turns, early_mb: Math.round(early), late_mb: Math.round(late), exit: exitCode };
    } finally {
      await double.close();
      home.remove();
    }
  },
  holds: ({ early_mb, late_mb, exit }) => exit === 0 && late_mb! <= early_mb! * 1.25 + 10,
};

/** E10: a session that has grown for years. */
export const hugeSession: Fault = {
  id: 'E10',
  what: 'a session of 100,000 messages is opened and asked in little memory',
  async run(tier) {
    const messages = scaled(tier, 100_000, 100_000, 400_000);
    const home = new SynapseHome();
    const double = await openProviderDouble();
    try {
      setUpDouble(home, double, '[context]\nmax_tokens = 8000\n');
      double.script(chatReply({ text: ['END'] }));
      await addHugeSession(home, messages);
      const talk = home.start(['-r', '-s', 'huge'], { stdin: openStdin });
      const answers = answersOf(talk.stdout!);
      talk.stdin!.write('and now?\n');
      await answers.next();
      const memory_mb = Math.round(memoryOf(talk.pid) ?? 0);
      talk.stdin!.end();
      const [exitCode] = (await once(talk, 'close')) as [number];
      return { messages, memory_mb, exit: exitCode };
    } finally {
      await double.close();
      home.remove();
    }
  },
  holds: ({ memory_mb, exit }) => exit === 0 && memory_mb! < 150,
};

/** Ends of answers, as they come. */
function answersOf(stdout: NodeJS.ReadableStream): AsyncIterator<string> {
  const lines = createInterface({ input: stdout });
  const ends = async function* () {
    for await (const line of lines) if (line.endsWith('END')) yield line;
  };
  return ends();
}
