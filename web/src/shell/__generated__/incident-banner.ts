/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../graphql/__generated__/schema';

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

export type BannerIncidentFragment = { readonly id: string, readonly kind: Types.IncidentKind, readonly title: string, readonly resolvedAt: string | null };

export type IncidentBannerQueryVariables = Exact<{ [key: string]: never; }>;


export type IncidentBannerQuery = { readonly incidents: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly kind: Types.IncidentKind, readonly title: string, readonly resolvedAt: string | null }> } };

export type IncidentBannerChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type IncidentBannerChangedSubscription = { readonly incidentChanged: { readonly cursor: string, readonly incident: { readonly id: string, readonly kind: Types.IncidentKind, readonly title: string, readonly resolvedAt: string | null } } };

export const BannerIncidentFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BannerIncident"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Incident"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"resolvedAt"}}]}}]} as unknown as DocumentNode<BannerIncidentFragment, unknown>;
export const IncidentBannerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"IncidentBanner"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incidents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"open"},"value":{"kind":"BooleanValue","value":true}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BannerIncident"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BannerIncident"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Incident"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"resolvedAt"}}]}}]} as unknown as DocumentNode<IncidentBannerQuery, IncidentBannerQueryVariables>;
export const IncidentBannerChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"IncidentBannerChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incidentChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BannerIncident"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BannerIncident"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Incident"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"resolvedAt"}}]}}]} as unknown as DocumentNode<IncidentBannerChangedSubscription, IncidentBannerChangedSubscriptionVariables>;