import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const services = [
  'AUTH',
  'FLIGHT_SEARCH',
  'SEAT',
  'BOOKING',
  'PAYMENT',
  'DISCOUNT',
  'TICKET',
  'NOTIFICATION',
];
const environment = {
  ...Object.fromEntries(services.map((name) => [`${name}_URL`, 'http://localhost:1'])),
  REDIS_URL: 'redis://localhost:6379',
  SERVICE_CLIENT_SECRET: 'a-secret-of-the-tests',
};

describe('the configuration', () => {
  it('trusts no proxy and no other origin unless told', () => {
    expect(readConfig(environment)).toMatchObject({ TRUST_PROXY: [], CORS_ORIGINS: [] });
  });

  it('lets a call be joined for a tenth of a second unless told', () => {
    expect(readConfig(environment)).toMatchObject({ COALESCING_WINDOW_MS: 100 });
    expect(readConfig({ ...environment, COALESCING_WINDOW_MS: '' })).toMatchObject({
      COALESCING_WINDOW_MS: 100,
    });
  });

  it('reads lists', () => {
    const lists = {
      TRUST_PROXY: '10.0.0.0/8, ::1',
      CORS_ORIGINS: 'https://a.example, http://localhost:5173',
    };
    expect(readConfig({ ...environment, ...lists })).toMatchObject({
      TRUST_PROXY: ['10.0.0.0/8', '::1'],
      CORS_ORIGINS: ['https://a.example', 'http://localhost:5173'],
    });
  });

  it.each([
    ['TRUST_PROXY', 'loopback'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['RATE_LIMIT_PER_USER', '0'],
    ['LOG_SAMPLE_RATE', '2'],
  ])('refuses %s=%s, naming it', (name, value) => {
    expect(() => readConfig({ ...environment, [name]: value })).toThrow(
      new RegExp(`\\n  ${name}: (?!is required)`),
    );
  });
});
