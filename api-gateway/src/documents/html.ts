/** Text that is safe inside HTML, made by {@link html} alone. */
export class Html {
  constructor(readonly text: string) {}
}

type Insertion = string | number | Html | readonly Html[] | undefined;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const render = (value: Insertion): string => {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
};

/** A piece of HTML; whatever is inserted is escaped unless it is a piece itself. */
export const html = (strings: TemplateStringsArray, ...values: readonly Insertion[]): Html =>
  new Html(String.raw({ raw: strings }, ...values.map(render)));

/** A sentence in which backquotes mark code, as descriptions have them. */
export const prose = (text: string): Html[] =>
  text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
