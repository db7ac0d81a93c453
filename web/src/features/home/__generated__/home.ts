/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Whether a link does its work on time; independent of its status. */
export type ImportHealth =
  /** The last run failed, or the next is late. */
  | 'DELAYED'
  /** Imports come on time, or none is due. */
  | 'HEALTHY'
  /** Nothing has been imported for an interval and a half. */
  | 'STALE';

/** How far a run has come. */
export type ImportRunStatus =
  /** The link was stopped; what came in before stays. */
  | 'CANCELLED'
  /** It ended before all was in, for another reason; what came in before stays. See `failure`. */
  | 'FAILED'
  /** What the medium sent no longer looks as it did, and none of that was written; what came in before it stays. See `quarantine`. */
  | 'QUARANTINED'
  /** To begin at `dueAt`. */
  | 'QUEUED'
  /** Under way. */
  | 'RUNNING'
  /** All that the medium had is in. */
  | 'SUCCEEDED';

/** Why a link, or a run of it, does not work. The first four can be mended by whoever registered the account. */
export type LinkFailureReason =
  /** The medium has locked the account. */
  | 'ACCOUNT_LOCKED'
  /** Our own fault. */
  | 'INTERNAL'
  /** The e-mail or password is wrong. */
  | 'INVALID_CREDENTIALS'
  /** The medium is down or cannot be reached. */
  | 'MEDIUM_UNAVAILABLE'
  /** The account may not see candidates on the medium. */
  | 'NO_CANDIDATE_PERMISSION'
  /** The medium asks to be left alone for a while. */
  | 'RATE_LIMITED'
  /** The medium did not answer in time. */
  | 'TIMED_OUT'
  /** The medium asks for a second step at sign-in: a code, or proof of being a person. */
  | 'TWO_FACTOR_REQUIRED'
  /** The medium answers with what is not understood: it may have changed. */
  | 'UNEXPECTED_RESPONSE';

/** 連携状況: the five states of a link. */
export type LinkStatus =
  /** アカウント認証失敗: the person who registered it can mend it; see `failure.reason`, then register again. */
  | 'AUTH_FAILED'
  /** 連携中: new applications and replies to scouts come in on their own. */
  | 'LINKED'
  /** エラーにより認証失敗: they cannot; contact support. */
  | 'SYSTEM_ERROR'
  /** 未連携: nothing is registered, or the link was stopped. */
  | 'UNLINKED'
  /** アカウント認証中: the e-mail and password are being tried. Takes seconds when nothing is wrong, 8 hours at most. */
  | 'VERIFYING';

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

/** What happened to an opening. */
export type OpeningEventKind =
  /** It is full: told once when filled reaches or passes capacity, and not again until it has been below. */
  | 'CAPACITY_REACHED'
  /** It was made, changed, closed or opened again, or is full no more. */
  | 'CHANGED';

export type HomeAccountFragment = { readonly id: string, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null };

export type HomeLinkQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeLinkQuery = { readonly accounts: ReadonlyArray<{ readonly id: string, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null }> };

export type HomeIncidentsQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeIncidentsQuery = { readonly incidents: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly title: string, readonly whatToDo: string, readonly openedAt: string }> } };

export type HomeInboxQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeInboxQuery = { readonly inboxSummary: { readonly waiting: number, readonly routed: number, readonly oldestWaitingAt: string | null }, readonly waitingPositions: ReadonlyArray<{ readonly medium: Types.Medium, readonly positionName: string, readonly normalizedPositionName: string, readonly count: number, readonly closedOpening: { readonly id: string, readonly name: string } | null }> };

export type HomeOpeningsQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeOpeningsQuery = { readonly selectionBegun: boolean, readonly openings: { readonly totalCount: number }, readonly busiestOpenings: ReadonlyArray<{ readonly id: string, readonly name: string, readonly isFull: boolean, readonly stepCounts: ReadonlyArray<{ readonly inProgress: number, readonly step: { readonly id: string, readonly name: string } }> }>, readonly routingRules: { readonly totalCount: number } };

export type HomeStatusSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type HomeStatusSubscription = { readonly accountStatusChanged: { readonly cursor: string, readonly account: { readonly id: string, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null } } };

export type HomeRunsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type HomeRunsSubscription = { readonly importRunChanged: { readonly cursor: string, readonly run: { readonly id: string, readonly status: Types.ImportRunStatus, readonly account: { readonly id: string, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null } } } };

export type HomeInboxChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type HomeInboxChangesSubscription = { readonly inboxChanged: { readonly cursor: string, readonly waitingCount: number, readonly routedCount: number } };

export type HomeOpeningChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type HomeOpeningChangesSubscription = { readonly openingChanged: { readonly cursor: string, readonly kind: Types.OpeningEventKind, readonly opening: { readonly id: string, readonly name: string } } };

export type HomeIncidentChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type HomeIncidentChangesSubscription = { readonly incidentChanged: { readonly cursor: string, readonly incident: { readonly id: string } } };

export const HomeAccountFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"HomeAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<HomeAccountFragment, unknown>;
export const HomeLinkDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"HomeLink"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"medium"},"value":{"kind":"EnumValue","value":"WANTEDLY"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"HomeAccount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"HomeAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<HomeLinkQuery, HomeLinkQueryVariables>;
export const HomeIncidentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"HomeIncidents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incidents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}},{"kind":"Argument","name":{"kind":"Name","value":"open"},"value":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"whatToDo"}},{"kind":"Field","name":{"kind":"Name","value":"openedAt"}}]}}]}}]}}]} as unknown as DocumentNode<HomeIncidentsQuery, HomeIncidentsQueryVariables>;
export const HomeInboxDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"HomeInbox"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inboxSummary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"oldestWaitingAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"waitingPositions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"normalizedPositionName"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"closedOpening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<HomeInboxQuery, HomeInboxQueryVariables>;
export const HomeOpeningsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"HomeOpenings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"openings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}},{"kind":"Argument","name":{"kind":"Name","value":"status"},"value":{"kind":"EnumValue","value":"OPEN"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"busiestOpenings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"6"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"isFull"}},{"kind":"Field","name":{"kind":"Name","value":"stepCounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"inProgress"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"selectionBegun"}},{"kind":"Field","name":{"kind":"Name","value":"routingRules"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<HomeOpeningsQuery, HomeOpeningsQueryVariables>;
export const HomeStatusDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"HomeStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountStatusChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"HomeAccount"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"HomeAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<HomeStatusSubscription, HomeStatusSubscriptionVariables>;
export const HomeRunsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"HomeRuns"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importRunChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"HomeAccount"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"HomeAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<HomeRunsSubscription, HomeRunsSubscriptionVariables>;
export const HomeInboxChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"HomeInboxChanges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inboxChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"waitingCount"}},{"kind":"Field","name":{"kind":"Name","value":"routedCount"}}]}}]}}]} as unknown as DocumentNode<HomeInboxChangesSubscription, HomeInboxChangesSubscriptionVariables>;
export const HomeOpeningChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"HomeOpeningChanges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"openingChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<HomeOpeningChangesSubscription, HomeOpeningChangesSubscriptionVariables>;
export const HomeIncidentChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"HomeIncidentChanges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"incidentChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<HomeIncidentChangesSubscription, HomeIncidentChangesSubscriptionVariables>;