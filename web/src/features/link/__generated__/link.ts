/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Something that can be done to an account. */
export type AccountAction =
  /** importNow. */
  | 'IMPORT_NOW'
  /** registerAccount with this login. */
  | 'REGISTER'
  /** stopAccount. */
  | 'STOP';

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

/** What made a run happen. */
export type ImportTrigger =
  /** Somebody asked for it. */
  | 'MANUAL'
  /** It was due. */
  | 'SCHEDULE'
  /** The account was just linked. */
  | 'VERIFICATION';

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

/** What registerAccount takes. */
export type RegisterAccountInput = {
  /** The e-mail address that the person signs in to the medium with. */
  readonly email: string;
  /** Import applications made from this instant on: at most 30 days back; the instant of registration by default, and as before for an account that failed. */
  readonly importFrom?: string | null | undefined;
  /** The medium. */
  readonly medium?: Medium;
  /** The password, at most 1,024 bytes. It is sealed at once, and destroyed when it is refused or the link is stopped. */
  readonly password: string;
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

export type LinkAccountFragment = { readonly id: string, readonly medium: Types.Medium, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly verificationStartedAt: string | null, readonly linkedAt: string | null, readonly stoppedAt: string | null, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly importFrom: string, readonly hiddenApplications: number, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.AccountAction, readonly enabled: boolean, readonly reason: string | null }> };

export type LinkRunFragment = { readonly id: string, readonly status: Types.ImportRunStatus, readonly trigger: Types.ImportTrigger, readonly dueAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly seen: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly account: { readonly id: string, readonly medium: Types.Medium, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly verificationStartedAt: string | null, readonly linkedAt: string | null, readonly stoppedAt: string | null, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly importFrom: string, readonly hiddenApplications: number, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.AccountAction, readonly enabled: boolean, readonly reason: string | null }> } };

export type LinkAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type LinkAccountsQuery = { readonly media: ReadonlyArray<{ readonly medium: Types.Medium, readonly displayName: string, readonly linkable: boolean, readonly importIntervalSeconds: number, readonly importedFields: ReadonlyArray<string>, readonly neverImportedFields: ReadonlyArray<string> }>, readonly accounts: ReadonlyArray<{ readonly id: string, readonly medium: Types.Medium, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly verificationStartedAt: string | null, readonly linkedAt: string | null, readonly stoppedAt: string | null, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly importFrom: string, readonly hiddenApplications: number, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.AccountAction, readonly enabled: boolean, readonly reason: string | null }> }> };

export type LinkWaitingQueryVariables = Exact<{ [key: string]: never; }>;


export type LinkWaitingQuery = { readonly inboxSummary: { readonly waiting: number } };

export type LinkRegisterMutationVariables = Exact<{
  input: Types.RegisterAccountInput;
}>;


export type LinkRegisterMutation = { readonly registerAccount: { readonly account: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type LinkStopMutationVariables = Exact<{
  id: string;
}>;


export type LinkStopMutation = { readonly stopAccount: { readonly account: { readonly id: string, readonly medium: Types.Medium, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly verificationStartedAt: string | null, readonly linkedAt: string | null, readonly stoppedAt: string | null, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly importFrom: string, readonly hiddenApplications: number, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.AccountAction, readonly enabled: boolean, readonly reason: string | null }> } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type LinkImportNowMutationVariables = Exact<{
  id: string;
}>;


export type LinkImportNowMutation = { readonly importNow: { readonly alreadyQueued: boolean, readonly run: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type LinkStatusSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LinkStatusSubscription = { readonly accountStatusChanged: { readonly cursor: string, readonly account: { readonly id: string, readonly medium: Types.Medium, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly verificationStartedAt: string | null, readonly linkedAt: string | null, readonly stoppedAt: string | null, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly importFrom: string, readonly hiddenApplications: number, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.AccountAction, readonly enabled: boolean, readonly reason: string | null }> } } };

export type LinkRunsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LinkRunsSubscription = { readonly importRunChanged: { readonly cursor: string, readonly run: { readonly id: string, readonly status: Types.ImportRunStatus, readonly trigger: Types.ImportTrigger, readonly dueAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly seen: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly account: { readonly id: string, readonly medium: Types.Medium, readonly email: string, readonly status: Types.LinkStatus, readonly health: Types.ImportHealth, readonly verificationStartedAt: string | null, readonly linkedAt: string | null, readonly stoppedAt: string | null, readonly lastImportedAt: string | null, readonly nextImportAt: string | null, readonly importFrom: string, readonly hiddenApplications: number, readonly revision: number, readonly failure: { readonly reason: Types.LinkFailureReason, readonly message: string, readonly occurredAt: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.AccountAction, readonly enabled: boolean, readonly reason: string | null }> } } } };

export const LinkAccountFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LinkAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"verificationStartedAt"}},{"kind":"Field","name":{"kind":"Name","value":"linkedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"importFrom"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<LinkAccountFragment, unknown>;
export const LinkRunFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LinkRun"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"trigger"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seen"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LinkAccount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LinkAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"verificationStartedAt"}},{"kind":"Field","name":{"kind":"Name","value":"linkedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"importFrom"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<LinkRunFragment, unknown>;
export const LinkAccountsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LinkAccounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"linkable"}},{"kind":"Field","name":{"kind":"Name","value":"importIntervalSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"importedFields"}},{"kind":"Field","name":{"kind":"Name","value":"neverImportedFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"accounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"medium"},"value":{"kind":"EnumValue","value":"WANTEDLY"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LinkAccount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LinkAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"verificationStartedAt"}},{"kind":"Field","name":{"kind":"Name","value":"linkedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"importFrom"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<LinkAccountsQuery, LinkAccountsQueryVariables>;
export const LinkWaitingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LinkWaiting"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inboxSummary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"waiting"}}]}}]}}]} as unknown as DocumentNode<LinkWaitingQuery, LinkWaitingQueryVariables>;
export const LinkRegisterDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LinkRegister"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RegisterAccountInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registerAccount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<LinkRegisterMutation, LinkRegisterMutationVariables>;
export const LinkStopDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LinkStop"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stopAccount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LinkAccount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LinkAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"verificationStartedAt"}},{"kind":"Field","name":{"kind":"Name","value":"linkedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"importFrom"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<LinkStopMutation, LinkStopMutationVariables>;
export const LinkImportNowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LinkImportNow"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importNow"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"accountId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"alreadyQueued"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<LinkImportNowMutation, LinkImportNowMutationVariables>;
export const LinkStatusDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"LinkStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountStatusChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LinkAccount"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LinkAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"verificationStartedAt"}},{"kind":"Field","name":{"kind":"Name","value":"linkedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"importFrom"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<LinkStatusSubscription, LinkStatusSubscriptionVariables>;
export const LinkRunsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"LinkRuns"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importRunChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LinkRun"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LinkAccount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediumAccount"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"verificationStartedAt"}},{"kind":"Field","name":{"kind":"Name","value":"linkedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastImportedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextImportAt"}},{"kind":"Field","name":{"kind":"Name","value":"importFrom"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenApplications"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LinkRun"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"trigger"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seen"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LinkAccount"}}]}}]}}]} as unknown as DocumentNode<LinkRunsSubscription, LinkRunsSubscriptionVariables>;