/** The colours that a canvas needs, read from the page's style sheet. */
export interface ThemeColours {
  readonly foreground: string;
  readonly dim: string;
  readonly grid: string;
  readonly background: string;
  readonly focus: string;
  readonly hoverBackground: string;
  readonly hoverBorder: string;
  readonly positiveMark: string;
  readonly negativeMark: string;
  readonly zeroMark: string;
  readonly font: string;
}

/** Light colours for pictures that leave the editor: documents are white. */
export const PAPER: ThemeColours = {
  foreground: '#1f1f1f',
  dim: '#5f5f5f',
  grid: '#ebebeb',
  background: '#ffffff',
  focus: '#005fb8',
  hoverBackground: '#f8f8f8',
  hoverBorder: '#c8c8c8',
  positiveMark: '#b85c00',
  negativeMark: '#2a6cc9',
  zeroMark: '#8a8a8a',
  font: 'system-ui, "Segoe UI", "Noto Sans", sans-serif',
};

/** The colours of the theme in use. */
export function readThemeColours(): ThemeColours {
  const style = getComputedStyle(document.body);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    foreground: read('--vscode-foreground'),
    dim: read('--vscode-descriptionForeground'),
    grid: read('--grid-line'),
    background: read('--vscode-editor-background'),
    focus: read('--vscode-focusBorder'),
    hoverBackground: read('--vscode-editorHoverWidget-background'),
    hoverBorder: read('--vscode-editorHoverWidget-border'),
    positiveMark: read('--positive-mark'),
    negativeMark: read('--negative-mark'),
    zeroMark: read('--zero-mark'),
    font: read('--vscode-font-family'),
  };
}

/** Calls back when the editor's theme changes, which it does by the style of the root and the class of the body. */
export function onThemeChange(listener: () => void): MutationObserver {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  return observer;
}

/** Colour of a chart mark: grey near zero, the mark of its sign the stronger the farther. */
export function markColour(step: number, colours: ThemeColours): string {
  if (step === 0) return colours.zeroMark;
  const end = step > 0 ? colours.positiveMark : colours.negativeMark;
  return mix(colours.zeroMark, end, Math.min(1, 0.35 + Math.abs(step) / 8));
}

function mix(from: string, to: string, share: number): string {
  const [start, end] = [channels(from), channels(to)];
  const mixed = start.map((channel, index) => Math.round(channel + ((end[index] ?? 0) - channel) * share));
  return `rgb(${mixed.join(', ')})`;
}

/** Red, green and blue of `#rgb`, `#rrggbb`, `#rrggbbaa` or `rgb(…)`, 0 to 255. */
function channels(colour: string): number[] {
  if (!colour.startsWith('#')) return (colour.match(/[\d.]+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number);
  const digits = colour.length < 7 ? colour.slice(1).replace(/./g, '$&$&') : colour.slice(1);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}
