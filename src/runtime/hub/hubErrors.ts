import { LensError } from '../../core/common/errors';
import { systemCode } from '../files/fileErrors';
import type { HubSettings } from './hubSettings';

/** The sentence for an answer that is a refusal. The Hub names the reason in `X-Error-Code`. */
export function refusal(
  { endpoint, token, tokenAdvice }: HubSettings,
  subject: string,
  answer: Response,
): LensError {
  const reason = answer.headers.get('x-error-code');
  const status = answer.status;
  if (reason === 'GatedRepo') {
    return new LensError(
      'network',
      `${subject} is gated: accept its conditions at ${endpoint}/${subject}${token === null ? `, then ${tokenAdvice}` : ' with the account of your token'}, and try again.`,
    );
  }
  if (reason === 'RevisionNotFound') {
    return new LensError('not-found', `${subject} has no such revision: check what stands behind the @.`);
  }
  if (reason === 'EntryNotFound') {
    return new LensError(
      'not-found',
      `${subject} is not there at ${endpoint} any more: list the model's files again.`,
    );
  }
  if (status === 404 || reason === 'RepoNotFound') {
    return new LensError(
      'not-found',
      `There is no model ${subject} at ${endpoint}${token === null ? `, or it is private: ${tokenAdvice}` : ' that your token may read'}. Check its name.`,
    );
  }
  if (status === 401 || status === 403) {
    return new LensError(
      'network',
      token === null
        ? `${endpoint} wants to know who asks for ${subject}: ${tokenAdvice}.`
        : `${endpoint} does not accept your token for ${subject}: make a new one, or ask for access to the model.`,
    );
  }
  const busy = status === 429 ? 'asks for fewer requests' : `has a problem of its own (status ${status})`;
  return new LensError(
    'network',
    `${endpoint} ${busy}: try again in a few minutes; what has arrived is kept.`,
  );
}

/** What TLS says of a certificate that nobody here vouches for. */
const DISTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The sentence for a server that gives no answer at all. */
export function unreachable({ endpoint, proxyAdvice }: HubSettings, thrown: unknown): LensError {
  if (thrown instanceof LensError) return thrown;
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const code = systemCode(cause);
  const detail = cause instanceof Error ? cause.message || (code ?? cause.name) : String(cause);
  const advice = DISTRUSTED.has(code ?? '')
    ? "Your network seems to have a certificate authority of its own: add it to the system's certificates, or name its file in NODE_EXTRA_CA_CERTS"
    : `Check the network${proxyAdvice}`;
  return new LensError(
    'network',
    `${endpoint} cannot be reached (${detail}). ${advice}; what has arrived is kept, and the next try goes on from there.`,
    { cause: thrown },
  );
}

/** The sentence for a model without a file that can be opened here. */
export function withoutOnnx(id: string): LensError {
  return new LensError(
    'not-found',
    `${id} has no ONNX files. Export it yourself with “optimum-cli export onnx --model ${id} FOLDER” and open that folder, or look for a converted copy of it (often under onnx-community/ or Xenova/).`,
  );
}
