import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.js';

/** How likely each fault is, of one request. */
export interface ProxyFaults {
  /** Held back for a while, so that others overtake it. */
  readonly delay: number;
  /** The line breaks before the request arrives. */
  readonly cutBefore: number;
  /** The line breaks after the request took effect: its sender never hears. */
  readonly cutAfter: number;
  /** Sent twice, at once or one after the other; only what may be repeated. */
  readonly duplicate: number;
  /** An event or webhook is held back so long that later ones overtake it. */
  readonly reorder: number;
}

/** What a proxy can do to a request. */
export type ProxyFault = keyof ProxyFaults;

/** Without faults. */
export const FAITHFUL: ProxyFaults = { delay: 0, cutBefore: 0, cutAfter: 0, duplicate: 0, reorder: 0 };

/** The longest that a request is held back. */
const MOST_DELAY_MS = 400;
const MOST_REORDER_MS = 1_500;
const DUPLICATE_AFTER_MS = 150;
const PATIENCE_MS = 20_000;

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);
/** Calls between services and webhooks are made to be repeated; what customers ask for is not ours to repeat. */
const REPEATABLE = /^\/internal\/|^\/api\/payments\/webhook/;
const DELIVERY = /^\/internal\/events|^\/api\/payments\/webhook/;

/**
 * Stands in front of a service and does to its requests what networks do. It spreads them over the copies of the
 * service and passes by copies that are dead, as a load balancer would.
 */
export class FaultProxy {
  /** How often each fault was injected. */
  readonly injected: Record<ProxyFault, number> = { ...FAITHFUL };
  faults: ProxyFaults = FAITHFUL;
  private targets: readonly string[] = [];
  private turn = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 512 });
  private readonly server = createServer((request, response) => void this.pass(request, response));

  constructor(private readonly random: Random) {}

  /** @returns the address at which the service is reached from now on */
  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Which copies of the service there are. */
  leadTo(addresses: readonly string[]): void {
    this.targets = addresses;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    this.agent.destroy();
    await once(this.server, 'close');
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bytesOf(request);
      const path = request.url ?? '/';
      if (this.strikes('delay')) await sleep(this.random.between(10, MOST_DELAY_MS));
      if (DELIVERY.test(path) && this.strikes('reorder'))
        await sleep(this.random.between(200, MOST_REORDER_MS));
      if (this.strikes('cutBefore')) throw new Error('The line is cut before the request.');
      const twice = REPEATABLE.test(path) && this.strikes('duplicate');
      const answer = await this.forward(request, body);
      if (twice) this.repeat(request, body);
      if (this.strikes('cutAfter')) throw new Error('The line is cut before the answer.');
      response.writeHead(answer.status, passedOn(answer.headers));
      response.end(answer.body);
    } catch {
      // Whoever asked sees a line that broke, which is all that a client ever sees of a fault.
      response.destroy();
    }
  }

  private strikes(fault: ProxyFault): boolean {
    const strikes = this.faults[fault] > 0 && this.random.chance(this.faults[fault]);
    if (strikes) this.injected[fault] += 1;
    return strikes;
  }

  private repeat(request: IncomingMessage, body: Buffer): void {
    void sleep(this.random.between(0, DUPLICATE_AFTER_MS))
      .then(() => this.forward(request, body))
      .catch(() => undefined);
  }

  /** Asks one copy after the other until one accepts the connection. */
  private async forward(request: IncomingMessage, body: Buffer): Promise<Answer> {
    // Others come while this one waits for an answer, and take their own turns.
    const first = (this.turn += 1);
    let refused: unknown = new Error('The service has no address yet.');
    for (let i = 0; i < this.targets.length; i += 1) {
      try {
        return await this.ask(this.targets[(first + i) % this.targets.length] ?? '', request, body);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
        refused = error;
      }
    }
    throw refused;
  }

  private ask(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { host: _host, ...others } = passedOn(headers);
      const options = {
        agent: this.agent,
        method,
        timeout: PATIENCE_MS,
        headers: { ...others, host: new URL(target).host, 'content-length': body.length },
      };
      const asked = httpRequest(target + (url ?? '/'), options, (answer) => {
        bytesOf(answer).then(
          (bytes) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: bytes }),
          reject,
        );
      });
      asked.on('timeout', () => asked.destroy(new Error('The service did not answer.')));
      asked.on('error', reject);
      asked.end(body);
    });
  }
}

const passedOn = (headers: NodeJS.Dict<string | string[]>): NodeJS.Dict<string | string[]> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
