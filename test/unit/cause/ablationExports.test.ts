import { parse } from 'csv-parse/sync';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import {
  ablationAsJson,
  ablationAsMarkdown,
  controlsAsCsv,
  lossesAsCsv,
  shiftsAsCsv,
} from '../../../src/core/cause/ablationExports';
import { changeOf, meanLossChange } from '../../../src/core/cause/ablationFigures';
import { recordedAblations } from '../../webview/steerMessages';

const { next, hidden } = recordedAblations;
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true });
const hostile = '`x`\n```\n<img src=x>| =1+1 \u202e';

const exported = {
  ...{ model: 'embedded model · fp32', prompt: next.text, predicted: next.text, answer: next.answer },
  ...{ change: 'L3.N341 at 0', command: "npx neuron-lens ablate default --text 'it'" },
};

describe('an ablation outside the program', () => {
  it('is the answer of the command line as JSON', () => {
    expect(JSON.parse(ablationAsJson(next.answer))).toEqual(next.answer);
  });

  it('has tables with every figure whole', () => {
    const shifts = rowsOf(shiftsAsCsv(next.answer));
    expect(shifts.map(({ id, before, after }) => [Number(id), Number(before), Number(after)])).toEqual(
      next.answer.next.map(({ id, before, after }) => [id, before, after]),
    );
    const losses = rowsOf(lossesAsCsv(next.answer, next.text));
    expect(losses.map(({ text }) => text).join('')).toBe(next.text);
    expect(losses[0]).toMatchObject({ before: '', after: '' });
    const changes = losses.slice(1).map(({ before, after }) => Number(after) - Number(before));
    expect(changes.reduce((sum, change) => sum + change, 0) / changes.length).toBe(
      meanLossChange(next.answer),
    );
    const [chosen, ...controls] = rowsOf(controlsAsCsv(next.answer));
    expect(chosen).toEqual({ neurons: 'L3.N341', chosen: 'true', change: String(next.answer.kl) });
    expect(controls.map(({ change }) => Number(change))).toEqual(next.answer.controls.map(({ kl }) => kl));
    expect(rowsOf(controlsAsCsv(hidden.answer))[0]!.change).toBe(String(1 - hidden.answer.cosine!.sentence));
    expect(changeOf(hidden.answer)).toBe(1 - hidden.answer.cosine!.sentence);
  });

  it('is a page of Markdown with its figures and the command that gives the same', () => {
    const page = ablationAsMarkdown(exported);
    expect(page).toContain('KL divergence, before to after');
    expect(page).toContain('| “ of” | 9.59 % | 10.7 % | \\+1.15 | \\+0.113 |');
    expect(page).toContain(`\`\`\`\n${exported.command}\n\`\`\``);
    expect(ablationAsMarkdown({ ...exported, answer: hidden.answer })).toContain('0.999716');
  });

  it('holds hostile texts as text', () => {
    const answer = {
      ...next.answer,
      next: [{ id: 1, token: hostile, before: 0.5, after: 0 }],
      generated: { before: hostile, after: hostile },
    };
    const page = ablationAsMarkdown({ ...exported, prompt: hostile, command: hostile, answer });
    const kinds: string[] = [];
    void marked.walkTokens(marked.lexer(page), ({ type }) => void kinds.push(type));
    expect(kinds).not.toContain('html');
    expect(kinds).not.toContain('image');
    expect(kinds.filter((kind) => kind === 'code')).toHaveLength(4);
    expect(page).not.toContain('\u202e');
    expect(shiftsAsCsv(answer)).not.toMatch(/^=/m);
  });
});
