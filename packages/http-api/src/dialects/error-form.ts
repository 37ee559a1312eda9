import { redactSecrets } from '@synapse/core';
import { recordOf, type JsonSchema } from '@synapse/portability/json-schemas';
import { HttpError } from '../problems/http-error.ts';
import type { ErrorForm } from '../route.ts';
import type { Dialect } from './dialect.ts';
import { failureHeaders } from './failure.ts';

/** The errors of a dialect, as the SDKs of its provider read them. */
export function errorForm({ error: describe }: Pick<Dialect, 'error'>): ErrorForm {
  const { body } = describe(new HttpError('UNAUTHORIZED', 'The token is unknown or revoked.'));
  return {
    schema: schemaOf(body),
    example: body,
    reply(error, secrets) {
      const { failure, body } = describe(error);
      return new Response(redactSecrets(JSON.stringify(body), secrets), {
        status: failure.status,
        headers: {
          'content-type': 'application/json',
          ...failureHeaders(failure),
          ...(error instanceof HttpError && error.headers),
        },
      });
    },
  };
}

/** The schema of an object in which every text has the form of this one. */
function schemaOf(example: object): JsonSchema {
  const fields = Object.entries(example).map(([name, value]): [string, JsonSchema] => {
    if (typeof value === 'string') return [name, { type: 'string' }];
    return [name, value === null ? { type: ['string', 'null'] } : schemaOf(value as object)];
  });
  return recordOf(Object.fromEntries(fields));
}
