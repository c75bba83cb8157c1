import { Database, createLogger, type Service } from '@flight-booking/platform';
import {
  StubService,
  TestIssuer,
  createTestDatabase,
  type TestDatabase,
} from '@flight-booking/local-stack/testing';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

/** An answer of the service, read whole. */
export interface Answer {
  readonly status: number;
  readonly body: any;
}

/** discount-service on a database of its own, with its neighbours stubbed at the network. */
export class RunningService {
  readonly issuer = new TestIssuer();
  readonly flightSearch = new StubService();
  private testDatabase!: TestDatabase;
  private services: Service[] = [];
  /** Looks into the service's tables. */
  database!: Database;

  async start(): Promise<void> {
    [this.testDatabase] = await Promise.all([
      createTestDatabase(),
      this.issuer.start(),
      this.flightSearch.start(),
    ]);
    const options = { url: this.testDatabase.url, poolSize: 2, applicationName: 'test' };
    this.database = new Database(options, createLogger('test', 'silent'));
    await this.startInstance();
  }

  /** Starts one more copy on the same database; requests go to the copies by their number. */
  async startInstance(): Promise<void> {
    const service = compose(
      readConfig({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        HOST: '127.0.0.1',
        PORT: '0',
        DATABASE_URL: this.testDatabase.url,
        DATABASE_POOL_SIZE: '10',
        AUTH_URL: this.issuer.url,
        FLIGHT_SEARCH_URL: this.flightSearch.url,
        SERVICE_CLIENT_SECRET: 'a-secret-of-the-tests',
      }),
    );
    this.services.push(service);
    await service.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await Promise.all([this.issuer.stop(), this.flightSearch.stop(), this.database.stop()]);
    await this.testDatabase.drop();
  }

  async request(
    method: string,
    path: string,
    options: { readonly token?: string; readonly body?: unknown; readonly instance?: number } = {},
  ): Promise<Answer> {
    const service = this.services[options.instance ?? 0];
    const response = await fetch(`http://127.0.0.1:${service?.port}${path}`, {
      method,
      headers: {
        ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
      },
      body: options.body === undefined ? null : JSON.stringify(options.body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}
