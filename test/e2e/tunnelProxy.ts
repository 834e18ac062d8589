import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy as companies have them: the only way to hosts that no one else can find. */
export class TunnelProxy {
  /** The hosts and ports that were asked for. */
  readonly asked: string[] = [];
  private readonly server: Server = createServer((_request, response) => response.writeHead(501).end());
  private readonly sockets = new Set<Socket>();

  /** @param routes where a host and port really is on the loopback address */
  constructor(routes: Readonly<Record<string, () => number>>) {
    this.server.on('connect', (request, client: Socket) => {
      const target = request.url ?? '';
      this.asked.push(target);
      const port = routes[target]?.() ?? Number(/^127\.0\.0\.1:(\d+)$/.exec(target)?.[1] ?? 0);
      const upstream = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(client);
        client.pipe(upstream);
      });
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
