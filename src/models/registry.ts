import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { didYouMean, SoclabError } from "../core/index.ts";
import { decodeModel, encodeModel } from "./artefact.ts";
import { Model } from "./model.ts";
import { parseModelReference, requireModelName } from "./model-reference.ts";
import { refuse } from "./safetensors.ts";

/** A model of the registry, and the versions that it holds. */
export interface RegisteredModel {
  readonly name: string;
  /** Ascending. */
  readonly versions: readonly number[];
}

const maxFileBytes = 2 ** 30;

/**
 * Models in a folder, `DIR/<model>/<version>.safetensors`. Versions count up from 1 and are never written over; whoever writes, a version is there as a
 * whole or not at all.
 */
export class ModelRegistry {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /**
   * Stores the model under its next version.
   * @returns the reference that loads it: `M@1`
   * @throws SOCLAB_INVALID_VALUE for a name that is no name
   */
  async register(model: Model): Promise<string> {
    requireModelName(model.name);
    const folder = join(this.dir, model.name);
    await mkdir(folder, { recursive: true });
    const taken = await this.#versions(model.name);
    for (let version = (taken.at(-1) ?? 0) + 1; ; version++) {
      const versioned = new Model(model.name, version, model);
      if (await writeOnce(folder, `${version}.safetensors`, encodeModel(versioned))) return versioned.reference;
    }
  }

  /**
   * Loads `M@1`, or the newest version by `M@latest` or `M`.
   * @throws SOCLAB_UNKNOWN_MODEL, SOCLAB_ARTEFACT, SOCLAB_INVALID_VALUE
   */
  async load(reference: string): Promise<Model> {
    const { name, version } = parseModelReference(reference);
    const versions = await this.#versions(name);
    if (versions.length === 0) {
      const known = (await this.list()).map((each) => each.name);
      const hint =
        didYouMean(name, known) ??
        (known.length > 0 ? `There are ${known.join(", ")}.` : "The registry is empty; `soclab train` fills it.");
      throw new SoclabError("SOCLAB_UNKNOWN_MODEL", `registry "${this.dir}" has no model "${name}"`, { hint });
    }
    const found = version === "latest" ? versions.at(-1)! : version;
    if (!versions.includes(found)) {
      throw new SoclabError("SOCLAB_UNKNOWN_MODEL", `model "${name}" has no version ${found}`, {
        hint: `It has ${versions.slice(-10).join(", ")}; ${name}@latest is the newest.`,
      });
    }
    const path = join(this.dir, name, `${found}.safetensors`);
    const model = await readModel(path);
    if (model.name !== name || model.version !== found) throw refuse(`"${path}" holds ${model.reference}; expected ${name}@${found}`);
    return model;
  }

  /** Every model, by name. */
  async list(): Promise<readonly RegisteredModel[]> {
    const models: RegisteredModel[] = [];
    for (const entry of await entriesOf(this.dir)) {
      const versions = entry.isDirectory() ? await this.#versions(entry.name) : [];
      if (versions.length > 0) models.push({ name: entry.name, versions });
    }
    return models.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #versions(name: string): Promise<number[]> {
    const versions: number[] = [];
    for (const entry of await entriesOf(join(this.dir, name))) {
      const match = /^([1-9]\d{0,8})\.safetensors$/.exec(entry.name);
      if (match && entry.isFile()) versions.push(Number(match[1]));
    }
    return versions.sort((a, b) => a - b);
  }
}

/** The registry in that folder; it need not exist yet. */
export function openRegistry(dir: string): ModelRegistry {
  return new ModelRegistry(dir);
}

/** A model file outside a registry. @throws SOCLAB_ARTEFACT, SOCLAB_IO */
export async function readModel(path: string): Promise<Model> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) throw refuse(`"${path}" has ${size} bytes; at most ${maxFileBytes} are accepted`);
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof SoclabError) throw cause;
    throw new SoclabError("SOCLAB_IO", `cannot read "${path}"`, { cause });
  }
  try {
    return decodeModel(bytes);
  } catch (cause) {
    if (!(cause instanceof SoclabError)) throw cause;
    throw new SoclabError("SOCLAB_ARTEFACT", `"${path}": ${cause.message.replace("SOCLAB_ARTEFACT: ", "")}`, { cause, hint: cause.hint });
  }
}

/** Writes beside, flushes, and links into place, which fails where the name is taken. */
async function writeOnce(folder: string, name: string, bytes: Uint8Array): Promise<boolean> {
  const beside = join(folder, `.${name}.${randomUUID()}`);
  try {
    const file = await open(beside, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(beside, join(folder, name));
    return true;
  } catch (cause) {
    if (errnoOf(cause) === "EEXIST") return false;
    throw new SoclabError("SOCLAB_IO", `cannot write "${join(folder, name)}"`, { cause });
  } finally {
    await rm(beside, { force: true });
  }
}

async function entriesOf(dir: string) {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (cause) {
    if (errnoOf(cause) === "ENOENT") return [];
    throw new SoclabError("SOCLAB_IO", `cannot list "${dir}"`, { cause });
  }
}

function errnoOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}
