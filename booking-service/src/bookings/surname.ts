const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/gu, ' ').trim().toLowerCase();

/**
 * Whether a surname is that of a name: the name's last word or words, in any case and with or without
 * diacritics. Of "Ana de la Cruz" both "cruz" and "De la Cruz" are.
 */
export function isSurnameOf(surname: string, name: string): boolean {
  return ` ${folded(name)}`.endsWith(` ${folded(surname)}`);
}
