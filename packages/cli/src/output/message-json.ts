// An export and what the commands print have one shape.
export { messageToJson, sessionToJson } from '@synapse/portability';
