export interface Schema {
  migrations: string[];
  tables: SchemaTable[];
  /** What is neither a table nor an index of one, by what it does. */
  extras: Record<string, string>;
}

export interface SchemaTable {
  name: string;
  columns: SchemaColumn[];
  /** By their names: what they hold. */
  indexes: Record<string, string>;
}

export interface SchemaColumn {
  name: string;
  type: string;
  isNullable: boolean;
  isKey: boolean;
  /** The table that the column refers to, and what happens when its row goes. */
  refersTo: string | null;
}

export const MIGRATIONS = 'select name from schema_migrations order by version';

export function describeReference(table: string | number, onDelete: string | number): string {
  return `${table}, on delete ${String(onDelete).toLowerCase()}`;
}

/** Without what is said elsewhere: the names, and the engine's way to quote them. */
export function describeIndex(sql: string): string {
  const parts = /^create (unique )?index .*? on [^(]*?(?:using (\w+) )?(\(.*)$/is.exec(
    oneLine(sql),
  );
  if (!parts) throw new Error(`This is no index: ${sql}`);
  const [, unique = '', method = 'btree', rest = ''] = parts;
  const kind = method === 'btree' ? '' : `${method} `;
  return `${unique.toLowerCase()}${kind}${rest.replaceAll('`', '').replace(' WHERE ', ' where ')}`;
}

export function oneLine(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim();
}
