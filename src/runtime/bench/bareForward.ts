import { readFile } from 'node:fs/promises';
import type { TokenBatch } from '../../core/pipeline/ports';
import { choosePart, resolveModelPackage } from '../models/modelPackage';
import { makeFeeds } from '../onnxruntime/feeds';
import { openSession } from '../onnxruntime/session';
import type { BenchRequest } from './benchRequest';

/**
 * The anchor that a profile is measured against (docs/performance.md): the unmodified model file through onnxruntime
 * with all optimisations, its own outputs fetched, nothing kept.
 */
export interface BareForward {
  run(batch: TokenBatch): Promise<void>;
}

export async function openBareForward(request: BenchRequest): Promise<BareForward> {
  const modelPackage = await resolveModelPackage(request.model, request);
  const { path } = modelPackage.parts.get(choosePart(modelPackage, undefined))!;
  const session = await openSession(await readFile(path), path, { threads: request.threads });
  return {
    async run(batch) {
      await session.run(makeFeeds(session, batch, modelPackage.config, new Map()), session.outputNames);
    },
  };
}
