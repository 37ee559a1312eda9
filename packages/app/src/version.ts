/** How Synapse identifies itself to other programs and in their formats. */
export const version = '0.1.0';
