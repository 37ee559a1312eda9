import type { Tables } from '../tables.ts';
import type { Migration } from './migration.ts';

/** A turn that is undone or replaced is kept as inactive; only active turns are part of the conversation. */
export const addVariants: Migration = {
  name: '0010-add-variants',

  async up(tables) {
    const { query } = tables;
    const messages = tables.nameOf('messages');
    const sessions = tables.nameOf('sessions');
    await query.raw('alter table ?? add column active integer not null default 1', [messages]);
    await query.raw('alter table ?? add column variant_of bigint', [messages]);
    await query.raw('create index messages_inactive on ?? (session_id, turn) where active = 0', [
      messages,
    ]);
    for (const column of ['last_turn', 'current_turn']) {
      await query.raw('alter table ?? add column ?? bigint not null default 0', [sessions, column]);
    }
    await query.raw('alter table ?? add column current_variant_of bigint', [sessions]);
    await query.raw(
      `update ?? set current_turn = coalesce((select turn from ?? m
         where m.session_id = sessions.id order by seq desc limit 1), 0)`,
      [sessions, messages],
    );
    // An import may have brought numbers with gaps.
    await query.raw(
      `update ?? set last_turn =
         case when current_turn > turn_count then current_turn else turn_count end`,
      [sessions],
    );
  },

  /** An older program would show inactive messages as part of the conversation, so they are removed. */
  async down(tables) {
    const { query } = tables;
    const messages = tables.nameOf('messages');
    const sessions = tables.nameOf('sessions');
    await tables.from('messages').where('active', 0).delete();
    await numberAnew(tables);
    await query.raw('drop index ??', [tables.nameOf('messages_inactive')]);
    for (const column of ['last_turn', 'current_turn', 'current_variant_of']) {
      await query.raw('alter table ?? drop column ??', [sessions, column]);
    }
    for (const column of ['active', 'variant_of']) {
      await query.raw('alter table ?? drop column ??', [messages, column]);
    }
  },
};

/** The older program reads the number of the last turn as the count of questions. */
async function numberAnew(tables: Tables): Promise<void> {
  const messages = tables.nameOf('messages');
  await tables.query.raw(
    `update ?? set turn = numbered.number
     from (select row_number as place, sum(case when role = 'user' then 1 else 0 end)
         over (partition by session_id order by seq) as number
       from ?? where session_id in (select id from ?? where last_turn <> turn_count)) as numbered
     where numbered.place = messages.row_number`,
    [messages, messages, tables.nameOf('sessions')],
  );
}
