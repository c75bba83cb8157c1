import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalStack, SERVICES, type ServiceName } from '@flight-booking/local-stack';
import { AuditDatabases, type DatabaseUrls } from '../audit/audit-databases.js';
import { AUDITED_SERVICES } from '../audit/invariant.js';
import { NO_RATE_LIMITS, SHORT_TIMES, type ChaosOptions } from './chaos-options.js';
import { FAITHFUL, FaultProxy, type ProxyFault, type ProxyFaults } from './fault-proxy.js';
import type { Random } from './random.js';

const NAMES: readonly ServiceName[] = SERVICES.map(({ name }) => name);
const READY_WITHIN_MS = 120_000;

/** A stack of a run's own, with a fault proxy in front of every service. */
export class ChaosStack {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'flight-booking-chaos-'));
  /** Services that ended by themselves, though nobody killed them. */
  readonly deaths: string[] = [];
  stack!: LocalStack;
  databases!: AuditDatabases;
  private readonly proxies = new Map<ServiceName, FaultProxy>();
  private readonly fronts = new Map<ServiceName, string>();

  constructor(
    private readonly options: ChaosOptions,
    random: Random,
  ) {
    for (const name of NAMES) this.proxies.set(name, new FaultProxy(random.fork(`proxy of ${name}`)));
  }

  /** The address at which customers find the gateway. */
  get gatewayUrl(): string {
    return this.front('api-gateway');
  }

  async start(): Promise<void> {
    for (const [name, proxy] of this.proxies) this.fronts.set(name, await proxy.start());
    const { rootDir, replicas, env } = this.options;
    this.stack = new LocalStack({
      rootDir,
      dataDir: this.dataDir,
      ports: 'free',
      persistent: false,
      replicas,
      env: {
        ...process.env,
        NODE_ENV: 'test',
        LOG_LEVEL: 'warn',
        ...NO_RATE_LIMITS,
        ...SHORT_TIMES,
        PUBLIC_URL: this.gatewayUrl,
        PAYMENT_WEBHOOK_URL: `${this.front('payment-service')}/api/payments/webhook`,
        ...env,
      },
      frontOf: (name, addresses) => {
        this.proxies.get(name)?.leadTo(addresses);
        return this.front(name);
      },
      onEvent: (event) => {
        if (event.type === 'service-died' && event.exit.signal === null)
          this.deaths.push(`${event.service}: ${event.exit.lastLog.split('\n').at(-1)?.slice(0, 200) ?? ''}`);
      },
    });
    await this.stack.start();
    await this.stack.waitUntilHealthy(READY_WITHIN_MS);
    const urls = AUDITED_SERVICES.map((service) => [service, this.stack.postgresUrl(service)]);
    this.databases = new AuditDatabases(Object.fromEntries(urls) as DatabaseUrls);
  }

  /** From now on, requests suffer this. */
  injectIntoRequests(faults: ProxyFaults): void {
    for (const proxy of this.proxies.values()) proxy.faults = faults;
  }

  /** How often each fault of requests was injected, by all proxies together. */
  injectedIntoRequests(): Record<ProxyFault, number> {
    const total = { ...FAITHFUL };
    for (const { injected } of this.proxies.values())
      for (const fault of Object.keys(total) as ProxyFault[])
        (total as Record<ProxyFault, number>)[fault] += injected[fault];
    return total;
  }

  async stop(): Promise<void> {
    await this.databases?.stop();
    await this.stack?.stop();
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.stop()));
  }

  private front(name: ServiceName): string {
    const front = this.fronts.get(name);
    if (front === undefined) throw new Error(`Nothing stands in front of ${name} yet.`);
    return front;
  }
}
