import { SoclabError } from "../core/index.ts";

/** Letters, digits, `_`, `-` and inner dots: safe as a folder on every system. */
const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)(?=[A-Za-z0-9_-])){0,63}$/;

/** @throws SOCLAB_INVALID_VALUE */
export function requireModelName(name: string): void {
  if (namePattern.test(name)) return;
  throw new SoclabError("SOCLAB_INVALID_VALUE", `${JSON.stringify(name.slice(0, 80))} is no name for a model`, {
    hint: "Use up to 64 letters, digits, _, - and inner dots: conn-hourly.",
  });
}

export interface ModelReference {
  readonly name: string;
  readonly version: number | "latest";
}

/**
 * Reads `M@1`, `M@latest` or `M`.
 * @throws SOCLAB_INVALID_VALUE
 */
export function parseModelReference(reference: string): ModelReference {
  const at = reference.lastIndexOf("@");
  const name = at < 0 ? reference : reference.slice(0, at);
  const version = at < 0 ? "latest" : reference.slice(at + 1);
  requireModelName(name);
  if (version === "latest") return { name, version };
  if (!/^[1-9]\d{0,8}$/.test(version)) {
    throw new SoclabError(
      "SOCLAB_INVALID_VALUE",
      `"${version.slice(0, 40)}" is no version of a model; expected a number from 1 or "latest"`,
      {
        hint: `${name}@latest is the newest.`,
      },
    );
  }
  return { name, version: Number(version) };
}
