/**
 * A seeded hash of every token of a document, by which samples are drawn: the same on every machine and in every
 * shard, so that "the tokens of lowest hash" merge exactly. 32 bits, spread by the finaliser of MurmurHash3
 * (Appleby, public domain); tokens of equal hash are ordered by document and position.
 *
 * @param seed `plan.seed` of the manifest.
 * @param documentKey `SourceDocument.key`.
 * @returns the hash of the token at an index within the document.
 */
export function tokenHash(seed: number, documentKey: string): (token: number) => number {
  let low = mix(seed ^ 0x9e3779b9);
  let high = mix(low ^ 0x7f4a7c15);
  for (let i = 0; i < documentKey.length; i++) {
    const unit = documentKey.charCodeAt(i);
    low = mix(low ^ unit);
    high = mix((high + unit) | 0);
  }
  return (token) => mix(mix(low ^ token) + high) >>> 0;
}

/** Turns every input bit into a change of about half the output bits; a bijection of 32-bit integers. */
function mix(bits: number): number {
  let mixed = bits | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** A number in (0, 1) that a token's hash determines but does not order: for draws among tokens of low hash. */
export function uniformOf(hash: number): number {
  return ((mix(hash ^ 0x2545f491) >>> 0) + 0.5) / 2 ** 32;
}
