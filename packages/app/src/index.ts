/**
 * Synapse as an application. A program that brings its own store and provider takes `openConversation`; a
 * face takes `createApp`, which wires everything by the settings. Faces import the rest by its path, such as
 * `@synapse/app/sessions/pick-messages`.
 * @module
 */
export {
  openConversation,
  type OpenConversationOptions,
} from './conversation/open-conversation.ts';
export { Conversation, type AskOptions } from './conversation/conversation.ts';
export { createApp, type App, type AppOptions } from './wiring.ts';
