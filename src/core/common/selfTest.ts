import { formatValue } from './numberFormat';
import { wordList } from './wordList';

/** One FFN, recomputed from its own input and matrices. */
export interface SiteCheck {
  /** Address of the FFN, such as `L3`. */
  readonly site: string;
  /** Largest difference of any neuron at any token; null where it was not checked, or is no number. */
  readonly largestDifference: number | null;
  /** Largest difference that rounding explains; null where it was not checked. */
  readonly allowed: number | null;
  /** Largest activation, to see the difference against; null where it was not checked. */
  readonly peak: number | null;
  /** Why it was not checked, or null. */
  readonly reason: string | null;
}

/** Whether exposed neurons are what the model's own matrices give (docs/methods.md, Trust). */
export interface SelfTest {
  /** Null where no FFN could be checked. */
  readonly passed: boolean | null;
  /** Of all that were checked. */
  readonly largestDifference: number | null;
  readonly checks: readonly SiteCheck[];
}

/** The verdict of the checks of some FFNs. */
export function selfTestOf(checks: readonly SiteCheck[]): SelfTest {
  const checked = checks.filter(({ reason }) => reason === null);
  const differences = checked.flatMap(({ largestDifference }) => largestDifference ?? []);
  return {
    passed: checked.length === 0 ? null : checked.every(holds),
    largestDifference: differences.length === 0 ? null : Math.max(...differences),
    checks,
  };
}

/** `Self-test passed · 2.10 × 10⁻⁶`: what a badge says. */
export function selfTestLabel({ passed, largestDifference }: SelfTest): string {
  if (passed === null) return 'Not self-tested';
  return `Self-test ${passed ? 'passed' : 'failed'} · ${formatValue(largestDifference)}`;
}

/** What was compared and what is off, in one or two sentences. */
export function selfTestSentence({ passed, largestDifference, checks }: SelfTest): string {
  const unchecked = checks.filter(({ reason }) => reason !== null);
  const reasons = [...new Set(unchecked.map(({ reason }) => reason))].join('; ');
  if (passed === null) return `The self-test cannot recompute the FFNs of this model: ${reasons}.`;
  const checked = checks.filter(({ reason }) => reason === null);
  const left = unchecked.length === 0 ? '' : ` Not checked: ${namesOf(unchecked)} (${reasons}).`;
  if (!passed) {
    const off = checked.filter((check) => !holds(check));
    return (
      `${off.map(describeFault).join('; ')}. What is shown of this model may not be what it computes; ` +
      `try another file of it, or report it.${left}`
    );
  }
  const peak = Math.max(...checked.map((check) => check.peak ?? 0));
  return (
    `${namesOf(checked)}, recomputed from ${checked.length === 1 ? 'its' : 'their'} own input and matrices, ` +
    `${checked.length === 1 ? 'differs' : 'differ'} by at most ${formatValue(largestDifference)} ` +
    `at values up to ${formatValue(peak)}.${left}`
  );
}

/** Label and sentence, for lines of text. */
export function selfTestStatement(selfTest: SelfTest): string {
  return `${selfTestLabel(selfTest)}. ${selfTestSentence(selfTest)}`;
}

function holds({ largestDifference, allowed }: SiteCheck): boolean {
  return largestDifference !== null && allowed !== null && largestDifference <= allowed;
}

function describeFault({ site, largestDifference, allowed }: SiteCheck): string {
  if (largestDifference === null) return `${site} gives values that are no numbers`;
  return `${site} differs by ${formatValue(largestDifference)} from what its own matrices give, of which rounding explains ${formatValue(allowed)}`;
}

function namesOf(checks: readonly SiteCheck[]): string {
  return wordList(checks.map(({ site }) => site));
}
