import type { AblationAnswer } from '../../core/cause/ablationAnswer';
import { cosine, divergence, likeliest, logProbabilities } from '../../core/cause/distribution';
import { LensError } from '../../core/common/errors';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import type { Cause } from './openCause';
import type { Prompt } from './wholeModel';

/** Rows of the next-token table: so many before and so many after. */
export const LIKELIEST = 20;

/** How outputs are compared with the unchanged one. */
export interface Comparison {
  readonly output: AblationAnswer['output'];
  readonly isDistribution: boolean;
  /** Log-probabilities; null where the output is no distribution. */
  distributionOf(output: RowOutput): Float64Array | null;
  /** What a place of the distribution is called. */
  nameOf(id: number): string;
  /** KL divergence in nats, or 1 − cosine. */
  change(output: RowOutput): number;
  tell(output: RowOutput): Pick<AblationAnswer, 'next' | 'topRank' | 'cosine'>;
}

/**
 * What is compared of an output: the next token, that at a mask, the classes, or hidden states.
 * @throws LensError `usage` where a masked-LM head is to be read and the text has no mask
 */
export function comparisonWith(cause: Cause, prompt: Prompt, before: RowOutput): Comparison {
  const tokens = before.values.length / before.width;
  const isVocabulary = 2 * before.width >= (cause.limits.vocabulary ?? cause.tokenizer.vocabularySize);
  const byToken = tokens === prompt.ids.length && prompt.ids.length > 0;
  if (/hidden/.test(cause.output) || (byToken && !isVocabulary && !/logits/.test(cause.output))) {
    return hiddenStates(before);
  }
  const output = byToken && isVocabulary ? (cause.causal ? 'next' : 'mask') : 'classes';
  const position = output === 'mask' ? maskedPosition(cause, prompt) : 0;
  // Of the next token the last output tells, which may be all that there is.
  const at = ({ values, width }: RowOutput): Float64Array =>
    logProbabilities(
      output === 'next'
        ? values.subarray(values.length - width)
        : values.subarray(position * width, (position + 1) * width),
    );
  const reference = at(before);
  const nameOf = (id: number): string => (output === 'classes' ? classOf(cause, id) : cause.textOf([id]));
  return {
    output,
    isDistribution: true,
    distributionOf: at,
    nameOf,
    change: (row) => divergence(reference, at(row)),
    tell: (row) => {
      const after = at(row);
      const shifts = likeliest(reference, after, LIKELIEST);
      const top = shifts[0]?.id ?? 0;
      return {
        next: shifts.map((shift) => ({ ...shift, token: nameOf(shift.id) })),
        topRank: 1 + after.filter((value) => value > after[top]!).length,
        cosine: null,
      };
    },
  };
}

function hiddenStates(before: RowOutput): Comparison {
  const { width } = before;
  const sentence = ({ values }: RowOutput): Float32Array => {
    const mean = new Float32Array(width);
    values.forEach((value, at) => (mean[at % width]! += value));
    return mean;
  };
  const reference = sentence(before);
  return {
    output: 'hidden',
    isDistribution: false,
    distributionOf: () => null,
    nameOf: String,
    change: (row) => 1 - cosine(reference, sentence(row)),
    tell: (row) => ({
      next: [],
      topRank: null,
      cosine: {
        sentence: cosine(reference, sentence(row)),
        tokens: Array.from({ length: row.values.length / width }, (_, token) =>
          cosine(
            before.values.subarray(token * width, (token + 1) * width),
            row.values.subarray(token * width, (token + 1) * width),
          ),
        ),
      },
    }),
  };
}

/** Where a masked-LM head is to be read. @throws LensError `usage` where the text has no mask */
function maskedPosition({ tokenizer, modelPackage }: Cause, { tokens }: Prompt): number {
  const position = tokens.findIndex(({ id, special }) => special && /mask/i.test(tokenizer.pieceOf(id)));
  if (position >= 0) return position;
  throw new LensError(
    'usage',
    `${modelPackage.id} predicts masked tokens, and the text has none. Write its mask token, such as [MASK] or <mask>, ` +
      'where a token is to be predicted.',
  );
}

function classOf({ modelPackage }: Cause, id: number): string {
  const labels = modelPackage.config['id2label'];
  const label: unknown =
    typeof labels === 'object' && labels !== null
      ? Object.entries(labels).find(([key]) => key === String(id))?.[1]
      : null;
  return typeof label === 'string' ? label : `class ${id}`;
}
