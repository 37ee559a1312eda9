import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endsSoon, isRunning } from '@synapse/test/support/is-running';
import { callOne, openTestbed, scripted, type Testbed } from '@synapse/test/support/mcp-testbed';

let testbed: Testbed;
beforeEach(async () => {
  testbed = await openTestbed();
});
afterEach(() => testbed.close());

describe('the process of a server', () => {
  it('sees a few variables and its own, and no keys', async () => {
    const source = await testbed.openOne(
      { ...scripted(), env: { OWN: '${SECRET}' }, cwd: testbed.folder },
      { environment: { PATH: '/bin', HOME: '/home/x', SECRET: 's3', OPENAI_API_KEY: 'sk-x' } },
    );
    expect(JSON.parse((await callOne(source, 'environment')).output)).toEqual({
      PATH: '/bin',
      HOME: '/home/x',
      OWN: 's3',
    });
    expect((await callOne(source, 'folder')).output).toBe(testbed.folder);
  });

  it.each(['plain', 'stubborn'])('ends with all that it started: %s', async (start) => {
    const source = await testbed.openOne(scripted(start));
    const pids = [
      Number((await callOne(source, 'pid')).output),
      Number((await callOne(source, 'grandchild')).output),
    ];
    for (const pid of pids) expect(await isRunning(pid)).toBe(true);
    await source.close();
    for (const pid of pids) expect(await endsSoon(pid)).toBe(true);
  });

  it('takes what it started with it when it is killed', async () => {
    const source = await testbed.openOne(scripted());
    const grandchild = Number((await callOne(source, 'grandchild')).output);
    expect((await callOne(source, 'abort')).output).toContain('SIGKILL');
    expect(await endsSoon(grandchild)).toBe(true);
  });

  it('gets its stderr into the log, bounded', async () => {
    const source = await testbed.openOne(scripted());
    await callOne(source, 'stderr-flood');
    const lines = testbed.logger.lines.filter(({ message }) => message.includes('on stderr'));
    expect(lines).toHaveLength(500);
    for (const { fields } of lines) expect(String(fields.line).length).toBeLessThanOrEqual(2000);
  });
});
