// The rules that graph/schema/*.graphqls keeps: graphql-eslint's recommended and Relay sets, with the
// reason beside each rule that is set otherwise. ESLint is started in the repository's root.
import graphql from '@graphql-eslint/eslint-plugin';

const schema = 'graph/schema/**/*.graphqls';
const { 'flat/schema-recommended': recommended, 'flat/schema-relay': relay } = graphql.configs;

export default [
  {
    files: [schema],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema } },
    },
    rules: {
      ...recommended.rules,
      ...relay.rules,

      // What a frontend sees is described: types, fields, and the fields of inputs. An enum's values
      // and a field's arguments are where the name alone does not say it.
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          rootField: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          ignoredSelectors: [
            '[type=InputValueDefinition][parent.kind=/^(FieldDefinition|DirectiveDefinition)$/]',
            // Relay's own words.
            '[type=FieldDefinition][parent.name.value=/(Connection|Edge)$/]',
          ],
        },
      ],

      // One line stands in one pair of quotes, several in a block, as they read best.
      '@graphql-eslint/description-style': 'off',

      // Only what implements Node has an id of its own.
      '@graphql-eslint/strict-id-in-types': 'off',

      // Pages go forward only.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],

      // A connection also lists its nodes, and a short list comes whole.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ],
    },
  },
];
