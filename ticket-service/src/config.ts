import { commonVariables, databaseVariables, loadConfig, serviceUrl } from '@flight-booking/platform';
import { z } from 'zod';
import { isGstin } from './invoices/gstin.js';

/** Starts a document's number; two characters leave room for seven digits within the legal sixteen. */
const series = z.string().regex(/^[A-Z0-9]{1,2}$/, 'must be one or two letters or digits');

const variables = z.object({
  ...commonVariables('ticket-service', 9000),
  ...databaseVariables,
  BOOKING_URL: serviceUrl,
  /** Drawing one takes up to a second, and callers wait for at most fifteen. */
  PDF_QUEUE: z.coerce.number().int().min(1).default(8),
  PDF_CACHE_BYTES: z.coerce.number().int().min(0).default(16_777_216),
  INVOICE_SERIES: series.default('FB'),
  CREDIT_NOTE_SERIES: series.default('FC'),
  SUPPLIER_NAME: z.string().min(1).max(60).default('Flight Booking Private Limited'),
  SUPPLIER_ADDRESS: z.string().min(1).max(200).default('12 Runway Road, Aerocity, New Delhi 110037'),
  /** An invented registration in Delhi: no PAN has the serial 0000. */
  SUPPLIER_GSTIN: z
    .string()
    .refine(isGstin, 'must be a GSTIN with a check character that fits')
    .default('07ZZZCZ0000Z1Z3'),
});

/** Both are numbered without gaps, each in a series of its own. */
const schema = variables.refine((config) => config.CREDIT_NOTE_SERIES !== config.INVOICE_SERIES, {
  path: ['CREDIT_NOTE_SERIES'],
  error: 'must differ from INVOICE_SERIES',
});

/** The configuration of ticket-service. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
