import { ServiceUnderTest, StubService, type TestRedis } from '@flight-booking/local-stack/testing';
import type { Service } from '@flight-booking/platform';
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
  /** Passes the key set on, because the service's port is not known before it starts. */
  private readonly keys = new StubService();
  private readonly under: ServiceUnderTest<Service>;

  private constructor(environment: Environment) {
    this.under = new ServiceUnderTest({
      compose: (all) => compose(readConfig(all)),
      neighbours: { AUTH_URL: this.keys },
      environment: { ...SECRETS, ...CHEAP_HASHES, ...environment },
      redis: true,
    });
    this.keys.on('GET', '/api/auth/.well-known/jwks.json', async ({ path }) => {
      const { status, body } = await this.send('GET', path);
      return { status, body };
    });
  }

  static async start(environment: Environment = {}): Promise<AuthServiceUnderTest> {
    const test = new AuthServiceUnderTest(environment);
    await test.under.start();
    return test;
  }

  get url(): string {
    return urlOf(this.under.service);
  }

  get databaseUrl(): string {
    return this.under.database.url;
  }

  get redis(): TestRedis {
    return this.under.redis;
  }

  /** Starts one more process's worth of the service; answers its address. */
  async startReplica(environment: Environment = {}): Promise<string> {
    return urlOf(await this.under.startInstance(environment));
  }

  stop(): Promise<void> {
    return this.under.stop();
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
  sql(text: string, values: unknown[] = []): Promise<any[]> {
    return this.under.sql(text, values);
  }
}

let people = 0;

/** An address that no test has used. */
export const uniqueEmail = (): string => `person-${(people += 1)}@example.com`;

const urlOf = ({ port }: Service): string => `http://127.0.0.1:${port}`;

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
