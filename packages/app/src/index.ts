/**
 * Synapse as an application. A program that brings its own store and provider uses
 * `openConversation`. An interface uses `createApp`, which wires everything by the settings, and
 * imports the rest by path, such as `@synapse/app/sessions/pick-messages`.
 *
 * @module
 */
export {
  openConversation,
  type OpenConversationOptions,
} from './conversation/open-conversation.ts';
export { Conversation, type AskOptions } from './conversation/conversation.ts';
export { createApp, type App, type AppOptions } from './wiring.ts';
