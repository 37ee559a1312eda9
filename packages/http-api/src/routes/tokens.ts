import { scopes, type Token } from '@synapse/core/server';
import { recordOf } from '@synapse/portability/json-schemas';
import { requireScope } from '../doors/identify.ts';
import { id } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'tokens';
const string = { type: 'string' };
const emptiable = { type: ['string', 'null'] };
const token = recordOf({
  ...{ id: string, name: string, scopes: listOf({ enum: scopes }) },
  ...{ createdAt: string, lastUsedAt: emptiable, revokedAt: emptiable },
  isCurrent: { type: 'boolean' },
});

export const tokenRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/tokens', id: 'listTokens', tag, scope: 'admin' },
    summary: 'List the tokens, revoked ones included, the oldest first',
    description: 'Never shows the token itself: the store has only its hash.',
    replies: { 200: { description: 'The tokens.', schema: recordOf({ items: listOf(token) }) } },
    async handle({ caller: { store, identity } }) {
      const items = await store.tokens.list();
      return jsonReply(200, { items: items.map((one) => tokenToJson(one, identity.tokenId)) });
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/api/tokens/{tokenId}/revoke', id: 'revokeToken', tag },
    scope: 'read',
    summary: 'Revoke a token for good',
    description:
      'Every token may revoke itself; another one needs the scope "admin". Does nothing if it is revoked already.',
    params: { tokenId: id('The id of the token.') },
    replies: { 200: { description: 'The revoked token.', schema: token } },
    async handle({ caller: { store, identity, app }, params: { tokenId } }) {
      if (tokenId !== identity.tokenId) requireScope(identity, 'admin');
      const revoked = await store.tokens.revoke(tokenId, app.clock.now());
      return jsonReply(200, tokenToJson(revoked, identity.tokenId));
    },
  }),
];

function tokenToJson(
  { id: tokenId, name, scopes: given, createdAt, lastUsedAt, revokedAt }: Token,
  current: string | null,
) {
  const isCurrent = tokenId === current;
  return { id: tokenId, name, scopes: given, createdAt, lastUsedAt, revokedAt, isCurrent };
}
