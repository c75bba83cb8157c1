import { commonVariables, databaseVariables, loadConfig } from '@flight-booking/platform';
import { z } from 'zod';
import { MOST_DELIVERY_ATTEMPTS } from './notifications/notification.jobs.js';

/** About an hour of a mail server's absence, for the queue never waits longer than 15 seconds. */
const AN_HOUR_OF_ATTEMPTS = 400;

const schema = z.object({
  ...commonVariables('notification-service', 9100),
  ...databaseVariables,
  /** Without it, e-mail goes to the log and the deliveries table alone. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z
    .string()
    .max(254)
    .regex(
      /^(?:[^<>\p{Cc}]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u,
      'must be an address, or a name and <address>',
    )
    .default('Flight Booking <no-reply@flight-booking.example>'),
  DELIVERY_ATTEMPTS: z.coerce.number().int().min(1).max(MOST_DELIVERY_ATTEMPTS).default(AN_HOUR_OF_ATTEMPTS),
});

/** The configuration of notification-service. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
