import { html, nothing, type TemplateResult } from 'lit';
import type { AttributionAnswer } from '../../../src/core/cause/attributionAnswer';
import { formatValue } from '../../../src/core/common/numberFormat';
import { medianOf } from '../../../src/core/common/median';
import type { Size } from '../../common/pictures/picture';
import '../../common/pictures/pictureFigure';
import { jointPicture, rangeOf } from './jointPicture';
import { layerShares } from './layers';
import { layersPicture, signed } from './layersPicture';
import { checkedShares, correlationWords, trustPicture } from './trustPicture';

/** How many neurons carry the token: nothing before they were checked. */
export function jointFigure({ joint }: AttributionAnswer): TemplateResult | typeof nothing {
  if (joint.length === 0) return nothing;
  return html`<picture-figure
    .heading=${'How many carry it'}
    .description=${`Fall of the logit when the first k neurons are ablated together, up to ${joint.at(-1)!.k}.`}
    .height=${190}
    .draw=${(size: Size) => jointPicture(joint, size)}
    .table=${() => ({
      head: ['First k', 'Chosen', 'Others, median', 'Range'],
      rows: joint.map(({ k, chosen, random }) => [
        String(k),
        signed(chosen),
        signed(medianOf(random)),
        rangeOf(random),
      ]),
    })}
    .caption=${html`<span class="keys"
      ><span class="key"><i class="line"></i>first k</span
      ><span class="key"
        ><i class="control"></i>k others of like size, ${joint[0]!.random.length} draws</span
      ></span
    >`}
  ></picture-figure>`;
}

/** Where the logit comes from, layer by layer. */
export function layersFigure(answer: AttributionAnswer): TemplateResult {
  const layers = layerShares(answer);
  return html`<picture-figure
      .heading=${'Where the logit comes from'}
      .description=${`Contributions to the logit by layer; the embedding adds ${signed(answer.embedding)}, all together ${signed(answer.sum)}.`}
      .draw=${(size: Size) => layersPicture(layers, size)}
      .table=${() => ({
        head: ['Part', 'Attention', 'FFN', 'Other', 'Sum so far'],
        rows: layers.map(({ name, attention, ffn, other, sum }) => [
          name,
          ...[attention, ffn, other].map((share) => (share === 0 ? '' : signed(share))),
          signed(sum),
        ]),
      })}
      .caption=${html`<span class="keys"
        ><span class="key"><i class="control"></i>attention, embedding, biases</span
        ><span class="key"><i class="bars"></i>FFN</span
        ><span class="key"><i class="against"></i>sum so far</span></span
      >`}
    ></picture-figure>
    <p class="remark">
      Sum against the model’s own logit: residue ${formatValue(answer.residue)}.
      ${answer.bias === 0 ? 'No biases in this model’s head.' : nothing}
    </p>`;
}

/** Direct shares beside ablations: nothing before they were checked. */
export function trustFigure({ neurons }: AttributionAnswer): TemplateResult | typeof nothing {
  const checked = checkedShares(neurons);
  if (checked.length === 0) return nothing;
  return html`<picture-figure
      .heading=${'Can “direct” be trusted here'}
      .description=${`Direct contribution against ablation of ${checked.length} neurons.`}
      .draw=${(size: Size) => trustPicture(checked, size)}
      .table=${() => ({
        head: ['Neuron', 'Direct', 'Ablated'],
        rows: checked.map(({ id, direct, ablated }) => [id, signed(direct), signed(ablated)]),
      })}
    ></picture-figure>
    <p class="remark">${correlationWords(checked)}.</p>`;
}
