export { LongSession } from './long-session.ts';
export { StrictHost } from './strict-host.ts';
export { STRICT_SERVERS, type StrictServer } from './strict-server.ts';
