import { describe, expect, it } from '@jest/globals';
import type { SynapseError } from '../errors/synapse-error.ts';
import { toBaseUrl } from './to-base-url.ts';

const ollama = { baseUrl: 'http://127.0.0.1:11434/v1', path: '/v1', isLocal: true };
const hosted = { baseUrl: 'https://api.example.com/v1', path: null, isLocal: false };
const azure = { baseUrl: null, path: '/openai/v1', isLocal: false };

describe('toBaseUrl', () => {
  it.each([
    ['127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
    ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
    ['0.0.0.0:8080', 'http://127.0.0.1:8080/v1'],
    [':8080', 'http://127.0.0.1:8080/v1'],
    ['box.local', 'http://box.local:11434/v1'],
    ['box.local:', 'http://box.local:11434/v1'],
    ['box.local:1/proxy/', 'http://box.local:1/proxy'],
    ['http://box.local:11434', 'http://box.local:11434/v1'],
    ['http://0.0.0.0:11434/', 'http://127.0.0.1:11434/v1'],
    ['https://box.example/api/v1/', 'https://box.example/api/v1'],
    ['::', 'http://[::1]:11434/v1'],
    ['::1', 'http://[::1]:11434/v1'],
    ['[::]:8080', 'http://[::1]:8080/v1'],
  ])('reads %s as OLLAMA_HOST', (text, url) => {
    expect(toBaseUrl(text, 'OLLAMA_HOST', ollama)).toBe(url);
  });

  it('keeps an address except for a trailing slash', () => {
    expect(toBaseUrl('https://proxy.example/', 'X', hosted)).toBe('https://proxy.example');
    expect(toBaseUrl('https://proxy.example/v1/', 'X', hosted)).toBe('https://proxy.example/v1');
  });

  it('adds the path of Azure to an address that names only the server', () => {
    expect(toBaseUrl('https://me.openai.azure.com', 'X', azure)).toBe(
      'https://me.openai.azure.com/openai/v1',
    );
  });

  it.each(['api.example.com/v1', 'ftp://example.com', 'https://', '', 'not an address', 'a:b:c'])(
    'rejects "%s", and names its source',
    (text) => {
      expect(() => toBaseUrl(text, 'OPENAI_BASE_URL', hosted)).toThrow('OPENAI_BASE_URL');
    },
  );

  it.each(['a:b:c', 'not an address', 'ftp://example.com', 'http://[', 'box:99999'])(
    'refuses "%s" as OLLAMA_HOST',
    (text) => {
      expect(() => toBaseUrl(text, 'OLLAMA_HOST', ollama)).toThrow('OLLAMA_HOST');
    },
  );

  it('refuses a password in an address without repeating it', () => {
    try {
      toBaseUrl('https://me:canary@example.com/v1', 'base_url', hosted);
      throw new Error('It was taken.');
    } catch (error) {
      const { message, hint } = error as SynapseError;
      expect(message).toContain('base_url');
      expect(`${message}${hint ?? ''}`).not.toContain('canary');
    }
  });
});
