/** The argument that makes the program the child process that accesses the keyring. */
export const KEYRING_COMMAND = '__keyring';
