import type { ObjectPath } from "./pattern.ts";

/** `file:hashes.'SHA-256'`, as patterns spell it. */
export function writePath(path: ObjectPath): string {
  let text = `${path.objectType}:`;
  for (const [i, step] of path.steps.entries()) {
    if (step.kind === "any") text += "[*]";
    else if (step.kind === "index") text += `[${step.index}]`;
    else text += `${i === 0 ? "" : "."}${plainName.test(step.name) && !reserved.test(step.name) ? step.name : quote(step.name)}`;
  }
  return text;
}

const plainName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const reserved =
  /^(?:AND|OR|NOT|FOLLOWEDBY|LIKE|MATCHES|ISSUPERSET|ISSUBSET|EXISTS|LAST|IN|START|STOP|SECONDS|WITHIN|REPEATS|TIMES|true|false)$/;

/** A text as a pattern spells it. */
export function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

/** The algorithm that a path's last step names below `hashes`, in capitals and without hyphens; null for any other path. */
export function hashAlgorithmOf(path: ObjectPath): string | null {
  const [parent, last] = path.steps.slice(-2);
  if (parent?.kind !== "property" || parent.name !== "hashes" || last?.kind !== "property") return null;
  return algorithmOf(last.name);
}

/** The name of a hash algorithm in capitals and without hyphens, for sources spell it in many ways. */
export function algorithmOf(name: string): string {
  return name.toUpperCase().replaceAll("-", "");
}
