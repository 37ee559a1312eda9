import { signal } from '@preact/signals';

/** On a narrow screen the sessions are in front of the conversation, or away. */
export const isSidebarOpen = signal(false);
