import { State } from './layout';

/** Adds a block's power sums about `shift` to a neuron's moments, by the formulas of core/stats/moments.ts. */
export function addPowerSums(
  state: State,
  neuron: i32,
  added: f64,
  shift: f64,
  s1: f64,
  s2: f64,
  s3: f64,
  s4: f64,
): void {
  const at = (<usize>neuron) << 3;
  const offset = s1 / added;
  const mean = shift + offset;
  const m2 = max<f64>(0, s2 - s1 * offset);
  const m3 = s3 - offset * (3 * s2 - 2 * s1 * offset);
  const m4 = max<f64>(0, s4 - offset * (4 * s3 - offset * (6 * s2 - 3 * s1 * offset)));

  const before = load<f64>(state.count + at);
  const meanBefore = load<f64>(state.mean + at);
  const m2Before = load<f64>(state.m2 + at);
  const m3Before = load<f64>(state.m3 + at);
  const total = before + added;
  const delta = mean - meanBefore;
  const step = delta / total;
  const product = delta * step * before * added;
  store<f64>(state.count + at, total);
  store<f64>(state.mean + at, before == 0 ? mean : meanBefore + step * added);
  store<f64>(state.m2 + at, m2Before + m2 + product);
  store<f64>(
    state.m3 + at,
    m3Before + m3 + product * step * (before - added) + 3 * step * (before * m2 - added * m2Before),
  );
  store<f64>(
    state.m4 + at,
    load<f64>(state.m4 + at) +
      m4 +
      product * step * step * (before * before - before * added + added * added) +
      6 * step * step * (before * before * m2 + added * added * m2Before) +
      4 * step * (before * m3 - added * m3Before),
  );
}
