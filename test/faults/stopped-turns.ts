import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { chatOrderProblems } from '../support/chat-order-problems.ts';
import { endsSoon } from '../support/is-running.ts';
import { openProviderDouble, type Reply } from '../support/provider-double.ts';
import { SynapseHome } from '../support/run-synapse.ts';
import { chatReply, setUpDouble } from '../support/scripted-openai.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
/** How a person or a machine ends a run, and what it ends with. */
const ways: Way[] = [
  { exit: 130, end: (terminal) => terminal.write('\u0003') },
  { exit: 130, end: (terminal) => terminal.write('\u0003\u0003') },
  { exit: 143, end: (terminal) => terminal.kill('SIGTERM') },
  { exit: 143, end: (terminal) => terminal.kill('SIGHUP') },
  { exit: 143, end: (terminal) => terminal.destroy(), isShellNeeded: true },
];
/**
 * A terminal that closes tells its shell, which tells its programs, and learns what they end with. A
 * wait that the signal interrupts says 129, also where the program has ended by then.
 */
const underShell = `"$0" "$@" & child=$!
  trap "kill -HUP $child" HUP
  code=129
  while [ $code = 129 ]; do wait $child; code=$?; done
  echo $code > code`;
interface Way {
  exit: number;
  end(terminal: Terminal): void;
  isShellNeeded?: boolean;
}
type Terminal = ReturnType<typeof spawn> & { destroy(): void };

type Counts = Record<
  'stops' | 'ended_right' | 'went_on' | 'late' | 'resumed' | 'rejections' | 'orphans',
  number
>;

/** F7: whatever ends a turn, and when. */
export const stoppedTurns: Fault = {
  id: 'F7',
  what: 'Ctrl-C, signals and a closed terminal at each event of a turn with tools; the session goes on',
  async run(tier, seed) {
    const random = randomFrom(seed);
    const { events } = await stopAt(Infinity, ways[0]!);
    const figures: Record<string, number> & Counts = {
      ...{ stops: 0, ended_right: 0, went_on: 0, late: 0, resumed: 0, rejections: 0, orphans: 0 },
    };
    for (const way of ways) {
      const moments =
        tier === 'pull'
          ? [0, ...[1, 2].map(() => 1 + Math.floor(random() * (events - 1)))]
          : Array.from({ length: events }, (_, index) => index);
      for (let round = 0; round < scaled(tier, 1, 2, 20); round++) {
        for (const moment of moments) {
          const stopped = await stopAt(moment, way);
          figures.stops += 1;
          figures.ended_right += stopped.isEndedRight ? 1 : 0;
          if (!stopped.isEndedRight) {
            figures[`exit by way ${ways.indexOf(way)} at event ${moment}`] = stopped.exitCode;
          }
          figures.went_on += stopped.hasGoneOn ? 1 : 0;
          // With every change it runs on machines that may be busy with anything.
          figures.late += tier !== 'pull' && stopped.ms > 2000 ? 1 : 0;
          figures.resumed += stopped.isResumed ? 1 : 0;
          figures.rejections += stopped.problems;
          figures.orphans += stopped.orphans;
        }
      }
    }
    return figures;
  },
  holds: ({ stops, ended_right, resumed, ...faults }) =>
    ended_right === stops &&
    resumed === stops &&
    ['went_on', 'late', 'rejections', 'orphans'].every((name) => faults[name] === 0),
};

/** A turn on a terminal that is ended when it has told so many events. */
async function stopAt(moment: number, way: Way) {
  const home = new SynapseHome();
  const double = await openProviderDouble();
  const cwd = join(home.folder, 'work');
  mkdirSync(cwd);
  setUpDouble(home, double);
  try {
    const mark = String(Math.floor(performance.now() * 1000));
    const [first, second, last, another] = rounds(mark);
    let begin: () => void = () => undefined;
    let endedAt = 0;
    let [requestsBefore, requestsAfterwards] = [0, 0];
    // Who does not stop is given something to do.
    const unlessEnded = (reply: Reply) => () => {
      if (endedAt === 0) requestsBefore += 1;
      else requestsAfterwards += 1;
      return endedAt === 0 ? reply : another;
    };
    double.script(
      () => {
        requestsBefore += 1;
        begin();
        return first;
      },
      unlessEnded(second),
      unlessEnded(last),
    );
    const turn = [binary, '--yolo', '--output', 'ndjson', '-s', 'stopped', 'Begin'];
    const [program, args] = way.isShellNeeded
      ? ['/bin/sh', ['-c', underShell, process.execPath, ...turn]]
      : [process.execPath, turn];
    const env = home.environment;
    const terminal = spawn(program, args, { cwd, cols: 9999, rows: 24, env }) as Terminal;
    let events = 0;
    const end = () => {
      endedAt ||= performance.now();
      // From now on a command takes long, unless it is ended.
      writeFileSync(join(cwd, 'ending'), '');
      way.end(terminal);
    };
    if (moment === 0) begin = end;
    terminal.onData((text) => {
      for (const line of text.split('\n')) {
        if (!line.startsWith('{"v":1,"seq":')) continue;
        events += 1;
        if (events === moment) end();
      }
    });
    const ended = await new Promise<number>((resolve) => {
      terminal.onExit(({ exitCode }) => resolve(exitCode));
    });
    const code = join(cwd, 'code');
    const exitCode = way.isShellNeeded ? Number(readFileSync(code, 'utf8')) : ended;
    const ms = performance.now() - endedAt;
    const left = await Promise.all(processesWith(mark).map(endsSoon));

    double.script(chatReply({ text: ['I see.'] }));
    const resumed = await home.run(['-s', 'stopped', 'Go on'], { cwd });
    return {
      events,
      ms,
      exitCode,
      // The one request may have been on its way.
      hasGoneOn: requestsAfterwards > 1 || existsSync(join(cwd, 'outlived')),
      // The last answer may have been complete by then; a terminal that is closed does not show it.
      isEndedRight: exitCode === way.exit || (exitCode === 0 && requestsBefore === 3),
      isResumed: resumed.exitCode === 0 && resumed.stdout === 'I see.\n',
      problems: chatOrderProblems(double.requests.at(-1)?.json().messages ?? []).length,
      orphans: left.filter((hasEnded) => !hasEnded).length,
    };
  } finally {
    await double.close();
    home.remove();
  }
}

function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readCommand(name).includes(mark))
    .map(Number);
}

function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Answers that think, speak and run commands that bear the mark, and one that ends it. */
function rounds(mark: string): [first: Reply, second: Reply, last: Reply, another: Reply] {
  const command = `sleep 0.2${mark}; if [ -e ending ]; then sleep 30.${mark} & wait; touch outlived; fi`;
  const round = (id: string) =>
    chatReply({
      reasoning: ['Well', ' then.'],
      text: ['Now', ' this.'],
      toolCalls: [{ id, name: 'shell', arguments: [JSON.stringify({ command })] }],
    });
  const last = chatReply({ text: ['Done', ' with it.'] });
  return [round('one'), round('two'), last, round('another')];
}
