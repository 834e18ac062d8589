import { LensError } from '../../core/common/errors';
import { plainTokens, type WholeModel } from './wholeModel';

/**
 * The id of a token that is named by its text, such as ` the`, or as `#262`.
 * @throws LensError `usage` where the vocabulary has no such token
 */
export async function tokenNamed(whole: WholeModel, vocabulary: number, name: string): Promise<number> {
  const [, number] = /^#(\d+)$/.exec(name) ?? [];
  if (number !== undefined) {
    if (Number(number) < vocabulary) return Number(number);
    throw new LensError(
      'usage',
      `There is no token ${name}: the vocabulary has ${vocabulary}, counted from 0.`,
    );
  }
  const tokens = await plainTokens(whole.tokenizer, name);
  const [only, ...others] = tokens;
  if (only && others.length === 0 && only.id < vocabulary && only.unknown === undefined) return only.id;
  const pieces = tokens.map(({ id }) => `“${whole.textOf([id])}” (#${id})`).join(', ');
  throw new LensError(
    'usage',
    `“${name}” is not one token of this vocabulary${tokens.length > 1 ? `, but ${tokens.length}: ${pieces}` : ''}. ` +
      'Name one token, with the space before it if it has one, or its number as #262.',
  );
}
