package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// AuditAction is something that the audit log tells of.
type AuditAction string

// What the audit log tells of. Each has its words in auditTexts and its value in the schema's enum.
const (
	AuditAccountRegistered   AuditAction = "ACCOUNT_REGISTERED"
	AuditAccountStopped      AuditAction = "ACCOUNT_STOPPED"
	AuditImportRequested     AuditAction = "IMPORT_REQUESTED"
	AuditRuleCreated         AuditAction = "RULE_CREATED"
	AuditRuleUpdated         AuditAction = "RULE_UPDATED"
	AuditRuleDeleted         AuditAction = "RULE_DELETED"
	AuditOpeningCreated      AuditAction = "OPENING_CREATED"
	AuditOpeningUpdated      AuditAction = "OPENING_UPDATED"
	AuditOpeningClosed       AuditAction = "OPENING_CLOSED"
	AuditOpeningReopened     AuditAction = "OPENING_REOPENED"
	AuditEntryRouted         AuditAction = "ENTRY_ROUTED"
	AuditEntryExcluded       AuditAction = "ENTRY_EXCLUDED"
	AuditEntryRestored       AuditAction = "ENTRY_RESTORED"
	AuditEntriesRouted       AuditAction = "ENTRIES_ROUTED"
	AuditEntriesExcluded     AuditAction = "ENTRIES_EXCLUDED"
	AuditEntriesRestored     AuditAction = "ENTRIES_RESTORED"
	AuditRoutingUndone       AuditAction = "ROUTING_UNDONE"
	AuditRecordsRetried      AuditAction = "INVALID_RECORDS_RETRIED"
	AuditApplicationMoved    AuditAction = "APPLICATION_MOVED"
	AuditApplicationClosed   AuditAction = "APPLICATION_CLOSED"
	AuditApplicationReopened AuditAction = "APPLICATION_REOPENED"
	AuditApplicationRerouted AuditAction = "APPLICATION_REROUTED"
	AuditApplicationsMoved   AuditAction = "APPLICATIONS_MOVED"
	AuditApplicationsClosed  AuditAction = "APPLICATIONS_CLOSED"
	AuditCandidateUpdated    AuditAction = "CANDIDATE_UPDATED"
	AuditCandidatesMerged    AuditAction = "CANDIDATES_MERGED"
	AuditMergeUndone         AuditAction = "MERGE_UNDONE"
	AuditDuplicateDismissed  AuditAction = "DUPLICATE_DISMISSED"
	AuditDuplicateRestored   AuditAction = "DUPLICATE_RESTORED"
	AuditCandidatesRead      AuditAction = "CANDIDATES_READ"
	AuditExported            AuditAction = "AUDIT_EXPORTED"

	// A file of rules; candidates that went out as a file.
	AuditRulesImported  AuditAction = "RULES_IMPORTED"
	AuditPeopleExported AuditAction = "CANDIDATES_EXPORTED"
	AuditExportEnded    AuditAction = "CANDIDATES_EXPORT_ENDED"

	AuditFileStarted      AuditAction = "FILE_IMPORT_STARTED"
	AuditFileEnded        AuditAction = "FILE_IMPORT_ENDED"
	AuditFileCancelled    AuditAction = "FILE_IMPORT_CANCELLED"
	AuditBadLinesExported AuditAction = "FILE_BAD_LINES_EXPORTED"

	// Who is told when something stands still.
	AuditPreferencesChanged    AuditAction = "NOTIFICATION_PREFERENCES_CHANGED"
	AuditEndpointAdded         AuditAction = "ENDPOINT_ADDED"
	AuditEndpointUpdated       AuditAction = "ENDPOINT_UPDATED"
	AuditEndpointDisabled      AuditAction = "ENDPOINT_DISABLED"
	AuditEndpointEnabled       AuditAction = "ENDPOINT_ENABLED"
	AuditEndpointRemoved       AuditAction = "ENDPOINT_REMOVED"
	AuditEndpointSecretRotated AuditAction = "ENDPOINT_SECRET_ROTATED"
	AuditTestSent              AuditAction = "NOTIFICATION_TEST_SENT"
	AuditDeliveryReplayed      AuditAction = "NOTIFICATION_REPLAYED"

	AuditCompanyCreated    AuditAction = "COMPANY_CREATED"
	AuditMemberCreated     AuditAction = "MEMBER_CREATED"
	AuditMemberInvited     AuditAction = "MEMBER_INVITED"
	AuditInvitationRenewed AuditAction = "INVITATION_RENEWED"
	AuditPasswordResetLink AuditAction = "PASSWORD_RESET_LINK_MADE"
	AuditRolesChanged      AuditAction = "MEMBER_ROLES_CHANGED"
	AuditMemberDisabled    AuditAction = "MEMBER_DISABLED"
	AuditMemberEnabled     AuditAction = "MEMBER_ENABLED"
	AuditTokenCreated      AuditAction = "TOKEN_CREATED"
	AuditTokenRevoked      AuditAction = "TOKEN_REVOKED"

	// A receipt's id and numbers: never whom.
	AuditCandidateErased  AuditAction = "CANDIDATE_ERASED"
	AuditRetentionChanged AuditAction = "RETENTION_CHANGED"

	AuditSignedIn           AuditAction = "SIGNED_IN"
	AuditSignInFailed       AuditAction = "SIGN_IN_FAILED"
	AuditSignedOut          AuditAction = "SIGNED_OUT"
	AuditSessionEnded       AuditAction = "SESSION_ENDED"
	AuditPasswordChanged    AuditAction = "PASSWORD_CHANGED"
	AuditPasswordReset      AuditAction = "PASSWORD_RESET"
	AuditInvitationAccepted AuditAction = "INVITATION_ACCEPTED"
	AuditOIDCBound          AuditAction = "OIDC_BOUND"
)

// auditTexts say each action in a sentence: {who} did it, and any other name in braces is a value of the
// line's detail.
var auditTexts = map[AuditAction]Text{
	AuditAccountRegistered:     {"{who}が求人媒体のアカウントを登録しました。", "{who} registered an account of a medium."},
	AuditAccountStopped:        {"{who}がアカウントの連携を停止しました。", "{who} stopped an account's link."},
	AuditImportRequested:       {"{who}が応募情報の取り込みを指示しました。", "{who} asked for an import."},
	AuditRuleCreated:           {"{who}が振り分けルールを作成し、{routed}件を振り分けました。", "{who} created a routing rule, which routed {routed}."},
	AuditRuleUpdated:           {"{who}が振り分けルールを変更し、{routed}件を振り分けました。", "{who} changed a routing rule, which routed {routed}."},
	AuditRuleDeleted:           {"{who}が振り分けルールを削除しました。", "{who} deleted a routing rule."},
	AuditOpeningCreated:        {"{who}が求人を作成しました。", "{who} created an opening."},
	AuditOpeningUpdated:        {"{who}が求人を変更しました。", "{who} changed an opening."},
	AuditOpeningClosed:         {"{who}が求人を終了しました。", "{who} closed an opening."},
	AuditOpeningReopened:       {"{who}が求人を再開し、{routed}件を振り分けました。", "{who} reopened an opening, which routed {routed}."},
	AuditEntryRouted:           {"{who}が応募情報を手動で振り分けました。", "{who} routed an entry by hand."},
	AuditEntryExcluded:         {"{who}が応募情報を対象外にしました。", "{who} excluded an entry."},
	AuditEntryRestored:         {"{who}が対象外の応募情報を元に戻しました。", "{who} restored an excluded entry."},
	AuditEntriesRouted:         {"{who}が応募情報{count}件を手動で振り分けました。", "{who} routed {count} entries by hand."},
	AuditEntriesExcluded:       {"{who}が応募情報{count}件を対象外にしました。", "{who} excluded {count} entries."},
	AuditEntriesRestored:       {"{who}が対象外の応募情報{count}件を元に戻しました。", "{who} restored {count} excluded entries."},
	AuditRoutingUndone:         {"{who}が応募情報{count}件の振り分けなどの操作を取り消しました。", "{who} undid what was done with {count} entries."},
	AuditRecordsRetried:        {"{who}が読み取れなかった応募情報{count}件の再取り込みを指示しました。", "{who} asked for {count} invalid records to be read again."},
	AuditApplicationMoved:      {"{who}が応募の選考ステップを変更しました。", "{who} moved an application to another step."},
	AuditApplicationClosed:     {"{who}が応募の選考を終了しました。", "{who} ended an application's selection."},
	AuditApplicationReopened:   {"{who}が応募の選考を再開しました。", "{who} reopened an application's selection."},
	AuditApplicationRerouted:   {"{who}が応募を別の求人に移しました。", "{who} moved an application to another opening."},
	AuditApplicationsMoved:     {"{who}が応募{count}件の選考ステップをまとめて変更しました。", "{who} moved {count} applications to another step."},
	AuditApplicationsClosed:    {"{who}が応募{count}件の選考をまとめて終了しました。", "{who} ended the selections of {count} applications."},
	AuditCandidateUpdated:      {"{who}が応募者の連絡先またはメモを変更しました。", "{who} changed how a candidate is reached, or the note on them."},
	AuditCandidatesMerged:      {"{who}が応募者を統合しました。", "{who} merged two candidates."},
	AuditMergeUndone:           {"{who}が応募者の統合を取り消しました。", "{who} took a merge of candidates back."},
	AuditDuplicateDismissed:    {"{who}が重複候補を別人としました。", "{who} said that two candidates are two people."},
	AuditDuplicateRestored:     {"{who}が別人とした重複候補を元に戻しました。", "{who} took back that two candidates are two people."},
	AuditCandidatesRead:        {"{who}が応募者{count}人の情報を閲覧しました。", "{who} read {count} candidates."},
	AuditExported:              {"{who}が監査ログをCSVで出力しました。", "{who} exported the audit log."},
	AuditRulesImported:         {"{who}が振り分けルールをファイルから登録し（新規{created}件、変更{updated}件）、{routed}件を振り分けました。", "{who} read rules from a file ({created} new, {updated} changed), which routed {routed}."},
	AuditPeopleExported:        {"{who}が応募者の情報をCSVで出力し始めました。", "{who} began to export candidates."},
	AuditExportEnded:           {"{who}による応募者の情報のCSV出力が終わりました（{count}件）。", "{who}'s export of candidates ended ({count})."},
	AuditFileStarted:           {"{who}が応募者ファイルの取り込みを開始しました。", "{who} began to import a file of applicants."},
	AuditFileEnded:             {"応募者ファイルの取り込みが終了しました（{status}、{lines}行中{imported}件取り込み、{invalid}件失敗）。", "The import of a file ended as {status}: of {lines} lines, {imported} came in and {invalid} could not."},
	AuditFileCancelled:         {"{who}が応募者ファイルの取り込みを中止しました。", "{who} cancelled the import of a file."},
	AuditBadLinesExported:      {"{who}が取り込めなかった行をCSVで出力しました。", "{who} exported the lines of a file that could not come in."},
	AuditPreferencesChanged:    {"{who}が自分への通知の設定を変更しました。", "{who} changed what they are told of."},
	AuditEndpointAdded:         {"{who}が通知先を追加しました。", "{who} added an endpoint for notifications."},
	AuditEndpointUpdated:       {"{who}が通知先を変更しました。", "{who} changed an endpoint for notifications."},
	AuditEndpointDisabled:      {"{who}が通知先を無効にしました。", "{who} disabled an endpoint for notifications."},
	AuditEndpointEnabled:       {"{who}が通知先を有効にしました。", "{who} enabled an endpoint for notifications."},
	AuditEndpointRemoved:       {"{who}が通知先を削除しました。", "{who} removed an endpoint for notifications."},
	AuditEndpointSecretRotated: {"{who}が通知先の署名の鍵を変更しました。", "{who} gave an endpoint for notifications another secret."},
	AuditTestSent:              {"{who}がテスト通知を送信しました。", "{who} sent a test notification."},
	AuditDeliveryReplayed:      {"{who}が通知を再送しました。", "{who} sent a notification once more."},
	AuditCompanyCreated:        {"{who}が会社を登録しました。", "{who} created the company."},
	AuditMemberCreated:         {"{who}がメンバーを登録しました。", "{who} made a member."},
	AuditMemberInvited:         {"{who}がメンバーを招待しました。", "{who} invited a member."},
	AuditInvitationRenewed:     {"{who}が招待リンクを再発行しました。", "{who} made a new link for an invitation."},
	AuditPasswordResetLink:     {"{who}がパスワード再設定リンクを発行しました。", "{who} made a link to choose another password."},
	AuditRolesChanged:          {"{who}がメンバーの役割を変更しました。", "{who} changed a member's roles."},
	AuditMemberDisabled:        {"{who}がメンバーを無効にしました。", "{who} disabled a member."},
	AuditMemberEnabled:         {"{who}がメンバーを有効にしました。", "{who} enabled a member."},
	AuditTokenCreated:          {"{who}がAPIトークンを作成しました。", "{who} made an API token."},
	AuditTokenRevoked:          {"{who}がAPIトークンを取り消しました。", "{who} revoked an API token."},
	AuditCandidateErased:       {"{who}が応募者を削除しました。", "{who} erased candidates."},
	AuditRetentionChanged:      {"{who}が応募者情報の保存期間を変更しました。", "{who} changed how long candidates are kept."},
	AuditSignedIn:              {"{who}がサインインしました。", "{who} signed in."},
	AuditSignInFailed:          {"サインインに失敗しました。", "Somebody failed to sign in."},
	AuditSignedOut:             {"{who}がサインアウトしました。", "{who} signed out."},
	AuditSessionEnded:          {"{who}がセッションを終了しました。", "{who} ended a session."},
	AuditPasswordChanged:       {"{who}がパスワードを変更しました。", "{who} changed their password."},
	AuditPasswordReset:         {"{who}がパスワードを再設定しました。", "{who} chose another password by a link."},
	AuditInvitationAccepted:    {"{who}が招待を承諾しました。", "{who} accepted an invitation."},
	AuditOIDCBound:             {"{who}が認証サービスと紐付けられました。", "{who} was bound to an identity of the provider."},
}

// audit writes a line into the company's audit log: who did what to what. detail holds numbers, states
// and ids, never a person's data. Call it behind everything else that the transaction locks and before
// events.append: the lines of a company are written one transaction at a time.
func audit(ctx context.Context, q *dbgen.Queries, actor Actor, action AuditAction, subject *uuid.UUID, detail map[string]any) error {
	p := dbgen.AppendAuditParams{
		CompanyID: actor.Company.ID, Actor: string(ActorMember), MemberID: &actor.Member.ID, Credential: string(actor.Credential.Kind),
		Address: actor.Address, Action: string(action), SubjectID: subject, Detail: []byte("{}"),
	}
	if actor.Credential.ID != uuid.Nil {
		p.CredentialID = &actor.Credential.ID
	}
	if actor.Member.ID == uuid.Nil {
		p.Actor, p.MemberID = string(actor.kind()), nil
	}
	if len(detail) > 0 {
		encoded, err := json.Marshal(detail)
		if err != nil {
			return fmt.Errorf("encode audit line: %w", err)
		}
		p.Detail = encoded
	}
	return wrap("append to the audit log", q.AppendAudit(ctx, p))
}

// manyCandidates is from how many people on a request reads them in bulk.
const manyCandidates = 10

// CandidatesRead writes down that a request has read so many people, where they are many; few are nobody's
// business. Whoever shows candidates calls it once a request, before they are shown, and shows nobody
// where it fails. No lines are put together: what is not written is not shown.
func (s *Service) CandidatesRead(ctx context.Context, actor Actor, count int) error {
	if err := actor.must(recruiting); err != nil {
		return err
	}
	if count < manyCandidates {
		return nil
	}
	return audit(ctx, s.as(actor, recruiting), actor, AuditCandidatesRead, nil, map[string]any{"count": count})
}

// Summary says in a sentence what was done; member is the name of the one in MemberID, if any.
func (l AuditLine) Summary(member string) Text {
	text, known := auditTexts[l.Action]
	if !known {
		text = Text{"{who}: " + string(l.Action), "{who}: " + string(l.Action)}
	}
	who := l.who(member)
	return Text{l.fill(text.JA, who.JA), l.fill(text.EN, who.EN)}
}

func (l AuditLine) fill(sentence, who string) string {
	values := []string{"{who}", who}
	var detail map[string]any
	numbers := json.NewDecoder(strings.NewReader(l.Detail))
	numbers.UseNumber()
	// A line that somebody has tampered with is shown all the same.
	if err := numbers.Decode(&detail); err == nil {
		for name, value := range detail {
			values = append(values, "{"+name+"}", fmt.Sprint(value))
		}
	}
	return strings.NewReplacer(values...).Replace(sentence)
}

func (l AuditLine) who(member string) Text {
	switch l.Actor {
	case ActorMember:
		if member == "" {
			return Text{"メンバー", "A member"}
		}
		return Text{member + "さん", member}
	case ActorOperator:
		return Text{"サーバーの運用者", "The server's operator"}
	case ActorNobody:
		return Text{"認証されていない利用者", "Somebody who was not let in"}
	case ActorSystem:
	}
	return Text{"システム", "The system"}
}
