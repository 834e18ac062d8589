import type { Disposable } from 'vscode';
import { overviewPage } from '../../protocol/pages/overview';
import type { PanelServices, ShownProfile } from './commonAnswers';
import { OpenPages } from './openPages';
import { OverviewPanel, titleOf } from './overviewPanel';

/** The open overviews of profiles; they stand where the neuron pages do. */
export class OverviewPanels implements Disposable {
  private readonly pages;

  constructor(services: PanelServices) {
    this.pages = new OpenPages(services.context, {
      page: overviewPage,
      titleOf,
      make: (panel, profile: ShownProfile) => new OverviewPanel(services, panel, profile),
      state: overviewPage.state,
      subjectOf: async ({ profile }) => ({
        profile,
        profileName: (await services.library.find(profile))?.name ?? profile,
      }),
    });
  }

  show(profile: ShownProfile): void {
    this.pages.show(profile);
  }

  /** Lets pages come back when the window is loaded anew. */
  restore(): Disposable {
    return this.pages.restore();
  }

  dispose(): void {
    this.pages.dispose();
  }
}
