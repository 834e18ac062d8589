import { forMarkup } from '../../../src/core/common/foreignText';
import { FONT_SIZE, type Ink, listed, type Mark, type Picture } from './picture';

/** Pictures that leave the editor are light: documents are white. */
const PAPER = '#ffffff';
const INKS: Readonly<Record<Ink, string>> = {
  subject: '#8250b8',
  against: '#1f1f1f',
  control: '#8a8a8a',
  words: '#1f1f1f',
  dim: '#5f5f5f',
  grid: '#ebebeb',
};
const FONT = 'system-ui, "Segoe UI", "Noto Sans", sans-serif';
const PIXEL_RATIO = 2;
const AREA_OPACITY = 0.7;

/** A picture as an SVG file. */
export function pictureSvg({ width, height, marks }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="${FONT_SIZE}">`,
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`,
    ...marks.map(written),
    '</svg>',
    '',
  ].join('\n');
}

function written(mark: Mark): string {
  const colour = INKS[mark.ink];
  switch (mark.kind) {
    case 'line': {
      const dashes = mark.dashed ? ' stroke-dasharray="4 3"' : '';
      return `<polyline points="${listed(mark.points)}" fill="none" stroke="${colour}" stroke-width="${mark.width ?? 1}"${dashes}/>`;
    }
    case 'area':
      return `<polygon points="${listed(mark.points)}" fill="${colour}" fill-opacity="${AREA_OPACITY}"/>`;
    case 'dot':
      return `<circle cx="${mark.at[0]}" cy="${mark.at[1]}" r="${mark.radius}" fill="${colour}" fill-opacity="${mark.opacity ?? 1}"/>`;
    case 'words': {
      const [x, y] = mark.at;
      const turned = mark.turned ? ` transform="rotate(-90 ${x} ${y})"` : '';
      const bold = mark.bold ? ' font-weight="600"' : '';
      return `<text x="${x}" y="${y}" text-anchor="${mark.anchor}" fill="${colour}"${bold}${turned}>${forMarkup(mark.text)}</text>`;
    }
  }
}

/** A picture as a PNG file at twice the resolution of a screen. @returns base64 */
export function picturePng({ width, height, marks }: Picture): string {
  const canvas = document.createElement('canvas');
  canvas.width = PIXEL_RATIO * width;
  canvas.height = PIXEL_RATIO * height;
  const pen = canvas.getContext('2d')!;
  pen.scale(PIXEL_RATIO, PIXEL_RATIO);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, width, height);
  for (const mark of marks) paint(pen, mark);
  return canvas.toDataURL('image/png').split(',')[1] ?? '';
}

function paint(pen: CanvasRenderingContext2D, mark: Mark): void {
  pen.save();
  pen.strokeStyle = pen.fillStyle = INKS[mark.ink];
  pen.beginPath();
  switch (mark.kind) {
    case 'line':
      pen.lineWidth = mark.width ?? 1;
      pen.setLineDash(mark.dashed ? [4, 3] : []);
      for (const [x, y] of mark.points) pen.lineTo(x, y);
      pen.stroke();
      break;
    case 'area':
      pen.globalAlpha = AREA_OPACITY;
      for (const [x, y] of mark.points) pen.lineTo(x, y);
      pen.fill();
      break;
    case 'dot':
      pen.globalAlpha = mark.opacity ?? 1;
      pen.arc(...mark.at, mark.radius, 0, 2 * Math.PI);
      pen.fill();
      break;
    case 'words':
      pen.font = `${mark.bold ? '600 ' : ''}${FONT_SIZE}px ${FONT}`;
      pen.textAlign = mark.anchor === 'middle' ? 'center' : mark.anchor;
      pen.translate(...mark.at);
      if (mark.turned) pen.rotate(-Math.PI / 2);
      pen.fillText(mark.text, 0, 0);
      break;
  }
  pen.restore();
}
