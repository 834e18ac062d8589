import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatRatio } from '../../src/core/common/numberFormat';
import { namesSentence } from '../../src/core/concepts/controls/conceptControl';
import { BARS, NEEDED } from '../../src/core/concepts/statistics/naming';
import type { NamedOverview } from '../../src/core/overview/namedConcepts';
import type { OverviewAnswer } from '../../src/core/overview/overviewAnswer';
import { STATISTICS, DEFAULT_SORT_KEY } from '../../src/core/stats/statistics';
import type { OverviewRequests } from '../../src/protocol/pages/overview';
import type { Calls } from '../../src/protocol/rpc';

type Asks = Pick<Calls<OverviewRequests>, 'testConcepts' | 'testShuffled'>;

/** What a neuron's number is, how many neurons carry a name, and what that is to be held against. */
export function overviewSummary({ neurons, named }: OverviewAnswer, host: Asks): TemplateResult {
  return html`<section class="section" aria-label="Summary">
    <p class="lead">
      Each of the ${formatCount(neurons)} neurons gives one number at every token: high where it finds what it
      answers to. ${named ? namedWords(named, host) : untested(host)}
    </p>
    ${decided(named)}
  </section>`;
}

function namedWords(named: NamedOverview, host: Asks): TemplateResult {
  const shuffled = named.shuffled ? [{ control: 'shuffled', named: named.shuffled }] : [];
  const more =
    named.shuffled === null ? link('Shuffle the weights too', () => void host.testShuffled({})) : nothing;
  return html`<b>${namesSentence(named, shuffled)}</b> ${testedWords(named)} ${more}`;
}

function testedWords({ tested, refused, partial }: NamedOverview): string {
  const little = refused === 0 ? '' : `; ${formatCount(refused)} more occur too seldom to be measured`;
  const stopped = partial ? ' The test was stopped before it had measured all.' : '';
  return `${formatCount(tested)} concepts were tested${little}.${stopped}`;
}

function untested(host: Asks): TemplateResult {
  return html`What they go with is not known yet: no concepts were tested.
  ${link('Test Concepts…', () => void host.testConcepts({}))}`;
}

function link(words: string, onClick: () => void): TemplateResult {
  return html`<button type="button" class="link" @click=${onClick}>${words}</button>`;
}

function decided(named: NamedOverview | null): TemplateResult {
  const share = STATISTICS[DEFAULT_SORT_KEY];
  const rules = [
    ...(named
      ? [
          `A name needs, on documents that took no part in the choice: AUROC over ${BARS.auroc} (or under ${formatRatio(1 - BARS.auroc)}), average precision ${BARS.ap} or more, selectivity over ${BARS.selectivity}, q under ${BARS.q}; at least ${NEEDED.positives} positives and ${NEEDED.documents} documents in each half.`,
          'The list below: of each concept its surest neuron, families of concepts in turn, then the other neurons with a name, the surest first.',
        ]
      : []),
    `${named ? 'Then those without a name' : 'The list below'} by ${share.label.toLowerCase()} (${share.meaning.toLowerCase()}), the highest first.`,
    'No layer comes a second time before every layer had its turn. Dead and constant neurons are left out.',
  ];
  return html`<details>
    <summary>How was this decided?</summary>
    <div class="decided">
      <ul class="rules">
        ${rules.map((rule) => html`<li>${rule}</li>`)}
      </ul>
    </div>
  </details>`;
}
