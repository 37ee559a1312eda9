import { expect } from '@jest/globals';
import { newId, type Message, type SessionStore, type TurnChoice } from '@synapse/core';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  anAnswer,
  at,
  changed,
  noon,
  textsOf,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

type Sessions = Pick<SessionStore, 'append' | 'messages'>;

async function texts(sessions: Sessions, id: string, turns?: TurnChoice): Promise<string[]> {
  return textsOf(await sessions.messages(id, { limit: 50, turns }));
}

/** A second answer to the last question, which is not chosen. */
async function aVariant(
  sessions: Sessions,
  id: string,
  of: number,
  [question = 'q', answer = 'a']: string[],
): Promise<Message[]> {
  const begun = await sessions.append(id, [aMessage(question)], null, { of });
  const { turn } = begun[0]!;
  return [...begun, ...(await sessions.append(id, [anAnswer(answer)], null, { turn }))];
}

export const variantCases: ContractCases<TestedStore> = {
  'stores a variant beside the last turn and leaves the conversation as it is': async ({
    sessions,
  }) => {
    const { id, messages } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    const before = await sessions.get(id);
    const variant = await aVariant(sessions, id, 2, ['q2', 'a2b']);
    expect(variant).toMatchObject([
      { seq: 5, turn: 3, variantOf: 2, active: false },
      { seq: 6, turn: 3, variantOf: 2, active: false },
    ]);
    expect(await sessions.messages(id, { limit: 9 })).toEqual(messages);
    expect(await sessions.messages(id, { limit: 9, turns: 'all' })).toEqual([
      ...messages,
      ...variant,
    ]);
    const { messageCount, turnCount, preview } = before!;
    expect(await sessions.get(id)).toMatchObject({ messageCount, turnCount, preview });
  },

  'shows the conversation with a variant in the place of the last turn': async (store) => {
    const { sessions } = store;
    const { id } = await aConversation(store, ['q1', 'a1', 'q2', 'a2']);
    await aVariant(sessions, id, 2, ['q2', 'a2b']);
    const turns = { variant: 3, instead: 2 };
    const shown = await sessions.messages(id, { limit: 9, turns });
    expect(textsOf(shown)).toEqual(['q1', 'a1', 'q2', 'a2b']);
    expect((await sessions.promptMessages(id, { limit: 2, turns })).map(({ seq }) => seq)).toEqual([
      5, 6,
    ]);
    const answers = await sessions.messages(id, { limit: 9, turns, role: 'assistant' });
    expect(textsOf(answers)).toEqual(['a1', 'a2b']);
    const { length } = await sessions.promptMessages(id, { limit: 9, after: 0 });
    expect(length).toBe(4);
  },

  'chooses a variant, and the other one again': async (store) => {
    const { sessions } = store;
    const { id } = await aConversation(store, ['q1', 'a1', 'q2', 'a2']);
    await aVariant(sessions, id, 2, ['q2 anew', 'a2b']);
    const before = await sessions.get(id);
    await sessions.chooseVariant(id, 3, null);
    expect(await texts(sessions, id)).toEqual(['q1', 'a1', 'q2 anew', 'a2b']);
    expect(await sessions.get(id)).toEqual({ ...changed(before), preview: 'a2b' });
    await sessions.chooseVariant(id, 3, null);
    expect(await texts(sessions, id)).toEqual(['q1', 'a1', 'q2 anew', 'a2b']);
    await sessions.chooseVariant(id, 2, null);
    expect(await texts(sessions, id)).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(await sessions.get(id)).toEqual({ ...changed(before, 2), preview: 'a2' });
    expect(await texts(sessions, id, 'all')).toHaveLength(6);
  },

  'counts the messages of the chosen turn': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    await sessions.append(id, [aMessage('q1'), anAnswer('x'), anAnswer('y')], null, { of: 1 });
    await sessions.chooseVariant(id, 2, null);
    expect(await sessions.get(id)).toMatchObject({ messageCount: 3, turnCount: 1, preview: 'y' });
  },

  'stores the last answer of a variant and chooses it at once': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    const [question] = await sessions.append(id, [aMessage('q1')], null, { of: 1 });
    const { turn } = question!;
    const running = anAnswer('par', { status: 'running' });
    await sessions.append(id, [running], null, { turn });
    const done = { ...running, parts: anAnswer('partial').parts, status: 'complete' as const };
    const chosen = { turn, isChosen: true };
    const expected = [{ seq: 4, turn: 2, variantOf: 1, active: true, status: 'complete' }];
    expect(await sessions.append(id, [done], null, chosen)).toMatchObject(expected);
    expect(await sessions.append(id, [done], null, chosen)).toMatchObject(expected);
    expect(await texts(sessions, id)).toEqual(['q1', 'partial']);
    expect(await sessions.get(id)).toMatchObject({ messageCount: 2, preview: 'partial' });
  },

  'goes on behind the chosen variant, whichever it is': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    await aVariant(sessions, id, 1, ['q1', 'a1b']);
    await sessions.chooseVariant(id, 2, null);
    expect(await sessions.append(id, [anAnswer('more')], null)).toMatchObject([
      { seq: 5, turn: 2, variantOf: 1, active: true },
    ]);
    await sessions.chooseVariant(id, 1, null);
    const added = await sessions.append(id, [aMessage('q2'), anAnswer('a2')], null);
    expect(added).toMatchObject([
      { seq: 6, turn: 3, variantOf: null, active: true },
      { seq: 7, turn: 3, variantOf: null },
    ]);
    expect(await texts(sessions, id)).toEqual(['q1', 'a1', 'q2', 'a2']);
    const all = ['q1', 'a1', 'q1', 'a1b', 'more', 'q2', 'a2'];
    expect(await texts(sessions, id, 'all')).toEqual(all);
  },

  'gives what comes before a question to the turn before': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    await aVariant(sessions, id, 1, ['q1', 'a1b']);
    await sessions.chooseVariant(id, 2, null);
    const added = await sessions.append(id, [anAnswer('more'), aMessage('q2')], null);
    expect(added).toMatchObject([
      { turn: 2, variantOf: 1 },
      { turn: 3, variantOf: null },
    ]);
  },

  'names the first turn of a place, however many there are': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    await aVariant(sessions, id, 1, ['q1', 'b']);
    await sessions.chooseVariant(id, 2, null);
    expect(await aVariant(sessions, id, 2, ['q1', 'c'])).toMatchObject([
      { turn: 3, variantOf: 1 },
      { turn: 3, variantOf: 1 },
    ]);
  },

  'stores a repeated variant once, and at another number than any before': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    const question = aMessage('q1');
    const first = await sessions.append(id, [question], null, { of: 1 });
    expect(await sessions.append(id, [question], null, { of: 1 })).toEqual(first);
    const again = await sessions.append(id, [aMessage('q1')], null, { of: 1 });
    expect([first[0]!.turn, again[0]!.turn]).toEqual([2, 3]);
    expect(await sessions.append(id, [aMessage('q2')], null)).toMatchObject([{ turn: 4 }]);
  },

  'refuses a variant of a turn that is not the last, and stores nothing': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    const expected = { code: 'SYNAPSE_SESSION_CONFLICT' };
    for (const place of [{ of: 1 }, { of: 9 }, { of: 0 }, { turn: 1 }, { turn: 9 }]) {
      await expect(sessions.append(id, [aMessage('x')], null, place)).rejects.toMatchObject(
        expected,
      );
    }
    expect(await texts(sessions, id, 'all')).toHaveLength(4);
  },

  'refuses to choose what is not there or has something behind it': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    await aVariant(sessions, id, 1, ['q1', 'a1b']);
    await sessions.append(id, [aMessage('q2')], null);
    const expected = { code: 'SYNAPSE_SESSION_CONFLICT' };
    for (const turn of [0, 1, 2, 9]) {
      await expect(sessions.chooseVariant(id, turn, null)).rejects.toMatchObject(expected);
    }
    expect(await texts(sessions, id)).toEqual(['q1', 'a1', 'q2']);
  },

  'brings an undone turn back, until something else was stored': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    const before = await sessions.get(id);
    await sessions.undoTurn(id, null);
    await sessions.undoTurn(id, null);
    expect(await sessions.get(id)).toMatchObject({ messageCount: 0, turnCount: 0, preview: null });
    await sessions.chooseVariant(id, 1, null);
    await sessions.chooseVariant(id, 2, null);
    expect(await sessions.get(id)).toEqual(changed(before, 4));
    await sessions.undoTurn(id, null);
    await sessions.append(id, [aMessage('q3')], null);
    await expect(sessions.chooseVariant(id, 2, null)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
  },

  'leaves all variants of an undone place inactive': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    await aVariant(sessions, id, 2, ['q2', 'a2b']);
    await sessions.chooseVariant(id, 3, null);
    expect(textsOf(await sessions.undoTurn(id, null))).toEqual(['q2', 'a2b']);
    expect(await texts(sessions, id)).toEqual(['q1', 'a1']);
    await sessions.chooseVariant(id, 2, null);
    expect(await texts(sessions, id)).toEqual(['q1', 'a1', 'q2', 'a2']);
  },

  'interrupts what a dead process left running in a variant': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    const given = [aMessage('q1'), anAnswer('par', { status: 'running' })];
    await sessions.append(id, given, lease, { of: 1 });
    await sessions.acquireLease(id, aLeaseRequest({ takeOver: lease.token }));
    const all = await sessions.messages(id, { limit: 9, turns: 'all' });
    expect(all.at(-1)).toMatchObject({ status: 'interrupted', active: false });
    expect(await texts(sessions, id)).toEqual(['q1', 'a1']);
  },

  'refuses a lease that was lost, an unknown session and one in the trash': async ({
    sessions,
  }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    await aVariant(sessions, id, 1, ['q1', 'a1b']);
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.acquireLease(id, aLeaseRequest({ takeOver: lease.token }));
    const busy = { code: 'SYNAPSE_SESSION_BUSY' };
    await expect(sessions.chooseVariant(id, 2, lease)).rejects.toMatchObject(busy);
    await expect(sessions.append(id, [aMessage('x')], lease, { of: 1 })).rejects.toMatchObject(
      busy,
    );
    await sessions.trash(id, noon);
    const expected = { code: 'SYNAPSE_SESSION_NOT_FOUND' };
    for (const sessionId of [id, 'unknown']) {
      await expect(sessions.chooseVariant(sessionId, 2, null)).rejects.toMatchObject(expected);
    }
    expect(await texts(sessions, id)).toEqual(['q1', 'a1']);
  },

  'copies variants into a fork as they are': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    await aVariant(sessions, id, 1, ['q1', 'a1b']);
    await sessions.chooseVariant(id, 2, null);
    const copy = await sessions.fork(id, { id: newId(), createdAt: at(100) });
    const flagsOf = (messages: Message[]) =>
      messages.map(({ seq, turn, variantOf, active }) => ({ seq, turn, variantOf, active }));
    const page = { limit: 9, turns: 'all' as const };
    expect(flagsOf(await sessions.messages(copy.id, page))).toEqual(
      flagsOf(await sessions.messages(id, page)),
    );
    expect(copy).toMatchObject({ messageCount: 2, turnCount: 1, preview: 'a1b' });
    await sessions.chooseVariant(copy.id, 1, null);
    expect(await texts(sessions, copy.id)).toEqual(['q1', 'a1']);
    expect(await texts(sessions, id)).toEqual(['q1', 'a1b']);
    expect(await sessions.append(copy.id, [aMessage('q2')], null)).toMatchObject([{ turn: 3 }]);
  },

  'ends a fork in the turn of the message that is named, though another was chosen': async ({
    sessions,
  }) => {
    const { id, messages } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    const [, variant] = await aVariant(sessions, id, 2, ['q2', 'a2b']);
    await sessions.append(id, [aMessage('q3')], null);
    const fork = (throughMessageId: string) =>
      sessions.fork(id, { id: newId(), createdAt: at(100), throughMessageId });
    const ofVariant = await fork(variant!.id);
    expect(await texts(sessions, ofVariant.id)).toEqual(['q1', 'a1', 'q2', 'a2b']);
    expect(ofVariant).toMatchObject({ messageCount: 4, preview: 'a2b' });
    expect(await texts(sessions, (await fork(messages[3]!.id)).id)).toEqual([
      'q1',
      'a1',
      'q2',
      'a2',
    ]);
    await sessions.chooseVariant(ofVariant.id, 2, null);
    expect(await texts(sessions, ofVariant.id)).toEqual(['q1', 'a1', 'q2', 'a2']);
  },
};
