/** The tools whose histories can be imported, without the code that reads them. */
export const historyTools: readonly string[] = [
  'claude-code',
  'codex',
  'chatgpt',
  'claude-ai',
  'open-webui',
  'librechat',
  'gemini-cli',
  'llm',
  'cline',
  'roo-code',
  'kilo-code',
  'opencode',
  'continue',
  'atif',
  'openai',
  'sharegpt',
];
