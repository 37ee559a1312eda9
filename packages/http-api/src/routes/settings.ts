import { listSettings } from '@synapse/app/settings/list-settings';
import { recordOf } from '@synapse/portability/json-schemas';
import { listOf } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const string = { type: 'string' };

export const settingRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/settings', id: 'listSettings', tag: 'server', scope: 'admin' },
    summary: 'List every setting with its value, and the file and line that set it',
    description:
      'Keys and passwords are redacted. The settings are those with which the server started; nothing changes them over HTTP.',
    replies: {
      200: {
        description: 'The settings.',
        schema: recordOf({
          items: listOf(
            recordOf({
              ...{ key: string, value: true },
              origin: recordOf(
                { source: { enum: ['default', 'file', 'environment', 'flag'] } },
                { name: string, line: { type: ['integer', 'null'] } },
              ),
            }),
          ),
        }),
      },
    },
    async handle({ caller: { app } }) {
      return jsonReply(200, { items: await listSettings(app) });
    },
  }),
];
