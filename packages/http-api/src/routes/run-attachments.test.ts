import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId, textOf } from '@synapse/core';
import { scopes } from '@synapse/core/server';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { createToken, HttpTestbed } from '@synapse/test/support/http-testbed';
import { appWith } from '@synapse/test/support/run-testbed';
import { aSession } from '@synapse/test/support/samples';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('pixels')]);
const pdf = Buffer.from('%PDF-1.7 pages');
const note = Buffer.from('Seat 42.\r\n');
const octets = { 'content-type': 'application/octet-stream' };

let bed: HttpTestbed;
let provider: ScriptedProvider;
let sessionId: string;
beforeEach(async () => {
  provider = new ScriptedProvider([text('yes'), turnEnd], [text('again'), turnEnd]);
  const app = await appWith(provider);
  bed = await HttpTestbed.open({
    changeApp: (given) => ({ ...given, ...app, places: given.places }),
  });
  sessionId = (await bed.store.sessions.create(aSession({ provider: 'demo' }))).id;
});
afterEach(() => bed.close());

async function upload(bytes: Uint8Array, token = bed.token): Promise<string> {
  const { status } = await bed.ask('POST', '/api/attachments', { bytes, headers: octets, token });
  expect(status).toBe(201);
  return createHash('sha256').update(bytes).digest('hex');
}

function ask(body: object, token = bed.token) {
  return bed.post(`/api/sessions/${sessionId}/runs`, { id: newId(), ...body }, { token });
}

it('a question has its uploads as the terminal attaches files, and is repeated with them', async () => {
  const names = ['a.png', 'b.pdf', 'c "d".txt'];
  const hashes = [await upload(png), await upload(pdf), await upload(note)];
  const attachments = hashes.map((sha256, index) => ({ sha256, name: names[index] }));
  const id = newId();
  const begun = await ask({ id, text: 'Which seat?', attachments });
  expect(begun.status).toBe(202);
  await bed.get(`/api/runs/${id}/events`);
  const [question] = await bed.store.sessions.messages(sessionId, { limit: 1, role: 'user' });
  expect(question?.parts).toEqual([
    { type: 'text', text: 'Which seat?' },
    {
      type: 'image',
      attachment: { sha256: hashes[0], mediaType: 'image/png', name: 'a.png', byteLength: 14 },
    },
    {
      type: 'file',
      attachment: {
        sha256: hashes[1],
        mediaType: 'application/pdf',
        name: 'b.pdf',
        byteLength: 14,
      },
    },
    { type: 'text', text: '\n\n<file name="c \\"d\\".txt">\nSeat 42.\n</file>' },
  ]);
  expect(JSON.stringify(provider.requests.at(-1)?.messages)).toContain('image/png');
  expect((await ask({ id, text: 'Which seat?', attachments })).body).toMatchObject({ id });
  expect((await ask({ id, text: 'Which seat?' })).status).toBe(422);
  const { body } = await bed.post(`/api/sessions/${sessionId}/runs`, {
    id: newId(),
    text: 'Sure?',
  });
  await bed.get(`/api/runs/${body.id as unknown as string}/events`);
  expect(provider.requests).toHaveLength(2);
  expect(JSON.stringify(provider.requests[1]?.messages)).toContain('application/pdf');
});

it('a question may be attachments alone, but not nothing', async () => {
  const { body } = await ask({ text: '', attachments: [{ sha256: await upload(note) }] });
  const question = await bed.store.sessions.message(sessionId, body.id as unknown as string);
  expect(textOf(question!.parts)).toContain('Seat 42.');
  expect((await ask({ text: '' })).status).toBe(400);
});

it('a hash gives no token the upload of another, nor bytes that a session holds elsewhere', async () => {
  const sha256 = await upload(pdf);
  const same = await createToken(bed.store.tokens, scopes);
  expect((await ask({ text: 'q', attachments: [{ sha256 }] }, same)).status).toBe(404);
  const bob = await createToken(bed.store.tokens, scopes, 'bob');
  const { body } = await bed.post('/api/sessions', {}, { token: bob });
  const path = `/api/sessions/${body.id as unknown as string}/runs`;
  const question = { id: newId(), text: 'q', attachments: [{ sha256 }] };
  expect((await bed.post(path, question, { token: bob })).status).toBe(404);
  await upload(pdf, bob);
  expect((await bed.post(path, question, { token: bob })).status).toBe(202);
});
