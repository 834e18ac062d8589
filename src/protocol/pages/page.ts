import * as v from 'valibot';
import { placeEntries } from '../exampleSchema';
import { method, type Contract, type Method } from '../rpc';

export const count = v.pipe(v.number(), v.minValue(0));
export const nothing = v.null_();
const noParams = v.object({});

/**
 * Something that a page wants done and that has no answer: what goes wrong is shown by the editor. The failure of a call
 * that has one is shown by the page, in the answer's place.
 */
export function wish<Entries extends v.ObjectEntries>(
  entries: Entries,
): Method<v.InferOutput<v.ObjectSchema<Entries, undefined>>, null, never> {
  return method({ params: v.object(entries), result: nothing });
}

/** What the host tells a page unasked. */
const news = v.variant('type', [
  /** How the reader reads, said first. */
  v.object({
    type: v.literal('reader'),
    /** BCP 47 tag of the display language. */
    language: v.string(),
    /** Whether letters and digits alone may be shortcuts. */
    singleKeyShortcuts: v.boolean(),
  }),
  /** Ids of the neurons of the page's profile that are pinned now. */
  v.object({ type: v.literal('pinned'), neurons: v.array(v.string()) }),
  /** There is something else, or something newer, to be asked for; `subject` says what, such as `L3.N652`. */
  v.object({ type: v.literal('show'), subject: v.string() }),
  /** Said to the reader in a live region, such as "Opened the nearest match, line 124." */
  v.object({ type: v.literal('notice'), text: v.string() }),
]);

/** What a page of any kind may ask for. */
export const commonRequests = {
  /** The page is there: news come as progress as long as it is. */
  listen: method({ params: noParams, result: nothing, progress: news }),
  openPlace: wish(placeEntries),
  openNeuron: wish({ neuron: v.string() }),
  /** A concept that was tested on the page's profile, by its name. */
  openConcept: wish({ concept: v.string() }),
  /** What the model's output makes of a neuron that is changed, on a text; null for one that the reader writes. */
  openAblation: wish({ neuron: v.string(), text: v.nullable(v.string()) }),
  /** Prompts side by side with the values of some neurons; without a prompt the reader writes them. */
  openPrompts: wish({ prompts: v.array(v.string()), neurons: v.array(v.string()) }),
  pin: wish({ neuron: v.string(), pinned: v.boolean() }),
  copyLink: wish({ neuron: v.string() }),
  copyText: wish({ text: v.string(), what: v.string() }),
  saveFile: wish({
    suggestedName: v.string(),
    encoding: v.picklist(['utf-8', 'base64']),
    content: v.string(),
  }),
  showLog: wish({}),
};

/** A page: what it is called, what it may ask besides `commonRequests`, and what it keeps over a reload of the window. */
export interface PageDefinition<Requests extends Contract = Contract, State = unknown> {
  /** Folder in webview/, bundle in dist/webview/ and last part of the panel's type. */
  readonly name: string;
  readonly requests: Requests;
  /** By it the host finds again what a panel showed. */
  readonly state: v.GenericSchema<unknown, State>;
}

/** A page's definition with its types kept. */
export function definePage<Requests extends Contract, State>(
  page: PageDefinition<Requests, State>,
): PageDefinition<Requests, State> {
  return page;
}

/** All that a page may ask. */
export function contractOf<Requests extends Contract>(
  page: PageDefinition<Requests>,
): typeof commonRequests & Requests {
  return { ...commonRequests, ...page.requests };
}

export type CommonRequests = typeof commonRequests;
export type News = v.InferOutput<typeof news>;
/** The profile of a page: `id` finds it again after a reload of the window, `name` is shown. */
export const shownProfile = v.object({ id: v.string(), name: v.string() });
