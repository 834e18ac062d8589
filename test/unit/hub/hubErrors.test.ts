import { describe, expect, it } from 'vitest';
import { unreachable } from '../../../src/runtime/hub/hubErrors';

const settings = {
  endpoint: 'https://hub.example',
  token: 'hf_secret',
  tokenAdvice: '',
  proxyAdvice: ' and the setting http.proxy',
  cacheFolder: '',
  retryDelays: [],
  notice: () => undefined,
  patience: 1,
};

/** What fetch throws: its reason is the cause. */
function failedFetch(code: string, message: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}

describe('the sentence for a Hub that gives no answer', () => {
  it('sends to the network and its proxy', () => {
    const { message } = unreachable(settings, failedFetch('ECONNREFUSED', 'connect ECONNREFUSED'));
    expect(message).toMatch(/\(connect ECONNREFUSED\)\. Check the network and the setting http\.proxy; what/);
  });

  it('sends to the certificates where these are not trusted', () => {
    const fault = failedFetch('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain');
    expect(unreachable(settings, fault).message).toMatch(
      /add it to the system's certificates, or .*NODE_EXTRA_CA_CERTS/,
    );
  });
});
