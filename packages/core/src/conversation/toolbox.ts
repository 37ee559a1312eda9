import type { Approver } from '../ports/approver.ts';
import type { Logger } from '../ports/logger.ts';
import type { ToolDefinition } from '../ports/model-provider.ts';
import type { Tool, ToolSource } from '../ports/tool-source.ts';
import type { TurnTools } from './turn-options.ts';

export interface OfferedTool {
  tool: Tool;
  source: ToolSource;
}

/** The tools of several sources by name, each name once, and the approver of their calls. */
export class Toolbox {
  readonly approver: Approver;
  readonly #tools: ReadonlyMap<string, OfferedTool>;

  private constructor(tools: ReadonlyMap<string, OfferedTool>, approver: Approver) {
    this.#tools = tools;
    this.approver = approver;
  }

  static async of(
    { sources, approver }: TurnTools,
    logger: Logger,
    signal: AbortSignal,
  ): Promise<Toolbox> {
    const lists = await Promise.all(sources.map((source) => source.list(signal)));
    return Toolbox.#from(sources, lists, approver, logger);
  }

  /** The tools that the model would get, as far as known without starting a server. */
  static async known({ sources, approver }: TurnTools, logger: Logger): Promise<ToolDefinition[]> {
    const { signal } = new AbortController();
    const lists = await Promise.all(
      sources.map((source) => source.listKnown?.() ?? source.list(signal)),
    );
    return Toolbox.#from(sources, lists, approver, logger).definitions();
  }

  static #from(
    sources: readonly ToolSource[],
    lists: readonly Tool[][],
    approver: Approver,
    logger: Logger,
  ): Toolbox {
    const tools = new Map<string, OfferedTool>();
    sources.forEach((source, index) => {
      for (const tool of lists[index] ?? []) {
        if (tools.has(tool.name)) {
          logger.warn({ source: source.name, tool: tool.name }, 'another source has this tool');
        } else tools.set(tool.name, { tool, source });
      }
    });
    return new Toolbox(tools, approver);
  }

  definitions(): ToolDefinition[] {
    return [...this.#tools.values()].map(({ tool: { name, description, inputSchema } }) => {
      return { name, description, inputSchema };
    });
  }

  find(name: string): OfferedTool | undefined {
    return this.#tools.get(name);
  }

  names(): string[] {
    return [...this.#tools.keys()];
  }
}
