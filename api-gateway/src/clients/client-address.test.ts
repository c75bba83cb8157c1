import { describe, expect, it } from 'vitest';
import { ClientAddresses, limitKeyOf } from './client-address.js';

describe('the address of a client', () => {
  it('is the peer when nobody is trusted', () => {
    expect(new ClientAddresses([]).clientOf('10.0.0.1', '8.8.8.8')).toBe('10.0.0.1');
  });

  it('is what a trusted proxy says, and not what stands before that', () => {
    const addresses = new ClientAddresses(['10.0.0.0/8', 'fd00::/8']);
    expect(addresses.clientOf('10.0.0.1', '1.1.1.1, 8.8.8.8')).toBe('8.8.8.8');
    expect(addresses.clientOf('10.0.0.1', '8.8.8.8, 10.0.0.2')).toBe('8.8.8.8');
    expect(addresses.clientOf('fd00::1', '2001:db8::5')).toBe('2001:db8::5');
    expect(addresses.clientOf('8.8.8.8', '1.1.1.1')).toBe('8.8.8.8');
  });

  it('is the last proxy when what it says is no address', () => {
    const addresses = new ClientAddresses(['10.0.0.0/8']);
    expect(addresses.clientOf('10.0.0.1', 'unknown')).toBe('10.0.0.1');
    expect(addresses.clientOf('10.0.0.1', '')).toBe('10.0.0.1');
  });
});

describe('what is counted as one client', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['2001:db8::3:4:5:6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('is for %s the key %s', (address, key) => {
    expect(limitKeyOf(address)).toBe(key);
  });
});
