import type { z } from 'zod';
import { InvalidRequest, type FieldError } from './http-errors.js';
import type { RouteInput } from './route.js';

type Place = FieldError['in'];

/** The parts of a request, as the route's schemas made them. */
export interface ValidParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * Checks every part of a request that a route reads.
 * @throws InvalidRequest with one entry per bad field, of all the parts together
 */
export function validate(
  input: RouteInput,
  parts: { params: unknown; query: unknown; body: unknown },
): ValidParts {
  const errors: FieldError[] = [];
  const check = (schema: z.ZodType | undefined, value: unknown, place: Place): unknown => {
    if (schema === undefined) return undefined;
    const parsed = schema.safeParse(value, { reportInput: true });
    if (parsed.success) return parsed.data;
    errors.push(...fieldErrors(parsed.error.issues, place));
    return undefined;
  };
  const checked = {
    params: check(input.params, parts.params, 'path'),
    query: check(input.query, parts.query, 'query'),
    body: check(input.body, parts.body ?? {}, 'body'),
  };
  if (errors.length > 0) throw new InvalidRequest(errors);
  return checked;
}

function fieldErrors(issues: readonly z.core.$ZodIssue[], place: Place): FieldError[] {
  const byField = new Map<string, FieldError>();
  for (const entry of issues.flatMap((issue) => entriesOf(issue, place))) {
    if (!byField.has(entry.field)) byField.set(entry.field, entry);
  }
  return [...byField.values()];
}

function entriesOf(issue: z.core.$ZodIssue, place: Place): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: nameOf([...issue.path, key]),
      in: place,
      message: 'is not a known field',
    }));
  }
  const absent = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ field: nameOf(issue.path), in: place, message: absent ? 'is required' : issue.message }];
}

const MAX_FIELD_NAME = 100;

function nameOf(path: readonly PropertyKey[]): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return name.replace(/^\./, '').slice(0, MAX_FIELD_NAME);
}
