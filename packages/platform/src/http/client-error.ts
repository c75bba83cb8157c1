import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { PROBLEM_CONTENT_TYPE, type Problem } from './problem.js';

interface Refusal {
  readonly statusLine: string;
  readonly status: number;
  readonly type: string;
  readonly title: string;
}

const MALFORMED: Refusal = {
  statusLine: '400 Bad Request',
  status: 400,
  type: 'malformed-request',
  title: 'The request is not valid HTTP',
};

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    statusLine: '431 Request Header Fields Too Large',
    status: 431,
    type: 'headers-too-large',
    title: 'The headers are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    statusLine: '408 Request Timeout',
    status: 408,
    type: 'request-timeout',
    title: 'The request did not arrive in time',
  },
};

/**
 * Answers what never becomes a request, because it is not HTTP, too large in its headers or too slow. Node
 * hands over the bare socket, so the answer is written byte by byte and the connection ends with it.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // After a reset nobody listens, and after the first bytes of an answer another one would only garble it.
  if (error.code === 'ECONNRESET' || !socket.writable || bytesWrittenTo(socket) > 0) {
    socket.destroy();
    return;
  }
  const { statusLine, status, type, title } = REFUSALS[error.code ?? ''] ?? MALFORMED;
  const problem: Problem = { type, title, status, request_id: randomUUID() };
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${statusLine}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

const bytesWrittenTo = (socket: Duplex): number =>
  'bytesWritten' in socket ? Number(socket.bytesWritten) : 0;
