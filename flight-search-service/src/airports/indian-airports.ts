import type { Airport, TerminalUse } from './airport.js';

function indian(
  code: string,
  name: string,
  city: string,
  latitude: number,
  longitude: number,
  gstStateCode: string,
  terminals?: TerminalUse,
): Airport {
  const place = { code, name, city, country: 'IN', latitude, longitude, timeZone: 'Asia/Kolkata' };
  return terminals === undefined ? { ...place, gstStateCode } : { ...place, gstStateCode, terminals };
}

/** Airports of India, by region. Positions are those of the aerodrome reference points, to about 100 m. */
export const INDIAN_AIRPORTS: readonly Airport[] = [
  indian('DEL', 'Indira Gandhi International Airport', 'New Delhi', 28.5562, 77.1, '07', {
    domestic: '1',
    international: '3',
    exceptions: { AI: { domestic: '3' }, IX: { domestic: '3' }, '9I': { domestic: '3' } },
  }),
  indian('BOM', 'Chhatrapati Shivaji Maharaj International Airport', 'Mumbai', 19.0896, 72.8656, '27', {
    domestic: '1',
    international: '2',
    exceptions: { AI: { domestic: '2' }, IX: { domestic: '2' } },
  }),
  indian('BLR', 'Kempegowda International Airport', 'Bengaluru', 13.1986, 77.7066, '29', {
    domestic: '1',
    international: '2',
    exceptions: { AI: { domestic: '2' }, IX: { domestic: '2' }, S5: { domestic: '2' } },
  }),
  indian('HYD', 'Rajiv Gandhi International Airport', 'Hyderabad', 17.2403, 78.4294, '36'),
  indian('MAA', 'Chennai International Airport', 'Chennai', 12.9941, 80.1709, '33', {
    domestic: '1',
    international: '2',
    exceptions: { AI: { domestic: '4' }, IX: { domestic: '4' }, QP: { domestic: '4' } },
  }),
  indian('CCU', 'Netaji Subhas Chandra Bose International Airport', 'Kolkata', 22.6547, 88.4467, '19'),
  indian('AMD', 'Sardar Vallabhbhai Patel International Airport', 'Ahmedabad', 23.0772, 72.6347, '24', {
    domestic: '1',
    international: '2',
  }),
  indian('PNQ', 'Pune Airport', 'Pune', 18.5821, 73.9197, '27'),
  indian('GOI', 'Dabolim Airport', 'Goa', 15.3808, 73.8314, '30'),
  indian('GOX', 'Manohar International Airport', 'Goa (Mopa)', 15.7443, 73.8606, '30'),
  indian('COK', 'Cochin International Airport', 'Kochi', 10.152, 76.4019, '32', {
    domestic: '1',
    international: '3',
  }),
  indian('TRV', 'Thiruvananthapuram International Airport', 'Thiruvananthapuram', 8.4821, 76.9201, '32', {
    domestic: '1',
    international: '2',
  }),
  indian('CCJ', 'Calicut International Airport', 'Kozhikode', 11.1368, 75.9553, '32'),
  indian('CNN', 'Kannur International Airport', 'Kannur', 11.9186, 75.5472, '32'),

  indian('JAI', 'Jaipur International Airport', 'Jaipur', 26.8242, 75.8122, '08', {
    domestic: '2',
    international: '1',
  }),
  indian('LKO', 'Chaudhary Charan Singh International Airport', 'Lucknow', 26.7606, 80.8893, '09'),
  indian('VNS', 'Lal Bahadur Shastri International Airport', 'Varanasi', 25.4524, 82.8593, '09'),
  indian('AYJ', 'Maharishi Valmiki International Airport', 'Ayodhya', 26.7509, 82.1534, '09'),
  indian('IXD', 'Prayagraj Airport', 'Prayagraj', 25.4401, 81.7339, '09'),
  indian('GOP', 'Gorakhpur Airport', 'Gorakhpur', 26.7397, 83.4497, '09'),
  indian('IXC', 'Shaheed Bhagat Singh International Airport', 'Chandigarh', 30.6735, 76.7885, '04'),
  indian('ATQ', 'Sri Guru Ram Dass Jee International Airport', 'Amritsar', 31.7096, 74.7973, '03'),
  indian('SXR', 'Sheikh ul-Alam International Airport', 'Srinagar', 33.9871, 74.7742, '01'),
  indian('IXJ', 'Jammu Airport', 'Jammu', 32.6891, 74.8374, '01'),
  indian('IXL', 'Kushok Bakula Rimpochee Airport', 'Leh', 34.1359, 77.5465, '38'),
  indian('DED', 'Jolly Grant Airport', 'Dehradun', 30.1897, 78.1803, '05'),
  indian('DHM', 'Kangra Airport', 'Dharamshala', 32.1651, 76.2634, '02'),
  indian('KUU', 'Kullu Manali Airport', 'Kullu', 31.8767, 77.1544, '02'),
  indian('UDR', 'Maharana Pratap Airport', 'Udaipur', 24.6177, 73.8961, '08'),
  indian('JDH', 'Jodhpur Airport', 'Jodhpur', 26.2511, 73.0489, '08'),
  indian('JSA', 'Jaisalmer Airport', 'Jaisalmer', 26.8887, 70.865, '08'),

  indian('STV', 'Surat International Airport', 'Surat', 21.1141, 72.7418, '24'),
  indian('BDQ', 'Vadodara Airport', 'Vadodara', 22.3362, 73.2263, '24'),
  indian('HSR', 'Rajkot International Airport', 'Rajkot', 22.3921, 71.0375, '24'),
  indian('NAG', 'Dr. Babasaheb Ambedkar International Airport', 'Nagpur', 21.0922, 79.0472, '27'),
  indian('ISK', 'Nashik Airport', 'Nashik', 20.1191, 73.9129, '27'),
  indian('KLH', 'Kolhapur Airport', 'Kolhapur', 16.6647, 74.2894, '27'),
  indian('SDW', 'Sindhudurg Airport', 'Sindhudurg', 16.0012, 73.5303, '27'),
  indian('IDR', 'Devi Ahilya Bai Holkar Airport', 'Indore', 22.7218, 75.8011, '23'),
  indian('BHO', 'Raja Bhoj Airport', 'Bhopal', 23.2875, 77.3374, '23'),
  indian('GWL', 'Rajmata Vijaya Raje Scindia Airport', 'Gwalior', 26.2933, 78.2278, '23'),
  indian('JLR', 'Jabalpur Airport', 'Jabalpur', 23.1778, 80.052, '23'),
  indian('RPR', 'Swami Vivekananda Airport', 'Raipur', 21.1804, 81.7388, '22'),

  indian('PAT', 'Jay Prakash Narayan Airport', 'Patna', 25.5913, 85.088, '10'),
  indian('DBR', 'Darbhanga Airport', 'Darbhanga', 26.1947, 85.9175, '10'),
  indian('IXR', 'Birsa Munda Airport', 'Ranchi', 23.3143, 85.3217, '20'),
  indian('BBI', 'Biju Patnaik International Airport', 'Bhubaneswar', 20.2444, 85.8178, '21'),
  indian('IXB', 'Bagdogra Airport', 'Siliguri', 26.6812, 88.3286, '19'),
  indian('GAU', 'Lokpriya Gopinath Bordoloi International Airport', 'Guwahati', 26.1061, 91.5859, '18'),
  indian('DIB', 'Dibrugarh Airport', 'Dibrugarh', 27.4839, 95.0169, '18'),
  indian('IXA', 'Maharaja Bir Bikram Airport', 'Agartala', 23.887, 91.2404, '16'),
  indian('IMF', 'Bir Tikendrajit International Airport', 'Imphal', 24.76, 93.8967, '14'),
  indian('DMU', 'Dimapur Airport', 'Dimapur', 25.8839, 93.7711, '13'),
  indian('AJL', 'Lengpui Airport', 'Aizawl', 23.8406, 92.6197, '15'),
  indian('SHL', 'Shillong Airport', 'Shillong', 25.7036, 91.9787, '17'),

  indian('VTZ', 'Visakhapatnam International Airport', 'Visakhapatnam', 17.7212, 83.2245, '37'),
  indian('VGA', 'Vijayawada International Airport', 'Vijayawada', 16.5304, 80.7968, '37'),
  indian('RJA', 'Rajahmundry Airport', 'Rajahmundry', 17.1104, 81.8182, '37'),
  indian('TIR', 'Tirupati Airport', 'Tirupati', 13.6325, 79.5433, '37'),
  indian('CJB', 'Coimbatore International Airport', 'Coimbatore', 11.03, 77.0434, '33'),
  indian('IXM', 'Madurai Airport', 'Madurai', 9.8345, 78.0934, '33'),
  indian('TRZ', 'Tiruchirappalli International Airport', 'Tiruchirappalli', 10.7654, 78.7097, '33'),
  indian('TCR', 'Tuticorin Airport', 'Thoothukudi', 8.7242, 78.0258, '33'),
  indian('IXE', 'Mangaluru International Airport', 'Mangaluru', 12.9613, 74.8901, '29'),
  indian('HBX', 'Hubballi Airport', 'Hubballi', 15.3617, 75.0849, '29'),
  indian('IXG', 'Belagavi Airport', 'Belagavi', 15.8593, 74.6183, '29'),
  indian('IXZ', 'Veer Savarkar International Airport', 'Port Blair', 11.6412, 92.7297, '35'),
];
