import type { NeuronName } from '../../core/concepts/conceptResults';
import type { NeuronRow } from '../../core/profile/openProfile';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { DamagedEntry, ProfileEntry } from '../profiles/profileEntry';
import type { ProfileRun, WaitingRun } from '../profiles/profileRuns';

/** A line of the tree of profiles: a profile, the one being made, one that waits for it, or a fact about the run. Commands get it as well. */
export type ProfileNode =
  | { readonly kind: 'profile'; readonly entry: ProfileEntry }
  | { readonly kind: 'damaged'; readonly entry: DamagedEntry }
  | { readonly kind: 'run'; readonly run: ProfileRun }
  | { readonly kind: 'waiting'; readonly run: WaitingRun }
  | {
      readonly kind: 'fact';
      readonly label: string;
      readonly description: string;
      readonly command?: string;
    };

/** A line of the tree of neurons: a layer, one of its neurons, or the way to more of them. Commands get it as well. */
export type NeuronNode =
  | { readonly kind: 'layer'; readonly site: string; readonly neurons: number; readonly dead: number }
  | {
      readonly kind: 'neuron';
      readonly neuron: NeuronRow;
      readonly target: PinnedNeuron;
      /** What the list is sorted by, of this one. */
      readonly figure: string;
      /** What it goes with, where it carries a name. */
      readonly name: NeuronName | null;
      /** What is known of it in words: name, strongest tokens. */
      readonly words: readonly string[];
    }
  | { readonly kind: 'more'; readonly site: string; readonly left: number };
