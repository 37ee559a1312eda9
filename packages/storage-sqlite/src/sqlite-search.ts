import type { SearchTerm } from '@synapse/core/store-kit';
import type { SearchDialect } from '@synapse/storage-knex';

// The index has no copy of the text and reads that of the table; triggers update it within every
// transaction. The tokenizer "ascii" treats all non-ASCII characters as letters: because tokens
// contain only letters and digits, it splits at the spaces and nowhere else.
const CREATE = [
  `create virtual table messages_search using fts5(
    search_text, content = 'messages', content_rowid = 'row_number', tokenize = 'ascii'
  )`,
  `create trigger messages_search_insert after insert on messages begin
    insert into messages_search (rowid, search_text) values (new.row_number, new.search_text);
  end`,
  `create trigger messages_search_delete after delete on messages begin
    insert into messages_search (messages_search, rowid, search_text)
      values ('delete', old.row_number, old.search_text);
  end`,
  `create trigger messages_search_update after update of search_text on messages
    when old.search_text is not new.search_text begin
    insert into messages_search (messages_search, rowid, search_text)
      values ('delete', old.row_number, old.search_text);
    insert into messages_search (rowid, search_text) values (new.row_number, new.search_text);
  end`,
  "insert into messages_search (messages_search) values ('rebuild')",
];
const DROP = [
  'drop trigger messages_search_insert',
  'drop trigger messages_search_delete',
  'drop trigger messages_search_update',
  'drop table messages_search',
];

export const sqliteSearch: SearchDialect = {
  createIndex: async (query) => {
    for (const statement of CREATE) await query.raw(statement);
  },
  dropIndex: async (query) => {
    for (const statement of DROP) await query.raw(statement);
  },
  // A single word has one list, newest first; the lists of all words with a prefix are merged.
  gathersAll: (terms) => terms.flat().some(({ isPrefix }) => isPrefix),
  readsAllFound: false,
  // SQLite does not reorder a cross join: the index leads, newest first.
  matching: (query, terms) => ({
    select: query('messages_search')
      .crossJoin('messages', 'messages.row_number', 'messages_search.rowid')
      .whereRaw('messages_search match ?', [terms.map(anyOf).join(' AND ')]),
    position: 'messages_search.rowid',
  }),
};

function anyOf(group: readonly SearchTerm[]): string {
  return `(${group.map(toPhrase).join(' OR ')})`;
}

/** Tokens are letters and digits, so nothing in the quotes can end them. */
function toPhrase({ tokens, isPrefix }: SearchTerm): string {
  return `"${tokens.join(' ')}"${isPrefix ? ' *' : ''}`;
}
