/** How Synapse identifies itself to other programs. */
export const version = '0.1.0';
