import { render, type TemplateResult } from 'lit';

const GAP = 6;
const EDGE = 4;

/** The one tooltip of the page; it lives in `body`, so nothing clips it. */
let box: HTMLElement | undefined;

/** Shows `content` under `anchor`, or above it where the window ends. */
export function showTooltip(anchor: Element, content: TemplateResult): void {
  box ??= createBox();
  render(content, box);
  box.hidden = false;
  const at = anchor.getClientRects()[0] ?? anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = Math.max(EDGE, Math.min(window.innerWidth - width - EDGE, at.left));
  const below = at.bottom + GAP;
  const top = below + height > window.innerHeight ? at.top - height - GAP : below;
  box.style.setProperty('left', `${left + window.scrollX}px`);
  box.style.setProperty('top', `${Math.max(EDGE, top) + window.scrollY}px`);
}

export function hideTooltip(): void {
  if (box) box.hidden = true;
}

function createBox(): HTMLElement {
  const element = document.createElement('div');
  element.className = 'tooltip';
  element.setAttribute('role', 'tooltip');
  document.body.append(element);
  return element;
}
