// The server's drawings, as pictures of the page.

import { el } from "../dom.js";

/** How wide they are drawn, in units of their own. */
export const DRAWN_WIDTH = 360;

/** A drawing of the server's, shown as a picture: it is replaced in place, and its memory given back. */
export class Picture {
  constructor(className = "drawn") {
    this.node = el("img", { class: className, alt: "", width: DRAWN_WIDTH });
    this.node.hidden = true;
    this.text = "";
  }

  show(text, alt) {
    this.node.alt = alt;
    if (text === this.text) return;
    this.text = text;
    const old = this.node.src;
    this.node.hidden = !text;
    if (text) this.node.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    if (old.startsWith("blob:")) URL.revokeObjectURL(old);
  }

  end() {
    if (this.node.src.startsWith("blob:")) URL.revokeObjectURL(this.node.src);
  }
}

/** The pictures of a page, by what they show. */
export class Pictures {
  constructor() { this.all = new Map(); }

  get(key) {
    if (!this.all.has(key)) this.all.set(key, new Picture());
    return this.all.get(key);
  }

  end() { this.all.forEach((picture) => picture.end()); }
}
