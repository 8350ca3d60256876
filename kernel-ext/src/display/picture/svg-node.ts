import { escapeHtml } from "../escape-html.ts";
import { cutText, visibleText } from "../visible-text.ts";

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element of SVG; attributes are escaped, children are elements already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${typeof value === "number" ? short(value) : escapeHtml(value ?? "")}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** A line of text. */
export function label(text: string, attributes: Attributes): string {
  return element("text", attributes, escapeHtml(visibleText(text, { on: "one line" })));
}

/** A coordinate with as many digits as anybody sees. */
export function short(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100 + 0) : "0";
}

export function cutLabel(text: string, maxLength = 28): string {
  return cutText(text, maxLength);
}

/** About how wide text is, in pixels: an average of common sans-serif faces. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\uffff]/.test(character)
      ? 1
      : /[ilj.,:;'|!ftr()[\]]/.test(character)
        ? 0.32
        : /[mwMW@%]/.test(character)
          ? 0.88
          : 0.57;
  return width * fontSize;
}

/** Plotly's text is a little HTML; of a title, the words remain. */
export function titleLines(text: string): string[] {
  return text
    .split(/<br ?\/?>/i)
    .map((line) =>
      line.replace(/<\/?[a-z][^<>]*>/gi, "").replace(/&(lt|gt|amp);/g, (_, name: string) => ({ lt: "<", gt: ">" })[name] ?? "&"),
    )
    .filter((line) => line.trim() !== "");
}
