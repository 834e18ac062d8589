import { safeParse } from 'valibot';
import { toLensError } from '../../src/core/common/errors';
import {
  contractOf,
  type CommonRequests,
  type News,
  type PageDefinition,
} from '../../src/protocol/pages/page';
import { connectCaller, type Calls, type Contract } from '../../src/protocol/rpc';
import { PageRoot } from './pageRoot';
import { onWish } from './wishes';

/** How the reader reads. */
type Reader = Omit<Extract<News, { type: 'reader' }>, 'type'>;

/** What a page's element is given. */
export interface PageElement<Shown> extends HTMLElement {
  /** What the host answered; set anew whenever there is something else, or something newer. */
  shown: Shown;
  /** Ids of the pinned neurons of the page's profile. */
  pinned: readonly string[];
  /** In which dates are written, as the editor calls it. */
  language: string;
}

/** The extension host on the other side of a panel, and what the editor keeps for the page. */
export interface Host<Requests extends Contract, State> {
  readonly calls: Calls<CommonRequests & Requests>;
  /** What the page was before the window was reloaded, where that can be read. */
  readonly savedState: () => State | null;
  readonly saveState: (state: State | null) => void;
}

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

/** How a page differs from the others. */
export interface PageSetup<Requests extends Contract, State, Element extends PageElement<unknown>> {
  /** Asks the host for what is to be shown. @param element what shows something already, if anything does */
  load(
    host: Host<Requests, State>,
    signal: AbortSignal,
    element: Element | undefined,
  ): Promise<Element['shown']>;
  /** Called with a new element, before it gets what it shows. */
  onMade?(element: Element, host: Host<Requests, State>, shown: Element['shown']): void;
  /** Called when the element has got something to show. */
  onShown?(element: Element, host: Host<Requests, State>): void;
}

/** A page that runs: its host, its element while there is one, and how the reader reads. */
export interface RunningPage<Requests extends Contract, State, Element extends HTMLElement> {
  readonly host: Host<Requests, State>;
  readonly root: PageRoot<Element>;
  reader(): Reader;
}

/**
 * Runs a page in a panel: asks for what it shows, puts it in place, says what is loading or went wrong, passes wishes on
 * and hears news. Call once.
 */
export function startPage<Requests extends Contract, State, Element extends PageElement<unknown>>(
  page: PageDefinition<Requests, State>,
  ElementOfPage: new () => Element,
  setup: PageSetup<Requests, State, Element>,
): RunningPage<Requests, State, Element> {
  const api = acquireVsCodeApi();
  const root = new PageRoot<Element>();
  let reader: Reader = { language: '', singleKeyShortcuts: false };
  let pinned: readonly string[] = [];
  // A page that was hidden is loaded anew: answers to the earlier one may still be under way.
  const firstId = Math.floor(performance.timeOrigin * 1000);
  const connection = connectCaller(contractOf(page), (message) => api.postMessage(message), firstId);
  const { calls } = connection;
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => connection.receive(data));
  const host: Host<Requests, State> = {
    calls,
    savedState: () => {
      const state = safeParse(page.state, api.getState());
      return state.success ? state.output : null;
    },
    saveState: (state) => api.setState(state),
  };
  const common = calls as Calls<CommonRequests>;
  onWish(({ type, ...params }) => {
    // What goes wrong is shown by the editor.
    void common[type](params as never).catch(() => undefined);
  });

  let loading = new AbortController();
  const load = async (subject: string): Promise<void> => {
    loading.abort();
    const { signal } = (loading = new AbortController());
    root.loading(subject);
    try {
      const shown = await setup.load(host, signal, root.page);
      if (signal.aborted) return;
      document.title = subject;
      const element = root.show(() => {
        const made = new ElementOfPage();
        setup.onMade?.(made, host, shown);
        return made;
      });
      element.pinned = pinned;
      element.language = reader.language;
      element.shown = shown;
      setup.onShown?.(element, host);
    } catch (thrown) {
      if (!signal.aborted) root.error(toLensError(thrown).message);
    }
  };
  const hear = (news: News): void => {
    switch (news.type) {
      case 'reader':
        reader = news;
        if (root.page) root.page.language = news.language;
        break;
      case 'pinned':
        pinned = news.neurons;
        if (root.page) root.page.pinned = pinned;
        break;
      case 'show':
        void load(news.subject);
        break;
      case 'notice':
        root.announce(news.text);
        break;
    }
  };
  void common.listen({}, { onProgress: hear }).catch(() => undefined);
  void load(document.title);
  return { host, root, reader: () => reader };
}
