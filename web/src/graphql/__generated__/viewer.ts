/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from './schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A duty that some roles have. Show what the viewer has, hide the rest. */
export type Permission =
  /** 選考: applications, and how they move. */
  | 'CONDUCT_SELECTION'
  /** 応募者の削除. */
  | 'ERASE_CANDIDATES'
  /** CSV の出力. */
  | 'EXPORT'
  /** 添付ファイルの閲覧. */
  | 'HANDLE_FILES'
  /** 連携の設定: registerAccount, stopAccount, importNow, and what a medium changed. */
  | 'MANAGE_LINKS'
  /** メンバーの管理: members, their roles and their tokens. */
  | 'MANAGE_MEMBERS'
  /** 通知先の管理: notificationEndpoints, and what was sent to them. */
  | 'MANAGE_NOTIFICATIONS'
  /** 求人の管理. */
  | 'MANAGE_OPENINGS'
  /** 応募者データの保存期間: updateRetention. */
  | 'MANAGE_RETENTION'
  /** 振り分けルールの管理. */
  | 'MANAGE_RULES'
  /** 監査ログの閲覧. */
  | 'READ_AUDIT'
  /** 応募受付: inbox, routeEntry, excludeEntry, restoreEntry. */
  | 'WORK_INBOX';

/** What a member may do. Additive: one member may hold several. */
export type Role =
  /** 管理者: links, members, audit. */
  | 'ADMIN'
  /** 採用コーディネーター: rules, inbox, selection. */
  | 'COORDINATOR'
  /** 採用担当者: rules, inbox, selection, deletion, CSV. */
  | 'RECRUITER';

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly serverTime: string, readonly viewer: { readonly roles: ReadonlyArray<Types.Role>, readonly permissions: ReadonlyArray<Types.Permission>, readonly member: { readonly id: string, readonly name: string, readonly email: string }, readonly company: { readonly id: string, readonly name: string } } };


export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"serverTime"}},{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"company"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;