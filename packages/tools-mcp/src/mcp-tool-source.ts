import {
  SynapseError,
  type Clock,
  type JsonObject,
  type Logger,
  type Tool,
  type ToolOutput,
  type ToolSource,
} from '@synapse/core';
import type { McpServerSettings } from './config/server-settings.ts';
import { McpFailure } from './connection/mcp-failure.ts';
import type { Connection } from './connection/connection.ts';
import { raceSignal } from './connection/race-signal.ts';
import { ServerLink, type LinkState } from './connection/server-link.ts';
import type { DiscoveryCache } from './discovery/discovery-cache.ts';
import { fromToolList, type McpTool } from './discovery/from-tool-list.ts';
import type { ToolPins } from './discovery/tool-pins.ts';
import { fromCallResult, type Keep } from './from-call-result.ts';

export interface McpToolSourceOptions {
  settings: McpServerSettings;
  /** Of which a child process inherits a few harmless variables. */
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  logger: Logger;
  pins: ToolPins;
  cache: DiscoveryCache;
  keep: Keep;
  /** What Synapse calls itself to servers. */
  clientVersion: string;
  /** For servers whose entry says nothing. */
  callTimeoutMs: number;
  /** A server that takes longer to start counts as failed. */
  startTimeoutMs: number;
  /** How long a list waits for a server; one that starts later is there for the next list. */
  listPatienceMs: number;
  maxOutputLength: number;
}

/** How a server is, for people. */
export interface McpServerStatus {
  name: string;
  state: LinkState;
  /** What the server calls itself; null until it has answered. */
  serverName: string | null;
  /** Why it crashed or failed, or why its tools are held back. */
  reason: string | null;
  toolCount: number;
  /** Tools that are held back because they are not what was approved, by their server's names. */
  changed: string[];
  /** What was left out of the server's list, and why. */
  notes: string[];
}

/**
 * One MCP server. Its tools are offered from the cache where there is one; the server itself is
 * started by the first list without a cache or by the first call. Whatever it does costs the others
 * nothing: a server that can't be used offers no tools, and `status` says why.
 */
export class McpToolSource implements ToolSource {
  readonly name: string;
  readonly #options: McpToolSourceOptions;
  readonly #link: ServerLink;
  /** What the server lists, as far as is known. */
  #known: McpTool[] | undefined;
  /** The connection that said so; none when it is from the cache. */
  #knownFrom: Connection | undefined;
  #isStale = false;
  #offered = new Map<string, McpTool>();
  #changed: McpTool[] = [];
  #notes: string[] = [];
  #pinProblem: string | null = null;

  constructor(options: McpToolSourceOptions) {
    this.#options = options;
    this.name = options.settings.name;
    this.#link = new ServerLink({
      ...options,
      onToolsChanged: () => {
        // Looked at when the list is next needed: a server that sends this all day costs nothing.
        this.#isStale = true;
      },
    });
  }

  async list(signal: AbortSignal): Promise<Tool[]> {
    signal.throwIfAborted();
    if (this.#known === undefined)
      this.#take(await this.#options.cache.load(this.#options.settings));
    if (this.#link.state === 'failed' || this.#link.state === 'closed') return [];
    if (this.#known === undefined || (this.#isStale && this.#link.state === 'ready')) {
      const isInTime = await this.#refreshPatiently(signal);
      if (!isInTime && this.#known === undefined) return [];
    }
    await this.#gate();
    return [...this.#offered.values()].map(({ name, description, inputSchema, effect }) => {
      return { name, description, inputSchema, effect };
    });
  }

  async call(name: string, input: JsonObject, signal: AbortSignal): Promise<ToolOutput> {
    signal.throwIfAborted();
    if (!this.#offered.has(name)) await this.list(signal);
    const tool = this.#offered.get(name);
    if (!tool) return this.#refuse(name);
    try {
      const connection = await this.#refresh(signal);
      await this.#gate();
      if (this.#offered.get(name)?.hash !== tool.hash) return this.#refuse(name);
      const { settings, callTimeoutMs } = this.#options;
      const timeoutMs = settings.callTimeoutMs ?? callTimeoutMs;
      const result = await connection.callTool(tool.originalName, input, signal, timeoutMs);
      return await fromCallResult(result, this.#options);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof McpFailure)) throw error;
      return failed(
        error.isConnectionLost
          ? `The MCP server "${this.name}" ${error.message}. Whether the call took effect is not known.`
          : `The MCP server "${this.name}" ${error.message}.`,
      );
    }
  }

  /** Starts the server if it does not run, and asks it what it offers; rejects with McpFailure. */
  async connect(signal: AbortSignal): Promise<McpServerStatus> {
    this.#link.forgive();
    await this.#refresh(signal);
    await this.#gate();
    return this.status();
  }

  /** Approves tools that have changed, by the names of their server; all of them by default. */
  async approve(names?: readonly string[]): Promise<void> {
    const approved = this.#changed.filter(
      ({ originalName }) => names?.includes(originalName) ?? true,
    );
    await this.#options.pins.approve(this.name, approved);
    await this.#gate();
  }

  /** The definitions that await approval, for showing. */
  changedTools(): Tool[] {
    return this.#changed;
  }

  status(): McpServerStatus {
    const { state, reason, serverName } = this.#link;
    return {
      name: this.name,
      state,
      serverName,
      reason: reason ?? this.#pinProblem,
      toolCount: this.#offered.size,
      changed: this.#changed.map(({ originalName }) => originalName),
      notes: this.#notes,
    };
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** Returns whether the server answered before the patience ended. */
  async #refreshPatiently(signal: AbortSignal): Promise<boolean> {
    const patience = new AbortController();
    const { clock, listPatienceMs } = this.#options;
    const refreshed = this.#refresh(patience.signal).then(
      () => true,
      () => false,
    );
    const waited = clock.sleep(listPatienceMs, patience.signal).then(
      () => false,
      () => false,
    );
    try {
      return await raceSignal(Promise.race([refreshed, waited]), signal);
    } finally {
      patience.abort();
    }
  }

  /** Makes sure that what is known is what this connection says now. */
  async #refresh(signal: AbortSignal): Promise<Connection> {
    const connection = await this.#link.connect(signal);
    if (this.#knownFrom === connection && !this.#isStale) return connection;
    this.#isStale = false;
    try {
      const raw = await connection.listTools(signal, this.#options.startTimeoutMs);
      this.#take(raw);
      this.#knownFrom = connection;
      await this.#options.cache.save(this.#options.settings, raw);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
    return connection;
  }

  #take(raw: readonly unknown[] | undefined): void {
    if (!raw) return;
    const { tools, notes } = fromToolList(raw, this.#options.settings);
    this.#known = tools;
    this.#notes = notes;
  }

  async #gate(): Promise<void> {
    try {
      const { callable, changed } = await this.#options.pins.check(this.name, this.#known ?? []);
      this.#offered = new Map(callable.map((tool) => [tool.name, tool]));
      this.#changed = changed;
      this.#pinProblem = null;
    } catch (error) {
      if (!(error instanceof SynapseError)) throw error;
      // Without knowing what was approved, nothing counts as approved.
      this.#offered.clear();
      this.#pinProblem = error.message;
      this.#options.logger.error(
        { server: this.name, error },
        'the tools of an MCP server are held back',
      );
    }
  }

  #refuse(name: string): ToolOutput {
    if (this.#changed.some((tool) => tool.name === name)) {
      return failed(
        `The MCP server "${this.name}" has changed this tool since it was approved, so it was not called. The person has to approve it again.`,
      );
    }
    if (this.#pinProblem !== null) return failed(this.#pinProblem);
    const { state, reason } = this.#link;
    if (state === 'failed') return failed(`The MCP server "${this.name}" ${reason ?? 'failed'}.`);
    return failed(`The MCP server "${this.name}" does not offer ${JSON.stringify(name)} now.`);
  }
}

function failed(output: string): ToolOutput {
  return { output, isError: true, attachments: [] };
}
