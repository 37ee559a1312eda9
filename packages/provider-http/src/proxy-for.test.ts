import { describe, expect, it } from '@jest/globals';
import { proxyFor } from './proxy-for.ts';

const url = new URL('https://api.example.com/v1');

describe('proxyFor', () => {
  it('connects directly if nothing is set', () => {
    expect(proxyFor(url, {})).toBeUndefined();
    expect(proxyFor(url, { HTTPS_PROXY: ' ' })).toBeUndefined();
  });

  it('uses the variable of the protocol, in lower or upper case, then the general one', () => {
    expect(proxyFor(url, { HTTPS_PROXY: 'http://a:1', http_proxy: 'http://b:2' })).toBe(
      'http://a:1',
    );
    expect(proxyFor(url, { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://c:3' })).toBe(
      'http://c:3',
    );
    expect(proxyFor(url, { http_proxy: 'http://b:2' })).toBeUndefined();
    expect(proxyFor(url, { ALL_PROXY: 'http://d:4' })).toBe('http://d:4');
    expect(proxyFor(new URL('http://api.example.com'), { HTTP_PROXY: 'b:2' })).toBe('http://b:2');
  });

  it.each([
    ['api.example.com', true],
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['EXAMPLE.com:443', true],
    ['example.com:8080', false],
    ['ample.com', false],
    ['other.com, example.com', true],
    ['other.com', false],
    ['*', true],
    ['', false],
  ])('reads NO_PROXY=%s', (NO_PROXY, isExempt) => {
    const proxy = proxyFor(url, { HTTPS_PROXY: 'http://a:1', NO_PROXY });
    expect(proxy === undefined).toBe(isExempt);
  });

  it.each(['http://localhost:11434', 'http://127.0.0.1:1', 'http://[::1]:1'])(
    'never sends %s through a proxy',
    (address) => {
      expect(proxyFor(new URL(address), { HTTP_PROXY: 'http://a:1' })).toBeUndefined();
    },
  );
});
