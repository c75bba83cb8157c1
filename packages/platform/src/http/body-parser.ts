import express, { type Request, type RequestHandler, type Response } from 'express';
import { DomainError } from './domain-error.js';
import { BodyTooLarge, MalformedBody, UnsupportedMediaType } from './http-errors.js';

const BODY_LIMIT = '100kb';
const JSON_TYPES: readonly string[] = ['application/json'];

/**
 * Judges the bytes of a body before anything is made of them.
 * @param header reads a header of the same request
 * @throws DomainError to refuse the request
 */
export type VerifyBody = (bytes: Buffer, header: (name: string) => string | undefined) => void;

/** Reads the body of a request. @throws UnsupportedMediaType | BodyTooLarge | MalformedBody */
export type ReadBody = (request: Request, response: Response) => Promise<void>;

const parserOf = (verify?: (request: Request, bytes: Buffer) => void): RequestHandler =>
  express.json({
    limit: BODY_LIMIT,
    strict: true,
    type: () => true,
    ...(verify && { verify: (request, _response, bytes) => verify(request as Request, bytes) }),
  });

const parseJson = parserOf();

/** Makes what reads JSON bodies into `request.body`; no body at all leaves it undefined. */
export function jsonBodyReader(
  contentTypes: readonly string[] = JSON_TYPES,
  verifyBody?: VerifyBody,
): ReadBody {
  const parse =
    verifyBody === undefined
      ? parseJson
      : parserOf((request, bytes) => verifyBody(bytes, (name) => request.get(name)));
  return async (request, response) => {
    if (hasBody(request)) requireContentType(request, contentTypes);
    // What has no body is never shown to the parser's own hook, and must be judged all the same.
    else verifyBody?.(Buffer.alloc(0), (name) => request.get(name));
    await new Promise<void>((resolve, reject) => {
      parse(request, response, (error?: unknown) =>
        error === undefined ? resolve() : reject(bodyError(error)),
      );
    });
  };
}

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

function requireContentType(request: Request, contentTypes: readonly string[]): void {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!contentTypes.includes(type)) {
    throw new UnsupportedMediaType(`Send the body as ${contentTypes.join(' or ')}.`);
  }
}

function bodyError(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const { type } = error as { type?: string };
  switch (type) {
    case 'entity.too.large':
      return new BodyTooLarge('A body may have 100 kB at most.', {}, { cause: error });
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new UnsupportedMediaType(
        'Send the body as UTF-8, plain, gzip or deflate.',
        {},
        { cause: error },
      );
    case 'entity.parse.failed':
    case 'entity.verify.failed':
    case 'request.size.invalid':
    case 'request.aborted':
      return new MalformedBody('The body is not valid JSON: an object is expected.', {}, { cause: error });
    default:
      return error instanceof Error && 'status' in error && error.status === 400
        ? new MalformedBody('The body cannot be decoded.', {}, { cause: error })
        : error;
  }
}
