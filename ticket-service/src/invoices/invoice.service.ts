import type { UserPrincipal } from '@flight-booking/platform';
import { InvoiceNotFound } from './invoice.errors.js';
import type { Invoice } from './invoice.js';
import type { InvoiceRepository } from './invoice.repository.js';

/** Hands invoices to those who may see them. */
export class InvoiceService {
  constructor(private readonly invoices: InvoiceRepository) {}

  /** An invoice for its owner or an administrator. @throws InvoiceNotFound */
  async invoiceFor(reader: UserPrincipal, invoiceId: number): Promise<Invoice> {
    const invoice = await this.invoices.byId(invoiceId);
    if (invoice === undefined || (invoice.userId !== reader.userId && reader.role !== 'admin')) {
      throw new InvoiceNotFound(invoiceId);
    }
    return invoice;
  }
}
