import { env, window, type Disposable, type ExtensionContext, type Uri } from 'vscode';
import { LensError } from '../../core/common/errors';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { ProfileLibrary } from '../profiles/profileLibrary';
import type { ProfiledConcept } from '../profiles/testedConcepts';
import { guarded, type ErrorServices } from '../showError';

const CONCEPT = '/concept';

/** A link that opens a neuron in the editor: `vscode://…/neuron?profile=&id=`. */
export function linkToNeuron(context: ExtensionContext, profile: string, id: string): string {
  return linkTo(context, '/neuron', profile, id);
}

/** A link that opens a concept in the editor: `vscode://…/concept?profile=&id=`, by its name. */
export function linkToConcept(context: ExtensionContext, profile: string, name: string): string {
  return linkTo(context, CONCEPT, profile, name);
}

function linkTo({ extension }: ExtensionContext, path: string, profile: string, id: string): string {
  const query = new URLSearchParams({ profile, id });
  return `${env.uriScheme}://${extension.id}${path}?${query.toString()}`;
}

interface LinkServices extends ErrorServices {
  readonly library: ProfileLibrary;
  readonly pages: { show(neuron: PinnedNeuron): void };
  readonly conceptPages: { show(concept: ProfiledConcept): void };
}

/** Follows such links. Only profiles that the library lists are opened: a link may come from anywhere. */
export function activateLinks(lens: LinkServices): Disposable[] {
  const open = guarded(lens, async (uri: Uri) => {
    const query = new URLSearchParams(uri.query);
    const id = query.get('id') ?? '';
    const entry = (await lens.library.list()).find(({ folder }) => folder === query.get('profile'));
    if (!entry)
      throw new LensError(
        'not-found',
        `The link to ${id} names a profile that this workspace does not have.`,
      );
    const profile = { profile: entry.folder, profileName: entry.name };
    if (uri.path === CONCEPT) lens.conceptPages.show({ ...profile, concept: id });
    else lens.pages.show({ ...profile, id });
  });
  return [window.registerUriHandler({ handleUri: (uri) => void open(uri) })];
}
