import type { StubResponse } from '@flight-booking/local-stack/testing';

/** A problem as our services answer it. */
export const refusal = (status: number, type: string, extensions: object = {}): StubResponse => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: {
    type,
    title: type,
    status,
    detail: `Refused: ${type}.`,
    request_id: 'stubbed-request',
    ...extensions,
  },
});
