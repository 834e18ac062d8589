import type { CommonRequests } from '../../src/protocol/pages/page';
import type { ParamsOf } from '../../src/protocol/rpc';

/** What any part of a page may want done, wherever the page stands: in a panel, or in a report. */
export type Wish = {
  [Name in Exclude<keyof CommonRequests, 'listen'>]: { readonly type: Name } & ParamsOf<CommonRequests[Name]>;
}[Exclude<keyof CommonRequests, 'listen'>];

const WISH = 'lens-wish';

/** Asks whoever runs the page for something: the wish bubbles up from `element` to `document`. */
export function request(element: Element, wish: Wish): void {
  element.dispatchEvent(new CustomEvent<Wish>(WISH, { detail: wish, bubbles: true, composed: true }));
}

/** Hears the wishes of all elements of the page. */
export function onWish(listener: (wish: Wish) => void): void {
  document.addEventListener(WISH, (event) => {
    listener((event as CustomEvent<Wish>).detail);
  });
}
