import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', 'coverage/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers in templates are what most messages are made of.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Ports are async; an implementation that needs no await still has to be.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  ...house(),
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-properties': [
        'error',
        ...['mock', 'unstable_mockModule', 'doMock'].map((property) => ({
          object: 'jest',
          property,
          message: 'Pass a fake instead; the hexagon needs no module mocks.',
        })),
        {
          object: 'jest',
          property: 'setTimeout',
          message: 'Machines may be busy; the one limit, for what hangs, is in jest.config.mjs.',
        },
      ],
    },
  },
);

/** Which folder may touch what of its process; .dependency-cruiser.cjs has the rules for imports. */
function house() {
  const signals = {
    selector: 'MemberExpression[object.name="AbortSignal"][property.name=/^(any|timeout)$/]',
    message: 'Use joinSignals of core: Node 20 collects such a signal, and it never fires.',
  };
  const alias = {
    selector:
      ':matches(VariableDeclarator[id.type="Identifier"][init.name="process"], MemberExpression[object.name="globalThis"][property.name="process"])',
    message: 'Name what you need of process, so that the rules of the house can see it.',
  };
  const notices = {
    selector: ':matches(Literal[value=/^synapse: /], TemplateElement[value.raw=/^synapse: /])',
    message: 'Use createNotices of output/notices.ts: it filters the text and honours --quiet.',
  };
  const restrict = (properties, message) =>
    properties.map((property) => ({ object: 'process', property, message }));
  const exits = restrict(
    ['exit', 'exitCode', 'abort'],
    'Throw a SynapseError; cli ends the process.',
  );
  const streams = restrict(
    ['stdin', 'stdout', 'stderr'],
    'Take the stream as a parameter; only cli and terminal touch the standard streams.',
  );
  const surroundings = restrict(
    ['cwd', 'chdir', 'env'],
    'Take the folder or the environment as a parameter; only a face reads them.',
  );
  const imports = {
    paths: ['process', 'node:process'].map((name) => ({
      name,
      message: 'Use the global process, so that the rules of the house can see what you touch.',
    })),
  };
  const inside = (files, ignores, properties, syntax = []) => ({
    files,
    ignores: ['**/*.test.ts', '**/*.test.tsx', ...ignores],
    rules: {
      'no-restricted-properties': ['error', ...properties],
      'no-restricted-syntax': ['error', signals, alias, ...syntax],
      'no-restricted-imports': ['error', imports],
    },
  });
  return [
    { files: ['packages/**/*.{ts,tsx}'], rules: { 'no-restricted-syntax': ['error', signals] } },
    inside(['packages/cli/**/*.ts'], [], []),
    inside(['packages/cli/**/*.ts'], ['packages/cli/src/output/notices.ts'], [], [notices]),
    inside(['packages/terminal/**/*.ts'], [], [...exits, ...surroundings]),
    inside(
      ['packages/**/*.{ts,tsx}', 'config/**/*.ts'],
      ['packages/cli/**', 'packages/terminal/**'],
      [...exits, ...streams, ...surroundings],
    ),
  ];
}
