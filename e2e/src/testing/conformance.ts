import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Exchange } from '../api/api-client.js';
import { DOCUMENT_FILE } from '../api/openapi-document.js';

/** One operation of the API's document, as the tests read it. */
export interface Operation {
  readonly method: string;
  /** With `{parameters}`. */
  readonly path: string;
  readonly operationId: string;
  readonly isPublic: boolean;
  readonly isForAdmins: boolean;
  readonly parameters: readonly Parameter[];
  /** JSON Schema of the body; undefined when there is none. */
  readonly body: BodySchema | undefined;
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  /** JSON Schema of its value. */
  readonly schema: object;
}

/** As much of a body's schema as the tests look at. */
export interface BodySchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  readonly required?: readonly string[];
  /** The forms of a body that has several, told apart by their `type`. */
  readonly oneOf?: readonly unknown[];
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly 'x-role'?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: BodySchema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** The API's document, as it lies in the repository. */
export const document = JSON.parse(readFileSync(DOCUMENT_FILE, 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
};

/** Every operation of the API. */
export const operations: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    operationId: operation.operationId,
    isPublic: operation.security?.length === 0,
    isForAdmins: operation['x-role'] === 'admin',
    parameters: operation.parameters ?? [],
    body: operation.requestBody?.content['application/json']?.schema,
  })),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ ...document, $id: 'api' });
const validators = new Map<string, ValidateFunction>();

const escapePointer = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

// `/tickets/{id}.pdf` and `/bookings/create` are closer matches than `/tickets/{id}` and `/bookings/{id}`.
const literalLength = (template: string): number => template.replaceAll(/\{\w+\}/g, '').length;
const templates = Object.keys(document.paths)
  .toSorted((a, b) => literalLength(b) - literalLength(a))
  .map((template) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));

function templateOf(path: string): string | undefined {
  const [bare = ''] = path.split('?', 1);
  return templates.find(({ pattern }) => pattern.test(bare))?.template;
}

/** What is wrong with an answer, held against the document; empty when nothing is. */
export function nonconformances(exchange: Exchange): string[] {
  const path = templateOf(exchange.path);
  const operation = path === undefined ? undefined : document.paths[path]?.[exchange.method.toLowerCase()];
  const name = `${exchange.method} ${exchange.path} ${exchange.status}`;
  if (path === undefined || operation === undefined) return [`${name}: the operation is not documented`];
  const status = String(exchange.status) in operation.responses ? String(exchange.status) : 'default';
  const content = operation.responses[status]?.content ?? {};
  const type = (exchange.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  if (Object.keys(content).length === 0)
    return exchange.body.length === 0 ? [] : [`${name}: no body is documented`];
  if (!(type in content)) return [`${name}: ${type} is not documented`];
  if (!type.includes('json')) return [];
  const pointer = [
    'paths',
    path,
    exchange.method.toLowerCase(),
    'responses',
    status,
    'content',
    type,
    'schema',
  ];
  const reference = `api#/${pointer.map(escapePointer).join('/')}`;
  const validate = validators.get(reference) ?? ajv.compile({ $ref: reference });
  validators.set(reference, validate);
  if (validate(exchange.body)) return [];
  return (validate.errors ?? []).map((error) => `${name}: ${error.instancePath} ${error.message ?? ''}`);
}
