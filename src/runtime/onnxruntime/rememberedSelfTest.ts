import type { SelfTest } from '../../core/common/selfTest';
import type { ModelPackage } from '../models/modelPackage';
import { readSelfTest, writeSelfTest } from '../models/selfTestRecord';
import type { AnalysedPart } from './analysedPart';
import { selfTest } from './selfTest';
import { ONNXRUNTIME_VERSION } from './library';

/** Raised whenever `selfTest` measures something else. */
const VERSION = 2;

export interface SelfTestOptions {
  /** Tests again what was tested before. */
  readonly again?: boolean;
  /** Awaited before each FFN, so that a process can answer questions meanwhile. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** The self-test of a model: as it was found on the first use of this very file, else tested now and remembered. */
export async function rememberedSelfTest(
  modelPackage: ModelPackage,
  analysed: AnalysedPart,
  { again = false, pause }: SelfTestOptions = {},
): Promise<SelfTest> {
  const known = again ? null : await readSelfTest(analysed.sha256);
  if (known?.version === VERSION && known.onnxruntime === ONNXRUNTIME_VERSION) return known.selfTest;
  const found = await selfTest(modelPackage, analysed, pause);
  await writeSelfTest(analysed.sha256, {
    version: VERSION,
    onnxruntime: ONNXRUNTIME_VERSION,
    selfTest: found,
  });
  return found;
}
