/** How to handle requests that grow: the `[context]` settings. */
export interface ContextSettings {
  /**
   * `auto` names what is old in short, then leaves out what a summary replaces, then the oldest
   * turns; `window` asks for no summary; `full` sends everything and leaves it to the provider.
   */
  strategy: 'auto' | 'window' | 'full';
  /** The largest request; null for what the model takes. */
  maxTokens: number | null;
  /** The most messages in a request; 0 for no limit. */
  maxMessages: number;
  /** The newest messages that are sent as they are as long as there is room for them. */
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
