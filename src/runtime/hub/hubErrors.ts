import { LensError } from '../../core/common/errors';
import { systemCode } from '../files/fileErrors';
import type { HubSettings } from './hubSettings';

/** The sentence for an answer that is a refusal. The Hub names the reason in `X-Error-Code`. */
export function refusal({ endpoint, token }: HubSettings, subject: string, answer: Response): LensError {
  const reason = answer.headers.get('x-error-code');
  const status = answer.status;
  if (reason === 'GatedRepo') {
    return new LensError(
      'network',
      `${subject} is gated: accept its conditions at ${endpoint}/${subject}${token === null ? ', then set HF_TOKEN to a token of yours' : ' with the account of your token'}, and try again.`,
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
      `There is no model ${subject} at ${endpoint}${token === null ? ', or it is private and needs HF_TOKEN' : ' that your token may read'}: check its name.`,
    );
  }
  if (status === 401 || status === 403) {
    return new LensError(
      'network',
      token === null
        ? `${endpoint} wants to know who asks for ${subject}: set HF_TOKEN to a token of yours.`
        : `${endpoint} does not accept your token for ${subject}: make a new one, or ask for access to the model.`,
    );
  }
  const busy = status === 429 ? 'asks for fewer requests' : `has a problem of its own (status ${status})`;
  return new LensError(
    'network',
    `${endpoint} ${busy}: try again in a few minutes; what has arrived is kept.`,
  );
}

/** The sentence for a server that gives no answer at all. */
export function unreachable(endpoint: string, thrown: unknown): LensError {
  if (thrown instanceof LensError) return thrown;
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const detail = cause instanceof Error ? cause.message || (systemCode(cause) ?? cause.name) : String(cause);
  return new LensError(
    'network',
    `${endpoint} cannot be reached (${detail}). Check the network${proxyHint()}; what has arrived is kept, and the next try goes on from there.`,
    { cause: thrown },
  );
}

/** Node's own fetch goes through a proxy only when asked to, and only from Node 22.21 and 24 on. */
function proxyHint(): string {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, NODE_USE_ENV_PROXY } = process.env;
  const isProxySet = [HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy].some(Boolean);
  return isProxySet && !NODE_USE_ENV_PROXY
    ? ', and that a proxy is used: Node 22.21, 24 and later go through HTTPS_PROXY when NODE_USE_ENV_PROXY=1 is set'
    : '';
}

/** The sentence for a model without a file that can be opened here. */
export function withoutOnnx(id: string): LensError {
  return new LensError(
    'not-found',
    `${id} has no ONNX files. Export it yourself with “optimum-cli export onnx --model ${id} FOLDER” and open that folder, or look for a converted copy of it (often under onnx-community/ or Xenova/).`,
  );
}
