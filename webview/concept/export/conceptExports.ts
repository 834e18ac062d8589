import type { ShownEvidence } from '../../../src/core/concepts/conceptReading';
import type { ShownConcept } from '../../../src/protocol/pages/concept';
import type { ExportEntry } from '../../common/exportMenu';
import { quantityName } from '../../common/modelNames';
import { request } from '../../common/wishes';
import type { ConceptCalls } from '../evidenceLoader';
import { classPicture } from '../pictures/classPicture';
import { manyPicture } from '../pictures/manyPicture';
import type { Picture } from '../../common/pictures/picture';
import { rocPairs, rocPicture } from '../pictures/rocPicture';

const WIDE = { width: 800, height: 320 };
const SQUARE = { width: 420, height: 400 };
/** What no system takes in the name of a file. */
const NOT_IN_NAMES = /[^\p{L}\p{N}._-]+/gu;

/** What a concept's page can be saved as: its neurons, all of it, and the pictures of the chosen neuron. */
export function conceptExports(
  shown: ShownConcept,
  evidence: ShownEvidence | null,
  host: ConceptCalls,
): ExportEntry[] {
  const { concept, run } = shown;
  const name = concept.name.replace(NOT_IN_NAMES, '-').slice(0, 80) || 'concept';
  const save = (suggestedName: string, content: string, encoding: 'utf-8' | 'base64' = 'utf-8'): void =>
    request(document.body, { type: 'saveFile', suggestedName, encoding, content });
  const written = () => import('./conceptFiles');
  const asMarkdown = async (): Promise<string> => (await written()).conceptAsMarkdown(shown);
  const row = concept.neurons.find(({ id }) => id === evidence?.id);
  const others = run.halves.tokens.b - concept.positives.b;
  const pictures: [label: string, name: string, picture: () => Picture][] = [];
  if (evidence && row) {
    const { id } = evidence;
    const title = `${quantityName(run.quantity)} of ${id}`;
    pictures.push(
      [`Both classes of ${id}`, `${name}-${id}-classes`, () => classPicture(evidence, row, title, WIDE)],
      [
        `ROC curve of ${id}`,
        `${name}-${id}-roc`,
        () => rocPicture(rocPairs(evidence.roc), row, evidence.counts.falseAlarms / others, SQUARE),
      ],
    );
  }
  const { many } = concept;
  if (many) pictures.push(['How many neurons', `${name}-neurons`, () => manyPicture(many, WIDE)]);
  return [
    {
      label: 'Neurons as CSV',
      run: async () => save(`${name}.csv`, (await written()).conceptAsCsv(shown)),
    },
    {
      label: 'Neurons as Arrow',
      run: async () => save(`${name}.arrow`, await host.arrow({ concept: concept.name }), 'base64'),
    },
    {
      label: 'Everything as JSON',
      run: async () => save(`${name}.json`, (await written()).conceptAsJson(shown)),
    },
    { label: 'Page as Markdown', run: async () => save(`${name}.md`, await asMarkdown()) },
    {
      label: 'Copy page as Markdown',
      run: async () =>
        request(document.body, {
          type: 'copyText',
          text: await asMarkdown(),
          what: `page of ${concept.name}`,
        }),
    },
    ...(pictures.length > 0 ? [null] : []),
    ...pictures.flatMap(([label, file, picture]): ExportEntry[] => [
      {
        label: `${label} as PNG`,
        run: async () => save(`${file}.png`, (await written()).picturePng(picture()), 'base64'),
      },
      {
        label: `${label} as SVG`,
        run: async () => save(`${file}.svg`, (await written()).pictureSvg(picture())),
      },
    ]),
  ];
}
