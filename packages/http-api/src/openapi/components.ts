import {
  attachmentSchema,
  messageSchema,
  partSchema,
  recordOf,
  sessionSchema,
  type JsonSchema,
} from '@synapse/portability/json-schemas';

const text = { type: 'string' };

/** The schemas that replies share, by their names in the document. */
export function componentSchemas(): Record<string, JsonSchema> {
  return {
    Session: sessionSchema(),
    Message: messageSchema(ref('Part')),
    Part: partSchema(),
    Attachment: attachmentSchema(),
    Problem: recordOf(
      {
        ...{ type: text, title: text, status: { type: 'integer' } },
        ...{ detail: text, instance: text, code: { type: 'string', pattern: '^SYNAPSE_' } },
      },
      {
        hint: text,
        run: text,
        holder: recordOf({
          ...{ host: text, pid: { type: 'integer' }, hasExpired: { type: 'boolean' } },
        }),
      },
    ),
  };
}

export function ref(name: 'Session' | 'Message' | 'Part' | 'Attachment' | 'Problem'): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** A page of a list; `nextCursor` is null on the last one. */
export function pageOf(items: JsonSchema): JsonSchema {
  return recordOf({ items: listOf(items), nextCursor: { type: ['string', 'null'] } });
}
