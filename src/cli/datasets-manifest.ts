import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { datasetsDir, SoclabError } from "../core/index.ts";

const manifestSchema = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      format: z.string(),
      records: z.number(),
      bytes: z.number(),
      sha256: z.string(),
      source: z.string(),
      licence: z.string(),
    }),
  ),
});

export type ShippedFile = z.infer<typeof manifestSchema>["files"][number];

/** The files of the shipped sample, as `datasets/manifest.json` lists them. */
export async function shippedFiles(): Promise<readonly ShippedFile[]> {
  const path = join(datasetsDir(), "manifest.json");
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, "utf8"))).files;
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no manifest`, {
      hint: "The installation is damaged: install soclab again.",
      cause,
    });
  }
}
