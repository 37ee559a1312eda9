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

/** The columns of a record in which each field has one column. */
export type Columns<T> = {
  [Name in keyof T & string as ColumnName<Name>]: ColumnValue<T[Name]>;
};

/** These have several columns, or a table of their own. */
type OtherKind = 'tags' | 'origin' | 'usage' | 'cost';
type OtherField = 'tags' | 'forkedFrom' | 'usage' | 'cost';

/** The fields of a session or a message that have one column each. */
export type SessionColumns = Columns<Omit<Session, OtherField>>;
export type MessageColumns = Columns<Omit<Message, OtherField>>;

type Stored = string | number | null;

/** How to store and read values of a kind; null is stored as null. */
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

/** A field and its column. */
export interface FieldColumn {
  name: string;
  column: string;
  setBy: string;
  toColumn: (value: unknown) => Stored;
  fromColumn: (stored: unknown) => unknown;
  /** The stored value of a field that was never set. */
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

/** Makes these fields from the columns of `columnsMaker`; `others` likewise. */
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

/**
 * An object that has all its names before it gets values; adding them one by one takes ten times as
 * long.
 */
function blankOf(names: readonly string[]): Record<string, unknown> {
  const blank = Object.fromEntries(names.map((name) => [name, null]));
  return JSON.parse(JSON.stringify(blank)) as Record<string, unknown>;
}

/**
 * The checksum's text for columns that are newer than its rule: the names and values of those that
 * are not empty. So rows that were stored before such a column existed keep their checksum.
 */
export function valuesOfNewer(fields: readonly FieldColumn[], row: object): unknown[] {
  const stored = row as Record<string, unknown>;
  return fields.flatMap(({ column, empty }) =>
    stored[column] === empty ? [] : [column, stored[column]],
  );
}
