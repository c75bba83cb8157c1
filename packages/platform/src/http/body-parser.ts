import express, { type Request, type RequestHandler, type Response } from 'express';
import { BodyTooLarge, MalformedBody, UnsupportedMediaType } from './http-errors.js';

const BODY_LIMIT = '100kb';
const JSON_TYPES: readonly string[] = ['application/json'];

const parseJson: RequestHandler = express.json({ limit: BODY_LIMIT, strict: true, type: () => true });

/**
 * Reads a request's JSON body into `request.body`; no body at all leaves it undefined.
 * @throws UnsupportedMediaType | BodyTooLarge | MalformedBody
 */
export async function readJsonBody(
  request: Request,
  response: Response,
  contentTypes: readonly string[] = JSON_TYPES,
): Promise<void> {
  if (hasBody(request)) requireContentType(request, contentTypes);
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(bodyError(error)),
    );
  });
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
