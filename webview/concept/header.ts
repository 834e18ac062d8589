import { html, nothing, type TemplateResult } from 'lit';
import { corpusSize } from '../../src/core/common/corpusSize';
import { inOneLine } from '../../src/core/common/foreignText';
import { modelName } from '../../src/core/common/modelName';
import { formatRatio } from '../../src/core/common/numberFormat';
import { FAMILY_NAMES, SOURCE_NAMES } from '../../src/core/concepts/concept';
import type { ShownEvidence } from '../../src/core/concepts/conceptReading';
import type { ShownConcept } from '../../src/protocol/pages/concept';
import '../common/exportMenu';
import { staleFileBadges } from '../common/staleFiles';
import { badge, icon, iconButton } from '../common/widgets';
import type { ConceptCalls } from './evidenceLoader';
import { conceptExports } from './export/conceptExports';

/** Which concept it is, what it was tested on and what its labels come from. */
export function conceptHeader(
  shown: ShownConcept,
  host: ConceptCalls,
  { date, evidence }: { readonly date: string; readonly evidence: ShownEvidence | null },
): TemplateResult {
  const { concept, manifest, profile } = shown;
  const { model, corpus } = manifest;
  const entries = conceptExports(shown, evidence, host);
  return html`<header class="header">
    <div class="header-first">
      <h1 class="words">${inOneLine(concept.name)}</h1>
      ${badge(FAMILY_NAMES[concept.family], { icon: 'tag' })}
      ${concept.refused === null ? nothing : badge('Refused', { icon: 'circle-slash', tone: 'warning' })}
      <span class="grow"></span>
      ${iconButton('search', 'Open another concept', () => void host.goToConcept({}), { key: 'G' })}
      ${iconButton('run', 'Test again', () => void host.testConcepts({}), { text: 'Test again' })}
      ${
        concept.family === 'own'
          ? iconButton('edit', 'Edit', () => void host.editConcepts({}), { text: 'Edit' })
          : nothing
      }
      ${iconButton('link', 'Copy link', () => void host.copyConceptLink({}))}
      <export-menu .entries=${entries}></export-menu>
    </div>
    <div class="header-second">
      <span>${icon('circuit-board')}${modelName(model.id)} · ${model.dtype}</span>
      <span>${icon('files')}${profile.name} · ${corpusSize(corpus)}</span>
      <span>${icon('history')}tested ${date}</span>
      <span>${icon('tag')}Source: ${SOURCE_NAMES[concept.source]} ${pattern(concept.pattern)}</span>
      <span class="badges"
        >${labellerBadge(shown)}
        ${staleFileBadges(evidence ? Object.values(evidence.examples).flat() : [])}</span
      >
    </div>
  </header>`;
}

function pattern(text: string | undefined): TemplateResult | typeof nothing {
  return text === undefined ? nothing : html`<code class="pattern">${inOneLine(text)}</code>`;
}

/** How far the labels themselves can be trusted. */
function labellerBadge({ labeller }: ShownConcept): TemplateResult | typeof nothing {
  if (!labeller) return nothing;
  const { precision, recall, tag, on } = labeller;
  return badge(`${labeller.labeller}: precision ${formatRatio(precision)}, recall ${formatRatio(recall)}`, {
    icon: 'warning',
    tone: 'warning',
    title: `Of the tag ${tag} on ${on}. The figures can be no better than the labels.`,
  });
}
