export default {
  testMatch: ['<rootDir>/{packages,config,test}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '[.]ts$': ['@swc/jest', { jsc: { target: 'es2023' } }] },
  testEnvironmentOptions: { customExportConditions: ['synapse:source', 'node', 'node-addons'] },
  setupFiles: ['<rootDir>/test/support/plain-console.mjs'],
};
