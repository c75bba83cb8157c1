import {
  createTestDatabase,
  createTestRedis,
  StubService,
  type TestDatabase,
  type TestRedis,
} from '@flight-booking/local-stack/testing';
import type { Service } from '@flight-booking/platform';
import pg from 'pg';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

type Environment = Readonly<Record<string, string>>;

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests say by their expectations what a body is.
  readonly body: any;
}

export const SECRETS = {
  JWT_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
  SERVICE_CLIENTS: 'booking-service:booking-secret-of-tests,seat-service:seat-secret-of-the-tests',
  SERVICE_CLIENT_SECRET: 'auth-secret-of-the-tests',
} as const;

/** Passwords are hashed for next to nothing, except where a test is about the cost. */
const CHEAP_HASHES = { ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' } as const;

/** auth-service as a whole, on a database and a Redis of its own. */
export class AuthServiceUnderTest {
  private readonly replicas: Service[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly redis: TestRedis,
    /** Passes the key set on, because the service's port is not known before it starts. */
    private readonly keys: StubService,
    private readonly environment: Environment,
  ) {}

  static async start(environment: Environment = {}): Promise<AuthServiceUnderTest> {
    const keys = new StubService();
    await keys.start();
    const test = new AuthServiceUnderTest(
      await createTestDatabase(),
      await createTestRedis(),
      keys,
      environment,
    );
    keys.on('GET', '/api/auth/.well-known/jwks.json', async ({ path }) => {
      const { status, body } = await test.send('GET', path);
      return { status, body };
    });
    await test.startReplica();
    return test;
  }

  get url(): string {
    return urlOf(this.replicas[0]);
  }

  /** Starts one more process's worth of the service; answers its address. */
  async startReplica(environment: Environment = {}): Promise<string> {
    const service = compose(
      readConfig({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        HOST: '127.0.0.1',
        PORT: '0',
        AUTH_URL: this.keys.url,
        DATABASE_URL: this.database.url,
        REDIS_URL: this.redis.url,
        ...SECRETS,
        ...CHEAP_HASHES,
        ...this.environment,
        ...environment,
      }),
    );
    this.replicas.push(service);
    await service.start();
    return urlOf(service);
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((service) => service.stop()));
    await this.keys.stop();
    await this.redis.release();
    await this.database.drop();
  }

  send(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
    return sendTo(this.url, method, path, body, token);
  }

  /** Signs somebody up whom nobody else is. */
  async signUp(account: { name?: string; email?: string; password?: string } = {}): Promise<Answer['body']> {
    const email = account.email ?? uniqueEmail();
    const body = { name: 'Asha Rao', password: 'correct horse', ...account, email };
    const answer = await this.send('POST', '/api/auth/signup', body);
    return { ...answer.body, email };
  }

  /** Statements that no route offers. */
  async sql(text: string, values: unknown[] = []): Promise<any[]> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }
}

let people = 0;

/** An address that no test has used. */
export const uniqueEmail = (): string => `person-${(people += 1)}@example.com`;

const urlOf = (service: Service | undefined): string => `http://127.0.0.1:${service?.port}`;

/** Sends JSON and reads what comes back. */
export async function sendTo(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}
