package intake

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Role is what a member may do; a member may hold several.
type Role string

// The roles: 管理者, 採用担当者, 採用コーディネーター.
const (
	RoleAdmin       Role = "ADMIN"
	RoleRecruiter   Role = "RECRUITER"
	RoleCoordinator Role = "COORDINATOR"
)

// Who may do what. A pure 管理者 sees no applicant, a pure 採用担当者 cannot touch a link; how a link is
// doing is everybody's business.
var (
	anyMember  = []Role{RoleAdmin, RoleRecruiter, RoleCoordinator}
	admins     = []Role{RoleAdmin}
	recruiting = []Role{RoleRecruiter, RoleCoordinator}
	recruiters = []Role{RoleRecruiter}
)

// allRoles are all there are, in the order in which they are kept.
var allRoles = []Role{RoleAdmin, RoleRecruiter, RoleCoordinator}

// Permission is a duty that some roles have. Frontends show and hide by it.
type Permission string

// The duties.
const (
	ManageLinks      Permission = "MANAGE_LINKS"
	ManageMembers    Permission = "MANAGE_MEMBERS"
	ReadAudit        Permission = "READ_AUDIT"
	WorkInbox        Permission = "WORK_INBOX"
	ManageRules      Permission = "MANAGE_RULES"
	ManageOpenings   Permission = "MANAGE_OPENINGS"
	ConductSelection Permission = "CONDUCT_SELECTION"
	EraseCandidates  Permission = "ERASE_CANDIDATES"
	Export           Permission = "EXPORT"
	HandleFiles      Permission = "HANDLE_FILES"

	ManageNotifications Permission = "MANAGE_NOTIFICATIONS"
	ManageRetention     Permission = "MANAGE_RETENTION"
)

// duties say which roles each duty takes, in the order in which they are shown.
var duties = []struct {
	permission Permission
	roles      []Role
}{
	{ManageLinks, admins},
	{ManageMembers, admins},
	{ReadAudit, admins},
	{WorkInbox, recruiting},
	{ManageRules, recruiting},
	{ManageOpenings, recruiting},
	{ConductSelection, recruiting},
	{EraseCandidates, recruiters},
	{Export, recruiters},
	{HandleFiles, recruiters},
	{ManageNotifications, admins},
	{ManageRetention, admins},
}

// Permissions are what the actor may do.
func (a Actor) Permissions() []Permission {
	may := []Permission{}
	for _, d := range duties {
		if a.may(d.roles) {
			may = append(may, d.permission)
		}
	}
	return may
}

// Holds reports whether the actor holds one of the roles.
func (a Actor) Holds(roles ...Role) bool { return a.may(roles) }

func (a Actor) may(roles []Role) bool {
	return slices.ContainsFunc(a.Member.Roles, func(r Role) bool { return slices.Contains(roles, r) })
}

// must returns ErrForbidden for somebody who holds none of the roles.
func (a Actor) must(roles []Role) error {
	if !a.may(roles) {
		return ErrForbidden
	}
	return nil
}

// closedDoor answers every statement with one error.
type closedDoor struct{ err error }

// Exec implements dbgen.DBTX.
func (d closedDoor) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, d.err
}

// Query implements dbgen.DBTX.
func (d closedDoor) Query(context.Context, string, ...any) (pgx.Rows, error) { return nil, d.err }

// QueryRow implements dbgen.DBTX.
func (d closedDoor) QueryRow(context.Context, string, ...any) pgx.Row { return d }

// Scan implements pgx.Row.
func (d closedDoor) Scan(...any) error { return d.err }
