import type { MarkdownString, Range } from 'vscode';
import { LEFT_OUT } from '../../core/common/leftOut';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import { fewWords } from '../../core/concepts/neuronMeaning';
import { formatCount, formatPercentile, formatValue } from '../../core/common/numberFormat';
import type { StrongToken } from '../../core/stats/strongestTokens';
import type { TokenReply } from '../../protocol/engine';
import type { ProfileEntry } from '../profiles/profileEntry';
import { inlineCode, commandLink, filled, hoverText, joined, type Markdown } from '../surfaces/markdown';

type Answer = NonNullable<TokenReply>;

/** The commands that links of a hover may run. */
const COMMANDS = ['openNeuron', 'ablate', 'pinNeuron', 'chooseNeuron', 'turnHoversOff'];

/** As much of a line is handed to an ablation: what stands in a link is written out. */
const LONGEST_LINE = 1000;

/** The token that a hover is about, as the editor has it. */
export interface HoveredToken {
  readonly text: string;
  readonly range: Range;
  /** The line that it begins in. */
  readonly line: string;
}

/** Keeps the columns of a table apart, which the editor draws without any room between them. */
const GAP = filled`&nbsp;&nbsp;&nbsp;&nbsp;`;

/** The hover's text. Everything that comes from the file is escaped: corpus text is hostile. */
export function describeToken(
  answer: Answer,
  hovered: HoveredToken,
  entry: ProfileEntry,
  concepts: ConceptResults | null,
  tokens: ReadonlyMap<string, readonly StrongToken[]>,
): MarkdownString {
  const { token, chosen, strongest, background } = answer;
  const leading = chosen?.id ?? strongest[0]?.id;
  const here =
    chosen &&
    filled`**${chosen.id}** is **${formatValue(chosen.value)}** here: percentile ${formatPercentile(chosen.percentile)} of ${formatCount(background)} tokens\n\n`;
  const hasWords = concepts !== null || tokens.size > 0;
  const meaningCell = (id: string): Markdown =>
    hasWords ? filled`${fewWords(concepts, id, tokens.get(id) ?? []) ?? ''} | ` : filled``;
  const meaningHead = hasWords
    ? filled`${GAP}${concepts ? 'Likely meaning' : 'Strongest tokens'} |`
    : filled``;
  const meaningRule = hasWords ? filled`:--|` : filled``;
  const rows = strongest.map(
    ({ id, value, percentile }) =>
      filled`| ${commandLink(id, 'openNeuron', target(id, entry))} | ${meaningCell(id)}${formatValue(value)} | ${formatPercentile(percentile)} |\n`,
  );
  return hoverText(
    joined([
      place(answer, hovered),
      ...(token.leftOut === null
        ? []
        : [filled`Left out of the profile: it is ${LEFT_OUT[token.leftOut]}.\n\n`]),
      ...(here ? [here] : []),
      filled`---\n\n| Strongest here${GAP}|${meaningHead}${GAP}Value |${GAP}Percentile |\n|:--|${meaningRule}--:|--:|\n`,
      ...rows,
      filled`\n\n---\n\n`,
      joined(actionsFor(leading, entry, hovered.line), ' · '),
    ]),
    COMMANDS,
  );
}

function place({ token }: Answer, { text, range }: HoveredToken): Markdown {
  const [first, last] = [range.start.character + 1, range.end.character];
  const columns = first === last ? `column ${first}` : `columns ${first}–${last}`;
  return filled`${chip(text)} id ${token.id} · line ${range.start.line + 1}, ${columns} · token ${formatCount(token.number)} of ${formatCount(token.of)}\n\n`;
}

function actionsFor(id: string | undefined, entry: ProfileEntry, line: string): Markdown[] {
  const ofNeuron =
    id === undefined
      ? []
      : [
          commandLink(`Open ${id}`, 'openNeuron', target(id, entry)),
          commandLink('Ablate on this line', 'ablate', {
            ...target(id, entry),
            text: line.slice(0, LONGEST_LINE),
          }),
          commandLink('Pin', 'pinNeuron', target(id, entry)),
          commandLink('Show another neuron', 'chooseNeuron'),
        ];
  return [...ofNeuron, commandLink('Turn hovers off', 'turnHoversOff')];
}

/** The token as code, with its spaces made visible. */
function chip(text: string): Markdown {
  return inlineCode(text.replaceAll(' ', '·').slice(0, 24));
}

const target = (id: string, entry: ProfileEntry) => ({ profile: entry.folder, profileName: entry.name, id });
