import type { AttributionAnswer } from '../../../src/core/cause/attributionAnswer';

/** What a part of the model writes toward a token, and the sum of all up to it. */
export interface LayerShare {
  /** `embedding`, `biases`, or the layer's address. */
  readonly name: string;
  readonly attention: number;
  readonly ffn: number;
  readonly other: number;
  readonly sum: number;
}

/**
 * The parts of a logit in the order in which they join the stream: the embedding, then by layer attention and FFN, and the
 * biases of the head last. Where there are not as many of the one as of the other, each stands by itself.
 */
export function layerShares(answer: AttributionAnswer): LayerShare[] {
  const { attention, ffn, sites, embedding, bias } = answer;
  const none = { attention: 0, ffn: 0, other: 0 };
  const paired = attention.length === ffn.length;
  const layers = paired
    ? ffn.map((share, at) => ({ ...none, name: sites[at]!, attention: attention[at]!, ffn: share }))
    : [
        ...attention.map((share, at) => ({ ...none, name: `attention ${at}`, attention: share })),
        ...ffn.map((share, at) => ({ ...none, name: sites[at]!, ffn: share })),
      ];
  const parts = [
    { ...none, name: 'embedding', other: embedding },
    ...layers,
    ...(bias === 0 ? [] : [{ ...none, name: 'biases', other: bias }]),
  ];
  let sum = 0;
  return parts.map((part) => ({ ...part, sum: (sum += part.attention + part.ffn + part.other) }));
}
