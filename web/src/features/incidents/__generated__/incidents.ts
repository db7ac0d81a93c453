/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A way in which something stands still. */
export type IncidentKind =
  /** 連携の失敗: a link is AUTH_FAILED or SYSTEM_ERROR. */
  | 'LINK_FAILED'
  /** 媒体の障害: a medium is down for many companies; in the company that operates the server. */
  | 'MEDIUM_OUTAGE'
  /** 取り込みの隔離: what the medium sends no longer looks as it did, for an account; for a whole medium, in the company that operates the server. */
  | 'QUARANTINED'
  /** 取り込みの停滞: nothing came in for an interval and a half. */
  | 'STALE'
  /** 振り分け待ち: people wait to be routed for too long, 24 hours by default. */
  | 'WAITING';

/** How an incident ended. */
export type IncidentResolution =
  /** The cause is gone. */
  | 'MENDED'
  /** The link was stopped. */
  | 'STOPPED'
  /** Another incident says more of the same link, or that far more people wait by now. */
  | 'SUPERSEDED';

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

export type IncidentShownFragment = { readonly id: string, readonly kind: Types.IncidentKind, readonly medium: Types.Medium | null, readonly since: string, readonly openedAt: string, readonly resolvedAt: string | null, readonly resolution: Types.IncidentResolution | null, readonly title: string, readonly what: string, readonly why: string, readonly whoCanMend: string, readonly whatToDo: string, readonly account: { readonly id: string, readonly email: string } | null };

export type IncidentsListQueryVariables = Exact<{
  open: boolean;
  after?: string | null | undefined;
}>;


export type IncidentsListQuery = { readonly incidents: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly kind: Types.IncidentKind, readonly medium: Types.Medium | null, readonly since: string, readonly openedAt: string, readonly resolvedAt: string | null, readonly resolution: Types.IncidentResolution | null, readonly title: string, readonly what: string, readonly why: string, readonly whoCanMend: string, readonly whatToDo: string, readonly account: { readonly id: string, readonly email: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export const IncidentShownFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IncidentShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Incident"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"openedAt"}},{"kind":"Field","name":{"kind":"Name","value":"resolvedAt"}},{"kind":"Field","name":{"kind":"Name","value":"resolution"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"what"}},{"kind":"Field","name":{"kind":"Name","value":"why"}},{"kind":"Field","name":{"kind":"Name","value":"whoCanMend"}},{"kind":"Field","name":{"kind":"Name","value":"whatToDo"}}]}}]} as unknown as DocumentNode<IncidentShownFragment, unknown>;
export const IncidentsListDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"IncidentsList"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"open"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incidents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"open"},"value":{"kind":"Variable","name":{"kind":"Name","value":"open"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"IncidentShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IncidentShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Incident"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"openedAt"}},{"kind":"Field","name":{"kind":"Name","value":"resolvedAt"}},{"kind":"Field","name":{"kind":"Name","value":"resolution"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"what"}},{"kind":"Field","name":{"kind":"Name","value":"why"}},{"kind":"Field","name":{"kind":"Name","value":"whoCanMend"}},{"kind":"Field","name":{"kind":"Name","value":"whatToDo"}}]}}]} as unknown as DocumentNode<IncidentsListQuery, IncidentsListQueryVariables>;