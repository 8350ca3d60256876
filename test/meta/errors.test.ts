import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCodes } from "../../src/core/index.ts";
import { deadLetterCodes } from "../../src/event/index.ts";
import { readText, repositoryFiles } from "./repository.ts";

const catalogues = [
  { name: "error", page: "docs/errors.md", home: "src/core/errors.ts", codes: errorCodes },
  { name: "dead-letter", page: "docs/dead-letters.md", home: "src/event/dead-letter.ts", codes: deadLetterCodes },
] as const;

for (const { name, page, home, codes } of catalogues) {
  test(`${page} has one section for each ${name} code, in the catalogue's order`, () => {
    const sections = [...readText(page).matchAll(/^## `?([A-Z_0-9]+)`?$/gm)].map((match) => match[1]);
    assert.deepEqual(sections, [...codes]);
  });

  test(`every ${name} code is given somewhere`, () => {
    const sources = repositoryFiles().filter((path) => /^src\/.*\.ts$/.test(path) && path !== home);
    const text = sources.map(readText).join("\n");
    assert.deepEqual(
      codes.filter((code) => !text.includes(`"${code}"`)),
      [],
    );
  });
}
