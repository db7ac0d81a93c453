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

/** Says that a field stands in the column of this name. A field has one column, and a column one field. */
export type FileColumnInput = {
  /** What the column tells. */
  readonly field: FileField;
  /** The column's name; white space, width and case do not count. */
  readonly header: string;
};

/** How a CSV writes its characters. */
export type FileEncoding =
  /** Windows' Shift_JIS. */
  | 'CP932'
  /** UTF-8, with or without a mark at its beginning. */
  | 'UTF_8'
  /** UTF-16, the high byte first. */
  | 'UTF_16_BE'
  /** UTF-16, the low byte first. */
  | 'UTF_16_LE';

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

/** What kind of file it is, told by what is in it. */
export type FileKind =
  /** Text with a separator: CSV, TSV or with semicolons. */
  | 'CSV'
  /** A workbook; its first visible sheet is read. */
  | 'XLSX';

/** A file to import. */
export type ImportApplicantsInput = {
  /** The position's name for lines that name none. */
  readonly defaultPositionName?: string | null | undefined;
  /** The file: CSV, TSV or XLSX, at most 64 MB and 100,000 lines. */
  readonly file: File;
  /** Which column tells what; where it is missing, as `previewApplicantFile` proposes. It is remembered for the medium's next file. */
  readonly mapping?: ReadonlyArray<FileColumnInput> | null | undefined;
  /** The medium that the applicants come from. */
  readonly medium: Medium;
};

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

export type FilesLineFragment = { readonly id: string, readonly medium: Types.Medium, readonly fileName: string | null, readonly size: number, readonly uploadedAt: string, readonly status: Types.FileImportStatus, readonly startedAt: string | null, readonly finishedAt: string | null, readonly lines: number | null, readonly done: number, readonly known: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly uploadedBy: { readonly id: string, readonly name: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.ApplicantFileImportAction, readonly enabled: boolean, readonly reason: string | null }>, readonly failure: { readonly reason: Types.FileFailureReason, readonly message: string, readonly line: number | null } | null };

export type FilesListQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type FilesListQuery = { readonly fileImports: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly medium: Types.Medium, readonly fileName: string | null, readonly size: number, readonly uploadedAt: string, readonly status: Types.FileImportStatus, readonly startedAt: string | null, readonly finishedAt: string | null, readonly lines: number | null, readonly done: number, readonly known: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly uploadedBy: { readonly id: string, readonly name: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.ApplicantFileImportAction, readonly enabled: boolean, readonly reason: string | null }>, readonly failure: { readonly reason: Types.FileFailureReason, readonly message: string, readonly line: number | null } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type FilesMediaQueryVariables = Exact<{ [key: string]: never; }>;


export type FilesMediaQuery = { readonly media: ReadonlyArray<{ readonly medium: Types.Medium, readonly displayName: string, readonly linkable: boolean }> };

export type FilesChangedSubscriptionVariables = Exact<{
  id?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type FilesChangedSubscription = { readonly fileImportChanged: { readonly cursor: string, readonly at: string, readonly import: { readonly id: string, readonly medium: Types.Medium, readonly fileName: string | null, readonly size: number, readonly uploadedAt: string, readonly status: Types.FileImportStatus, readonly startedAt: string | null, readonly finishedAt: string | null, readonly lines: number | null, readonly done: number, readonly known: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly uploadedBy: { readonly id: string, readonly name: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.ApplicantFileImportAction, readonly enabled: boolean, readonly reason: string | null }>, readonly failure: { readonly reason: Types.FileFailureReason, readonly message: string, readonly line: number | null } | null } } };

export type FilesPreviewQueryVariables = Exact<{
  medium: Types.Medium;
  file: File;
  mapping?: ReadonlyArray<Types.FileColumnInput> | Types.FileColumnInput | null | undefined;
  defaultPositionName?: string | null | undefined;
}>;


export type FilesPreviewQuery = { readonly previewApplicantFile: { readonly kind: Types.FileKind | null, readonly encoding: Types.FileEncoding | null, readonly separator: string | null, readonly headers: ReadonlyArray<string>, readonly remembered: boolean, readonly mapping: ReadonlyArray<{ readonly field: Types.FileField, readonly header: string }>, readonly rows: ReadonlyArray<{ readonly line: number, readonly name: string | null, readonly email: string | null, readonly phone: string | null, readonly positionName: string | null, readonly appliedAt: string | null, readonly kind: Types.EntryKind | null, readonly currentPosition: string | null, readonly companyName: string | null, readonly schoolName: string | null, readonly skills: ReadonlyArray<string>, readonly introduction: string | null, readonly location: string | null, readonly profileUrl: string | null, readonly bad: { readonly line: number, readonly reason: Types.BadLineReason, readonly message: string, readonly field: Types.FileField | null } | null }>, readonly problems: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type FilesImportMutationVariables = Exact<{
  input: Types.ImportApplicantsInput;
}>;


export type FilesImportMutation = { readonly importApplicants: { readonly alreadyImported: boolean, readonly import: { readonly id: string, readonly medium: Types.Medium, readonly fileName: string | null, readonly size: number, readonly uploadedAt: string, readonly status: Types.FileImportStatus, readonly startedAt: string | null, readonly finishedAt: string | null, readonly lines: number | null, readonly done: number, readonly known: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly uploadedBy: { readonly id: string, readonly name: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.ApplicantFileImportAction, readonly enabled: boolean, readonly reason: string | null }>, readonly failure: { readonly reason: Types.FileFailureReason, readonly message: string, readonly line: number | null } | null } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type FilesCancelMutationVariables = Exact<{
  id: string;
}>;


export type FilesCancelMutation = { readonly cancelApplicantFile: { readonly import: { readonly id: string, readonly medium: Types.Medium, readonly fileName: string | null, readonly size: number, readonly uploadedAt: string, readonly status: Types.FileImportStatus, readonly startedAt: string | null, readonly finishedAt: string | null, readonly lines: number | null, readonly done: number, readonly known: number, readonly imported: number, readonly routed: number, readonly waiting: number, readonly invalid: number, readonly uploadedBy: { readonly id: string, readonly name: string } | null, readonly availableActions: ReadonlyArray<{ readonly action: Types.ApplicantFileImportAction, readonly enabled: boolean, readonly reason: string | null }>, readonly failure: { readonly reason: Types.FileFailureReason, readonly message: string, readonly line: number | null } | null } | null, readonly errors: ReadonlyArray<{ readonly code: Types.UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export const FilesLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FilesLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"fileName"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedAt"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lines"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"known"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"line"}}]}}]}}]} as unknown as DocumentNode<FilesLineFragment, unknown>;
export const FilesListDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FilesList"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fileImports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FilesLine"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FilesLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"fileName"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedAt"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lines"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"known"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"line"}}]}}]}}]} as unknown as DocumentNode<FilesListQuery, FilesListQueryVariables>;
export const FilesMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FilesMedia"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"linkable"}}]}}]}}]} as unknown as DocumentNode<FilesMediaQuery, FilesMediaQueryVariables>;
export const FilesChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"FilesChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fileImportChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"import"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FilesLine"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FilesLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"fileName"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedAt"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lines"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"known"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"line"}}]}}]}}]} as unknown as DocumentNode<FilesChangedSubscription, FilesChangedSubscriptionVariables>;
export const FilesPreviewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FilesPreview"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"medium"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Medium"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"file"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Upload"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"mapping"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"FileColumnInput"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"defaultPositionName"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previewApplicantFile"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"medium"},"value":{"kind":"Variable","name":{"kind":"Name","value":"medium"}}},{"kind":"Argument","name":{"kind":"Name","value":"file"},"value":{"kind":"Variable","name":{"kind":"Name","value":"file"}}},{"kind":"Argument","name":{"kind":"Name","value":"mapping"},"value":{"kind":"Variable","name":{"kind":"Name","value":"mapping"}}},{"kind":"Argument","name":{"kind":"Name","value":"defaultPositionName"},"value":{"kind":"Variable","name":{"kind":"Name","value":"defaultPositionName"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"encoding"}},{"kind":"Field","name":{"kind":"Name","value":"separator"}},{"kind":"Field","name":{"kind":"Name","value":"headers"}},{"kind":"Field","name":{"kind":"Name","value":"mapping"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"header"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remembered"}},{"kind":"Field","name":{"kind":"Name","value":"rows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"bad"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"positionName"}},{"kind":"Field","name":{"kind":"Name","value":"appliedAt"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"currentPosition"}},{"kind":"Field","name":{"kind":"Name","value":"companyName"}},{"kind":"Field","name":{"kind":"Name","value":"schoolName"}},{"kind":"Field","name":{"kind":"Name","value":"skills"}},{"kind":"Field","name":{"kind":"Name","value":"introduction"}},{"kind":"Field","name":{"kind":"Name","value":"location"}},{"kind":"Field","name":{"kind":"Name","value":"profileUrl"}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<FilesPreviewQuery, FilesPreviewQueryVariables>;
export const FilesImportDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"FilesImport"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportApplicantsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importApplicants"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"import"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FilesLine"}}]}},{"kind":"Field","name":{"kind":"Name","value":"alreadyImported"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FilesLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"fileName"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedAt"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lines"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"known"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"line"}}]}}]}}]} as unknown as DocumentNode<FilesImportMutation, FilesImportMutationVariables>;
export const FilesCancelDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"FilesCancel"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelApplicantFile"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"import"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FilesLine"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FilesLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplicantFileImport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"medium"}},{"kind":"Field","name":{"kind":"Name","value":"fileName"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedAt"}},{"kind":"Field","name":{"kind":"Name","value":"uploadedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lines"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"known"}},{"kind":"Field","name":{"kind":"Name","value":"imported"}},{"kind":"Field","name":{"kind":"Name","value":"routed"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"invalid"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"line"}}]}}]}}]} as unknown as DocumentNode<FilesCancelMutation, FilesCancelMutationVariables>;