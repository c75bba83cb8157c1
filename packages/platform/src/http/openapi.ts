import { z } from 'zod';
import { InvalidToken, MissingToken, NotAllowed } from '../auth/auth.errors.js';
import { IdempotencyKeyInUse, IdempotencyKeyReused } from '../idempotency/idempotency.errors.js';
import type { DomainErrorClass } from './domain-error.js';
import { InvalidRequest } from './http-errors.js';
import { PROBLEM_CONTENT_TYPE, STATUS_OF_KIND, problem } from './problem.js';
import type { Route } from './route.js';

type JsonObject = Record<string, unknown>;

const KEY_PARAMETER: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A new value of your choice for each new request. Sent again with the same key, the request takes no second ' +
    'effect and has the same answer, for 24 hours, with `Idempotency-Replayed: true`.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** The paths of an OpenAPI 3.1 document that describes routes. */
export function describeRoutes(routes: readonly Route[]): Record<string, JsonObject> {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  return paths;
}

/** The schema that every problem of the document refers to. */
export const problemSchema = (): JsonObject => schemaOf(problem, 'output');

function describeRoute(route: Route): JsonObject {
  return {
    operationId: route.operation,
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: [route.tag],
    security: route.auth === 'public' ? [] : [{ bearer: [] }],
    ...(route.auth === 'admin' && { 'x-role': 'admin' }),
    ...(route.auth === 'service' && { 'x-callers': route.callers ?? [] }),
    parameters: [
      ...parametersOf(route.input.params, 'path'),
      ...parametersOf(route.input.query, 'query'),
      ...(route.idempotency === undefined ? [] : [KEY_PARAMETER]),
    ],
    ...(route.input.body !== undefined && { requestBody: requestBodyOf(route, route.input.body) }),
    responses: { ...answersOf(route), ...problemsOf(route) },
  };
}

function requestBodyOf(route: Route, body: z.ZodType): JsonObject {
  const media = { schema: schemaOf(body, 'input') };
  return {
    required: !body.safeParse({}).success,
    content: Object.fromEntries((route.contentTypes ?? ['application/json']).map((type) => [type, media])),
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): JsonObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function answersOf(route: Route): JsonObject {
  return Object.fromEntries(
    Object.entries(route.output).map(([status, output]) => {
      if ('empty' in output) return [status, { description: 'Done.' }];
      const content =
        'binary' in output
          ? { [output.binary]: { schema: { type: 'string', format: 'binary' } } }
          : { 'application/json': { schema: schemaOf(output, 'output') } };
      return [status, { description: route.summary, content }];
    }),
  );
}

function problemsOf(route: Route): JsonObject {
  const byStatus = new Map<number, DomainErrorClass[]>();
  for (const error of [...impliedProblems(route), ...(route.problems ?? [])]) {
    const status = STATUS_OF_KIND[error.kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), error]);
  }
  const content = { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, errors]) => [
      String(status),
      { description: errors.map(({ slug, title }) => `\`${slug}\`: ${title}.`).join(' '), content },
    ]),
  );
}

function impliedProblems(route: Route): DomainErrorClass[] {
  const hasInput = Object.values(route.input).some((schema) => schema !== undefined);
  return [
    ...(hasInput || route.idempotency !== undefined ? [InvalidRequest] : []),
    ...(route.idempotency === undefined ? [] : [IdempotencyKeyInUse, IdempotencyKeyReused]),
    ...(route.auth === 'public' ? [] : [MissingToken, InvalidToken]),
    ...(route.auth === 'admin' || route.auth === 'service' ? [NotAllowed] : []),
  ];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    reused: 'inline',
    metadata: namelessMetadata,
  }) as JsonObject;
  return rest;
}

/** A schema with an id would move into `$defs` and be referred to from the root, which here is another document's. */
const namelessMetadata = {
  get(schema: z.core.$ZodType): object {
    const { id: _id, ...metadata } = z.globalRegistry.get(schema) ?? {};
    return metadata;
  },
} as z.core.$ZodRegistry<Record<string, unknown>>;
