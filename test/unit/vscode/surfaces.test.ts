import fc from 'fast-check';
import { marked } from 'marked';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MarkdownString, Range } from 'vscode';
import type { TokenReply } from '../../../src/protocol/engine';
import { describeToken } from '../../../src/vscode/hover/describeToken';
import type { ProfileEntry } from '../../../src/vscode/profiles/profileEntry';
import { openLog } from '../../../src/vscode/surfaces/log';
import {
  confirm,
  tell,
  tellError,
  tellInStatusBar,
  warn,
  whileWorking,
} from '../../../src/vscode/surfaces/messages';
import { askForText, pick } from '../../../src/vscode/surfaces/picks';
import { hiddenIn, HOSTILE_TEXTS } from '../../faults/hostileTexts';

/** Every text that the editor was given to show, our own icons taken away. */
const shown = vi.hoisted(() => [] as string[]);
vi.mock('vscode', () => {
  const say = (text: string, options?: { detail?: string }) => {
    shown.push(text, options?.detail ?? '');
    return Promise.resolve();
  };
  return {
    MarkdownString: class {
      isTrusted: unknown = false;
      value = '';
      appendMarkdown(source: string): void {
        this.value += source;
      }
    },
    ProgressLocation: { Notification: 15 },
    window: {
      showInformationMessage: say,
      showWarningMessage: say,
      showErrorMessage: say,
      setStatusBarMessage: (text: string) => say(text.replace(/^\$\(info\) /, '')),
      withProgress: ({ title }: { title: string }, work: (progress: object) => Promise<unknown>) => {
        shown.push(title);
        return work({ report: ({ message }: { message: string }) => shown.push(message) });
      },
      showQuickPick: (items: Record<string, string>[], { title, placeHolder }: Record<string, string>) => {
        shown.push(title!, placeHolder!);
        for (const { label, description, detail } of items)
          shown.push(label!.replace(/^\$\(chip\) /, ''), description!, detail!);
        return Promise.resolve(items[0]);
      },
      showInputBox: async ({ title, prompt, validateInput }: Record<string, unknown>) => {
        shown.push(String(title), String(prompt));
        shown.push(String(await (validateInput as (text: string) => Promise<unknown>)('typed')));
        return 'typed';
      },
      createOutputChannel: () => ({
        info: (line: string) => shown.push(line),
        warn: (line: string) => shown.push(line),
        error: (line: string) => shown.push(line),
      }),
    },
  };
});

beforeEach(() => void shown.splice(0));

/** How the editor finds links in messages and prompts (vscode, src/vs/base/common/linkedText.ts). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** How it finds icons (src/vs/base/common/iconLabels.ts). */
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z0-9-]+)?\)/;

describe('a text of a stranger', () => {
  it.each(HOSTILE_TEXTS)(
    'is text and nothing else in messages, lists, prompts and the log: %j',
    async (text) => {
      const sentence = `${text} and ${text}`;
      await Promise.all([
        tell(sentence),
        warn(sentence),
        tellError(sentence),
        confirm(sentence, sentence, 'Do'),
      ]);
      tellInStatusBar(sentence, 1);
      await whileWorking(sentence, (report) => {
        report({ message: sentence });
        return Promise.resolve();
      });
      const line = { label: text, icon: 'chip', description: text, detail: text };
      expect(await pick([line], { title: text, placeHolder: text })).toBe(line);
      await askForText({ title: text, prompt: sentence, validateInput: () => sentence });
      expect(shown).toHaveLength(20);
      for (const each of shown) {
        expect(each).not.toMatch(LINK);
        expect(each).not.toMatch(ICON);
        expect(hiddenIn(each)).toEqual([]);
      }
      shown.splice(0);
      const log = openLog();
      log.info(text);
      log.warn(text);
      log.error(text, new Error(text));
      expect(hiddenIn(shown.join(''), '\n')).toEqual([]);
    },
  );

  it.each(HOSTILE_TEXTS)('makes no link of its own in a hover, and breaks none of ours: %j', (text) => {
    const folder = `/home/${text}`;
    const links = linksOf(hover(text, { folder, name: text }).value);
    expect(links.map(({ command }) => command)).toEqual([
      'neuronLens.openNeuron',
      'neuronLens.openNeuron',
      'neuronLens.ablate',
      'neuronLens.pinNeuron',
      'neuronLens.chooseNeuron',
      'neuronLens.turnHoversOff',
    ]);
    for (const { command, argument } of links) {
      if (command.endsWith('openNeuron') || command.endsWith('pinNeuron'))
        expect(argument).toEqual([{ profile: folder, profileName: text, id: 'L1.N2' }]);
      if (command.endsWith('ablate')) expect(argument).toMatchObject([{ text: text.slice(0, 1000) }]);
    }
  });
});

it('keeps the links of a hover whole for any path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (folder, token) => {
      const links = linksOf(hover(token, { folder, name: 'p' }).value);
      expect(links).toHaveLength(6);
      expect(links[2]!.argument).toMatchObject([{ text: token, id: 'L1.N2' }]);
      expect(links[0]!.argument).toEqual([{ profile: folder, profileName: 'p', id: 'L1.N2' }]);
    }),
  );
});

function hover(token: string, entry: Pick<ProfileEntry, 'folder' | 'name'>): MarkdownString {
  const answer: NonNullable<TokenReply> = {
    token: { id: 1, start: 0, end: token.length, number: 1, of: 9, leftOut: null },
    chosen: null,
    strongest: [{ id: 'L1.N2', value: 1, percentile: 0.5 }],
    background: 9,
  };
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } as unknown as Range;
  return describeToken(answer, { text: token, range, line: token }, entry as ProfileEntry, null, new Map());
}

/** The links of a Markdown text, their arguments read as the editor does: it undoes percent-escapes twice. */
function linksOf(source: string): { command: string; argument: unknown }[] {
  const links: { command: string; argument: unknown }[] = [];
  void marked.walkTokens(marked.lexer(source), (token) => {
    expect(token.type).not.toBe('image');
    expect(token.type).not.toBe('html');
    if (token.type !== 'link') return;
    const [, command = '', query] = /^command:([^?]*)(?:\?(.*))?$/s.exec(token['href'] as string)!;
    const argument: unknown =
      query === undefined ? null : JSON.parse(decodeURIComponent(decodeURIComponent(query)));
    links.push({ command, argument });
  });
  return links;
}
