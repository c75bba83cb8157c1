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

/**
 * Structured JSON lines on standard output. Request id, user id and trace id of the running request are
 * added by themselves, and fields that hold secrets are blotted out wherever they stand.
 */
export function createLogger(serviceName: string, level: string): Logger {
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
      mixin: () => {
        const context = currentContext();
        if (context === undefined) return {};
        return { request_id: context.requestId, trace_id: context.traceId, user_id: context.userId };
      },
    },
    destination({ dest: 1, sync: false }),
  );
}

/**
 * The same logger for lines whose fields are all named in code and hold no secret, one per request: looking for
 * secrets costs more than all the rest of such a line.
 */
export const withoutRedaction = (logger: Logger): Logger => logger.child({}, { redact: [] });
