import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";
import { pages } from "./examples.ts";
import { readText, root } from "./repository.ts";

const withoutCode = (text: string) => text.replaceAll(/```[\s\S]*?```/g, "").replaceAll(/`[^`\n]*`/g, "");

/** GitHub's anchors: lower case, punctuation gone, spaces to hyphens. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? "");
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}

test("every link between the pages leads somewhere, its anchor too", () => {
  const broken: string[] = [];
  for (const page of pages()) {
    for (const [, target = ""] of withoutCode(readText(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : posix.join(posix.dirname(page), path);
      if (!existsSync(`${root}/${file}`)) broken.push(`${page}: ${target}`);
      else if (anchor !== undefined && !anchorsOf(readText(file)).has(anchor)) broken.push(`${page}: ${target} (no such heading)`);
    }
  }
  assert.deepEqual(broken, []);
});

test("every decision has its context, its options and its choice, and is listed", () => {
  const decisions = pages().filter((path) => /^docs\/decisions\/(?!README)/.test(path));
  assert.ok(decisions.length > 5);
  const index = readText("docs/decisions/README.md");
  for (const path of decisions) {
    const sections = [...readText(path).matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    for (const wanted of ["Context", "Options", "Choice"]) assert.ok(sections.includes(wanted), `${path} has no section "${wanted}"`);
    assert.ok(index.includes(`(${posix.basename(path)})`), `${path} is not in docs/decisions/README.md`);
  }
});
