import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatSite, type Part } from '../../../src/core/common/neuronAddress';
import { ACTIVATION_FORMULAS } from '../../../src/core/onnx/ffn/activationFunction';
import type { SiteActivations } from '../../../src/core/onnx/activationModel';
import { resolveModelPackage, type ModelPackage } from '../../../src/runtime/models/modelPackage';
import { maskOf, readNamedArrays, type NumericArray } from '../../../src/runtime/onnxruntime/namedInputs';
import { analysePart } from '../../../src/runtime/onnxruntime/analysedPart';
import { openActivationModel } from '../../../src/runtime/onnxruntime/openActivationModel';
import { readSafetensors, type FloatArray } from './safetensors';

/** What was expected of a fixture and what was found. */
export interface FixtureRow {
  readonly fixture: string;
  readonly expected: number;
  readonly found: number;
  readonly falseSites: number;
  /** Largest difference of `act` to the oracle over all cases, at positions that are not padding. */
  readonly act: number | null;
  /** The same of gate and up; for a plain FFN, of σ(pre) to act. */
  readonly inner: number | null;
  /** Largest value of the oracle. */
  readonly peak: number;
  /** What the differences may be: rounding of the sums, in half precision where the file has it. */
  readonly tolerance: number;
  readonly activation: string;
  readonly problems: readonly string[];
}

interface OracleSite {
  readonly key: string;
  readonly layer: number;
  /** Number of experts where the oracle has those of a layer in one tensor. */
  readonly batched_experts?: number;
  readonly d_model: number;
  readonly d_ff: number;
  readonly gated: boolean;
  readonly packed: boolean;
  readonly act: string;
  readonly part: string;
}

interface Oracle {
  readonly activation: string | null;
  readonly variant: string;
  readonly sites: readonly OracleSite[];
  readonly cases: readonly Record<string, unknown>[];
}

const NAMES: Readonly<Record<string, string>> = {
  gelu: 'gelu_erf',
  gelu_new: 'gelu_tanh',
  gelu_pytorch_tanh: 'gelu_tanh',
  bloom_gelu: 'gelu_tanh',
  quick_gelu: 'gelu_quick',
  swish: 'silu',
  'clamped-swiglu': 'gelu_quick',
};

/** Runs a fixture folder through the finder and the engine, against its PyTorch oracle. */
export async function checkFixture(folder: string): Promise<FixtureRow> {
  const oracle = JSON.parse(readFileSync(path.join(folder, 'oracle.json'), 'utf8')) as Oracle;
  const truth = existsSync(path.join(folder, 'oracle.safetensors'))
    ? readSafetensors(path.join(folder, 'oracle.safetensors'))
    : new Map<string, FloatArray>();
  const modelPackage = await resolveModelPackage(folder, { embeddedModel: folder });
  const tally = new Tally(oracle, truth);
  for (const part of modelPackage.parts.keys()) {
    const { analysis } = await analysePart(modelPackage, part);
    tally.found += new Set(analysis.sites.map(({ source }) => source.ffn.act.name)).size;
    for (const { site } of analysis.sites) tally.addName(site.activation);
    if (analysis.sites.length === 0) continue;
    for (const stack of new Set(analysis.sites.map(({ site }) => site.part))) {
      await compareStack(modelPackage, stack, oracle, tally);
    }
  }
  return tally.row(path.basename(folder));
}

async function compareStack(
  modelPackage: ModelPackage,
  part: Part,
  oracle: Oracle,
  tally: Tally,
): Promise<void> {
  const model = await openActivationModel(modelPackage, { part, quantities: ['act', 'pre', 'gate', 'up'] });
  try {
    for (const [position, inputs] of oracle.cases.entries()) {
      const named = readNamedArrays(withTensors(inputs, tally.truth));
      const activations = await model.runNamed(named);
      tally.compare(position, activations, maskOf(named, part === 'decoder'));
    }
  } finally {
    await model.dispose();
  }
}

/** Inputs that the oracle keeps in its safetensors file, put in their place. */
function withTensors(inputs: Record<string, unknown>, truth: ReadonlyMap<string, FloatArray>): unknown {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      const tensor = typeof value === 'object' && value !== null && 'tensor' in value ? value.tensor : null;
      const stored = typeof tensor === 'string' ? truth.get(tensor) : undefined;
      return [name, stored ? nested(Array.from(stored.values), stored.dims) : value];
    }),
  );
}

function nested(values: readonly number[], dims: readonly number[]): unknown {
  if (dims.length <= 1) return values;
  const size = values.length / (dims[0] ?? 1);
  return Array.from({ length: dims[0] ?? 0 }, (_, at) =>
    nested(values.slice(at * size, (at + 1) * size), dims.slice(1)),
  );
}

class Tally {
  found = 0;
  private readonly names = new Set<string>();
  private act = new Map<string, number>();
  private inner = 0;
  private hasInner = false;
  private peak = 0;
  private readonly matched = new Map<string, string>();
  private readonly problems: string[] = [];

  constructor(
    private readonly oracle: Oracle,
    readonly truth: ReadonlyMap<string, FloatArray>,
  ) {}

  addName(name: string): void {
    this.names.add(name);
  }

  compare(position: number, activations: readonly SiteActivations[], mask: NumericArray | null): void {
    const bySite = new Map<string, SiteActivations[]>();
    for (const tensors of activations) {
      const address = formatSite(tensors.site);
      bySite.set(address, [...(bySite.get(address) ?? []), tensors]);
    }
    for (const expected of this.oracle.sites) {
      if (expected.batched_experts !== undefined) this.compareExperts(position, expected, activations, mask);
      for (const [address, tensors] of bySite) this.compareSite(position, expected, address, tensors, mask);
    }
    const isKnown = [...this.truth.keys()].some((name) => name.endsWith('.pre'));
    if (!isKnown) for (const tensors of bySite.values()) this.comparePre(tensors, mask);
  }

  private compareSite(
    position: number,
    expected: OracleSite,
    address: string,
    tensors: readonly SiteActivations[],
    mask: NumericArray | null,
  ): void {
    const key = `case${position}.${expected.key}`;
    const truth = this.truthOf(`${key}.h_ort`, expected, mask) ?? this.truthOf(`${key}.h`, expected, mask);
    const act = tensors.find(({ quantity }) => quantity === 'act');
    if (!truth || !act || act.site.dFf !== truth.dims.at(-1)) return;
    const found = difference(act, truth, mask);
    if (found === null) return;
    const known = this.matched.get(expected.key);
    if (position > 0 ? known !== address : found.largest > 0.1 * found.peak + 1e-3) return;
    if (position === 0 && this.act.get(expected.key) !== undefined) {
      if (found.largest >= this.act.get(expected.key)!) return;
    }
    this.matched.set(expected.key, address);
    this.peak = Math.max(this.peak, found.peak);
    this.act.set(expected.key, Math.max(position > 0 ? this.act.get(expected.key)! : 0, found.largest));
    for (const quantity of ['gate', 'up', 'pre'] as const) {
      const inner = this.truthOf(`${key}.${quantity}`, expected, mask);
      const tensor = tensors.find((candidate) => candidate.quantity === quantity);
      if (!inner || this.isRounded) continue;
      const apart = tensor && difference(tensor, inner, mask);
      if (!apart) this.problems.push(`${key}: no ${quantity}`);
      else this.addInner(apart.largest);
    }
  }

  /**
   * Experts whose oracle is one tensor: [B·T·k, dFf], the chosen experts of one token after another,
   * or [experts, B·T, dFf], where every expert computes every token.
   */
  private compareExperts(
    position: number,
    expected: OracleSite,
    activations: readonly SiteActivations[],
    mask: NumericArray | null,
  ): void {
    for (const quantity of ['act', 'gate', 'up'] as const) {
      if (quantity !== 'act' && this.isRounded) continue;
      const key = `case${position}.${expected.key}`;
      const truth =
        quantity === 'act'
          ? (this.truth.get(`${key}.h_ort`) ?? this.truth.get(`${key}.h`))
          : this.truth.get(`${key}.${quantity}`);
      if (!truth) continue;
      const width = truth.dims.at(-1)!;
      const chosen = activations.filter(
        ({ quantity: is, site }) => is === quantity && site.layer === expected.layer && site.expert !== null,
      );
      const tokens = mask?.values.length ?? truth.dims.at(-2)!;
      const rowsAt = (token: number): Float32Array[] =>
        chosen.flatMap(({ positions, values }) =>
          Array.from(positions ?? [], (at, row) => ({ at, row }))
            .filter(({ at }) => at === token)
            .map(({ row }) => values.subarray(row * width, (row + 1) * width)),
        );
      const perToken = truth.values.length / width / tokens;
      let largest = chosen.length === expected.batched_experts ? 0 : Infinity;
      for (let token = 0; token < tokens; token++) {
        if (mask?.values[token] === 0) continue;
        const truthRows = Array.from({ length: perToken }, (_, slot) => {
          const row = truth.dims.length === 2 ? token * perToken + slot : slot * tokens + token;
          return truth.values.subarray(row * width, (row + 1) * width);
        });
        const found = rowsAt(token);
        if (found.length === 0 || (truth.dims.length === 2 && found.length !== perToken)) largest = Infinity;
        for (const row of found) {
          largest = Math.max(largest, Math.min(...truthRows.map((other) => largestGap(row, other))));
        }
      }
      this.peak = Math.max(this.peak, ...truth.values.map(Math.abs));
      if (quantity !== 'act') this.addInner(largest);
      else this.act.set(expected.key, Math.max(this.act.get(expected.key) ?? 0, largest));
    }
  }

  /**
   * A tensor of the oracle as [rows, tokens, neurons]: models of convolutions have the neurons on the second axis, XLNet
   * the tokens on the first.
   */
  private truthOf(
    key: string,
    { d_ff: width }: OracleSite,
    mask: NumericArray | null,
  ): FloatArray | undefined {
    const truth = this.truth.get(key);
    const [rows = 0, features = 0, tokens = 0] = truth?.dims ?? [];
    if (truth && mask && rows !== mask.dims[0] && rows === mask.dims[1] && features === mask.dims[0]) {
      return { values: byRow(truth.values, features, rows, width), dims: [features, rows, width] };
    }
    if (truth?.dims.length !== 3 || features !== width || tokens === width) return truth;
    const values = Float32Array.from({ length: truth.values.length }, (_, index) => {
      const token = Math.floor(index / width) % tokens;
      const row = Math.floor(index / (width * tokens));
      return truth.values[(row * width + (index % width)) * tokens + token]!;
    });
    return { values, dims: [rows, tokens, width] };
  }

  /** σ(pre), by the formula of the named function, against act. */
  private comparePre(tensors: readonly SiteActivations[], mask: NumericArray | null): void {
    const pre = tensors.find(({ quantity }) => quantity === 'pre');
    const act = tensors.find(({ quantity }) => quantity === 'act');
    const formula = pre && ACTIVATION_FORMULAS.get(pre.site.activation);
    if (!pre || !act || !formula) return;
    const width = pre.site.dFf;
    let largest = 0;
    for (let index = 0; index < pre.values.length; index++) {
      if (mask && mask.values[Math.floor(index / width)] === 0) continue;
      largest = Math.max(largest, Math.abs(formula(pre.values[index]!) - act.values[index]!));
    }
    this.addInner(largest);
  }

  private addInner(largest: number): void {
    this.hasInner = true;
    this.inner = Math.max(this.inner, largest);
  }

  private get isRounded(): boolean {
    return [...this.truth.keys()].some((key) => key.endsWith('.h_ort'));
  }

  row(fixture: string): FixtureRow {
    const { sites, activation } = this.oracle;
    for (const { key } of sites) if (!this.act.has(key)) this.problems.push(`${key} was not found`);
    const wanted = NAMES[activation ?? ''] ?? activation;
    if (wanted !== null && ![...this.names].every((name) => name === wanted)) {
      this.problems.push(`the activation function is ${wanted}, not ${[...this.names].join(', ')}`);
    }
    return {
      fixture,
      expected: sites.length,
      found: this.act.size,
      falseSites: this.found - this.act.size,
      act: this.act.size === 0 ? null : Math.max(...this.act.values()),
      inner: this.hasInner ? this.inner : null,
      peak: this.peak,
      tolerance:
        1e-5 +
        (this.oracle.variant.includes('f16') || this.oracle.variant === 'fp16' ? 5e-3 : 1e-5) * this.peak,
      activation: [...this.names].join(', '),
      problems: this.problems,
    };
  }
}

/** [tokens, rows, width] → [rows, tokens, width] */
function byRow(values: Float32Array, rows: number, tokens: number, width: number): Float32Array {
  return values.map((_, index) => {
    const token = Math.floor(index / width) % tokens;
    const row = Math.floor(index / (width * tokens));
    return values[(token * rows + row) * width + (index % width)]!;
  });
}

function largestGap(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b[at]!)), 0);
}

/** @returns null where the shapes do not fit */
function difference(
  { values, positions, site }: SiteActivations,
  truth: FloatArray,
  mask: NumericArray | null,
): { largest: number; peak: number } | null {
  if (values.length !== truth.values.length) return null;
  let largest = 0;
  let peak = 0;
  for (let index = 0; index < values.length; index++) {
    const row = Math.floor(index / site.dFf);
    if (mask && mask.values[positions ? positions[row]! : row] === 0) continue;
    peak = Math.max(peak, Math.abs(truth.values[index]!));
    const apart = Math.abs(values[index]! - truth.values[index]!);
    largest = Number.isNaN(apart) ? Infinity : Math.max(largest, apart);
  }
  return { largest, peak };
}
