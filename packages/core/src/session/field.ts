import type { JsonObject } from './json-value.ts';

/** The kinds of fields in sessions and messages, each with the type of its values. */
export interface FieldKinds {
  id: string;
  /** The name of a provider, a model or an owner. A redacted export keeps it. */
  name: string;
  /** Text by a person or a model. A redacted export redacts it. */
  text: string;
  flag: boolean;
  /** A whole number from 0. */
  count: number;
  /** Any number from 0, such as a duration. */
  amount: number;
  time: Date;
  json: JsonObject;
}

/** A row of a table of fields, for a field of type `Value`. */
export interface Field<Kinds, Value> {
  /** One of the kinds whose values fit this type. */
  kind: {
    [Kind in keyof Kinds]: Kinds[Kind] extends NonNullable<Value> ? Kind : never;
  }[keyof Kinds];
  /** The value of a field that was never set; null if the field may be null. */
  empty?: Value;
  /** Exports of earlier versions lack the field: an import then takes `empty`. */
  isNewInExports?: true;
}

/** The names of the fields whose rows have these marks. */
export type FieldsWith<Table, Marks> = {
  [Name in keyof Table]: Table[Name] extends Marks ? Name : never;
}[keyof Table];

/** The same names, in the order of the table. */
export function fieldsWith<Table extends object, const Marks extends object>(
  table: Table,
  marks: Marks,
): FieldsWith<Table, Marks>[] {
  const wanted = Object.entries(marks);
  return Object.entries(table)
    .filter(([, field]: [string, Record<string, unknown>]) =>
      wanted.every(([mark, value]) => field[mark] === value),
    )
    .map(([name]) => name as FieldsWith<Table, Marks>);
}
