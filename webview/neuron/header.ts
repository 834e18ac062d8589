import { html, nothing, svg, type TemplateResult } from 'lit';
import { corpusSize } from '../../src/core/common/corpusSize';
import { inOneLine } from '../../src/core/common/foreignText';
import { modelName } from '../../src/core/common/modelName';
import { formatShare } from '../../src/core/common/numberFormat';
import { nameText, shortMeaning, type NeuronMeaning } from '../../src/core/concepts/neuronMeaning';
import type { ExampleLists } from '../../src/core/profile/neuronPage';
import type { ParamsOf } from '../../src/protocol/rpc';
import type { NeuronRequests, ShownNeuron } from '../../src/protocol/pages/neuron';
import { activationName } from '../common/modelNames';
import '../common/exportMenu';
import { staleFileBadges } from '../common/staleFiles';
import { badge, icon, iconButton, selfTestBadge } from '../common/widgets';
import { request } from '../common/wishes';
import { allExamples } from './examples/exampleLists';
import type { ExampleSource, NeuronCalls } from './examples/exampleSource';
import { neuronExports } from './export/neuronExports';

const PIPS = [
  [5.5, 5.5],
  [10.5, 5.5],
  [8, 8],
  [5.5, 10.5],
  [10.5, 10.5],
] as const;

/** A die: codicons have none. */
const dieIcon = svg`<svg class="die" viewBox="0 0 16 16" aria-hidden="true">
  <rect x="2.5" y="2.5" width="11" height="11" rx="2" fill="none" stroke="currentColor"></rect>
  ${PIPS.map(([x, y]) => svg`<circle cx=${x} cy=${y} r="1" fill="currentColor"></circle>`)}
</svg>`;

type Step = ParamsOf<NeuronRequests['step']>['to'];

/** What the head of a page shows and does. */
export interface HeaderContent {
  readonly shown: ShownNeuron;
  readonly source: ExampleSource;
  /** The examples that are there so far: which of their files changed. */
  readonly lists: Partial<ExampleLists>;
  /** Null in a report. */
  readonly host: NeuronCalls | null;
  readonly date: string;
  readonly pinned: boolean;
  readonly togglePin: () => void;
}

/** Who the neuron is and where one can go from it; in a report, which says the rest once, only who it is. */
export function neuronHeader(content: HeaderContent): TemplateResult {
  const { facts, profile, meaning } = content.shown;
  const entries = neuronExports(facts, content.source);
  const menu = html`<export-menu .entries=${entries}></export-menu>`;
  if (!content.host) {
    return html`<header class="header">
      <div class="header-first">
        <h2 class="neuron-name">${facts.neuron.id}</h2>
        ${nameBadge(meaning)}
        <span class="grow"></span>
        ${menu}
      </div>
    </header>`;
  }
  const { model, corpus } = facts.manifest;
  return html`<header class="header">
    <div class="header-first">
      <h1>${facts.neuron.id}</h1>
      ${nameBadge(meaning)} ${moves(content, content.host)} ${menu}
    </div>
    <div class="header-second">
      <span
        >${icon('circuit-board')}${modelName(model.id)} · ${activationName(facts.neuron.activation)} ·
        ${model.dtype}</span
      >
      <span>${icon('files')}${profile.name} · ${corpusSize(corpus)}</span>
      <span>${icon('history')}${content.date}</span>
      <span class="badges">${stateBadges(content)}</span>
    </div>
  </header>`;
}

function nameBadge({ name }: NeuronMeaning): TemplateResult | typeof nothing {
  return name
    ? badge(inOneLine(shortMeaning(name)), { icon: 'tag', title: inOneLine(`Goes with ${nameText(name)}`) })
    : nothing;
}

function moves({ shown, pinned, togglePin }: HeaderContent, host: NeuronCalls): TemplateResult {
  const { id } = shown.facts.neuron;
  const step = (to: Step) => (): void => void host.step({ to });
  const pinLabel = pinned ? 'Unpin' : 'Pin';
  const copyLink = (event: Event): void =>
    request(event.currentTarget as Element, { type: 'copyLink', neuron: id });
  const ablate = (event: Event): void =>
    request(event.currentTarget as Element, { type: 'openAblation', neuron: id, text: null });
  return html`${iconButton('arrow-left', 'Previous neuron', step('previous'), { key: 'Alt+Left' })}
    ${iconButton('arrow-right', 'Next neuron', step('next'), { key: 'Alt+Right' })}
    <button
      type="button"
      class="icon-button"
      title="Random neuron (R)"
      aria-label="Random neuron"
      @click=${step('random')}
    >
      ${dieIcon}
    </button>
    ${iconButton('search', 'Go to neuron', () => void host.goToNeuron({}), { key: 'G' })}
    <span class="grow"></span>
    ${iconButton(pinned ? 'pinned' : 'pin', pinLabel, togglePin, { text: pinLabel, key: 'P', pressed: pinned })}
    ${iconButton('beaker', 'Ablate and steer', ablate)} ${iconButton('link', 'Copy link', copyLink)}`;
}

function stateBadges({ shown, lists }: HeaderContent): (TemplateResult | typeof nothing)[] {
  const { facts, seenShare } = shown;
  const { state } = facts.manifest;
  const share = seenShare === null ? '' : ` ${formatShare(seenShare)}`;
  return [
    state === 'complete'
      ? badge('Complete', { icon: 'pass' })
      : badge(`${state === 'running' ? 'Running' : 'Partial'}${share}`, {
          icon: 'circle-large',
          tone: 'warning',
        }),
    selfTestBadge(facts.manifest.selfTest),
    ...staleFileBadges(allExamples(lists)),
  ];
}
