import * as v from 'valibot';
import type { AttributionAnswer } from '../core/cause/attributionAnswer';
import type { EffectAnswer } from '../core/cause/effectAnswer';

const nullableNumber = v.nullable(v.number());
const tokenEffects = v.array(v.object({ id: v.number(), token: v.string(), effect: v.number() }));
const promotedTokens = v.object({ promoted: tokenEffects, suppressed: tokenEffects });
const namedToken = v.object({ id: v.number(), text: v.string() });

/** What a neuron does to the output, as it crosses a process; extra fields are dropped. */
export const effectAnswerSchema: v.GenericSchema<unknown, EffectAnswer> = v.object({
  neuron: v.string(),
  identity: v.number(),
  strength: v.number(),
  strengthOf: v.picklist(['profile', 'text', 'one']),
  weights: v.nullable(promotedTokens),
  weightsReason: v.nullable(v.string()),
  head: promotedTokens,
  agreement: nullableNumber,
  shape: v.object({
    outNorm: v.number(),
    inNorm: nullableNumber,
    cosine: nullableNumber,
    kurtosis: nullableNumber,
    skewness: nullableNumber,
  }),
  calibration: v.nullable(
    v.array(
      v.object({ site: v.string(), neurons: v.number(), weights: nullableNumber, head: nullableNumber }),
    ),
  ),
  notices: v.array(v.string()),
});

/** What wrote a token, as it crosses a process; extra fields are dropped. */
export const attributionAnswerSchema: v.GenericSchema<unknown, AttributionAnswer> = v.object({
  token: namedToken,
  against: v.nullable(namedToken),
  logit: v.number(),
  sum: v.number(),
  residue: v.number(),
  embedding: v.number(),
  attention: v.array(v.number()),
  ffn: v.array(v.number()),
  sites: v.array(v.string()),
  bias: v.number(),
  neurons: v.array(
    v.object({ id: v.string(), activation: v.number(), direct: v.number(), ablated: nullableNumber }),
  ),
  correlation: nullableNumber,
  joint: v.array(v.object({ k: v.number(), chosen: v.number(), random: v.array(v.number()) })),
  identity: v.number(),
  notices: v.array(v.string()),
});
