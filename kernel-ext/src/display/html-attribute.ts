const addresses = new Set(
  (
    "href src action formaction data poster background cite longdesc manifest ping srcset xlink:href " +
    // What an SVG animation may turn an address into.
    "from to by values"
  ).split(" "),
);

// What a browser opens without running it.
const harmlessScheme = /^(?:https?|mailto|tel|ftp):/i;
const imageData = /^data:image\/(?:png|jpeg|gif|webp|avif)[;,]/i;
const plainStyle = /^[\w\s.,%#()+*/-]*$/;

/**
 * A value that may stand in the attribute after `before`, not yet escaped: an address that would run something becomes `about:blank`,
 * a style that would do more than one property does becomes empty.
 *
 * @throws TypeError for attributes that are code
 */
export function safeAttribute(name: string, value: string, before = ""): string {
  if (name.startsWith("on") || name === "srcdoc") throw new TypeError(`html: a value cannot stand in ${name}, which is code`);
  if (name === "style") return plainStyle.test(value) && !/url|expression|image|src/i.test(value) ? value : "";
  return addresses.has(name) && !isHarmless(before + value) ? (before === "" ? "about:blank" : "") : value;
}

function isHarmless(address: string): boolean {
  const trimmed = address.trim();
  return !/^[^/?#]*:/.test(trimmed) || harmlessScheme.test(trimmed) || imageData.test(trimmed);
}
