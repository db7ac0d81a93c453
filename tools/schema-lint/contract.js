// Fails when the schema has lost or narrowed something that the contract promises to frontends.
// Usage: node contract.js CONTRACT SCHEMA_FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  Source, astFromValue, buildASTSchema, concatAST, findBreakingChanges, findDangerousChanges,
  isInputObjectType, parse, print,
} from 'graphql';

const [contractFile, folder] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.graphqls')).sort();
const contract = read(contractFile);
const schema = read(...files.map((name) => join(folder, name)));

const broken = [
  ...findBreakingChanges(contract, schema),
  // Of what is merely dangerous to an old client, the contract allows additions, not another default.
  ...findDangerousChanges(contract, schema).filter(({ type }) => type === 'ARG_DEFAULT_VALUE_CHANGE'),
  ...changedInputDefaults(),
];
for (const { type, description } of broken) console.error(`${type}: ${description}`);
if (broken.length > 0) {
  console.error(`${folder} breaks ${broken.length} promises of ${contractFile}: it may add, never take away.`);
  process.exit(1);
}
console.log(`${folder} keeps ${contractFile}`);

function read(...paths) {
  const parts = paths.map((path) => parse(new Source(readFileSync(path, 'utf8'), path)));
  return buildASTSchema(concatAST(parts));
}

// graphql-js compares the defaults of arguments, but not those of input fields.
function changedInputDefaults() {
  return Object.values(contract.getTypeMap()).filter(isInputObjectType).flatMap((input) => {
    const ours = schema.getType(input.name)?.getFields?.() ?? {};
    return Object.values(input.getFields())
      .filter(({ name }) => ours[name] && defaultOf(ours[name]) !== defaultOf(input.getFields()[name]))
      .map(({ name }) => ({
        type: 'INPUT_DEFAULT_VALUE_CHANGE',
        description: `${input.name}.${name} has changed defaultValue.`,
      }));
  });
}

function defaultOf({ defaultValue, type }) {
  return defaultValue === undefined ? undefined : print(astFromValue(defaultValue, type));
}
