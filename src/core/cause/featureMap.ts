/**
 * What stands between two tensors of a token's features, as far as it treats every token alike. `linear`: gain · x + bias,
 * feature by feature. `norm`: gain · (x − m) / σ(x) + bias, where m is the mean over the features if `centred` and 0 if not,
 * and σ the root of the mean square of x − m.
 */
export interface FeatureMap {
  readonly kind: 'linear' | 'norm';
  readonly gain: Float64Array;
  readonly bias: Float64Array;
  readonly centred: boolean;
}

/** Of the largest value: float32 sums, and half precision. */
const TOLERANCE = { full: 1e-3, half: 2e-2 };
/** Large enough that the ε of a norm is nothing beside it, small enough for half precision. */
const SIZE = 16;

/** Rows that tell a map apart: 0, v, 2v, −v, w and w + c, where the features of v and w add up to 0. */
const ROWS = 6;

/** [6 × width] What a map is tried on. */
export function mapProbes(width: number): Float32Array {
  const v = balanced(width, (at) => (at % 2 === 0 ? SIZE : -SIZE));
  const w = balanced(width, (at) => SIZE * Math.sin(1 + at * 1.7));
  const rows = [v.map(() => 0), v, v.map((x) => 2 * x), v.map((x) => -x), w, w.map((x) => x + SIZE)];
  const probes = new Float32Array(ROWS * width);
  rows.forEach((row, at) => probes.set(row, at * width));
  return probes;
}

function balanced(width: number, valueAt: (at: number) => number): Float64Array {
  const values = Float64Array.from({ length: width }, (_, at) => valueAt(at));
  const mean = meanOf(values);
  return values.map((value) => value - mean);
}

/**
 * Reads a map off what it makes of `mapProbes`.
 * @param answers [6 × width]
 * @returns null where it is neither linear feature by feature nor a norm
 */
export function readMap(answers: Float32Array, width: number, isHalf: boolean): FeatureMap | null {
  if (answers.length !== ROWS * width) return null;
  const probes = mapProbes(width);
  const row = (of: Float32Array, at: number): Float64Array =>
    Float64Array.from(of.subarray(at * width, (at + 1) * width));
  const [x, y] = [(at: number) => row(probes, at), (at: number) => row(answers, at)];
  const largest = answers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const allowed = (isHalf ? TOLERANCE.half : TOLERANCE.full) * largest;
  const holds = (map: FeatureMap): boolean =>
    [1, 2, 3, 4, 5].every((at) => {
      const made = applyMap(map, x(at), null);
      return made.every((value, feature) => Math.abs(value - y(at)[feature]!) <= allowed);
    });
  const [zero, plus, minus, v] = [y(0), y(1), y(3), x(1)];
  const linear = plus.map((value, at) => (value - zero[at]!) / v[at]!);
  const straight: FeatureMap = { kind: 'linear', gain: linear, bias: zero, centred: false };
  if (holds(straight)) return straight;
  const bias = plus.map((value, at) => (value + minus[at]!) / 2);
  const size = Math.sqrt(meanOf(v.map((value) => value * value)));
  const gain = plus.map((value, at) => ((value - bias[at]!) / v[at]!) * size);
  const norms = [true, false].map((centred): FeatureMap => ({ kind: 'norm', gain, bias, centred }));
  return norms.find(holds) ?? null;
}

/**
 * A map at one token.
 * @param scale of the norm, in the place of 1 / σ(x)
 */
export function applyMap(map: FeatureMap, x: Float64Array, scale: number | null): Float64Array {
  const moved = centre(map, x);
  const factor = map.kind === 'linear' ? 1 : (scale ?? 1 / deviation(map, x));
  return moved.map((value, at) => map.gain[at]! * value * factor + map.bias[at]!);
}

/** σ(x), the root of the mean square of what the map scales. */
export function deviation(map: FeatureMap, x: Float64Array): number {
  return Math.sqrt(meanOf(centre(map, x).map((value) => value * value)));
}

/** What a map takes of its input before it scales: less the mean where it centres. */
function centre({ centred }: FeatureMap, x: Float64Array): Float64Array {
  if (!centred) return x;
  const mean = meanOf(x);
  return x.map((value) => value - mean);
}

/** The scale by which a map made y of x: 1 / σ as the model itself computed it, by least squares; 1 where it is linear. */
export function scaleAt(map: FeatureMap, x: Float64Array, y: Float64Array): number {
  if (map.kind === 'linear') return 1;
  const unscaled = centre(map, x).map((value, at) => value * map.gain[at]!);
  let [dot, size] = [0, 0];
  unscaled.forEach((value, at) => {
    dot += value * (y[at]! - map.bias[at]!);
    size += value * value;
  });
  return size === 0 ? 0 : dot / size;
}

/** The direction that a map reads: (map(x) − bias) · target = scale · x · pulled. */
export function pullBack(map: FeatureMap, target: Float64Array): Float64Array {
  const pulled = target.map((value, at) => value * map.gain[at]!);
  return centre(map, pulled);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
