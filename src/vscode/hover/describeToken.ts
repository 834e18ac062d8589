import { MarkdownString, type Range } from 'vscode';
import { formatCount, formatPercentile, formatValue } from '../../core/common/numberFormat';
import type { TokenAnswer } from '../../protocol/engine';
import type { ProfileEntry } from '../profiles/profileEntry';

type Answer = NonNullable<TokenAnswer>;

/** The commands that links of a hover may run. */
const COMMANDS = [
  'neuronLens.openNeuron',
  'neuronLens.pinNeuron',
  'neuronLens.chooseNeuron',
  'neuronLens.turnHoversOff',
];

/** Keeps the columns of a table apart, which the editor draws without any room between them. */
const GAP = '&nbsp;'.repeat(4);

/** The hover's text. Everything that comes from the file is escaped: corpus text is hostile. */
export function describeToken(
  answer: Answer,
  text: string,
  range: Range,
  entry: ProfileEntry,
): MarkdownString {
  const markdown = new MarkdownString('', true);
  markdown.isTrusted = { enabledCommands: COMMANDS };
  const { token, chosen, strongest, background } = answer;
  const [first, last] = [range.start.character + 1, range.end.character];
  const columns = first === last ? `column ${first}` : `columns ${first}–${last}`;
  const place = `line ${range.start.line + 1}, ${columns}`;
  markdown.appendMarkdown(
    `${chip(text)} id ${token.id} · ${place} · token ${formatCount(token.number)} of ${formatCount(token.of)}\n\n`,
  );
  if (chosen) {
    markdown.appendMarkdown(
      `**${chosen.id}** is **${formatValue(chosen.value)}** here: percentile ${formatPercentile(chosen.percentile)} of ${formatCount(background)} tokens\n\n`,
    );
  }
  markdown.appendMarkdown(`---\n\n| Strongest here${GAP}|${GAP}Value |${GAP}Percentile |\n|:--|--:|--:|\n`);
  for (const { id, value, percentile } of strongest) {
    markdown.appendMarkdown(
      `| ${link(id, 'openNeuron', target(id, entry))} | ${formatValue(value)} | ${formatPercentile(percentile)} |\n`,
    );
  }
  const leading = chosen?.id ?? strongest[0]?.id;
  const actions = [
    ...(leading === undefined
      ? []
      : [
          link(`Open ${leading}`, 'openNeuron', target(leading, entry)),
          link('Pin', 'pinNeuron', target(leading, entry)),
          link('Show another neuron', 'chooseNeuron'),
        ]),
    link('Turn hovers off', 'turnHoversOff'),
  ];
  markdown.appendMarkdown(`\n\n---\n\n${actions.join(' · ')}`);
  return markdown;
}

/** The token as code, with its white space made visible. */
function chip(text: string): string {
  const shown = text.replaceAll(' ', '·').replaceAll('\t', '⇥').replace(/\r?\n/g, '⏎').slice(0, 24);
  // A run of backticks longer than any in the text encloses it safely; one can only be as long as the text.
  const fence = '`'.repeat(shown.includes('`') ? shown.length + 1 : 1);
  return shown.includes('`') ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

const target = (id: string, entry: ProfileEntry) => ({ profile: entry.folder, profileName: entry.name, id });

function link(label: string, command: string, argument?: object): string {
  const query = argument === undefined ? '' : `?${encodeURIComponent(JSON.stringify([argument]))}`;
  return `[${label}](command:neuronLens.${command}${query})`;
}
