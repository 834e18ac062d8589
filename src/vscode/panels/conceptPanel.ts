import { Buffer } from 'node:buffer';
import { commands, env, type Disposable, type WebviewPanel } from 'vscode';
import { LensError } from '../../core/common/errors';
import { forEditor } from '../../core/common/foreignText';
import type { OpenConcept } from '../../core/concepts/conceptReading';
import { nameOf } from '../../core/concepts/neuronMeaning';
import { carried } from '../../core/profile/manifest';
import { conceptPage, type ConceptRequests, type ShownConcept } from '../../protocol/pages/concept';
import type { Handlers } from '../../protocol/rpc';
import { linkToConcept } from '../links/pageLinks';
import { stepOf, type ConceptTest } from '../profiles/conceptTests';
import type { ProfiledConcept } from '../profiles/testedConcepts';
import type { PanelServices } from './commonAnswers';
import { PagePanel } from './pagePanel';

/** One concept page. It reads the profile itself, so it works while the engine is busy or absent. */
export class ConceptPanel {
  private readonly page: PagePanel<ConceptRequests>;
  private readonly listener: Disposable;
  private watching: Disposable | null = null;
  /** Read as soon as it is to be shown, while the page is still being loaded or asks for it. */
  private opened: Promise<OpenConcept>;

  constructor(
    private readonly services: PanelServices,
    readonly panel: WebviewPanel,
    private concept: ProfiledConcept,
  ) {
    panel.title = forEditor(concept.concept);
    this.opened = this.open();
    this.page = new PagePanel(services, panel, conceptPage, () => this.concept, this.answers());
    this.listener = services.library.onDidChange(() => this.show(this.concept));
  }

  shows({ profile, concept }: ProfiledConcept): boolean {
    return this.concept.profile === profile && this.concept.concept === concept;
  }

  show(concept: ProfiledConcept): void {
    this.concept = concept;
    this.opened = this.open();
    this.page.show(concept.concept);
  }

  dispose(): void {
    this.listener.dispose();
  }

  private answers(): Handlers<ConceptRequests> {
    return {
      concept: () => this.shown(),
      evidence: async ({ concept, neuron }) => (await this.still(concept)).neuron(neuron),
      arrow: async ({ concept }) => {
        const opened = await this.still(concept);
        const { neuronsTable } = await import('../profiles/profileTables');
        return Buffer.concat(await neuronsTable([opened.concept])).toString('base64');
      },
      goToConcept: async () => {
        await commands.executeCommand('neuronLens.openConcept');
        return null;
      },
      testConcepts: async () => {
        const entry = await this.services.library.find(this.concept.profile);
        if (entry && 'manifest' in entry)
          await commands.executeCommand('neuronLens.testConcepts', { kind: 'profile', entry });
        return null;
      },
      testControl: async ({ control }) => {
        const entry = await this.services.library.find(this.concept.profile);
        if (!entry || !('manifest' in entry)) return null;
        const said = await commands.executeCommand('neuronLens.testControl', { entry, control });
        if (typeof said === 'string') this.page.notice(said);
        return null;
      },
      stopTest: () => {
        this.services.tests.cancel();
        return Promise.resolve(null);
      },
      watchTests: this.watchTests,
      wrongLabel: async ({ concept, outcome, place }) => {
        await this.still(concept);
        const entry = await this.services.library.find(this.concept.profile);
        if (!entry || !('manifest' in entry)) return null;
        const wrong = { entry, concept, outcome, place };
        const said = await commands.executeCommand('neuronLens.keepException', wrong);
        if (typeof said === 'string') this.page.notice(said);
        return null;
      },
      editConcepts: async () => {
        await commands.executeCommand('neuronLens.editConcepts');
        return null;
      },
      copyConceptLink: async () => {
        const { profile, concept } = this.concept;
        await env.clipboard.writeText(linkToConcept(this.services.context, profile, concept));
        this.page.notice(`Copied the link to ${concept}.`);
        return null;
      },
    };
  }

  /** Tells the page of every step, until it is gone. */
  private readonly watchTests: Handlers<ConceptRequests>['watchTests'] = (_, { progress, signal }) => {
    const { tests } = this.services;
    const tell = (test: ConceptTest | null) => {
      const own = test?.folder === this.concept.profile ? test : null;
      progress({ running: own && { control: own.control, step: stepOf(own) } });
    };
    // A page that was hidden is loaded anew, and the earlier one hears nothing any more.
    this.watching?.dispose();
    const watching = (this.watching = tests.onDidChange(tell));
    tell(tests.current);
    return new Promise((resolve) => {
      const end = () => {
        watching.dispose();
        resolve(null);
      };
      signal.addEventListener('abort', end, { once: true });
    });
  };

  private open(): Promise<OpenConcept> {
    const opened = this.read();
    // Whoever asks for it is told; nobody may.
    opened.catch(() => undefined);
    return opened;
  }

  private async read(): Promise<OpenConcept> {
    const { profile, profileName, concept } = this.concept;
    const reader = await this.services.current.reader(profile);
    const opened = await reader.concept(concept);
    if (opened) return opened;
    throw new LensError(
      'not-found',
      `"${concept}" was not tested on ${profileName}. Test its concepts, or choose another one.`,
    );
  }

  /** The open concept, unless the panel has gone on to another one. */
  private still(name: string): Promise<OpenConcept> {
    if (name !== this.concept.concept) throw new LensError('cancelled', `${name} is shown no longer.`);
    return this.opened;
  }

  private async shown(): Promise<ShownConcept> {
    const { current, concepts } = this.services;
    const { profile, profileName } = this.concept;
    const [{ run, concept, controls, labeller }, { manifest }, results] = await Promise.all([
      this.opened,
      current.reader(profile),
      concepts.of(profile),
    ]);
    const others = results?.concepts ?? [];
    const named = concept.neurons.flatMap(({ id }) => {
      const name = results && nameOf(results, id);
      return name ? [[id, name] as const] : [];
    });
    return {
      profile: { id: profile, name: profileName },
      manifest: carried(manifest),
      ...{ run, concept, labeller },
      controls: [...controls],
      named: results?.named ?? { neurons: 0, of: 0 },
      names: Object.fromEntries(named),
      nested: others
        .filter(({ neurons }) => neurons.some(({ under }) => under === concept.name))
        .map(({ name }) => name),
      partial: results?.partial === true,
      refused: others.flatMap(({ name, refused }) =>
        refused === null || name === concept.name ? [] : [{ name, reason: refused }],
      ),
    };
  }
}
