import type { OnnxNode } from '../protobuf/model';
import type { Weight } from './weights';

/** A tensor and where its features lie: from the start of the shape if ≥ 0, from its end if negative. */
export interface FeatureTensor {
  readonly name: string;
  readonly axis: number;
  /** Number of dimensions, where the graph tells. */
  readonly rank: number | null;
}

/** A node that multiplies a tensor by a constant matrix, in any of the ways that exporters write it. */
export interface Linear {
  readonly node: OnnxNode;
  readonly input: FeatureTensor;
  readonly output: FeatureTensor;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Weight;
  /** Matrices side by side, each for its own slice of the input: the stack of experts, or null. */
  readonly stack: number | null;
  /** Factor that the node applies to its input (FusedMatMul). */
  readonly scale: number;
  /** Name of the activation function that a fused node applies to its output, or null. */
  readonly activation: string | null;
  /** The operand that holds plain numbers, [in, out] or [out, in]; null where they are packed, rounded or in groups. */
  readonly matrix: { readonly operand: string; readonly outFirst: boolean } | null;
  /** Whether the operator unpacks its weight itself, so that it gives the matrix [in, out] for the unit matrix. */
  readonly packed: boolean;
}
