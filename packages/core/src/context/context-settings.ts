/** How to handle requests that grow: the `[context]` settings. */
export interface ContextSettings {
  /**
   * `auto` first shortens old results, then replaces old turns with a summary, then leaves out the
   * oldest turns. `window` writes no summary. `full` sends everything and leaves the limit to the
   * provider.
   */
  strategy: 'auto' | 'window' | 'full';
  /** The largest request in tokens; null for the limit of the model. */
  maxTokens: number | null;
  /** The most messages in a request; 0 for no limit. */
  maxMessages: number;
  /** The newest messages, which are sent unchanged as long as they fit. */
  keepRecent: number;
  /** The share of the budget at which older turns are summarised. */
  summarizeAt: number;
  pruneToolOutput: boolean;
}

export const defaultContextSettings: Readonly<ContextSettings> = {
  strategy: 'auto',
  maxTokens: null,
  maxMessages: 0,
  keepRecent: 10,
  summarizeAt: 0.8,
  pruneToolOutput: true,
};
