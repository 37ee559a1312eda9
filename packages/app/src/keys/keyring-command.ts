/** What the program is called with to be the child that talks to the keyring. */
export const KEYRING_COMMAND = '__keyring';
