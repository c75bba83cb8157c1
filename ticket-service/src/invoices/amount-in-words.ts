const BELOW_TWENTY = [
  'Zero',
  'One',
  'Two',
  'Three',
  'Four',
  'Five',
  'Six',
  'Seven',
  'Eight',
  'Nine',
  'Ten',
  'Eleven',
  'Twelve',
  'Thirteen',
  'Fourteen',
  'Fifteen',
  'Sixteen',
  'Seventeen',
  'Eighteen',
  'Nineteen',
];
const TENS = ['', '', 'Twenty', 'Thirty', 'Forty', 'Fifty', 'Sixty', 'Seventy', 'Eighty', 'Ninety'];

/** Indian numbering: after the thousand, units grow by hundreds. */
const UNITS = [
  [10_000_000, 'Crore'],
  [100_000, 'Lakh'],
  [1_000, 'Thousand'],
  [100, 'Hundred'],
] as const;

const PAISE_PER_RUPEE = 100;

function words(value: number): string {
  for (const [size, name] of UNITS) {
    if (value >= size) {
      const rest = value % size;
      return `${words(Math.floor(value / size))} ${name}${rest === 0 ? '' : ` ${words(rest)}`}`;
    }
  }
  if (value < BELOW_TWENTY.length) return BELOW_TWENTY[value] ?? '';
  const unit = value % 10;
  return `${TENS[Math.floor(value / 10)]}${unit === 0 ? '' : `-${BELOW_TWENTY[unit]}`}`;
}

/** An amount of paise, zero or more, as invoices write it out: `Rupees Six Thousand Three Hundred Thirty-One Only`. */
export function amountInWords(amountPaise: number): string {
  const rupees = Math.floor(amountPaise / PAISE_PER_RUPEE);
  const paise = amountPaise % PAISE_PER_RUPEE;
  return `Rupees ${words(rupees)}${paise === 0 ? '' : ` and ${words(paise)} Paise`} Only`;
}
