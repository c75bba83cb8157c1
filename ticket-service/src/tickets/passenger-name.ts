/** Titles that passengers type before their names, as tickets abbreviate them. */
const TITLES: ReadonlyMap<string, string> = new Map(
  ['MR', 'MRS', 'MS', 'MISS', 'MSTR', 'DR'].map((title) => [title, title] as const),
).set('MASTER', 'MSTR');

/** Letters that Unicode does not decompose into a base letter and a mark. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Ł: 'L',
  Đ: 'D',
  Ð: 'D',
  Þ: 'TH',
  Ħ: 'H',
};

/** Stands for a name with no Latin letter in it: the field may not be empty. */
const UNREADABLE = 'UNKNOWN';

function latinWords(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[ÆŒØŁĐÐÞĦ]/g, (letter) => UNDECOMPOSED[letter] ?? '')
    .replace(/['’.]/g, '')
    .split(/[^A-Z]+/)
    .filter((word) => word !== '');
}

/**
 * A passenger's name as tickets write it: `SURNAME/GIVEN TITLE`, A to Z and spaces only, diacritics stripped,
 * the last word taken for the surname. Somebody with one name has it as the surname, with no slash.
 */
export function ticketName(name: string): string {
  const words = latinWords(name);
  const title = words.length > 1 ? TITLES.get(words[0] ?? '') : undefined;
  const names = title === undefined ? words : words.slice(1);
  const surname = names.at(-1) ?? UNREADABLE;
  const afterSlash = [...names.slice(0, -1), ...(title === undefined ? [] : [title])].join(' ');
  return afterSlash === '' ? surname : `${surname}/${afterSlash}`;
}
