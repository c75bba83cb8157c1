/** Markup that is safe to put into other markup, made by {@link html}. */
export class Html {
  /** @param markup taken as it is: what came from outside must have been escaped before */
  constructor(readonly markup: string) {}
}

type Insertion = string | number | Html | readonly Html[] | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const markupOf = (value: Insertion): string => {
  if (value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(markupOf).join('');
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
};

/**
 * Template tag for HTML. Text that is inserted is escaped, also for attributes in quotes; markup that this same
 * tag made is not.
 */
export const html = (strings: TemplateStringsArray, ...values: readonly Insertion[]): Html =>
  new Html(strings.map((string, i) => string + markupOf(values[i])).join(''));
