import {
  baseUrl,
  commonVariables,
  databaseVariables,
  loadConfig,
  milliseconds,
  secret,
  serviceUrl,
} from '@flight-booking/platform';
import { z } from 'zod';

const MAX_WEBHOOK_SECRETS = 2;
const webhookSecrets = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(
    z.tuple([secret], secret).refine(({ length }) => length <= MAX_WEBHOOK_SECRETS, 'must be one or two'),
  );

const schema = z.object({
  ...commonVariables('payment-service', 7000),
  ...databaseVariables,
  BOOKING_URL: serviceUrl,
  /** How long a request goes on by itself before the durable job of the same work joins in. */
  FAST_PATH_MS: milliseconds.default(5_000),
  /** How long an answer of the provider is waited for; after that nobody knows what became of the call. */
  PROVIDER_TIMEOUT_MS: milliseconds.default(5_000),
  /** How often the provider may fail a refund before an operator must look at it. */
  REFUND_MAX_ATTEMPTS: z.coerce.number().int().min(1).max(100).default(5),
  /** How long to wait after a refund failed; twice as long after each further failure. */
  REFUND_RETRY_MS: milliseconds.default(2_000),
  /** What changed within this time is in flight, and left to the next comparison of the books. */
  RECONCILIATION_GRACE_MS: milliseconds.default(10_000),
  /** After this a payment or refund that is still under way is taken up again. */
  RECONCILIATION_OVERDUE_MS: milliseconds.default(600_000),
  /** How long the mock provider takes over `tok_slow`. */
  MOCK_PROVIDER_SLOW_MS: milliseconds.default(3_000),
  /** How long after it was declined `tok_late_success` is captured. */
  MOCK_PROVIDER_LATE_MS: milliseconds.default(5_000),
  /** How long a customer may take to approve a challenge. */
  MOCK_PROVIDER_CHALLENGE_MS: milliseconds.default(300_000),
  /** What the provider signs its webhooks with; two, separated by a comma, while they are changed. The first signs. */
  PAYMENT_WEBHOOK_SECRETS: webhookSecrets,
  /** Where the mock provider sends its webhooks; this service itself unless said. */
  PAYMENT_WEBHOOK_URL: baseUrl.optional(),
  /** Where customers reach the API: the address of the gateway. */
  PUBLIC_URL: baseUrl.default('http://localhost:8080'),
});

/** The configuration of payment-service. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
