import { expect, test } from 'vitest';
import { z } from 'zod';
import { DomainError } from './domain-error.js';
import { describeRoutes, problemSchema } from './openapi.js';
import { binary, defineRoute, noContent, reply } from './route.js';

class ParcelUnknown extends DomainError {
  static readonly slug = 'parcel-unknown';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such parcel';
}

class ParcelGone extends DomainError {
  static readonly slug = 'parcel-lost';
  static readonly kind = 'not_found';
  static readonly title = 'The parcel was lost';
}

const base = { summary: 'Read a parcel', tag: 'Parcels' } as const;
const money = z.strictObject({ amount: z.number() }).meta({ id: 'Money' });

const publicRoute = defineRoute({
  ...base,
  method: 'GET',
  path: '/parcels/:id.pdf',
  operation: 'parcelFile',
  auth: 'public',
  input: { params: z.strictObject({ id: z.coerce.number().int().min(1) }) },
  output: { 200: binary('application/pdf') },
  problems: [ParcelUnknown, ParcelGone],
  handler: async () => reply(200, Buffer.of()),
});

const adminRoute = defineRoute({
  ...base,
  method: 'PUT',
  path: '/parcels/:id',
  operation: 'putParcel',
  auth: 'admin',
  input: {
    params: z.strictObject({ id: z.string() }),
    query: z.strictObject({ dry: z.stringbool().optional(), size: z.enum(['s', 'l']) }),
    body: z.strictObject({ price: money, sent: z.iso.datetime().optional() }),
  },
  output: { 200: z.strictObject({ price: money, weight: z.int() }), 204: noContent },
  handler: async () => reply(204, undefined),
});

const deleteRoute = defineRoute({
  ...base,
  method: 'DELETE',
  path: '/parcels/:id',
  operation: 'deleteParcel',
  auth: 'user',
  contentTypes: ['application/merge-patch+json'],
  input: { body: z.strictObject({ reason: z.string().optional() }) },
  output: { 204: noContent },
  handler: async () => reply(204, undefined),
});

const serviceRoute = defineRoute({
  ...base,
  method: 'GET',
  path: '/internal/parcels',
  operation: 'internalParcels',
  auth: 'service',
  callers: ['depot-service'],
  output: { 204: noContent },
  handler: async () => reply(204, undefined),
});

interface Operation {
  security: unknown[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

const paths = describeRoutes([publicRoute, adminRoute, deleteRoute, serviceRoute]);
const operation = (path: string, method: string): Operation => paths[path]?.[method] as Operation;
const file = operation('/parcels/{id}.pdf', 'get');
const put = operation('/parcels/{id}', 'put');

test('paths take their parameters in braces, and methods of one path stand together', () => {
  expect(Object.keys(paths)).toEqual(['/parcels/{id}.pdf', '/parcels/{id}', '/internal/parcels']);
  expect(Object.keys(paths['/parcels/{id}'] ?? {})).toEqual(['put', 'delete']);
});

test('a public route needs nothing, every other one a bearer token', () => {
  expect(file.security).toEqual([]);
  expect(put.security).toEqual([{ bearer: [] }]);
  expect(put).toMatchObject({ 'x-role': 'admin' });
});

test('a route for services says which', () => {
  const internal = operation('/internal/parcels', 'get');
  expect(internal).toMatchObject({ 'x-callers': ['depot-service'] });
  expect(Object.keys(internal.responses)).toEqual(['204', '401', '403']);
});

test('every parameter of a path is described, and is required; those of a query are when they are', () => {
  expect(file.parameters).toMatchObject([{ name: 'id', in: 'path', required: true }]);
  expect(put.parameters.map((entry) => [entry.in, entry.name, entry.required])).toEqual([
    ['path', 'id', true],
    ['query', 'dry', false],
    ['query', 'size', true],
  ]);
});

test('bodies are described by their schema, strictly, and are required unless nothing in them is', () => {
  expect(put.requestBody?.required).toBe(true);
  expect(put.requestBody?.content['application/json']?.schema).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: ['price'],
  });
  const { requestBody } = operation('/parcels/{id}', 'delete');
  expect(requestBody?.required).toBe(false);
  expect(Object.keys(requestBody?.content ?? {})).toEqual(['application/merge-patch+json']);
});

test('every answer has its content type, and an empty one has no content', () => {
  expect(file.responses['200']?.content).toEqual({
    'application/pdf': { schema: { type: 'string', format: 'binary' } },
  });
  expect(put.responses['200']?.content).toHaveProperty(['application/json']);
  expect(put.responses['204']).toEqual({ description: 'Done.' });
});

test('problems are listed by status, together with those that the route’s access and input imply', () => {
  expect(Object.keys(file.responses)).toEqual(['200', '400', '404']);
  expect(file.responses['404']?.description).toBe(
    '`parcel-unknown`: There is no such parcel. `parcel-lost`: The parcel was lost.',
  );
  expect(file.responses['404']?.content).toEqual({
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  });
  expect(Object.keys(put.responses)).toEqual(['200', '204', '400', '401', '403']);
  expect(put.responses['401']?.description).toMatch(/missing-token.*invalid-token/);
});

test('a schema refers to nothing that the document lacks, for it is only a part of it', () => {
  const references = JSON.stringify(paths).match(/"\$ref":"[^"]*"/g) ?? [];
  expect([...new Set(references)]).toEqual(['"$ref":"#/components/schemas/Problem"']);
  expect(JSON.stringify([paths, problemSchema()])).not.toMatch(/\$schema|\$defs/);
});
