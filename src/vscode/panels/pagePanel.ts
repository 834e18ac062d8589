import { randomBytes } from 'node:crypto';
import { env, Uri, type ExtensionContext, type Webview, type WebviewPanel } from 'vscode';
import { toLensError } from '../../core/common/errors';
import { forEditor } from '../../core/common/foreignText';
import { contractOf, nothing, type News, type PageDefinition } from '../../protocol/pages/page';
import { connectHandlers, type Contract, type Handlers } from '../../protocol/rpc';
import { settings } from '../settings';
import { showError } from '../showError';
import { commonAnswers, type PanelServices, type ShownProfile } from './commonAnswers';
import { panelDocument } from './panelDocument';

/**
 * A panel with one of the bundled pages: what all of them do alike. It answers what every page may ask, tells the page
 * of pins, shows or logs what goes wrong, and takes no notice of a panel that was closed meanwhile.
 */
export class PagePanel<Requests extends Contract> {
  private tell: (news: News) => void = () => undefined;

  /**
   * @param profile the one that the page is about: pins, links and places are of it
   * @param answers to what this page may ask besides what all may
   */
  constructor(
    private readonly services: PanelServices,
    readonly panel: WebviewPanel,
    page: PageDefinition<Requests>,
    private readonly profile: () => ShownProfile,
    answers: Handlers<Requests>,
  ) {
    const { context, pins } = services;
    const { webview } = panel;
    let closed = false;
    const contract = contractOf(page);
    const common = commonAnswers(services, profile, (text) => this.notice(text));
    const handlers = { ...common, listen: this.listen, ...answers };
    const connection = connectHandlers(
      contract,
      this.guarded(contract, handlers as unknown as Handlers<typeof contract>),
      (message) => {
        if (!closed) void webview.postMessage(message);
      },
    );
    webview.options = panelOptions(context);
    webview.onDidReceiveMessage((data: unknown) => connection.receive(data));
    panel.iconPath = iconOf(context);
    webview.html = documentOf(context, webview, page.name, panel.title);
    const listener = pins.onDidChange((changed) => {
      if (changed.profile === profile().profile) this.tellPins();
    });
    panel.onDidDispose(() => {
      closed = true;
      listener.dispose();
      connection.close(toLensError(new DOMException('The panel was closed.', 'AbortError')));
    });
  }

  /** Tells the page that there is something else, or something newer, to ask for. */
  show(subject: string): void {
    this.panel.title = forEditor(subject);
    this.tell({ type: 'show', subject });
    this.tellPins();
  }

  /** Says something to the reader. */
  notice(text: string): void {
    this.tell({ type: 'notice', text });
  }

  /** A page that was hidden is loaded anew and listens again; the earlier one hears nothing any more. */
  private readonly listen = (_: object, { progress, signal }: Listening): Promise<null> => {
    this.tell = progress;
    progress({ type: 'reader', language: env.language, singleKeyShortcuts: settings.singleKeyShortcuts() });
    this.tellPins();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
  };

  private tellPins(): void {
    const { profile } = this.profile();
    const pinned = this.services.pins.all.filter((pin) => pin.profile === profile);
    this.tell({ type: 'pinned', neurons: pinned.map(({ id }) => id) });
  }

  /** The failure of a wish is shown here, as the page does not wait for it; any other is logged and left to the page. */
  private guarded<All extends Contract>(contract: All, handlers: Handlers<All>): Handlers<All> {
    const { services } = this;
    const guard = (name: keyof All): Handlers<All>[keyof All] => {
      const handle = handlers[name];
      const isWish = contract[name]?.result === nothing;
      return async (params, call) => {
        try {
          return await handle(params, call);
        } catch (thrown) {
          if (isWish) {
            await showError(services, thrown);
            return null;
          }
          const error = toLensError(thrown);
          if (error.code !== 'cancelled') services.log.error(error.message, error.cause ?? error.stack ?? '');
          throw error;
        }
      };
    };
    return Object.fromEntries(Object.keys(contract).map((name) => [name, guard(name)])) as Handlers<All>;
  }
}

interface Listening {
  readonly progress: (news: News) => void;
  readonly signal: AbortSignal;
}

/** The folder that panels may load from: our own bundles, and nothing of the workspace. */
export function panelOptions(context: ExtensionContext) {
  return { enableScripts: true, localResourceRoots: [webviewFolder(context)] };
}

/** The type that VS Code knows the panels of a page by. */
export function panelType({ name }: Pick<PageDefinition, 'name'>): string {
  return `neuronLens.${name}`;
}

function documentOf(context: ExtensionContext, webview: Webview, page: string, title: string): string {
  const address = (file: string) =>
    webview.asWebviewUri(Uri.joinPath(webviewFolder(context), file)).toString();
  return panelDocument({
    title,
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
    script: address(`${page}.js`),
    style: address(`${page}.css`),
    icons: address('codicon.css'),
  });
}

function iconOf(context: ExtensionContext) {
  const icons = Uri.joinPath(context.extensionUri, 'media', 'icons');
  return { light: Uri.joinPath(icons, 'page-light.svg'), dark: Uri.joinPath(icons, 'page-dark.svg') };
}

function webviewFolder(context: ExtensionContext): Uri {
  return Uri.joinPath(context.extensionUri, 'dist', 'webview');
}
