const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** Markup that is safe to put into other markup. */
export class Html {
  constructor(readonly markup: string) {}
}

type Interpolation = string | Html | readonly Html[];

const markupOf = (value: Interpolation): string => {
  if (value instanceof Html) return value.markup;
  return typeof value === 'string' ? escape(value) : value.map(({ markup }) => markup).join('');
};

/** Template tag: text that is put in is escaped, markup made by this same tag is not. */
export const html = (strings: TemplateStringsArray, ...values: readonly Interpolation[]): Html =>
  new Html(
    strings.map((string, i) => string + (i < values.length ? markupOf(values[i] ?? '') : '')).join(''),
  );
