import * as v from 'valibot';
import type { Disposable } from 'vscode';
import { conceptPage } from '../../protocol/pages/concept';
import type { ProfiledConcept } from '../profiles/testedConcepts';
import type { PanelServices } from './commonAnswers';
import { ConceptPanel } from './conceptPanel';
import { OpenPages } from './openPages';

/** The open concept pages; they stand where the neuron pages do. */
export class ConceptPanels implements Disposable {
  private readonly pages;

  constructor(services: PanelServices) {
    this.pages = new OpenPages(services.context, {
      page: conceptPage,
      titleOf: ({ concept }: ProfiledConcept) => concept,
      make: (panel, concept) => new ConceptPanel(services, panel, concept),
      state: v.object({ profile: v.string(), concept: v.string() }),
      subjectOf: async ({ profile, concept }) => ({
        ...{ profile, concept },
        profileName: (await services.library.find(profile))?.name ?? profile,
      }),
    });
  }

  show(concept: ProfiledConcept): void {
    this.pages.show(concept);
  }

  /** Lets pages come back when the window is loaded anew. */
  restore(): Disposable {
    return this.pages.restore();
  }

  dispose(): void {
    this.pages.dispose();
  }
}
