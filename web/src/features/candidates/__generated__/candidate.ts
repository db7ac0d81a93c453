/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** How sure it is that two candidates are one person. The same person of one medium is one candidate anyhow. */
export type DuplicateCertainty =
  /** Two of e-mail, phone number and name agree. */
  | 'CERTAIN'
  /** The name agrees. */
  | 'HINT'
  /** The e-mail or the phone number agrees. */
  | 'STRONG';

/** Something that two candidates have in common. What they were merged with counts as theirs. */
export type DuplicateReason =
  /** The e-mail, however it is written. */
  | 'SAME_EMAIL'
  /** The name, as names are compared: in any width and case, with or without spaces. */
  | 'SAME_NAME'
  /** The phone number, however it is written. */
  | 'SAME_PHONE';

/** What somebody did on the medium. */
export type EntryKind =
  /** The candidate's own application. */
  | 'APPLIED'
  /** A reply to a scout. */
  | 'SCOUT_REPLIED';

/** Why a candidate was erased. */
export type ErasureReason =
  /** Somebody asked for it. */
  | 'REQUEST'
  /** The company keeps such candidates no longer. */
  | 'RETENTION';

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

/** How a selection stands, or ended. */
export type SelectionOutcome =
  /** 重複応募として終了. */
  | 'CLOSED_AS_DUPLICATE'
  /** 選考中. */
  | 'IN_PROGRESS'
  /** 入社. */
  | 'JOINED'
  /** 不合格. */
  | 'REJECTED'
  /** 振り分け取り消し: it was routed, and that was taken back. Only a list that asks for it holds it. */
  | 'ROUTING_UNDONE'
  /** 辞退. */
  | 'WITHDRAWN';

/** Something that can be done to what can be taken back. */
export type UndoAction =
  /** undoRoutingAction, undoMerge. */
  | 'UNDO';

/** What a recruiter knows of a candidate. What is left out stays as it is; null, or nothing but spaces, removes it. */
export type UpdateCandidateInput = {
  /** The e-mail. */
  readonly email?: string | null | undefined;
  /** At most 10,000 characters. */
  readonly note?: string | null | undefined;
  /** The phone number: 6 to 20 digits; +, - and spaces may stand in it. */
  readonly phone?: string | null | undefined;
};

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

export type CandidatePageQueryVariables = Exact<{
  id: string;
}>;


export type CandidatePageQuery = { readonly node:
    | { readonly __typename: 'ApplicantFileImport', readonly id: string }
    | { readonly __typename: 'Application', readonly id: string }
    | { readonly __typename: 'Candidate', readonly id: string, readonly name: string, readonly location: string | null, readonly currentPosition: string | null, readonly tagline: string | null, readonly introduction: string | null, readonly aspiration: string | null, readonly skills: ReadonlyArray<string>, readonly medium: Types.Medium, readonly profileUrl: string | null, readonly importedAt: string, readonly changedOnMediumAt: string | null, readonly email: string | null, readonly phone: string | null, readonly note: string | null, readonly revision: number, readonly applications: ReadonlyArray<{ readonly id: string, readonly outcome: Types.SelectionOutcome, readonly appliedAt: string, readonly opening: { readonly id: string, readonly name: string }, readonly step: { readonly id: string, readonly name: string } }>, readonly entries: ReadonlyArray<{ readonly id: string, readonly medium: Types.Medium, readonly kind: Types.EntryKind, readonly positionName: string, readonly appliedAt: string, readonly importedAt: string, readonly state: Types.RoutingState, readonly externalUrl: string | null, readonly explanation: { readonly summary: string, readonly decidedAt: string | null, readonly decidedBy: string } }>, readonly possibleDuplicates: ReadonlyArray<{ readonly certainty: Types.DuplicateCertainty, readonly reasons: ReadonlyArray<Types.DuplicateReason>, readonly dismissed: boolean, readonly dismissedAt: string | null, readonly candidate: { readonly id: string, readonly name: string, readonly currentPosition: string | null, readonly medium: Types.Medium, readonly importedAt: string }, readonly dismissedBy: { readonly id: string, readonly name: string } | null }>, readonly mergedFrom: ReadonlyArray<{ readonly id: string, readonly name: string, readonly location: string | null, readonly currentPosition: string | null, readonly tagline: string | null, readonly introduction: string | null, readonly aspiration: string | null, readonly skills: ReadonlyArray<string>, readonly medium: Types.Medium, readonly profileUrl: string | null, readonly importedAt: string, readonly changedOnMediumAt: string | null, readonly email: string | null, readonly phone: string | null, readonly note: string | null, readonly revision: number, readonly applications: ReadonlyArray<{ readonly id: string, readonly outcome: Types.SelectionOutcome, readonly appliedAt: string, readonly opening: { readonly id: string, readonly name: string }, readonly step: { readonly id: string, readonly name: string } }>, readonly workHistories: ReadonlyArray<{ readonly companyName: string | null, readonly position: string | null, readonly description: string | null, readonly startedOn: string | null, readonly endedOn: string | null }>, readonly educations: ReadonlyArray<{ readonly schoolName: string | null, readonly major: string | null, readonly description: string | null, readonly graduatedOn: string | null }>, readonly links: ReadonlyArray<{ readonly title: string | null, readonly url: string }> }>, readonly merges: ReadonlyArray<{ readonly id: string, readonly at: string, readonly undoneAt: string | null, readonly into: { readonly id: string, readonly name: string }, readonly from: { readonly id: string, readonly name: string }, readonly by: { readonly id: string, readonly name: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.UndoAction, readonly enabled: boolean, readonly reason: string | null, readonly until: string }>, readonly undoneBy: { readonly id: string, readonly name: string } | null }>, readonly workHistories: ReadonlyArray<{ readonly companyName: string | null, readonly position: string | null, readonly description: string | null, readonly startedOn: string | null, readonly endedOn: string | null }>, readonly educations: ReadonlyArray<{ readonly schoolName: string | null, readonly major: string | null, readonly description: string | null, readonly graduatedOn: string | null }>, readonly links: ReadonlyArray<{ readonly title: string | null, readonly url: string }> }
    | { readonly __typename: 'Company', readonly id: string }
    | { readonly __typename: 'Erasure', readonly id: string }
    | { readonly __typename: 'ImportRun', readonly id: string }
    | { readonly __typename: 'InboxEntry', readonly id: string }
    | { readonly __typename: 'Incident', readonly id: string }
    | { readonly __typename: 'InvalidRecord', readonly id: string }
    | { readonly __typename: 'MediumAccount', readonly id: string }
    | { readonly __typename: 'Member', readonly id: string }
    | { readonly __typename: 'NotificationDelivery', readonly id: string }
    | { readonly __typename: 'NotificationEndpoint', readonly id: string }
    | { readonly __typename: 'Opening', readonly id: string }
    | { readonly __typename: 'RoutingAction', readonly id: string }
    | { readonly __typename: 'RoutingRule', readonly id: string }
   | null };

export type CandidateProfileFragment = { readonly id: string, readonly name: string, readonly location: string | null, readonly currentPosition: string | null, readonly tagline: string | null, readonly introduction: string | null, readonly aspiration: string | null, readonly skills: ReadonlyArray<string>, readonly medium: Types.Medium, readonly profileUrl: string | null, readonly importedAt: string, readonly changedOnMediumAt: string | null, readonly workHistories: ReadonlyArray<{ readonly companyName: string | null, readonly position: string | null, readonly description: string | null, readonly startedOn: string | null, readonly endedOn: string | null }>, readonly educations: ReadonlyArray<{ readonly schoolName: string | null, readonly major: string | null, readonly description: string | null, readonly graduatedOn: string | null }>, readonly links: ReadonlyArray<{ readonly title: string | null, readonly url: string }> };

export type CandidateContactFragment = { readonly id: string, readonly email: string | null, readonly phone: string | null, readonly note: string | null, readonly revision: number };

export type CandidateApplicationFragment = { readonly id: string, readonly outcome: Types.SelectionOutcome, readonly appliedAt: string, readonly opening: { readonly id: string, readonly name: string }, readonly step: { readonly id: string, readonly name: string } };

export type CandidateEntryFragment = { readonly id: string, readonly medium: Types.Medium, readonly kind: Types.EntryKind, readonly positionName: string, readonly appliedAt: string, readonly importedAt: string, readonly state: Types.RoutingState, readonly externalUrl: string | null, readonly explanation: { readonly summary: string, readonly decidedAt: string | null, readonly decidedBy: string } };

export type CandidatePossibleDuplicateFragment = { readonly certainty: Types.DuplicateCertainty, readonly reasons: ReadonlyArray<Types.DuplicateReason>, readonly dismissed: boolean, readonly dismissedAt: string | null, readonly candidate: { readonly id: string, readonly name: string, readonly currentPosition: string | null, readonly medium: Types.Medium, readonly importedAt: string }, readonly dismissedBy: { readonly id: string, readonly name: string } | null };

export type CandidateMergedFragment = { readonly id: string, readonly at: string, readonly undoneAt: string | null, readonly into: { readonly id: string, readonly name: string }, readonly from: { readonly id: string, readonly name: string }, readonly by: { readonly id: string, readonly name: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.UndoAction, readonly enabled: boolean, readonly reason: string | null, readonly until: string }>, readonly undoneBy: { readonly id: string, readonly name: string } | null };

export type CandidateContactNowQueryVariables = Exact<{
  id: string;
}>;


export type CandidateContactNowQuery = { readonly node:
    | { readonly __typename: 'ApplicantFileImport', readonly id: string }
    | { readonly __typename: 'Application', readonly id: string }
    | { readonly __typename: 'Candidate', readonly id: string, readonly email: string | null, readonly phone: string | null, readonly note: string | null, readonly revision: number }
    | { readonly __typename: 'Company', readonly id: string }
    | { readonly __typename: 'Erasure', readonly id: string }
    | { readonly __typename: 'ImportRun', readonly id: string }
    | { readonly __typename: 'InboxEntry', readonly id: string }
    | { readonly __typename: 'Incident', readonly id: string }
    | { readonly __typename: 'InvalidRecord', readonly id: string }
    | { readonly __typename: 'MediumAccount', readonly id: string }
    | { readonly __typename: 'Member', readonly id: string }
    | { readonly __typename: 'NotificationDelivery', readonly id: string }
    | { readonly __typename: 'NotificationEndpoint', readonly id: string }
    | { readonly __typename: 'Opening', readonly id: string }
    | { readonly __typename: 'RoutingAction', readonly id: string }
    | { readonly __typename: 'RoutingRule', readonly id: string }
   | null };

export type CandidateUpdateContactMutationVariables = Exact<{
  id: string;
  input: Types.UpdateCandidateInput;
  expectedRevision: number;
}>;


export type CandidateUpdateContactMutation = { readonly updateCandidate: { readonly candidate: { readonly id: string, readonly email: string | null, readonly phone: string | null, readonly note: string | null, readonly revision: number } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type CandidateErasurePreviewQueryVariables = Exact<{
  id: string;
}>;


export type CandidateErasurePreviewQuery = { readonly previewErasure: { readonly candidates: number, readonly entries: number, readonly applications: number, readonly selectionEvents: number, readonly routingDecisions: number, readonly invalidRecords: number, readonly hiddenApplications: number, readonly dismissals: number, readonly merges: number } | null };

export type CandidateEraseMutationVariables = Exact<{
  id: string;
  reason: Types.ErasureReason;
}>;


export type CandidateEraseMutation = { readonly eraseCandidate: { readonly receipt: { readonly id: string, readonly erasedAt: string, readonly reason: Types.ErasureReason, readonly counts: { readonly candidates: number, readonly entries: number, readonly applications: number, readonly selectionEvents: number, readonly routingDecisions: number, readonly invalidRecords: number, readonly hiddenApplications: number, readonly dismissals: number, readonly merges: number } } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type CandidateErasureCountsFragment = { readonly candidates: number, readonly entries: number, readonly applications: number, readonly selectionEvents: number, readonly routingDecisions: number, readonly invalidRecords: number, readonly hiddenApplications: number, readonly dismissals: number, readonly merges: number };

export const CandidateProfileFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateProfile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Candidate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"location"}},{"kind":"Field","name":{"kind":"Name","value":"currentPosition"}},{"kind":"Field","name":{"kind":"Name","value":"tagline"}},{"kind":"Field","name":{"kind":"Name","value":"introduction"}},{"kind":"Field","name":{"kind":"Name","value":"aspiration"}},{"kind":"Field","name":{"kind":"Name","value":"workHistories"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"companyName"}},{"kind":"Field","name":{"kind":"Name","value":"position"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"startedOn"}},{"kind":"Field","name":{"kind":"Name","value":"endedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"educations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"schoolName"}},{"kind":"Field","name":{"kind":"Name","value":"major"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"graduatedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"skills"}},{"kind":"Field","name":{"kind":"Name","value":"links"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"profileUrl"}},{"kind":"Field","name":{"kind":"Name","value":"importedAt"}},{"kind":"Field","name":{"kind":"Name","value":"changedOnMediumAt"}}]}}]} as unknown as DocumentNode<CandidateProfileFragment, unknown>;
export const CandidateContactFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateContact"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Candidate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"note"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<CandidateContactFragment, unknown>;
export const CandidateApplicationFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateApplication"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Application"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"step"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<CandidateApplicationFragment, unknown>;
export const CandidateEntryFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateEntry"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InboxEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"importedAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"externalUrl"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}}]}}]}}]} as unknown as DocumentNode<CandidateEntryFragment, unknown>;
export const CandidatePossibleDuplicateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidatePossibleDuplicate"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PossibleDuplicate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"currentPosition"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"importedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"certainty"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}},{"kind":"Field","name":{"kind":"Name","value":"dismissed"}},{"kind":"Field","name":{"kind":"Name","value":"dismissedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dismissedAt"}}]}}]} as unknown as DocumentNode<CandidatePossibleDuplicateFragment, unknown>;
export const CandidateMergedFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateMerged"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CandidateMerge"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"into"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"from"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"by"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"until"}}]}},{"kind":"Field","name":{"kind":"Name","value":"undoneAt"}},{"kind":"Field","name":{"kind":"Name","value":"undoneBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<CandidateMergedFragment, unknown>;
export const CandidateErasureCountsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateErasureCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ErasureCounts"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"candidates"}},{"kind":"Field","name":{"kind":"Name","value":"entries"}},{"kind":"Field","name":{"kind":"Name","value":"applications"}},{"kind":"Field","name":{"kind":"Name","value":"selectionEvents"}},{"kind":"Field","name":{"kind":"Name","value":"routingDecisions"}},{"kind":"Field","name":{"kind":"Name","value":"invalidRecords"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"dismissals"}},{"kind":"Field","name":{"kind":"Name","value":"merges"}}]}}]} as unknown as DocumentNode<CandidateErasureCountsFragment, unknown>;
export const CandidatePageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CandidatePage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Candidate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateProfile"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateContact"}},{"kind":"Field","name":{"kind":"Name","value":"applications"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateApplication"}}]}},{"kind":"Field","name":{"kind":"Name","value":"entries"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateEntry"}}]}},{"kind":"Field","name":{"kind":"Name","value":"possibleDuplicates"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"includeDismissed"},"value":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidatePossibleDuplicate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"mergedFrom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateProfile"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateContact"}},{"kind":"Field","name":{"kind":"Name","value":"applications"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateApplication"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"merges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateMerged"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateProfile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Candidate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"location"}},{"kind":"Field","name":{"kind":"Name","value":"currentPosition"}},{"kind":"Field","name":{"kind":"Name","value":"tagline"}},{"kind":"Field","name":{"kind":"Name","value":"introduction"}},{"kind":"Field","name":{"kind":"Name","value":"aspiration"}},{"kind":"Field","name":{"kind":"Name","value":"workHistories"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"companyName"}},{"kind":"Field","name":{"kind":"Name","value":"position"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"startedOn"}},{"kind":"Field","name":{"kind":"Name","value":"endedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"educations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"schoolName"}},{"kind":"Field","name":{"kind":"Name","value":"major"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"graduatedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"skills"}},{"kind":"Field","name":{"kind":"Name","value":"links"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"profileUrl"}},{"kind":"Field","name":{"kind":"Name","value":"importedAt"}},{"kind":"Field","name":{"kind":"Name","value":"changedOnMediumAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateContact"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Candidate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"note"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateApplication"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Application"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"step"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateEntry"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InboxEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"importedAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"externalUrl"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}},{"kind":"Field","name":{"kind":"Name","value":"decidedBy"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidatePossibleDuplicate"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PossibleDuplicate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"currentPosition"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"importedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"certainty"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}},{"kind":"Field","name":{"kind":"Name","value":"dismissed"}},{"kind":"Field","name":{"kind":"Name","value":"dismissedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dismissedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateMerged"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CandidateMerge"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"into"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"from"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"by"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"until"}}]}},{"kind":"Field","name":{"kind":"Name","value":"undoneAt"}},{"kind":"Field","name":{"kind":"Name","value":"undoneBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<CandidatePageQuery, CandidatePageQueryVariables>;
export const CandidateContactNowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CandidateContactNow"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Candidate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateContact"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateContact"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Candidate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"note"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<CandidateContactNowQuery, CandidateContactNowQueryVariables>;
export const CandidateUpdateContactDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CandidateUpdateContact"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateCandidateInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"expectedRevision"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateCandidate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}},{"kind":"Argument","name":{"kind":"Name","value":"expectedRevision"},"value":{"kind":"Variable","name":{"kind":"Name","value":"expectedRevision"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateContact"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateContact"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Candidate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"note"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<CandidateUpdateContactMutation, CandidateUpdateContactMutationVariables>;
export const CandidateErasurePreviewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CandidateErasurePreview"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previewErasure"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateErasureCounts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateErasureCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ErasureCounts"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"candidates"}},{"kind":"Field","name":{"kind":"Name","value":"entries"}},{"kind":"Field","name":{"kind":"Name","value":"applications"}},{"kind":"Field","name":{"kind":"Name","value":"selectionEvents"}},{"kind":"Field","name":{"kind":"Name","value":"routingDecisions"}},{"kind":"Field","name":{"kind":"Name","value":"invalidRecords"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"dismissals"}},{"kind":"Field","name":{"kind":"Name","value":"merges"}}]}}]} as unknown as DocumentNode<CandidateErasurePreviewQuery, CandidateErasurePreviewQueryVariables>;
export const CandidateEraseDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CandidateErase"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"reason"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ErasureReason"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eraseCandidate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"reason"},"value":{"kind":"Variable","name":{"kind":"Name","value":"reason"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"receipt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"erasedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"counts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CandidateErasureCounts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CandidateErasureCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ErasureCounts"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"candidates"}},{"kind":"Field","name":{"kind":"Name","value":"entries"}},{"kind":"Field","name":{"kind":"Name","value":"applications"}},{"kind":"Field","name":{"kind":"Name","value":"selectionEvents"}},{"kind":"Field","name":{"kind":"Name","value":"routingDecisions"}},{"kind":"Field","name":{"kind":"Name","value":"invalidRecords"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"dismissals"}},{"kind":"Field","name":{"kind":"Name","value":"merges"}}]}}]} as unknown as DocumentNode<CandidateEraseMutation, CandidateEraseMutationVariables>;