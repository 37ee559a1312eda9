/** Runs a command so that it reaches no more than it is given. */
export interface Sandbox {
  readonly name: string;
  /** What to start; `finish` is called when it has ended, however it ended. */
  prepare(request: SandboxRequest): Promise<SandboxedCommand>;
}

interface SandboxRequest {
  /** The program and its arguments. */
  command: readonly string[];
  workingDirectory: string;
  /** Folders that may be written, without links on the way. */
  roots: readonly string[];
  protectedPaths: readonly string[];
  environment: Readonly<Record<string, string>>;
  allowNetwork: boolean;
}

export interface SandboxedCommand {
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Cleans up, and returns what the person should know of. */
  finish(): Promise<string[]>;
}

/** What can be used here, or why nothing can. */
export type SandboxSearch = { sandbox: Sandbox } | { problem: string };
