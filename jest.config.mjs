import { availableParallelism } from 'node:os';

export default {
  testMatch: ['<rootDir>/{packages,config,test}/**/*.test.{ts,tsx}'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '[.]ts$': ['@swc/jest', { jsc: { target: 'es2023' } }],
    '[.]tsx$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
      },
    ],
  },
  testEnvironmentOptions: {
    customExportConditions: ['synapse:source', 'node', 'node-addons'],
    // Its soft deletion warns of jest's own late look at what it has deleted.
    globalsCleanup: 'off',
  },
  // Twice the cores, because tests often wait for disks and processes. One PostgreSQL serves all.
  maxWorkers: Math.min(2 * availableParallelism(), 6),
  testSequencer: '<rootDir>/test/support/slow-first.mjs',
  // Only ends what hangs: real processes on a busy machine take their time. No test sets a shorter one.
  testTimeout: 180_000,
  setupFiles: ['<rootDir>/test/support/plain-console.mjs'],
};
