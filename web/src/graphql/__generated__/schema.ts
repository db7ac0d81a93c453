export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** RFC 3339 instant, always UTC, microsecond precision. Any offset is accepted in arguments. */
  DateTime: { input: string; output: string; }
  /** A file. It comes as POST multipart/form-data by version 2 of the GraphQL multipart request spec (`operations`, `map`, then the file), with a header `GraphQL-Require-Preflight: 1`, which no form of another site can send. One file an operation, at most 64 MB, in one place; one upload of a member at a time. Over GET and WebSockets no file can come. */
  Upload: { input: File; output: File; }
};

/** Something that can be done to an account. */
export type AccountAction =
  /** importNow. */
  | 'IMPORT_NOW'
  /** registerAccount with this login. */
  | 'REGISTER'
  /** stopAccount. */
  | 'STOP';

/** Something that can be done to a token. */
export type ApiTokenAction =
  /** revokeToken. One that has expired can be revoked all the same. */
  | 'REVOKE';

/** Something that can be done to a file's import. */
export type ApplicantFileImportAction =
  /** cancelApplicantFile. */
  | 'CANCEL';

/** Something that can be done to an application. */
export type ApplicationAction =
  /** closeApplication. */
  | 'CLOSE'
  /** moveApplication. */
  | 'MOVE'
  /** reopenApplication. */
  | 'REOPEN'
  /** rerouteApplication. */
  | 'REROUTE';

/** An application, and the revision at which it was read. */
export type ApplicationRevision = {
  /** The revision that was read; it is refused with REVISION_CONFLICT when that no longer holds. */
  readonly expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** The application's id. */
  readonly id: Scalars['ID']['input'];
};

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

/** 理由分類: why a selection ended. `closingReasons` names them and tells which outcomes each may explain. */
export type ClosingReason =
  /** 条件（給与・勤務地・働き方）. */
  | 'CONDITIONS'
  /** 志向・カルチャー. */
  | 'CULTURE'
  /** 選考期間. */
  | 'DURATION'
  /** 仕事内容. */
  | 'DUTIES'
  /** その他. */
  | 'OTHER'
  /** 他社内定・他社選考. */
  | 'OTHER_OFFER'
  /** 家庭・健康などの事情. */
  | 'PERSONAL'
  /** 募集枠の充足. */
  | 'POSITION_FILLED'
  /** 応募要件外. */
  | 'REQUIREMENTS'
  /** 経験・スキル. */
  | 'SKILLS'
  /** 連絡不通. */
  | 'UNREACHABLE';

/** Why a rule that came near did not route an entry. More come with time. */
export type ConsideredReason =
  /** The names differ in decorations, such as 【急募】. */
  | 'DECORATION'
  /** Its opening was closed. */
  | 'OPENING_CLOSED'
  /** Another reason; see `reasonText`. */
  | 'OTHER'
  /** It is for another medium. */
  | 'OTHER_MEDIUM'
  /** The names are alike, but not the same. */
  | 'SIMILAR';

/** What createToken takes. */
export type CreateTokenInput = {
  /** In how many days it expires, 1 to 366; null for one that works until it is revoked. A token that is made with a token cannot outlive it. */
  readonly expiresInDays?: InputMaybe<Scalars['Int']['input']>;
  /** What to call it, at most 200 characters. */
  readonly name: Scalars['String']['input'];
};

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

/** Says that a field stands in the column of this name. A field has one column, and a column one field. */
export type FileColumnInput = {
  /** What the column tells. */
  readonly field: FileField;
  /** The column's name; white space, width and case do not count. */
  readonly header: Scalars['String']['input'];
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
  readonly defaultPositionName?: InputMaybe<Scalars['String']['input']>;
  /** The file: CSV, TSV or XLSX, at most 64 MB and 100,000 lines. */
  readonly file: Scalars['Upload']['input'];
  /** Which column tells what; where it is missing, as `previewApplicantFile` proposes. It is remembered for the medium's next file. */
  readonly mapping?: InputMaybe<ReadonlyArray<FileColumnInput>>;
  /** The medium that the applicants come from. */
  readonly medium: Medium;
};

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

/** Something that can be done to an entry. */
export type InboxEntryAction =
  /** excludeEntry, excludeEntries. */
  | 'EXCLUDE'
  /** restoreEntry, restoreEntries. */
  | 'RESTORE'
  /** routeEntry, routeEntries. */
  | 'ROUTE';

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

/** How an incident ended. */
export type IncidentResolution =
  /** The cause is gone. */
  | 'MENDED'
  /** The link was stopped. */
  | 'STOPPED'
  /** Another incident says more of the same link, or that far more people wait by now. */
  | 'SUPERSEDED';

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

/** What inviteMember takes. */
export type InviteMemberInput = {
  /** The member's e-mail address; no other member of the company has it. */
  readonly email: Scalars['String']['input'];
  /** The member's name, at most 200 characters. */
  readonly name: Scalars['String']['input'];
  /** What the member may do; at least one. */
  readonly roles: ReadonlyArray<Role>;
};

/** A language in which somebody is told. */
export type Language =
  /** English. */
  | 'EN'
  /** 日本語. */
  | 'JA';

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

/** Something that can be done to a member. */
export type MemberAction =
  /** updateMemberRoles. The last administrator who can come in stays one. */
  | 'CHANGE_ROLES'
  /** disableMember. */
  | 'DISABLE'
  /** enableMember. */
  | 'ENABLE'
  /** inviteMemberAgain. */
  | 'INVITE_AGAIN'
  /** resetMemberPassword. */
  | 'RESET_PASSWORD';

/** Whether a member can come in. */
export type MemberStatus =
  /** 有効: has joined. */
  | 'ACTIVE'
  /** 無効: nothing of theirs opens anything. */
  | 'DISABLED'
  /** 招待中: invited, and has not joined yet. */
  | 'INVITED';

/** The revisions at which two candidates were read. */
export type MergeRevisions = {
  /** Of the one who is to be merged. */
  readonly from: Scalars['Int']['input'];
  /** Of the one who is to stand. */
  readonly into: Scalars['Int']['input'];
};

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
  readonly language?: InputMaybe<Language>;
  /** What to call it, at most 100 characters. */
  readonly name: Scalars['String']['input'];
  /** Its address, which must be https and lead to a public address; required for a new one, and null, in an update, for the one that there is. */
  readonly url?: InputMaybe<Scalars['String']['input']>;
};

/** What updateNotificationPreferences takes; what is null stays as it is. */
export type NotificationPreferencesInput = {
  /** Go back to what their roles say. */
  readonly byDefault?: Scalars['Boolean']['input'];
  /** The language of their e-mail. */
  readonly language?: InputMaybe<Language>;
  /** What they are told of by e-mail; an empty list for nothing. */
  readonly mail?: InputMaybe<ReadonlyArray<IncidentKind>>;
};

/** Something that can be done to an opening. */
export type OpeningAction =
  /** closeOpening. */
  | 'CLOSE'
  /** reopenOpening. */
  | 'REOPEN'
  /** updateOpening. */
  | 'UPDATE';

/** What happened to an opening. */
export type OpeningEventKind =
  /** It is full: told once when filled reaches or passes capacity, and not again until it has been below. */
  | 'CAPACITY_REACHED'
  /** It was made, changed, closed or opened again, or is full no more. */
  | 'CHANGED';

/** What an opening is made of. */
export type OpeningInput = {
  /** 定員, 1 to 10,000. null: none. Left out: none at creation, unchanged at an update. */
  readonly capacity?: InputMaybe<Scalars['Int']['input']>;
  /** 選考ポジション名, at most 100 characters. */
  readonly name: Scalars['String']['input'];
  /** Its flow, at most 30 steps. Left out at creation: 応募受付 → 書類選考 → 一次面接 → 二次面接 → 最終面接 → 内定 → 内定承諾 → 入社; at an update: unchanged. */
  readonly steps?: InputMaybe<ReadonlyArray<SelectionStepInput>>;
};

/** Whether an opening takes applications. */
export type OpeningStatus =
  /** 終了: entries that rules send here wait. */
  | 'CLOSED'
  /** 募集中. */
  | 'OPEN';

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

/** What registerAccount takes. */
export type RegisterAccountInput = {
  /** The e-mail address that the person signs in to the medium with. */
  readonly email: Scalars['String']['input'];
  /** Import applications made from this instant on: at most 30 days back; the instant of registration by default, and as before for an account that failed. */
  readonly importFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** The medium. */
  readonly medium?: Medium;
  /** The password, at most 1,024 bytes. It is sealed at once, and destroyed when it is refused or the link is stopped. */
  readonly password: Scalars['String']['input'];
};

/** What a member may do. Additive: one member may hold several. */
export type Role =
  /** 管理者: links, members, audit. */
  | 'ADMIN'
  /** 採用コーディネーター: rules, inbox, selection. */
  | 'COORDINATOR'
  /** 採用担当者: rules, inbox, selection, deletion, CSV. */
  | 'RECRUITER';

/** What somebody did to entries. */
export type RoutingActionKind =
  /** 対象外: set aside. */
  | 'EXCLUDE'
  /** 求人の再開: what had waited for an opening was routed when that opened again. */
  | 'OPENING_REOPENED'
  /** 対象外の取り消し: taken back; where a rule fitted, routed. */
  | 'RESTORE'
  /** 手動振り分け: routed by hand. */
  | 'ROUTE'
  /** ルールの登録・変更: the first sweep of a rule that was made or changed. */
  | 'RULE'
  /** ルールの一括登録: the first sweep of the rules of a file. */
  | 'RULES_IMPORTED';

/** Something that can be done to a rule. */
export type RoutingRuleAction =
  /** deleteRoutingRule. */
  | 'DELETE'
  /** updateRoutingRule. */
  | 'UPDATE';

/** What a rule is made of. */
export type RoutingRuleInput = {
  /** 求人媒体. */
  readonly medium: Medium;
  /** 振り分け先求人, which must be open. */
  readonly openingId: Scalars['ID']['input'];
  /** 募集ポジション名, at most 500 characters. */
  readonly positionName: Scalars['String']['input'];
};

/** Where an entry has come to. */
export type RoutingState =
  /** 対象外: somebody set it aside. */
  | 'EXCLUDED'
  /** 振り分け済み: it is an application to an opening. */
  | 'ROUTED'
  /** 滞留: it waits for a rule, or for its opening to open again. */
  | 'WAITING';

/** A column of a file of rules. */
export type RuleColumn =
  /** 求人媒体, in Japanese, in English or as its value of Medium. */
  | 'MEDIUM'
  /** 振り分け先求人, by its exact name. */
  | 'OPENING'
  /** 求人ID: the opening's id, which counts before its name. */
  | 'OPENING_ID'
  /** 募集ポジション名. */
  | 'POSITION_NAME';

/** Whether a rule still does something. The first that holds counts. */
export type RuleHealth =
  /** It has routed something in the last 90 days. */
  | 'HEALTHY'
  /** It has routed nothing yet. */
  | 'NEVER_MATCHED'
  /** Its opening is closed, so that what it matches waits. */
  | 'OPENING_CLOSED'
  /** It has routed nothing for 90 days. */
  | 'QUIET';

/** What happened to applications. */
export type SelectionAction =
  /** Their selections ended. */
  | 'CLOSED'
  /** They went to another step. */
  | 'MOVED'
  /** Their selections were taken up again. */
  | 'REOPENED'
  /** They came from another opening, or went to one. */
  | 'REROUTED'
  /** They came to the opening: by a rule or by hand. */
  | 'ROUTED'
  /** Their routing was taken back. */
  | 'UNROUTED';

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

/** What a step is made of. */
export type SelectionStepInput = {
  /** A step that the opening has already; left out for a new one. */
  readonly id?: InputMaybe<Scalars['ID']['input']>;
  /** What happens there. */
  readonly kind: SelectionStepKind;
  /** What it is called, at most 100 characters. */
  readonly name: Scalars['String']['input'];
};

/** What happens at a step of a selection. */
export type SelectionStepKind =
  /** 書類選考. */
  | 'DOCUMENT_SCREENING'
  /** 応募受付. */
  | 'ENTRY'
  /** 最終面接. */
  | 'FINAL_INTERVIEW'
  /** 面接. */
  | 'INTERVIEW'
  /** 入社. */
  | 'JOINED'
  /** 内定. */
  | 'OFFER'
  /** 内定承諾. */
  | 'OFFER_ACCEPTED';

/** What a suggestion is made from. */
export type SuggestionKind =
  /** An opening has nearly this name. */
  | 'NEAR_OPENING'
  /** There is a rule for nearly this name. */
  | 'NEAR_RULE'
  /** The posting was renamed, and there is a rule for its former name: that one is to be renamed. */
  | 'RENAMED_POSTING';

/** Something that can be done to what can be taken back. */
export type UndoAction =
  /** undoRoutingAction, undoMerge. */
  | 'UNDO';

/** What a recruiter knows of a candidate. What is left out stays as it is; null, or nothing but spaces, removes it. */
export type UpdateCandidateInput = {
  /** The e-mail. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
  /** At most 10,000 characters. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /** The phone number: 6 to 20 digits; +, - and spaces may stand in it. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
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

/** Why an entry waits. */
export type WaitingReason =
  /** No rule fits. */
  | 'NO_RULE'
  /** A rule fits, but its opening is closed: it is routed when that opens again. */
  | 'OPENING_CLOSED'
  /** A rule fits, but an action on the entry, a routing or an exclusion, was taken back. No sweep routes it by that rule, be it by reopening an opening or by restoring the entry, while the rule is as it is. Saving the rule again, even unchanged, asks anew; so does another rule for the position; and anybody may route it by hand. */
  | 'UNDONE';
