import { describe, expect, it } from '@jest/globals';
import { networkFailure } from './network-failure.ts';

describe('networkFailure', () => {
  it.each([
    ['ECONNREFUSED', 'network', true],
    ['ENOTFOUND', 'network', true],
    ['EAI_AGAIN', 'network', true],
    ['ECONNRESET', 'network', true],
    ['ETIMEDOUT', 'timeout', true],
    ['CERT_HAS_EXPIRED', 'network', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network', false],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'network', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'network', false],
    ['EPROTO', 'network', false],
    ['HPE_INVALID_CONSTANT', 'invalid-response', false],
    ['Z_DATA_ERROR', 'network', true],
  ])('takes %s for %s', (code, reason, isRetryable) => {
    const cause = Object.assign(new Error('underneath'), { code });
    const error = networkFailure('double', 'api.example.com', cause);
    expect(error).toMatchObject({ reason, isRetryable, cause });
    expect(error.message).toContain(code);
    expect(error.message).toContain('api.example.com');
    expect(error.hint).not.toBe('');
  });

  it.each(['localhost:11434', '127.0.0.1:1234', '[::1]:80'])(
    'does not retry %s if no server runs there',
    (host) => {
      const cause = Object.assign(new Error('underneath'), { code: 'ECONNREFUSED' });
      expect(networkFailure('double', host, cause).isRetryable).toBe(false);
    },
  );
});
