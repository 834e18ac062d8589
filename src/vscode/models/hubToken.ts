import type { Disposable, SecretStorage } from 'vscode';
import { hubSettings, isToken, type HubSettings } from '../../runtime/hub/hubSettings';
import type { Services } from '../lens';
import { registerFor } from '../showError';
import { tell } from '../surfaces/messages';
import { askForText } from '../surfaces/picks';

/** A token is kept for the one endpoint that it was given for, and no other ever gets it. */
const keyOf = ({ endpoint }: HubSettings): string => `hubToken ${new URL(endpoint).origin}`;

/** The Hub as this editor reaches it: with the token of its secret storage, else with what the environment has. */
export async function hubOfEditor(secrets: SecretStorage): Promise<HubSettings> {
  const settings = await hubSettings();
  return {
    ...settings,
    token: (await secrets.get(keyOf(settings))) ?? settings.token,
    tokenAdvice: 'run “Neuron Lens: Set Hugging Face Token…”',
    proxyAdvice: ' and the setting http.proxy',
  };
}

/** "Set Hugging Face Token…" and "Forget Hugging Face Token". The token is written to no setting, file or log. */
export function activateHubToken(lens: Services<'context' | 'log' | 'engine'>): Disposable[] {
  const { secrets } = lens.context;
  const register = registerFor(lens);
  return [
    register('setHubToken', async () => {
      const settings = await hubSettings();
      const { host } = new URL(settings.endpoint);
      const token = await askForText({
        title: `Token for ${host}`,
        prompt:
          'For gated and private models. It is kept in the secret storage of the editor and sent to this host only.',
        placeHolder: 'hf_…',
        password: true,
        ignoreFocusOut: true,
        validateInput: (text) =>
          isToken(text.trim()) ? null : 'A token is one word of letters, digits and signs, such as hf_….',
      });
      if (token === undefined) return;
      await secrets.store(keyOf(settings), token.trim());
      void tell(`Downloads from ${host} use your token from now on.`);
    }),
    register('forgetHubToken', async () => {
      const settings = await hubSettings();
      await secrets.delete(keyOf(settings));
      const left =
        settings.token === null ? '' : ' HF_TOKEN, or the token of huggingface-cli, is used again.';
      void tell(`The token for ${new URL(settings.endpoint).host} is forgotten.${left}`);
    }),
  ];
}
