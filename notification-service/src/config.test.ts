import { InvalidConfig } from '@flight-booking/platform';
import { expect, test } from 'vitest';
import { readConfig } from './config.js';

const GOOD = {
  AUTH_URL: 'http://127.0.0.1:3000',
  DATABASE_URL: 'postgresql://notification:password@127.0.0.1:5432/notification',
  SERVICE_CLIENT_SECRET: '4b7a1f0c9d2e8a6b5c3d',
};

test('SMTP is off unless it is asked for', () => {
  expect(readConfig(GOOD)).toMatchObject({ PORT: 9100, DELIVERY_ATTEMPTS: 400 });
  expect(readConfig({ ...GOOD, SMTP_URL: '' }).SMTP_URL).toBeUndefined();
});

test.each(['smtp://mail.example:25', 'smtps://user:pass%20word@mail.example', 'smtp://127.0.0.1:1025'])(
  'the mail server may be %s',
  (SMTP_URL) => {
    expect(readConfig({ ...GOOD, SMTP_URL }).SMTP_URL).toBe(SMTP_URL);
  },
);

test.each([
  { SMTP_URL: 'http://mail.example' },
  { SMTP_URL: 'mail.example' },
  { MAIL_FROM: 'nobody' },
  { MAIL_FROM: 'A <a@example.com>\nBcc: b@example.com' },
  { DELIVERY_ATTEMPTS: '0' },
  { DELIVERY_ATTEMPTS: '1001' },
])('%j is refused', (changes) => {
  expect(() => readConfig({ ...GOOD, ...changes })).toThrow(InvalidConfig);
});
