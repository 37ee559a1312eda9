/** The properties of a setting that describe its values. */
export interface Limits {
  choices?: readonly string[];
  min?: number;
  max?: number;
}

type IsValid = (value: unknown, limits: Limits) => boolean;

const isText = (value: unknown): value is string => typeof value === 'string';
const isWithin = (
  value: number,
  { min = -Infinity, max = Infinity }: { min?: number; max?: number },
) => value >= min && value <= max;

/**
 * The checks for values; convict calls the format of a setting with the setting. No format has the
 * name of one of convict's own, because convict would first turn "12" into a number.
 */
export const formats = {
  'non-empty text': (value) => isText(value) && value !== '',
  choice: (value, { choices = [] }) => isText(value) && choices.includes(value),
  switch: (value) => typeof value === 'boolean',
  'whole number': (value, limits) => Number.isInteger(value) && isWithin(Number(value), limits),
  decimal: (value, limits) => typeof value === 'number' && isWithin(value, limits),
  'list of strings': (value) => Array.isArray(value) && value.every(isText),
} satisfies Record<string, IsValid>;

export type FormatName = keyof typeof formats;
