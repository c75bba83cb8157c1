import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AuditDatabases } from './audit-databases.js';
import { AUDITED_SERVICES, type AuditedService, type Finding, type Invariant } from './invariant.js';

/** What is looked for outside of SQL: in every text that is kept, and in the logs. */
const NO_CARD_NUMBERS: Invariant = {
  id: 'I30',
  statement: 'No card number is kept in any table or log',
  when: 'always',
  check: { database: 'every', sql: 'select null as offender where false' },
};

const DIGITS = /(?<![\w.-])\d{13,19}(?![\w-])/g;
/** How numbers of cards begin: Visa, Mastercard, American Express, Diners Club, RuPay, Discover, Maestro and JCB. */
const ISSUERS = /^(?:4|5[0-9]|2[2-7]|3[0-9]|6|8[12])/;
/** Document numbers and ids of thirteen digits or more that are ours. */
const OUR_NUMBERS = /ticket_number|lock_id|seats\/lock\/|ticketNumber|lockId/;
/** Columns whose whole content is such a number. */
const OUR_COLUMNS = ['ticket_number'];

/** Whether the last digit is the check digit of the others (Luhn's formula, ISO/IEC 7812-1). */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const weighted = i % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** What looks like the number of a card in a text. */
export function cardNumbersIn(text: string): string[] {
  return [...text.matchAll(DIGITS)]
    .filter(({ index }) => !OUR_NUMBERS.test(text.slice(Math.max(0, index - 24), index)))
    .map(([digits]) => digits)
    .filter((digits) => ISSUERS.test(digits) && passesLuhn(digits));
}

/** Looks for card numbers in all text columns of all databases, and in the logs if there are any. */
export async function findCardNumbers(
  databases: AuditDatabases,
  logDir: string | undefined,
): Promise<Finding> {
  const places = [
    ...(await Promise.all(AUDITED_SERVICES.map((service) => inDatabase(databases, service)))).flat(),
    ...(logDir === undefined ? [] : await inLogs(logDir)),
  ];
  return { invariant: NO_CARD_NUMBERS, offenders: places };
}

async function inDatabase(databases: AuditDatabases, service: AuditedService): Promise<string[]> {
  const columns = await databases.rows<{ place: string; column_name: string }>(
    service,
    `select quote_ident(c.table_schema) || '.' || quote_ident(c.table_name) as place, quote_ident(c.column_name) as column_name
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
       and c.data_type in ('text', 'character varying', 'json', 'jsonb')
       and c.column_name <> all ('{${OUR_COLUMNS.join(',')}}')`,
  );
  const found: string[] = [];
  for (const { place, column_name: column } of columns) {
    const rows = await databases.rows<{ text: string }>(
      service,
      `select ${column}::text as text from ${place} where ${column}::text ~ '\\m[0-9]{13,19}\\M'`,
    );
    const count = rows.filter(({ text }) => cardNumbersIn(text).length > 0).length;
    if (count > 0) found.push(`${service}: ${place}.${column} has ${count}`);
  }
  return found;
}

async function inLogs(logDir: string): Promise<string[]> {
  const files = (await readdir(logDir).catch(() => [])).filter((name) => name.endsWith('.log'));
  const found: string[] = [];
  for (const file of files) {
    let count = 0;
    for await (const line of createInterface({ input: createReadStream(join(logDir, file)) }))
      count += cardNumbersIn(line).length;
    if (count > 0) found.push(`${file} has ${count}`);
  }
  return found;
}
