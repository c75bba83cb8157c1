/** What the gateway reads of a request's headers, and those that go on to the service as they came. */
export interface RequestHead {
  /** Names and values in turns, in the order and spelling of the client. */
  forwarded: string[];
  authorization: string | undefined;
  requestId: string | undefined;
  traceparent: string | undefined;
  origin: string | undefined;
  isPreflight: boolean;
  host: string | undefined;
  forwardedFor: string | undefined;
  forwardedProto: string | undefined;
  forwardedHost: string | undefined;
  hasBody: boolean;
}

/**
 * Sorts a request's headers in one pass. Those of one hop (RFC 9110, section 7.6.1) end here; those that
 * only the gateway may set are read and not passed on.
 */
export function readHead(rawHeaders: readonly string[]): RequestHead {
  const head: RequestHead = {
    forwarded: [],
    authorization: undefined,
    requestId: undefined,
    traceparent: undefined,
    origin: undefined,
    isPreflight: false,
    host: undefined,
    forwardedFor: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
    hasBody: false,
  };
  let connection = '';
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (name.length === CONNECTION_LENGTH && name.toLowerCase() === 'connection') connection += `,${value}`;
    else if (readHeader(head, name.toLowerCase(), value)) head.forwarded.push(name, value);
  }
  if (connection !== '' && !PLAIN_CONNECTION.test(connection)) dropNominated(head, connection);
  return head;
}

const CONNECTION_LENGTH = 'connection'.length;
const PLAIN_CONNECTION = /^,(?:keep-alive|close)$/i;

/** Notes what a header says; true when it goes on. */
function readHeader(head: RequestHead, name: string, value: string): boolean {
  switch (name) {
    case 'authorization':
      // A second one would be read by nobody: Node keeps the first, and so do the services.
      if (head.authorization !== undefined) return false;
      head.authorization = value;
      return true;
    case 'origin':
      head.origin = value;
      return true;
    case 'access-control-request-method':
      head.isPreflight = true;
      return true;
    case 'content-length':
      head.hasBody ||= value !== '0';
      return true;
    case 'transfer-encoding':
      head.hasBody = true;
      return false;
    case 'x-request-id':
      head.requestId ??= value;
      return false;
    case 'traceparent':
      head.traceparent ??= value;
      return false;
    case 'host':
      head.host ??= value;
      return false;
    case 'x-forwarded-for':
      head.forwardedFor = head.forwardedFor === undefined ? value : `${head.forwardedFor},${value}`;
      return false;
    case 'x-forwarded-proto':
      head.forwardedProto = value;
      return false;
    case 'x-forwarded-host':
      head.forwardedHost = value;
      return false;
    default:
      return !ENDS_HERE.has(name);
  }
}

const ENDS_HERE: ReadonlySet<string> = new Set([
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'expect',
  // These say to a service what only the gateway and other services may say.
  'x-deadline-ms',
  'x-forwarded-port',
  'x-real-ip',
  'forwarded',
]);

function dropNominated(head: RequestHead, connection: string): void {
  const nominated = new Set(connection.split(',').map((token) => token.trim().toLowerCase()));
  head.forwarded = head.forwarded.filter(
    (_, i, all) => !nominated.has((all[i - (i % 2)] as string).toLowerCase()),
  );
}

const ENDS_AT_THE_GATEWAY: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  // The gateway says it itself, once, for its own problems too.
  'x-request-id',
]);

/** What the gateway reads of an answer's headers, and those that go on to the client. */
export interface AnswerHead {
  /** Names and values in turns. */
  readonly headers: string[];
  /** Bytes of the body, where the service says so. */
  readonly contentLength: number | undefined;
}

/** The headers of a service's answer that go on to the client, followed by the gateway's own. */
export function answerHeadOf(raw: readonly Buffer[], own: readonly string[]): AnswerHead {
  const headers: string[] = [];
  let contentLength: number | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as Buffer).toString('latin1');
    const lowerName = name.toLowerCase();
    if (ENDS_AT_THE_GATEWAY.has(lowerName)) continue;
    const value = (raw[i + 1] as Buffer).toString('latin1');
    headers.push(name, value);
    if (lowerName === 'content-length') contentLength = Number(value);
  }
  for (const text of own) headers.push(text);
  return { headers, contentLength };
}
