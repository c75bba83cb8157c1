import { expect, test } from 'vitest';
import { environmentOf } from './config.js';
import { composeAll } from './one-process.js';

test('a service reads what is said for all, and what carries its prefix instead', () => {
  const given = {
    LOG_LEVEL: 'info',
    PORT: '1',
    SEAT_PORT: '5000',
    FLIGHT_SEARCH_PORT: '4000',
    FLIGHT_SEARCH_DATABASE_URL: 'postgres://there',
  };
  expect(environmentOf('SEAT', given)).toMatchObject({ LOG_LEVEL: 'info', PORT: '5000' });
  expect(environmentOf('FLIGHT_SEARCH', given)).toMatchObject({
    PORT: '4000',
    DATABASE_URL: 'postgres://there',
  });
  expect(environmentOf('SEAT', given)).not.toHaveProperty('DATABASE_URL');
});

test('what is wrong with the variables of several services is told at once, with the prefix of each', () => {
  expect(() => composeAll({ SEAT_PORT: 'none' })).toThrow(
    /SEAT_PORT: .*[^]*SEAT_DATABASE_URL: is required[^]*TICKET_DATABASE_URL: is required/,
  );
});
