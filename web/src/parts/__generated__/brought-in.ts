/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What somebody did on the medium. */
export type EntryKind =
  /** The candidate's own application. */
  | 'APPLIED'
  /** A reply to a scout. */
  | 'SCOUT_REPLIED';

/** Where an entry has come to. */
export type RoutingState =
  /** 対象外: somebody set it aside. */
  | 'EXCLUDED'
  /** 振り分け済み: it is an application to an opening. */
  | 'ROUTED'
  /** 滞留: it waits for a rule, or for its opening to open again. */
  | 'WAITING';

export type BroughtInEntryFragment = { readonly id: string, readonly kind: Types.EntryKind, readonly positionName: string, readonly appliedAt: string, readonly state: Types.RoutingState, readonly candidate: { readonly id: string, readonly name: string }, readonly application: { readonly id: string, readonly opening: { readonly id: string, readonly name: string } } | null };

export const BroughtInEntryFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BroughtInEntry"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InboxEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"application"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<BroughtInEntryFragment, unknown>;