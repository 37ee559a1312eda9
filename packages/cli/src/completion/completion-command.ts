/** The argument with which the shell scripts call the program, before the words of the line. */
export const COMPLETION_COMMAND = '__complete';
