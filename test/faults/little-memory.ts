import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { addHugeSession } from '../support/huge-session.ts';
import { mayLimitMemory, withMemoryLimit } from '../support/memory-group.ts';
import { openProviderDouble } from '../support/provider-double.ts';
import { outcomeOf, SynapseHome } from '../support/run-synapse.ts';
import { chatReply, setUpDouble } from '../support/scripted-openai.ts';
import { scaled, type Fault } from './fault.ts';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
const LIMIT = 256 << 20;
const MESSAGES = 100_000;

const commands = [
  ['-s', 'huge', 'and now?'],
  ['sessions', 'show', 'huge'],
  ['sessions', 'search', 'lorem'],
  ['sessions', 'export', 'huge', '-o', 'export.json'],
  ['sessions', 'fork', 'huge', '--handle', 'copy'],
  ['db', 'check'],
  ['sessions', 'delete', 'huge', '--purge', '--yes'],
  ['sessions', 'import', 'export.json'],
  ['db', 'vacuum'],
  ['db', 'backup', 'copy.db'],
];

/** D10: a machine, or a container, that grants little. */
export const littleMemory: Fault = {
  id: 'D10',
  what: 'all that is done with a session of 100,000 messages fits into 256 MiB',
  lacks: () => (mayLimitMemory() ? undefined : 'the right to limit memory'),
  async run(tier) {
    const home = new SynapseHome();
    const double = await openProviderDouble();
    const figures: Record<string, number> = { messages: MESSAGES, commands: 0, failed: 0 };
    try {
      setUpDouble(home, double);
      double.script(chatReply({ text: ['END'] }));
      await addHugeSession(home, MESSAGES);
      for (const args of commands.slice(0, scaled(tier, 4, 10, 10))) {
        const { exitCode, stderr } = await withMemoryLimit(LIMIT, ([program, ...first]) =>
          outcomeOf(
            spawn(program, [...first, process.execPath, binary, ...args], {
              cwd: home.folder,
              env: home.environment,
              stdio: ['ignore', 'pipe', 'pipe'],
            }),
          ),
        );
        figures.commands! += 1;
        if (exitCode === 0) continue;
        figures.failed! += 1;
        figures[`${args.join(' ')}: ${stderr}`] = exitCode ?? -1;
      }
      return figures;
    } finally {
      await double.close();
      home.remove();
    }
  },
  holds: ({ commands: tried, failed }) => tried! > 0 && failed === 0,
};
