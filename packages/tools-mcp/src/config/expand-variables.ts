/** `name` is the variable that is not set. */
export type Expansion = { text: string } | { name: string };

/**
 * Puts the values of variables in place of `${NAME}`; `${NAME:-text}` has a value of its own for
 * when the variable is not set.
 */
export function expandVariables(text: string, environment: NodeJS.ProcessEnv): Expansion {
  let missing: string | undefined;
  const expanded = text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (whole, name: string, otherwise: string | undefined) => {
      const value = environment[name] ?? otherwise;
      if (value === undefined) missing ??= name;
      return value ?? whole;
    },
  );
  return missing === undefined ? { text: expanded } : { name: missing };
}
