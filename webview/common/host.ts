import { type MessageToHost, type MessageToWebview, readMessageToWebview } from '../../src/protocol/webview';

/** A message to the host without the version, which the bridge adds. */
export type Request = MessageToHost extends infer Message
  ? Message extends MessageToHost
    ? Omit<Message, 'v'>
    : never
  : never;

const REQUEST = 'lens-request';

/** Asks whoever runs the page for something: the request bubbles up from `element` to `document`. */
export function request(element: Element, wish: Request): void {
  element.dispatchEvent(new CustomEvent<Request>(REQUEST, { detail: wish, bubbles: true, composed: true }));
}

/** Hears the requests of all elements of the page. */
export function onRequest(listener: (wish: Request) => void): void {
  document.addEventListener(REQUEST, (event) => {
    listener((event as CustomEvent<Request>).detail);
  });
}

interface HostApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): HostApi;

/** The extension host on the other side of a panel. */
export interface Host {
  post(wish: Request): void;
  savedState(): unknown;
  saveState(state: unknown): void;
}

/**
 * Joins the page to the extension host: requests of elements go out, checked messages come in.
 * Call once; says `ready` itself.
 */
export function connectHost(onMessage: (message: MessageToWebview) => void): Host {
  const api = acquireVsCodeApi();
  const post = (wish: Request): void => api.postMessage({ v: 1, ...wish });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readMessageToWebview(event.data);
    if (message) onMessage(message);
  });
  onRequest(post);
  post({ type: 'ready' });
  return { post, savedState: () => api.getState(), saveState: (state) => api.setState(state) };
}
