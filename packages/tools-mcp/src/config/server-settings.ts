/** One entry of the `mcpServers` file, checked and with its variables filled in. */
export interface McpServerSettings {
  name: string;
  transport: StdioSettings | HttpSettings;
  isDisabled: boolean;
  /** Null to use the general setting. */
  callTimeoutMs: number | null;
  /** Null offers every tool that is not excluded. */
  includeTools: readonly string[] | null;
  excludeTools: readonly string[];
  /**
   * Whether to trust the server's `readOnlyHint`. A server can claim anything, so every tool counts
   * as `execute` unless the user opts in.
   */
  trustsReadOnlyHints: boolean;
  /**
   * A hash that changes with the entry. Computed before variables are filled in, so it contains no
   * secret.
   */
  fingerprint: string;
}

export interface StdioSettings {
  type: 'stdio';
  command: string;
  args: readonly string[];
  /** Added to the few variables that every server gets. */
  environment: Readonly<Record<string, string>>;
  /**
   * The home folder unless the entry names a folder, never the current one: a project could contain
   * code that the command loads from there, as `npx` does from `node_modules`.
   */
  workingDirectory: string;
}

export interface HttpSettings {
  /** `auto` speaks streamable HTTP and falls back to the older SSE. */
  type: 'auto' | 'http' | 'sse';
  url: string;
  headers: Readonly<Record<string, string>>;
}
