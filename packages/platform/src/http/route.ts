import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Access, PrincipalOf } from '../auth/guard.js';
import type { IdempotencyClaim, IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import type { VerifyBody } from './body-parser.js';
import type { DomainErrorClass } from './domain-error.js';

/** Methods that routes use. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** An answer that is bytes rather than JSON. */
export interface BinaryOutput {
  readonly binary: string;
}

/** Declares an answer of bytes. */
export const binary = (contentType: string): BinaryOutput => ({ binary: contentType });

/** Whether an answer is declared as bytes. */
export const isBinary = (output: Output): output is BinaryOutput => 'binary' in output;

/** Declares an answer without a body. */
export const noContent = { empty: true } as const;

type Output = z.ZodType | BinaryOutput | typeof noContent;
type Outputs = Readonly<Record<number, Output>>;
/** JSON may also be given as the bytes that it was stored as. */
type BodyOf<O> = O extends z.ZodType
  ? z.input<O> | Buffer
  : O extends BinaryOutput
    ? Buffer | Readable
    : undefined;
type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler answers: a declared status with the body declared for it. */
export type Reply<O extends Outputs> = {
  [Status in keyof O & number]: {
    readonly status: Status;
    readonly body: BodyOf<O[Status]>;
    readonly headers?: Readonly<Record<string, string>>;
  };
}[keyof O & number];

/** Schemas of the parts of a request that a route reads. */
export interface RouteInput {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}

/** What a handler receives, already validated. */
export interface RouteRequest<I extends RouteInput, A extends Access> {
  readonly params: Parsed<I['params']>;
  readonly query: Parsed<I['query']>;
  readonly body: Parsed<I['body']>;
  readonly principal: PrincipalOf[A];
  /** The key that the request came with, on a route that takes keys. */
  readonly claim: IdempotencyClaim | undefined;
  /** Aborted when the client hangs up before it has its answer; for work that is not worth finishing then. */
  readonly gone: AbortSignal;
  /** What follows the question mark, letter by letter; empty when nothing does. */
  readonly queryString: string;
  /** Address of the peer, or of the client in front of a trusted proxy. */
  readonly ip: string;
}

interface RouteDescription {
  readonly method: Method;
  /** Express 5 path pattern. */
  readonly path: string;
  /** operationId of the OpenAPI document. */
  readonly operation: string;
  readonly summary: string;
  /** What the reader of the API page should know besides, in Markdown. */
  readonly description?: string;
  readonly tag: string;
  /** Errors that the route answers, besides those that every route has. */
  readonly problems?: readonly DomainErrorClass[];
  /** Where the keys of requests that must take effect once are kept; without it the route takes no keys. */
  readonly idempotency?: IdempotencyKeys;
  /** Content types of the body; JSON unless said. */
  readonly contentTypes?: readonly string[];
  /** Judges the body's bytes, before they are parsed, by a header such as a signature. */
  readonly verifyBody?: VerifyBody;
  /**
   * The JSON that lies ready for this very query string, if any does. It is sent without a look at schemas, so it must
   * be what the handler would answer with 200. Only for public and user routes without parameters.
   */
  readonly atHand?: (queryString: string) => Buffer | undefined;
}

/** A route for services says which, by their client ids: a stolen token opens what its owner needs and nothing else. */
type Callers<A extends Access> = A extends 'service'
  ? { readonly callers: readonly string[] }
  : { readonly callers?: never };

/** A route as data: it mounts, validates and documents from one object. */
export interface Route extends RouteDescription {
  readonly auth: Access;
  readonly callers?: readonly string[];
  readonly input: RouteInput;
  readonly output: Outputs;
  readonly handler: (request: RouteRequest<RouteInput, Access>) => Promise<AnyReply>;
}

/** A reply whose route is not known any more. */
export interface AnyReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Keeps the types of a route together while it is written, and forgets them for those who mount it. */
export function defineRoute<const A extends Access, const I extends RouteInput, const O extends Outputs>(
  route: RouteDescription &
    Callers<NoInfer<A>> & {
      readonly auth: A;
      readonly input?: I;
      readonly output: O;
      readonly handler: (request: RouteRequest<I, A>) => Promise<Reply<O>>;
    },
): Route {
  return { ...route, input: route.input ?? {} } as unknown as Route;
}

/** A handler's answer. */
export const reply = <const Status extends number, Body>(
  status: Status,
  body: Body,
  headers?: Readonly<Record<string, string>>,
): { readonly status: Status; readonly body: Body; readonly headers?: Readonly<Record<string, string>> } =>
  headers === undefined ? { status, body } : { status, body, headers };

/** Something that has routes: a controller. */
export interface RouteSource {
  readonly routes: readonly Route[];
}
