import type { ProfilePlan } from '../profile/manifest';
import type { Exclusion } from '../common/leftOut';
import type { ExcludedCounts } from '../stats/siteSummary';
import type { TokenizedText, WindowFrame } from '../text/tokens';
import type { Window } from '../text/windows';

/** The one rule of which tokens count: for a profile, its calibration, and what is compared with it. */
export class Population {
  constructor(
    private readonly plan: Pick<ProfilePlan, 'keepSpecial' | 'keepSinks'>,
    private readonly causal: boolean,
    private readonly frame: WindowFrame,
  ) {}

  /**
   * Marks which of a window's owned tokens count, and counts what was run and does not: also the special tokens
   * around the window, which are no token of the text and so never count.
   * @returns [owned tokens] 1 for a token of the population.
   */
  membersOf(tokens: TokenizedText, window: Window, excluded: ExcludedCounts): Uint8Array {
    const members = new Uint8Array(window.ownedEnd - window.ownedStart).fill(1);
    for (let i = 0; i < members.length; i++) {
      const reason = this.reasonAgainst(tokens, window, window.ownedStart + i);
      if (reason === null) continue;
      members[i] = 0;
      excluded[reason] += 1;
    }
    excluded.special += this.frame.before.length + this.frame.after.length;
    return members;
  }

  /** @returns why a token that a window owns does not count, or null. */
  reasonAgainst(tokens: TokenizedText, window: Window, token: number): Exclusion | null {
    if (!this.plan.keepSpecial && tokens.special[token] === 1) return 'special';
    const first = this.frame.before.length === 0 && token === window.start;
    return first && this.causal && !this.plan.keepSinks ? 'firstPosition' : null;
  }
}
