import assert from "node:assert/strict";
import { test } from "node:test";
import { service } from "../services.ts";

function withEnvironment<T>(changes: Record<string, string | undefined>, work: () => T): T {
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]));
  const apply = (values: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(changes);
  try {
    return work();
  } finally {
    apply(before);
  }
}

test("a missing component is a skip that says what is missing and how to get it", () => {
  const missing = withEnvironment({ PATH: "", SOCLAB_JAVA: undefined, SOCLAB_SERVICES: undefined }, () => service("java"));
  assert.match(String(missing.skip), /^java is not on this machine \(apt-get install/);
  assert.throws(() => missing.path, /java is not on this machine/);
});

test("a missing component is a failure where SOCLAB_SERVICES=required", () => {
  withEnvironment({ PATH: "", SOCLAB_JAVA: undefined, SOCLAB_SERVICES: "required" }, () => {
    assert.throws(() => service("java"), /SOCLAB_SERVICES=required, but java is not on this machine/);
  });
});

test("a program that is named and does not exist is a mistake, not a skip", () => {
  withEnvironment({ SOCLAB_CHROMIUM: "/no/such/chromium", SOCLAB_SERVICES: undefined }, () => {
    assert.throws(() => service("chromium"), /SOCLAB_CHROMIUM names \/no\/such\/chromium/);
  });
});

test("a component that is there is found", () => {
  const found = withEnvironment({ SOCLAB_JAVA: process.execPath }, () => service("java"));
  assert.deepEqual([found.path, found.skip], [process.execPath, false]);
});

test("a missing Python module is a skip that names the requirements it is in", () => {
  // Any program that does not say that it has the module.
  withEnvironment({ SOCLAB_PYTHON: process.execPath, SOCLAB_SERVICES: undefined }, () => {
    assert.match(
      String(service("python", ["sklearn"]).skip),
      /^python module sklearn .*pip install -r test\/reference\/requirements\.txt,/,
    );
    assert.match(String(service("python", ["jupyterlab"]).skip), /^python module jupyterlab .*-r kernel-ext\/test\/requirements\.txt,/);
  });
});
