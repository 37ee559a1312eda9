import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { openProviderDouble, type ProviderDouble, type Step } from '../support/provider-double.ts';
import { streamOf } from '../support/replies.ts';
import { openStdin, outcomeOf, SynapseHome } from '../support/run-synapse.ts';
import { chatReply, setUpDouble } from '../support/scripted-openai.ts';
import { openAiChatWire } from '../support/wire/openai-chat-wire.ts';
import { scaled, type Fault } from './fault.ts';

const MIB = 2 ** 20;
const words = Buffer.alloc(MIB, 'word ');

interface Place {
  home: SynapseHome;
  double: ProviderDouble;
  size: number;
}

interface Way {
  args: string[];
  exit: number;
  /** What comes on stdin, before and behind the huge text. */
  piped?(place: Place): Promise<[before: string, behind: string]>;
  /** What it consists of; words unless told. */
  piece?: Buffer;
  given?(place: Place): void;
}

const asked = ['--tools', 'none', 'hello'];
const endless =
  (answer: Parameters<typeof openAiChatWire>[0], index: number) =>
  ({ double, size }: Place) => {
    const events = openAiChatWire(answer);
    const steps: Step[] = [{ send: events.slice(0, index).join('') }];
    for (let sent = 0; sent < size; sent += MIB) steps.push({ send: events[index] ?? '' });
    double.script(streamOf([...steps, { hang: true }]));
  };
const big = 'word '.repeat(MIB / 5);

const imported: Way = {
  args: ['sessions', 'import', '-'],
  exit: 65,
  async piped({ home, double }) {
    double.script(chatReply({ text: ['fine'] }));
    await home.run(asked);
    const { stdout } = await home.run(['sessions', 'export', '--all']);
    await home.run(['sessions', 'delete', 'last', '--purge', '--yes']);
    const at = stdout.indexOf('hello', stdout.indexOf('{"message"'));
    return [stdout.slice(0, at), stdout.slice(at)];
  },
};

/** Every way on which a text comes in that is larger than any message. */
const ways: Record<string, Way> = {
  stdin: { args: asked, exit: 65, piped: async () => ['', ''] },
  attachment: { args: ['-f', '-', ...asked], exit: 65, piped: async () => ['', ''] },
  conversation: { args: ['-r'], exit: 65, piped: async () => ['', '\n'] },
  import: imported,
  'import of escapes': { ...imported, piece: Buffer.alloc(MIB, String.raw`\n`) },
  'answer without end': { args: asked, exit: 65, given: endless({ text: [big, big] }, 1) },
  'thoughts without end': { args: asked, exit: 65, given: endless({ reasoning: [big] }, 1) },
  'event without end': {
    args: asked,
    exit: 65,
    given({ double, size }) {
      const steps = Array.from({ length: size / MIB }, () => ({ send: words }));
      double.script(streamOf([{ send: 'data: {"choices":[{"text":"' }, ...steps, { hang: true }]));
    },
  },
  'output of a tool': {
    args: ['--yolo', 'hello'],
    exit: 0,
    given({ double, size }) {
      const command = `head -c ${size} /dev/zero | tr '\\0' x`;
      const call = { id: 'one', name: 'shell', arguments: [JSON.stringify({ command })] };
      double.script(chatReply({ toolCalls: [call] }), chatReply({ text: ['fine'] }));
    },
  },
};

/** E3: a message that is larger than any may be. */
export const hugeMessages: Fault = {
  id: 'E3',
  what: 'a message of a GiB is refused at the limit, whichever way it comes',
  async run(tier) {
    const size = scaled(tier, 64, 1024, 1024) * MIB;
    const figures = {
      ...{ ways: 0, refused: 0, most_mb: 0, most_seconds: 0, late: 0, largest_stored_mb: 0 },
    };
    for (const way of Object.values(ways)) {
      const { exit, peakMb, seconds, storedMb } = await go(way, size);
      figures.ways += 1;
      figures.refused += exit === way.exit ? 1 : 0;
      figures.most_mb = Math.max(figures.most_mb, peakMb);
      figures.most_seconds = Math.max(figures.most_seconds, Math.round(seconds));
      figures.late += tier !== 'pull' && seconds > 30 ? 1 : 0;
      figures.largest_stored_mb = Math.max(figures.largest_stored_mb, Math.ceil(storedMb));
    }
    return figures;
  },
  holds: (figures) =>
    figures.refused === figures.ways &&
    figures.most_mb! <= 300 &&
    figures.late === 0 &&
    figures.largest_stored_mb! <= 17,
};

async function go(way: Way, size: number) {
  const home = new SynapseHome();
  const double = await openProviderDouble();
  try {
    setUpDouble(home, double);
    const place = { home, double, size };
    way.given?.(place);
    const text = await way.piped?.(place);
    const peakFile = join(home.folder, 'peak');
    const started = performance.now();
    const child = home.start(way.args, {
      ...(text && { stdin: openStdin }),
      environment: {
        NODE_OPTIONS: `--require "${join(process.cwd(), 'test/bench/report-peak.cjs')}"`,
        BENCH_PEAK_FILE: peakFile,
      },
    });
    const [{ exitCode: exit }] = await Promise.all([
      outcomeOf(child),
      text && child.stdin && pour(child.stdin, way.piece ?? words, text, size),
    ]);
    const seconds = (performance.now() - started) / 1000;
    const { stdout } = await home.run(['sessions', 'export', '--all']);
    const longest = stdout.split('"text":').reduce((most, { length }) => Math.max(most, length), 0);
    return {
      exit,
      peakMb: Number(readFileSync(peakFile, 'utf8')),
      seconds,
      storedMb: longest / MIB,
    };
  } finally {
    await double.close();
    home.remove();
  }
}

/** Stops when nobody listens any more. */
async function pour(
  target: Writable,
  piece: Buffer,
  [before, behind]: [string, string],
  size: number,
) {
  const gone = new AbortController();
  target.on('error', () => gone.abort()).on('close', () => gone.abort());
  target.write(before);
  for (let sent = 0; sent < size && !gone.signal.aborted; sent += MIB) {
    if (!target.write(piece))
      await once(target, 'drain', { signal: gone.signal }).catch(() => null);
  }
  target.end(behind);
}
