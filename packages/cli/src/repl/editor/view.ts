import type { CompletionMenu } from './completion.ts';

/** What stands in the region at the bottom of the screen. */
export interface View {
  readonly prompt: string;
  readonly text: string;
  readonly cursor: number;
  readonly menu?: CompletionMenu | undefined;
  /** The row below: what the conversation is about, or what is searched for. */
  readonly status?: string | undefined;
}
