import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../graph/schema/*.graphqls",
  documents: "src/**/*.graphql",
  generates: {
    // Each document's types stand beside it, so that a page brings only its own.
    "src/": {
      preset: "near-operation-file",
      presetConfig: { baseTypesPath: "graphql/__generated__/schema.ts", folder: "__generated__", extension: ".ts" },
      plugins: ["typescript-operations", "typed-document-node"],
    },
    "src/graphql/__generated__/schema.ts": { plugins: ["typescript"], config: { onlyOperationTypes: true } },
    "src/graphql/__generated__/types.ts": { plugins: ["./tools/types-by-shape.cjs"] },
  },
  config: {
    scalars: { DateTime: "string", Upload: "File", ID: "string" },
    enumsAsTypes: true,
    useTypeImports: true,
    strictScalars: true,
    immutableTypes: true,
    nonOptionalTypename: false,
    skipTypename: true,
    avoidOptionals: false,
  },
};

export default config;
