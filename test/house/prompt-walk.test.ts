import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { bundleTraced, callsOf } from '@synapse/test/support/trace-prompt';

const BEGIN = 'packages/cli/src/commands/ask.ts#run';

/** What the prompt needs is opened here, or work begins that the answer does not wait for. */
const notFollowed = [
  'packages/app/src/wiring.ts#createApp',
  'packages/app/src/wiring.ts#openStore',
  'packages/cli/src/first-run/open-model-or-set-up.ts#openModelOrSetUp',
  'packages/cli/src/agent/one-shot-agent.ts#openOneShotAgent',
  'packages/core/src/conversation/turn-state.ts#openToolbox',
  'packages/app/src/cleanup/clean-up.ts#cleanUp',
  'packages/cli/src/base-command.ts#runHook',
];

/**
 * A file is on the way of a prompt if one of its asynchronous functions runs below the command,
 * there or back. What answers at once is a helper, whose name says enough.
 */
function filesEntered(calls: readonly string[][]): string[] {
  const ways = calls.filter(
    (call) =>
      call.includes(BEGIN) &&
      !call.some((place) => notFollowed.includes(place) || /#(close|finish)$/.test(place)),
  );
  return [...new Set(ways.map((call) => call.at(-1)?.split('#')[0] ?? ''))];
}

describe('the way of a prompt', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let folder: string;
  let entered: string[];
  beforeAll(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    double.script(chatReply({ text: ['Hello ', 'you.'] }));
    setUpDouble(home, double);
    folder = mkdtempSync(join(tmpdir(), 'synapse walk '));
    const program = join(folder, 'synapse.cjs');
    await bundleTraced(program);
    const calls = await callsOf({ program, folder, environment: home.environment, args: ['Hi'] });
    entered = filesEntered(calls);
  }, 120_000);
  afterAll(async () => {
    await double.close();
    home.remove();
    rmSync(folder, { recursive: true });
  });

  it('leads through the files that docs/architecture.md lists', () => {
    const text = readFileSync('docs/architecture.md', 'utf8');
    const [, list = ''] = /<!-- walk -->([^]*)<!-- \/walk -->/.exec(text) ?? [];
    const listed = [...list.matchAll(/`(packages\/[^`]+\.ts)`/g)].map(([, file]) => file);
    expect(listed).toEqual(entered);
  });

  it('leads through at most 30 files', () => {
    expect(entered.length).toBeLessThanOrEqual(30);
  });
});
