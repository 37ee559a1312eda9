import type { JsonObject } from '../session/json-value.ts';
import type { ArgumentStyle } from './parse-template.ts';

/** A file that says how a model should work. */
export type Profile = AgentProfile | CommandTemplate | Skill;
export type ProfileKind = Profile['kind'];

/** The program whose format a file has. `agents` is the folder that many programs share. */
export type ProfileClient =
  'synapse' | 'agents' | 'claude' | 'opencode' | 'copilot' | 'codex' | 'gemini';

/** Where a profile comes from. */
export interface ProfileOrigin {
  client: ProfileClient;
  /** `project` files come with a folder, and need its trust; `user` files are the user's own. */
  scope: 'project' | 'user';
  /** The absolute path of the file. */
  path: string;
  /** How many folders above the working folder it was found; 0 for the user's own. */
  distance: number;
}

interface ProfileBase {
  name: string;
  description: string | null;
  origin: ProfileOrigin;
  /** The hash of the file, in hexadecimal. */
  sha256: string;
  /** What was understood differently from how it is written, in sentences. */
  warnings: readonly string[];
  /** Fields without a meaning here, as they were written. */
  unknownFields: JsonObject;
}

/** Limits for a model, each of which may only narrow what the user permits. */
export interface ToolLimits {
  /** The only tools it may use, as names or patterns with `*`; null for all that are permitted. */
  tools: readonly string[] | null;
  /** Rules such as `shell: git push *`, whose calls are refused. */
  deny: readonly string[];
  /** Rules whose calls need approval, even if the user's rules allow them. */
  ask: readonly string[];
}

/** A way to work, which the user chooses by its name: instructions, model and tools. */
export interface AgentProfile extends ProfileBase, ToolLimits {
  kind: 'agent';
  prompt: string;
  /** In order of preference; none for the current model. */
  models: readonly string[];
  maxTurns: number | null;
  temperature: number | null;
  maxOutputTokens: number | null;
  effort: string | null;
  /** The names of skills that it begins with. */
  skills: readonly string[];
}

/** A prompt with places for arguments. */
export interface CommandTemplate extends ProfileBase {
  kind: 'command';
  body: string;
  style: ArgumentStyle;
  inputs: readonly CommandInput[];
  /** What to write after the name, for people. */
  argumentHint: string | null;
  /** The name of the agent that carries it out. */
  agent: string | null;
  models: readonly string[];
}

export interface CommandInput {
  name: string;
  type: 'string' | 'number' | 'integer' | 'boolean';
  description: string | null;
  /** Null if a value has to be given. */
  default: string | null;
  /** The only values; null for any. */
  choices: readonly string[] | null;
}

/** Knowledge for one kind of work, in a folder of its own. */
export interface Skill extends ProfileBase {
  kind: 'skill';
  body: string;
  /** The files of the folder besides the skill itself, relative to it. */
  files: readonly string[];
}

/** A file with what a model should know about a folder. */
export interface Instructions {
  /** Relative to the root of the project; absolute for the user's own. */
  name: string;
  scope: ProfileOrigin['scope'];
  path: string;
  text: string;
  /** The hash of the text, in hexadecimal. */
  sha256: string;
}
