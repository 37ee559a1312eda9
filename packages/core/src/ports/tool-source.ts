import type { AttachmentReference } from '../session/part.ts';
import type { JsonObject } from '../session/json-value.ts';
import type { ToolDefinition } from './model-provider.ts';

/** Tools that belong together: the built-in ones, or those of one MCP server. */
export interface ToolSource {
  readonly name: string;

  /**
   * The tools that the source offers now. The names are unique within the source and fit
   * `[a-zA-Z0-9_-]{1,64}`.
   */
  list(signal: AbortSignal): Promise<Tool[]>;

  /**
   * The tools of `list`, as far as known without starting or contacting anything. A source whose
   * `list` starts nothing omits it.
   */
  listKnown?(): Promise<Tool[]>;

  /**
   * Runs one call that was approved. A tool that fails returns a result with `isError`; it throws
   * only failures that the model must not see: the signal's reason when aborted, or a bug.
   */
  call(name: string, input: JsonObject, signal: AbortSignal): Promise<ToolOutput>;

  close(): Promise<void>;
}

export interface Tool extends ToolDefinition {
  /** `read` only reads, `write` changes something, `execute` can do anything. */
  effect: 'read' | 'write' | 'execute';
  /** The subject of rules and approvals; without it, rules can only name the whole tool. */
  subject?: ToolSubject;
  /**
   * Why the user has to see each call for now, whatever the rules allow; null if there is no
   * reason. Called before a tool call, because finding out may take a moment.
   */
  mustAsk?: () => Promise<string | null>;
  /**
   * The change that a call would make to an existing file, as a unified diff, for the user who is asked
   * about the call. It changes nothing, and never fails: null if there is nothing to show, or if it
   * can't be found out. The call itself may still be made.
   */
  previewChange?: (input: JsonObject) => Promise<string | null>;
  /**
   * Whether a turn may repeat the same call any number of times, because its subject changes
   * elsewhere: for example a tool that reports the progress of a job.
   */
  mayBeRepeated?: boolean;
}

/** The argument that identifies a call: `fetch: https://example.com/*` is about its `url`. */
export interface ToolSubject {
  argument: string;
  kind: 'path' | 'command' | 'url' | 'text';
  /**
   * The target of a path after its links are followed, as far as it exists: rules apply to the
   * target, too.
   */
  locate?: (path: string) => Promise<string>;
}

export interface ToolOutput {
  output: string;
  isError: boolean;
  attachments: AttachmentReference[];
}
