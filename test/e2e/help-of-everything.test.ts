import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { SynapseHome } from '@synapse/test/support/run-synapse';

// Each case starts the real program several times, on machines that may be busy.
jest.setTimeout(120_000);

describe('help', () => {
  const home = new SynapseHome();
  afterAll(() => home.remove());

  it('is there for every command that completion offers', async () => {
    const offered = async (...words: string[]) => {
      const { stdout } = await home.run(['__complete', ...words, '']);
      return stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t')[0] ?? '');
    };
    for (const word of ['config', 'db', 'keys', 'providers']) {
      for (const verb of await offered(word)) {
        const { stdout, exitCode } = await home.run([word, verb, '--help']);
        expect([word, verb, exitCode]).toEqual([word, verb, 0]);
        expect(stdout).toContain(`synapse ${word} ${verb}`);
      }
    }
    for (const word of ['completion', 'doctor', 'models', 'usage']) {
      expect((await home.run([word, '--help'])).stdout).toContain(`synapse ${word}`);
    }
  });
});
