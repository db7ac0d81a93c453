/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** 求人媒体: a site on which people apply. */
export type Medium =
  /** ビズリーチ. */
  | 'BIZREACH'
  /** doda. */
  | 'DODA'
  /** エン転職. */
  | 'EN_TENSHOKU'
  /** Green. */
  | 'GREEN'
  /** マイナビ転職. */
  | 'MYNAVI_TENSHOKU'
  /** その他. */
  | 'OTHER'
  /** リクナビNEXT. */
  | 'RIKUNABI_NEXT'
  /** https://www.wantedly.com */
  | 'WANTEDLY';

/** The kinds of UserError. */
export type UserErrorCode =
  /** There is one already, and there can be only one. */
  | 'ALREADY_EXISTS'
  /** A value cannot be. */
  | 'INVALID'
  /** The object is not in a state that allows this. */
  | 'INVALID_STATE'
  /** There is no such object in the company. */
  | 'NOT_FOUND'
  /** A value is missing. */
  | 'REQUIRED'
  /** `expectedRevision` no longer holds: somebody else changed the object. Read it again. */
  | 'REVISION_CONFLICT'
  /** A value is longer than it may be. */
  | 'TOO_LONG';

export type RulesPreviewQueryVariables = Exact<{
  medium: Types.Medium;
  positionName: string;
  openingId: string;
  ruleId?: string | null | undefined;
}>;


export type RulesPreviewQuery = { readonly previewRoutingRule: { readonly wouldRoute: number, readonly openingClosed: boolean, readonly entries: ReadonlyArray<{ readonly id: string, readonly candidate: { readonly id: string, readonly name: string } }>, readonly conflictsWith: { readonly id: string, readonly positionName: string, readonly opening: { readonly id: string, readonly name: string } } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }>, readonly nearNames: ReadonlyArray<{ readonly positionName: string, readonly normalizedPositionName: string, readonly count: number }>, readonly wouldHaveCaught: { readonly count: number, readonly examples: ReadonlyArray<{ readonly id: string, readonly candidate: { readonly id: string, readonly name: string } }> }, readonly wouldMiss: ReadonlyArray<{ readonly positionName: string, readonly normalizedPositionName: string, readonly count: number }> } };


export const RulesPreviewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RulesPreview"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"medium"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Medium"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"positionName"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"openingId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ruleId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previewRoutingRule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"medium"},"value":{"kind":"Variable","name":{"kind":"Name","value":"medium"}}},{"kind":"Argument","name":{"kind":"Name","value":"positionName"},"value":{"kind":"Variable","name":{"kind":"Name","value":"positionName"}}},{"kind":"Argument","name":{"kind":"Name","value":"openingId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"openingId"}}},{"kind":"Argument","name":{"kind":"Name","value":"ruleId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ruleId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wouldRoute"}},{"kind":"Field","name":{"kind":"Name","value":"entries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"conflictsWith"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"openingClosed"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nearNames"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"normalizedPositionName"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"wouldHaveCaught"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"examples"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"wouldMiss"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"normalizedPositionName"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}}]} as unknown as DocumentNode<RulesPreviewQuery, RulesPreviewQueryVariables>;