import type { Clock, JsonObject, Logger, Tool, ToolOutput, ToolSource } from '@synapse/core';
import type { McpServerSettings } from './config/server-settings.ts';
import type { Connection } from './connection/connection.ts';
import { McpFailure } from './connection/mcp-failure.ts';
import { raceSignal } from './connection/with-signal.ts';
import { ServerLink, type LinkState } from './connection/server-link.ts';
import type { DiscoveryCache } from './discovery/discovery-cache.ts';
import { ToolCatalog } from './discovery/tool-catalog.ts';
import type { ToolPins } from './discovery/tool-pins.ts';
import { fromCallResult, type StoreAttachment } from './from-call-result.ts';

export interface McpToolSourceOptions {
  settings: McpServerSettings;
  /** The environment from which a child process gets its PATH and a few harmless variables. */
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  logger: Logger;
  pins: ToolPins;
  cache: DiscoveryCache;
  keep: StoreAttachment;
  /** The version of Synapse that servers see. */
  clientVersion: string;
  /** The default for servers without a setting of their own. */
  callTimeoutMs: number;
  /** A server that takes longer to start counts as failed. */
  startTimeoutMs: number;
  /** How long a list waits for a server; a slower one is included in the next list. */
  listPatienceMs: number;
  maxOutputLength: number;
}

/** The state of a server, for display. */
export interface McpServerStatus {
  name: string;
  state: LinkState;
  /** The server's own name; null until it has answered. */
  serverName: string | null;
  /** Why it crashed or failed, why its tools are held back, or that it has not listed them in time. */
  reason: string | null;
  toolCount: number;
  /** Tools that are held back because they have changed since approval, by their server's names. */
  changed: string[];
  /** Which tools of the server were left out, and why. */
  notes: readonly string[];
}

/**
 * One MCP server. Its tools come from the cache if there is one; the server itself starts with the
 * first list without a cache or with the first call. Its failures do not affect other servers: an
 * unusable server offers no tools, and `status` explains why.
 */
export class McpToolSource implements ToolSource {
  readonly name: string;
  readonly #options: McpToolSourceOptions;
  readonly #link: ServerLink;
  readonly #catalog: ToolCatalog;
  readonly #ending = new AbortController();
  /** The pending start; its time limit counts once, however often the list is requested. */
  #discovery: Promise<void> | undefined;
  #isLeftOut = false;

  constructor(options: McpToolSourceOptions) {
    this.#options = options;
    this.name = options.settings.name;
    this.#catalog = new ToolCatalog(options);
    this.#link = new ServerLink({ ...options, onToolsChanged: () => this.#catalog.markStale() });
  }

  /** Whether the last list left out its tools; `status` explains why. */
  get isLeftOut(): boolean {
    return this.#isLeftOut;
  }

  async list(signal: AbortSignal): Promise<Tool[]> {
    const tools = await this.#list(signal);
    this.#isLeftOut = tools === null || this.#catalog.problem !== null;
    return tools ?? [];
  }

  async listKnown(): Promise<Tool[]> {
    if (!this.#catalog.isKnown) await this.#catalog.loadCached();
    const isGone = this.#link.state === 'failed' || this.#link.state === 'closed';
    return this.#catalog.isKnown && !isGone ? this.#offered() : [];
  }

  /** Null if the tools of the server are not known. */
  async #list(signal: AbortSignal): Promise<Tool[] | null> {
    signal.throwIfAborted();
    if (!this.#catalog.isKnown) await this.#catalog.loadCached();
    if (this.#link.state === 'failed' || this.#link.state === 'closed') return null;
    const isOutdated = this.#catalog.isStale && this.#link.state === 'ready';
    if (!this.#catalog.isKnown || isOutdated) {
      this.#discovery ??= this.#discover();
      await raceSignal(this.#discovery, signal);
    }
    return this.#catalog.isKnown ? this.#offered() : null;
  }

  async #offered(): Promise<Tool[]> {
    await this.#catalog.check();
    return [...this.#catalog.offered.values()].map(({ name, description, inputSchema, effect }) => {
      return { name, description, inputSchema, effect, mayBeRepeated: effect === 'execute' };
    });
  }

  async call(name: string, input: JsonObject, signal: AbortSignal): Promise<ToolOutput> {
    signal.throwIfAborted();
    if (!this.#catalog.offered.has(name)) await this.list(signal);
    const tool = this.#catalog.offered.get(name);
    if (!tool) return this.#refuse(name);
    try {
      const connection = await this.#refresh(signal);
      await this.#catalog.check();
      // The tool must be the offered one: the server may have been restarted, or the cache may be
      // old.
      if (this.#catalog.offered.get(name)?.hash !== tool.hash) return this.#refuse(name);
      const { settings, callTimeoutMs } = this.#options;
      const timeoutMs = settings.callTimeoutMs ?? callTimeoutMs;
      const result = await connection.callTool(tool.originalName, input, signal, timeoutMs);
      return await fromCallResult(result, this.#options);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof McpFailure)) throw error;
      const doubt = error.isConnectionLost ? ' Whether the call took effect is not known.' : '';
      return failed(`The MCP server "${this.name}" ${error.message}.${doubt}`);
    }
  }

  /** Starts the server if necessary, and fetches its tools; rejects with McpFailure. */
  async connect(signal: AbortSignal): Promise<McpServerStatus> {
    this.#link.forgive();
    await this.#refresh(signal).catch((error: unknown) => {
      if (!(error instanceof McpFailure)) throw error;
      throw new McpFailure(`The MCP server "${this.name}" ${error.message}.`, {
        hint: 'The log has its output on stderr.',
        cause: error,
      });
    });
    await this.#catalog.check();
    return this.status();
  }

  /** The definitions that await approval, under the names that models would see. */
  changedTools(): readonly Tool[] {
    return this.#catalog.changed;
  }

  /** Approves tools that have changed, by the names of their server; all of them by default. */
  approve(names?: readonly string[]): Promise<void> {
    return this.#catalog.approve(names);
  }

  status(): McpServerStatus {
    const { state, reason, serverName } = this.#link;
    const { offered, changed, notes, problem, isKnown } = this.#catalog;
    const seconds = this.#options.listPatienceMs / 1000;
    const lateness = `has not listed its tools within ${seconds} seconds`;
    return {
      name: this.name,
      state,
      serverName,
      reason: reason ?? problem ?? (this.#isLeftOut && !isKnown ? lateness : null),
      toolCount: offered.size,
      changed: changed.map(({ originalName }) => originalName),
      notes,
    };
  }

  close(): Promise<void> {
    this.#ending.abort();
    return this.#link.close();
  }

  /** Makes sure that the server runs and that the list of tools is current. */
  async #refresh(signal: AbortSignal): Promise<Connection> {
    try {
      const connection = await this.#link.connect(signal);
      await this.#catalog.refresh(connection, signal, this.#options.startTimeoutMs);
      return connection;
    } catch (error) {
      if (!(error instanceof McpFailure)) throw error;
      // Remembered, because otherwise each list would wait again for a server that never answers.
      if (!error.isConnectionLost) this.#link.giveUp(error.message);
      // Nothing was called so far, so a lost connection leaves no doubt about a call's effect.
      throw new McpFailure(this.#link.reason ?? error.message, { cause: error });
    }
  }

  /** Resolves when the server has answered or failed, or when the time limit is over. */
  #discover(): Promise<void> {
    const { clock, listPatienceMs } = this.#options;
    const patience = new AbortController();
    const discovered = this.#refresh(this.#ending.signal).then(
      () => undefined,
      // The status and the log have the reason.
      () => undefined,
    );
    const finished = discovered.finally(() => {
      this.#discovery = undefined;
      patience.abort();
    });
    const waited = clock.sleep(listPatienceMs, patience.signal).catch(() => undefined);
    return Promise.race([finished, waited]);
  }

  #refuse(name: string): ToolOutput {
    const { changed, problem } = this.#catalog;
    if (problem !== null) return failed(problem);
    if (changed.some((tool) => tool.name === name)) {
      return failed(
        `The MCP server "${this.name}" has changed this tool since it was approved, so it was not called. The user has to approve it again.`,
      );
    }
    const { state, reason } = this.#link;
    if (state === 'failed') return failed(`The MCP server "${this.name}" ${reason ?? 'failed'}.`);
    return failed(`The MCP server "${this.name}" does not offer ${JSON.stringify(name)} now.`);
  }
}

function failed(output: string): ToolOutput {
  return { output, isError: true, attachments: [] };
}
