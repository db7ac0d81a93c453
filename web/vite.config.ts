import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// Where `npm run dev` finds the API; `make run` listens here.
const api = process.env.RENKEI_PUBLIC_URL ?? "http://127.0.0.1:8080";

// handler.go hands out what is compressed here, once and well.
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  generateBundle: {
    order: "post",
    handler(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css)$/.test(file.fileName)) continue;
        const source = Buffer.from(file.type === "chunk" ? file.code : file.source);
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        this.emitFile({
          type: "asset",
          fileName: `${file.fileName}.br`,
          source: brotliCompressSync(source, { params }),
        });
        this.emitFile({ type: "asset", fileName: `${file.fileName}.gz`, source: gzipSync(source, { level: 9 }) });
      }
    },
  },
};

export default defineConfig({
  plugins: [react(), compressed],
  // handler.go puts a fresh one into each answer.
  html: { cspNonce: "RENKEI_NONCE" },
  build: {
    outDir: "dist/console",
    emptyOutDir: true,
    target: "es2023",
    // A data: address would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      "/graphql": { target: api, changeOrigin: true, ws: true },
      "^/(auth|invitation|password-reset|schema\\.graphql|file-imports|.*\\.csv)": { target: api, changeOrigin: true },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing.ts"],
  },
});
