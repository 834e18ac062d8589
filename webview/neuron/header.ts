import { html, nothing, type TemplateResult } from 'lit';
import { corpusSize } from '../../src/core/common/corpusSize';
import { modelName } from '../../src/core/common/modelName';
import { formatCount, formatShare } from '../../src/core/common/numberFormat';
import type { NeuronMessage } from '../../src/protocol/webview';
import { activationName } from '../common/modelNames';
import { request, type Request } from '../common/host';
import { badge, icon, iconButton, selfTestBadge } from '../common/parts';
import './export/exportMenu';
import { dieIcon } from './dieIcon';

/** Who the neuron is and where one can go from it; in a report, which says the rest once, only who it is. */
export function neuronHeader(message: NeuronMessage, date: string, withHost: boolean): TemplateResult {
  const { page, profile } = message;
  if (!withHost) {
    return html`<header class="header">
      <div class="header-first">
        <h2 class="neuron-name">${page.neuron.id}</h2>
        <span class="grow"></span>
        <export-menu .page=${page}></export-menu>
      </div>
    </header>`;
  }
  const { model, corpus } = page.manifest;
  return html`<header class="header">
    <div class="header-first">
      <h1>${page.neuron.id}</h1>
      ${moves(message)}
    </div>
    <div class="header-second">
      <span
        >${icon('circuit-board')}${modelName(model.id)} · ${activationName(page.neuron.activation)} ·
        ${model.dtype}</span
      >
      <span>${icon('files')}${profile.name} · ${corpusSize(corpus)}</span>
      <span>${icon('history')}${date}</span>
      <span class="badges">${stateBadges(message)}</span>
    </div>
  </header>`;
}

function moves(message: NeuronMessage): TemplateResult {
  const { id } = message.page.neuron;
  const ask =
    (wish: Request) =>
    (event: Event): void =>
      request(event.currentTarget as Element, wish);
  const pinLabel = message.pinned ? 'Unpin' : 'Pin';
  return html`${iconButton('arrow-left', 'Previous neuron', ask({ type: 'step', to: 'previous' }), {
      key: 'Alt+Left',
    })}
    ${iconButton('arrow-right', 'Next neuron', ask({ type: 'step', to: 'next' }), { key: 'Alt+Right' })}
    <button
      type="button"
      class="icon-button"
      title="Random neuron (R)"
      aria-label="Random neuron"
      @click=${ask({ type: 'step', to: 'random' })}
    >
      ${dieIcon}
    </button>
    ${iconButton('search', 'Go to neuron', ask({ type: 'goToNeuron' }), { key: 'G' })}
    <span class="grow"></span>
    ${iconButton(
      message.pinned ? 'pinned' : 'pin',
      pinLabel,
      ask({ type: 'pin', neuron: id, pinned: !message.pinned }),
      { text: pinLabel, key: 'P', pressed: message.pinned },
    )}
    ${iconButton('link', 'Copy link', ask({ type: 'copyLink', neuron: id }))}
    <export-menu .page=${message.page}></export-menu>`;
}

function stateBadges(message: NeuronMessage): (TemplateResult | typeof nothing)[] {
  const { page, seenShare, changedFiles, missingFiles } = message;
  const { state } = page.manifest;
  const share = seenShare === null ? '' : ` ${formatShare(seenShare)}`;
  return [
    state === 'complete'
      ? badge('Complete', { icon: 'pass' })
      : badge(`${state === 'running' ? 'Running' : 'Partial'}${share}`, {
          icon: 'circle-large',
          tone: 'warning',
        }),
    selfTestBadge(page.manifest.selfTest),
    fileBadge(changedFiles.length, 'changed', 'Values of their examples may be out of date.'),
    fileBadge(missingFiles.length, 'missing', 'The text of their examples is shown from the profile.'),
  ];
}

function fileBadge(count: number, what: string, consequence: string): TemplateResult | typeof nothing {
  if (count === 0) return nothing;
  return badge(`${formatCount(count)} ${count === 1 ? 'file' : 'files'} ${what}`, {
    icon: 'warning',
    tone: 'warning',
    title: consequence,
  });
}
