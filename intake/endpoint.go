package intake

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// endpointField names what the vault seals for an endpoint.
const endpointField = "endpoint"

const (
	maxEndpoints = 20
	maxURL       = 2000
	// oldSecretLife is how long what a secret was before still signs too, so that nobody misses a message while
	// it is being changed.
	oldSecretLife = 24 * time.Hour
	secretPrefix  = "whsec_"
)

// NotificationChannel is a way to tell somebody.
type NotificationChannel string

// The ways. MAIL is for members, the others are for endpoints: SLACK is anything that takes what Slack's incoming webhooks
// take, and WEBHOOK is what https://www.standardwebhooks.com says.
const (
	ChannelMail    NotificationChannel = "MAIL"
	ChannelSlack   NotificationChannel = "SLACK"
	ChannelWebhook NotificationChannel = "WEBHOOK"
)

// Endpoint is a place, beside the members' mail, where a company is told. It holds no secret: of its address only the
// host is shown.
type Endpoint struct {
	ID         uuid.UUID
	Channel    NotificationChannel
	Name       string
	Host       string
	Kinds      []IncidentKind
	Language   Language
	Revision   int
	CreatedAt  time.Time
	DisabledAt *time.Time
	RemovedAt  *time.Time
}

// EndpointAction is something that can be done to an endpoint.
type EndpointAction string

// The actions.
const (
	ActionUpdateEndpoint  EndpointAction = "UPDATE"
	ActionDisableEndpoint EndpointAction = "DISABLE"
	ActionEnableEndpoint  EndpointAction = "ENABLE"
	ActionRemoveEndpoint  EndpointAction = "REMOVE"
	ActionRotateSecret    EndpointAction = "ROTATE_SECRET" // #nosec G101 -- an action, not a secret
	ActionTestEndpoint    EndpointAction = "TEST"
)

var endpointActions = []EndpointAction{ActionUpdateEndpoint, ActionDisableEndpoint, ActionEnableEndpoint, ActionRemoveEndpoint, ActionRotateSecret, ActionTestEndpoint}

// EndpointActionState says whether an action is possible now.
type EndpointActionState struct {
	Action EndpointAction
	// WhyNot is nil when the action is possible.
	WhyNot *Text
}

var (
	textEndpointDisabled = Text{"この通知先は無効です。先に有効にしてください。", "This endpoint is disabled. Enable it first."}
	textEndpointEnabled  = Text{"この通知先は有効です。", "This endpoint is not disabled."}
	textNoSecret         = Text{"署名の鍵があるのはWebhookだけです。", "Only a webhook has a secret that signs."}
	textEndpointRemoved  = Text{"この通知先は削除されています。", "This endpoint was removed."}
)

// AvailableActions lists every action and whether the endpoint's state allows it.
func (e Endpoint) AvailableActions() []EndpointActionState {
	return mapRows(endpointActions, func(a EndpointAction) EndpointActionState { return EndpointActionState{a, e.whyNot(a)} })
}

func (e Endpoint) whyNot(action EndpointAction) *Text {
	switch {
	case e.RemovedAt != nil:
		return &textEndpointRemoved
	case action == ActionRotateSecret && e.Channel != ChannelWebhook:
		return &textNoSecret
	case action == ActionEnableEndpoint && e.DisabledAt == nil:
		return &textEndpointEnabled
	case e.DisabledAt != nil && (action == ActionDisableEndpoint || action == ActionTestEndpoint):
		return &textEndpointDisabled
	}
	return nil
}

// sealedEndpoint is what of an endpoint is never stored in plain.
type sealedEndpoint struct {
	URL string `json:"url"`
	// Secret signs, and Old does so too until then.
	Secret string     `json:"secret,omitempty"`
	Old    string     `json:"old,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
}

// secrets are those that sign at an instant.
func (e sealedEndpoint) secrets(now time.Time) []Secret {
	signing := []Secret{NewSecret(e.Secret)}
	if e.Until != nil && now.Before(*e.Until) {
		signing = append(signing, NewSecret(e.Old))
	}
	return signing
}

// newSigningSecret is 256 random bits as Standard Webhooks writes them.
func newSigningSecret() string {
	random := make([]byte, 32)
	// crypto/rand.Read never fails; it ends the program instead.
	_, _ = rand.Read(random)
	return secretPrefix + base64.StdEncoding.EncodeToString(random)
}

// EndpointInput is what AddEndpoint and UpdateEndpoint take.
type EndpointInput struct {
	Name string
	// URL is nil, in an update, for the one that there is.
	URL      *string
	Kinds    []IncidentKind
	Language *Language
}

// Endpoints returns the company's endpoints, the oldest first.
func (s *Service) Endpoints(ctx context.Context, actor Actor) ([]Endpoint, error) {
	rows, err := s.as(actor, admins).Endpoints(ctx, actor.Company.ID)
	return mapRows(rows, endpoint), wrap("read endpoints", err)
}

// EndpointsByID returns the endpoints among ids, by id, also those that were removed.
func (s *Service) EndpointsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Endpoint, error) {
	rows, err := s.as(actor, admins).EndpointsByID(ctx, dbgen.EndpointsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read endpoints: %w", err)
	}
	return byID(mapRows(rows, endpoint), func(e Endpoint) uuid.UUID { return e.ID }), nil
}

func endpoint(r dbgen.NotificationEndpoint) Endpoint {
	return Endpoint{
		ID: r.ID, Channel: NotificationChannel(r.Channel), Name: r.Name, Host: r.Host, Kinds: incidentKindsOf(r.Kinds), Language: Language(r.Language),
		Revision: int(r.Revision), CreatedAt: r.CreatedAt, DisabledAt: r.DisabledAt, RemovedAt: r.RemovedAt,
	}
}

// AddEndpoint adds a place where the company is told. A WEBHOOK's secret is returned, this once. UserErrors: what is
// wrong with the input; INVALID_STATE where there are 20 already.
func (s *Service) AddEndpoint(ctx context.Context, actor Actor, channel NotificationChannel, in EndpointInput) (Endpoint, Secret, error) {
	if err := actor.must(admins); err != nil {
		return Endpoint{}, Secret{}, err
	}
	in, host, err := s.checkEndpoint(in, true)
	if err != nil {
		return Endpoint{}, Secret{}, err
	}
	private := sealedEndpoint{URL: *in.URL}
	if channel == ChannelWebhook {
		private.Secret = newSigningSecret()
	}
	id := newID()
	sealed, err := s.sealEndpoint(actor.Company.ID, id, private)
	if err != nil {
		return Endpoint{}, Secret{}, err
	}
	var made Endpoint
	err = s.change(ctx, actor, admins, "add endpoint", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := q.LockEndpoints(ctx, actor.Company.ID); err != nil {
			return fmt.Errorf("lock endpoints: %w", err)
		}
		there, err := q.Endpoints(ctx, actor.Company.ID)
		if err != nil {
			return fmt.Errorf("read endpoints: %w", err)
		}
		if len(there) >= maxEndpoints {
			return refuse(CodeInvalidState, Text{"通知先は20件までです。", "A company has at most 20 endpoints."}, fieldInput)
		}
		row, err := q.InsertEndpoint(ctx, dbgen.InsertEndpointParams{
			CompanyID: actor.Company.ID, ID: id, Channel: string(channel), Name: in.Name, Host: host, Sealed: sealed,
			Kinds: kindNames(in.Kinds...), Language: string(*in.Language),
		})
		if err != nil {
			return fmt.Errorf("insert endpoint: %w", err)
		}
		made = endpoint(row)
		return audit(ctx, q, actor, AuditEndpointAdded, &id, map[string]any{"channel": channel, "kinds": in.Kinds})
	})
	if err != nil {
		return Endpoint{}, Secret{}, err
	}
	return made, NewSecret(private.Secret), nil
}

// checkEndpoint returns the input as it is kept, and the host of its address.
func (s *Service) checkEndpoint(in EndpointInput, isNew bool) (EndpointInput, string, error) {
	var c check
	in.Name = strings.TrimSpace(in.Name)
	switch {
	case in.Name == "" || utf8.RuneCountInString(in.Name) > 100:
		c.add(CodeInvalid, Text{"名前は1〜100文字で入力してください。", "A name has 1 to 100 characters."}, fieldInput, "name")
	case !storable(in.Name):
		c.add(CodeInvalid, textBadCharacters, fieldInput, "name")
	}
	var host string
	switch {
	case in.URL != nil:
		in.URL = new(strings.TrimSpace(*in.URL))
		host = c.webhookURL(*in.URL, s.settings.NotifyPrivate)
	case isNew:
		c.add(CodeRequired, Text{"URLを入力してください。", "Enter the URL."}, fieldInput, "url")
	}
	if in.Kinds = ordered(in.Kinds); len(in.Kinds) == 0 {
		c.add(CodeRequired, Text{"通知する内容を1つ以上選んでください。", "Choose at least one kind of incident."}, fieldInput, "kinds")
	}
	if in.Language == nil {
		in.Language = new(Japanese)
	}
	return in, host, c.err()
}

// webhookURL returns the host of an address, which must be https unless this server may reach private ones.
func (c *check) webhookURL(raw string, private bool) string {
	u, err := url.Parse(raw)
	bad := err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(raw) > maxURL || len(u.Host) > 260 || !storable(raw)
	switch {
	case bad || u.Scheme != "https" && u.Scheme != "http":
		c.add(CodeInvalid, Text{"https:// から始まるURLを入力してください。", "This is not an https URL."}, fieldInput, "url")
		return ""
	case u.Scheme == "http" && !private:
		c.add(CodeInvalid, Text{"暗号化されないURLには通知できません。https:// から始まるURLを入力してください。", "Nothing is sent in the clear. Enter an https URL."}, fieldInput, "url")
		return ""
	}
	return u.Host
}

func (s *Service) sealEndpoint(companyID, id uuid.UUID, private sealedEndpoint) ([]byte, error) {
	encoded, err := json.Marshal(private) //nolint:gosec // it is sealed
	if err != nil {
		return nil, fmt.Errorf("encode endpoint: %w", err)
	}
	return s.vault.Seal(NewSecret(string(encoded)), companyID, id, endpointField)
}

func (s *Service) openEndpoint(companyID, id uuid.UUID, sealed []byte) (sealedEndpoint, error) {
	var private sealedEndpoint
	opened, err := s.vault.Open(sealed, companyID, id, endpointField)
	if err != nil {
		return private, fmt.Errorf("endpoint %s: %w", id, err)
	}
	if err := json.Unmarshal([]byte(opened.Reveal()), &private); err != nil {
		return private, fmt.Errorf("decode endpoint %s: %w", id, err)
	}
	return private, nil
}

func lockEndpoint(ctx context.Context, q *dbgen.Queries, actor Actor, id uuid.UUID, field string) (dbgen.NotificationEndpoint, error) {
	row, err := q.LockEndpoint(ctx, dbgen.LockEndpointParams{CompanyID: actor.Company.ID, ID: id})
	if db.IsNoRows(err) {
		return row, notFound(field)
	}
	return row, wrap("lock endpoint", err)
}

// endpointChange changes an endpoint that is locked.
type endpointChange func(context.Context, *dbgen.Queries, dbgen.NotificationEndpoint) (dbgen.NotificationEndpoint, error)

// changeEndpoint runs a change of an endpoint whose state allows the action, and writes it down.
func (s *Service) changeEndpoint(ctx context.Context, actor Actor, id uuid.UUID, action EndpointAction, line AuditAction, act Act, change endpointChange) (Endpoint, error) {
	var changed Endpoint
	err := s.change(ctx, actor, admins, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		row, err := lockEndpoint(ctx, q, actor, id, "id")
		if err != nil {
			return err
		}
		if reason := endpoint(row).whyNot(action); reason != nil {
			return refuse(CodeInvalidState, *reason, "id")
		}
		if row, err = change(ctx, q, row); err != nil {
			return err
		}
		changed = endpoint(row)
		return audit(ctx, q, actor, line, &id, map[string]any{"revision": changed.Revision})
	})
	return changed, err
}

// UpdateEndpoint changes an endpoint. UserErrors: what is wrong with the input, NOT_FOUND, REVISION_CONFLICT.
func (s *Service) UpdateEndpoint(ctx context.Context, actor Actor, id uuid.UUID, in EndpointInput, expectedRevision *int) (Endpoint, error) {
	if err := actor.must(admins); err != nil {
		return Endpoint{}, err
	}
	in, host, err := s.checkEndpoint(in, false)
	if err != nil {
		return Endpoint{}, err
	}
	return s.changeEndpoint(ctx, actor, id, ActionUpdateEndpoint, AuditEndpointUpdated, "update endpoint", func(ctx context.Context, q *dbgen.Queries, row dbgen.NotificationEndpoint) (dbgen.NotificationEndpoint, error) {
		if expectedRevision != nil && *expectedRevision != int(row.Revision) {
			return row, revisionConflict()
		}
		p := dbgen.UpdateEndpointParams{
			CompanyID: row.CompanyID, ID: row.ID, Name: in.Name, Host: row.Host, Sealed: row.Sealed, Kinds: kindNames(in.Kinds...), Language: string(*in.Language),
		}
		if in.URL != nil {
			private, err := s.openEndpoint(row.CompanyID, row.ID, row.Sealed)
			if err != nil {
				return row, err
			}
			private.URL, p.Host = *in.URL, host
			if p.Sealed, err = s.sealEndpoint(row.CompanyID, row.ID, private); err != nil {
				return row, err
			}
		}
		row, err := q.UpdateEndpoint(ctx, p)
		return row, wrap("update endpoint", err)
	})
}

// DisableEndpoint has nothing more sent to an endpoint. UserErrors: NOT_FOUND, INVALID_STATE when it is disabled already.
func (s *Service) DisableEndpoint(ctx context.Context, actor Actor, id uuid.UUID) (Endpoint, error) {
	return s.changeEndpoint(ctx, actor, id, ActionDisableEndpoint, AuditEndpointDisabled, "disable endpoint", switchEndpoint(true))
}

// EnableEndpoint has things sent to an endpoint again, from the next incident on. UserErrors: NOT_FOUND, INVALID_STATE
// when it is not disabled.
func (s *Service) EnableEndpoint(ctx context.Context, actor Actor, id uuid.UUID) (Endpoint, error) {
	return s.changeEndpoint(ctx, actor, id, ActionEnableEndpoint, AuditEndpointEnabled, "enable endpoint", switchEndpoint(false))
}

func switchEndpoint(disabled bool) endpointChange {
	return func(ctx context.Context, q *dbgen.Queries, row dbgen.NotificationEndpoint) (dbgen.NotificationEndpoint, error) {
		row, err := q.SetEndpointDisabled(ctx, dbgen.SetEndpointDisabledParams{CompanyID: row.CompanyID, ID: row.ID, Disabled: disabled})
		return row, wrap("switch endpoint", err)
	}
}

// RemoveEndpoint destroys an endpoint's address and secret; the log of what was sent there stays. UserErrors: NOT_FOUND.
func (s *Service) RemoveEndpoint(ctx context.Context, actor Actor, id uuid.UUID) (Endpoint, error) {
	return s.changeEndpoint(ctx, actor, id, ActionRemoveEndpoint, AuditEndpointRemoved, "remove endpoint", func(ctx context.Context, q *dbgen.Queries, row dbgen.NotificationEndpoint) (dbgen.NotificationEndpoint, error) {
		row, err := q.RemoveEndpoint(ctx, dbgen.RemoveEndpointParams{CompanyID: row.CompanyID, ID: row.ID})
		return row, wrap("remove endpoint", err)
	})
}

// RotateSecret gives a webhook another secret, returned this once; the one before signs too for 24 hours. UserErrors:
// NOT_FOUND, INVALID_STATE for an endpoint that has none.
func (s *Service) RotateSecret(ctx context.Context, actor Actor, id uuid.UUID) (Endpoint, Secret, error) {
	secret := newSigningSecret()
	changed, err := s.changeEndpoint(ctx, actor, id, ActionRotateSecret, AuditEndpointSecretRotated, "rotate secret", func(ctx context.Context, q *dbgen.Queries, row dbgen.NotificationEndpoint) (dbgen.NotificationEndpoint, error) {
		private, err := s.openEndpoint(row.CompanyID, row.ID, row.Sealed)
		if err != nil {
			return row, err
		}
		private.Old, private.Until, private.Secret = private.Secret, new(time.Now().Add(oldSecretLife)), secret
		sealed, err := s.sealEndpoint(row.CompanyID, row.ID, private)
		if err != nil {
			return row, err
		}
		row, err = q.UpdateEndpoint(ctx, dbgen.UpdateEndpointParams{
			CompanyID: row.CompanyID, ID: row.ID, Name: row.Name, Host: row.Host, Sealed: sealed, Kinds: slices.Clone(row.Kinds), Language: row.Language,
		})
		return row, wrap("rotate secret", err)
	})
	if err != nil {
		return Endpoint{}, Secret{}, err
	}
	return changed, NewSecret(secret), nil
}

// disableGone disables an endpoint that says of itself that it is gone, unless somebody has changed it since it was asked.
func disableGone(ctx context.Context, q *dbgen.Queries, companyID, id uuid.UUID, revision *int32) error {
	_, err := q.SetEndpointDisabled(ctx, dbgen.SetEndpointDisabledParams{CompanyID: companyID, ID: id, Disabled: true, Revision: revision})
	if db.IsNoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("disable endpoint: %w", err)
	}
	return audit(ctx, q, Actor{Company: Company{ID: companyID}}, AuditEndpointDisabled, &id, map[string]any{"because": "GONE"})
}
