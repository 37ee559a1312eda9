export { createBuiltinTools, type BuiltinToolsOptions } from './builtin-tools.ts';
export { parseShell } from './shell/parse-shell.ts';
export { createFolderTrust, type FolderTrust } from './trust/folder-trust.ts';
