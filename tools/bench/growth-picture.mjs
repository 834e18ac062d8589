/**
 * Draws what growth.mjs measured: `node tools/bench/growth-picture.mjs docs/pictures/growth.json docs/pictures/growth.svg`.
 * Three panels, microseconds of processor time a token on logarithmic scales; the picture follows the reader's dark or light scheme.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { spread } from './spread.mjs';

const [input, output] = process.argv.slice(2);
if (!input || !output) {
  console.error('Name the measurements and the picture: node tools/bench/growth-picture.mjs IN.json OUT.svg');
  process.exit(2);
}
const measured = JSON.parse(readFileSync(input, 'utf8'));

const PANEL = { width: 270, height: 220, gap: 62, left: 58, top: 64, bottom: 62 };
const PANELS = [
  { series: 'tokens', title: 'tokens of text', note: 'embedded model, 3,072 neurons' },
  { series: 'neurons', title: 'neurons', note: 'random weights, width 128, 2k tokens' },
  { series: 'windows', title: 'tokens a window', note: '6 × 1,536 neurons, width 384, 4k tokens' },
];
/** What is drawn: processor time of all threads, which neighbours on the machine blur less than the clock. */
const LINES = [
  { name: 'bare forward', of: ({ bare }) => spread(bare.processorSeconds).median },
  { name: 'profile', of: ({ profile }) => spread(profile.processorSeconds).median },
];

const panels = PANELS.filter(({ series }) => measured[series]);
const width = PANEL.left + panels.length * (PANEL.width + PANEL.gap) - PANEL.gap + 24;
const height = PANEL.top + PANEL.height + PANEL.bottom;
writeFileSync(
  output,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Microseconds of processor time a token">
<style>
  svg { color-scheme: light dark; --paper: #fff; --ink: #1f2328; --faint: #59636e; --grid: #d1d9e0; }
  svg { --line-0: #59636e; --line-1: #8250df; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #f0f6fc; --faint: #9198a1; --grid: #3d444d; }
    svg { --line-0: #9198a1; --line-1: #bc8cff; }
  }
  text { font: 12px system-ui, sans-serif; fill: var(--ink); }
  .faint { fill: var(--faint); }
  .title { font-weight: 600; }
  .grid { stroke: var(--grid); stroke-width: 1; }
  .line { fill: none; stroke-width: 2; }
${LINES.map((_, i) => `  .of-${i} { stroke: var(--line-${i}); } .dot-${i} { fill: var(--line-${i}); }`).join('\n')}
</style>
<rect width="${width}" height="${height}" fill="var(--paper)"/>
${legend()}
${panels.map(panel).join('\n')}
</svg>
`,
);

function legend() {
  const entries = LINES.map(({ name }, i) => {
    const x = PANEL.left + i * 132;
    return `<path class="line of-${i}" d="M${x} 20h22"/>${mark(i, x + 11, 20)}<text x="${x + 28}" y="24">${name}</text>`;
  });
  return `${entries.join('\n')}\n<text class="faint" x="${width - 24}" y="24" text-anchor="end">µs of processor time a token</text>`;
}

function panel({ series, title, note }, index) {
  const points = measured[series];
  const left = PANEL.left + index * (PANEL.width + PANEL.gap);
  const costs = points.flatMap((point) => LINES.map(({ of }) => costOf(of, point)));
  const x = scale(
    Math.min(...points.map((point) => point.x)),
    Math.max(...points.map((point) => point.x)),
    left,
    left + PANEL.width,
  );
  const y = scale(
    decade(Math.min(...costs), Math.floor),
    decade(Math.max(...costs), Math.ceil),
    PANEL.top + PANEL.height,
    PANEL.top,
  );
  const rows = powers(y.from, y.to).map(
    (value) =>
      `<path class="grid" d="M${left} ${y.at(value)}h${PANEL.width}"/><text class="faint" x="${left - 8}" y="${y.at(value) + 4}" text-anchor="end">${short(value)}</text>`,
  );
  const columns = points.map(
    (point) =>
      `<text class="faint" x="${x.at(point.x)}" y="${PANEL.top + PANEL.height + 18}" text-anchor="middle">${short(point.x)}</text>`,
  );
  const lines = LINES.map(({ of }, i) => {
    const places = points.map((point) => `${x.at(point.x)} ${y.at(costOf(of, point))}`);
    return `<path class="line of-${i}" d="M${places.join('L')}"/>${points.map((point) => mark(i, x.at(point.x), y.at(costOf(of, point)))).join('')}`;
  });
  const middle = left + PANEL.width / 2;
  return `<text class="title" x="${left}" y="${PANEL.top - 12}">${title}</text>
<text class="faint" x="${middle}" y="${PANEL.top + PANEL.height + 44}" text-anchor="middle">${note}</text>
${rows.join('\n')}
${columns.join('\n')}
${lines.join('\n')}`;
}

/** Lines are told apart by the shape of their points as well as by colour. */
function mark(i, x, y) {
  if (i === 0) return `<circle class="dot-0" cx="${x}" cy="${y}" r="3.5"/>`;
  return `<path class="dot-1" d="M${x} ${y - 4.5}l4.5 4.5l-4.5 4.5l-4.5 -4.5z"/>`;
}

function costOf(of, point) {
  return (1e6 * of(point)) / point.tokens;
}

/** A logarithmic scale. */
function scale(from, to, start, end) {
  const at = (value) => {
    const share = Math.log(value / from) / Math.log(to / from);
    return Math.round((start + share * (end - start)) * 10) / 10;
  };
  return { from, to, at };
}

function decade(value, round) {
  return 10 ** round(Math.log10(value));
}

function powers(from, to) {
  const all = [];
  for (let value = from; value <= to * 1.001; value *= 10) all.push(value);
  return all;
}

function short(value) {
  if (value >= 1e6) return `${Math.round(value / 1e5) / 10}M`;
  return value >= 1000 ? `${Math.round(value / 1000)}k` : String(Math.round(value));
}
