import { needleOf, type SearchTerm } from '@synapse/core/store-kit';
import type { SearchDialect } from '@synapse/storage-knex';

// Independent of the server's text search configuration: Synapse makes the tokens, the index stores
// them.
const VECTOR = "array_to_tsvector(string_to_array(search_text, ' '))";

export function createPostgresSearch(schema: string): SearchDialect {
  return {
    createIndex: async (query) => {
      await query.raw(`create index messages_search on ?? using gin ((${VECTOR}))`, [
        `${schema}.messages`,
      ]);
    },
    dropIndex: async (query) => {
      await query.raw('drop index ??', [`${schema}.messages_search`]);
    },
    // GIN knows which messages match, but not which are the newest.
    gathersAll: (terms) => terms.length > 0,
    readsAllFound: true,
    matching: (query, terms) => {
      const select = query('messages')
        .withSchema(schema)
        .whereRaw(`${VECTOR} @@ ?::tsquery`, [terms.map(anyOf).join(' & ')]);
      // The index knows which tokens a text contains; the text itself shows their order.
      const isPhrase = ({ tokens }: SearchTerm) => tokens.length > 1;
      for (const group of terms.filter((one) => one.some(isPhrase))) {
        const has = group.map(() => "strpos(' ' || messages.search_text || ' ', ?) > 0");
        void select.whereRaw(`(${has.join(' or ')})`, group.map(needleOf));
      }
      return { select, position: 'messages.row_number' };
    },
  };
}

function anyOf(group: readonly SearchTerm[]): string {
  return `(${group.map((term) => `(${toTsquery(term)})`).join(' | ')})`;
}

/** Tokens are letters and digits, so nothing in the quotes can end them. */
function toTsquery({ tokens, isPrefix }: SearchTerm): string {
  return tokens
    .map((token, index) => `'${token}'${isPrefix && index === tokens.length - 1 ? ':*' : ''}`)
    .join(' & ');
}
