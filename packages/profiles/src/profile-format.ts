import type {
  AgentProfile,
  CommandTemplate,
  ProfileClient,
  ProfileKind,
} from '@synapse/core/profiles';
import type { FieldReader } from './field-reader.ts';

/** The files of one program. */
export interface ProfileFormat {
  readonly client: ProfileClient;
  readonly places: readonly ProfilePlace[];
  readonly readAgent?: (source: ProfileText) => Described<AgentProfile>;
  readonly readCommand?: (source: ProfileText) => Described<CommandTemplate>;
}

export interface ProfilePlace {
  kind: ProfileKind;
  /** In each folder of the project; null if the program has none. */
  project: string | null;
  /** `~/…` for the home folder, `$config/…` for that of settings; null if the program has none. */
  user: string | null;
  /** Matches the end of a file's name; what it matches is no part of the profile's name. */
  ending: RegExp;
  /** Whether files in folders within belong to it. */
  isDeep: boolean;
}

/** A file, read: fields, body, and the name that its path gives it. */
export interface ProfileText {
  fields: FieldReader;
  body: string;
  /** The path within its folder without its ending: `git:commit`. */
  pathName: string;
}

/** A profile without what every file has in common. */
export type Described<Profile> = Omit<
  Profile,
  'kind' | 'origin' | 'sha256' | 'warnings' | 'unknownFields'
>;

export function markdownPlace(
  kind: ProfileKind,
  project: string | null,
  user: string | null,
  isDeep = false,
): ProfilePlace {
  return { kind, project, user, ending: /\.md$/i, isDeep };
}

/** The skills of every client are folders of the same form. */
export function skillPlace(project: string | null, user: string | null): ProfilePlace {
  return { kind: 'skill', project, user, ending: /(?:^|\/)SKILL\.md$/, isDeep: true };
}
