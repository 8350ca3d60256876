import assert from "node:assert/strict";
import { test } from "node:test";
import { readText, repositoryFiles } from "./repository.ts";

// Written in parts, so that this file does not break its own rule.
const registryHosts = [
  "registry.npm" + "js.org",
  "registry.yarn" + "pkg.com",
  "npm.pkg.git" + "hub.com",
  "files.python" + "hosted.org",
  "repo1.ma" + "ven.org",
];
const machineFolders = ["work", "root", "home/[a-z]+", "Users/[A-Za-z]+", "tmp/[a-z]+[0-9]*"].map((folder) => `/${folder}/`);
const registryHost = new RegExp(registryHosts.map((host) => host.replaceAll(".", "\\.")).join("|"));
const machinePath = new RegExp(`(^|[\\s"'\`(=:])(${machineFolders.join("|")})`);

/** Log data holds paths and hosts of other machines; that is what it is for. */
const isData = (path: string) => /^datasets\/|\/fixtures\/|\/golden\/|\.(gz|png|parquet|mmdb|jpg)$/.test(path);

test("no committed file names a package registry's host", () => {
  const breaches = repositoryFiles().filter((path) => !isData(path) && registryHost.test(readText(path)));
  assert.deepEqual(breaches, []);
});

test("no committed file names a folder of the machine it was written on", () => {
  const breaches = repositoryFiles()
    .filter((path) => !isData(path))
    .flatMap((path) =>
      readText(path)
        .split("\n")
        .flatMap((line, index) => (machinePath.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
    );
  assert.deepEqual(breaches, []);
});

test("the two rules see what they look for", () => {
  assert.match(`"https://${registryHosts[0]}/zod"`, registryHost);
  assert.match(`import "${"/wo" + "rk/main/src"}"`, machinePath);
  assert.match(`cat ${"/tmp/no" + "de24/bin"}`, machinePath);
  assert.doesNotMatch("https://example.org/work/paper.pdf and src/work/a.ts", machinePath);
});
