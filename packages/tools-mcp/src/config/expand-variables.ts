/** `name` is the variable that is not set. */
export type Expansion = { text: string } | { name: string };

/**
 * Replaces `${NAME}` with the value of the variable; `${NAME:-text}` has a default for an unset
 * variable.
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
