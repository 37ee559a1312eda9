import { createToken } from '@synapse/app/server/tokens';
import { scopes } from '@synapse/core/server';
import { recordOf } from '@synapse/portability/json-schemas';
import * as v from 'valibot';
import { idFromKey } from '../doors/idempotency-key.ts';
import { text } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const string = { type: 'string' };

export const signInRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'POST', path: '/api/tokens', id: 'createToken', tag: 'tokens', scope: 'admin' },
    summary: 'Make a token for another device, with the scopes of yours',
    description:
      'The page does this at its first start, so that a browser has a token of its own, which you can revoke. The token is shown once.',
    body: {
      kind: 'json',
      schema: v.strictObject({ name: text('The name in the list of tokens.', 64) }),
      example: { name: 'Firefox on Linux' },
    },
    replies: {
      201: {
        description: 'The token.',
        schema: recordOf({
          ...{ id: string, name: string, scopes: listOf({ enum: scopes }) },
          ...{ createdAt: string, secret: string },
        }),
      },
    },
    async handle({ caller: { identity, store, app }, headers, body }) {
      const { scopes: own, owner } = identity;
      // A repeated request fails: nothing can show the token again.
      const id = idFromKey(headers, identity);
      const wanted = { id, name: body.name, scopes: own, owner, now: app.clock.now() };
      const { token, secret } = await createToken(store.tokens, wanted);
      const { name, scopes: given, createdAt } = token;
      return jsonReply(201, { id: token.id, name, scopes: given, createdAt, secret });
    },
  }),
];
