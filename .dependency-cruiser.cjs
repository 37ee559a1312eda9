// The architecture, as rules. `npm run lint:deps` checks them; docs/architecture.md draws them.

const tests = '[.]test[.]tsx?$';
/** What people and programs talk to. */
const faces = '^packages/(cli|http-api|web)/';

/** Every library has one home. */
const homes = {
  '@anthropic-ai/sdk': '^packages/provider-anthropic/',
  openai: '^packages/provider-openai/',
  'https-proxy-agent': '^packages/provider-http/',
  knex: '^packages/storage-',
  sqlite3: '^packages/(portability|storage-sqlite)/',
  pg: '^packages/storage-postgres/',
  '@modelcontextprotocol/sdk': '^packages/tools-mcp/',
  unbash: '^packages/tools-builtin/',
  turndown: '^packages/tools-builtin/',
  diff: '^packages/(terminal|tools-builtin)/',
  ignore: '^packages/tools-builtin/',
  picomatch: '^packages/tools-builtin/',
  'jsonc-parser': '^packages/(cli|tools-mcp)/',
  convict: '^config/',
  'smol-toml': '^(config|packages/profiles)/',
  '@decimalturn/toml-patch': '^config/',
  'toml-eslint-parser': '^config/',
  leven: '^config/',
  '@napi-rs/keyring': '^packages/app/',
  pino: '^packages/app/',
  '@oclif/core': '^packages/cli/',
  '@cfworker/json-schema': '^packages/app/',
  yaml: '^packages/(portability|profiles)/',
  marked: '^packages/(cli|markdown|portability|terminal|web)/',
  'highlight.js': '^packages/(markdown|terminal|web)/',
  preact: '^packages/web/',
  '@preact/signals': '^packages/web/',
  'string-width': '^packages/terminal/',
  hono: '^packages/http-api/',
  '@hono/node-server': '^packages/http-api/',
  valibot: '^packages/http-api/',
  '@valibot/to-json-schema': '^packages/http-api/',
};

module.exports = {
  forbidden: [
    {
      // What is loaded when it is called for comes later: no cycle. Types count: readers follow them, too.
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      // Clients that a test runs in a folder where they are installed.
      from: { pathNot: '^test/support/client-programs/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'core-depends-on-nothing',
      severity: 'error',
      from: { path: '^packages/core/', pathNot: tests },
      to: { pathNot: '^packages/core/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'config-depends-on-nothing-of-ours',
      severity: 'error',
      from: { path: '^config/', pathNot: tests },
      to: { path: '^packages/' },
    },
    {
      name: 'terminal-depends-on-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/terminal/', pathNot: tests },
      to: { path: ['^config/', '^packages/(?!(terminal|markdown)/)'] },
    },
    {
      // The page has it, too.
      name: 'markdown-depends-on-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/markdown/', pathNot: tests },
      to: { path: ['^config/', '^packages/(?!markdown/)'] },
    },
    {
      name: 'only-terminal-and-page-know-markdown',
      severity: 'error',
      from: { path: '^(packages|config)/', pathNot: '^packages/(markdown|terminal|web)/' },
      to: { path: '^packages/markdown/' },
    },
    {
      name: 'only-the-cli-knows-the-terminal',
      severity: 'error',
      from: { path: '^(packages|config)/', pathNot: '^packages/(cli|terminal)/' },
      to: { path: '^packages/terminal/' },
    },
    {
      name: 'adapters-know-core-only',
      severity: 'error',
      from: { path: '^packages/(profiles|(?:provider|storage|tools)-[^/]+)/', pathNot: tests },
      to: {
        path: '^(packages|config)/',
        pathNot: [
          '^packages/core/',
          '^packages/$1/',
          '^packages/storage-knex/',
          '^packages/provider-http/',
        ],
      },
    },
    {
      name: 'portability-knows-core-only',
      severity: 'error',
      from: { path: '^packages/portability/', pathNot: tests },
      to: { path: '^(packages|config)/', pathNot: '^packages/(core|portability)/' },
    },
    {
      name: 'only-storage-knows-the-sql-base',
      severity: 'error',
      // The large store of the benchmarks has its rows made by SQL, and sealed as the store does it.
      from: { pathNot: '^(packages/storage-|test/bench/large-store)' },
      to: { path: '^packages/storage-knex/' },
    },
    {
      name: 'only-providers-know-the-transport',
      severity: 'error',
      from: { path: '^(packages|config)/', pathNot: '^packages/provider-' },
      to: { path: '^packages/provider-http/' },
    },
    {
      name: 'only-the-wiring-names-adapters',
      severity: 'error',
      from: {
        path: '^(packages/(app|cli|terminal)|config)/',
        pathNot: ['^packages/app/src/wiring([.]ts$|/)', tests],
      },
      to: { path: '^packages/(profiles/|(provider|storage|tools)-)' },
    },
    {
      name: 'the-app-knows-no-face',
      severity: 'error',
      from: { path: '^packages/app/', pathNot: tests },
      to: {
        path: '^packages/',
        pathNot: [
          '^packages/(app|core|portability|profiles)/',
          '^packages/(provider|storage|tools)-',
        ],
      },
    },
    {
      name: 'only-faces-know-the-app',
      severity: 'error',
      from: { path: '^(packages|config)/', pathNot: ['^packages/app/', faces] },
      to: { path: '^packages/app/' },
    },
    {
      name: 'nothing-imports-a-face',
      severity: 'error',
      from: { path: '^(packages|config)/', pathNot: faces },
      to: { path: faces },
    },
    {
      // It runs in a browser: nothing of Node may come with an import, and no command may load it.
      name: 'the-page-stands-alone',
      severity: 'error',
      from: { path: '^packages/web/', pathNot: tests },
      to: { path: '^(packages|config)/', pathNot: '^packages/(web|markdown)/' },
    },
    {
      name: 'nothing-imports-the-page',
      severity: 'error',
      from: { pathNot: '^packages/web/' },
      to: { path: '^packages/web/' },
    },
    {
      name: 'only-serve-knows-the-http-api',
      severity: 'error',
      from: {
        path: '^(packages|config)/',
        pathNot: ['^packages/http-api/', '^packages/cli/src/commands/serve[.]ts$', tests],
      },
      to: { path: '^packages/http-api/' },
    },
    {
      name: 'the-http-api-knows-no-adapter',
      severity: 'error',
      from: { path: '^packages/http-api/', pathNot: tests },
      to: {
        path: ['^config/', '^packages/'],
        pathNot: '^packages/(http-api|app|core|portability)/',
      },
    },
    {
      name: 'test-kit-is-for-tests',
      severity: 'error',
      from: { path: '^(packages|config)/', pathNot: tests },
      to: { path: '^test/' },
    },
    ...Object.entries(homes).map(([library, home]) => ({
      name: `home-of-${library.replaceAll(/[@/]/g, '-').replace(/^-/, '')}`,
      severity: 'error',
      from: { path: '^(packages|config)/', pathNot: [home, tests] },
      to: { path: `^node_modules/(@types/)?${library}/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|bundle)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['synapse:source', 'types', 'import', 'default'],
    },
  },
};
