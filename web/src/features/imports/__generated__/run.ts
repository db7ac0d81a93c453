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

/** What made a run happen. */
export type ImportTrigger =
  /** Somebody asked for it. */
  | 'MANUAL'
  /** It was due. */
  | 'SCHEDULE'
  /** The account was just linked. */
  | 'VERIFICATION';

/** Why a record could not be read. */
export type InvalidReason =
  /** A field is missing, or of another type than it used to be. */
  | 'SHAPE'
  /** A value cannot be. */
  | 'VALUE';

/** Something that can be done to a record. */
export type InvalidRecordAction =
  /** retryInvalidRecords. */
  | 'RETRY';

/** How far an application that could not be read has come since. */
export type InvalidRecordState =
  /** It could not be read. */
  | 'OPEN'
  /** It could be read after all. */
  | 'RESOLVED'
  /** Somebody asked for it again, and it has not been tried yet. */
  | 'RETRYING';

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

export type ImportsRunQueryVariables = Exact<{
  id: string;
  links: boolean;
}>;


export type ImportsRunQuery = { readonly node:
    | { readonly __typename: 'ApplicantFileImport' }
    | { readonly __typename: 'Application' }
    | { readonly __typename: 'Candidate' }
    | { readonly __typename: 'Company' }
    | { readonly __typename: 'Erasure' }
    | { readonly __typename: 'ImportRun', readonly id: string, readonly trigger: Types.ImportTrigger, readonly status: Types.ImportRunStatus, readonly dueAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly seen: number, readonly known: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly hidden: number, readonly quarantine?: { readonly message: string, readonly changes: ReadonlyArray<string> } | null, readonly account: { readonly id: string, readonly medium: Types.Medium, readonly email: string }, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null }
    | { readonly __typename: 'InboxEntry' }
    | { readonly __typename: 'Incident' }
    | { readonly __typename: 'InvalidRecord' }
    | { readonly __typename: 'MediumAccount' }
    | { readonly __typename: 'Member' }
    | { readonly __typename: 'NotificationDelivery' }
    | { readonly __typename: 'NotificationEndpoint' }
    | { readonly __typename: 'Opening' }
    | { readonly __typename: 'RoutingAction' }
    | { readonly __typename: 'RoutingRule' }
   | null };

export type ImportsRunEntriesQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type ImportsRunEntriesQuery = { readonly node:
    | { readonly __typename: 'ApplicantFileImport' }
    | { readonly __typename: 'Application' }
    | { readonly __typename: 'Candidate' }
    | { readonly __typename: 'Company' }
    | { readonly __typename: 'Erasure' }
    | { readonly __typename: 'ImportRun', readonly id: string, readonly entries: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly kind: Types.EntryKind, readonly positionName: string, readonly appliedAt: string, readonly state: Types.RoutingState, readonly candidate: { readonly id: string, readonly name: string }, readonly application: { readonly id: string, readonly opening: { readonly id: string, readonly name: string } } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | { readonly __typename: 'InboxEntry' }
    | { readonly __typename: 'Incident' }
    | { readonly __typename: 'InvalidRecord' }
    | { readonly __typename: 'MediumAccount' }
    | { readonly __typename: 'Member' }
    | { readonly __typename: 'NotificationDelivery' }
    | { readonly __typename: 'NotificationEndpoint' }
    | { readonly __typename: 'Opening' }
    | { readonly __typename: 'RoutingAction' }
    | { readonly __typename: 'RoutingRule' }
   | null };

export type ImportsRunUnreadableQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type ImportsRunUnreadableQuery = { readonly node:
    | { readonly __typename: 'ApplicantFileImport' }
    | { readonly __typename: 'Application' }
    | { readonly __typename: 'Candidate' }
    | { readonly __typename: 'Company' }
    | { readonly __typename: 'Erasure' }
    | { readonly __typename: 'ImportRun', readonly id: string, readonly invalidRecords: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly externalId: string, readonly externalUrl: string | null, readonly reason: Types.InvalidReason, readonly message: string, readonly occurredAt: string, readonly state: Types.InvalidRecordState, readonly attempts: number, readonly resolvedAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.InvalidRecordAction, readonly enabled: boolean, readonly reason: string | null }>, readonly account: { readonly id: string, readonly medium: Types.Medium, readonly email: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | { readonly __typename: 'InboxEntry' }
    | { readonly __typename: 'Incident' }
    | { readonly __typename: 'InvalidRecord' }
    | { readonly __typename: 'MediumAccount' }
    | { readonly __typename: 'Member' }
    | { readonly __typename: 'NotificationDelivery' }
    | { readonly __typename: 'NotificationEndpoint' }
    | { readonly __typename: 'Opening' }
    | { readonly __typename: 'RoutingAction' }
    | { readonly __typename: 'RoutingRule' }
   | null };


export const ImportsRunDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ImportsRun"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"links"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ImportRunLine"}},{"kind":"Field","name":{"kind":"Name","value":"quarantine"},"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"links"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"changes"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ImportRunLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"trigger"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seen"}},{"kind":"Field","name":{"kind":"Name","value":"known"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"hidden"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}}]}}]} as unknown as DocumentNode<ImportsRunQuery, ImportsRunQueryVariables>;
export const ImportsRunEntriesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ImportsRunEntries"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"entries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BroughtInEntry"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BroughtInEntry"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InboxEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"application"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<ImportsRunEntriesQuery, ImportsRunEntriesQueryVariables>;
export const ImportsRunUnreadableDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ImportsRunUnreadable"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"invalidRecords"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ImportsUnreadableRecord"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ImportsUnreadableRecord"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"externalUrl"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"resolvedAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}}]} as unknown as DocumentNode<ImportsRunUnreadableQuery, ImportsRunUnreadableQueryVariables>;