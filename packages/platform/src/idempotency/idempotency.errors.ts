import { DomainError } from '../http/domain-error.js';

/** The first request with this key is still being worked on. */
export class IdempotencyKeyInUse extends DomainError {
  static readonly slug = 'idempotency-key-in-use';
  static readonly kind = 'conflict';
  static readonly title = 'The same request is still being worked on';

  constructor() {
    super(
      'A request with this Idempotency-Key is being worked on. Send the same again in a moment.',
      {},
      { headers: { 'retry-after': '1' } },
    );
  }
}

/** The key belongs to a request that asked for something else. */
export class IdempotencyKeyReused extends DomainError {
  static readonly slug = 'idempotency-key-reused';
  static readonly kind = 'unprocessable';
  static readonly title = 'The key belongs to another request';

  constructor() {
    super('This Idempotency-Key was sent with a different request before. Use a new key for a new request.');
  }
}
