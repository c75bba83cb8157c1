import { randomUUID } from 'node:crypto';
import type { Pool } from 'undici';

/** An answer whose members are the caller's business: what was asked for says what they are. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Body = any;

/** Said of an answer that ends a journey. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    path: string,
    body: string,
  ) {
    super(`${path} was answered ${status}: ${body}`);
  }
}

const FIRST_BAD_STATUS = 300;

/** Somebody with an account who is signed in. */
export class Customer {
  private constructor(
    private readonly gateway: Pool,
    readonly email: string,
    readonly password: string,
    readonly userId: number,
    readonly headers: Readonly<Record<string, string>>,
  ) {}

  static async signUp(gateway: Pool): Promise<Customer> {
    const email = `${randomUUID()}@bench.example.com`;
    const password = randomUUID();
    const body = { name: 'Asha Sharma', email, password };
    const { userId, token } = await send(gateway, 'POST', '/api/auth/signup', {}, body);
    return new Customer(gateway, email, password, userId, { authorization: `Bearer ${token}` });
  }

  get(path: string): Promise<Body> {
    return send(this.gateway, 'GET', path, this.headers);
  }

  post(path: string, body: object): Promise<Body> {
    return send(this.gateway, 'POST', path, this.headers, body);
  }
}

/** So many customers. They sign up a few at a time: hashing passwords is what takes long. */
export async function signUpCustomers(gateway: Pool, count: number): Promise<Customer[]> {
  const customers: Customer[] = [];
  const AT_ONCE = 8;
  while (customers.length < count) {
    const batch = Math.min(AT_ONCE, count - customers.length);
    customers.push(...(await Promise.all(Array.from({ length: batch }, () => Customer.signUp(gateway)))));
  }
  return customers;
}

async function send(
  gateway: Pool,
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Body> {
  const answer = await gateway.request({
    method,
    path,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= FIRST_BAD_STATUS) throw new Refused(answer.statusCode, path, text);
  return JSON.parse(text);
}
