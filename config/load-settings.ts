import convict from 'convict';
import { checkDocument, type Finding } from './check-document.ts';
import { expandHome, expandVariables, UnsetVariableError } from './expand.ts';
import { isLeaf, isTableOf, type Group, type Leaf } from './leaf.ts';
import { findPlaces } from './places.ts';
import { InvalidSettingsError, type Problem } from './problem.ts';
import { readDocument, type Document } from './read-document.ts';
import { schema, type Settings } from './schema.ts';

export interface LoadedSettings {
  settings: Settings;
  /** The file that was looked for, whether it exists or not. */
  file: string;
  /** Where each setting that is not at its default comes from. */
  origins: Map<string, Origin>;
  warnings: string[];
}

export type Origin =
  | { source: 'file'; name: string }
  | { source: 'environment'; name: string }
  | { source: 'flag'; name: string };

export interface SettingsSources {
  environment: NodeJS.ProcessEnv;
  /** What flags say, as text, by dotted key. */
  flags?: Readonly<Record<string, string | undefined>>;
}

/** Reads every setting: default < file < environment < flag. Throws InvalidSettingsError. */
export async function loadSettings(sources: SettingsSources): Promise<LoadedSettings> {
  const { environment, flags = {} } = sources;
  const file = findPlaces(environment).configFile;
  const problems: Problem[] = [];
  const origins = new Map<string, Origin>();
  const values = new Map<string, unknown>();

  const document = await openDocument(file, environment, problems);
  for (const key of document ? keysOf(document.value) : []) {
    origins.set(key, { source: 'file', name: file });
  }
  for (const [key, leaf] of leavesOf(schema)) {
    const inFile = valueAt(document?.value, key.split('.'));
    if (inFile !== undefined) values.set(key, inFile);
    const variable = leaf.variables.find((name) => environment[name]);
    const flag = flags[key];
    const origin: Origin | undefined =
      flag !== undefined
        ? { source: 'flag', name: `--${key.replaceAll(/[._]/g, '-')}` }
        : variable !== undefined
          ? { source: 'environment', name: variable }
          : undefined;
    const text = flag ?? environment[variable ?? ''];
    if (!origin || text === undefined) continue;
    origins.set(key, origin);
    const value = leaf.parse(text);
    for (const { message } of checkDocument(value, leaf)) {
      problems.push({ source: origin.name, line: null, key: null, message });
    }
    values.set(key, value);
  }
  if (problems.length > 0) throw new InvalidSettingsError(problems);

  const config = convict(schema as unknown as convict.Schema<Settings>, { env: {}, args: [] });
  for (const [key, leaf] of leavesOf(schema)) {
    if (!values.has(key)) continue;
    const value = values.get(key);
    const isPath = leaf.isPath && typeof value === 'string';
    config.set(key as never, (isPath ? expandHome(value, environment) : value) as never);
  }
  // Not convict's own check, which takes the dot in a model's name for a path; all is checked above.
  return { settings: config.getProperties(), file, origins, warnings: warningsOf(file, document) };
}

async function openDocument(
  file: string,
  environment: NodeJS.ProcessEnv,
  problems: Problem[],
): Promise<Document | undefined> {
  const document = await readDocument(file);
  if (document === undefined) {
    if (environment.SYNAPSE_CONFIG) {
      const message = 'does not exist, though SYNAPSE_CONFIG names it';
      problems.push({ source: file, line: null, key: null, message });
    }
    return undefined;
  }
  if (!('value' in document)) {
    problems.push(document);
    return undefined;
  }
  const findings: Finding[] = [];
  const value = expandStrings(document.value, environment, [], findings) as Document['value'];
  findings.push(...checkDocument(value, schema));
  if (findings.length > 0) {
    const { locateKey } = await import('./locate-key.ts');
    for (const { path, message } of findings) {
      const line = await locateKey(document.text, path);
      problems.push({ source: file, line, key: path.join('.'), message });
    }
  }
  return { ...document, value };
}

function expandStrings(
  value: unknown,
  environment: NodeJS.ProcessEnv,
  path: readonly string[],
  findings: Finding[],
): unknown {
  if (typeof value === 'string') {
    try {
      return expandVariables(value, environment);
    } catch (error) {
      if (!(error instanceof UnsetVariableError)) throw error;
      findings.push({ path, message: error.message });
      return value;
    }
  }
  if (Array.isArray(value)) {
    return value.map((item) => expandStrings(item, environment, path, findings));
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      expandStrings(item, environment, [...path, key], findings),
    ]),
  );
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return valueAt((value as Record<string, unknown>)[key], rest);
}

function keysOf(value: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? keysOf(item as Record<string, unknown>, `${prefix}${key}.`)
      : [prefix + key],
  );
}

/** Every setting with its dotted key; a table of the person's own names counts as one. */
export function leavesOf(group: Group, prefix = ''): [string, Leaf<unknown>][] {
  return Object.entries(group).flatMap(([key, node]): [string, Leaf<unknown>][] => {
    const name = prefix + key;
    if (isTableOf(node) || isLeaf(node)) return [[name, node]];
    return leavesOf(node, `${name}.`);
  });
}

function warningsOf(file: string, document: Document | undefined): string[] {
  if (!document?.isShared) return [];
  const providers = Object.values((document.value.providers ?? {}) as Record<string, object>);
  const holdsKey = providers.some((entry) => 'api_key' in entry || 'headers' in entry);
  return holdsKey ? [`${file} holds a key and others may read it: chmod 600 ${file}`] : [];
}
