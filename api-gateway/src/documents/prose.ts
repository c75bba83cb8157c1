import { html, type Html } from '@flight-booking/platform';

/** A sentence in which backquotes mark code, as descriptions have them. */
export const prose = (text: string): Html[] =>
  text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
