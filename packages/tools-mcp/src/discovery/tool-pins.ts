import type { McpTool } from './from-tool-list.ts';

/** Hashes of tools by the names their server gives them. */
export type Pins = ReadonlyMap<string, string>;

/** Stores the approved tools. */
export interface ToolPinStore {
  /** Empty for a server that was never seen. */
  load(server: string): Promise<Pins>;
  /**
   * Stores the pins of tools that have none, and returns all pins of the server: another process
   * may have pinned them first.
   */
  add(server: string, pins: Pins): Promise<Pins>;
  /** Adds to the stored pins of the server, and replaces them tool by tool. */
  replace(server: string, pins: Pins): Promise<void>;
}

export interface PinnedTools {
  /** Tools that have not changed since they were first seen or approved. */
  callable: McpTool[];
  /**
   * Tools whose description or schema differs from the approved one: neither shown to a model nor
   * called.
   */
  changed: McpTool[];
}

/**
 * Compares tools with their first definition. Adding a server to the file approves each of its
 * tools as first seen; a later change needs a new approval.
 */
export class ToolPins {
  readonly #store: ToolPinStore;

  constructor(store: ToolPinStore) {
    this.#store = store;
  }

  async check(server: string, tools: readonly McpTool[]): Promise<PinnedTools> {
    let pins = await this.#store.load(server);
    const unseen = tools.filter(({ originalName }) => !pins.has(originalName));
    if (unseen.length > 0) pins = await this.#store.add(server, hashesOf(unseen));
    const isChanged = ({ originalName, hash }: McpTool) =>
      (pins.get(originalName) ?? hash) !== hash;
    return {
      callable: tools.filter((tool) => !isChanged(tool)),
      changed: tools.filter(isChanged),
    };
  }

  async approve(server: string, tools: readonly McpTool[]): Promise<void> {
    await this.#store.replace(server, hashesOf(tools));
  }
}

function hashesOf(tools: readonly McpTool[]): Pins {
  return new Map(tools.map(({ originalName, hash }) => [originalName, hash]));
}
