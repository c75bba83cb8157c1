import { html, type Html } from '@flight-booking/platform';
import type { JsonSchema } from './api-document.js';
import { prose } from './prose.js';

/** Named schemas of the document, for references. */
export type NamedSchemas = Readonly<Record<string, JsonSchema>>;

/** Nothing of ours is nested deeper, and a schema that refers to itself ends here. */
const MAX_DEPTH = 8;
const REFERENCE = '#/components/schemas/';

const asSchema = (value: unknown): JsonSchema | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : undefined;
const asSchemas = (value: unknown): JsonSchema[] =>
  Array.isArray(value) ? value.map(asSchema).filter((schema) => schema !== undefined) : [];
const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Follows a reference to a named schema. */
export function resolve(schema: JsonSchema, named: NamedSchemas): JsonSchema {
  const reference = asText(schema.$ref);
  return reference?.startsWith(REFERENCE) === true
    ? (named[reference.slice(REFERENCE.length)] ?? {})
    : schema;
}

const variantsOf = (schema: JsonSchema): JsonSchema[] => [
  ...asSchemas(schema.oneOf),
  ...asSchemas(schema.anyOf),
];

/** The type in a few words, such as `array of integer` or `"percent" or "flat"`. */
export function typeOf(schema: JsonSchema, named: NamedSchemas): string {
  const actual = resolve(schema, named);
  if (actual.const !== undefined) return JSON.stringify(actual.const);
  if (Array.isArray(actual.enum)) return actual.enum.map((value) => JSON.stringify(value)).join(' or ');
  const variants = variantsOf(actual);
  if (variants.length > 0)
    return [...new Set(variants.map((variant) => typeOf(variant, named)))].join(' or ');
  const items = asSchema(actual.items);
  if (items !== undefined) return `array of ${typeOf(items, named)}`;
  const type = Array.isArray(actual.type) ? actual.type.join(' or ') : (asText(actual.type) ?? 'any');
  const format = asText(actual.format);
  return format === undefined ? type : `${type} (${format})`;
}

const LIMITS: readonly (readonly [keyword: string, words: (limit: unknown) => string])[] = [
  ['minimum', (limit) => `at least ${String(limit)}`],
  ['exclusiveMinimum', (limit) => `above ${String(limit)}`],
  ['maximum', (limit) => `at most ${String(limit)}`],
  ['minLength', (limit) => `at least ${String(limit)} characters`],
  ['maxLength', (limit) => `at most ${String(limit)} characters`],
  ['minItems', (limit) => `at least ${String(limit)} of them`],
  ['maxItems', (limit) => `at most ${String(limit)} of them`],
  ['default', (value) => `${JSON.stringify(value)} unless given`],
];

/** Limits and description, in one line. */
export function remarksOf(schema: JsonSchema, named: NamedSchemas): Html {
  const actual = resolve(schema, named);
  const limits = LIMITS.flatMap(([keyword, words]) => {
    const value = actual[keyword];
    return value === undefined || Math.abs(Number(value)) >= Number.MAX_SAFE_INTEGER ? [] : [words(value)];
  });
  const pattern = asText(actual.pattern);
  const description = asText(actual.description);
  return html`${description === undefined ? undefined : prose(`${description.replace(/\.$/, '')}. `)}${limits.join(', ')}${
    pattern === undefined || asText(actual.format) !== undefined ? undefined : html` <code>${pattern}</code>`
  }`;
}

interface Row {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** Members of an object and of all inside it, with dotted names: `legs[].fare.amount`. */
function rowsOf(schema: JsonSchema, named: NamedSchemas, prefix = '', depth = 0): Row[] {
  const actual = resolve(schema, named);
  if (depth > MAX_DEPTH) return [];
  const items = asSchema(actual.items);
  if (items !== undefined) return rowsOf(items, named, `${prefix}[]`, depth + 1);
  const required = Array.isArray(actual.required) ? actual.required : [];
  const own = Object.entries(asSchema(actual.properties) ?? {}).flatMap(([key, value]): Row[] => {
    const property = asSchema(value) ?? {};
    const name = prefix === '' ? key : `${prefix}.${key}`;
    return [
      { name, required: required.includes(key), schema: property },
      ...rowsOf(property, named, name, depth + 1),
    ];
  });
  return [...own, ...variantsOf(actual).flatMap((variant) => rowsOf(variant, named, prefix, depth + 1))];
}

const table = (rows: readonly Row[], named: NamedSchemas): Html =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Member</th>
          <th scope="col">Type</th>
          <th scope="col">Remarks</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, required, schema }) =>
            html`<tr>
              <td>
                <code>${name}</code>${required ? html` <span class="required">required</span>` : undefined}
              </td>
              <td>${typeOf(schema, named)}</td>
              <td>${remarksOf(schema, named)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

/** A schema as tables, one for each variant where it has several. */
export function schemaTable(schema: JsonSchema, named: NamedSchemas): Html {
  const actual = resolve(schema, named);
  const variants = variantsOf(actual);
  if (variants.length > 1) {
    return html`${variants.map(
      (variant, i) =>
        html`<p class="variant">${i === 0 ? 'Either' : 'or'}</p>
          ${schemaTable(variant, named)}`,
    )}`;
  }
  const rows = rowsOf(actual, named);
  return rows.length === 0 ? html`<p>${typeOf(actual, named)}</p>` : table(rows, named);
}
