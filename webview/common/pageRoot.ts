import { render, type TemplateResult } from 'lit';
import { errorState, loadingState } from './states';

/** Until then something that is on its way would only flicker. */
const LOADING_AFTER_MS = 150;

/** The place of a page: holds the page, or what stands there while there is none. */
export class PageRoot<Page extends HTMLElement> {
  /** The page, while it is shown. */
  page: Page | undefined;
  private readonly place = document.getElementById('root') ?? document.body;
  private readonly announcements = document.getElementById('announcements');
  private timer: number | undefined;

  /** Puts the page in place, making it when there is none. */
  show(make: () => Page): Page {
    window.clearTimeout(this.timer);
    if (this.page) return this.page;
    render(null, this.place);
    this.page = make();
    this.place.append(this.page);
    return this.page;
  }

  /** Grey bars, once what is coming takes longer than a moment. */
  loading(subject: string): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.replace(loadingState(subject)), LOADING_AFTER_MS);
  }

  error(message: string): void {
    window.clearTimeout(this.timer);
    this.replace(errorState(message));
  }

  /** Says something to the reader without moving the page. */
  announce(text: string): void {
    if (this.announcements) this.announcements.textContent = text;
  }

  private replace(content: TemplateResult): void {
    this.page?.remove();
    this.page = undefined;
    render(content, this.place);
  }
}
