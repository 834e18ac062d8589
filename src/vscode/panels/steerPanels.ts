import type { Disposable, ViewColumn } from 'vscode';
import { steerPage } from '../../protocol/pages/steer';
import type { PanelServices } from './commonAnswers';
import { OpenPages } from './openPages';
import { SteerPanel, type Steered } from './steerPanel';

/** The open pages "Ablate and steer". */
export class SteerPanels implements Disposable {
  private readonly pages;

  constructor(services: PanelServices) {
    this.pages = new OpenPages(services.context, {
      page: steerPage,
      titleOf: ({ neurons }: Steered) =>
        neurons[0] === undefined ? 'Ablate and steer' : `Ablate ${neurons[0]}`,
      make: (panel, steered) => new SteerPanel(services, panel, steered),
      state: steerPage.state,
      subjectOf: async ({ asked, profile, model, setup }) => {
        const entry = profile === null ? null : await services.library.find(profile);
        return {
          ...{ asked, model, prompt: setup.prompt, neurons: setup.neurons },
          entry: entry && 'manifest' in entry ? entry : null,
        };
      },
    });
  }

  show(steered: Omit<Steered, 'asked'>, column?: ViewColumn): void {
    this.pages.show({ ...steered, asked: Date.now() }, column);
  }

  /** Lets pages come back when the window is loaded anew. */
  restore(): Disposable {
    return this.pages.restore();
  }

  dispose(): void {
    this.pages.dispose();
  }
}
