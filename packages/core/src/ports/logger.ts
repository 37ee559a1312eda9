/**
 * The program's log of its work. Never on the terminal by default, and never for messages to the
 * user. The sink redacts keys; callers still don't pass any.
 */
export interface Logger {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
