/** Where in HTML, or SVG, an interpolated value stands. */
export type HtmlPlace =
  | { readonly kind: "text" }
  /** Inside `<title>` or `<textarea>`: text, but no place for elements. */
  | { readonly kind: "plain text" }
  | { readonly kind: "attribute"; readonly name: string; readonly before: string }
  /** Right after `name=`, with nothing of the value written in the template. */
  | { readonly kind: "unquoted attribute"; readonly name: string }
  /** A tag, its name or an attribute's name, a comment, a script: what escaping cannot make safe. */
  | { readonly kind: "unsafe"; readonly what: string };

const plainTextElements = new Set(["title", "textarea"]);
const rawTextElements = new Set(["script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"]);

/**
 * Follows a template's own text, as an HTML tokenizer does, so that each value is escaped for the place where it stands.
 *
 * @see https://html.spec.whatwg.org/multipage/parsing.html#tokenization
 */
export class HtmlScanner {
  #state: "text" | "tag" | "attribute name" | "before value" | "value" | "unquoted value" | "comment" | "declaration" = "text";
  #element = "";
  #isClosing = false;
  #attribute = "";
  #value = "";
  #quote: '"' | "'" = '"';
  /** The element whose text is going on, where that is not parsed for other elements. */
  #textOf = "";

  /** Reads on. Interpolated values are not read: escaped, they change no state. */
  read(text: string): void {
    let at = 0;
    while (at < text.length) at = this.#step(text, at);
  }

  get place(): HtmlPlace {
    switch (this.#state) {
      case "text":
        if (this.#textOf === "") return { kind: "text" };
        if (plainTextElements.has(this.#textOf)) return { kind: "plain text" };
        return { kind: "unsafe", what: `inside <${this.#textOf}>` };
      case "value":
        return { kind: "attribute", name: this.#attribute, before: this.#value };
      case "before value":
        return { kind: "unquoted attribute", name: this.#attribute };
      case "unquoted value":
        return { kind: "unsafe", what: `in the unquoted value of ${this.#attribute}` };
      case "comment":
        return { kind: "unsafe", what: "inside a comment" };
      default:
        return { kind: "unsafe", what: "inside a tag, where names of elements and attributes stand" };
    }
  }

  /** Tells what was put into the attribute's value at this place. */
  wrote(value: string): void {
    if (this.#state === "before value") this.#state = "tag";
    else this.#value += value;
  }

  #step(text: string, at: number): number {
    switch (this.#state) {
      case "text":
        return this.#textStep(text, at);
      case "comment":
        return this.#until(text, at, "-->", "text");
      case "declaration":
        return this.#until(text, at, ">", "text");
      case "value": {
        const end = this.#until(text, at, this.#quote, "tag");
        this.#value += text.slice(at, end);
        return end;
      }
      default:
        return this.#tagStep(text, at);
    }
  }

  #textStep(text: string, at: number): number {
    const open = text.indexOf("<", at);
    if (open < 0) return text.length;
    const rest = text.slice(open);
    if (this.#textOf !== "") {
      const end = /^<\/([a-z][^\s/>]*)/i.exec(rest);
      if (end?.[1]?.toLowerCase() !== this.#textOf) return open + 1;
      this.#textOf = "";
      return this.#openTag(end[1], true, open + end[0].length);
    }
    if (rest.startsWith("<!--")) {
      this.#state = "comment";
      return open + 4;
    }
    const tag = /^<(\/?)([a-z][^\s/>]*)/i.exec(rest);
    if (tag) return this.#openTag(tag[2] ?? "", tag[1] === "/", open + tag[0].length);
    // "<" at the template's edge would swallow the value: "<${name}".
    if (/^<[!?/]/.test(rest) || rest === "<") this.#state = "declaration";
    return open + 1;
  }

  #openTag(name: string, isClosing: boolean, after: number): number {
    this.#element = name.toLowerCase();
    this.#isClosing = isClosing;
    this.#state = "tag";
    return after;
  }

  #tagStep(text: string, at: number): number {
    const character = text[at] ?? "";
    const isSpace = /\s/.test(character);
    if (character === ">") {
      this.#state = "text";
      if (!this.#isClosing && (plainTextElements.has(this.#element) || rawTextElements.has(this.#element))) this.#textOf = this.#element;
      return at + 1;
    }
    if (this.#state === "before value") {
      if (isSpace) return at + 1;
      if (character === '"' || character === "'") {
        this.#quote = character;
        this.#value = "";
        this.#state = "value";
      } else this.#state = "unquoted value";
      return at + 1;
    }
    if (this.#state === "unquoted value") {
      if (isSpace) this.#state = "tag";
      return at + 1;
    }
    if (this.#state === "attribute name" && character === "=") {
      this.#state = "before value";
      return at + 1;
    }
    if (isSpace) {
      // "name =value" is allowed.
      if (!/^\s*=/.test(text.slice(at))) this.#state = "tag";
      return at + 1;
    }
    if (this.#state === "attribute name") this.#attribute += character.toLowerCase();
    else if (character !== "/") {
      this.#state = "attribute name";
      this.#attribute = character.toLowerCase();
    }
    return at + 1;
  }

  #until(text: string, at: number, end: string, next: "text" | "tag"): number {
    const found = text.indexOf(end, at);
    if (found < 0) return text.length;
    this.#state = next;
    return found + end.length;
  }
}
