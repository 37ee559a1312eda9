import { htmlReply, jsonReply } from '../../support/replies.ts';
import type { Reply } from '../../support/provider-double.ts';
import { API_KEY, type MatrixCase } from './matrix-case.ts';

const MOST_REQUESTS = 5;

const permanent: readonly [status: number, code: string, message?: string][] = [
  [400, 'INVALID_REQUEST'],
  [400, 'CONTEXT_LENGTH', 'prompt is too long: 210000 tokens > 200000 maximum'],
  [401, 'AUTH'],
  [401, 'AUTH', 'The clock of your machine is wrong.'],
  [401, 'AUTH', `Incorrect API key provided: ${API_KEY}.`],
  [402, 'QUOTA'],
  [403, 'AUTH'],
  [404, 'MODEL_NOT_FOUND', 'The model double-1 does not exist.'],
  [413, 'CONTEXT_LENGTH'],
  [422, 'INVALID_REQUEST'],
  [429, 'QUOTA', 'You exceeded your current quota, please check your plan and billing details.'],
];

const transient: readonly [status: number, code: string][] = [
  [408, 'TIMEOUT'],
  [409, 'OVERLOADED'],
  [429, 'RATE_LIMIT'],
  [500, 'OVERLOADED'],
  [502, 'OVERLOADED'],
  [503, 'OVERLOADED'],
  [504, 'TIMEOUT'],
  [529, 'OVERLOADED'],
];

const retryAfter: readonly [value: string | string[], waitsMs: [from: number, to: number]][] = [
  ['3', [3000, 3750]],
  ['0', [0, 0]],
  [
    ['2', '7'],
    [2000, 2500],
  ],
  ['Mon, 01 Jan 2001 00:00:00 GMT', [0, 0]],
  ['-5', [500, 1500]],
  ['abc', [500, 1500]],
];

/** What a provider says by its status. */
export const statusCases: readonly MatrixCase[] = [
  ...permanent.map(([status, code, message = 'It went wrong.']): MatrixCase => ({
    name: `${status}: ${message}`,
    replies: () => [failure(status, message)],
    outcome: { kind: 'failed', code: `SYNAPSE_PROVIDER_${code}`, requests: 1 },
  })),
  ...transient.flatMap(([status, code]): MatrixCase[] => [
    {
      name: `${status} once`,
      replies: () => [failure(status)],
      outcome: { kind: 'answered', requests: 2, waitsMs: [500, 1500] },
    },
    {
      name: `${status} again and again`,
      replies: () => Array.from({ length: MOST_REQUESTS }, () => failure(status)),
      outcome: { kind: 'failed', code: `SYNAPSE_PROVIDER_${code}`, requests: MOST_REQUESTS },
    },
  ]),
  ...retryAfter.map(([value, waitsMs]): MatrixCase => ({
    name: `429 with Retry-After ${String(value)}`,
    replies: () => [failure(429, 'Slow down.', { 'retry-after': value })],
    outcome: { kind: 'answered', requests: 2, waitsMs },
  })),
  {
    name: '429 with a Retry-After of years',
    replies: () => [failure(429, 'Slow down.', { 'retry-after': '1000000000' })],
    outcome: { kind: 'failed', code: 'SYNAPSE_PROVIDER_RATE_LIMIT', requests: 1 },
  },
  {
    name: 'a model that takes no tools',
    answer: { text: ['I can only talk.'], toolCalls: [] },
    replies: () => [failure(400, 'registry.example/small:1b does not support tools')],
    outcome: { kind: 'answered', requests: 2 },
    scenes: ['calling'],
  },
  {
    name: 'the page of a gateway',
    replies: () => [htmlReply(502, '<html><h1>Bad gateway</h1></html>')],
    outcome: { kind: 'answered', requests: 2 },
  },
];

function failure(
  status: number,
  message = 'It went wrong.',
  headers: Record<string, string | string[]> = {},
): Reply {
  return jsonReply(status, { error: { message, type: 'some_error' } }, headers);
}
