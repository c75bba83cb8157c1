import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { problemSchema } from '@flight-booking/platform';
import { SERVICES, type ServiceName } from '@flight-booking/local-stack';

const run = promisify(execFile);

type JsonObject = Record<string, unknown>;

/** Operations by path and method. */
type Paths = Record<string, Record<string, JsonObject>>;

/** What a service says of itself. */
interface Description {
  readonly paths: Paths;
  readonly internal: Paths;
}

/** A route of one service that others call. */
export interface InternalOperation {
  readonly service: ServiceName;
  readonly method: string;
  /** With `{parameters}`. */
  readonly path: string;
  /** Client ids of the services that it is for; undefined when it asks for no token of a service. */
  readonly callers: readonly string[] | undefined;
  readonly contentTypes: readonly string[];
}

/** The checkout's root, seen from `src` and from `dist` alike. */
export const ROOT = new URL('../../../', import.meta.url);

/** Where the API's document is kept. */
export const DOCUMENT_FILE = new URL('docs/openapi/openapi.json', ROOT);

/** Describing needs a configuration that parses and opens nothing. */
const PLACEHOLDER = 'a-placeholder-that-opens-nothing';
const DESCRIBING_ENVIRONMENT = {
  NODE_ENV: 'test',
  DATABASE_URL: 'postgres://nobody@localhost/none',
  REDIS_URL: 'redis://localhost:1',
  SERVICE_CLIENT_SECRET: PLACEHOLDER,
  SERVICE_CLIENTS: `describing:${PLACEHOLDER}`,
  JWT_SECRET: PLACEHOLDER.repeat(2),
  PAYMENT_WEBHOOK_SECRETS: PLACEHOLDER,
  ...Object.fromEntries(
    ['AUTH', 'FLIGHT_SEARCH', 'SEAT', 'BOOKING', 'PAYMENT', 'DISCOUNT', 'TICKET', 'NOTIFICATION'].map(
      (name) => [`${name}_URL`, 'http://localhost:1'],
    ),
  ),
};

/** Asks every built service for its paths and joins them into one OpenAPI 3.1 document. */
export async function buildOpenApiDocument(): Promise<JsonObject> {
  const parts = await Promise.all(
    SERVICES.filter(({ name }) => name !== 'api-gateway').map(({ name }) => describe(name)),
  );
  const paths: Paths = Object.assign({}, ...parts.map((part) => part.paths));
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations)) withPlatformProblems(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Flight booking',
      version: '1.0.0',
      description:
        'Search flights, lock seats, book, pay, and have the ticket: strictly in that order. Errors are problem details (RFC 9457); their `type` is a stable name.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://localhost:8080', description: 'The gateway on this machine' }],
    security: [{ bearer: [] }],
    tags: tagsOf(paths),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema() },
    },
  };
}

/** Asks every built service for the routes that no customer is told of. */
export async function internalOperations(): Promise<InternalOperation[]> {
  const parts = await Promise.all(
    SERVICES.map(async ({ name }) => operationsOf(name, (await describe(name)).internal)),
  );
  return parts.flat();
}

const operationsOf = (service: ServiceName, paths: Paths): InternalOperation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      service,
      method: method.toUpperCase(),
      path,
      callers: operation['x-callers'] as string[] | undefined,
      contentTypes: Object.keys((operation.requestBody as { content: object } | undefined)?.content ?? {}),
    })),
  );

async function describe(folder: string): Promise<Description> {
  const { stdout } = await run(process.execPath, ['dist/main.js', '--describe'], {
    cwd: new URL(`${folder}/`, ROOT),
    env: DESCRIBING_ENVIRONMENT,
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Description;
}

/** Any route may answer these: the gateway's limit, and a part of the platform that is away. */
function withPlatformProblems(operation: JsonObject): void {
  operation.responses = {
    ...(operation.responses as JsonObject),
    default: {
      description:
        'Any other problem: too many requests (429), or a part of the platform that is away (503, 504).',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
}

function tagsOf(paths: Paths): { name: string }[] {
  const names = Object.values(paths).flatMap((operations) =>
    Object.values(operations).flatMap((operation) => operation.tags as string[]),
  );
  return [...new Set(names)].map((name) => ({ name }));
}
