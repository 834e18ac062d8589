import { html, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import type { Example } from '../../src/core/profile/neuronPage';
import { request } from './wishes';

/** `path:line:col` of an example; a click asks for the file with the token selected. */
export function placeLink(example: Example, missing: boolean): TemplateResult {
  const { folder, rest } = placeParts(example);
  const text = html`<span class="folder" dir="auto">${folder}</span><span>${rest}</span>`;
  if (missing) return html`<span class="place">${text}</span>`;
  const open = (event: Event): void => {
    event.preventDefault();
    requestPlace(event.currentTarget as Element, example);
  };
  const title = `Open ${inOneLine(example.file)} at line ${example.line}, column ${example.column}`;
  return html`<a class="place" href="#" title=${title} @click=${open}>${text}</a>`;
}

/** Asks for the source of an example. */
export function requestPlace(element: Element, example: Example): void {
  const { file, record, start, end, line, column, token } = example;
  request(element, { type: 'openPlace', file, record, start, end, line, column, token });
}

/** The path with everything drawn, split before the name, which is what the eye looks for. */
function placeParts({ file: name, line, column }: Example): { folder: string; rest: string } {
  const file = inOneLine(name);
  const cut = file.lastIndexOf('/') + 1;
  return { folder: file.slice(0, cut), rest: `${file.slice(cut)}:${line}:${column}` };
}
