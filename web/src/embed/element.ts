// <sts-playground>, an example in somebody's documentation that can be played.
// This file is served as /v1/embed.js, which pages name for years: the page
// /embeds lists what it promises. It holds what has to be there when the page
// is, and loads the rest when a playground is needed.
//
// The element changes nothing of its host's: no attribute, no child. Whatever
// frameworks do with those, before or after this script, stays theirs. Its
// children are shown until the playground is, and where it can't be.

import type { Widget } from './widget';

/** Where the rest is, as seen from this module. */
declare const WIDGET: string;

/** The playground's own site. */
const site = new URL('..', import.meta.url).href;

const texts = ['scenario', 'src', 'for', 'view', 'show', 'call', 'step', 'expect', 'theme', 'loading', 'height'];
const attributes = [...texts, 'readonly'];

const style = new CSSStyleSheet();
style.replaceSync(`:host { display: block } :host([hidden]) { display: none }
  [part=note] { margin: .5em 0; font-size: .9em }
  button { font: inherit; padding: .3em .8em; cursor: pointer }`);

/** Its own members are private to the engine, not to the compiler alone: an own property is one that was set before the element was one. */
class Playground extends HTMLElement {
  static readonly observedAttributes = attributes;

  readonly #box = made('div', 'box', document.createElement('slot'));
  readonly #note = made('p', 'note');
  #loading: Promise<Widget> | undefined;
  #widget: Widget | undefined; // once it is there
  #sight: IntersectionObserver | undefined;
  #given: unknown = null; // the scenario that the property was set to before

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [style];
    shadow.append(this.#box);
  }

  connectedCallback(): void {
    for (const name of attributes) {
      // Set before the element was one, a property hides the class's.
      if (!Object.hasOwn(this, name)) continue;
      const value = (this as unknown as Record<string, unknown>)[name];
      delete (this as unknown as Record<string, unknown>)[name];
      (this as unknown as Record<string, unknown>)[name] = value;
    }
    this.#reserve();
    if (this.#widget) this.#widget.resume();
    else if (!this.#loading) this.#wait();
  }

  disconnectedCallback(): void {
    this.#sight?.disconnect();
    this.#widget?.pause();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (['scenario', 'src', 'for'].includes(name)) this.#given = null;
    if (name === 'height') this.#reserve();
    if (this.#widget) this.#widget.changed(name);
    else if (name === 'loading' && this.isConnected && !this.#loading) this.#wait();
  }

  /** The scenario as it stands, an object; null until it is known. Set to an object, to JSON or YAML, or to what the attribute takes. */
  get scenario(): unknown {
    return this.#widget ? this.#widget.scenario : typeof this.#given === 'object' ? this.#given : null;
  }

  set scenario(value: unknown) {
    if (typeof value === 'string' && !/[\s{[]/.test(value)) {
      if (value === '') this.removeAttribute('scenario');
      else this.setAttribute('scenario', value);
      return;
    }
    this.#given = value ?? null;
    this.#widget?.give(this.#given);
  }

  /** The last report (see /scenario.schema.json for its scenario); null before the first. */
  get report(): unknown {
    return this.#widget?.report ?? null;
  }

  /** Loads the playground if it isn't there yet, and plays the scenario; the report. */
  run(): Promise<unknown> {
    return this.#load().then((widget) => widget.run());
  }

  /** Waits for what the attribute loading says: to be nearly in sight, or for a click. */
  #wait(): void {
    const how = this.getAttribute('loading');
    this.#sight?.disconnect();
    this.#note.remove();
    if (how === 'eager') void this.#start();
    else if (how === 'click') {
      const button = made('button', 'run', 'Run this example');
      button.onclick = () => void this.#start();
      this.#say(button);
    } else {
      this.#sight = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && void this.#start(), { rootMargin: '200px' });
      this.#sight.observe(this);
    }
  }

  #start(): Promise<unknown> {
    return this.#load().catch(() => undefined); // it was told
  }

  #load(): Promise<Widget> {
    this.#sight?.disconnect();
    return (this.#loading ??= (import(new URL(WIDGET, import.meta.url).href) as Promise<typeof import('./widget')>)
      .then(({ attach }) => {
        this.#note.remove();
        this.#widget = attach(this, this.#box, site, this.#given);
        if (this.isConnected) this.#widget.resume();
        return this.#widget;
      })
      .catch((error: unknown) => {
        this.#loading = undefined;
        const message = error instanceof Error ? error.message : String(error);
        this.#say('This example can’t be played here. ', Object.assign(document.createElement('a'), { href: site, target: '_blank', rel: 'noopener', textContent: 'STS Playground ↗' }));
        this.dispatchEvent(new CustomEvent('sts-error', { bubbles: true, composed: true, detail: { message } }));
        throw error;
      }));
  }

  #say(...words: (Node | string)[]): void {
    this.#note.replaceChildren(...words);
    this.#box.append(this.#note);
  }

  /** Keeps the page from moving once the playground is there. */
  #reserve(): void {
    const height = this.getAttribute('height') ?? '';
    this.#box.style.minHeight = /^\d+$/.test(height) ? `${height}px` : height;
  }
}

for (const name of texts.slice(1)) {
  Object.defineProperty(Playground.prototype, name, {
    get(this: Playground) { return this.getAttribute(name) ?? ''; },
    set(this: Playground, value: unknown) {
      if (value === null || value === undefined || value === '') this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
    configurable: true, enumerable: true,
  });
}
Object.defineProperty(Playground.prototype, 'readonly', {
  get(this: Playground) { return this.hasAttribute('readonly'); },
  set(this: Playground, value: unknown) { this.toggleAttribute('readonly', Boolean(value)); },
  configurable: true, enumerable: true,
});

function made<Name extends keyof HTMLElementTagNameMap>(name: Name, part: string, ...children: (Node | string)[]): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.setAttribute('part', part);
  element.append(...children);
  return element;
}

/** Frames of the site get the height that they ask for. Who asks is known by its window; its origin is opaque. */
function serveFrames({ source, data }: MessageEvent): void {
  const { type, height } = Object(data) as { type?: unknown; height?: unknown };
  for (const frame of frames()) {
    if (!source || frame.contentWindow !== source) continue;
    if (type === 'sts-playground:resize') size(frame, Math.min(Math.max(Number(height) || 0, 80), 20_000));
    if (type === 'sts-playground:ready') greet(frame);
  }
}

/** Gives a frame's document a height. Its border may be a part of its own, or not. */
function size(frame: HTMLIFrameElement, height: number): void {
  frame.style.height = `${height}px`;
  if (frame.clientHeight < height) frame.style.height = `${height + frame.offsetHeight - frame.clientHeight}px`;
}

function frames(): HTMLIFrameElement[] {
  return [...document.querySelectorAll('iframe')].filter((frame) => frame.src.startsWith(site));
}

/** Tells a frame the theme around it, and that its height is followed. */
function greet(frame: HTMLIFrameElement): void {
  const theme = /^(dark|light)$/.exec(getComputedStyle(frame).colorScheme)?.[0] ?? 'auto';
  frame.contentWindow?.postMessage({ type: 'sts-playground:init', v: 1, options: { theme } }, '*');
}

if (!customElements.get('sts-playground')) {
  customElements.define('sts-playground', Playground);
  addEventListener('message', serveFrames);
  frames().forEach(greet); // those that were ready before
}
