import fc from 'fast-check';
import type { Operation } from './conformance.js';
import { exampleBodies, exampleQueries } from './example-requests.js';

/** A request that was made up from the API's document. */
export interface GeneratedRequest {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it is sent. */
  readonly rawBody?: string;
  /** Whose token it carries. */
  readonly sender: Sender;
}

/** Who sends a request. */
export type Sender = 'customer' | 'admin' | 'nobody' | 'forger';

/** As much of JSON Schema as the document uses. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

const LONGEST_LIST = 4;
const LARGEST_NUMBER = 10_000;
/** Ids that exist are small. */
const SMALL_ID = 12;

/** Text that has broken programs before. */
const AWKWARD = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\uD800',
    '\u202E',
    '😀'.repeat(50),
    "' or 1=1 --",
    '{{7*7}}',
    '../../etc/passwd',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'NaN',
    '1e309',
    '-0',
    '9007199254740993',
    'null',
    'x'.repeat(5_000),
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const awkwardValue: fc.Arbitrary<unknown> = fc.oneof(
  AWKWARD,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, true, [], {}, 0, -1, 1.5, 1e300, -1e300, Number.MAX_SAFE_INTEGER, 2 ** 53),
);

/** Values that the schema describes; the services may still refuse what no schema can say. */
function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) return fc.oneof(...alternatives.map(valueOf));
  const types = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => valueOfType(type, schema)));
}

function valueOfType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return integerOf(schema);
    case 'number':
      return integerOf(schema).map((value) => value + 0.25);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? LONGEST_LIST, LONGEST_LIST)),
      });
    default:
      return objectOf(schema);
  }
}

function integerOf({ minimum, exclusiveMinimum, maximum }: Schema): fc.Arbitrary<number> {
  const min = Math.ceil(minimum ?? (exclusiveMinimum === undefined ? 0 : exclusiveMinimum + 1));
  const max = Math.floor(Math.min(maximum ?? Infinity, Math.max(min, LARGEST_NUMBER)));
  return fc.oneof(
    fc.integer({ min, max: Math.max(min, Math.min(max, min + SMALL_ID)) }),
    fc.integer({ min, max }),
  );
}

function textOf({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  const day = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-12-31'), noInvalidDate: true });
  if (format === 'date') return day.map((date) => date.toISOString().slice(0, 10));
  if (format === 'date-time') return day.map((date) => date.toISOString());
  if (format === 'email') return fc.emailAddress();
  if (pattern !== undefined) return matching(pattern);
  return fc.string({ minLength, maxLength: Math.min(maxLength, Math.max(minLength, 40)) });
}

/** Patterns that the generator does not understand, such as Unicode classes, are met by chance. */
function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  } catch {
    return fc.string({ minLength: 1, maxLength: 20 });
  }
}

function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const fields = fieldsOf({ properties });
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) as never[] });
}

/** What the schema describes, with something wrong with it. */
function brokenValueOf(schema: Schema): fc.Arbitrary<unknown> {
  const names = Object.keys(schema.properties ?? {});
  const changes = fc.dictionary(
    names.length === 0 ? AWKWARD : fc.oneof(fc.constantFrom(...names), AWKWARD),
    awkwardValue,
    { minKeys: 1, maxKeys: 3 },
  );
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(valueOf(schema), changes)
        .map(([value, change]) => ({ ...Object(value), ...change }) as unknown),
    },
    { weight: 1, arbitrary: awkwardValue },
  );
}

/** What is known to be good, with a field or two replaced by others that the schema allows. */
function varied(
  example: object,
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<object> {
  return fc
    .subarray(Object.keys(fields), { maxLength: Math.min(2, Object.keys(fields).length) })
    .chain((names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, fields[name] ?? fc.constant(0)]))),
    )
    .map((replaced) => ({ ...example, ...replaced }));
}

const fieldsOf = ({ properties = {} }: Schema): Readonly<Record<string, fc.Arbitrary<unknown>>> =>
  Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valueOf(field)]));

const bodyText = (schema: Schema, example: object): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: varied(example, fieldsOf(schema)).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: valueOf(schema).map((value) => JSON.stringify(value)) },
    { weight: 3, arbitrary: brokenValueOf(schema).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.oneof(AWKWARD, fc.constantFrom('{', '[1,', '{"a":1}{"b":2}', '"')) },
  );

const parameterText = (schema: Schema): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 12, arbitrary: valueOf(schema).map(String) },
    { weight: 1, arbitrary: AWKWARD },
    { weight: 1, arbitrary: fc.integer().map(String) },
  );

/** A segment that is empty or made of dots is another address, not another value. */
const segmentText = (schema: Schema): fc.Arbitrary<string> =>
  parameterText(schema).map((text) => (/^\.{0,2}$/.test(text) ? '1' : encoded(text)));

/** A lone surrogate cannot be sent in an address. */
const encoded = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

function headersOf(operation: Operation): fc.Arbitrary<Record<string, string>> {
  const key = fc.oneof(fc.uuid(), fc.constantFrom('one', 'two', 'k'.repeat(256), 'a key'));
  const headers = fc.record(
    {
      'idempotency-key': key,
      'x-request-id': fc.constantFrom('r', 'request-0001'),
      'x-deadline-ms': fc.constantFrom('0', '-5', '5000'),
    },
    { requiredKeys: [] },
  );
  if (operation.body === undefined) return headers as fc.Arbitrary<Record<string, string>>;
  const contentType = fc.oneof(
    { weight: 19, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'text/plain',
        'application/json; charset=latin1',
        'multipart/form-data',
        '?',
      ),
    },
  );
  return fc.tuple(headers, contentType).map(([rest, type]) => ({ ...rest, 'content-type': type }));
}

/** Requests of an operation: some as the document asks for, some with something wrong with them. */
export function requestsOf(operation: Operation): fc.Arbitrary<GeneratedRequest> {
  const inPath = operation.parameters.filter(({ in: place }) => place === 'path');
  const inQuery = operation.parameters.filter(({ in: place }) => place === 'query');
  const path = fc
    .tuple(...inPath.map(({ schema }) => segmentText(schema)))
    .map((values) =>
      inPath.reduce(
        (text, { name }, index) => text.replace(`{${name}}`, values[index] ?? ''),
        operation.path,
      ),
    );
  const values = Object.fromEntries(inQuery.map(({ name, schema }) => [name, parameterText(schema)]));
  const example = Object.fromEntries(new URLSearchParams(exampleQueries[operation.operationId]));
  const query = fc
    .oneof(
      { weight: 6, arbitrary: varied(example, values) },
      { weight: 1, arbitrary: fc.record(values, { requiredKeys: [] }) },
    )
    .map((chosen) =>
      Object.entries(chosen)
        .map(([name, value]) => `${name}=${encoded(String(value))}`)
        .join('&'),
    );
  const sender = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Sender>(operation.isForAdmins ? 'admin' : 'customer') },
    { weight: 1, arbitrary: fc.constantFrom<Sender>('nobody', 'forger', 'customer', 'admin') },
  );
  const body =
    operation.body === undefined
      ? fc.constant(undefined)
      : bodyText(operation.body as Schema, exampleBodies[operation.operationId] ?? {});
  return fc
    .tuple(path, query, headersOf(operation), body, sender)
    .map(([bare, search, headers, rawBody, whose]) => ({
      method: operation.method,
      path: search === '' ? bare : `${bare}?${search}`,
      headers,
      ...(rawBody !== undefined && { rawBody }),
      sender: whose,
    }));
}
