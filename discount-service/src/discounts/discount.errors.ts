import { problemSlug } from '@flight-booking/contracts';
import { DomainError, type DomainErrorOptions } from '@flight-booking/platform';
import type { Refusal } from './discount.js';

/** A code of that name exists. */
export class CodeTaken extends DomainError {
  static readonly slug = 'code-taken';
  static readonly kind = 'conflict';
  static readonly title = 'The code exists already';

  constructor(code: string, options?: DomainErrorOptions) {
    super(`There is a code ${code} already. Choose another name.`, { code }, options);
  }
}

/** No code has that name. */
export class DiscountNotFound extends DomainError {
  static readonly slug = 'discount-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such code';

  constructor(code: string) {
    super(`There is no code ${code}.`, { code });
  }
}

/** The code cannot be used for this booking; `reason` says why. */
export class DiscountNotApplicable extends DomainError {
  static readonly slug = problemSlug.discountNotApplicable;
  static readonly kind = 'unprocessable';
  static readonly title = 'The discount does not apply';

  constructor(code: string, { reason, message }: Refusal) {
    super(message, { code, reason });
  }
}
