export { createBuiltinTools, type BuiltinToolsOptions } from './builtin-tools.ts';
export { parseShell } from './shell/parse-shell.ts';
export { toSafePath } from './workspace/search-path.ts';
