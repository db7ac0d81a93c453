// Lists the types that have no id: the cache keeps them within what they are of.
module.exports = {
  plugin(schema) {
    const names = Object.values(schema.getTypeMap())
      .filter((type) => type.astNode?.kind === "ObjectTypeDefinition")
      .filter((type) => !["Query", "Mutation", "Subscription"].includes(type.name) && !type.getFields().id)
      .map((type) => type.name)
      .sort();
    return `export const embedded = ${JSON.stringify(names, null, 2)} as const;\n`;
  },
};
