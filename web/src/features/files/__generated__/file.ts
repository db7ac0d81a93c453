/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../graphql/__generated__/schema';

import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Something that can be done to a file's import. */
export type ApplicantFileImportAction =
  /** cancelApplicantFile. */
  | 'CANCEL';

/** Why a line did not come in. */
export type BadLineReason =
  /** A cell holds characters that cannot be stored, or that its encoding does not have. */
  | 'BAD_CHARACTERS'
  /** A quotation mark stands where none may be. */
  | 'BAD_QUOTES'
  /** The day lies behind the upload, or before 1990. */
  | 'DATE_IMPOSSIBLE'
  /** The day is no day. */
  | 'DATE_UNREADABLE'
  /** A cell is longer than 64 KB. */
  | 'FIELD_TOO_LONG'
  /** A number is longer than 200 characters. */
  | 'ID_TOO_LONG'
  /** There is no name. */
  | 'NAME_MISSING'
  /** The name is longer than 200 characters. */
  | 'NAME_TOO_LONG'
  /** There is no position's name. */
  | 'POSITION_MISSING'
  /** The position's name is longer than 500 characters. */
  | 'POSITION_TOO_LONG'
  /** There are more than 1,000 cells. */
  | 'TOO_MANY_COLUMNS';

/** What somebody did on the medium. */
export type EntryKind =
  /** The candidate's own application. */
  | 'APPLIED'
  /** A reply to a scout. */
  | 'SCOUT_REPLIED';

/** Why a file could not be imported. All but INTERNAL are found before anybody comes in. */
export type FileFailureReason =
  /** There is nothing in it. */
  | 'EMPTY'
  /** Something went wrong on our side. */
  | 'INTERNAL'
  /** A line is longer than 256 KB. */
  | 'LINE_TOO_LONG'
  /** It has a password, or is of the older kind (.xls). */
  | 'PROTECTED'
  /** It is larger than 64 MB, or unpacks to too much. */
  | 'TOO_LARGE'
  /** There are more than 100,000 lines. */
  | 'TOO_MANY_LINES'
  /** A quotation mark is not closed. */
  | 'UNCLOSED_QUOTE'
  /** It is no CSV, TSV or XLSX, or a broken one. */
  | 'UNREADABLE';

/** Something about an applicant that a column may tell. Required are a name and, unless one is given for the whole file, POSITION_NAME. */
export type FileField =
  /** 応募ID: the medium's own number of the application. */
  | 'APPLICATION_NUMBER'
  /** Where a person sees the application; http or https. */
  | 'APPLICATION_URL'
  /** 応募日時, in many forms: 2026-11-23, 2026/1/5 9:30, 2026年1月5日, 20260105, a spreadsheet's number. Without a zone it is in Asia/Tokyo; a day is its midnight. Where it is missing it is the time of the upload. Later than that, or before 1990, is a bad line. */
  | 'APPLIED_AT'
  /** 会社名. */
  | 'COMPANY_NAME'
  /** 現職. */
  | 'CURRENT_POSITION'
  /** メールアドレス. One that is no address is left out; the line comes in all the same. */
  | 'EMAIL'
  /** 姓, where the name stands in two columns. */
  | 'FAMILY_NAME'
  /** 名, where the name stands in two columns. */
  | 'GIVEN_NAME'
  /** 自己PR. */
  | 'INTRODUCTION'
  /** 応募種別: SCOUT_REPLIED where it speaks of スカウト, APPLIED otherwise. */
  | 'KIND'
  /** 住所. */
  | 'LOCATION'
  /** 氏名. */
  | 'NAME'
  /** フリガナ. It stands in for a name that is missing, and is not kept otherwise. */
  | 'NAME_KANA'
  /** 会員番号: the medium's own number of the person. */
  | 'PERSON_NUMBER'
  /** 電話番号. */
  | 'PHONE'
  /** 募集ポジション名: what the rules route by. */
  | 'POSITION_NAME'
  /** The person's profile; http or https. */
  | 'PROFILE_URL'
  /** 学校名. */
  | 'SCHOOL_NAME'
  /** スキル, several by commas. */
  | 'SKILLS';

/** How far the import of a file has come. */
export type FileImportStatus =
  /** Somebody cancelled it; what came in before stays. */
  | 'CANCELLED'
  /** It ended before all was in; what came in before stays. See `failure`. */
  | 'FAILED'
  /** To begin as soon as somebody has time. */
  | 'QUEUED'
  /** Under way. */
  | 'RUNNING'
  /** Every line is dealt with. */
  | 'SUCCEEDED';

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

export type FilesOneQueryVariables = Exact<{
  id: string;
}>;


export type FilesOneQuery = { readonly node:
    | { readonly __typename: 'ApplicantFileImport', readonly id: string, readonly medium: Types.Medium, readonly fileName: string | null, readonly size: number, readonly uploadedAt: string, readonly status: Types.FileImportStatus, readonly startedAt: string | null, readonly finishedAt: string | null, readonly lines: number | null, readonly done: number, readonly known: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly uploadedBy: { readonly id: string, readonly name: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.ApplicantFileImportAction, readonly enabled: boolean, readonly reason: string | null }>, readonly failure: { readonly reason: Types.FileFailureReason, readonly message: string, readonly line: number | null } | null }
    | { readonly __typename: 'Application' }
    | { readonly __typename: 'Candidate' }
    | { readonly __typename: 'Company' }
    | { readonly __typename: 'Erasure' }
    | { readonly __typename: 'ImportRun' }
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

export type FilesEntriesQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type FilesEntriesQuery = { readonly node:
    | { readonly __typename: 'ApplicantFileImport', readonly id: string, readonly entries: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly kind: Types.EntryKind, readonly positionName: string, readonly appliedAt: string, readonly state: Types.RoutingState, readonly candidate: { readonly id: string, readonly name: string }, readonly application: { readonly id: string, readonly opening: { readonly id: string, readonly name: string } } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | { readonly __typename: 'Application' }
    | { readonly __typename: 'Candidate' }
    | { readonly __typename: 'Company' }
    | { readonly __typename: 'Erasure' }
    | { readonly __typename: 'ImportRun' }
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

export type FilesBadLinesQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type FilesBadLinesQuery = { readonly node:
    | { readonly __typename: 'ApplicantFileImport', readonly id: string, readonly badLines: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly line: number, readonly reason: Types.BadLineReason, readonly message: string, readonly field: Types.FileField | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | { readonly __typename: 'Application' }
    | { readonly __typename: 'Candidate' }
    | { readonly __typename: 'Company' }
    | { readonly __typename: 'Erasure' }
    | { readonly __typename: 'ImportRun' }
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


export const FilesOneDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FilesOne"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FilesLine"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FilesLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"fileName"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedAt"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lines"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"known"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"line"}}]}}]}}]} as unknown as DocumentNode<FilesOneQuery, FilesOneQueryVariables>;
export const FilesEntriesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FilesEntries"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"entries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BroughtInEntry"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BroughtInEntry"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InboxEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"candidate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"application"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"opening"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<FilesEntriesQuery, FilesEntriesQueryVariables>;
export const FilesBadLinesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FilesBadLines"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"badLines"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<FilesBadLinesQuery, FilesBadLinesQueryVariables>;