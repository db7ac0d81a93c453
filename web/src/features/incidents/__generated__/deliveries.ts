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

/** A way in which somebody is told. */
export type NotificationChannel =
  /** E-mail, to a member. */
  | 'MAIL'
  /** Slack, or what takes the same. */
  | 'SLACK'
  /** A program, by Standard Webhooks. */
  | 'WEBHOOK';

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

export type DeliveryShownFragment = { readonly id: string, readonly phase: Types.DeliveryPhase, readonly channel: Types.NotificationChannel, readonly state: Types.DeliveryState, readonly attempts: number, readonly trouble: Types.DeliveryTrouble | null, readonly message: string | null, readonly status: number | null, readonly createdAt: string, readonly triedAt: string | null, readonly nextAt: string | null, readonly endedAt: string | null, readonly replayable: boolean, readonly member: { readonly id: string, readonly name: string } | null, readonly endpoint: { readonly id: string, readonly name: string } | null, readonly incident: { readonly id: string, readonly title: string } | null };

export type DeliveryPageFragment = { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly phase: Types.DeliveryPhase, readonly channel: Types.NotificationChannel, readonly state: Types.DeliveryState, readonly attempts: number, readonly trouble: Types.DeliveryTrouble | null, readonly message: string | null, readonly status: number | null, readonly createdAt: string, readonly triedAt: string | null, readonly nextAt: string | null, readonly endedAt: string | null, readonly replayable: boolean, readonly member: { readonly id: string, readonly name: string } | null, readonly endpoint: { readonly id: string, readonly name: string } | null, readonly incident: { readonly id: string, readonly title: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } };

export type DeliveriesOfQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type DeliveriesOfQuery = { readonly node:
    | { readonly id: string, readonly deliveries: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly phase: Types.DeliveryPhase, readonly channel: Types.NotificationChannel, readonly state: Types.DeliveryState, readonly attempts: number, readonly trouble: Types.DeliveryTrouble | null, readonly message: string | null, readonly status: number | null, readonly createdAt: string, readonly triedAt: string | null, readonly nextAt: string | null, readonly endedAt: string | null, readonly replayable: boolean, readonly member: { readonly id: string, readonly name: string } | null, readonly endpoint: { readonly id: string, readonly name: string } | null, readonly incident: { readonly id: string, readonly title: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | { readonly id: string, readonly deliveries: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly phase: Types.DeliveryPhase, readonly channel: Types.NotificationChannel, readonly state: Types.DeliveryState, readonly attempts: number, readonly trouble: Types.DeliveryTrouble | null, readonly message: string | null, readonly status: number | null, readonly createdAt: string, readonly triedAt: string | null, readonly nextAt: string | null, readonly endedAt: string | null, readonly replayable: boolean, readonly member: { readonly id: string, readonly name: string } | null, readonly endpoint: { readonly id: string, readonly name: string } | null, readonly incident: { readonly id: string, readonly title: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

export type DeliveryNowQueryVariables = Exact<{
  id: string;
}>;


export type DeliveryNowQuery = { readonly node:
    | { readonly id: string, readonly phase: Types.DeliveryPhase, readonly channel: Types.NotificationChannel, readonly state: Types.DeliveryState, readonly attempts: number, readonly trouble: Types.DeliveryTrouble | null, readonly message: string | null, readonly status: number | null, readonly createdAt: string, readonly triedAt: string | null, readonly nextAt: string | null, readonly endedAt: string | null, readonly replayable: boolean, readonly member: { readonly id: string, readonly name: string } | null, readonly endpoint: { readonly id: string, readonly name: string } | null, readonly incident: { readonly id: string, readonly title: string } | null }
    | Record<PropertyKey, never>
   | null };

export type DeliveryReplayMutationVariables = Exact<{
  id: string;
}>;


export type DeliveryReplayMutation = { readonly replayNotification: { readonly delivery: { readonly id: string, readonly phase: Types.DeliveryPhase, readonly channel: Types.NotificationChannel, readonly state: Types.DeliveryState, readonly attempts: number, readonly trouble: Types.DeliveryTrouble | null, readonly message: string | null, readonly status: number | null, readonly createdAt: string, readonly triedAt: string | null, readonly nextAt: string | null, readonly endedAt: string | null, readonly replayable: boolean, readonly member: { readonly id: string, readonly name: string } | null, readonly endpoint: { readonly id: string, readonly name: string } | null, readonly incident: { readonly id: string, readonly title: string } | null } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string }> } };

export const DeliveryShownFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeliveryShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"trouble"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"triedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"replayable"}}]}}]} as unknown as DocumentNode<DeliveryShownFragment, unknown>;
export const DeliveryPageFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeliveryPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDeliveryConnection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeliveryShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeliveryShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"trouble"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"triedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"replayable"}}]}}]} as unknown as DocumentNode<DeliveryPageFragment, unknown>;
export const DeliveriesOfDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeliveriesOf"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Incident"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deliveries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeliveryPage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationEndpoint"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deliveries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeliveryPage"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeliveryShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"trouble"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"triedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"replayable"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeliveryPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDeliveryConnection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeliveryShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]} as unknown as DocumentNode<DeliveriesOfQuery, DeliveriesOfQueryVariables>;
export const DeliveryNowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeliveryNow"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeliveryShown"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeliveryShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"trouble"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"triedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"replayable"}}]}}]} as unknown as DocumentNode<DeliveryNowQuery, DeliveryNowQueryVariables>;
export const DeliveryReplayDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeliveryReplay"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayNotification"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"delivery"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeliveryShown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeliveryShown"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotificationDelivery"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"incident"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"trouble"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"triedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"replayable"}}]}}]} as unknown as DocumentNode<DeliveryReplayMutation, DeliveryReplayMutationVariables>;