// Parts of a long page that open and close: they remember how they were left, and on paper all are open.

import { el } from "../dom.js";

const WIDE = "(min-width: 52rem)";

/** The folds of one view. */
export class Folds {
  constructor(root) {
    this.root = root;
    this.left = new Map();
    this.wide = window.matchMedia(WIDE).matches;
    this.closed = [];
    this.before = () => {
      this.closed = [...root.querySelectorAll("details:not([open])")];
      for (const node of this.closed) node.open = true;
    };
    this.after = () => { for (const node of this.closed.splice(0)) node.open = false; };
    window.addEventListener("beforeprint", this.before);
    window.addEventListener("afterprint", this.after);
  }

  /** Return a part: closed to begin with, unless it is the first or there is room for all. */
  fold(key, heading, content, { first = false } = {}) {
    const open = this.left.has(key) ? this.left.get(key) : first || this.wide;
    const node = el("details", { class: "fold", open, on: { toggle: () => { if (!this.closed.length) this.left.set(key, node.open); } } },
      el("summary", { data: { fold: key } }, heading), content);
    return node;
  }

  /** Do something that makes parts anew, and keep whoever stands at one of their headings there. */
  keepingPlace(work) {
    const held = this.root.contains(document.activeElement) ? document.activeElement.dataset.fold : undefined;
    work();
    if (held === undefined || document.activeElement !== document.body) return;
    const again = [...this.root.querySelectorAll("summary")].find((each) => each.dataset.fold === held);
    if (again) again.focus({ preventScroll: true });
  }

  end() {
    window.removeEventListener("beforeprint", this.before);
    window.removeEventListener("afterprint", this.after);
  }
}
