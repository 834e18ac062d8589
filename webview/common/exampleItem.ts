import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatPercentile, formatValue } from '../../src/core/common/numberFormat';
import type { Example } from '../../src/core/profile/neuronPage';
import type { ColourChoice } from './colourClass';
import { request } from './wishes';
import { badge, iconButton } from './widgets';
import { requestPlace, placeLink } from './placeLink';
import './tokenHeatMap';

/** What all examples of a page share. */
export interface ExampleSetting {
  /** The neuron that can be changed on an example's text; null where no model can be run. */
  readonly neuron: string | null;
  /** R of the page. */
  readonly range: number;
  readonly colours: ColourChoice;
  /** Limits of the bar that the reader points at: its examples are lit. */
  readonly pointed: readonly [number, number] | null;
}

/**
 * One example: value and percentile, where it stands, and its text as a token heat map.
 * @param further what can be done with it besides
 */
export function exampleItem(
  example: Example,
  setting: ExampleSetting,
  further: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const { pointed } = setting;
  const lit = pointed !== null && example.value >= pointed[0] && example.value < pointed[1];
  const { missing } = example;
  const onKey = (event: KeyboardEvent): void => {
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key.toLowerCase() === 'o' && plain && !missing)
      requestPlace(event.currentTarget as Element, example);
  };
  return html`<li class="example ${lit ? 'lit' : ''}">
    <div class="value-column">
      <div class="value">${formatValue(example.value)}</div>
      <div class="percentile" title="Share of the corpus below this value, in percent">
        p ${formatPercentile(example.percentile)}
      </div>
    </div>
    <div class="example-body">
      <div class="example-head">
        ${placeLink(example, missing)} ${state(example)}
        ${example.record === null ? nothing : html`<span class="dim">record ${example.record + 1}</span>`}
        ${
          example.duplicates > 0
            ? html`<span
                class="dim"
                title="Places with the same words around the token are counted, not listed"
                >+${formatCount(example.duplicates)} near-duplicates</span
              >`
            : nothing
        }
        <span class="actions"
          >${iconButton('copy', 'Copy example', (event) => copy(event, example))}${ablation(example, setting.neuron)}${further}</span
        >
      </div>
      <token-heat-map
        .example=${example}
        .range=${setting.range}
        .colours=${setting.colours}
        @keydown=${onKey}
      ></token-heat-map>
    </div>
  </li>`;
}

function state({ stale, missing }: Example): TemplateResult | typeof nothing {
  if (missing) {
    return badge('File missing', {
      icon: 'error',
      tone: 'error',
      title: 'The file is gone or cannot be read; its text is shown from the profile.',
    });
  }
  if (!stale) return nothing;
  return badge('Stale', {
    icon: 'warning',
    tone: 'warning',
    title: 'The file changed after the run. The link goes to the nearest matching text.',
  });
}

function ablation({ context }: Example, neuron: string | null): TemplateResult | typeof nothing {
  if (neuron === null || context.text === '') return nothing;
  return iconButton('beaker', 'Test this text with an ablation', (event) =>
    request(event.currentTarget as Element, { type: 'openAblation', neuron, text: context.text }),
  );
}

function copy(event: Event, example: Example): void {
  const place = `${example.file}:${example.line}:${example.column}`;
  const text = `${example.value}\t${place}\t${example.context.text}`;
  request(event.currentTarget as Element, { type: 'copyText', text, what: 'example' });
}
