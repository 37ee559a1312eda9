// Jest decorates console output, and oclif prints through console. Give the tests the plain one.
globalThis.console = (await import('node:console')).default;
