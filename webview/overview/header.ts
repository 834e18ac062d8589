import { html, nothing, type TemplateResult } from 'lit';
import { corpusSize } from '../../src/core/common/corpusSize';
import { inOneLine } from '../../src/core/common/foreignText';
import { modelName } from '../../src/core/common/modelName';
import { formatCount, formatDuration, formatShare } from '../../src/core/common/numberFormat';
import type { OverviewAnswer } from '../../src/core/overview/overviewAnswer';
import type { OverviewRequests, ShownOverview } from '../../src/protocol/pages/overview';
import type { Calls } from '../../src/protocol/rpc';
import { activationNames } from '../common/modelNames';
import { badge, icon, iconButton, selfTestBadge } from '../common/widgets';

/** Which profile it is, and what it was made from. */
export function overviewHeader(
  { profile, overview }: ShownOverview,
  host: Pick<Calls<OverviewRequests>, 'saveReport'>,
  date: string,
): TemplateResult {
  const { model, corpus, state, selfTest } = overview.manifest;
  return html`<header class="header">
    <div class="header-first">
      <h1 class="words">${inOneLine(profile.name)}</h1>
      ${
        state === 'complete'
          ? badge('Complete', { icon: 'pass' })
          : badge(state === 'running' ? 'Running' : 'Partial', { icon: 'circle-large', tone: 'warning' })
      }
      ${selfTestBadge(selfTest)}
      <span class="grow"></span>
      ${iconButton('export', 'Save report', () => void host.saveReport({}), { text: 'Save report' })}
    </div>
    <div class="header-second">
      <span
        >${icon('circuit-board')}${inOneLine(modelName(model.id))} · ${activationNames(model.activation)} ·
        ${model.dtype}</span
      >
      <span>${icon('files')}${corpusSize(corpus)}</span>
      <span>${icon('history')}${date}</span>
    </div>
  </header>`;
}

/** The figures of the run in a row. */
export function overviewFacts(overview: OverviewAnswer): TemplateResult {
  const { neurons, strips, scored, dead, constant, named, manifest } = overview;
  const layers = strips.layers.length;
  const facts: (readonly [figure: string, label: string] | null)[] = [
    [formatCount(neurons), `neurons in ${layers} ${layers === 1 ? 'layer' : 'layers'}`],
    [formatCount(scored), 'tokens scored'],
    [formatCount(dead), `dead neurons (${formatShare(dead / neurons)})`],
    [formatCount(constant), 'constant neurons'],
    named && [
      formatCount(named.named.neurons),
      `with a name (${formatShare(named.named.neurons / named.named.of)} of those tested)`,
    ],
    [formatCount(manifest.tokensPerSecond), `tokens/s · ${formatDuration(manifest.seconds)}`],
  ];
  return html`<ul class="facts" aria-label="Facts">
    ${facts.map((fact) => (fact ? html`<li><b>${fact[0]}</b><span>${fact[1]}</span></li>` : nothing))}
  </ul>`;
}
