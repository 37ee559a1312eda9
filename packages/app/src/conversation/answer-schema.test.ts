import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { readAnswerSchema } from './answer-schema.ts';

const folder = temporaryFolder();

describe('readAnswerSchema', () => {
  it.each([
    ['draft-04/schema', { minimum: 0, exclusiveMinimum: true }],
    ['draft-07/schema', { exclusiveMinimum: 0 }],
    ['draft/2020-12/schema', { exclusiveMinimum: 0 }],
  ])('checks an answer by the draft that the schema names: %s', async (draft, limits) => {
    const path = join(folder, `${draft.replaceAll('/', '-')}.json`);
    const $schema = `https://json-schema.org/${draft}#`;
    const pair = draft.startsWith('draft/') ? { prefixItems: [limits] } : { items: [limits] };
    writeFileSync(path, JSON.stringify({ $schema, type: 'array', ...pair }));
    const schema = await readAnswerSchema(path);
    expect(schema.check('[1, "x"]')).toEqual({ data: [1, 'x'] });
    expect(schema.check('[0]')).toMatchObject({ problems: [expect.stringContaining('/0: ')] });
  });
});
