import {
  InvalidDataError,
  type AttachmentReference,
  type JsonObject,
  type Tool,
} from '@synapse/core';
import { checkInput } from '@synapse/core/conversation';
import { toToolError } from './to-tool-error.ts';

/** A tool and its implementation. It fails by throwing a SynapseError, whose text the model gets. */
export interface BuiltinTool {
  tool: Tool;
  run(input: JsonObject, signal: AbortSignal): Promise<ToolAnswer>;
}

export interface ToolAnswer {
  text: string;
  isError?: boolean;
  /** The whole result, if `text` is only a part of it. */
  whole?: Uint8Array;
  attachments?: AttachmentReference[];
}

export interface ToolImplementation<Input> extends Omit<Tool, 'previewChange'> {
  previewChange?: (input: Input) => Promise<string | null>;
  /** Gets only input that fits the schema. */
  run: (input: Input, signal: AbortSignal) => Promise<ToolAnswer>;
}

export function defineTool<Input>(implementation: ToolImplementation<Input>): BuiltinTool {
  const { run, previewChange, ...tool } = implementation;
  const fits = (input: JsonObject) => checkInput(input, tool.inputSchema).length === 0;
  return {
    tool: {
      ...tool,
      ...(previewChange && {
        previewChange: async (input) => (fits(input) ? previewChange(input as Input) : null),
      }),
    },
    async run(input, signal) {
      const problems = checkInput(input, tool.inputSchema);
      if (problems.length > 0) {
        throw new InvalidDataError(
          `The arguments of "${tool.name}" are wrong: ${problems.join(' ')}`,
        );
      }
      try {
        return await run(input as Input, signal);
      } catch (error) {
        throw toToolError(error, tool.name);
      }
    },
  };
}
