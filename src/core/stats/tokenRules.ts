import { formatShare } from '../common/numberFormat';
import type { Finding } from './finding';
import {
  massOf,
  withoutFigures,
  quotedTokens,
  strongestTokens,
  tokenGroup,
  tokensByMass,
  type PlacedToken,
} from './strongestTokens';

/** The places of a neuron that its sentence names tokens of (docs/methods.md, Strongest tokens). */
export interface ReadTokens {
  /** The stored largest values within the top 1 %; of a neuron that is never positive the smallest. */
  readonly strongest: readonly PlacedToken[];
  /** The stored smallest values within the lowest 1 %, of a two-sided neuron. */
  readonly lowest: readonly PlacedToken[];
  /** A draw from the active tokens between the 90 % and the 99.9 % quantile. */
  readonly below: readonly PlacedToken[];
}

const ONE_TOKEN_SHARE = 0.8;
/** Fewer stored examples than this say nothing about one token. */
const ONE_TOKEN_EXAMPLES = 5;
/** Below this, the tokens that are named hold too little for "most strongly on". */
const SPREAD_BELOW = 0.25;
/** What lies below the top is something else where less than this is on tokens of the top. */
const SHARED_BELOW = 0.2;
const FEWEST_BELOW = 8;
/** A token is named of what lies below the top where it has this share, at as many places. */
const BELOW_SHARE = 0.1;
const BELOW_PLACES = 2;

/** The rules that name tokens: one token, the strongest, something else below the top. */
export function tokenRules(tokens: ReadTokens): Finding[] {
  const one = oneTokenRule(tokens);
  return [one, strongestRule(tokens, one.holds), belowRule(tokens)];
}

function oneTokenRule({ strongest }: ReadTokens): Finding {
  const [first] = tokensByMass(strongest);
  const share = first?.share ?? 0;
  const holds = strongest.length >= ONE_TOKEN_EXAMPLES && share > ONE_TOKEN_SHARE;
  return {
    rule: `one token: one token has > ${formatShare(ONE_TOKEN_SHARE)} of the mass of the stored largest values within the top 1 %, of which there are at least ${ONE_TOKEN_EXAMPLES}`,
    measured: `${formatShare(share)} of ${strongest.length} stored`,
    ...{ holds, word: 'One token' },
    clause:
      holds && first
        ? ['Its largest values fall almost all on one token, ', { tokens: [withoutFigures(first)] }, '.']
        : null,
  };
}

/** @param isSaid the one token is named already */
function strongestRule({ strongest }: ReadTokens, isSaid: boolean): Finding {
  const named = strongestTokens(strongest);
  const share = named.reduce((sum, token) => sum + token.share, 0);
  const holds = named.length > 0 && share >= SPREAD_BELOW;
  const tokens = named.map(withoutFigures);
  return {
    rule: `strongest tokens: the first three by mass hold ≥ ${formatShare(SPREAD_BELOW)} of it (else it is spread over many)`,
    measured: named.length > 0 ? `${quotedTokens(named)}: ${formatShare(share)}` : 'no token with a value',
    ...{ holds, word: null },
    clause:
      isSaid || named.length === 0
        ? null
        : holds
          ? ['Most strongly on ', { tokens }, '.']
          : ['Its largest values are spread over many tokens, ', { tokens }, ' among them.'],
  };
}

function belowRule({ strongest, below }: ReadTokens): Finding {
  const top = new Set(strongest.map(tokenGroup));
  const mass = massOf(below);
  const shared = mass > 0 ? massOf(below.filter((place) => top.has(tokenGroup(place)))) / mass : 1;
  const named = tokensByMass(below)
    .filter(({ share, count }) => share >= BELOW_SHARE && count >= BELOW_PLACES)
    .filter(({ token, tokenId }) => !top.has(tokenGroup({ text: token, tokenId })))
    .slice(0, 3);
  const holds = below.length >= FEWEST_BELOW && shared < SHARED_BELOW && named.length > 0;
  return {
    rule: `something else below the top: of the mass of a draw from the 90 % to the 99.9 % quantile above the threshold, < ${formatShare(SHARED_BELOW)} lies on tokens of the top, and another token has ≥ ${formatShare(BELOW_SHARE)} of it at two places or more`,
    measured:
      below.length === 0
        ? 'none drawn'
        : `${formatShare(shared)} of ${below.length} drawn${named.length > 0 ? `; ${quotedTokens(named)}` : ''}`,
    ...{ holds, word: null },
    clause: holds
      ? ['Below the top it holds something else: ', { tokens: named.map(withoutFigures) }, '.']
      : null,
  };
}
