import { describe, expect, it } from 'vitest';
import { exampleTicket } from '../testing/example-ticket.js';
import { delhiToMumbai, exampleBooking, mumbaiToDubai } from '../testing/example-booking.js';
import { encodeBoardingPass, type BoardingPass } from './boarding-pass-code.js';
import { SeatMissing, boardingPassCode, planCoupons } from './ticket.js';

const example: BoardingPass = {
  passengerName: 'SHARMA/ASHA MS',
  recordLocator: 'K7M2QX',
  source: 'DEL',
  destination: 'BOM',
  carrier: 'AI',
  flightNumber: '865',
  dayOfYear: 15,
  compartment: 'Y',
  seatNumber: '12A',
  checkInSequence: 42,
  passengerStatus: '1',
};

describe('the text of a boarding-pass barcode', () => {
  it('is sixty characters when only the mandatory part is written', () => {
    const text = encodeBoardingPass(example);
    expect(text).toBe('M1SHARMA/ASHA MS      EK7M2QX DELBOMAI 0865 015Y012A0042 100');
    expect(text).toHaveLength(60);
  });

  it('carries issue and ticket number in the variable part, with the sizes of its blocks', () => {
    const text = encodeBoardingPass({
      ...example,
      document: {
        passengerDescription: '2',
        checkInSource: 'W',
        issueSource: 'W',
        issueYear: 2027,
        issueDayOfYear: 14,
        issuer: 'AI',
        ticketNumber: '0982401234567',
        marketingCarrier: 'AI',
      },
    });
    expect(text).toBe(
      'M1SHARMA/ASHA MS      EK7M2QX DELBOMAI 0865 015Y012A0042 123>60B2WW7014BAI 120982401234567  AI ',
    );
    expect(text).toHaveLength(95);
  });

  it('cuts a name at twenty characters and keeps the suffix of a flight number', () => {
    const text = encodeBoardingPass({
      ...example,
      passengerName: 'KRISHNAMURTHY/VENKATANARASIMHA DR',
      flightNumber: '2045A',
      carrier: '6E',
      seatNumber: '3F',
    });
    expect(text).toHaveLength(60);
    expect(text.slice(2, 22)).toBe('KRISHNAMURTHY/VENKAT');
    expect(text.slice(36, 44)).toBe('6E 2045A');
    expect(text.slice(48, 52)).toBe('003F');
  });
});

describe('the boarding pass of a coupon', () => {
  it('says what the coupon says, with the day of the year at the airport of departure', () => {
    const ticket = exampleTicket({ flights: [delhiToMumbai, mumbaiToDubai] });
    const texts = ticket.coupons.map((coupon) => boardingPassCode(ticket, coupon));
    expect(texts[0]).toBe(
      'M1SHARMA/ASHA MS      EK7M2QX DELBOMAI 0865 015Y012A0001 023>60B0 W7010BAI 120982400000001  AI ',
    );
    expect(texts[1]?.slice(0, 60)).toBe('M1SHARMA/ASHA MS      EK7M2QX BOMDXB6E 1451 015Y012A0002 023');
  });

  it('takes the local date where it differs from the date in UTC', () => {
    const flight = { ...delhiToMumbai, departure_time: '2027-12-31T19:00:00Z' };
    const ticket = exampleTicket({ flights: [flight] });
    const [coupon] = ticket.coupons;
    expect(coupon && boardingPassCode(ticket, coupon).slice(44, 47)).toBe('001');
  });

  it('tells children and infants from adults by their age', () => {
    const ticket = exampleTicket({
      passengers: [
        { name: 'A B', age: 30 },
        { name: 'C D', age: 2 },
        { name: 'E F', age: 1 },
        { name: 'G H' },
      ],
    });
    expect(ticket.coupons.map((coupon) => boardingPassCode(ticket, coupon).charAt(64))).toEqual([
      '0',
      '3',
      '4',
      '0',
    ]);
  });

  it('writes J for business class and a flight number without a space', () => {
    const flight = { ...delhiToMumbai, flight_number: 'AI 2865' };
    const ticket = exampleTicket({
      flights: [flight],
      seats: [{ flight_id: flight.flight_id, seat_number: '1A', cabin: 'business', passenger_index: 0 }],
    });
    const [coupon] = ticket.coupons;
    expect(coupon && boardingPassCode(ticket, coupon).slice(36, 52)).toBe('AI 2865 015J001A');
  });
});

describe('the coupons of a booking', () => {
  it('are one for every passenger on every flight, numbered passenger by passenger', () => {
    const coupons = planCoupons(
      exampleBooking({
        flights: [delhiToMumbai, mumbaiToDubai],
        passengers: [{ name: 'A B' }, { name: 'C D' }],
      }),
    );
    expect(
      coupons.map(({ passengerIndex, couponNumber, flightId, seatNumber, checkInSequence }) => [
        passengerIndex,
        couponNumber,
        flightId,
        seatNumber,
        checkInSequence,
      ]),
    ).toEqual([
      [0, 1, 7, '12A', 1],
      [0, 2, 8, '12A', 2],
      [1, 1, 7, '12B', 3],
      [1, 2, 8, '12B', 4],
    ]);
  });

  it('are refused when a passenger has no seat', () => {
    expect(() => planCoupons(exampleBooking({ seats: [] }))).toThrow(SeatMissing);
  });
});
