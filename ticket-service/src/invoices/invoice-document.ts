import { formatPaise, percentOf, type BasisPoints } from '@flight-booking/contracts';
import { amountInWords } from './amount-in-words.js';
import type { Invoice, InvoiceContent, InvoiceSupply } from './invoice.js';
import { INDIA_TIME_ZONE, formatDate, localTime } from '../time/local-time.js';
import { drawBand, drawFooters, makeRoom } from '../documents/furniture.js';
import {
  COLOURS,
  CONTENT_WIDTH,
  PAGE,
  STYLES,
  closePdf,
  openPdf,
  put,
  putField,
  putParagraph,
  putRule,
  type Pdf,
} from '../documents/pdf.js';

const ROW_HEIGHT = 15;
const AMOUNT_COLUMN = { x: PAGE.margin, width: CONTENT_WIDTH - 8, align: 'right' } as const;

/** What the state's half of the tax is called. */
const STATE_TAX = { CGST_SGST: 'SGST', CGST_UTGST: 'UTGST', IGST: 'SGST' } as const;

/** A caption and what it names. */
type Field = readonly [string, string];

/** What a document of this kind calls itself, beside what it shares with the other kind. */
interface Heading {
  readonly kind: string;
  readonly numberLabel: string;
  readonly note: string;
  readonly number: string;
  readonly issuedAt: Date;
  readonly facts: readonly Field[];
}

/** What a document adds up. */
interface Figures {
  readonly supplies: readonly InvoiceSupply[];
  readonly totals: InvoiceContent['totals'];
  /** Draws what follows the totals, and returns the y below it. */
  readonly drawMore?: (pdf: Pdf, top: number) => number;
}

/** One line of the table: what for, at which rate, how much. */
interface Row {
  readonly text: string;
  readonly rate?: string;
  readonly amountPaise: number;
  readonly strong?: boolean;
}

const percent = (rate: BasisPoints): string => `${percentOf(rate)} %`;

function taxRows(supply: InvoiceSupply, split: InvoiceContent['tax_split']): Row[] {
  return supply.taxes.flatMap((tax) =>
    split === 'IGST'
      ? [{ text: 'IGST', rate: percent(tax.rate), amountPaise: tax.igst_paise }]
      : [
          { text: 'CGST', rate: percent(tax.rate / 2), amountPaise: tax.cgst_paise },
          { text: STATE_TAX[split], rate: percent(tax.rate / 2), amountPaise: tax.state_tax_paise },
        ],
  );
}

function rowsOf(supply: InvoiceSupply, split: InvoiceContent['tax_split']): Row[] {
  return [
    ...supply.charges.map((line) => ({ text: line.description, amountPaise: line.amount_paise })),
    { text: 'Taxable value', amountPaise: supply.taxable_paise, strong: true },
    ...taxRows(supply, split),
    ...supply.pass_through.map((line) => ({
      text: `${line.description} (passed on, no tax)`,
      amountPaise: line.amount_paise,
    })),
  ];
}

function drawParty(
  pdf: Pdf,
  label: string,
  lines: readonly string[],
  box: { x: number; y: number; width: number },
): number {
  put(pdf, label.toUpperCase(), box, STYLES.label);
  let y = box.y + 11;
  lines.forEach((line, index) => {
    y = putParagraph(pdf, line, { ...box, y }, index === 0 ? STYLES.strong : STYLES.body) + 1;
  });
  return y;
}

function drawParties(pdf: Pdf, { content }: Invoice, y: number): number {
  const { supplier, recipient } = content;
  const width = CONTENT_WIDTH / 2 - 15;
  const left = drawParty(
    pdf,
    'Supplier',
    [
      supplier.name,
      supplier.address,
      `GSTIN ${supplier.gstin}`,
      `State ${supplier.state.name} (${supplier.state.code})`,
    ],
    { x: PAGE.margin, y, width },
  );
  const right = drawParty(
    pdf,
    'Recipient',
    [recipient.name, recipient.email, 'Not registered for GST', `State ${content.place_of_supply.name}`],
    { x: PAGE.margin + CONTENT_WIDTH / 2 + 15, y, width },
  );
  return Math.max(left, right) + 12;
}

function drawFacts(pdf: Pdf, invoice: Invoice, dates: readonly Field[], y: number): number {
  const place = invoice.content.place_of_supply;
  const fields: readonly Field[] = [
    ...dates,
    ['Record locator', invoice.content.pnr],
    ['Booking', String(invoice.bookingId)],
    ['Place of supply', `${place.name} (${place.code})`],
    ['Reverse charge', 'No'],
  ];
  const width = CONTENT_WIDTH / fields.length;
  fields.forEach(([label, value], index) =>
    putField(pdf, label, value, { x: PAGE.margin + index * width, y, width: width - 8 }),
  );
  return y + 36;
}

function drawTableHeader(pdf: Pdf, y: number): number {
  pdf.rect(PAGE.margin, y, CONTENT_WIDTH, 18).fill(COLOURS.wash);
  put(pdf, 'DESCRIPTION', { x: PAGE.margin + 8, y: y + 4 }, STYLES.label);
  put(pdf, 'SAC', { x: 370, y: y + 4 }, STYLES.label);
  put(pdf, 'RATE', { x: 420, y: y + 4, width: 50, align: 'right' }, STYLES.label);
  put(pdf, 'AMOUNT', { ...AMOUNT_COLUMN, y: y + 4 }, STYLES.label);
  return y + 24;
}

function drawSupply(
  pdf: Pdf,
  supply: InvoiceSupply,
  split: InvoiceContent['tax_split'],
  top: number,
): number {
  const rows = rowsOf(supply, split);
  let y = makeRoom(pdf, top, (rows.length + 3) * ROW_HEIGHT);
  const passengers = `${supply.passengers} ${supply.passengers === 1 ? 'passenger' : 'passengers'}`;
  put(pdf, `${supply.description} · ${passengers}`, { x: PAGE.margin + 8, y, width: 315 }, STYLES.strong);
  put(pdf, supply.service_accounting_code, { x: 370, y }, STYLES.body);
  y += ROW_HEIGHT + 2;
  for (const row of rows) {
    const style = row.strong === true ? STYLES.strong : STYLES.body;
    put(pdf, row.text, { x: PAGE.margin + 20, y, width: 330 }, style);
    if (row.rate !== undefined) put(pdf, row.rate, { x: 420, y, width: 50, align: 'right' }, style);
    put(pdf, formatPaise(row.amountPaise), { ...AMOUNT_COLUMN, y }, style);
    y += ROW_HEIGHT;
  }
  put(pdf, 'Subtotal', { x: PAGE.margin + 20, y }, STYLES.strong);
  put(pdf, formatPaise(supply.total_paise), { ...AMOUNT_COLUMN, y }, STYLES.strong);
  putRule(pdf, y + ROW_HEIGHT + 3);
  return y + ROW_HEIGHT + 10;
}

function totalRows(totals: InvoiceContent['totals'], split: InvoiceContent['tax_split']): Row[] {
  const taxes: Row[] =
    split === 'IGST'
      ? [{ text: 'IGST', amountPaise: totals.igst_paise }]
      : [
          { text: 'CGST', amountPaise: totals.cgst_paise },
          { text: STATE_TAX[split], amountPaise: totals.state_tax_paise },
        ];
  return [
    { text: 'Total taxable value', amountPaise: totals.taxable_paise },
    ...taxes,
    { text: 'Passed-on charges', amountPaise: totals.pass_through_paise },
  ];
}

function drawTotals(
  pdf: Pdf,
  totals: InvoiceContent['totals'],
  split: InvoiceContent['tax_split'],
  top: number,
): number {
  const rows = totalRows(totals, split);
  let y = makeRoom(pdf, top, rows.length * ROW_HEIGHT + 90);
  for (const row of rows) {
    put(pdf, row.text, { x: 330, y }, STYLES.body);
    put(pdf, formatPaise(row.amountPaise), { ...AMOUNT_COLUMN, y }, STYLES.body);
    y += ROW_HEIGHT;
  }
  pdf.rect(318, y + 2, PAGE.margin + CONTENT_WIDTH - 318, 25).fill(COLOURS.brand);
  const onBrand = { ...STYLES.figure, colour: COLOURS.white };
  put(pdf, 'Total', { x: 330, y: y + 5 }, onBrand);
  put(pdf, formatPaise(totals.total_paise), { ...AMOUNT_COLUMN, y: y + 5 }, onBrand);
  y += 38;
  put(pdf, 'TOTAL IN WORDS', { x: PAGE.margin, y }, STYLES.label);
  return putParagraph(
    pdf,
    amountInWords(totals.total_paise),
    { x: PAGE.margin, y: y + 11, width: CONTENT_WIDTH },
    STYLES.strong,
  );
}

function drawSignature(pdf: Pdf, content: InvoiceContent, top: number): void {
  const y = makeRoom(pdf, top + 22, 60);
  const right = { x: PAGE.margin, width: CONTENT_WIDTH, align: 'right' as const };
  put(pdf, `For ${content.supplier.name}`, { ...right, y }, STYLES.body);
  put(pdf, 'Authorised signatory', { ...right, y: y + 30 }, STYLES.small);
  putParagraph(
    pdf,
    'Issued by computer. A demonstration document: the tax figures are examples and no legal claim.',
    { x: PAGE.margin, y: y + 30, width: 330 },
    STYLES.small,
  );
}

/** The date of a document, by Indian clocks. */
export const dateOf = (instant: Date): string => formatDate(localTime(instant, INDIA_TIME_ZONE));

/** Draws a document about the supplies of an invoice: the invoice itself, or what takes it back. */
export async function renderAboutInvoice(
  invoice: Invoice,
  { kind, numberLabel, note, number, issuedAt, facts }: Heading,
  { supplies, totals, drawMore }: Figures,
): Promise<Buffer> {
  const { content } = invoice;
  const title = `${kind} ${number}`;
  const pdf = openPdf({ title, author: content.supplier.name, createdAt: issuedAt });
  let y = drawBand(pdf, {
    issuer: content.supplier.name,
    title: `${kind} · ${note}`,
    note: numberLabel,
    code: number,
  });
  y = drawFacts(pdf, invoice, facts, y);
  y = drawParties(pdf, invoice, y);
  y = drawTableHeader(pdf, y);
  for (const supply of supplies) y = drawSupply(pdf, supply, content.tax_split, y);
  y = drawTotals(pdf, totals, content.tax_split, y + 4);
  if (drawMore !== undefined) y = drawMore(pdf, y);
  drawSignature(pdf, content, y);
  drawFooters(pdf, `${title} · ${content.supplier.name} · GSTIN ${content.supplier.gstin}`);
  return closePdf(pdf);
}

/** Draws a tax invoice (CGST rule 46) from what was kept when it was issued. */
export const renderInvoice = (invoice: Invoice): Promise<Buffer> =>
  renderAboutInvoice(
    invoice,
    {
      kind: 'Tax invoice',
      numberLabel: 'Invoice number',
      note: 'original for recipient',
      number: invoice.invoiceNumber,
      issuedAt: invoice.issuedAt,
      facts: [['Invoice date', dateOf(invoice.issuedAt)]],
    },
    invoice.content,
  );
