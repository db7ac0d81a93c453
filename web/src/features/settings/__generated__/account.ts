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

/** A language in which somebody is told. */
export type Language =
  /** English. */
  | 'EN'
  /** 日本語. */
  | 'JA';

/** What updateNotificationPreferences takes; what is null stays as it is. */
export type NotificationPreferencesInput = {
  /** Go back to what their roles say. */
  readonly byDefault?: boolean;
  /** The language of their e-mail. */
  readonly language?: Language | null | undefined;
  /** What they are told of by e-mail; an empty list for nothing. */
  readonly mail?: ReadonlyArray<IncidentKind> | null | undefined;
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

export type SettingsSessionFragment = { readonly id: string, readonly createdAt: string, readonly lastSeenAt: string, readonly address: string, readonly userAgent: string, readonly current: boolean };

export type SettingsSessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SettingsSessionsQuery = { readonly viewer: { readonly sessions: ReadonlyArray<{ readonly id: string, readonly createdAt: string, readonly lastSeenAt: string, readonly address: string, readonly userAgent: string, readonly current: boolean }> } };

export type SettingsEndSessionMutationVariables = Exact<{
  id: string;
}>;


export type SettingsEndSessionMutation = { readonly endSession: { readonly sessionId: string | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type SettingsEndOtherSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type SettingsEndOtherSessionsMutation = { readonly endOtherSessions: { readonly endedCount: number, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type SettingsPreferencesFragment = { readonly language: Types.Language, readonly mail: ReadonlyArray<Types.IncidentKind>, readonly byDefault: boolean, readonly mailAvailable: boolean, readonly whyNoMail: string | null };

export type SettingsPreferencesQueryVariables = Exact<{ [key: string]: never; }>;


export type SettingsPreferencesQuery = { readonly viewer: { readonly notificationPreferences: { readonly language: Types.Language, readonly mail: ReadonlyArray<Types.IncidentKind>, readonly byDefault: boolean, readonly mailAvailable: boolean, readonly whyNoMail: string | null } } };

export type SettingsUpdatePreferencesMutationVariables = Exact<{
  input: Types.NotificationPreferencesInput;
}>;


export type SettingsUpdatePreferencesMutation = { readonly updateNotificationPreferences: { readonly preferences: { readonly language: Types.Language, readonly mail: ReadonlyArray<Types.IncidentKind>, readonly byDefault: boolean, readonly mailAvailable: boolean, readonly whyNoMail: string | null } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export const SettingsSessionFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SettingsSession"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Session"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"userAgent"}},{"kind":"Field","name":{"kind":"Name","value":"current"}}]}}]} as unknown as DocumentNode<SettingsSessionFragment, unknown>;
export const SettingsPreferencesFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SettingsPreferences"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationPreferences"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"mail"}},{"kind":"Field","name":{"kind":"Name","value":"byDefault"}},{"kind":"Field","name":{"kind":"Name","value":"mailAvailable"}},{"kind":"Field","name":{"kind":"Name","value":"whyNoMail"}}]}}]} as unknown as DocumentNode<SettingsPreferencesFragment, unknown>;
export const SettingsSessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SettingsSessions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SettingsSession"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SettingsSession"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Session"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"userAgent"}},{"kind":"Field","name":{"kind":"Name","value":"current"}}]}}]} as unknown as DocumentNode<SettingsSessionsQuery, SettingsSessionsQueryVariables>;
export const SettingsEndSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SettingsEndSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionId"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SettingsEndSessionMutation, SettingsEndSessionMutationVariables>;
export const SettingsEndOtherSessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SettingsEndOtherSessions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endOtherSessions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endedCount"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SettingsEndOtherSessionsMutation, SettingsEndOtherSessionsMutationVariables>;
export const SettingsPreferencesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SettingsPreferences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"notificationPreferences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SettingsPreferences"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SettingsPreferences"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationPreferences"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"mail"}},{"kind":"Field","name":{"kind":"Name","value":"byDefault"}},{"kind":"Field","name":{"kind":"Name","value":"mailAvailable"}},{"kind":"Field","name":{"kind":"Name","value":"whyNoMail"}}]}}]} as unknown as DocumentNode<SettingsPreferencesQuery, SettingsPreferencesQueryVariables>;
export const SettingsUpdatePreferencesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SettingsUpdatePreferences"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationPreferencesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateNotificationPreferences"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"preferences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SettingsPreferences"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SettingsPreferences"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationPreferences"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"mail"}},{"kind":"Field","name":{"kind":"Name","value":"byDefault"}},{"kind":"Field","name":{"kind":"Name","value":"mailAvailable"}},{"kind":"Field","name":{"kind":"Name","value":"whyNoMail"}}]}}]} as unknown as DocumentNode<SettingsUpdatePreferencesMutation, SettingsUpdatePreferencesMutationVariables>;