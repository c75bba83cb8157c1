import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import { currentContext } from '../context/request-context.js';

export type { Logger } from 'pino';

const SECRET_FIELDS = [
  'password',
  'password_hash',
  'token',
  'refresh_token',
  'access_token',
  'client_secret',
  'secret',
  'clientSecret',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'set-cookie',
];

/** How long a line may wait for others. */
const FLUSH_WITHIN_MS = 50;
/** So many letters are written at once. */
const FLUSH_AT_LENGTH = 8_192;

/**
 * Structured JSON lines on standard output. Request id, user id and trace id of the running request are
 * added by themselves, and fields that hold secrets are blotted out wherever they stand. Lines that come within
 * {@link FLUSH_WITHIN_MS} are written together, for a write of its own costs a line ten times what making it does; a
 * process writes what it has when it ends, unless it is killed.
 */
export function createLogger(serviceName: string, level: string): Logger {
  const output = destination({ dest: 1, sync: false, minLength: FLUSH_AT_LENGTH });
  const flushSoon = flusherOf(output);
  return pino(
    {
      level,
      base: { service: serviceName },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[redacted]',
      },
      hooks: {
        logMethod(line, log) {
          flushSoon();
          log.apply(this, line);
        },
      },
      mixin: () => {
        const context = currentContext();
        if (context === undefined) return {};
        return { request_id: context.requestId, trace_id: context.traceId, user_id: context.userId };
      },
    },
    output,
  );
}

function flusherOf(output: ReturnType<typeof destination>): () => void {
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    output.flush();
  };
  return () => void (timer ??= setTimeout(flush, FLUSH_WITHIN_MS).unref());
}

/**
 * The same logger for lines whose fields are all named in code and hold no secret, one per request: looking for
 * secrets costs more than all the rest of such a line.
 */
export const withoutRedaction = (logger: Logger): Logger => logger.child({}, { redact: [] });
