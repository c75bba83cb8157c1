import { travelName, type BookingDetail } from '@flight-booking/contracts';

/**
 * Who booked, by a name that the documents' letters can show. An account may have a name in any script, a
 * passenger's is in Latin letters; so the first passenger stands for a holder whose name cannot be printed.
 */
export function printableContact({ contact, passengers }: BookingDetail): BookingDetail['contact'] {
  const name = travelName.safeParse(contact.name).success
    ? contact.name
    : (passengers[0]?.name ?? contact.email);
  return { ...contact, name };
}
