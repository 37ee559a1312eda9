import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { aSession } from '@synapse/test/support/samples';
import { runTurn } from '../conversation/run-turn.ts';
import { ProviderError, type ProviderFailure } from '../errors/provider-error.ts';
import type { Store } from '../ports/store.ts';
import type { AttachmentReference, Part } from '../session/part.ts';
import { silentLogger } from '../silent-logger.ts';
import { defaultContextSettings } from './context-settings.ts';
import { SessionContext } from './session-context.ts';

const clock = new FakeClock();
const NOTE = '[The image "p.png" was refused by the model and is left out.]';
const answer = [text('Hi'), turnEnd];

let store: Store;
let sessionId: string;

beforeEach(async () => {
  store = createMemoryStore();
  ({ id: sessionId } = await store.sessions.create(aSession()));
});

async function image(): Promise<Part> {
  const bytes = new Uint8Array([1, 2, 3]);
  const attachment = await store.attachments.put({ bytes, mediaType: 'image/png', name: 'p.png' });
  return { type: 'image', attachment };
}

function refusal(reason: ProviderFailure, message: string, status = 400): ProviderError {
  return new ProviderError(message, { provider: 'scripted', reason, status, isRetryable: false });
}

/** Asks once; what was sent, and the notices. */
async function ask(
  provider: ScriptedProvider,
  parts: Part[],
  model = 'wise-5',
  readsImages: boolean | null = null,
) {
  const { sessions, attachments } = store;
  const context = new SessionContext({
    ...{ sessions, attachments, sessionId, systemPrompt: null },
    answerer: { provider: 'scripted', model },
    limits: { contextTokens: null, maxOutputTokens: null, readsImages },
    settings: { ...defaultContextSettings, strategy: 'full' },
  });
  const notices: string[] = [];
  const unread: AttachmentReference[] = [];
  const turn = runTurn({
    ...{ sessions, sessionId, lease: null, provider, model, parts },
    context,
    prices: { costOf: () => null },
    ...{ clock, logger: silentLogger, signal: new AbortController().signal },
  });
  try {
    for await (const event of turn) if (event.type === 'notice') notices.push(event.text);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
  }
  for (const notice of context.takeNotices()) {
    if (notice.kind === 'unread') unread.push(...notice.images);
  }
  const sent: { type: string }[] = [];
  for (const message of provider.requests.at(-1)!.messages) sent.push(...message.parts);
  return { sent, notices, unread };
}

describe('a refused question', () => {
  it.each([
    [
      'an image that the model has no eyes for',
      refusal('invalid-request', 'unknown variant image_url'),
    ],
    ['too large a request', refusal('context-length', 'No.', 413)],
    ['a type that is not supported', refusal('invalid-request', 'No.', 415)],
  ])('does not block the next ones: %s', async (_, failure) => {
    const provider = new ScriptedProvider([failure], answer, answer);
    const question: Part[] = [{ type: 'text', text: 'What is it?' }, await image()];
    const first = await ask(provider, question);
    expect(first.sent.map(({ type }) => type)).toEqual(['text', 'image']);
    expect(first.notices).toEqual(['From now on, requests to wise-5 leave out p.png.']);
    for (const said of ['And now?', 'And then?']) {
      const { sent, notices } = await ask(provider, [{ type: 'text', text: said }]);
      expect(sent.slice(0, 2)).toEqual([question[0], { type: 'text', text: NOTE }]);
      expect(sent.map(({ type }) => type)).not.toContain('image');
      expect(notices).toEqual([]);
    }
  });

  it('leaves out attachments of earlier turns if the question has none itself', async () => {
    await ask(new ScriptedProvider(answer), [await image()], 'eyes');
    const failure = refusal('invalid-request', 'unknown variant image_url');
    const provider = new ScriptedProvider([failure], answer);
    const first = await ask(provider, [{ type: 'text', text: 'So?' }]);
    expect(first.notices).toEqual(['From now on, requests to wise-5 leave out p.png.']);
    const { sent } = await ask(provider, [{ type: 'text', text: 'Again.' }]);
    expect(sent.map(({ type }) => type)).not.toContain('image');
    expect(sent).toContainEqual({ type: 'text', text: NOTE });
  });

  it('is sent completely to another model', async () => {
    const failure = refusal('invalid-request', 'This model has no vision.');
    await ask(new ScriptedProvider([failure]), [await image()]);
    const { sent } = await ask(
      new ScriptedProvider(answer),
      [{ type: 'text', text: 'So?' }],
      'eyes',
    );
    expect(sent.map(({ type }) => type)).toEqual(['image', 'text']);
  });

  it.each([
    ['a rate limit', refusal('rate-limit', 'Too many images per minute.', 429)],
    ['an outage', refusal('overloaded', 'The image server is down.', 503)],
    ['another fault of the request', refusal('invalid-request', 'temperature is deprecated.')],
  ])('keeps its attachments if the reason is %s', async (_, failure) => {
    const provider = new ScriptedProvider([failure], answer);
    const first = await ask(provider, [await image()]);
    expect(first.notices).toEqual([]);
    const { sent } = await ask(provider, [{ type: 'text', text: 'Again.' }]);
    expect(sent.map(({ type }) => type)).toEqual(['image', 'text']);
  });
});

describe('an image of an earlier turn', () => {
  it('is replaced by its name only for a model that is known not to read images', async () => {
    const provider = new ScriptedProvider(answer, answer, answer);
    const shown = await image();
    await ask(provider, [shown], 'eyes');
    const { sent, unread } = await ask(provider, [{ type: 'text', text: 'So?' }], 'blind', false);
    const text = '[The image "p.png" is left out, as the model reads no images.]';
    expect(sent[0]).toEqual({ type: 'text', text });
    expect(unread.map(({ name }) => name)).toEqual(['p.png']);
    const seen = await ask(provider, [{ type: 'text', text: 'And you?' }], 'eyes', true);
    expect(seen.sent[0]).toMatchObject(shown);
    expect(seen.unread).toEqual([]);
  });
});
