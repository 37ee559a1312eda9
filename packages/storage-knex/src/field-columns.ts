import type { Message, Session } from '@synapse/core';
import {
  messageFields,
  sessionFields,
  type MessageKinds,
  type SessionKinds,
} from '@synapse/core/store-kit';
import { fromStoredText, toStoredText } from './stored-text.ts';

/** `workingDirectory` is stored in the column `working_directory`. */
type ColumnName<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${ColumnName<Rest>}`
  : Name;

/** Times are stored in milliseconds, flags as 0 and 1, lists and objects as JSON. */
type ColumnValue<Value> = Value extends null
  ? null
  : Value extends number | boolean | Date
    ? number
    : string;

/** The columns of a record whose fields have one column each. */
export type Columns<T> = {
  [Name in keyof T & string as ColumnName<Name>]: ColumnValue<T[Name]>;
};

/** These have several columns, or a table of their own. */
type OtherKind = 'tags' | 'origin' | 'usage' | 'cost';
type OtherField = 'tags' | 'forkedFrom' | 'usage' | 'cost';

/** A session, or a message, as far as each of its fields has one column. */
export type SessionColumns = Columns<Omit<Session, OtherField>>;
export type MessageColumns = Columns<Omit<Message, OtherField>>;

type Stored = string | number | null;

/** How values of a kind are stored, and read again; null is stored as null. */
interface Conversion {
  toColumn: (value: never) => Stored;
  fromColumn: (stored: never) => unknown;
}

const asItIs: Conversion = { toColumn: (value) => value, fromColumn: (stored) => stored };
const asText: Conversion = { toColumn: toStoredText, fromColumn: fromStoredText };
const asJson: Conversion = { toColumn: JSON.stringify, fromColumn: JSON.parse };

const conversions: Record<
  Exclude<keyof SessionKinds | keyof MessageKinds, OtherKind>,
  Conversion
> = {
  ...{ id: asItIs, role: asItIs, status: asItIs, count: asItIs, amount: asItIs },
  ...{ handle: asText, name: asText, text: asText },
  ...{ json: asJson, parts: asJson, finishReason: asJson, error: asJson },
  flag: {
    toColumn: (value: boolean) => (value ? 1 : 0),
    fromColumn: (stored: number) => stored === 1,
  },
  time: {
    toColumn: (value: Date) => value.getTime(),
    fromColumn: (stored: number) => new Date(stored),
  },
};

/** A field and the column that it is stored in. */
export interface FieldColumn {
  name: string;
  column: string;
  setBy: string;
  toColumn: (value: unknown) => Stored;
  fromColumn: (stored: unknown) => unknown;
  /** What is stored of a field that nobody has set. */
  empty: Stored | undefined;
}

interface FieldRow {
  kind: string;
  setBy: string;
  empty?: unknown;
}

function toFieldColumns(table: Record<string, FieldRow>): FieldColumn[] {
  return Object.entries(table).flatMap(([name, { kind, setBy, empty }]) => {
    if (!(kind in conversions)) return [];
    const conversion = conversions[kind as keyof typeof conversions];
    const toColumn = conversion.toColumn as FieldColumn['toColumn'];
    return {
      ...{ name, setBy, toColumn },
      column: name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      fromColumn: conversion.fromColumn as FieldColumn['fromColumn'],
      empty: empty === undefined || empty === null ? empty : toColumn(empty),
    };
  });
}

export const sessionFieldColumns: readonly FieldColumn[] = toFieldColumns(sessionFields);
export const messageFieldColumns: readonly FieldColumn[] = toFieldColumns(messageFields);

/** Makes the columns of these fields from a record; `others` are null until the caller sets them. */
export function columnsMaker(
  fields: readonly FieldColumn[],
  others: readonly string[] = [],
): (record: object) => object {
  const blank = blankOf([...fields.map(({ column }) => column), ...others]);
  return (record) => {
    const values = record as Record<string, unknown>;
    const row = { ...blank };
    for (const { name, column, toColumn } of fields) {
      const value = values[name];
      if (value !== null) row[column] = toColumn(value);
    }
    return row;
  };
}

/** Makes these fields from the columns that `columnsMaker` made; `others` likewise. */
export function fieldsMaker(
  fields: readonly FieldColumn[],
  others: readonly string[],
): (row: object) => object {
  const blank = blankOf([...fields.map(({ name }) => name), ...others]);
  const same = fields.filter(({ fromColumn }) => fromColumn === asItIs.fromColumn);
  const converted = fields.filter(({ fromColumn }) => fromColumn !== asItIs.fromColumn);
  return (row) => {
    const stored = row as Record<string, unknown>;
    const record = { ...blank };
    for (const { name, column } of same) record[name] = stored[column];
    for (const { name, column, fromColumn } of converted) {
      const value = stored[column];
      if (value !== null) record[name] = fromColumn(value);
    }
    return record;
  };
}

/** An object that has all its names before it gets values: to add them one by one takes ten times as long. */
function blankOf(names: readonly string[]): Record<string, unknown> {
  const blank = Object.fromEntries(names.map((name) => [name, null]));
  return JSON.parse(JSON.stringify(blank)) as Record<string, unknown>;
}

/**
 * What a checksum adds for columns that are newer than its rule: their names and values, except where they
 * are empty. So rows that were stored before there was such a column keep their checksum.
 */
export function valuesOfNewer(fields: readonly FieldColumn[], row: object): unknown[] {
  const stored = row as Record<string, unknown>;
  return fields.flatMap(({ column, empty }) =>
    stored[column] === empty ? [] : [column, stored[column]],
  );
}
