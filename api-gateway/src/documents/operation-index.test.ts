import { describe, expect, it } from 'vitest';
import { OperationIndex } from './operation-index.js';

const guarded = { security: [{ bearer: [] }] };
const publicly = { security: [] };
const index = new OperationIndex({
  paths: {
    '/api/flights/search': { get: publicly },
    '/api/flights/{id}': { get: guarded },
    '/api/flights/{id}/cancel': { post: guarded },
    '/api/tickets/{id}': { get: guarded },
    '/api/tickets/{id}.pdf': { get: publicly },
    '/api/bookings/pnr/{pnr}': { get: publicly },
    '/api/bookings/{id}/cancel': { post: guarded },
    '/api/auth/login': { post: publicly },
    '/api/auth/logout': { post: guarded },
    '/api/payments/webhook': { post: publicly },
    '/api/unsaid': { get: {} },
  },
} as unknown as ConstructorParameters<typeof OperationIndex>[0]);

describe('finding an operation', () => {
  it.each([
    ['GET', '/api/flights/search', true],
    ['GET', '/api/flights/7', false],
    ['GET', '/api/flights/7/', false],
    ['HEAD', '/api/flights/search', true],
    ['POST', '/api/flights/search/cancel', false],
    ['GET', '/api/tickets/7.pdf', true],
    ['GET', '/api/tickets/7', false],
    ['GET', '/api/bookings/pnr/ABC', true],
    ['POST', '/api/bookings/pnr/cancel', undefined],
    ['POST', '/api/bookings/7/cancel', false],
    ['GET', '/api/unsaid', false],
    ['GET', '/api/flights', undefined],
    ['GET', '/api/flights/', undefined],
    ['GET', '/API/flights/7', undefined],
    ['GET', '/api/constructor', undefined],
    ['DELETE', '/api/flights/7', undefined],
  ])('%s %s: public %s', (method, path, isPublic) => {
    const find = () => index.require(method, path).isPublic;
    if (isPublic === undefined) expect(find).toThrow(/No route|Use/);
    else expect(find()).toBe(isPublic);
  });

  it.each([
    ['POST', '/api/auth/login', true, false],
    ['POST', '/api/auth/logout', false, false],
    ['POST', '/api/payments/webhook', false, true],
    ['GET', '/api/flights/search', false, false],
    ['POST', '/api/flights/7/cancel', false, false],
  ])('%s %s: signs in %s, brings its own proof %s', (method, path, isSignIn, isCallback) => {
    expect(index.require(method, path)).toMatchObject({ isSignIn, isCallback });
  });
});
