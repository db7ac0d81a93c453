/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What was done. More come with time: show `summary` where a client does not know one. */
export type AuditAction =
  /** 連携アカウントの登録: an account was registered, or registered again. */
  | 'ACCOUNT_REGISTERED'
  /** 連携の停止: a link was stopped, and its password destroyed. */
  | 'ACCOUNT_STOPPED'
  /** 選考の一括終了: the selections of applications to the opening ended, with their `count`. */
  | 'APPLICATIONS_CLOSED'
  /** 選考ステップの一括変更: applications were moved to another step of the opening, with their `count`. */
  | 'APPLICATIONS_MOVED'
  /** 選考の終了: an application's selection ended. */
  | 'APPLICATION_CLOSED'
  /** 選考ステップの変更: an application was moved to another step. */
  | 'APPLICATION_MOVED'
  /** 選考の再開: an application's selection was taken up again. */
  | 'APPLICATION_REOPENED'
  /** 応募先の変更: an application was moved to another opening. */
  | 'APPLICATION_REROUTED'
  /** 監査ログの出力: the audit log was exported, from and to the instants in `detail`. */
  | 'AUDIT_EXPORTED'
  /** 応募者情報の出力: an export of the inbox or the applications began, as the filter in `detail` says; written before anybody goes out. */
  | 'CANDIDATES_EXPORTED'
  /** 応募者情報の出力の終わり: it ended with `count` people handed over at most, and is `whole` or was broken off. Where there is no such line behind CANDIDATES_EXPORTED, the server stopped in the middle of it. */
  | 'CANDIDATES_EXPORT_ENDED'
  /** 応募者の統合: a candidate was merged into another. */
  | 'CANDIDATES_MERGED'
  /** 応募者情報の一括閲覧: one request read 10 candidates or more. One line a request with the `count` of different people, written before they are shown; lines are never put together. Fewer than 10 leave no line. */
  | 'CANDIDATES_READ'
  /** 応募者の消去: candidates were erased, on request or because their time had run out. The receipt is the subject; nobody is named. */
  | 'CANDIDATE_ERASED'
  /** 応募者の編集: how a candidate is reached or the note on them was changed; `fields` names what. */
  | 'CANDIDATE_UPDATED'
  /** 会社の登録: the company was made. */
  | 'COMPANY_CREATED'
  /** 別人: two candidates were said to be two people. */
  | 'DUPLICATE_DISMISSED'
  /** 別人の取り消し: that was taken back. */
  | 'DUPLICATE_RESTORED'
  /** 通知先の追加: an endpoint for notifications was added. */
  | 'ENDPOINT_ADDED'
  /** 通知先の無効化: an endpoint for notifications was disabled, also by itself, where it said that it is gone. */
  | 'ENDPOINT_DISABLED'
  /** 通知先の有効化: an endpoint for notifications was enabled. */
  | 'ENDPOINT_ENABLED'
  /** 通知先の削除: an endpoint for notifications was removed. */
  | 'ENDPOINT_REMOVED'
  /** 署名の鍵の変更: an endpoint for notifications got another secret. */
  | 'ENDPOINT_SECRET_ROTATED'
  /** 通知先の変更: an endpoint for notifications was changed. */
  | 'ENDPOINT_UPDATED'
  /** 一括対象外: several entries were set aside at once; the action is the subject. */
  | 'ENTRIES_EXCLUDED'
  /** 対象外の一括取り消し: several entries were taken back at once; the action is the subject. */
  | 'ENTRIES_RESTORED'
  /** 一括手動振り分け: several entries were routed by hand at once; the action is the subject. */
  | 'ENTRIES_ROUTED'
  /** 対象外: an entry was set aside. */
  | 'ENTRY_EXCLUDED'
  /** 対象外の取り消し: an entry was taken back. */
  | 'ENTRY_RESTORED'
  /** 手動振り分け: an entry was routed by hand. */
  | 'ENTRY_ROUTED'
  /** 取り込めなかった行の出力: the lines of a file that could not come in were exported. */
  | 'FILE_BAD_LINES_EXPORTED'
  /** 応募者ファイルの取り込み中止: somebody ended the import of a file. */
  | 'FILE_IMPORT_CANCELLED'
  /** 応募者ファイルの取り込み終了: with what came of it, in `detail`. */
  | 'FILE_IMPORT_ENDED'
  /** 応募者ファイルの取り込み開始: a file of applicants was taken in. */
  | 'FILE_IMPORT_STARTED'
  /** 取り込みの指示: somebody asked for an import. */
  | 'IMPORT_REQUESTED'
  /** 再取り込みの指示: records that could not be read were asked for again. */
  | 'INVALID_RECORDS_RETRIED'
  /** 招待の承諾: somebody accepted their invitation. */
  | 'INVITATION_ACCEPTED'
  /** 招待の再発行: a new link to an invitation ended the old one. */
  | 'INVITATION_RENEWED'
  /** メンバーの登録: a member was made at the server's console. */
  | 'MEMBER_CREATED'
  /** メンバーの無効化: a member was disabled, and everything of theirs ended. */
  | 'MEMBER_DISABLED'
  /** メンバーの有効化: a member was enabled again. */
  | 'MEMBER_ENABLED'
  /** メンバーの招待: a member was invited. */
  | 'MEMBER_INVITED'
  /** 役割の変更: a member was given other roles. */
  | 'MEMBER_ROLES_CHANGED'
  /** 統合の取り消し: a merge was undone. */
  | 'MERGE_UNDONE'
  /** 通知の設定: a member changed what they are told of. */
  | 'NOTIFICATION_PREFERENCES_CHANGED'
  /** 通知の再送: a notification was sent once more. */
  | 'NOTIFICATION_REPLAYED'
  /** テスト通知: a test was sent. */
  | 'NOTIFICATION_TEST_SENT'
  /** 認証サービスとの紐付け: a member was bound to an identity of the provider. */
  | 'OIDC_BOUND'
  /** 求人の終了: an opening was closed. */
  | 'OPENING_CLOSED'
  /** 求人の作成: an opening was created. */
  | 'OPENING_CREATED'
  /** 求人の再開: an opening was opened again, and what waited for it was routed. */
  | 'OPENING_REOPENED'
  /** 求人の変更: an opening was renamed, or its steps were changed. */
  | 'OPENING_UPDATED'
  /** パスワードの変更: somebody changed their password. */
  | 'PASSWORD_CHANGED'
  /** パスワードの再設定: somebody chose another password by a link that works once. */
  | 'PASSWORD_RESET'
  /** パスワード再設定リンクの発行: a link to choose another password was made. */
  | 'PASSWORD_RESET_LINK_MADE'
  /** 保存期間の変更: how long candidates are kept was changed. */
  | 'RETENTION_CHANGED'
  /** 操作の取り消し: an action on entries, which is the subject, was undone. */
  | 'ROUTING_UNDONE'
  /** 振り分けルールの一括登録: a file of rules was read, and what waited for them was routed. */
  | 'RULES_IMPORTED'
  /** 振り分けルールの作成: a rule was created, and routed what waited for it. */
  | 'RULE_CREATED'
  /** 振り分けルールの削除: a rule was deleted. */
  | 'RULE_DELETED'
  /** 振り分けルールの変更: a rule was changed, and routed what waited for it. */
  | 'RULE_UPDATED'
  /** セッションの終了: a session was ended. */
  | 'SESSION_ENDED'
  /** サインイン: somebody signed in. */
  | 'SIGNED_IN'
  /** サインアウト: somebody signed out. */
  | 'SIGNED_OUT'
  /** サインインの失敗: somebody failed to sign in as a member, who is the subject. */
  | 'SIGN_IN_FAILED'
  /** APIトークンの作成: an API token was made. */
  | 'TOKEN_CREATED'
  /** APIトークンの取り消し: an API token was revoked. */
  | 'TOKEN_REVOKED';

/** Who did something. */
export type AuditActor =
  /** A member, or a token of theirs. */
  | 'MEMBER'
  /** Somebody who was not let in. */
  | 'NOBODY'
  /** Somebody at the server's console. */
  | 'OPERATOR'
  /** Renkei itself. */
  | 'SYSTEM';

/** What let somebody in. */
export type AuditCredential =
  /** A token of the company's identity provider. */
  | 'OIDC'
  /** A session of the console. */
  | 'SESSION'
  /** An API token. */
  | 'TOKEN';

export type SettingsAuditLineFragment = { readonly n: number, readonly at: string, readonly actor: Types.AuditActor, readonly credential: Types.AuditCredential | null, readonly address: string | null, readonly action: Types.AuditAction, readonly summary: string, readonly subjectId: string | null, readonly detail: string, readonly id: string, readonly member: { readonly id: string, readonly name: string } | null };

export type SettingsAuditQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  action?: Types.AuditAction | null | undefined;
  memberId?: string | null | undefined;
  subjectId?: string | null | undefined;
  from?: string | null | undefined;
  to?: string | null | undefined;
}>;


export type SettingsAuditQuery = { readonly auditLog: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly n: number, readonly at: string, readonly actor: Types.AuditActor, readonly credential: Types.AuditCredential | null, readonly address: string | null, readonly action: Types.AuditAction, readonly summary: string, readonly subjectId: string | null, readonly detail: string, readonly id: string, readonly member: { readonly id: string, readonly name: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type SettingsAuditMembersQueryVariables = Exact<{ [key: string]: never; }>;


export type SettingsAuditMembersQuery = { readonly members: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string }> } };

export const SettingsAuditLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SettingsAuditLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuditLine"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"id"},"name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"n"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"credential"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]} as unknown as DocumentNode<SettingsAuditLineFragment, unknown>;
export const SettingsAuditDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SettingsAudit"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"action"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AuditAction"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"memberId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"subjectId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"auditLog"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"action"},"value":{"kind":"Variable","name":{"kind":"Name","value":"action"}}},{"kind":"Argument","name":{"kind":"Name","value":"memberId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"memberId"}}},{"kind":"Argument","name":{"kind":"Name","value":"subjectId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"subjectId"}}},{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"Argument","name":{"kind":"Name","value":"to"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SettingsAuditLine"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SettingsAuditLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuditLine"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"id"},"name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"n"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"credential"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]} as unknown as DocumentNode<SettingsAuditQuery, SettingsAuditQueryVariables>;
export const SettingsAuditMembersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SettingsAuditMembers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<SettingsAuditMembersQuery, SettingsAuditMembersQueryVariables>;