import { csvOf } from '../common/csv';
import { forJson, forMarkdown, forTerminal, inOneLine } from '../common/foreignText';
import { markdownTable } from '../common/markdownTable';
import { formatDifference, formatShare, formatSigned, formatValue } from '../common/numberFormat';
import type { AblationAnswer } from './ablationAnswer';
import { changeOf, effectFigures } from './ablationFigures';

/** An ablation with all that is told of it outside the program. */
export interface ExportedAblation {
  readonly model: string;
  readonly prompt: string;
  /** The text whose tokens have losses: the prompt, or what a decoder has written. */
  readonly predicted: string;
  /** What was done, such as `L3.N652 at its mean`. */
  readonly change: string;
  /** The command line that gives the same. */
  readonly command: string;
  readonly answer: AblationAnswer;
}

/** The answer as `ablate --json` prints it (docs/cli.md). */
export function ablationAsJson(answer: AblationAnswer): string {
  return `${forJson(JSON.stringify(answer, null, 2))}\n`;
}

/** Tokens of the vocabulary, or classes, with both probabilities. */
export function shiftsAsCsv({ next }: AblationAnswer): string {
  return csvOf([
    ['id', 'token', 'before', 'after'],
    ...next.map(({ id, token, before, after }) => [id, token, before, after]),
  ]);
}

/** The tokens of the text with their losses. @param text that the answer's offsets are in */
export function lossesAsCsv({ loss }: AblationAnswer, text: string): string {
  return csvOf([
    ['token', 'id', 'text', 'before', 'after'],
    ...loss.map(({ id, start, end, before, after }, at) => [
      ...[at, id, text.slice(start, end), before ?? '', after ?? ''],
    ]),
  ]);
}

/** The chosen neurons and the controls, with what each changes. */
export function controlsAsCsv(answer: AblationAnswer): string {
  const chosen = answer.changed.map(({ neuron }) => neuron).join(' ');
  return csvOf([
    ['neurons', 'chosen', 'change'],
    [chosen, true, changeOf(answer)],
    ...answer.controls.map(({ neurons, change }) => [neurons.join(' '), false, change]),
  ]);
}

/** All of it as a page of Markdown, with the command line that gives the same. */
export function ablationAsMarkdown({
  model,
  prompt,
  predicted,
  change,
  command,
  answer,
}: ExportedAblation): string {
  const { next, controls, generated, identity, notices } = answer;
  return [
    `# ${forMarkdown(change)}`,
    forMarkdown(
      `${model}. The unchanged model reproduces the original output (max. difference ${formatValue(identity)}).`,
    ),
    fenced(prompt),
    ...notices.map(forMarkdown),
    effectFigures(answer)
      .map(({ figure, label }) => `- ${forMarkdown(`${figure}: ${label}`)}`)
      .join('\n'),
    ...(next.length === 0
      ? []
      : [
          markdownTable(
            ['Token', 'Before', 'After', 'Change, points', 'Δ log-prob.'],
            next.map(({ token, before, after }) =>
              [
                `“${inOneLine(token)}”`,
                ...[formatShare(before), formatShare(after), formatDifference(100 * (after - before), 2)],
                formatDifference(Math.log(after / before), 3),
              ].map(forMarkdown),
            ),
          ),
        ]),
    ...lossTable(answer, predicted),
    ...(controls.length === 0
      ? []
      : [
          markdownTable(
            ['Control', 'Change'],
            controls.map(({ neurons, change: size }) =>
              [neurons.join(', '), formatValue(size)].map(forMarkdown),
            ),
          ),
        ]),
    ...(generated
      ? ['Before:', fenced(prompt + generated.before), 'After:', fenced(prompt + generated.after)]
      : []),
    'A change is a lower bound of what the neurons do, because later layers repair. The same on the command line:',
    fenced(command),
    '',
  ].join('\n\n');
}

function lossTable({ loss }: AblationAnswer, text: string): string[] {
  const rows = loss.flatMap(({ start, end, before, after }) =>
    before === null || after === null
      ? []
      : [
          [
            `“${inOneLine(text.slice(start, end))}”`,
            formatValue(before),
            formatValue(after),
            formatSigned(after - before),
          ].map(forMarkdown),
        ],
  );
  return rows.length === 0 ? [] : [markdownTable(['At', 'Loss before', 'Loss after', 'Change'], rows)];
}

/** A text as a block of code, whatever backticks are in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${forTerminal(text)}\n${fence}`;
}
