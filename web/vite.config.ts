import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `npm run dev` finds the running server; `./dev web` may set it.
const server = process.env["MYPOST_DEV_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  // Relative addresses: the same build is served at / or under any sub-path (the server fills in <base href>).
  base: "./",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../build/web",
    emptyOutDir: true,
    assetsDir: "assets",
    target: "es2022",
    manifest: true,
    sourcemap: false,
    // A translation or icon of a few hundred bytes is cheaper inlined than fetched; pictures stay files.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What every visit needs comes in two files instead of forty: the libraries, which change seldom, and our frame.
        codeSplitting: {
          groups: [
            {
              name: "libraries",
              test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(?!react-virtual|virtual-core)|i18next|react-i18next|openapi-fetch|use-sync-external-store)/,
            },
            { name: "frame", test: /src\/(app\/(?!shell\/(palette|shortcuts_dialog))|lib\/(?!counters|forms))/ },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: { "/api": { target: server, ws: true } },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
