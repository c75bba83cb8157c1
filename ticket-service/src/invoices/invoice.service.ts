import type { Database, UserPrincipal } from '@flight-booking/platform';
import { CreditNoteNotFound, InvoiceNotFound } from './invoice.errors.js';
import type { CreditNote, CreditNoteOccasion, Invoice } from './invoice.js';
import type { InvoiceRepository } from './invoice.repository.js';

/** Hands invoices and credit notes to those who may see them. */
export class InvoiceService {
  constructor(
    private readonly database: Database,
    private readonly invoices: InvoiceRepository,
  ) {}

  /** An invoice for its owner or an administrator. @throws InvoiceNotFound */
  async invoiceFor(reader: UserPrincipal, invoiceId: number): Promise<Invoice> {
    const invoice = await this.invoices.byId(this.database, invoiceId);
    if (invoice === undefined || (invoice.userId !== reader.userId && reader.role !== 'admin')) {
      throw new InvoiceNotFound(invoiceId);
    }
    return invoice;
  }

  /** What takes an invoice back on an occasion, with that invoice. @throws InvoiceNotFound | CreditNoteNotFound */
  async creditNoteFor(
    reader: UserPrincipal,
    invoiceId: number,
    occasion: CreditNoteOccasion,
  ): Promise<{ invoice: Invoice; creditNote: CreditNote }> {
    const invoice = await this.invoiceFor(reader, invoiceId);
    const creditNote = invoice.creditNotes[occasion];
    if (creditNote === undefined) throw new CreditNoteNotFound(invoiceId, occasion);
    return { invoice, creditNote };
  }
}
