import type { Instructions, Profile, ProfileKind, ProfileOrigin } from '../profiles/profile.ts';

/**
 * Files with instructions, agents, commands and skills, wherever they are kept. A source only reads:
 * it decides nothing about trust, and runs nothing. A file outside of the folder that offers it, or
 * larger than the source allows, is a problem and never content.
 */
export interface ProfileSource {
  /**
   * What the folders offer, the nearest first and the user's own last. Only the heads of files are
   * read. A file that can't be understood is an entry with a `problem`, so that it shadows others
   * visibly instead of silently leaving its place to them. Resolves with an empty list if there is
   * nothing.
   */
  list<Kind extends ProfileKind>(kind: Kind): Promise<ProfileEntry<Kind>[]>;

  /**
   * The whole profile of an entry, as the file is now. Throws InvalidDataError, with the file and the
   * line, if it can't be understood, and FileNotFoundError if it is gone.
   */
  read<Kind extends ProfileKind>(
    entry: Pick<ProfileEntry<Kind>, 'kind' | 'origin'>,
  ): Promise<Extract<Profile, { kind: Kind }>>;

  /**
   * The files of instructions with these names: those of the working folder first, then of each folder
   * above it up to the root of the project, then the user's own. Imports are already in the text. A file
   * that can't be read is a problem.
   */
  instructions(names: readonly string[]): Promise<InstructionsFound>;
}

export interface ProfileEntry<Kind extends ProfileKind = ProfileKind> {
  kind: Kind;
  name: string;
  description: string | null;
  origin: ProfileOrigin;
  /** Why the file can't be used, in a sentence with its line; null if it can. */
  problem: string | null;
}

export interface InstructionsFound {
  files: Instructions[];
  /** Sentences. */
  problems: string[];
}
