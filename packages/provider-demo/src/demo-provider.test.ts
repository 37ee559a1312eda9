import { describe, expect, it } from '@jest/globals';
import { modelRequest } from '@synapse/test/support/model-request';
import { readAnswer, textOfEvents } from '@synapse/test/support/read-answer';
import { createDemoProvider } from './demo-provider.ts';

const asking = (text: string) =>
  modelRequest({
    model: 'demo-1',
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
  });

describe('the demo provider', () => {
  const provider = createDemoProvider();

  it('introduces itself, repeats the prompt, and ends once', async () => {
    const { events, error } = await readAnswer(provider, asking('Hello\nthere'));
    expect(error).toBeUndefined();
    expect(textOfEvents(events, 'text-delta')).toContain('> Hello\n> there');
    expect(events.filter(({ type }) => type === 'turn-end')).toEqual([events.at(-1)]);
  });

  it('calls a tool that the prompt names, if it was offered', async () => {
    const read = { name: 'read', description: '', inputSchema: { type: 'object' } };
    const request = { ...asking('use the read tool {"path": "a"}'), tools: [read] };
    const { events } = await readAnswer(provider, request);
    expect(events.at(-2)).toMatchObject({ type: 'tool-call', name: 'read', input: { path: 'a' } });
    const { events: plain } = await readAnswer(provider, { ...request, tools: [] });
    expect(plain.at(-1)).toMatchObject({ finishReason: { unified: 'stop' } });
  });

  it('shows a result of several lines as a block of code, and a diff as a diff', async () => {
    const outputs = ['one line', 'two\nlines with ```\n', '--- a.txt\n+++ a.txt\n-old\n+new\n'];
    const request = modelRequest({
      model: 'demo-1',
      messages: [
        {
          role: 'tool',
          parts: outputs.map((output, number) => ({
            type: 'tool-result',
            id: `call-${number}`,
            name: 'edit',
            output,
            isError: false,
            images: [],
          })),
        },
      ],
    });
    const { events } = await readAnswer(provider, request);
    const blocks = textOfEvents(events, 'text-delta').split(/`edit` returned:\n\n/);
    expect(blocks.map((block) => block.trim())).toEqual([
      '',
      '> one line',
      '````\ntwo\nlines with ```\n````',
      '```diff\n--- a.txt\n+++ a.txt\n-old\n+new\n```',
    ]);
  });

  it('rejects any model but its own', async () => {
    const { error } = await readAnswer(provider, { ...asking('Hello'), model: 'demo-2' });
    expect(error).toMatchObject({ reason: 'model-not-found' });
  });

  it('throws the reason at the next event when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen: string[] = [];
    const read = async () => {
      for await (const { type } of provider.stream(asking('Hello'), controller.signal)) {
        seen.push(type);
        controller.abort(reason);
      }
    };
    await expect(read()).rejects.toBe(reason);
    expect(seen).toEqual(['text-delta']);
  });
});
