import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { z } from 'zod';
import { admit } from '../auth/guard.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { contextFromHeaders, currentContext, runInContext } from '../context/request-context.js';
import type { IdempotencyClaim, IdempotentRequest } from '../idempotency/idempotency-keys.js';
import type { Logger } from '../logging/logger.js';
import { JSON_HEADERS, protectDocument } from './answer-headers.js';
import { jsonBodyReader } from './body-parser.js';
import { DomainError } from './domain-error.js';
import { MalformedBody, MethodNotAllowed, RouteNotFound } from './http-errors.js';
import { PROBLEM_CONTENT_TYPE, internalProblem, problemOf, type Problem } from './problem.js';
import type { RequestLog } from './request-log.js';
import { isBinary, type AnyReply, type Method, type Route } from './route.js';
import { validate, type ValidParts } from './validate.js';

/** What an app is made of. */
export interface AppParts {
  readonly routes: readonly Route[];
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly requestLog: RequestLog;
}

const UNMATCHED = 'unmatched';
/** Nginx's number for a client that went away before its answer was complete. */
const CLIENT_CLOSED_REQUEST = 499;
const LOWEST_SERVER_ERROR = 500;

/** An Express 5 app that serves routes, answers problems for all else, and measures and logs each request once. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  app.use(observe(parts.requestLog));
  for (const [path, routes] of routesByPath(parts.routes)) mount(app, path, routes, parts.verifier);
  app.use((request) => {
    throw new RouteNotFound(`No route has the path ${request.path.slice(0, 200)}.`);
  });
  app.use(answerProblem(parts.logger));
  return app;
}

const toLower = (method: Route['method']): 'get' | 'post' | 'put' | 'delete' =>
  method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';

/** Mounts the routes of one path; a request with any other method ends here as 405. */
function mount(app: Express, path: string, routes: readonly Route[], verifier: TokenVerifier): void {
  for (const route of routes) app[toLower(route.method)](path, serve(route, verifier));
  // Express answers HEAD wherever it answers GET.
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  app.all(path, () => {
    throw new MethodNotAllowed(methods);
  });
}

/** Routes by path, those with more literal text first: `/parcels/create` is not the parcel called `create`. */
function routesByPath(routes: readonly Route[]): [string, Route[]][] {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  const literalLength = (path: string): number => path.replaceAll(/:\w+/g, '').length;
  return [...byPath].sort(([a], [b]) => literalLength(b) - literalLength(a));
}

/** Runs the request in its context, and logs and measures it when its answer ends. */
function observe(requestLog: RequestLog): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const context = contextFromHeaders(request.headers);
    response.setHeader('x-request-id', context.requestId);
    response.once('close', () => {
      const route = (request.route as { path?: string } | undefined)?.path ?? UNMATCHED;
      const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
      requestLog.record({ method: request.method, route, status, startedAt }, context);
    });
    runInContext(context, next);
  };
}

/** What a route does not read must not be sent to it: an unknown field is a mistake that should not pass unseen. */
const nothing = z.strictObject({});
const READS_BODY: readonly Method[] = ['POST', 'PUT'];

function serve(route: Route, verifier: TokenVerifier): RequestHandler {
  const input = {
    query: nothing,
    ...(READS_BODY.includes(route.method) && { body: nothing }),
    ...route.input,
  };
  const readBody = jsonBodyReader(route.contentTypes, route.verifyBody);
  const answersDocuments = Object.values(route.output).some(isBinary);
  return async (request, response) => {
    if (answersDocuments) protectDocument(request, response);
    const principal = await admit(route, request.headers.authorization, verifier);
    const context = currentContext();
    if (principal?.kind === 'user' && context !== undefined) context.userId = principal.userId;
    if (input.body !== undefined) await readBody(request, response);
    const valid = validate(input, request);
    const work = (claim?: IdempotencyClaim): Promise<AnyReply> =>
      route.handler({
        ...valid,
        principal,
        claim,
        queryString: queryStringOf(request.url),
        ip: request.ip ?? '',
        // Few handlers look at it.
        get gone() {
          return hangUpOf(response);
        },
      });
    const { idempotency } = route;
    const key = request.get('idempotency-key');
    const answer =
      idempotency === undefined || key === undefined || principal?.kind !== 'user'
        ? await work()
        : await idempotency.answer({ ...requestOf(route, valid, principal.userId), key }, work);
    await send(response, answer);
  };
}

/** Tells when the client of an answer that is not out yet hangs up. */
function hangUpOf(response: Response): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** What a key stands for: this user's request of this route, and all that it asks for. */
function requestOf(route: Route, content: ValidParts, userId: number): Omit<IdempotentRequest, 'key'> {
  const params = (content.params ?? {}) as Readonly<Record<string, unknown>>;
  const path = route.path.replaceAll(/:(\w+)/g, (_match, name: string) => String(params[name]));
  return { userId, method: route.method, path, content };
}

/** Writes an answer as stored bytes: one `end`, a known length, and no entity tag to hash. */
async function send(response: Response, { status, body, headers }: AnyReply): Promise<void> {
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name] as string);
  if (body === undefined) {
    response.end();
  } else if (body instanceof Readable) {
    await pipeline(body, response);
  } else {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    if (!response.hasHeader('content-type')) setHeaders(response, JSON_HEADERS);
    response.setHeader('content-length', bytes.length);
    response.end(bytes);
  }
}

function answerProblem(logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, request: Request, response: Response, next) => {
    const error = isUndecodablePath(thrown)
      ? new MalformedBody('The address cannot be decoded.', {}, { cause: thrown })
      : thrown;
    const requestId = currentContext()?.requestId ?? '';
    const problem = error instanceof DomainError ? problemOf(error, requestId) : internalProblem(requestId);
    logFailure(logger, error, request, problem.status);
    if (response.headersSent) next(error);
    else sendProblem(response, problem, error instanceof DomainError ? error.headers : {});
  };
}

/** Tells the operator what the problem document does not tell the client: why it is our fault. */
function logFailure(logger: Logger, error: unknown, { method, socket }: Request, status: number): void {
  // The client hung up in the middle of its answer; the line of the request says so with 499.
  if (socket.destroyed && isHangUp(error)) return;
  if (!(error instanceof DomainError)) logger.error({ err: error, method }, 'request failed');
  else if (status >= LOWEST_SERVER_ERROR) logger.warn({ err: error, method }, 'request could not be served');
}

const isHangUp = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'AbortError' || ('code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'));

function sendProblem(response: Response, problem: Problem, headers: Readonly<Record<string, string>>): void {
  if (problem.status === 401) response.setHeader('www-authenticate', 'Bearer');
  for (const name in headers) response.setHeader(name, headers[name] as string);
  response.statusCode = problem.status;
  const bytes = Buffer.from(JSON.stringify(problem));
  setHeaders(response, JSON_HEADERS);
  response.setHeader('content-type', PROBLEM_CONTENT_TYPE);
  response.setHeader('content-length', bytes.length);
  response.setHeader('cache-control', 'no-store');
  response.end(bytes);
}

/** Names and values in turns. */
function setHeaders(response: Response, headers: readonly string[]): void {
  for (let i = 0; i < headers.length; i += 2)
    response.setHeader(headers[i] as string, headers[i + 1] as string);
}

const queryStringOf = (url: string): string => {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
};

const isUndecodablePath = (error: unknown): boolean => error instanceof URIError;
