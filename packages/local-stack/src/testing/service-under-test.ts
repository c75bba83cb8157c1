import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { TestIssuer, type UserTokenOptions } from './test-issuer.js';
import { createTestRedis, type TestRedis } from './test-redis.js';

/** What a composition root returns, as far as tests need it. */
export interface RunnableService {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Known once it has started. */
  readonly port: number;
}

/** What stands for another service: a `StubService`, or a simulation made of one. */
export interface Neighbour {
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly url: string;
}

/** Variables of the service under test. */
export type TestEnvironment = Readonly<Record<string, string>>;

/** Composes an instance, usually `(environment) => compose(readConfig(environment))`. */
export type Composer<Instance extends RunnableService> = (environment: TestEnvironment) => Instance;

/** Who sends a request: nobody, a user, another service, or the holder of any token. */
export type Caller = UserTokenOptions | { readonly service: string } | { readonly token: string } | undefined;

/** An answer, read whole. */
// Tests read what they expect; a missing member fails their assertion.
// oxlint-disable-next-line typescript/no-explicit-any
export interface Answer<Body = any> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, a buffer otherwise, undefined when there was none. */
  readonly body: Body;
}

export interface ServiceUnderTestOptions<Instance extends RunnableService> {
  readonly compose: Composer<Instance>;
  /** By the variable that carries the neighbour's address; `AUTH_URL` takes the issuer's place. */
  readonly neighbours?: Readonly<Record<string, Neighbour>>;
  /** Of every instance. */
  readonly environment?: TestEnvironment;
  /** @default true */
  readonly database?: boolean;
  /** @default false */
  readonly redis?: boolean;
}

/** How one request differs from the usual. */
export interface RequestOptions {
  /** @default the instance that started first */
  readonly instance?: RunnableService;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Part {
  start(): Promise<unknown>;
  stop(): Promise<void>;
}

/** PostgreSQL's `int8`, read as a number as the services do. */
const INT8 = 20;

/**
 * One service as a whole: a database and a Redis of its own, tokens from a {@link TestIssuer}, neighbours
 * at the network, and as many instances on the same data as a test wants.
 */
export class ServiceUnderTest<Instance extends RunnableService> {
  readonly issuer = new TestIssuer();
  private testDatabase: TestDatabase | undefined;
  private testRedis: TestRedis | undefined;
  private pool: pg.Pool | undefined;
  private instances: Instance[] = [];

  constructor(private readonly options: ServiceUnderTestOptions<Instance>) {}

  /** Starts everything and the first instance. */
  async start(environment: TestEnvironment = {}): Promise<this> {
    await this.prepare();
    await this.startInstance(environment);
    return this;
  }

  /** Starts everything but an instance. */
  async prepare(): Promise<this> {
    const { database = true, redis = false } = this.options;
    await Promise.all([
      ...this.parts.map((part) => part.start()),
      database && this.openDatabase(),
      redis && this.openRedis(),
    ]);
    return this;
  }

  /** Another instance on the same data: a replica, or the next life of a stopped one. */
  async startInstance(environment: TestEnvironment = {}, compose = this.options.compose): Promise<Instance> {
    const instance = compose({ ...this.environment, ...environment });
    this.instances.push(instance);
    await instance.start();
    return instance;
  }

  async stopInstance(instance: Instance): Promise<void> {
    this.instances = this.instances.filter((running) => running !== instance);
    await instance.stop();
  }

  /** Stops every instance and starts one, which finds what the others left. */
  async restart(environment: TestEnvironment = {}): Promise<Instance> {
    await Promise.all(this.instances.map((instance) => this.stopInstance(instance)));
    return this.startInstance(environment);
  }

  /** Stops and removes all of it, also when one part fails to stop. */
  async stop(): Promise<void> {
    const { instances } = this;
    this.instances = [];
    const endings = await Promise.allSettled(instances.map((instance) => instance.stop()));
    endings.push(...(await Promise.allSettled([...this.parts.map((part) => part.stop()), this.pool?.end()])));
    endings.push(...(await Promise.allSettled([this.testDatabase?.drop(), this.testRedis?.release()])));
    const failure = endings.find((ending) => ending.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  /** The instance that started first of those that still run. */
  get service(): Instance {
    return started(this.instances[0]);
  }

  get database(): TestDatabase {
    return started(this.testDatabase);
  }

  get redis(): TestRedis {
    return started(this.testRedis);
  }

  /** Reads or changes what no route offers, as the owner of the database. */
  // oxlint-disable-next-line typescript/no-explicit-any
  async sql<Row extends pg.QueryResultRow = any>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await started(this.pool).query<Row>(text, values)).rows;
  }

  /** Sends JSON and reads the whole answer; a body that is a string goes out as it is. */
  // oxlint-disable-next-line typescript/no-explicit-any
  async request<Body = any>(
    who: Caller,
    method: string,
    path: string,
    body?: unknown,
    { instance = this.service, headers = {} }: RequestOptions = {},
  ): Promise<Answer<Body>> {
    const token = await this.tokenOf(who);
    const response = await fetch(`http://127.0.0.1:${instance.port}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await bodyOf(response)) as Body };
  }

  private async tokenOf(who: Caller): Promise<string | undefined> {
    if (who === undefined) return undefined;
    if ('token' in who) return who.token;
    return 'service' in who ? this.issuer.serviceToken(who.service) : this.issuer.userToken(who);
  }

  private get parts(): readonly Part[] {
    return [this.issuer, ...Object.values(this.options.neighbours ?? {})];
  }

  private get environment(): TestEnvironment {
    const neighbours = Object.entries(this.options.neighbours ?? {});
    return {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH_URL: this.issuer.url,
      SERVICE_CLIENT_SECRET: 'a-secret-for-tests-alone',
      ...(this.testDatabase && { DATABASE_URL: this.testDatabase.url }),
      ...(this.testRedis && { REDIS_URL: this.testRedis.url }),
      ...Object.fromEntries(neighbours.map(([variable, { url }]) => [variable, url])),
      ...this.options.environment,
    };
  }

  private async openDatabase(): Promise<void> {
    this.testDatabase = await createTestDatabase();
    const types = new pg.TypeOverrides();
    types.setTypeParser(INT8, Number);
    this.pool = new pg.Pool({ connectionString: this.testDatabase.url, max: 2, types });
    // A test may cut every connection to the database; the next statement gets a new one.
    this.pool.on('error', () => undefined);
  }

  private async openRedis(): Promise<void> {
    this.testRedis = await createTestRedis();
  }
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('This part of the service under test has not been started.');
  return part;
}

async function bodyOf(response: Response): Promise<unknown> {
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length === 0) return undefined;
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return isJson ? JSON.parse(bytes.toString()) : bytes;
}
