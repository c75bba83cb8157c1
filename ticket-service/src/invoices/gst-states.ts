/** Where a supply takes place, as GST law numbers the states and union territories. */
const STATES: Readonly<Record<string, string>> = {
  '01': 'Jammu and Kashmir',
  '02': 'Himachal Pradesh',
  '03': 'Punjab',
  '04': 'Chandigarh',
  '05': 'Uttarakhand',
  '06': 'Haryana',
  '07': 'Delhi',
  '08': 'Rajasthan',
  '09': 'Uttar Pradesh',
  '10': 'Bihar',
  '11': 'Sikkim',
  '12': 'Arunachal Pradesh',
  '13': 'Nagaland',
  '14': 'Manipur',
  '15': 'Mizoram',
  '16': 'Tripura',
  '17': 'Meghalaya',
  '18': 'Assam',
  '19': 'West Bengal',
  '20': 'Jharkhand',
  '21': 'Odisha',
  '22': 'Chhattisgarh',
  '23': 'Madhya Pradesh',
  '24': 'Gujarat',
  '26': 'Dadra and Nagar Haveli and Daman and Diu',
  '27': 'Maharashtra',
  '29': 'Karnataka',
  '30': 'Goa',
  '31': 'Lakshadweep',
  '32': 'Kerala',
  '33': 'Tamil Nadu',
  '34': 'Puducherry',
  '35': 'Andaman and Nicobar Islands',
  '36': 'Telangana',
  '37': 'Andhra Pradesh',
  '38': 'Ladakh',
};

/** Union territories without a legislature: their share of the tax is UTGST instead of SGST. */
const WITHOUT_LEGISLATURE: ReadonlySet<string> = new Set(['04', '26', '31', '35', '38']);

/** Code of a place of supply that is in no state of India. */
export const OUTSIDE_INDIA = '96';

/** Name of the state, for people. An unassigned code stands for itself. */
export const stateName = (code: string): string =>
  code === OUTSIDE_INDIA ? 'Outside India' : (STATES[code] ?? `State ${code}`);

/** Whether GST law knows a state of this code. */
export const isStateCode = (code: string): boolean => code in STATES;

/** How GST on one supply is split. */
export type TaxSplit = 'CGST_SGST' | 'CGST_UTGST' | 'IGST';

/** Within the supplier's own state the tax is halved between centre and state; anywhere else it is integrated. */
export function taxSplitOf(supplierState: string, placeOfSupply: string): TaxSplit {
  if (supplierState !== placeOfSupply) return 'IGST';
  return WITHOUT_LEGISLATURE.has(placeOfSupply) ? 'CGST_UTGST' : 'CGST_SGST';
}
