import { describe, expect, it } from '@jest/globals';
import { text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { failure, providerNamed, textAnswer } from '@synapse/test/support/answers';
import { modelRequest } from '@synapse/test/support/model-request';
import { collect } from '@synapse/test/support/read-answer';
import { ProviderError } from '../errors/provider-error.ts';
import { withoutRefusedTools } from './repeat-request.ts';

const never = new AbortController().signal;
const tools = [{ name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }];
const request = modelRequest({ model: 'm1', tools });

const refusal = (name: string) =>
  new ProviderError(`acme returned 400: Invalid schema for function '${name}'.`, {
    ...{ provider: 'acme', reason: 'invalid-request', isRetryable: false },
  });

describe('withoutRefusedTools', () => {
  it('offers the tools to a model that supports them', async () => {
    const acme = providerNamed('acme', textAnswer('Hi'));
    const { events } = await collect(withoutRefusedTools(acme).stream(request, never));
    expect(events).toEqual([text('Hi'), turnEnd]);
    expect(acme.requests).toEqual([request]);
  });

  it('asks without tools, and reports it, if the model supports none', async () => {
    const acme = providerNamed('acme', [failure('no-tools')], textAnswer('Hi'));
    const { events } = await collect(withoutRefusedTools(acme).stream(request, never));
    expect(events).toEqual([
      { type: 'notice', text: 'm1 does not support tools; asking it without them.' },
      text('Hi'),
      turnEnd,
    ]);
    expect(acme.requests).toEqual([request, { ...request, tools: [] }]);
  });

  it('remembers for each model that it supports no tools', async () => {
    const answer = textAnswer('Hi');
    const acme = providerNamed('acme', [failure('no-tools')], answer, answer, answer);
    const provider = withoutRefusedTools(acme);
    await collect(provider.stream(request, never));
    const { events } = await collect(provider.stream(request, never));
    await collect(provider.stream({ ...request, model: 'm2' }, never));
    expect(events).toEqual(answer);
    expect(acme.requests.map(({ model, tools }) => [model, tools.length])).toEqual([
      ['m1', 1],
      ['m1', 0],
      ['m1', 0],
      ['m2', 1],
    ]);
  });

  it.each([
    ['something else is wrong', [failure('invalid-request')]],
    ['something of the answer was seen', [text('H'), failure('no-tools')]],
  ])('does not retry when %s', async (_case, script) => {
    const acme = providerNamed('acme', script, textAnswer('Hi'));
    const { error } = await collect(withoutRefusedTools(acme).stream(request, never));
    expect(error).toBe(script.at(-1));
    expect(acme.requests).toHaveLength(1);
  });

  it('retries once without the tool that the refusal names, and no longer offers it', async () => {
    const [tool] = tools;
    const request = modelRequest({ model: 'm1', tools: [tool!, { ...tool!, name: 'find' }] });
    const answer = textAnswer('Hi');
    const acme = providerNamed('acme', [refusal('find')], answer, answer);
    const provider = withoutRefusedTools(acme);
    const { events } = await collect(provider.stream(request, never));
    expect(events).toEqual([
      { type: 'notice', text: 'acme refuses the tool "find"; asking m1 without it.' },
      ...answer,
    ]);
    expect((await collect(provider.stream(request, never))).events).toEqual(answer);
    expect(acme.requests).toEqual([request, { ...request, tools }, { ...request, tools }]);
  });

  it('does not retry twice, and leaves out both refused tools next time', async () => {
    const [tool] = tools;
    const more = ['find', 'move'].map((name) => ({ ...tool!, name }));
    const request = modelRequest({ model: 'm1', tools: [...tools, ...more] });
    const acme = providerNamed('acme', [refusal('find')], [refusal('move')], textAnswer('Hi'));
    const provider = withoutRefusedTools(acme);
    const { error } = await collect(provider.stream(request, never));
    expect(error).toMatchObject({ message: refusal('move').message });
    await collect(provider.stream(request, never));
    expect(acme.requests.map(({ tools }) => tools.map(({ name }) => name))).toEqual([
      ['read', 'find', 'move'],
      ['read', 'move'],
      ['read'],
    ]);
  });

  it('asks once if no tools were offered', async () => {
    const acme = providerNamed('acme', [failure('no-tools')], textAnswer('Hi'));
    const bare = modelRequest({ model: 'm1' });
    const { error } = await collect(withoutRefusedTools(acme).stream(bare, never));
    expect(error).toMatchObject({ reason: 'no-tools' });
    expect(acme.requests).toHaveLength(1);
  });
});
