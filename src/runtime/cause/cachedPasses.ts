import { LensError } from '../../core/common/errors';
import { sameSite } from '../../core/common/neuronAddress';
import { cacheLinks } from '../../core/onnx/graph/cacheLinks';
import { cacheOutputs, resultOutput } from '../../core/onnx/head/findHead';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { analyseWithPast, type AnalysedPart } from '../onnxruntime/analysedPart';
import type { CachedPasses } from '../onnxruntime/cachedText';
import { ChangeableSession } from '../onnxruntime/changeableSession';
import type { SessionSettings } from '../onnxruntime/session';
import type { WholeModel } from './wholeModel';

/** A model that is open for changes, and where what is opened beside it is kept to be released with it. */
interface Opened extends Pick<WholeModel, 'modelPackage' | 'analysed' | 'part'> {
  readonly sites: readonly LocatedSite[];
  readonly quantity: Quantity;
  readonly changeable: ChangeableSession;
  readonly opened: { dispose(): Promise<void> }[];
}

/**
 * How a model goes on with a text from a cache: by the graph that is open where it has the inputs for it, else by another
 * one of its own, which is opened where there is memory for it.
 * @returns null where it has none, or where a token's values depend on what is run with it (fixed shapes, dynamic int8)
 */
export async function openCachedPasses(
  cause: Opened,
  settings: SessionSettings,
): Promise<CachedPasses | null> {
  const { modelPackage, analysed, part, changeable } = cause;
  if (part === 'encoder' || !changeable.isFree || changeable.sharesScale) return null;
  const given = new Set(cacheOutputs(analysed.analysis.index));
  const own = cacheLinks(analysed.analysis.index);
  if (own.length > 0) {
    return own.every(({ present }) => given.has(present))
      ? { first: changeable, later: changeable, links: own }
      : null;
  }
  if (given.size === 0) return null;
  const other = await analyseWithPast(modelPackage, analysed, part);
  const links = other ? cacheLinks(other.analysis.index) : [];
  if (!other || !links.every(({ present }) => given.has(present))) return null;
  if (other.file.bytes > process.availableMemory()) return null;
  const later = await openLater(cause, other, settings);
  return later && { first: changeable, later, links };
}

async function openLater(
  { modelPackage, sites, quantity, opened }: Opened,
  other: AnalysedPart,
  settings: SessionSettings,
): Promise<ChangeableSession | null> {
  const { index, sites: found } = other.analysis;
  const same = sites.flatMap(({ site }) => found.find((one) => sameSite(one.site, site)) ?? []);
  const output = resultOutput(index);
  if (output === null || same.length < sites.length) return null;
  const beside = cacheOutputs(index);
  try {
    const later = await ChangeableSession.open(modelPackage, other, same, output, {
      ...{ quantity, beside },
      ...settings,
    });
    opened.push(later);
    return later;
  } catch (thrown) {
    // The text can be run whole instead.
    if (thrown instanceof LensError) return null;
    throw thrown;
  }
}
