// One WebSocket to the server: hello first, numbered messages with their answers, back again after a break.
//
// A message without an answer when the line breaks is sent again after the next hello, with its number; the server
// gives the answer that it gave before instead of doing it twice.

const FIRST_WAIT = 300;
const LONGEST_WAIT = 5000;
const ANSWER_WAIT = 30000;
// the server closed the line for good: it will say the same again
const FINAL = new Set([1008]);

/** What the server would not do; its message is a sentence for people. */
export class Sorry extends Error {}

function pageName() {
  const letters = new Uint8Array(16);
  crypto.getRandomValues(letters);
  return Array.from(letters, (letter) => letter.toString(16).padStart(2, "0")).join("");
}

export class Connection {
  /** @param {(state: "open"|"lost"|"refused"|"closed", say?: string) => void} onState hears how the line is. */
  constructor(onState = () => {}) {
    this.onState = onState;
    this.listeners = new Map();
    this.pending = new Map();
    this.page = pageName();
    this.number = 0;
    this.wait = FIRST_WAIT;
    this.ended = false;
    this.greeted = false;
  }

  /**
   * Say hello ({as, token, code, session}) and stay connected.
   * @returns {Promise<object>} what the server answers to the first hello; rejected with Sorry if it refuses.
   */
  open(hello) {
    this.hello = hello;
    return new Promise((resolve, reject) => {
      this.first = { resolve, reject };
      this.dial();
    });
  }

  /** Hear messages of a type; returns a function that stops it. */
  on(type, listener) {
    if (!this.listeners.has(type)) this.listeners.set(type, new Set());
    this.listeners.get(type).add(listener);
    return () => this.listeners.get(type).delete(listener);
  }

  /**
   * Send a message and wait for its answer.
   * @returns {Promise<object>} the body of `done`; rejected with Sorry and the server's sentence.
   */
  send(type, body = {}) {
    if (this.ended) return Promise.reject(new Sorry("This line is closed; load the page again."));
    this.number += 1;
    const n = this.number;
    return new Promise((resolve, reject) => {
      const text = JSON.stringify({ ...body, t: type, n });
      this.pending.set(n, { text, resolve, reject, since: Date.now() });
      if (this.greeted) this.socket.send(text);
    });
  }

  /** End the line; nothing is sent again. */
  close() {
    this.ended = true;
    clearTimeout(this.timer);
    if (this.socket) this.socket.close(1000);
    this.onState("closed");
  }

  dial() {
    if (this.ended) return;
    const socket = new WebSocket(`ws://${location.host}/live`);
    this.socket = socket;
    this.helloNumber = this.number + 1;
    this.number = this.helloNumber;
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ ...this.hello, t: "hello", n: this.helloNumber, page: this.page }));
    });
    socket.addEventListener("message", (event) => {
      if (socket === this.socket) this.hear(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.socket) this.lost(event);
    });
  }

  hear(message) {
    const { t: type, n } = message;
    if (type === "done" && n === this.helloNumber && !this.greeted) {
      this.greeted = true;
      this.wait = FIRST_WAIT;
      this.onState("open");
      this.tell("again", message, this.first === null);
      if (this.first) this.first.resolve(message);
      this.first = null;
      for (const { text } of this.pending.values()) this.socket.send(text);
      return;
    }
    if (type === "sorry" && !this.greeted && message.final) {
      this.refuse(message.say);
      return;
    }
    if (type === "done" || type === "sorry") {
      const asked = this.pending.get(n);
      if (!asked) return;
      this.pending.delete(n);
      if (type === "done") asked.resolve(message);
      else asked.reject(new Sorry(message.say));
      return;
    }
    this.tell(type, message);
  }

  // "again" is heard after each hello but the first: what the server holds of this page may be new
  tell(type, message, wanted = true) {
    if (!wanted) return;
    for (const listener of this.listeners.get(type) || []) listener(message);
  }

  refuse(sentence) {
    this.ended = true;
    this.onState("refused", sentence);
    if (this.first) this.first.reject(new Sorry(sentence));
    this.first = null;
    for (const { reject } of this.pending.values()) reject(new Sorry(sentence));
    this.pending.clear();
  }

  lost(event) {
    this.greeted = false;
    if (this.ended) return;
    if (FINAL.has(event.code)) {
      this.refuse("The server closed this line; load the page again.");
      return;
    }
    this.onState("lost");
    const now = Date.now();
    for (const [n, { since, reject }] of this.pending) {
      if (now - since > ANSWER_WAIT) {
        this.pending.delete(n);
        reject(new Sorry("The server did not answer for half a minute."));
      }
    }
    this.timer = setTimeout(() => this.dial(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(LONGEST_WAIT, this.wait * 1.7);
  }
}
