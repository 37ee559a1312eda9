/** One error in the settings, and its place. */
export interface Problem {
  /** A file, or the name of a variable or flag. */
  source: string;
  line: number | null;
  key: string | null;
  message: string;
}

/** The settings are invalid. Lists every problem, not only the first. */
export class InvalidSettingsError extends Error {
  override readonly name = 'InvalidSettingsError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

function describeProblem({ source, line, key, message }: Problem): string {
  const place = line === null ? source : `${source}:${line}`;
  return key === null ? `${place}: ${message}` : `${place}: ${key} ${message}`;
}
