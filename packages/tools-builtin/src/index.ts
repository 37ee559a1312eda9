export { parseShell } from './shell/parse-shell.ts';
