import { escapeHtml } from "../display/escape-html.ts";

interface Style {
  isBold: boolean;
  isFaint: boolean;
  isItalic: boolean;
  isUnderlined: boolean;
  isInverse: boolean;
  /** A class for the sixteen named colours, a colour for others. */
  text: string | undefined;
  background: string | undefined;
}

const plain: Style = {
  isBold: false,
  isFaint: false,
  isItalic: false,
  isUnderlined: false,
  isInverse: false,
  text: undefined,
  background: undefined,
};

const escapeCharacter = "\u001b";
const bell = "\u0007";
// CSI with its final letter, OSC up to its end, or another two-character sequence.
const sequence = new RegExp(
  `${escapeCharacter}(?:\\[([0-9;:?]*)[ -/]*([@-~])|\\][^${bell}${escapeCharacter}]*(?:${bell}|${escapeCharacter}\\\\)?|[@-_])`,
  "g",
);

/** Text for a terminal as HTML: colours and weights are spans, other control sequences are left out, all else is escaped. */
export function ansiHtml(text: string): string {
  let html = "";
  let style = plain;
  let at = 0;
  for (const match of text.matchAll(sequence)) {
    html += span(text.slice(at, match.index), style);
    at = match.index + match[0].length;
    if (match[2] === "m") style = styled(style, match[1] ?? "");
  }
  return html + span(text.slice(at), style);
}

function span(text: string, style: Style): string {
  if (text === "") return "";
  // What is left of broken sequences is no text either.
  const escaped = escapeHtml(text.replaceAll(escapeCharacter, ""));
  const [color, background] = style.isInverse ? [style.background ?? "canvas", style.text ?? "canvastext"] : [style.text, style.background];
  const declarations = [
    ...(color === undefined ? [] : [`color:${color}`]),
    ...(background === undefined ? [] : [`background:${background}`]),
    ...(style.isBold ? ["font-weight:bold"] : []),
    ...(style.isFaint ? ["opacity:.7"] : []),
    ...(style.isItalic ? ["font-style:italic"] : []),
    ...(style.isUnderlined ? ["text-decoration:underline"] : []),
  ];
  return declarations.length === 0 ? escaped : `<span style="${declarations.join(";")}">${escaped}</span>`;
}

function styled(before: Style, parameters: string): Style {
  const style = { ...before };
  const codes = parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) Object.assign(style, plain);
    else if (code === 1) style.isBold = true;
    else if (code === 2) style.isFaint = true;
    else if (code === 3) style.isItalic = true;
    else if (code === 4) style.isUnderlined = true;
    else if (code === 7) style.isInverse = true;
    else if (code === 22) style.isBold = style.isFaint = false;
    else if (code === 23) style.isItalic = false;
    else if (code === 24) style.isUnderlined = false;
    else if (code === 27) style.isInverse = false;
    else if (code === 39) style.text = undefined;
    else if (code === 49) style.background = undefined;
    else if (code >= 30 && code <= 37) style.text = named(code - 30);
    else if (code >= 90 && code <= 97) style.text = named(code - 82);
    else if (code >= 40 && code <= 47) style.background = named(code - 40);
    else if (code >= 100 && code <= 107) style.background = named(code - 92);
    else if (code === 38 || code === 48) {
      const [color, used] = extended(codes.slice(at + 1));
      if (code === 38) style.text = color;
      else style.background = color;
      at += used;
    }
  }
  return style;
}

/** The page's style gives these a light and a dark variant. */
function named(index: number): string {
  return `var(--ansi-${index})`;
}

/** `5;n` of 256 colours, or `2;r;g;b`. @returns also how many codes it took */
function extended([kind, a = 0, b = 0, c = 0]: readonly number[]): [string | undefined, number] {
  const byte = (value: number) => Math.min(255, Math.max(0, Math.trunc(value) || 0));
  if (kind === 2) return [`rgb(${byte(a)},${byte(b)},${byte(c)})`, 4];
  if (kind !== 5) return [undefined, 1];
  const index = byte(a);
  if (index < 16) return [named(index), 2];
  if (index >= 232) return [`rgb(${Array(3).fill((index - 232) * 10 + 8)})`, 2];
  const level = (step: number) => (step === 0 ? 0 : step * 40 + 55);
  const cube = index - 16;
  return [`rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`, 2];
}
