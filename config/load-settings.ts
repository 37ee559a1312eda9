import { matchDocument } from './check-document.ts';
import { ConvictSettings, type Given, type Finding } from './convict-settings.ts';
import { expandHome, expandVariables, UnsetVariableError } from './expand.ts';
import { isLeaf, isTableOf, type Group, type Leaf } from './leaf.ts';
import { findPlaces } from './places.ts';
import { InvalidSettingsError, type Problem } from './problem.ts';
import { readDocument, type Document } from './read-document.ts';
import { schema, type Settings } from './schema.ts';

export interface LoadedSettings {
  settings: Settings;
  /** The path of the settings file, whether it exists or not. */
  file: string;
  /** The source of each setting that differs from its default. */
  origins: Map<string, Origin>;
  warnings: string[];
}

export type Origin =
  | { source: 'file'; name: string }
  | { source: 'environment'; name: string }
  | { source: 'flag'; name: string };

export interface SettingsSources {
  environment: NodeJS.ProcessEnv;
  /** The texts from flags, by dotted key. */
  flags?: Readonly<Record<string, string | undefined>>;
}

/** Reads every setting: default < file < environment < flag. Throws InvalidSettingsError. */
export async function loadSettings(sources: SettingsSources): Promise<LoadedSettings> {
  const { environment } = sources;
  const file = findPlaces(environment).configFile;
  const problems: Problem[] = [];
  const origins = new Map<string, Origin>();
  const inHome = (given: Given): Given =>
    given.leaf?.isPath && typeof given.value === 'string'
      ? { ...given, value: expandHome(given.value, environment) }
      : given;

  const { document, findings, given } = await openDocument(file, environment, problems);
  const config = new ConvictSettings(schema, given.map(inHome));
  if (document) {
    for (const key of keysOf(document.value)) origins.set(key, { source: 'file', name: file });
    findings.push(...config.check());
    problems.push(...(await locate(findings, file, document.text)));
  }

  const overriding = new Set<string>();
  for (const [key, leaf] of leavesOf(schema)) {
    const override = findOverride(key, leaf, sources);
    if (override === undefined) continue;
    origins.set(key, override.origin);
    if (isTableOf(leaf)) {
      const source = override.origin.name;
      problems.push({ source, line: null, key: null, message: `must be ${leaf.expected}` });
      continue;
    }
    overriding.add(key);
    config.set(inHome({ path: key.split('.'), leaf, value: leaf.parse(override.text) }));
  }
  for (const { path, message } of overriding.size > 0 ? config.check() : []) {
    const key = path.join('.');
    const source = origins.get(key)?.name;
    if (overriding.has(key) && source) problems.push({ source, line: null, key: null, message });
  }
  if (problems.length > 0) throw new InvalidSettingsError(problems);

  const settings = config.values() as unknown as Settings;
  return { settings, file, origins, warnings: warningsOf(file, document) };
}

/** The settings of a program without a file and environment. */
export function defaultSettings(): Settings {
  return new ConvictSettings(schema, []).values() as unknown as Settings;
}

/**
 * The flag, or else the variable of highest precedence that sets it; an empty variable sets
 * nothing.
 */
function findOverride(
  key: string,
  leaf: Leaf<unknown>,
  { environment, flags = {} }: SettingsSources,
): { origin: Origin; text: string } | undefined {
  const flag = flags[key];
  if (flag !== undefined) {
    return { origin: { source: 'flag', name: `--${key.replaceAll(/[._]/g, '-')}` }, text: flag };
  }
  for (const name of leaf.variables) {
    const text = environment[name];
    if (text) return { origin: { source: 'environment', name }, text };
  }
  return undefined;
}

interface OpenedDocument {
  document: Document | undefined;
  /** Errors other than wrong values. */
  findings: Finding[];
  given: Given[];
}

async function openDocument(
  file: string,
  environment: NodeJS.ProcessEnv,
  problems: Problem[],
): Promise<OpenedDocument> {
  const none = { document: undefined, findings: [], given: [] };
  const document = await readDocument(file);
  if (document === undefined) {
    if (environment.SYNAPSE_CONFIG) {
      const message = 'does not exist, though SYNAPSE_CONFIG names it';
      problems.push({ source: file, line: null, key: null, message });
    }
    return none;
  }
  if (!('value' in document)) {
    problems.push(document);
    return none;
  }
  const findings: Finding[] = [];
  const value = expandStrings(document.value, environment, [], findings) as Document['value'];
  const matched = matchDocument(value, schema);
  findings.push(...matched.findings);
  return { document: { ...document, value }, findings, given: matched.given };
}

/** Problems of the file, in the order of its lines. */
async function locate(
  findings: readonly Finding[],
  file: string,
  text: string,
): Promise<Problem[]> {
  if (findings.length === 0) return [];
  const { locateKey } = await import('./locate-key.ts');
  const problems: Problem[] = [];
  for (const { path, message } of findings) {
    const line = await locateKey(text, path);
    problems.push({ source: file, line, key: path.join('.'), message });
  }
  return problems.sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
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

function keysOf(value: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? keysOf(item as Record<string, unknown>, `${prefix}${key}.`)
      : [prefix + key],
  );
}

/** Every setting with its dotted key; a table with names that the user chose counts as one. */
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
  return holdsKey ? [`${file} contains a key, and other users can read it: chmod 600 ${file}`] : [];
}
