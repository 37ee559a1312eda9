import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

const [ctrlC, escape] = ['\u0003', '\u001b'];

describe('what is typed while an answer runs', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let screen: PtyScreen;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
  });
  afterEach(async () => {
    screen.kill('SIGKILL');
    await screen.exited;
    await double.close();
    home.remove();
  });

  const start = (columns: number) => {
    screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: ['-r', 'hello'],
      ...{ columns, rows: 24 },
      environment: home.environment,
      workingDirectory: home.folder,
    });
  };
  const sees = (text: string) => screen.until((lines) => lines.join('\n').includes(text));
  const halfAnAnswer = () => {
    const [first = '', second = ''] = openAiChatWire({ text: ['A first word', ' and more'] });
    return streamOf([{ send: first + second }, { hang: true }]);
  };
  const questions = () =>
    double.requests.map((request) => JSON.stringify(request.json())).filter(Boolean);

  describe.each([40, 80, 120])('on %i columns', (columns) => {
    it.each([
      ['Ctrl-C', ctrlC],
      ['Escape', escape],
    ])('goes back to the prompt when %s stops the answer', async (_name, key) => {
      double.script(halfAnAnswer());
      start(columns);
      await sees('A first word');
      screen.type('and then\rhalf');
      screen.type(key);
      await sees('the answer so far is kept');
      await screen.until((lines) => lines.includes('> and then') && lines.includes('  half'));
      expect(double.requests).toHaveLength(1);
      double.script(chatReply({ text: ['Both.'] }));
      screen.type(' a line\r');
      await sees('Both.');
      expect(questions().at(-1)).toContain('and then\\nhalf a line');
    });
  });
});
