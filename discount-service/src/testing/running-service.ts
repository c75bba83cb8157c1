import {
  ServiceUnderTest,
  StubService,
  type Answer,
  type TestIssuer,
} from '@flight-booking/local-stack/testing';
import { Database, createLogger, type Service } from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

/** discount-service on a database of its own, with its neighbours stubbed at the network. */
export class RunningService {
  readonly flightSearch = new StubService();
  private readonly under = new ServiceUnderTest({
    compose: (environment) => compose(readConfig(environment)),
    neighbours: { FLIGHT_SEARCH_URL: this.flightSearch },
    environment: { DATABASE_POOL_SIZE: '10' },
  });
  private readonly instances: Service[] = [];
  /** Looks into the service's tables. */
  database!: Database;

  get issuer(): TestIssuer {
    return this.under.issuer;
  }

  async start(): Promise<void> {
    await this.under.prepare();
    const options = { url: this.under.database.url, poolSize: 2, applicationName: 'test' };
    this.database = new Database(options, createLogger('test', 'silent'));
    await this.startInstance();
  }

  /** Starts one more copy on the same database; requests go to the copies by their number. */
  async startInstance(): Promise<void> {
    this.instances.push(await this.under.startInstance());
  }

  async stop(): Promise<void> {
    await this.database.stop();
    await this.under.stop();
  }

  async request(
    method: string,
    path: string,
    options: { readonly token?: string; readonly body?: unknown; readonly instance?: number } = {},
  ): Promise<Pick<Answer, 'status' | 'body'>> {
    const { token, body, instance = 0 } = options;
    const who = token === undefined ? undefined : { token };
    const chosen = this.instances[instance];
    const answer = await this.under.request(who, method, path, body, chosen && { instance: chosen });
    // Tests compare whole answers, and headers such as the date are none of their business.
    return { status: answer.status, body: answer.body };
  }
}
