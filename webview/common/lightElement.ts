import { LitElement } from 'lit';

/** A Lit element whose content lies in the page itself, so that one stylesheet dresses the whole page. */
export abstract class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
