/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What somebody did on the medium. */
export type EntryKind =
  /** The candidate's own application. */
  | 'APPLIED'
  /** A reply to a scout. */
  | 'SCOUT_REPLIED';

/** Something that can be done to an entry. */
export type InboxEntryAction =
  /** excludeEntry, excludeEntries. */
  | 'EXCLUDE'
  /** restoreEntry, restoreEntries. */
  | 'RESTORE'
  /** routeEntry, routeEntries. */
  | 'ROUTE';

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

/** Where an entry has come to. */
export type RoutingState =
  /** 対象外: somebody set it aside. */
  | 'EXCLUDED'
  /** 振り分け済み: it is an application to an opening. */
  | 'ROUTED'
  /** 滞留: it waits for a rule, or for its opening to open again. */
  | 'WAITING';

/** What a suggestion is made from. */
export type SuggestionKind =
  /** An opening has nearly this name. */
  | 'NEAR_OPENING'
  /** There is a rule for nearly this name. */
  | 'NEAR_RULE'
  /** The posting was renamed, and there is a rule for its former name: that one is to be renamed. */
  | 'RENAMED_POSTING';

/** Why an entry waits. */
export type WaitingReason =
  /** No rule fits. */
  | 'NO_RULE'
  /** A rule fits, but its opening is closed: it is routed when that opens again. */
  | 'OPENING_CLOSED'
  /** A rule fits, but an action on the entry, a routing or an exclusion, was taken back. No sweep routes it by that rule, be it by reopening an opening or by restoring the entry, while the rule is as it is. Saving the rule again, even unchanged, asks anew; so does another rule for the position; and anybody may route it by hand. */
  | 'UNDONE';

export type InboxRowFragment = { readonly id: string, readonly medium: Types.Medium, readonly kind: Types.EntryKind, readonly positionName: string, readonly appliedAt: string, readonly state: Types.RoutingState, readonly availableActions: ReadonlyArray<{ readonly action: Types.InboxEntryAction, readonly enabled: boolean }>, readonly candidate: { readonly id: string, readonly name: string, readonly currentPosition: string | null }, readonly application: { readonly id: string } | null, readonly explanation: { readonly summary: string, readonly waitingReason: Types.WaitingReason | null, readonly decidedBy: string, readonly decidedAt: string | null, readonly openingName: string | null, readonly opening: { readonly id: string, readonly name: string } | null } };

export type InboxListQueryVariables = Exact<{
  after?: string | null | undefined;
  state?: Types.RoutingState | null | undefined;
  medium?: Types.Medium | null | undefined;
  positionName?: string | null | undefined;
  waitingReason?: Types.WaitingReason | null | undefined;
  openingId?: string | null | undefined;
  appliedSince?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type InboxListQuery = { readonly inbox: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly medium: Types.Medium, readonly kind: Types.EntryKind, readonly positionName: string, readonly appliedAt: string, readonly state: Types.RoutingState, readonly availableActions: ReadonlyArray<{ readonly action: Types.InboxEntryAction, readonly enabled: boolean }>, readonly candidate: { readonly id: string, readonly name: string, readonly currentPosition: string | null }, readonly application: { readonly id: string } | null, readonly explanation: { readonly summary: string, readonly waitingReason: Types.WaitingReason | null, readonly decidedBy: string, readonly decidedAt: string | null, readonly openingName: string | null, readonly opening: { readonly id: string, readonly name: string } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type InboxCountsQueryVariables = Exact<{ [key: string]: never; }>;


export type InboxCountsQuery = { readonly inboxSummary: { readonly waiting: number, readonly routed: number, readonly excluded: number } };

export type InboxPositionFragment = { readonly medium: Types.Medium, readonly positionName: string, readonly normalizedPositionName: string, readonly count: number, readonly oldestAppliedAt: string, readonly rule: { readonly id: string, readonly positionName: string } | null, readonly closedOpening: { readonly id: string, readonly name: string } | null, readonly suggestions: ReadonlyArray<{ readonly kind: Types.SuggestionKind, readonly fromName: string, readonly score: number, readonly reason: string, readonly opening: { readonly id: string, readonly name: string }, readonly rule: { readonly id: string, readonly revision: number } | null }> };

export type InboxWaitingPositionsQueryVariables = Exact<{
  first: number;
}>;


export type InboxWaitingPositionsQuery = { readonly waitingPositions: ReadonlyArray<{ readonly medium: Types.Medium, readonly positionName: string, readonly normalizedPositionName: string, readonly count: number, readonly oldestAppliedAt: string, readonly rule: { readonly id: string, readonly positionName: string } | null, readonly closedOpening: { readonly id: string, readonly name: string } | null, readonly suggestions: ReadonlyArray<{ readonly kind: Types.SuggestionKind, readonly fromName: string, readonly score: number, readonly reason: string, readonly opening: { readonly id: string, readonly name: string }, readonly rule: { readonly id: string, readonly revision: number } | null }> }> };

export type InboxLiveSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type InboxLiveSubscription = { readonly inboxChanged: { readonly cursor: string, readonly waitingCount: number, readonly routedCount: number } };

export const InboxRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"InboxRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InboxEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}}]}},{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"currentPosition"}}]}},{"kind":"Field","name":{"kind":"Name","value":"application"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"explanation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"waitingReason"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}},{"kind":"Field","name":{"kind":"Name","value":"openingName"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<InboxRowFragment, unknown>;
export const InboxPositionFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"InboxPosition"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WaitingPosition"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"normalizedPositionName"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"oldestAppliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"rule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"closedOpening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"suggestions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"fromName"}},{"kind":"Field","name":{"kind":"Name","value":"score"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]}}]}}]} as unknown as DocumentNode<InboxPositionFragment, unknown>;
export const InboxListDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"InboxList"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"state"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"RoutingState"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"medium"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Medium"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"positionName"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"waitingReason"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"WaitingReason"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"openingId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"appliedSince"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inbox"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"state"},"value":{"kind":"Variable","name":{"kind":"Name","value":"state"}}},{"kind":"Argument","name":{"kind":"Name","value":"medium"},"value":{"kind":"Variable","name":{"kind":"Name","value":"medium"}}},{"kind":"Argument","name":{"kind":"Name","value":"positionName"},"value":{"kind":"Variable","name":{"kind":"Name","value":"positionName"}}},{"kind":"Argument","name":{"kind":"Name","value":"waitingReason"},"value":{"kind":"Variable","name":{"kind":"Name","value":"waitingReason"}}},{"kind":"Argument","name":{"kind":"Name","value":"openingId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"openingId"}}},{"kind":"Argument","name":{"kind":"Name","value":"appliedSince"},"value":{"kind":"Variable","name":{"kind":"Name","value":"appliedSince"}}},{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"InboxRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"InboxRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InboxEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}}]}},{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"currentPosition"}}]}},{"kind":"Field","name":{"kind":"Name","value":"application"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"explanation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"waitingReason"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}},{"kind":"Field","name":{"kind":"Name","value":"openingName"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<InboxListQuery, InboxListQueryVariables>;
export const InboxCountsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"InboxCounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inboxSummary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"excluded"}}]}}]}}]} as unknown as DocumentNode<InboxCountsQuery, InboxCountsQueryVariables>;
export const InboxWaitingPositionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"InboxWaitingPositions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"waitingPositions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"InboxPosition"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"InboxPosition"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WaitingPosition"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"normalizedPositionName"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"oldestAppliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"rule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"closedOpening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"suggestions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"fromName"}},{"kind":"Field","name":{"kind":"Name","value":"score"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]}}]}}]} as unknown as DocumentNode<InboxWaitingPositionsQuery, InboxWaitingPositionsQueryVariables>;
export const InboxLiveDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InboxLive"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inboxChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"waitingCount"}},{"kind":"Field","name":{"kind":"Name","value":"routedCount"}}]}}]}}]} as unknown as DocumentNode<InboxLiveSubscription, InboxLiveSubscriptionVariables>;