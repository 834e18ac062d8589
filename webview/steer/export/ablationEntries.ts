import { modelName } from '../../../src/core/common/modelName';
import { hasFairControls } from '../../../src/core/cause/ablationFigures';
import type { AskedAblation } from '../../../src/protocol/ablationQuestionSchema';
import type { AblationRun, SteerSubject } from '../../../src/protocol/pages/steer';
import type { ExportEntry } from '../../common/exportMenu';
import { request } from '../../common/wishes';
import { settingWords } from '../results/continuations';
import { controlsPicture } from '../results/controlsPicture';
import { hasDecoderText, questionOf } from '../setup/question';

const WIDE = { width: 800, height: 260 };

/** What an ablation can be saved as: its tables, all of it, and the picture of its controls. */
export function ablationEntries(run: AblationRun, subject: SteerSubject): ExportEntry[] {
  const { answer, setup } = run;
  const name = `ablation-${setup.neurons
    .slice(0, 3)
    .join('-')
    .replace(/[^\w.-]+/g, '-')}`;
  const predicted = hasDecoderText(setup) ? setup.decoderPrompt : setup.prompt;
  const written = () => import('./ablationFiles');
  const save = (suggestedName: string, content: string, encoding: 'utf-8' | 'base64' = 'utf-8'): void =>
    request(document.body, { type: 'saveFile', suggestedName, encoding, content });
  const asMarkdown = async (): Promise<string> =>
    (await written()).ablationAsMarkdown({
      model: `${modelName(subject.model.model)}${subject.model.dtype === undefined ? '' : ` · ${subject.model.dtype}`}`,
      ...{ prompt: setup.prompt, predicted, answer },
      change: settingWords(setup),
      command: commandLine(run, subject),
    });
  const table = (
    label: string,
    file: string,
    text: () => Promise<string>,
    isThere: boolean,
  ): ExportEntry[] =>
    isThere ? [{ label: `${label} as CSV`, run: async () => save(`${name}-${file}.csv`, await text()) }] : [];
  const picture = () => controlsPicture(answer, setup.neurons, WIDE);
  return [
    ...table(
      'Next tokens',
      'next',
      async () => (await written()).shiftsAsCsv(answer),
      answer.next.length > 0,
    ),
    ...table(
      'Losses',
      'losses',
      async () => (await written()).lossesAsCsv(answer, predicted),
      answer.loss.length > 0,
    ),
    ...table(
      'Controls',
      'controls',
      async () => (await written()).controlsAsCsv(answer),
      answer.controls.length > 0,
    ),
    {
      label: 'Everything as JSON',
      run: async () => save(`${name}.json`, (await written()).ablationAsJson(answer)),
    },
    { label: 'Page as Markdown', run: async () => save(`${name}.md`, await asMarkdown()) },
    {
      label: 'Copy page as Markdown',
      run: async () =>
        request(document.body, { type: 'copyText', text: await asMarkdown(), what: 'the page as Markdown' }),
    },
    ...(hasFairControls(answer)
      ? [
          null,
          {
            label: 'Controls as PNG',
            run: async () => save(`${name}-controls.png`, (await written()).picturePng(picture()), 'base64'),
          },
          {
            label: 'Controls as SVG',
            run: async () => save(`${name}-controls.svg`, (await written()).pictureSvg(picture())),
          },
        ]
      : []),
  ];
}

/** The command line that gives the same answer, for a POSIX shell. */
export function commandLine({ setup }: AblationRun, subject: SteerSubject): string {
  const question = questionOf(setup, subject);
  if ('refusal' in question) return '';
  const { model, dtype } = subject.model;
  const { text, decoderText, changes, at, controls, seed, generation }: AskedAblation = question;
  const words = [
    ...['npx', 'neuron-lens', 'ablate', model],
    ...(dtype === undefined ? [] : ['--dtype', dtype]),
    ...['--text', text],
    ...(decoderText === undefined ? [] : ['--decoder-text', decoderText]),
    ...changes.flatMap((change) => ['--set', change]),
    ...['--at', at, '--controls', String(controls), '--seed', String(seed)],
    ...(generation === null ? [] : ['--generate', String(generation.tokens)]),
    ...(generation === null || generation.temperature === 0
      ? []
      : ['--temperature', String(generation.temperature), '--top-p', String(generation.topP)]),
  ];
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
