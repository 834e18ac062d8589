import { extname } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { is } from 'valibot';
import type { LensErrorCode } from '../../src/core/common/errors';
import { contractOf, type PageDefinition } from '../../src/protocol/pages/page';
import { panelDocument } from '../../src/vscode/panels/panelDocument';
import { bundleWebviews } from '../../tools/build/webview.mjs';
import type { HostWords } from './messages';
import themes from './themes.json';

export type Theme = keyof typeof themes;

const ORIGIN = 'https://webview.test';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

/** A panel in a real browser with the extension host played by the test. */
export interface StubbedPanel {
  readonly page: Page;
  /** Lets the host say something else from now on, and tells the page; ends when the page has had it. */
  send(words: HostWords): Promise<void>;
  /** Lets what the page waits for fail with a sentence. */
  fail(sentence: string, code?: LensErrorCode): Promise<void>;
  /** Lets effects be asked for and not be answered until the host says something else, or fails. */
  holdEffects(): Promise<void>;
  /** Reports something on the way to what the page waits for. */
  report(progress: unknown): Promise<void>;
  /** What the host tells unasked, to what the page listens with: news unless said otherwise. */
  tell(news: unknown, to?: 'listen' | 'watchTests'): Promise<void>;
  /** What the page asked of the host so far, but for what it shows: each call with its parameters. */
  requests(): Promise<Record<string, unknown>[]>;
  /** What the page asked for to show it, in order. */
  loads(): Promise<Record<string, unknown>[]>;
  /** The methods of the calls that the page waits for. */
  unanswered(): Promise<string[]>;
  /** How many calls the page cancelled. */
  cancelled(): Promise<number>;
  /** What the page asked the editor to keep over a reload. */
  savedState(): Promise<unknown>;
  /** Errors of scripts and violations of the content security policy. */
  readonly faults: string[];
  close(): Promise<void>;
}

/** Holds a request of a page against what its host takes. */
export function requireKnown(page: PageDefinition, request: unknown): void {
  const { type, ...params } = request as { type: string };
  const { params: schema } = contractOf(page)[type as 'openPlace'];
  if (!is(schema, params)) throw new Error(`The host does not take ${JSON.stringify(request)}.`);
}

/** The pages as they are now, bundled once a test file. */
const bundles = bundleWebviews();

/**
 * Opens a page as VS Code would: its document, its policy, its theme variables.
 * @param state what a page of before the reload had saved
 */
export async function openPanel(
  browser: Browser,
  name: string,
  options: { theme?: Theme; width?: number; height?: number; state?: unknown } = {},
): Promise<StubbedPanel> {
  const { theme = 'vscode-dark', width = 1200, height = 900, state = null } = options;
  const page = await browser.newPage({ viewport: { width, height }, timezoneId: 'UTC' });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    if (file === '') {
      const body = panelDocument({
        title: 'L3.N652',
        cspSource: ORIGIN,
        nonce: 'test',
        script: `${ORIGIN}/${name}.js`,
        style: `${ORIGIN}/${name}.css`,
        icons: `${ORIGIN}/codicon.css`,
      });
      await route.fulfill({ body, contentType: 'text/html' });
    } else {
      const contents = (await bundles).get(file);
      if (!contents) return route.fulfill({ status: 404 });
      await route.fulfill({
        body: Buffer.from(contents),
        contentType: TYPES[extname(file)] ?? 'application/octet-stream',
      });
    }
  });
  await page.addInitScript(playHost, { theme, variables: themes[theme], state });
  await page.goto(`${ORIGIN}/`);
  return {
    page,
    faults,
    send: (words) => page.evaluate((given) => (window as unknown as StubWindow).hostSays(given), words),
    fail: (sentence, code = 'internal') =>
      page.evaluate(([text, kind]) => (window as unknown as StubWindow).hostFails(text, kind), [
        sentence,
        code,
      ] as const),
    holdEffects: () =>
      page.evaluate(() => {
        (window as unknown as StubWindow).holdEffects = true;
      }),
    report: (progress) =>
      page.evaluate((value) => (window as unknown as StubWindow).hostReports(value), progress),
    tell: (news, to = 'listen') =>
      page.evaluate(([value, method]) => (window as unknown as StubWindow).hostTells(value, method), [
        news,
        to,
      ] as const),
    requests: () => page.evaluate(() => (window as unknown as StubWindow).requests),
    loads: () => page.evaluate(() => (window as unknown as StubWindow).loads),
    unanswered: () =>
      page.evaluate(() => (window as unknown as StubWindow).waiting.map(({ method }) => method)),
    cancelled: () => page.evaluate(() => (window as unknown as StubWindow).cancelled.length),
    savedState: () => page.evaluate(() => (window as unknown as StubWindow).saved),
    close: () => page.close(),
  };
}

interface StubWindow {
  /** Effects are asked for and not answered until the host says something else. */
  holdEffects: boolean;
  /** Calls that the host has not answered yet. */
  waiting: readonly Call[];
  cancelled: number[];
  requests: Record<string, unknown>[];
  loads: Record<string, unknown>[];
  saved: unknown;
  acquireVsCodeApi: () => unknown;
  hostSays: (words: HostWords) => Promise<void>;
  hostFails: (sentence: string, code: string) => Promise<void>;
  hostReports: (progress: unknown) => Promise<void>;
  hostTells: (news: unknown, to?: string) => Promise<void>;
}

interface Call {
  readonly kind: string;
  readonly id: number;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** Runs in the page before its own scripts: the editor's API, variables and body class. */
function playHost(given: { theme: string; variables: Record<string, string>; state: unknown }): void {
  const stub = window as unknown as StubWindow;
  /** What a page of prompts asks again and again. */
  const ASKED = ['prompts', 'compare', 'attribute', 'mostDifferent'];
  const LOADS = [
    'neuron',
    'selection',
    'examples',
    'whole',
    'concept',
    'evidence',
    'arrow',
    'effect',
    ...ASKED,
    'steer',
    'ablate',
    'tokens',
    'strengths',
    ...['corpus', 'ablateCorpus'],
    ...['overview', 'strips', 'strongestTokens'],
  ];
  const waiting: Call[] = [];
  let words: HostWords | null = null;
  /** Ids of the calls that are never answered, by method: what the host tells comes as their progress. */
  const listening: Record<string, number> = { listen: 0, watchTests: 0 };
  /** The answer to what the page asked last. */
  let answering = Promise.resolve();
  stub.waiting = waiting;
  stub.requests = [];
  stub.loads = [];
  stub.cancelled = [];
  stub.saved = given.state;

  /** A posted message is delivered later, and a key pressed meanwhile would overtake it. */
  const deliver = (message: unknown): Promise<void> =>
    new Promise((resolve) => {
      window.addEventListener('message', () => resolve(), { once: true });
      window.postMessage(message, '*');
    });
  const tell = (value: unknown, to = 'listen'): Promise<void> =>
    deliver({ kind: 'progress', id: listening[to], value });
  const tellReader = async (): Promise<void> => {
    if (!words) return;
    await tell({ type: 'reader', ...words.reader });
    await tell({ type: 'pinned', neurons: words.pinned });
  };
  const examplesBetween = ({ low, high }: Record<string, unknown>): unknown => {
    const { top = [], bottom = [], bands = [], random = [] } = words?.whole?.examples ?? {};
    const all = [...top, ...bottom, ...bands.flatMap((band) => band.examples), ...random];
    const inside = all.filter(({ value }) => value >= Number(low) && value < Number(high));
    const places = new Map(inside.map((example) => [`${example.file} ${example.start}`, example]));
    const examples = [...places.values()].sort((a, b) => b.value - a.value);
    return { examples, stored: examples.length };
  };
  const answerOf = ({ method, params }: Call): unknown => {
    const answer = words?.answers[method];
    const list = params.list as 'top' | null | undefined;
    const lists = words?.whole && list ? { [list]: words.whole.examples[list] } : {};
    if (method === 'neuron' && answer) return { ...answer, examples: lists };
    if (method === 'evidence' && answer) return (answer as Record<string, unknown>)[String(params.neuron)];
    if (method === 'compare' && answer) {
      return (answer as Record<string, unknown>)[params.patch ? 'patched' : 'plain'];
    }
    if (method === 'attribute' && answer) {
      return (answer as Record<string, unknown>)[params.check ? 'checked' : 'plain'];
    }
    if (method === 'strongestTokens' && answer) {
      return (params.neurons as string[]).map((id) => (answer as Record<string, unknown>)[id]);
    }
    if (answer !== undefined) return answer;
    // A model without a head, unless the test has an effect.
    if (method === 'effect') return null;
    if (method === 'examples') return lists;
    if (method === 'whole') return words?.whole;
    if (method === 'between') return examplesBetween(params);
    return LOADS.includes(method) ? undefined : null;
  };
  const hear = async (call: Call): Promise<void> => {
    if (call.kind === 'cancel') stub.cancelled.push(call.id);
    if (call.kind !== 'call') return;
    const { id, method, params } = call;
    if (method in listening) {
      listening[method] = id;
      return method === 'listen' ? tellReader() : undefined;
    }
    const held = method === 'effect' && stub.holdEffects;
    const value = held ? undefined : answerOf(call);
    if (value === undefined) {
      waiting.push(call);
      return;
    }
    (LOADS.includes(method) ? stub.loads : stub.requests).push({ type: method, ...params });
    await deliver({ kind: 'result', id, value });
  };
  stub.acquireVsCodeApi = () => ({
    postMessage: (message: Call) => (answering = hear(structuredClone(message))),
    getState: () => stub.saved,
    setState: (state: unknown) => (stub.saved = structuredClone(state)),
  });
  stub.hostSays = async (said) => {
    words = said;
    stub.holdEffects = false;
    await tellReader();
    const asked = waiting.splice(0);
    if (asked.length > 0) for (const call of asked) await hear(call);
    else await tell({ type: 'show', subject: said.subject });
    await answering;
  };
  stub.hostFails = async (message, code) => {
    const failure = { code, message, detail: '' };
    for (const { id } of waiting.splice(0)) await deliver({ kind: 'failure', id, failure });
  };
  stub.hostReports = async (value) => {
    for (const { id } of waiting) await deliver({ kind: 'progress', id, value });
  };
  stub.hostTells = tell;
  document.addEventListener('DOMContentLoaded', () => {
    document.body.classList.add(
      given.theme,
      ...(given.theme.startsWith('vscode-high') ? ['vscode-high-contrast'] : []),
    );
    for (const [name, value] of Object.entries(given.variables)) {
      document.documentElement.style.setProperty(name, value);
    }
  });
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(
      `Policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
    );
  });
}
