/** The name under which Synapse's own exports are imported. */
export const OWN_TOOL = 'synapse';

/** The tools whose histories can be imported, without the code that reads them. */
export const historyTools: readonly string[] = [
  'pi',
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
  'chatbot-ui',
  'atif',
  'openai',
  'sharegpt',
  'goose',
  'crush',
  'aichat',
  OWN_TOOL,
];
