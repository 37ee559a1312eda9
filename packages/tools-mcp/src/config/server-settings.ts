/** One entry of the `mcpServers` file, checked and with its variables filled in. */
export interface McpServerSettings {
  name: string;
  transport: StdioSettings | HttpSettings;
  isDisabled: boolean;
  /** Null where the entry leaves it to the general setting. */
  callTimeoutMs: number | null;
  /** Null offers every tool that is not excluded. */
  includeTools: readonly string[] | null;
  excludeTools: readonly string[];
  /**
   * Whether the server's `readOnlyHint` is believed. A server says of itself what it likes, so
   * without this word of the person every tool of it counts as `execute`.
   */
  trustsReadOnlyHints: boolean;
  /** Changes whenever the entry does. Made before variables are filled in, so it holds no secret. */
  fingerprint: string;
}

export interface StdioSettings {
  type: 'stdio';
  command: string;
  args: readonly string[];
  /** Added to the few variables that every server gets. */
  environment: Readonly<Record<string, string>>;
  /**
   * The home folder where the entry names none, never where Synapse happens to be: a project could
   * bring what the command loads from there, as `npx` takes packages from `node_modules`.
   */
  workingDirectory: string;
}

export interface HttpSettings {
  /** `auto` speaks streamable HTTP and falls back to the older SSE. */
  type: 'auto' | 'http' | 'sse';
  url: string;
  headers: Readonly<Record<string, string>>;
}
