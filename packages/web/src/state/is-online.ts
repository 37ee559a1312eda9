import { signal } from '@preact/signals';

/** False while attempts to follow the server fail; any reply that is a success ends that. */
export const isOnline = signal(true);
