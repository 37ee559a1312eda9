import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  port: number;
  /** Sees what a client sends; true cuts the line when the server's answer to it arrives. */
  cutsAfter?: (data: Buffer) => boolean;
  /** Sees what the server answers, and says what comes of it; passes it on where there is none. */
  onAnswer?: (data: Buffer, client: Socket) => void;
}

/** Stands between a client and a server on this machine, and can lose an answer. */
export async function openTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(options.port, '127.0.0.1');
    let isCutting = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Whatever ends one side ends the other; 'close' follows every error.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      isCutting ||= options.cutsAfter?.(data) ?? false;
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (isCutting) client.destroy();
      else if (options.onAnswer) options.onAnswer(data, client);
      else client.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
