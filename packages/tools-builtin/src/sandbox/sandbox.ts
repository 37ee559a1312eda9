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
  /** What the command reads from descriptor 3 before it starts; null where it needs none. */
  descriptor: Uint8Array | null;
  /** Watches while the command runs; calls back once when the command has to be ended. */
  watch(onForbidden: () => void): () => void;
  /** Paths that do not exist, to be put aside if they do when Synapse itself has been killed. */
  mustNotAppear: readonly string[];
  /** Cleans up, and returns what the person should know of. */
  finish(): Promise<string[]>;
}

/** What can be used here, or why nothing can. */
export type SandboxSearch = { sandbox: Sandbox } | { problem: string };
