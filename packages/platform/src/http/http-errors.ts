import { DomainError } from './domain-error.js';

/** One bad field of a request. */
export interface FieldError {
  readonly field: string;
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly message: string;
}

/** The request does not have the form that the route asks for. */
export class InvalidRequest extends DomainError {
  static readonly slug = 'invalid-request';
  static readonly kind = 'invalid';
  static readonly title = 'The request is not valid';

  constructor(errors: readonly FieldError[]) {
    super('Some fields of the request are not valid; `errors` names each.', { errors });
  }
}

/** The body is not JSON. */
export class MalformedBody extends DomainError {
  static readonly slug = 'malformed-body';
  static readonly kind = 'invalid';
  static readonly title = 'The body cannot be read';
}

/** The body is larger than a request may be. */
export class BodyTooLarge extends DomainError {
  static readonly slug = 'body-too-large';
  static readonly kind = 'too_large';
  static readonly title = 'The body is too large';
}

/** The body is of a content type, charset or encoding that the route does not take. */
export class UnsupportedMediaType extends DomainError {
  static readonly slug = 'unsupported-media-type';
  static readonly kind = 'unsupported_media_type';
  static readonly title = 'The content type is not supported';
}

/** No route has this path. */
export class RouteNotFound extends DomainError {
  static readonly slug = 'route-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is nothing at this address';
}

/** The path exists, with other methods. */
export class MethodNotAllowed extends DomainError {
  static readonly slug = 'method-not-allowed';
  static readonly kind = 'method_not_allowed';
  static readonly title = 'This address does not take that method';

  constructor(readonly allowed: readonly string[]) {
    super(`Use ${allowed.join(' or ')}.`, { allowed }, { headers: { allow: allowed.join(', ') } });
  }
}
