import type { Socket } from 'node:net';
import type { Exchange } from './exchange.js';
import type { Visit } from './visit.js';

/**
 * Exchanges whose answers wait for those of earlier requests on the client's connection (HTTP pipelining). Such an answer
 * has no connection yet and never hears that the client is gone; here it does, for its service waits with it.
 */
export class QueuedExchanges {
  private readonly bySocket = new WeakMap<Socket, Set<Exchange>>();

  add(exchange: Exchange, { request: { socket }, response }: Visit): void {
    const queued = this.bySocket.get(socket) ?? this.watch(socket);
    queued.add(exchange);
    response.on('close', () => queued.delete(exchange));
  }

  private watch(socket: Socket): Set<Exchange> {
    const queued = new Set<Exchange>();
    this.bySocket.set(socket, queued);
    socket.once('close', () => {
      for (const exchange of queued) exchange.cancel();
    });
    return queued;
  }
}
