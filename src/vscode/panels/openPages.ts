import type { BaseIssue, BaseSchema } from 'valibot';
import { safeParse } from 'valibot';
import { ViewColumn, window, type Disposable, type ExtensionContext, type WebviewPanel } from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import type { PageDefinition } from '../../protocol/pages/page';
import { panelOptions, panelType } from './pagePanel';

/** A page that shows one thing at a time, and can go on to another. */
export interface SubjectPage<Subject> extends Partial<Disposable> {
  readonly panel: WebviewPanel;
  shows(subject: Subject): boolean;
  show(subject: Subject): void;
}

/** How the pages of a kind are made. */
export interface PageKind<Subject, Page, State> {
  readonly page: Pick<PageDefinition, 'name'>;
  readonly titleOf: (subject: Subject) => string;
  readonly make: (panel: WebviewPanel, subject: Subject) => Page;
  /** By what a page is found again after the window was loaded anew. */
  readonly state: BaseSchema<unknown, State, BaseIssue<unknown>>;
  readonly subjectOf: (state: State) => Promise<Subject>;
}

/** The open pages of a kind. A subject opens in the page that was used last; the page itself keeps what it shows. */
export class OpenPages<Subject, Page extends SubjectPage<Subject>, State> implements Disposable {
  /** The one used last stands at the end. */
  private readonly open: Page[] = [];

  constructor(
    private readonly context: ExtensionContext,
    private readonly kind: PageKind<Subject, Page, State>,
  ) {}

  /** Shows a subject: in the page that shows it already, else in the one used last, else in a new one. */
  show(subject: Subject, beside?: ViewColumn): void {
    const used = this.last((page) => page.shows(subject)) ?? this.last();
    if (used) {
      used.show(subject);
      used.panel.reveal();
      return;
    }
    const { page, titleOf } = this.kind;
    const column = beside ?? (window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active);
    const title = forEditor(titleOf(subject));
    this.add(window.createWebviewPanel(panelType(page), title, column, panelOptions(this.context)), subject);
  }

  /** The page that was used last, of those that are asked for. */
  last(isMeant: (page: Page) => boolean = () => true): Page | undefined {
    return this.open.findLast(isMeant);
  }

  /** Lets pages come back when the window is loaded anew. */
  restore(): Disposable {
    const { page, state, subjectOf } = this.kind;
    return window.registerWebviewPanelSerializer(panelType(page), {
      deserializeWebviewPanel: async (panel, kept: unknown) => {
        const parsed = safeParse(state, kept);
        if (parsed.success) this.add(panel, await subjectOf(parsed.output));
        else panel.dispose();
      },
    });
  }

  dispose(): void {
    for (const { panel } of this.open.splice(0)) panel.dispose();
  }

  private add(panel: WebviewPanel, subject: Subject): void {
    const page = this.kind.make(panel, subject);
    const remove = () => {
      const index = this.open.indexOf(page);
      if (index >= 0) this.open.splice(index, 1);
    };
    this.open.push(page);
    panel.onDidChangeViewState(() => {
      if (!panel.active) return;
      remove();
      this.open.push(page);
    });
    panel.onDidDispose(() => {
      remove();
      page.dispose?.();
    });
  }
}
