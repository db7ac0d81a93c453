package intake

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// AuditAction is something that the audit log tells of.
type AuditAction string

// What the audit log tells of.
const (
	AuditAccountRegistered AuditAction = "ACCOUNT_REGISTERED"
	AuditAccountStopped    AuditAction = "ACCOUNT_STOPPED"
	AuditImportRequested   AuditAction = "IMPORT_REQUESTED"
	AuditRuleCreated       AuditAction = "RULE_CREATED"
	AuditRuleUpdated       AuditAction = "RULE_UPDATED"
	AuditRuleDeleted       AuditAction = "RULE_DELETED"

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
)

// audit writes a line into the company's audit log: who did what to what. detail holds numbers, states
// and ids, never a person's data. Call it behind everything else that the transaction locks and before
// events.append: the lines of a company are written one transaction at a time.
func audit(ctx context.Context, q *dbgen.Queries, actor Actor, action AuditAction, subject *uuid.UUID, detail map[string]any) error {
	p := dbgen.AppendAuditParams{
		CompanyID: actor.Company.ID, Actor: "MEMBER", MemberID: &actor.Member.ID, Credential: string(actor.Credential.Kind),
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
