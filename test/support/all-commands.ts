import { join } from 'node:path';

interface AnyCommand {
  flags: Record<string, unknown>;
  examples: string[];
}

/** Every command of the program by the words that call it, so that a new one enters the tests by itself. */
export async function allCommands(): Promise<[id: string, command: AnyCommand][]> {
  const { commands } = (await import(join(process.cwd(), 'packages/cli/src/command-table.ts'))) as {
    commands: Record<string, () => Promise<{ default: AnyCommand }>>;
  };
  const all: [string, AnyCommand][] = [];
  // One by one: jest can't load modules that share some at the same time.
  for (const [id, load] of Object.entries(commands)) all.push([id, (await load()).default]);
  return all;
}
