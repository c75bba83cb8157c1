import { randomUUID } from 'node:crypto';
import { SERVICES } from '@flight-booking/local-stack';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiClient, withStatus, type Exchange } from './api/api-client.js';
import { internalOperations, type InternalOperation } from './api/openapi-document.js';
import { newCustomer } from './api/customer.js';

const serviceUrls = inject('serviceUrls');
const names: readonly string[] = SERVICES.map(({ name }) => name);
const operations = await internalOperations();
const named = (operation: InternalOperation): string =>
  `${operation.method} ${operation.path} of ${operation.service}`;
/** Asking for a token is what a service does before it has one. */
const guarded = operations.filter(({ path }) => path !== '/internal/token');
const CLOUD_EVENT = 'application/cloudevents+json';

const tokens: Record<string, string> = {};

beforeAll(async () => {
  const auth = new ApiClient(serviceUrls['auth-service'] ?? '');
  for (const [clientId, secret] of Object.entries(inject('clientSecrets'))) {
    const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
    tokens[clientId] = withStatus(await auth.post('/internal/token', body), 200).body.access_token;
  }
});

const call = (operation: InternalOperation, token: string | undefined, body: unknown): Promise<Exchange> => {
  const client = new ApiClient(serviceUrls[operation.service] ?? '');
  client.token = token;
  const [contentType] = operation.contentTypes;
  // No id is zero, so that whoever is let in changes nothing.
  return client.request(operation.method, operation.path.replaceAll(/\{\w+\}/g, '0'), {
    ...(contentType !== undefined && { body, headers: { 'content-type': contentType } }),
  });
};

it('every internal route names services of the platform as its callers, and never its own', () => {
  expect(guarded.length).toBeGreaterThan(20);
  for (const { service, path, callers = [] } of guarded) {
    expect([path, callers.length > 0]).toEqual([path, true]);
    expect([path, callers.filter((caller) => !names.includes(caller) || caller === service)]).toEqual([
      path,
      [],
    ]);
  }
});

describe.each(guarded.map((operation) => [named(operation), operation] as const))(
  '%s',
  (_name, operation) => {
    const { callers = [] } = operation;

    it.each(names.filter((name) => !callers.includes(name)))('is refused to %s', async (stranger) => {
      const answer = await call(operation, tokens[stranger], {});
      expect([answer.status, answer.body.type]).toEqual([403, 'not-allowed']);
    });

    it.each(callers)('lets %s in', async (caller) => {
      expect([200, 400]).toContain((await call(operation, tokens[caller], {})).status);
    });

    it('is refused to customers and to nobody at all', async () => {
      const customer = await newCustomer(inject('gatewayUrl'));
      expect((await call(operation, customer.api.token, {})).status).toBe(403);
      expect((await call(operation, undefined, {})).status).toBe(401);
    });
  },
);

describe('an event', () => {
  const inboxes = guarded.filter(({ contentTypes }) => contentTypes.includes(CLOUD_EVENT));
  const event = (source: string) => ({
    specversion: '1.0',
    id: randomUUID(),
    source,
    type: 'booking.confirmed',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {},
  });

  it.each(inboxes.map((inbox) => [inbox.service, inbox] as const))(
    'is not taken by %s from anybody but its source',
    async (_service, inbox) => {
      for (const caller of inbox.callers ?? []) {
        const statuses = names.map(
          async (source) => (await call(inbox, tokens[caller], event(source))).status,
        );
        // Its own is heard, and not understood: it has no data.
        expect(await Promise.all(statuses)).toEqual(names.map((source) => (source === caller ? 422 : 403)));
      }
    },
  );
});
