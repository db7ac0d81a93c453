/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What a delivery tells. */
export type DeliveryPhase =
  /** That something stands still: `incident.opened`. */
  | 'OPENED'
  /** That it no longer does: `incident.resolved`. Only whoever was told of the one is told of the other. */
  | 'RESOLVED'
  /** Nothing: `test`. */
  | 'TEST';

/** How far a delivery has come. */
export type DeliveryState =
  /** It is tried again at `nextAt`: 5 seconds, 5 minutes, half an hour, 2, 5, 10 and 14 hours behind each other. */
  | 'FAILED'
  /** It is not tried again. */
  | 'GIVEN_UP'
  /** It was never sent: all was well before. */
  | 'OVERTAKEN'
  /** It has not been tried yet, or is being tried at this moment. */
  | 'PENDING'
  /** The other side has taken it. */
  | 'SENT';

/** Why a message could not be sent. */
export type DeliveryTrouble =
  /** No secure connection could be made. */
  | 'INSECURE'
  /** Something went wrong on our side. */
  | 'INTERNAL'
  /** The other side's server could not be reached. */
  | 'NOT_REACHED'
  /** This server sends no e-mail. */
  | 'NOT_SET_UP'
  /** Its name leads to an address that is not a public one. */
  | 'PRIVATE_ADDRESS'
  /** The member is disabled, or the endpoint is disabled or was removed. */
  | 'RECIPIENT_GONE'
  /** It redirects elsewhere, and nobody follows. */
  | 'REDIRECTED'
  /** It did not take the message; see `status`. */
  | 'REFUSED'
  /** It did not answer in time. */
  | 'TIMED_OUT';

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

/** A way in which somebody is told. */
export type NotificationChannel =
  /** E-mail, to a member. */
  | 'MAIL'
  /** Slack, or what takes the same. */
  | 'SLACK'
  /** A program, by Standard Webhooks. */
  | 'WEBHOOK';

/** Something that can be done to an endpoint. */
export type NotificationEndpointAction =
  /** disableNotificationEndpoint. */
  | 'DISABLE'
  /** enableNotificationEndpoint. */
  | 'ENABLE'
  /** removeNotificationEndpoint. */
  | 'REMOVE'
  /** rotateNotificationSecret. Only a WEBHOOK has one. */
  | 'ROTATE_SECRET'
  /** sendTestNotification. */
  | 'TEST'
  /** updateNotificationEndpoint. */
  | 'UPDATE';

/** What an endpoint is. */
export type NotificationEndpointChannel =
  /** An incoming webhook of Slack, or of what takes the same: JSON with `text` and `blocks`. */
  | 'SLACK'
  /** A program: JSON, signed as https://www.standardwebhooks.com says, with the headers webhook-id, webhook-timestamp and webhook-signature. */
  | 'WEBHOOK';

/** What addNotificationEndpoint and updateNotificationEndpoint take. */
export type NotificationEndpointInput = {
  /** What it is told of; at least one. */
  readonly kinds: ReadonlyArray<IncidentKind>;
  /** The language of what a SLACK channel is told; JA by default. */
  readonly language?: Language | null | undefined;
  /** What to call it, at most 100 characters. */
  readonly name: string;
  /** Its address, which must be https and lead to a public address; required for a new one, and null, in an update, for the one that there is. */
  readonly url?: string | null | undefined;
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

export type EndpointShownFragment = { readonly id: string, readonly channel: Types.NotificationEndpointChannel, readonly name: string, readonly host: string, readonly kinds: ReadonlyArray<Types.IncidentKind>, readonly language: Types.Language, readonly revision: number, readonly createdAt: string, readonly disabledAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.NotificationEndpointAction, readonly enabled: boolean, readonly reason: string | null }> };

export type EndpointsListQueryVariables = Exact<{ [key: string]: never; }>;


export type EndpointsListQuery = { readonly notificationEndpoints: ReadonlyArray<{ readonly id: string, readonly channel: Types.NotificationEndpointChannel, readonly name: string, readonly host: string, readonly kinds: ReadonlyArray<Types.IncidentKind>, readonly language: Types.Language, readonly revision: number, readonly createdAt: string, readonly disabledAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.NotificationEndpointAction, readonly enabled: boolean, readonly reason: string | null }> }> };

export type EndpointAddMutationVariables = Exact<{
  channel: Types.NotificationEndpointChannel;
  input: Types.NotificationEndpointInput;
}>;


export type EndpointAddMutation = { readonly addNotificationEndpoint: { readonly secret: string | null, readonly endpoint: { readonly id: string, readonly channel: Types.NotificationEndpointChannel, readonly name: string, readonly host: string, readonly kinds: ReadonlyArray<Types.IncidentKind>, readonly language: Types.Language, readonly revision: number, readonly createdAt: string, readonly disabledAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.NotificationEndpointAction, readonly enabled: boolean, readonly reason: string | null }> } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type EndpointUpdateMutationVariables = Exact<{
  id: string;
  input: Types.NotificationEndpointInput;
  expectedRevision: number;
}>;


export type EndpointUpdateMutation = { readonly updateNotificationEndpoint: { readonly endpoint: { readonly id: string, readonly channel: Types.NotificationEndpointChannel, readonly name: string, readonly host: string, readonly kinds: ReadonlyArray<Types.IncidentKind>, readonly language: Types.Language, readonly revision: number, readonly createdAt: string, readonly disabledAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.NotificationEndpointAction, readonly enabled: boolean, readonly reason: string | null }> } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type EndpointDisableMutationVariables = Exact<{
  id: string;
}>;


export type EndpointDisableMutation = { readonly disableNotificationEndpoint: { readonly endpoint: { readonly id: string, readonly channel: Types.NotificationEndpointChannel, readonly name: string, readonly host: string, readonly kinds: ReadonlyArray<Types.IncidentKind>, readonly language: Types.Language, readonly revision: number, readonly createdAt: string, readonly disabledAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.NotificationEndpointAction, readonly enabled: boolean, readonly reason: string | null }> } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string }> } };

export type EndpointEnableMutationVariables = Exact<{
  id: string;
}>;


export type EndpointEnableMutation = { readonly enableNotificationEndpoint: { readonly endpoint: { readonly id: string, readonly channel: Types.NotificationEndpointChannel, readonly name: string, readonly host: string, readonly kinds: ReadonlyArray<Types.IncidentKind>, readonly language: Types.Language, readonly revision: number, readonly createdAt: string, readonly disabledAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.NotificationEndpointAction, readonly enabled: boolean, readonly reason: string | null }> } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string }> } };

export type EndpointRemoveMutationVariables = Exact<{
  id: string;
}>;


export type EndpointRemoveMutation = { readonly removeNotificationEndpoint: { readonly endpoint: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string }> } };

export type EndpointRotateMutationVariables = Exact<{
  id: string;
}>;


export type EndpointRotateMutation = { readonly rotateNotificationSecret: { readonly secret: string | null, readonly endpoint: { readonly id: string, readonly channel: Types.NotificationEndpointChannel, readonly name: string, readonly host: string, readonly kinds: ReadonlyArray<Types.IncidentKind>, readonly language: Types.Language, readonly revision: number, readonly createdAt: string, readonly disabledAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.NotificationEndpointAction, readonly enabled: boolean, readonly reason: string | null }> } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string }> } };

export type EndpointTestMutationVariables = Exact<{
  id: string;
}>;


export type EndpointTestMutation = { readonly sendTestNotification: { readonly delivery: { readonly id: string, readonly phase: Types.DeliveryPhase, readonly channel: Types.NotificationChannel, readonly state: Types.DeliveryState, readonly attempts: number, readonly trouble: Types.DeliveryTrouble | null, readonly message: string | null, readonly status: number | null, readonly createdAt: string, readonly triedAt: string | null, readonly nextAt: string | null, readonly endedAt: string | null, readonly replayable: boolean, readonly member: { readonly id: string, readonly name: string } | null, readonly endpoint: { readonly id: string, readonly channel: Types.NotificationEndpointChannel, readonly name: string, readonly host: string, readonly kinds: ReadonlyArray<Types.IncidentKind>, readonly language: Types.Language, readonly revision: number, readonly createdAt: string, readonly disabledAt: string | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.NotificationEndpointAction, readonly enabled: boolean, readonly reason: string | null }> } | null, readonly incident: { readonly id: string, readonly title: string } | null } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string }> } };

export const EndpointShownFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EndpointShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"kinds"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]} as unknown as DocumentNode<EndpointShownFragment, unknown>;
export const EndpointsListDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EndpointsList"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"notificationEndpoints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EndpointShown"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EndpointShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"kinds"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]} as unknown as DocumentNode<EndpointsListQuery, EndpointsListQueryVariables>;
export const EndpointAddDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndpointAdd"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"channel"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpointChannel"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpointInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"addNotificationEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"channel"},"value":{"kind":"Variable","name":{"kind":"Name","value":"channel"}}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EndpointShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secret"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EndpointShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"kinds"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]} as unknown as DocumentNode<EndpointAddMutation, EndpointAddMutationVariables>;
export const EndpointUpdateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndpointUpdate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpointInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"expectedRevision"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateNotificationEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}},{"kind":"Argument","name":{"kind":"Name","value":"expectedRevision"},"value":{"kind":"Variable","name":{"kind":"Name","value":"expectedRevision"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EndpointShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EndpointShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"kinds"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]} as unknown as DocumentNode<EndpointUpdateMutation, EndpointUpdateMutationVariables>;
export const EndpointDisableDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndpointDisable"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disableNotificationEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EndpointShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EndpointShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"kinds"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]} as unknown as DocumentNode<EndpointDisableMutation, EndpointDisableMutationVariables>;
export const EndpointEnableDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndpointEnable"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enableNotificationEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EndpointShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EndpointShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"kinds"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]} as unknown as DocumentNode<EndpointEnableMutation, EndpointEnableMutationVariables>;
export const EndpointRemoveDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndpointRemove"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"removeNotificationEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<EndpointRemoveMutation, EndpointRemoveMutationVariables>;
export const EndpointRotateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndpointRotate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rotateNotificationSecret"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EndpointShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secret"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EndpointShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"kinds"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]} as unknown as DocumentNode<EndpointRotateMutation, EndpointRotateMutationVariables>;
export const EndpointTestDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndpointTest"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendTestNotification"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"endpointId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"delivery"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeliveryShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EndpointShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"kinds"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeliveryShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EndpointShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"trouble"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"triedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"replayable"}}]}}]} as unknown as DocumentNode<EndpointTestMutation, EndpointTestMutationVariables>;