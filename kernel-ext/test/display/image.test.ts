import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { displayBundle, image } from "../../src/index.ts";

const gif = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");

test("bytes, files, addresses of files and of data, and pixels are pictures", async () => {
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  try {
    const path = join(folder, "a b.gif");
    writeFileSync(path, gif);
    const sources = [
      gif,
      new Uint8Array(gif).buffer,
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      `data:image/gif;base64,${gif.toString("base64")}`,
    ];
    for (const source of sources) assert.equal((await displayBundle(image(source)))["image/gif"], gif.toString("base64"));
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.equal(image({ width: 1, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 255) }).mime, "image/png");
});

test("an SVG is shown in an img, which runs no script", async () => {
  const { "text/html": shown, ...rest } = await displayBundle(
    image(Buffer.from("<?xml version='1.0'?>\n<svg><script>x</script></svg>"), { alt: '"><b>', width: 9 }),
  );
  assert.match(String(shown), /^<img src="data:image\/svg\+xml;base64,[\w+/=]+" alt="&quot;&gt;&lt;b&gt;" width="9">$/);
  assert.deepEqual(Object.keys(rest), ["text/plain"]);
});

test("what is no picture is refused with its name", () => {
  assert.throws(() => image(Buffer.from("<html><svg>")), /the value is not PNG, JPEG/);
  assert.throws(() => image(new URL("https://a.org/x.png")), /fetch it first/);
  assert.throws(() => image("no-such.png"), /ENOENT/);
});
