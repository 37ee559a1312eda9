/** What Synapse tells other programs that it is. */
export const version = '0.1.0';
