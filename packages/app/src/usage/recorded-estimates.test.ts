import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ModelProvider } from '@synapse/core';
import { MessageCollector } from '@synapse/core/conversation';
import { estimateUsage } from '@synapse/core/models';
import { createAnthropicProvider } from '@synapse/provider-anthropic';
import { createOpenAiProvider } from '@synapse/provider-openai';
import { modelRequest } from '@synapse/test/support/model-request';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { readAnswer } from '@synapse/test/support/read-answer';
import { eventStream } from '@synapse/test/support/replies';
import { toWire, type WireDialect } from '@synapse/test/support/wire/wire-events';
import {
  hasRecordings,
  recordedStreams,
  type WireStream,
} from '@synapse/test/support/wire/wire-streams';

/** Why what was reported says nothing about what can be read. */
const INCOMPARABLE: Record<string, string> = {
  'anthropic-refusal': 'nothing was said',
  'anthropic-thinking': 'the whole reasoning is counted, only a summary of it is shown',
  'openai-responses-reasoning': 'a summary of the reasoning is shown, none of it is counted',
  'openai-responses-parallel-tool-calls': 'fewer tokens are reported than its call is long',
  'openai-responses-error-mid-stream': 'it broke off before anything was said',
};

const OPTIONS = { apiKey: 'sk-recorded-0123456789', name: 'recorded' };
const PROVIDERS: Record<WireDialect, (baseUrl: string) => ModelProvider> = {
  anthropic: (baseUrl) => createAnthropicProvider({ ...OPTIONS, baseUrl }),
  'openai-chat': (baseUrl) => createOpenAiProvider({ ...OPTIONS, baseUrl, dialect: 'chat' }),
  'openai-responses': (baseUrl) =>
    createOpenAiProvider({ ...OPTIONS, baseUrl, dialect: 'responses' }),
};
const streams = Object.keys(PROVIDERS).flatMap((dialect) =>
  recordedStreams(dialect as WireDialect),
);

const reason = hasRecordings ? '' : ' (skipped: SYNAPSE_WIRE_DIR names no folder here)';

(hasRecordings ? describe : describe.skip)(`estimates of recorded answers${reason}`, () => {
  let double: ProviderDouble;
  beforeAll(async () => {
    double = await openProviderDouble();
  });
  afterAll(() => double.close());

  /** The tokens of an answer as the provider counts them and as they are estimated. */
  async function count({ name, dialect, lines }: WireStream) {
    double.script(eventStream(...toWire(dialect, lines)));
    const { events, error } = await readAnswer(PROVIDERS[dialect](double.url));
    expect(error).toBeUndefined();
    const collector = new MessageCollector();
    for (const event of events) collector.add(event);
    const { usage, model } = collector.turnEnd!;
    const request = modelRequest({ model });
    const estimated = estimateUsage(request, collector.parts()).outputTokens;
    return { name, reported: usage!.outputTokens, estimated };
  }

  it('are off by less than a tenth in total', async () => {
    const rows = [];
    for (const stream of streams)
      if (!(stream.name in INCOMPARABLE)) rows.push(await count(stream));
    const reported = rows.reduce((sum, row) => sum + row.reported, 0);
    const off = rows.reduce((sum, row) => sum + Math.abs(row.estimated - row.reported), 0);
    const table = rows.map((row) => `${row.estimated} for ${row.reported}  ${row.name}`);
    if (off >= reported / 10) {
      throw new Error(`${off} of ${reported} tokens are off:\n${table.join('\n')}`);
    }
    expect(rows.length).toBeGreaterThanOrEqual(8);
  });

  it('leave out only recordings that cannot be compared', () => {
    const names = streams.map(({ name }) => name);
    for (const name of Object.keys(INCOMPARABLE)) expect(names).toContain(name);
  });
});
