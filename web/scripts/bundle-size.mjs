// Prints what a first visit downloads as JavaScript and fails when that passes the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const budgetBytes = 180 * 1000;
const root = new URL("../../build/web/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", root), "utf8"));

const initial = new Set();
function visit(key) {
  const chunk = manifest[key];
  if (!chunk || initial.has(chunk.file)) return;
  initial.add(chunk.file);
  for (const next of chunk.imports ?? []) visit(next);
}
visit("index.html");

let total = 0;
for (const file of initial) {
  const bytes = gzipSync(readFileSync(new URL(file, root)), { level: 9 }).length;
  total += bytes;
  console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  initial JavaScript, gzip (budget ${budgetBytes / 1000} kB)`);
if (total > budgetBytes) {
  console.error("Initial JavaScript is over its budget: load the newcomer lazily.");
  process.exit(1);
}
