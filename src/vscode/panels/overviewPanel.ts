import { commands, type Disposable, type WebviewPanel } from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import { parseNeuron } from '../../core/common/neuronAddress';
import { withoutFigures } from '../../core/stats/strongestTokens';
import { overviewPage, type OverviewRequests, type ShownOverview } from '../../protocol/pages/overview';
import type { Handlers } from '../../protocol/rpc';
import type { PanelServices, ShownProfile } from './commonAnswers';
import { PagePanel } from './pagePanel';

/** One page of a whole profile. It reads the profile itself, so it works while the engine is busy or absent. */
export class OverviewPanel {
  private readonly page: PagePanel<OverviewRequests>;
  private readonly listener: Disposable;

  constructor(
    private readonly services: PanelServices,
    readonly panel: WebviewPanel,
    private profile: ShownProfile,
  ) {
    panel.title = forEditor(titleOf(profile));
    this.page = new PagePanel(services, panel, overviewPage, () => this.profile, this.answers());
    this.listener = services.library.onDidChange(() => this.show(this.profile));
  }

  shows({ profile }: ShownProfile): boolean {
    return this.profile.profile === profile;
  }

  show(profile: ShownProfile): void {
    this.profile = profile;
    this.page.show(titleOf(profile));
  }

  dispose(): void {
    this.listener.dispose();
  }

  private answers(): Handlers<OverviewRequests> {
    return {
      overview: () => this.shown(),
      strips: async ({ metric }) => {
        const [reader, { answerStrips }] = await Promise.all([this.reader(), tablesReader()]);
        return reader.read((stored) => answerStrips(stored, metric));
      },
      strongestTokens: async ({ neurons }) => {
        const addresses = neurons.flatMap((id) => parseNeuron(id) ?? []);
        const found = await (await this.reader()).strongestTokens(addresses);
        return found.map((tokens) => tokens.map(withoutFigures));
      },
      testConcepts: () => this.run((entry) => ['neuronLens.testConcepts', { kind: 'profile', entry }]),
      testShuffled: () => this.run((entry) => ['neuronLens.testControl', { entry, control: 'shuffled' }]),
      saveReport: () => this.run((entry) => ['neuronLens.openReport', { kind: 'profile', entry }]),
    };
  }

  /** Runs a command on the profile, and says what it says. */
  private async run(
    commandOn: (entry: object) => readonly [command: string, argument: object],
  ): Promise<null> {
    const entry = await this.services.library.find(this.profile.profile);
    if (!entry || !('manifest' in entry)) return null;
    const said = await commands.executeCommand(...commandOn(entry));
    if (typeof said === 'string') this.page.notice(said);
    return null;
  }

  private reader() {
    return this.services.current.reader(this.profile.profile);
  }

  private async shown(): Promise<ShownOverview> {
    const { concepts } = this.services;
    const { profile: id, profileName: name } = this.profile;
    const [reader, { answerOverview }, results, controls] = await Promise.all([
      this.reader(),
      tablesReader(),
      concepts.of(id),
      concepts.controls(id),
    ]);
    const overview = await reader.read((stored) => answerOverview(stored, results, controls));
    return { profile: { id, name }, overview };
  }
}

/** Arrow comes with it: not before a page asks. */
function tablesReader() {
  return import('../profiles/profileTables');
}

/** What the tab of a profile's overview says. */
export function titleOf({ profileName }: Pick<ShownProfile, 'profileName'>): string {
  return `Overview: ${profileName}`;
}
