import { type Binning, rememberEdges } from './binning';
import { SUPER_BIN_COUNT } from './siteSummary';

/** Octaves up to the range's end that have bins of their own, but for the lowest sixteenth of the last. */
const OCTAVES = 15;
/** The highest of them, which may have finer bins. */
const FINE_OCTAVES = 2;
const COARSE_OCTAVES = OCTAVES - FINE_OCTAVES;
/** Bins of an octave below those. */
const COARSE = 16;
/** The range starts so low that its lowest octave is that of the smallest normal float32. */
const START_EXPONENT = OCTAVES - 127;

const MANTISSA_BITS = 23;
const EXPONENT_MASK = 0xff;
const EXPONENT_BIAS = 127;

/** Super-bins on either side of 0, all of one width. */
const SIDE_SUPER_BINS = SUPER_BIN_COUNT / 2;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Bins of a float: octave by octave of one width, over the 15 octaves up to that of the neuron's largest |value|,
 * 2^exponent to 2^(exponent + 1). The bin next to 0 holds what is smaller as well.
 * @param fine how many bins each of the two highest octaves has, a power of two from 16 up; all below have 16.
 */
function binsOf(fine: number): Binning {
  const sideBins = COARSE * COARSE_OCTAVES + fine * FINE_OCTAVES;
  const firstOf = (octave: number) =>
    COARSE * Math.min(octave, COARSE_OCTAVES) + fine * Math.max(0, octave - COARSE_OCTAVES);
  const binsIn = (octave: number) => (octave < COARSE_OCTAVES ? COARSE : fine);

  /** Bins away from 0. */
  function stepOf(size: number, exponent: number): number {
    const sizeExponent = exponentOf(size);
    const octave = sizeExponent - exponent + OCTAVES - 1;
    if (octave < 0) return 0;
    return firstOf(octave) + Math.floor((size * 2 ** -sizeExponent - 1) * binsIn(octave));
  }

  /** Where the bins on a side of 0 begin, and the end of the last. */
  const edgesOf = rememberEdges((exponent) => {
    const edges = new Float64Array(sideBins + 1);
    for (let octave = 0; octave < OCTAVES; octave++) {
      const start = 2 ** (exponent - OCTAVES + 1 + octave);
      for (let i = 0; i <= binsIn(octave); i++) edges[firstOf(octave) + i] = start * (1 + i / binsIn(octave));
    }
    edges[0] = 0;
    return edges;
  });

  return {
    binCount: 2 * sideBins,
    superBinCount: SUPER_BIN_COUNT,
    startExponent: START_EXPONENT,
    edgesOf,

    binOf(value, exponent) {
      const step = stepOf(Math.abs(value), exponent);
      return value < 0 ? sideBins - 1 - step : sideBins + step;
    },

    foldedBin: (bin, octaves) => onItsSide(bin, sideBins, (step) => stepOf(edgesOf(0)[step]!, octaves)),

    superBinOf(bin) {
      const step = bin < sideBins ? sideBins - 1 - bin : bin - sideBins;
      const level = Math.floor((edgesOf(0)[step]! / 2) * SIDE_SUPER_BINS);
      return bin < sideBins ? SIDE_SUPER_BINS - 1 - level : SIDE_SUPER_BINS + level;
    },

    foldedSuperBin: (superBin, octaves) =>
      onItsSide(superBin, SIDE_SUPER_BINS, (level) => Math.floor(level / 2 ** octaves)),
  };
}

/**
 * The bins of a profile: 64 in each of the two highest octaves, so that none is wider than if 256 of one width shared
 * the range.
 */
export const octaveBins = binsOf(64);
/** The bins of profiles of format 2, which are still read. */
export const sixteenthBins = binsOf(16);

/** e of the octave from 2^e to 2^(e + 1) in which the size of a float32 lies; −127 below the smallest normal one. */
function exponentOf(value: number): number {
  float[0] = value;
  return ((bits[0]! >>> MANTISSA_BITS) & EXPONENT_MASK) - EXPONENT_BIAS;
}

/** Moves a bin, or a super-bin, towards 0 on its own side of it. */
function onItsSide(bin: number, middle: number, move: (step: number) => number): number {
  return bin < middle ? middle - 1 - move(middle - 1 - bin) : middle + move(bin - middle);
}
