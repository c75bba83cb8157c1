import type { LocalStack } from '@flight-booking/local-stack';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient, type Exchange } from './api/api-client.js';
import { newCustomer } from './api/customer.js';
import { nonconformances, operations, type Operation } from './testing/conformance.js';
import { requestsOf, type GeneratedRequest, type Sender } from './testing/generated-requests.js';
import { createTestStack } from './testing/global-setup.js';

const REQUESTS = 10_000;
/** The same requests every time; a run with another seed is `GENERATED_REQUESTS_SEED=7 npx vitest run generated`. */
const SEED = Number(process.env['GENERATED_REQUESTS_SEED'] ?? 20_261_123);
const AT_ONCE = 8;
const LOWEST_SERVER_ERROR = 500;

// As a stack of its own: among ten thousand requests of an administrator some cancel flights.
const stack: LocalStack = createTestStack();
let clients: Readonly<Record<Sender, ApiClient>>;
let sent = 0;

beforeAll(async () => {
  await stack.start();
  await stack.waitUntilHealthy();
  const url = stack.urls['api-gateway'];
  const { adminEmail: email, adminPassword: password } = stack.secrets;
  const nobody = new ApiClient(url);
  const admin = new ApiClient(url);
  admin.token = (await nobody.post('/api/auth/login', { email, password })).body.token as string;
  expect(admin.token).toEqual(expect.any(String));
  const { api: customer } = await newCustomer(url);
  const forger = new ApiClient(url);
  forger.token = `${admin.token.slice(0, -6)}AAAAAA`;
  clients = { customer, admin, nobody, forger };
});
afterAll(() => stack.stop());

/** When each service's process began. */
async function beginnings(): Promise<Record<string, string | undefined>> {
  const began = Object.entries(stack.urls).map(async ([name, url]) => {
    const metrics = (await (await new ApiClient(url).get('/metrics')).body) as Buffer;
    return [name, /^process_start_time_seconds\S* (\S+)$/m.exec(metrics.toString())?.[1]] as const;
  });
  return Object.fromEntries(await Promise.all(began));
}

async function send({ sender, method, path, headers, rawBody }: GeneratedRequest): Promise<Exchange> {
  sent += 1;
  return clients[sender].request(method, path, { headers, ...(rawBody !== undefined && { rawBody }) });
}

/** What is wrong with the answer to a request. */
async function faults(request: GeneratedRequest): Promise<string[]> {
  const exchange = await send(request);
  const broken =
    exchange.status >= LOWEST_SERVER_ERROR ? [`${exchange.status}: ${JSON.stringify(exchange.body)}`] : [];
  return [...broken, ...nonconformances(exchange)];
}

it(`answers ${REQUESTS} made-up requests without failing, dying or contradicting its document`, async () => {
  const before = await beginnings();
  expect(Object.values(before)).not.toContain(undefined);
  const numRuns = Math.ceil(REQUESTS / operations.length);
  const waiting = [...operations];
  const work = async (): Promise<void> => {
    for (let operation = waiting.shift(); operation !== undefined; operation = waiting.shift())
      await checkOperation(operation, numRuns);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(sent).toBeGreaterThanOrEqual(REQUESTS);
  expect(await beginnings()).toEqual(before);
}, 240_000);

const checkOperation = (operation: Operation, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(requestsOf(operation), async (request) => {
      expect(await faults(request)).toEqual([]);
    }),
    { numRuns, seed: SEED, endOnFailure: true },
  );
