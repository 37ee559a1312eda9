import { join } from 'node:path';
import { homeFolder } from './home-folder.ts';

export class UnsetVariableError extends Error {
  readonly variable: string;

  constructor(variable: string) {
    super(`names \${${variable}}, which is not set`);
    this.variable = variable;
  }
}

/** Replaces `${NAME}` with the value of the variable; `$${NAME}` becomes `${NAME}`. */
export function expandVariables(text: string, environment: NodeJS.ProcessEnv): string {
  return text.replace(/(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, escape, name: string) => {
    if (escape) return whole.slice(1);
    const value = environment[name];
    if (value === undefined) throw new UnsetVariableError(name);
    return value;
  });
}

export function expandHome(path: string, environment: NodeJS.ProcessEnv): string {
  if (path !== '~' && !path.startsWith('~/')) return path;
  return join(homeFolder(environment), path.slice(1));
}
