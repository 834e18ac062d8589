import { html, type TemplateResult } from 'lit';
import { formatCount, formatDuration } from '../../src/core/common/numberFormat';
import { modelName } from '../../src/core/common/modelName';
import { describeSkipCounts } from '../../src/core/common/skipReasons';
import { selfTestStatement } from '../../src/core/common/selfTest';
import type { CarriedManifest } from '../../src/core/profile/manifest';
import { activationNames } from './modelNames';
import { request } from './wishes';
import { iconButton, section } from './widgets';

/** How the run was made, folded away: what another person needs to get the same numbers. */
export function manifestTable(manifest: CarriedManifest, date: string): TemplateResult {
  return html`<details class="manifest">
    <summary>Run manifest</summary>
    <div class="section-head"><span class="grow"></span>${copyButton(manifest)}</div>
    ${pairsTable(manifestRows(manifest, date), 'Run manifest')}
  </details>`;
}

/** The same as a section of its own, in two columns where there is room. */
export function manifestSection(manifest: CarriedManifest, date: string): TemplateResult {
  const rows = manifestRows(manifest, date);
  const half = Math.ceil(rows.length / 2);
  return section(
    'Run manifest',
    copyButton(manifest),
    html`<div class="halves">
      ${pairsTable(rows.slice(0, half), 'Run manifest')}
      ${pairsTable(rows.slice(half), 'Run manifest, continued')}
    </div>`,
  );
}

function copyButton(manifest: CarriedManifest): TemplateResult {
  const copy = (event: Event): void => {
    const text = JSON.stringify(manifest, null, 2);
    request(event.currentTarget as Element, { type: 'copyText', text, what: 'run manifest' });
  };
  return iconButton('copy', 'Copy as JSON', copy, { text: 'Copy as JSON' });
}

function pairsTable(rows: readonly (readonly [string, string])[], caption: string): TemplateResult {
  return html`<table class="pairs manifest-table">
    <caption class="hidden-text">
      ${caption}
    </caption>
    <tbody>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function manifestRows(manifest: CarriedManifest, date: string): [name: string, value: string][] {
  const { model, selfTest, plan, corpus, engine } = manifest;
  const left = [
    plan.keepSpecial ? 'special tokens counted' : 'special tokens left out',
    plan.keepSinks ? 'first positions counted' : 'first positions left out in causal models',
    ...(plan.dropSinks === null ? [] : [`sinks over ${plan.dropSinks} × the median norm left out`]),
  ];
  return [
    ['Written by', `${manifest.tool}, ${date}`],
    [
      'Model',
      `${modelName(model.id)} · ${model.file} · ${model.dtype} · opset ${model.opset} · ${activationNames(model.activation)}`,
    ],
    ['Model hash', model.sha256],
    ['Self-test', selfTest === null ? 'not made' : selfTestStatement(selfTest)],
    ['Tokenizer hash', manifest.tokenizer.sha256],
    ['Corpus', corpus.root],
    [
      'Files',
      `${formatCount(corpus.files)} files, ${formatCount(corpus.documents)} documents, ${formatCount(corpus.tokens)} tokens`,
    ],
    ['Not profiled', notProfiled(corpus.skipped)],
    ['Corpus hash', corpus.sha256],
    [
      'Windows',
      `${plan.window} tokens, stride ${plan.stride}, a token counts in the window with ` +
        (plan.scoring === 'left' ? 'the most left context' : 'its nearer end farthest'),
    ],
    ['Layers', `${plan.layers[0]} to ${plan.layers[1]}`],
    ['Values', plan.quantity.join(', ')],
    ['Population', left.join('; ')],
    ['Seed', String(plan.seed)],
    [
      'Engine',
      `onnxruntime ${engine.onnxruntime}, ${engine.provider}, ${formatCount(engine.batchTokens)} tokens a batch`,
    ],
    ['Segments', formatCount(manifest.segments.length)],
    ['Time', `${formatDuration(manifest.seconds)}, ${formatCount(manifest.tokensPerSecond)} tokens/s`],
  ];
}

/** What was found and left out, such as `3 binary, 20 unreadable`; by reason where the profile tells them apart. */
function notProfiled({ reasons, ...totals }: CarriedManifest['corpus']['skipped']): string {
  if (Object.keys(reasons).length > 0) return describeSkipCounts(reasons);
  const found = [
    [totals.binary, 'binary'],
    [totals.ignored, 'ignored'],
    [totals.unreadable, 'unreadable'],
    [totals.brokenRecords, 'broken records'],
  ] as const;
  const left = found.filter(([count]) => count > 0);
  return left.map(([count, reason]) => `${formatCount(count)} ${reason}`).join(', ') || 'nothing';
}
