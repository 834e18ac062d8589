/** The least of four values, in every lane. */
export function leastOf(values: v128): v128 {
  const pairs = f32x4.pmin(values, i32x4.shuffle(values, values, 2, 3, 0, 1));
  return f32x4.pmin(pairs, i32x4.shuffle(pairs, pairs, 1, 0, 3, 2));
}

/** The largest of four values, in every lane. */
export function mostOf(values: v128): v128 {
  const pairs = f32x4.pmax(values, i32x4.shuffle(values, values, 2, 3, 0, 1));
  return f32x4.pmax(pairs, i32x4.shuffle(pairs, pairs, 1, 0, 3, 2));
}
