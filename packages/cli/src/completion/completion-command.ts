/** What the stubs of the shells call the program with, before the words of the line. */
export const COMPLETION_COMMAND = '__complete';
