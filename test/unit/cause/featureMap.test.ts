import { describe, expect, it } from 'vitest';
import {
  applyMap,
  deviation,
  mapProbes,
  pullBack,
  readMap,
  scaleAt,
} from '../../../src/core/cause/featureMap';

const WIDTH = 9;
const GAIN = Float64Array.from({ length: WIDTH }, (_, at) => 0.5 + Math.cos(at) / 3);
const BIAS = Float64Array.from({ length: WIDTH }, (_, at) => Math.sin(at));

/** What a function of a token's features makes of the probes, in float32. */
function answers(of: (x: Float64Array) => Float64Array): Float32Array {
  const probes = mapProbes(WIDTH);
  const made = new Float32Array(probes.length);
  for (let from = 0; from < probes.length; from += WIDTH) {
    made.set(of(Float64Array.from(probes.subarray(from, from + WIDTH))), from);
  }
  return made;
}

function norm(centred: boolean, x: Float64Array): Float64Array {
  const mean = centred ? x.reduce((sum, value) => sum + value, 0) / WIDTH : 0;
  const square = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / WIDTH;
  return x.map((value, at) => ((value - mean) / Math.sqrt(square + 1e-5)) * GAIN[at]! + BIAS[at]!);
}

describe('what stands between two tensors is read off what it does', () => {
  it.each([true, false])('a norm (centred: %s), with its gain, bias and scale at a token', (centred) => {
    const map = readMap(
      answers((x) => norm(centred, x)),
      WIDTH,
      false,
    )!;
    expect(map).toMatchObject({ kind: 'norm', centred });
    map.gain.forEach((value, at) => expect(value).toBeCloseTo(GAIN[at]!, 5));
    map.bias.forEach((value, at) => expect(value).toBeCloseTo(BIAS[at]!, 5));
    const x = Float64Array.from({ length: WIDTH }, (_, at) => 3 + Math.tan(at));
    const y = norm(centred, x);
    expect(scaleAt(map, x, y) * deviation(map, x)).toBeCloseTo(1, 5);
    applyMap(map, x, null).forEach((value, at) => expect(value).toBeCloseTo(y[at]!, 5));
    const target = Float64Array.from({ length: WIDTH }, (_, at) => 1 / (1 + at));
    const wanted = y.reduce((sum, value, at) => sum + (value - BIAS[at]!) * target[at]!, 0);
    const pulled = pullBack(map, target).reduce((sum, value, at) => sum + value * x[at]!, 0);
    expect(pulled * scaleAt(map, x, y)).toBeCloseTo(wanted, 5);
  });

  it('a gain and a bias without a norm', () => {
    const map = readMap(
      answers((x) => x.map((value, at) => value * GAIN[at]! + BIAS[at]!)),
      WIDTH,
      false,
    )!;
    expect(map.kind).toBe('linear');
    map.gain.forEach((value, at) => expect(value).toBeCloseTo(GAIN[at]!, 5));
  });

  it('anything else is neither: a bend, a mixing of features, a norm behind a bend', () => {
    expect(
      readMap(
        answers((x) => x.map(Math.tanh)),
        WIDTH,
        false,
      ),
    ).toBeNull();
    expect(
      readMap(
        answers((x) => x.map((_, at) => x[(at + 1) % WIDTH]!)),
        WIDTH,
        false,
      ),
    ).toBeNull();
    expect(
      readMap(
        answers((x) =>
          norm(
            true,
            x.map((value) => Math.max(0, value)),
          ),
        ),
        WIDTH,
        false,
      ),
    ).toBeNull();
  });
});
