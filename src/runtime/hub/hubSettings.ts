import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LensError } from '../../core/common/errors';
import { hubCacheFolder } from '../models/hubCache';

/** How the Hugging Face Hub, or a mirror of it, is reached. */
export interface HubSettings {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Sent to the endpoint's own host and to no other. */
  readonly token: string | null;
  /** What a person does to give a token, as the middle of a sentence. */
  readonly tokenAdvice: string;
  /** What a person checks where a proxy stands between, as the end of a sentence; empty where there is nothing to say. */
  readonly proxyAdvice: string;
  /** Folder that Python's huggingface_hub shares. */
  readonly cacheFolder: string;
  /** Waits between attempts in milliseconds; as many as there are attempts after the first. */
  readonly retryDelays: readonly number[];
  /** Tells a person, in a sentence, that the Hub lets us wait. */
  readonly notice: (sentence: string) => void;
  /** How long an answer or further bytes are waited for, in milliseconds. */
  readonly patience: number;
}

const HUB = 'https://huggingface.co';

/**
 * The settings that Python's huggingface_hub would use: HF_ENDPOINT, HF_TOKEN or the token that `huggingface-cli login`
 * left, HF_HUB_CACHE or HF_HOME.
 * @throws LensError `usage` when HF_ENDPOINT is no address, or the token none
 */
export async function hubSettings(): Promise<HubSettings> {
  const { HF_ENDPOINT, HF_TOKEN } = process.env;
  const endpoint = (HF_ENDPOINT || HUB).replace(/\/+$/, '');
  if (!/^https?:\/\/./.test(endpoint) || !URL.canParse(endpoint)) {
    throw new LensError(
      'usage',
      `HF_ENDPOINT is “${endpoint}”, which is no address of a server. Correct it, or unset it.`,
    );
  }
  const token = HF_TOKEN?.trim() || (await savedToken());
  if (token !== null && !isToken(token)) {
    throw new LensError(
      'usage',
      'HF_TOKEN, or the file with the token, holds more than a token. Set it again.',
    );
  }
  return {
    endpoint,
    token,
    tokenAdvice: 'set HF_TOKEN to a token of yours',
    proxyAdvice: proxyAdvice(),
    cacheFolder: hubCacheFolder(),
    retryDelays: [500, 1000, 2000, 4000, 8000],
    notice: () => undefined,
    patience: 30_000,
  };
}

/** Anything else could not be sent, and the error about that would show it. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Node's own fetch goes through a proxy only when asked to, and only from Node 22.21 and 24 on. */
function proxyAdvice(): string {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, NODE_USE_ENV_PROXY } = process.env;
  const isProxySet = [HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy].some(Boolean);
  return isProxySet && !NODE_USE_ENV_PROXY
    ? ', and that a proxy is used: Node 22.21, 24 and later go through HTTPS_PROXY when NODE_USE_ENV_PROXY=1 is set'
    : '';
}

async function savedToken(): Promise<string | null> {
  const { HF_TOKEN_PATH, HF_HOME, XDG_CACHE_HOME } = process.env;
  const home = HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
  const token = await readFile(HF_TOKEN_PATH || join(home, 'token'), 'utf8').catch(() => '');
  return token.trim() || null;
}
