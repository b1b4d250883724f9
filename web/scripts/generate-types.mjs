// Writes src/lib/api/schema.d.ts from the server's own OpenAPI document.
import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const documented = at("../../docs/openapi.json");
const source = existsSync(documented) ? documented : at("../openapi.draft.json");
const tool = at("../node_modules/openapi-typescript/bin/cli.js");
const result = spawnSync(process.execPath, [tool, source, "-o", at("../src/lib/api/schema.d.ts")], { stdio: "inherit" });
process.exit(result.status ?? 1);
