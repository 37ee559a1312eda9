import { describe, expect, it } from '@jest/globals';
import { isPrivateAddress } from './private-address.ts';

describe('isPrivateAddress', () => {
  it.each([
    '127.0.0.1',
    '169.254.169.254',
    '100.100.100.200',
    '::ffff:169.254.169.254',
    '::ffff:0:127.0.0.1',
    '64:ff9b:1::a9fe:a9fe',
    'fe80::1%eth0',
    '3fff::1',
    '5f00::1',
    'no address',
  ])('knows %s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '::ffff:8.8.8.8', '2606:4700::1111'])('lets %s pass', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});
