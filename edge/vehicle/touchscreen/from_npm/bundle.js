// Writes ../static/vendor/: basemap.js (readable, not minified), each package's license, and
// MANIFEST.json with name, version, license and integrity hash of every package that is in it, by package-lock.json.

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const OUT = "../static/vendor";
const FRESH = `${OUT}.writing`;

const made = await build({
  entryPoints: ["basemap.js"],
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  alias: { pmtiles: "./node_modules/pmtiles/index.ts" }, // its source: the bundle it ships holds another package's code
  metafile: true,
  write: false,
  logLevel: "warning",
});

const lock = JSON.parse(readFileSync("package-lock.json")).packages;
const [output] = Object.values(made.metafile.outputs);
const inside = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
const folders = [...new Set(inside.map(([path]) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]))];

rmSync(FRESH, { recursive: true, force: true });
mkdirSync(`${FRESH}/licenses`, { recursive: true });
const packages = folders.filter((folder) => folder !== undefined).sort().map((folder) => {
  const name = folder.replace("node_modules/", "");
  const { version, license, integrity } = lock[folder];
  const text = `licenses/${name.replace("/", "-")}.txt`;
  copyFileSync(licenseOf(folder, name), `${FRESH}/${text}`);
  return { name, version, license: license, integrity, text };
});
writeFileSync(`${FRESH}/basemap.js`, made.outputFiles[0].contents);
writeFileSync(`${FRESH}/MANIFEST.json`, `${JSON.stringify({ file: "basemap.js", packages }, null, 2)}\n`);
rmSync(OUT, { recursive: true, force: true });
renameSync(FRESH, OUT);

/** The file of a package's license, or our copy of it where the package has none. */
function licenseOf(folder, name) {
  const own = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const kept = `licenses/${name.replace("/", "-")}.txt`;
  if (own !== undefined) return `${folder}/${own}`;
  if (existsSync(kept)) return kept;
  throw new Error(`${name} has no license file; put its text into from_npm/${kept}`);
}
