import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hubCacheFolder } from '../models/hubCache';

/** How the Hugging Face Hub, or a mirror of it, is reached. */
export interface HubSettings {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Sent to the endpoint's own host and to no other. */
  readonly token: string | null;
  /** Folder that Python's huggingface_hub shares. */
  readonly cacheFolder: string;
  /** Waits between attempts in milliseconds; as many as there are attempts after the first. */
  readonly retryDelays: readonly number[];
  /** How long an answer or further bytes are waited for, in milliseconds. */
  readonly patience: number;
}

const HUB = 'https://huggingface.co';

/**
 * The settings that Python's huggingface_hub would use: HF_ENDPOINT, HF_TOKEN or the token that `huggingface-cli login`
 * left, HF_HUB_CACHE or HF_HOME.
 * @param token takes the place of what the environment says, as from an editor's secret storage.
 */
export async function hubSettings(token?: string): Promise<HubSettings> {
  const { HF_ENDPOINT, HF_TOKEN } = process.env;
  return {
    endpoint: (HF_ENDPOINT || HUB).replace(/\/+$/, ''),
    token: token ?? (HF_TOKEN?.trim() || (await savedToken())),
    cacheFolder: hubCacheFolder(),
    retryDelays: [500, 1000, 2000, 4000, 8000],
    patience: 30_000,
  };
}

async function savedToken(): Promise<string | null> {
  const { HF_TOKEN_PATH, HF_HOME, XDG_CACHE_HOME } = process.env;
  const home = HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
  const token = await readFile(HF_TOKEN_PATH || join(home, 'token'), 'utf8').catch(() => '');
  return token.trim() || null;
}
