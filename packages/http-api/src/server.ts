import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { RunRegistry } from '@synapse/app/runs/run-registry';
import type { App } from '@synapse/app/wiring';
import { joinSignals, newId, UsageError, type Store } from '@synapse/core';
import { BackgroundAnswers } from './dialects/background-answers.ts';
import { allowedHosts, isAnyAddress } from './doors/check-host.ts';
import { HttpApp } from './http-app.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { ServerFigures } from './server-figures.ts';
import { WebPage } from './page/web-page.ts';
import type { Route } from './route.ts';
import { routes as allRoutes } from './routes.ts';
import type { Service } from './service.ts';

/** Longer than a reverse proxy keeps an idle connection, so that it never uses a closed one. */
const KEEP_ALIVE_MS = 75_000;

export interface ServerOptions {
  app: App;
  store: Store;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Further names in `Host`, such as that of a reverse proxy. */
  hosts?: readonly string[];
  /** Origins of other pages that may ask. */
  origins?: readonly string[];
  limits?: Partial<Limits>;
  /** The folder with the built page; without it, the server has none. */
  page?: string | undefined;
  routes?: readonly Route[];
}

export interface RunningServer {
  /** `http://127.0.0.1:4747` */
  url: string;
  port: number;
  /** Takes no more requests, lets those in progress end, and closes all connections. */
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { app, store, host, hosts = [], origins = [], routes = allRoutes } = options;
  const stopMs = app.settings.serve.stop_timeout * 1000;
  const limits = { ...defaultLimits, stopMs, ...options.limits };
  let isStopping = false;
  const figures = new ServerFigures();
  const runs = new RunRegistry({
    ...{ app, store },
    onEnd: (end) => figures.runEnded(end),
    onStoreError: (error) => figures.failed(error),
  });
  const background = new BackgroundAnswers(app);
  const service: Service = {
    ...{ runs, background },
    ...{ app, limits, figures, instanceId: newId(), startedAt: app.clock.now() },
    isReady: async () => !isStopping && (await answers(store)),
  };
  const allowed = new Set<string>();
  const http = new HttpApp({
    ...{ routes, service, store, hosts: allowed, origins: new Set(origins) },
    page: options.page === undefined ? undefined : await WebPage.open(options.page),
  });
  const server = createAdaptorServer({
    fetch: http.fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      // How often Node looks for requests that take too long.
      connectionsCheckingInterval: Math.min(limits.headersMs, 5000),
    },
  }) as Server;
  server.setTimeout(limits.idleMs);
  const port = await listen(server, options);
  await runs.watch();
  for (const name of allowedHosts({ host, port, extra: hosts })) allowed.add(name);
  return {
    url: `http://${nameOf(host)}:${port}`,
    port,
    async close() {
      isStopping = true;
      const limit = joinSignals([], limits.stopMs);
      // Until the runs have ended, the server says itself that it is not ready.
      await Promise.all([runs.stop(limits.stopMs), background.stop(limits.stopMs)]);
      await closeServer(server, limit.signal);
      limit.release();
    },
  };
}

/** The address as clients on this machine write it. */
function nameOf(host: string): string {
  if (isAnyAddress(host)) return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function answers(store: Store): Promise<boolean> {
  try {
    await store.sessions.list({ limit: 1 });
    return true;
  } catch {
    return false;
  }
}

function listen(server: Server, { host, port }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(toListenError(cause, host, port)),
    );
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Requests in progress may end until the signal aborts. */
function closeServer(server: Server, limit: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    if (limit.aborted) server.closeAllConnections();
    else limit.addEventListener('abort', () => server.closeAllConnections());
  });
}

function toListenError(
  { code, message }: NodeJS.ErrnoException,
  host: string,
  port: number,
): UsageError {
  switch (code) {
    case 'EADDRINUSE':
      return new UsageError(`The port ${port} of ${host} is in use.`, {
        hint: 'Choose another port, or stop the program that uses it.',
      });
    case 'EACCES':
      return new UsageError(`You may not listen on port ${port}.`, {
        hint: 'Choose a port above 1023.',
      });
    default:
      return new UsageError(
        `The server can't listen on ${host}, port ${port} (${code ?? message}).`,
        {
          hint: 'Choose an address of this machine.',
        },
      );
  }
}
