/** Runs a command so that it can access only what it is given. */
export interface Sandbox {
  readonly name: string;
  /** The program to start; `finish` is called when it has ended, in any way. */
  prepare(request: SandboxRequest): Promise<SandboxedCommand>;
}

interface SandboxRequest {
  /** The program and its arguments. */
  command: readonly string[];
  workingDirectory: string;
  /** Folders that may be written to; their paths contain no links. */
  roots: readonly string[];
  protectedPaths: readonly string[];
  environment: Readonly<Record<string, string>>;
  allowNetwork: boolean;
}

export interface SandboxedCommand {
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** The data that the command reads from descriptor 3 before it starts; null if it needs none. */
  descriptor: Uint8Array | null;
  /** Watches while the command runs; calls back once if the command must be stopped. */
  watch(onForbidden: () => void): () => void;
  /** Paths that do not exist, to move aside if they exist after Synapse was killed. */
  mustNotAppear: readonly string[];
  /** Cleans up, and returns notes for the user. */
  finish(): Promise<string[]>;
}

/** The available sandbox, or the reason why there is none. */
export type SandboxSearch = { sandbox: Sandbox } | { problem: string };
