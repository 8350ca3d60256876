import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { test } from "node:test";
import { service } from "../../../test/services.ts";
import { dataFolders, prefixDataFolder, userDataFolder } from "../../src/install/jupyter-paths.ts";

const python = service("python", ["jupyter_core"]);

test("the user's data folder follows Jupyter's rules on Linux, macOS and Windows", () => {
  const linux = { platform: "linux", home: "/h/ann" } as const;
  assert.equal(userDataFolder({ ...linux, env: {} }), "/h/ann/.local/share/jupyter");
  assert.equal(userDataFolder({ ...linux, env: { XDG_DATA_HOME: "/data" } }), "/data/jupyter");
  assert.equal(userDataFolder({ ...linux, env: { XDG_DATA_HOME: "/data", JUPYTER_DATA_DIR: "/own" } }), "/own");
  const mac = { platform: "darwin", home: "/U/ann" } as const;
  assert.equal(userDataFolder({ ...mac, env: { XDG_DATA_HOME: "/data" } }), "/U/ann/Library/Jupyter");
  assert.equal(userDataFolder({ ...mac, env: { JUPYTER_PLATFORM_DIRS: "1" } }), "/U/ann/Library/Application Support/Jupyter");
  const windows = { platform: "win32", home: "C:\\Users\\ann" } as const;
  assert.equal(
    userDataFolder({ ...windows, env: { APPDATA: "C:\\Users\\ann\\AppData\\Roaming" } }),
    "C:\\Users\\ann\\AppData\\Roaming\\jupyter",
  );
  assert.equal(userDataFolder({ ...windows, env: {} }), "C:\\Users\\ann\\.jupyter\\data");
  assert.equal(prefixDataFolder("C:\\venv", "win32"), "C:\\venv\\share\\jupyter");
});

test("named folders come first, then environments, the user's and the machine's, each once", () => {
  const machine = { platform: "linux", home: "/h/ann", env: { JUPYTER_PATH: "/one:/two::/one" } } as const;
  const ofEnvironments = ["/venv/share/jupyter", "/usr/share/jupyter"];
  const expected = ["/one", "/two", ...ofEnvironments, "/h/ann/.local/share/jupyter", "/usr/local/share/jupyter"];
  assert.deepEqual(dataFolders(machine, ["/venv", "/usr"]), expected);
});

test("on this machine they are those of jupyter_core", { skip: python.skip }, () => {
  for (const variables of [{}, { XDG_DATA_HOME: "/elsewhere" }, { JUPYTER_DATA_DIR: "/own" }, { JUPYTER_PLATFORM_DIRS: "1" }]) {
    const { JUPYTER_DATA_DIR: _1, XDG_DATA_HOME: _2, JUPYTER_PLATFORM_DIRS: _3, ...rest } = process.env;
    const env = { ...rest, ...variables };
    const run = spawnSync(python.path, ["-c", "from jupyter_core.paths import jupyter_data_dir; print(jupyter_data_dir())"], {
      env,
      encoding: "utf8",
    });
    assert.equal(userDataFolder({ platform: process.platform, env, home: homedir() }), run.stdout.trim(), JSON.stringify(variables));
  }
});
