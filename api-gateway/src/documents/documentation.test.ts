import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';
import { RunningGateway } from '../testing/running-gateway.js';

const NASTY = `<script>alert("x")</script> & 'more'`;

const document = {
  openapi: '3.1.0',
  info: { title: 'Flights', version: '1.2', description: 'Use `Bearer`.' },
  components: {
    schemas: {
      Fare: { type: 'object', properties: { amount: { type: 'number', minimum: 1 } }, required: ['amount'] },
      Loop: { type: 'object', properties: { next: { $ref: '#/components/schemas/Loop' } } },
    },
  },
  paths: {
    '/api/flights/{id}': {
      get: {
        operationId: 'flight',
        summary: NASTY,
        description: NASTY,
        tags: ['Flights'],
        security: [{ bearer: [] }],
        'x-role': 'admin',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 16 } }],
        responses: {
          200: {
            description: 'x',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: {
                    legs: {
                      type: 'array',
                      items: { type: 'object', properties: { fare: { $ref: '#/components/schemas/Fare' } } },
                    },
                  },
                },
              },
            },
          },
          404: { description: '`flight-not-found`: There is no such flight.' },
        },
      },
    },
    '/api/discounts': {
      post: {
        operationId: 'create',
        summary: 'Make a code',
        tags: ['Discounts'],
        security: [],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                oneOf: [
                  { type: 'object', properties: { type: { const: 'percent' }, percent: { type: 'number' } } },
                  {
                    type: 'object',
                    properties: { type: { const: 'flat' }, flat_amount: { type: 'number' } },
                  },
                ],
              },
            },
          },
        },
        responses: {
          204: { description: 'Done.' },
          default: { description: 'Any other problem.' },
          201: {
            description: 'x',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Loop' } } },
          },
        },
      },
    },
  },
};

const gateway = new RunningGateway();
beforeAll(() => gateway.start({}, document));
afterAll(() => gateway.stop());

describe('the document', () => {
  it('is served as it is, without a token', async () => {
    const { status, headers, body } = await gateway.call({ path: '/openapi.json' });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body).toEqual(document);
  });

  it('must be there, or the gateway does not start and says why', async () => {
    const others = [
      'FLIGHT_SEARCH',
      'SEAT',
      'BOOKING',
      'PAYMENT',
      'DISCOUNT',
      'TICKET',
      'NOTIFICATION',
      'AUTH',
    ];
    const service = compose(
      readConfig({
        LOG_LEVEL: 'silent',
        PORT: '0',
        REDIS_URL: 'redis://127.0.0.1:1',
        SERVICE_CLIENT_SECRET: 'a-secret-of-the-tests',
        OPENAPI_FILE: '/nowhere/openapi.json',
        ...Object.fromEntries(others.map((name) => [`${name}_URL`, 'http://127.0.0.1:1'])),
      }),
    );
    await expect(service.start()).rejects.toThrow(/\/nowhere\/openapi\.json.*npm run openapi/);
    await service.stop();
  });
});

describe('the page', () => {
  const page = async () => (await gateway.call({ path: '/docs' })).bytes.toString();

  it('is HTML that its own security policy allows, and needs nothing else', async () => {
    const { status, headers, bytes } = await gateway.call({ path: '/docs' });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/style-src [^;]*'unsafe-inline'/);
    const text = bytes.toString();
    expect(text).toMatch(/^<!doctype html>/);
    expect(text).not.toMatch(/<script|<link|src=|@import|url\(|\son\w+=/);
  });

  it('shows every operation with its path, its access, and a link to it', async () => {
    const text = await page();
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { operationId }] of Object.entries(operations)) {
        expect(text).toContain(`<article id="${operationId}">`);
        expect(text).toContain(`href="#${operationId}"`);
        expect(text).toContain(
          `<span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code>`,
        );
      }
    }
    expect(text).toContain('token of an admin');
    expect(text).toContain('no token');
  });

  it('shows parameters, members in depth, variants and problems', async () => {
    const text = await page();
    expect(text).toContain('<code>legs[].fare.amount</code>');
    expect(text).toContain('at most 16 characters');
    expect(text).toContain('<code>percent</code>');
    expect(text).toContain('<code>flat_amount</code>');
    expect(text).toContain('<code>flight-not-found</code>: There is no such flight.');
    expect(text).toContain('Any other problem.');
  });

  it('escapes what stands in the document', async () => {
    expect(await page()).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;more&#39;');
  });
});
