import {
  MAX_SECONDS,
  boolean,
  decimal,
  oneOf,
  path,
  tableOf,
  text,
  textList,
  wholeNumber,
  type Group,
  type Leaf,
} from './leaf.ts';
import {
  modelEntry,
  priceEntry,
  providerEntry,
  type ModelSettings,
  type PriceSettings,
  type ProviderSettings,
} from './table-entries.ts';

/**
 * Every setting, once: its section and name in the file, its default, its variable, its meaning.
 */
export const schema = {
  provider: text<string | null>({
    default: null,
    example: 'openai',
    env: ['SYNAPSE_PROVIDER'],
    doc: 'The default provider. Unset: the first one that has a key.',
  }),
  model: text<string | null>({
    default: null,
    example: 'openai/gpt-6-sol',
    env: ['SYNAPSE_MODEL'],
    doc: 'The default model: a model, provider/model, or an alias.',
  }),
  system_prompt: text<string | null>({
    default: null,
    example: 'Answer briefly.',
    doc: 'Instructions for the model in every new session.',
  }),
  agent: text<string | null>({
    default: null,
    example: 'reviewer',
    doc: 'The agent that a new session begins with.',
  }),
  fallback: textList({
    default: [],
    doc: 'Models (provider/model) to try, in order, when the first cannot be reached.',
  }),
  aliases: tableOf<string>(
    text({ default: '', example: 'openai/gpt-6-luna', doc: 'A model, or provider/model.' }),
    'Short names for models: `fast = "openai/gpt-6-luna"`.',
    'fast',
  ),

  serve: {
    remember: oneOf(['always', 'respect'], {
      default: 'always',
      doc: 'Whether `synapse serve` stores a conversation whose client asks not to store it. With respect, it keeps only the cost.',
    }),
    host: text({
      default: '127.0.0.1',
      doc: 'The address on which `synapse serve` listens. Another one than 127.0.0.1 lets other machines in.',
    }),
    port: wholeNumber({
      default: 4747,
      max: 65_535,
      doc: 'The port of the server. 0: any free one.',
    }),
    hosts: textList({
      default: [],
      doc: 'Further names under which the server answers, as the header Host has them: `["synapse.example.com"]`.',
    }),
    origins: textList({
      default: [],
      doc: 'Origins of other web pages that may use the server: `["https://app.example.com"]`.',
    }),
    requests_per_minute: wholeNumber({
      default: 1200,
      min: 1,
      doc: 'How many requests a token may make in a minute.',
    }),
    approval_timeout: wholeNumber({
      default: 3600,
      min: 1,
      max: MAX_SECONDS,
      doc: 'How long a tool call of the server waits for its approval, in seconds. After that it is refused.',
    }),
    keep_run_events: wholeNumber({
      default: 600,
      max: MAX_SECONDS,
      doc: 'How long the events of an ended run are kept for its readers, in seconds. Its messages stay.',
    }),
    stop_timeout: wholeNumber({
      default: 10,
      max: MAX_SECONDS,
      doc: 'How long a server that stops waits for its runs, in seconds. It stores those that are left as interrupted.',
    }),
    pool_size: wholeNumber({
      default: 10,
      min: 2,
      max: 1000,
      doc: 'The most connections of a server to PostgreSQL at once.',
    }),
    listen_url: text<string | null>({
      default: null,
      example: 'postgres://localhost/synapse',
      doc: 'The address at which a server listens to the others, if the database is behind a pooler in transaction mode. Unset: that of the database.',
    }),
  },

  session: {
    database_url: text<string | null>({
      default: null,
      example: 'postgres://localhost/synapse',
      env: ['SYNAPSE_DATABASE_URL', 'DATABASE_URL'],
      doc: 'Where sessions are stored: a path, sqlite:path, or postgres://… Unset: sessions.db next to the config file.',
    }),
    max_sessions: wholeNumber({
      default: 100,
      doc: 'How many sessions to keep; the least recently used go to the trash. Pinned, archived and imported ones do not count and always stay. 0: no limit.',
    }),
    retention_days: wholeNumber({
      default: 90,
      max: 36_500,
      doc: 'Days without use after which a session goes to the trash. 0: never.',
    }),
    min_age_days: wholeNumber({
      default: 0,
      max: 36_500,
      doc: 'Sessions used within this many days stay, even above max_sessions. Sessions used within the last day always stay.',
    }),
    trash_days: wholeNumber({
      default: 30,
      max: 36_500,
      doc: 'Days in the trash after which a session is deleted for good. 0: never.',
    }),
    auto_cleanup: boolean({
      default: true,
      doc: 'Apply these limits once a day, while you get an answer. If false, only `synapse sessions prune` applies them.',
    }),
    generate_titles: boolean({
      default: false,
      doc: 'Let a model write a title after the first answer; its cost counts.',
    }),
    title_model: text<string | null>({
      default: null,
      example: 'openai/gpt-6-luna',
      doc: 'The model that writes titles. Unset: the model of the session.',
    }),
  },

  providers: tableOf<ProviderSettings>(
    providerEntry,
    'One table for each provider that has no preset, or whose settings differ from its preset.',
    'my-server',
  ),
  prices: tableOf<PriceSettings>(
    priceEntry,
    'Prices that override the built-in ones, by model or provider/model. [models] takes these and more.',
    'my-model',
  ),
  models: tableOf<ModelSettings>(
    modelEntry,
    'Facts about models that override the built-in ones, by model or provider/model.',
    'my-model',
  ),

  context: {
    strategy: oneOf(['auto', 'window', 'full'], {
      default: 'auto',
      doc: 'auto: prune, then summarise, then a sliding window; window: no summary; full: everything.',
    }),
    max_tokens: wholeNumber<number | null>({
      default: null,
      example: 100_000,
      min: 1000,
      doc: 'The maximum size of a request, in tokens. Unset: the context window of the model. If that is unknown: 128,000, or no limit for a local server.',
    }),
    max_messages: wholeNumber({
      default: 0,
      doc: 'The maximum number of messages in a request. 0: no limit.',
    }),
    keep_recent: wholeNumber({
      default: 10,
      doc: 'The newest messages that are always sent as they are.',
    }),
    summarize_at: decimal({
      default: 0.8,
      min: 0.1,
      max: 1,
      doc: 'The share of the budget at which older messages are summarised.',
    }),
    prune_tool_output: boolean({
      default: true,
      doc: 'Send old tool output and images as a short reference.',
    }),
    summary_model: text<string | null>({
      default: null,
      example: 'openai/gpt-6-luna',
      doc: 'The model that writes summaries. Unset: the model of the session.',
    }),
    warn_cost: decimal({
      default: 0.5,
      doc: 'Warn before resuming a session costs more than this, in US dollars. 0: never.',
    }),
  },

  limits: {
    max_cost_run: decimal({ default: 0, doc: 'US dollars a single run may cost. 0: no limit.' }),
    max_cost_session: decimal({ default: 0, doc: 'US dollars a session may cost. 0: no limit.' }),
    max_cost_day: decimal({ default: 0, doc: 'US dollars a day may cost. 0: no limit.' }),
    timeout: wholeNumber({
      default: 0,
      max: MAX_SECONDS,
      doc: 'Seconds a whole turn may take. 0: no limit.',
    }),
  },

  instructions: {
    files: textList({
      default: ['AGENTS.md'],
      doc: 'Files with instructions for models, in the working folder, the folders above it up to the repository, and the config folder: also `CLAUDE.md`, `GEMINI.md`, `.github/copilot-instructions.md`. An empty list reads none.',
    }),
  },

  tools: {
    mode: oneOf(['none', 'read', 'all'], {
      default: 'all',
      doc: 'Which tools the model may use: none, those that only read, or all.',
    }),
    roots: textList({
      default: [],
      doc: 'Folders besides the working directory that tools may use.',
    }),
    allow: textList({ default: [], doc: 'Calls that need no approval: `shell: git log *`.' }),
    ask: textList({ default: [], doc: 'Calls that need approval.' }),
    deny: textList({ default: [], doc: 'Calls that are refused.' }),
    sandbox: oneOf(['auto', 'required', 'off'], {
      default: 'auto',
      doc: 'auto: use a sandbox if there is one; required: run no command without one; off: use none.',
    }),
    network: boolean({ default: false, doc: 'Let sandboxed commands reach the network.' }),
    // No command runs for longer, whatever the model requests.
    timeout: wholeNumber({
      default: 120,
      min: 1,
      max: 3600,
      doc: 'Time limit of a command, in seconds.',
    }),
    max_rounds: wholeNumber({
      default: 50,
      min: 1,
      doc: 'The maximum number of rounds of tool calls in one turn.',
    }),
    max_output_kb: wholeNumber({
      default: 64,
      min: 1,
      doc: 'Kilobytes of a tool result that the model sees; the whole result is stored.',
    }),
  },

  mcp: {
    config: path({
      default: null,
      example: '~/mcp_servers.json',
      env: ['SYNAPSE_MCP_CONFIG'],
      doc: 'The mcpServers file. Unset: mcp_servers.json next to the config file.',
    }),
    timeout: wholeNumber({
      default: 60,
      min: 1,
      max: MAX_SECONDS,
      doc: 'Time limit of a call to a server, in seconds.',
    }),
  },

  output: {
    color: oneOf(['auto', 'always', 'never'], {
      default: 'auto',
      doc: 'When to use colour: auto means on a terminal.',
    }),
    markdown: boolean({ default: true, doc: 'Render the Markdown of answers on a terminal.' }),
    reasoning: boolean({ default: true, doc: 'Show reasoning on stderr when it is a terminal.' }),
  },

  log: {
    level: oneOf(['silent', 'error', 'warn', 'info', 'debug'], {
      default: 'info',
      env: ['SYNAPSE_LOG'],
      doc: 'The lowest level of the messages in the log file.',
    }),
    format: oneOf(['text', 'json'], {
      default: 'text',
      env: ['SYNAPSE_LOG_FORMAT'],
      doc: 'The format of the log file.',
    }),
    file: path({
      default: null,
      example: '~/synapse.log',
      doc: 'The log file. Unset: synapse.log in the state folder.',
    }),
  },
} satisfies Group;

type SettingsOf<G> = {
  [K in keyof G]: G[K] extends Leaf<infer T> ? T : SettingsOf<G[K]>;
};

export type Settings = SettingsOf<typeof schema>;
