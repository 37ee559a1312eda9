import { SynapseError, type Logger } from '@synapse/core';
import type { McpServerSettings } from '../config/server-settings.ts';
import type { Connection } from '../connection/connection.ts';
import type { DiscoveryCache } from './discovery-cache.ts';
import { fromToolList, type McpTool } from './from-tool-list.ts';
import type { ToolPins } from './tool-pins.ts';

export interface ToolCatalogOptions {
  settings: McpServerSettings;
  pins: ToolPins;
  cache: DiscoveryCache;
  logger: Logger;
}

/** The known tools of one server, and which of them may be offered. */
export class ToolCatalog {
  /** By the names that models see. */
  offered: ReadonlyMap<string, McpTool> = new Map();
  changed: readonly McpTool[] = [];
  notes: readonly string[] = [];
  /** Why no tool is offered, if the approvals can't be read. */
  problem: string | null = null;

  readonly #options: ToolCatalogOptions;
  #known: readonly McpTool[] | undefined;
  /** The connection that sent the list; undefined if it is from the cache. */
  #source: Connection | undefined;
  #isStale = false;

  constructor(options: ToolCatalogOptions) {
    this.#options = options;
  }

  get isKnown(): boolean {
    return this.#known !== undefined;
  }

  get isStale(): boolean {
    return this.#isStale;
  }

  /** The list is fetched when it is next needed, so frequent notifications cost nothing. */
  markStale(): void {
    this.#isStale = true;
  }

  async loadCached(): Promise<void> {
    const raw = await this.#options.cache.load(this.#options.settings);
    if (raw && !this.isKnown) this.#take(raw);
  }

  /** Makes sure that the list is the current one of this connection. */
  async refresh(connection: Connection, signal: AbortSignal, timeoutMs: number): Promise<void> {
    if (this.#source === connection && !this.#isStale) return;
    this.#isStale = false;
    try {
      const raw = await connection.listTools(signal, timeoutMs);
      this.#take(raw);
      this.#source = connection;
      await this.#options.cache.save(this.#options.settings, raw);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  /** Splits the list into tools to offer and tools that have changed since they were approved. */
  async check(): Promise<void> {
    const { pins, settings, logger } = this.#options;
    try {
      const { callable, changed } = await pins.check(settings.name, this.#known ?? []);
      this.offered = new Map(callable.map((tool) => [tool.name, tool]));
      this.changed = changed;
      this.problem = null;
    } catch (error) {
      if (!(error instanceof SynapseError)) throw error;
      this.offered = new Map();
      this.problem = error.message;
      logger.error({ server: settings.name, error }, 'the tools of an MCP server are held back');
    }
  }

  async approve(names?: readonly string[]): Promise<void> {
    const { pins, settings } = this.#options;
    const isMeant = ({ originalName }: McpTool) => names?.includes(originalName) ?? true;
    await pins.approve(settings.name, this.changed.filter(isMeant));
    await this.check();
  }

  #take(raw: readonly unknown[]): void {
    const { tools, notes } = fromToolList(raw, this.#options.settings);
    this.#known = tools;
    this.notes = notes;
  }
}
