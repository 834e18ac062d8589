import { type Binning, rememberEdges } from './binning';
import { BIN_COUNT, SUPER_BIN_COUNT } from './siteSummary';

/** Bin that begins at 0; the same number of bins lie on either side. */
export const ZERO_BIN = BIN_COUNT / 2;
const BINS_PER_OCTAVE = 16;
/** Octaves below the neuron's largest |value| that have bins of their own, but for the lowest sixteenth of the last. */
const OCTAVES = ZERO_BIN / BINS_PER_OCTAVE;
/** The range starts so low that its lowest octave is that of the smallest normal float32. */
const START_EXPONENT = OCTAVES - 127;

/** Bits of a float32 that tell its exponent and the highest four of its mantissa. */
const KEY_SHIFT = 19;
const KEY_MASK = 0xfff;
const EXPONENT_BIAS = 127;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * The bins of a profile: of a value's float32 the sign, the exponent and the highest four bits of the mantissa, over the
 * 15 octaves up to that of the neuron's largest |value|, 2^exponent to 2^(exponent + 1). The bin next to 0 holds what is
 * smaller as well.
 */
export const octaveBins: Binning = {
  binCount: BIN_COUNT,
  superBinCount: SUPER_BIN_COUNT,
  startExponent: START_EXPONENT,

  binOf(value, exponent) {
    float[0] = value;
    const step = stepOf((bits[0]! >>> KEY_SHIFT) & KEY_MASK, exponent);
    return value < 0 ? ZERO_BIN - 1 - step : ZERO_BIN + step;
  },

  foldedBin: (bin, octaves) => fold(bin, ZERO_BIN, (step) => Math.max(0, step - BINS_PER_OCTAVE * octaves)),

  superBinOf(bin) {
    const step = bin < ZERO_BIN ? ZERO_BIN - 1 - bin : bin - ZERO_BIN;
    const level = levelOf(step >> 2);
    return bin < ZERO_BIN ? MIDDLE - 1 - level : MIDDLE + level;
  },

  foldedSuperBin: (superBin, octaves) =>
    fold(superBin, MIDDLE, (level) => levelOf(LOWEST_QUARTER[level]! - 4 * octaves)),

  edgesOf: rememberEdges((exponent) =>
    Float64Array.from({ length: ZERO_BIN + 1 }, (_, step) =>
      step === 0
        ? 0
        : 2 ** (exponent - OCTAVES + 1 + Math.floor(step / BINS_PER_OCTAVE)) *
          (1 + (step % BINS_PER_OCTAVE) / BINS_PER_OCTAVE),
    ),
  ),
};

/** The smallest exponent, from `exponent` up, whose range holds a finite value. */
export function fittingExponent(exponent: number, value: number): number {
  float[0] = value;
  return Math.max(exponent, ((bits[0]! >>> 23) & 0xff) - EXPONENT_BIAS);
}

/** Bins away from 0. */
function stepOf(key: number, exponent: number): number {
  return Math.max(0, key - BINS_PER_OCTAVE * (exponent - OCTAVES + 1 + EXPONENT_BIAS));
}

/** Super-bins on either side of 0. */
const MIDDLE = SUPER_BIN_COUNT / 2;
/**
 * The quarter of an octave, counted from 0 away, at which each super-bin of a side begins: the highest octave has four,
 * the next two, the third one, and one holds all below. So those of a smaller range fall whole into those of a larger.
 */
const LOWEST_QUARTER = [0, 48, 52, 54, 56, 57, 58, 59];

function levelOf(quarter: number): number {
  return Math.max(
    0,
    LOWEST_QUARTER.findLastIndex((lowest) => lowest <= quarter),
  );
}

/** Moves a bin towards 0 on its own side of it. */
function fold(bin: number, middle: number, move: (step: number) => number): number {
  return bin < middle ? middle - 1 - move(middle - 1 - bin) : middle + move(bin - middle);
}
