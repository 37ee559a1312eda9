import { gzipSync } from 'node:zlib';
import type { Reply } from '../../support/provider-double.ts';
import { htmlReply, jsonReply, streamOf } from '../../support/replies.ts';
import type { MatrixCase } from './matrix-case.ts';

const BAD = 'SYNAPSE_PROVIDER_INVALID_RESPONSE';
const NETWORK = 'SYNAPSE_PROVIDER_NETWORK';
const TIMEOUT = 'SYNAPSE_PROVIDER_TIMEOUT';

/** The beginning of a connection that speaks HTTP/2: an empty frame of settings. */
const HTTP2: Reply = { isRaw: true, steps: [{ send: Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0) }] };
const RESET: Reply = { isRaw: true, steps: [{ reset: true }] };
const RESET_BEHIND_HEAD = streamOf([{ reset: true }]);
const SILENCE: Reply = { isRaw: true, steps: [{ hang: true }] };
const HEAD_ONLY = streamOf([{ hang: true }]);
const COMMENTS = streamOf([{ send: ': alive\n\n' }, { send: ': alive\n\n' }, { hang: true }]);

const overloadedDocument = jsonReply(200, {
  error: { message: 'Overloaded', type: 'overloaded_error' },
});

/** What the way to the provider does. */
export const connectionCases: readonly MatrixCase[] = [
  elsewhere('nobody listens', ({ closed }) => `http://${closed}`, NETWORK),
  elsewhere('TLS at a server that has none', ({ double }) => `https://${double}`, NETWORK),
  {
    ...elsewhere('a connection that never stands', ({ silent }) => `https://${silent}`, TIMEOUT),
    isImpatient: true,
  },
  once('a reset before the head', RESET),
  once('a kept connection that is closed', { isRaw: true, steps: [{ close: true }] }),
  once('a reset behind the head', RESET_BEHIND_HEAD),
  always('resets behind the head', RESET_BEHIND_HEAD, NETWORK, 5),
  always('another protocol', HTTP2, BAD, 1),
  { ...always('no head', SILENCE, TIMEOUT, 2), isImpatient: true },
  { ...always('a head and nothing more', HEAD_ONLY, TIMEOUT, 2), isImpatient: true },
  { ...always('comments and nothing more', COMMENTS, TIMEOUT, 2), isImpatient: true },
  once('an empty body', streamOf([])),
  once('an error with the status of success', overloadedDocument),
  always('a page with the status of success', htmlReply(200, '<html>Sign in</html>'), BAD, 1),
  always('a document that is no stream', jsonReply(200, { hello: 'world' }), BAD, 1),
  {
    name: 'another type of content',
    replies: (tongue, answer) => [
      {
        headers: { 'content-type': 'text/plain' },
        steps: [{ send: tongue.toWire(answer).join('') }],
      },
    ],
    outcome: { kind: 'answered' },
  },
  {
    name: 'a packed stream that is cut',
    replies: (tongue, answer) => [
      {
        headers: { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' },
        steps: [{ send: gzipSync(tongue.toWire(answer).join('')).subarray(0, 30) }],
      },
    ],
    outcome: { kind: 'answered', requests: 2 },
  },
  {
    name: 'a redirect to another host',
    replies: (_tongue, _answer, places) => [
      { status: 307, headers: { location: `http://${places.elsewhere}/v1` } },
    ],
    outcome: { kind: 'failed', code: BAD, requests: 1 },
  },
];

function once(name: string, reply: Reply): MatrixCase {
  return { name, replies: () => [reply], outcome: { kind: 'answered', requests: 2 } };
}

function always(name: string, reply: Reply, code: string, requests: number): MatrixCase {
  const replies = () => Array.from({ length: requests }, () => reply);
  return { name, replies, outcome: { kind: 'failed', code, requests } };
}

function elsewhere(name: string, url: NonNullable<MatrixCase['url']>, code: string): MatrixCase {
  // The answer before the results would have to come from there as well.
  const scenes = ['alone', 'calling'] as const;
  return { name, url, outcome: { kind: 'failed', code, requests: 0 }, scenes };
}
