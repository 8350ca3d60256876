import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { service } from "../../../test/services.ts";
import { makeJupyterPlace } from "../front-ends/jupyter-place.ts";

const python = service("python", ["jupyter_kernel_test"]);

test("jupyter_kernel_test and Jupyter's own client find nothing to say, and skip nothing", { skip: python.skip }, async () => {
  const place = makeJupyterPlace(python.path);
  try {
    const script = join(import.meta.dirname, "conformance.py");
    const child = spawn(python.path, [script], {
      cwd: place.root,
      env: { ...place.env, KERNEL_NAME: place.kernelName },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.equal(code, 0, said);
    assert.match(said, /Ran \d\d tests/);
    assert.doesNotMatch(said, /skipped/, said);
  } finally {
    place.remove();
  }
});
