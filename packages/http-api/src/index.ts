/**
 * The sessions over HTTP: `startServer` listens, `routes` is the table, and `openApiDocument`
 * describes it.
 *
 * @module
 */
export { isLoopback } from './doors/check-host.ts';
export { openApiDocument } from './openapi/openapi-document.ts';
export { httpFailures } from './problems/http-error.ts';
export type { Route } from './route.ts';
export { routes } from './routes.ts';
export { startServer, type ServerOptions } from './server.ts';
