// Lists for the cache: types without an id are kept within what they are of; of those with a revision an older one is
// known by it; and what changes things.
module.exports = {
  plugin(schema) {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const [, mutations, events] = roots.map((type) => Object.values(type?.getFields() ?? {}));
    const types = Object.values(schema.getTypeMap())
      .filter((type) => type.astNode?.kind === "ObjectTypeDefinition")
      .filter((type) => !roots.includes(type));
    const has = (type, field) => Boolean(type.getFields()[field]);
    const named = (name, of) =>
      `export const ${name} = ${JSON.stringify(of.map((each) => each.name).sort(), null, 2)} as const;\n`;
    return [
      named(
        "embedded",
        types.filter((type) => !has(type, "id")),
      ),
      named(
        "revised",
        types.filter((type) => has(type, "id") && has(type, "revision")),
      ),
      named("mutations", mutations),
      named("events", events),
    ].join("\n");
  },
};
