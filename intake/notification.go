package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// Notifier sends messages. Its methods return a SendError for what the other side does wrong, and may be called from many
// goroutines.
type Notifier interface {
	// Mails reports whether Mail can send anything.
	Mails() bool
	Mail(ctx context.Context, m Mail) error
	Slack(ctx context.Context, p SlackPost) error
	Webhook(ctx context.Context, w WebhookCall) error
}

// Mail is a message to one person. The same ID is the same message.
type Mail struct {
	ID                uuid.UUID
	To, Subject, Text string
}

// SlackPost is a message to a channel of a chat, by an address that opens it.
type SlackPost struct {
	URL         Secret
	Title, Text string
}

// WebhookCall is a message to a program, to be signed with each of the secrets. The same ID is the same message.
type WebhookCall struct {
	ID      uuid.UUID
	URL     Secret
	Secrets []Secret
	Body    []byte
}

// DeliveryTrouble is why a message could not be sent.
type DeliveryTrouble string

// The troubles.
const (
	TroubleNotSetUp       DeliveryTrouble = "NOT_SET_UP"
	TroubleRecipientGone  DeliveryTrouble = "RECIPIENT_GONE"
	TroubleNotReached     DeliveryTrouble = "NOT_REACHED"
	TroubleTimedOut       DeliveryTrouble = "TIMED_OUT"
	TroubleRefused        DeliveryTrouble = "REFUSED"
	TroubleRedirected     DeliveryTrouble = "REDIRECTED"
	TroublePrivateAddress DeliveryTrouble = "PRIVATE_ADDRESS"
	TroubleInsecure       DeliveryTrouble = "INSECURE"
	TroubleInternal       DeliveryTrouble = "INTERNAL"
)

// Text says it to a person.
func (t DeliveryTrouble) Text() Text {
	switch t {
	case TroubleNotSetUp:
		return Text{"このサーバーではメールの送信が設定されていません。", "Sending mail is not set up on this server."}
	case TroubleRecipientGone:
		return Text{"宛先が無効または削除されたため、送信しませんでした。", "The recipient is disabled or was removed; nothing was sent."}
	case TroubleNotReached:
		return Text{"宛先のサーバーに接続できませんでした。", "The other side's server could not be reached."}
	case TroubleTimedOut:
		return Text{"宛先のサーバーから時間内に応答がありませんでした。", "The other side did not answer in time."}
	case TroubleRefused:
		return Text{"宛先のサーバーが受け取りを拒否しました。", "The other side refused the message."}
	case TroubleRedirected:
		return Text{"宛先が別のURLへの転送を返しました。転送先のURLを登録してください。", "The other side redirects elsewhere. Enter the address that it leads to."}
	case TroublePrivateAddress:
		return Text{"宛先が社内ネットワークなどの公開されていないアドレスのため、送信しませんでした。", "The address is not a public one; nothing was sent."}
	case TroubleInsecure:
		return Text{"宛先との暗号化通信を確立できませんでした。", "No secure connection could be made."}
	case TroubleInternal:
	}
	return Text{"システムの不具合により送信できませんでした。", "Something went wrong on our side."}
}

// SendError is why a message could not be sent.
type SendError struct {
	Trouble DeliveryTrouble
	// Status is what the other side answered, or 0.
	Status int
	// Final means that another try would be the same, and Gone that the other side says it wants no more.
	Final, Gone bool
	// RetryAfter is how long the other side asks to be left alone.
	RetryAfter time.Duration
	// Err is for the log. It holds neither a secret nor an address.
	Err error
}

func (e *SendError) Error() string {
	if e.Err == nil {
		return string(e.Trouble)
	}
	return string(e.Trouble) + ": " + e.Err.Error()
}

func (e *SendError) Unwrap() error { return e.Err }

// asSendError takes what is not the other side's trouble for ours.
func asSendError(err error) *SendError {
	if trouble, ok := errors.AsType[*SendError](err); ok {
		return trouble
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return &SendError{Trouble: TroubleTimedOut, Err: err}
	}
	return &SendError{Trouble: TroubleInternal, Err: err}
}

// mails reports whether members can be told by e-mail.
func (s *Service) mails() bool { return s.settings.Notifier != nil && s.settings.Notifier.Mails() }

var textNoMail = Text{"このサーバーではメールの送信が設定されていません。", "Sending mail is not set up on this server."}

// mailedByDefault is what members with a role are told by e-mail who have not chosen.
func mailedByDefault(role Role) []IncidentKind {
	switch role {
	case RoleAdmin:
		return []IncidentKind{IncidentLinkFailed, IncidentStale, IncidentQuarantined, IncidentMediumOutage}
	case RoleRecruiter:
		return []IncidentKind{IncidentWaiting}
	case RoleCoordinator:
	}
	return nil
}

// NotificationPreferences are how a member wants to be told.
type NotificationPreferences struct {
	Language Language
	// Mail are the kinds that the member is told of by e-mail; ByDefault, that their roles say so.
	Mail      []IncidentKind
	ByDefault bool
	// WhyNoMail is nil where this server can send e-mail.
	WhyNoMail *Text
}

// PreferencesInput is what UpdatePreferences takes; what is nil stays as it is.
type PreferencesInput struct {
	Language *Language
	Mail     []IncidentKind
	// ByDefault goes back to what the member's roles say.
	ByDefault bool
}

// Preferences are how the actor wants to be told.
func (s *Service) Preferences(ctx context.Context, actor Actor) (NotificationPreferences, error) {
	return s.preferences(ctx, s.as(actor, anyMember), actor)
}

func (s *Service) preferences(ctx context.Context, q *dbgen.Queries, actor Actor) (NotificationPreferences, error) {
	row, err := q.MailPreferences(ctx, dbgen.MailPreferencesParams{CompanyID: actor.Company.ID, ID: actor.Member.ID})
	if db.IsNoRows(err) {
		return NotificationPreferences{}, ErrNotFound
	}
	if err != nil {
		return NotificationPreferences{}, fmt.Errorf("read preferences: %w", err)
	}
	p := NotificationPreferences{Language: Language(row.Language), Mail: ordered(incidentKindsOf(row.MailOn)), ByDefault: row.MailOn == nil}
	if p.ByDefault {
		for _, role := range roles(row.Roles) {
			p.Mail = append(p.Mail, mailedByDefault(role)...)
		}
		p.Mail = ordered(p.Mail)
	}
	if !s.mails() {
		p.WhyNoMail = &textNoMail
	}
	return p, nil
}

// UpdatePreferences changes how the actor wants to be told. UserErrors: INVALID for kinds beside byDefault.
func (s *Service) UpdatePreferences(ctx context.Context, actor Actor, in PreferencesInput) (NotificationPreferences, error) {
	if in.ByDefault && in.Mail != nil {
		return NotificationPreferences{}, refuse(CodeInvalid,
			Text{"通知する内容と初期設定は同時に指定できません。", "Choose kinds, or go back to the default."}, fieldInput, "mail")
	}
	var changed NotificationPreferences
	err := s.change(ctx, actor, anyMember, "update preferences", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		p := dbgen.SetMailPreferencesParams{
			CompanyID: actor.Company.ID, ID: actor.Member.ID, Language: (*string)(in.Language), Choose: in.ByDefault || in.Mail != nil,
		}
		if in.Mail != nil {
			p.MailOn = kindNames(ordered(in.Mail)...)
		}
		if err := q.SetMailPreferences(ctx, p); err != nil {
			return fmt.Errorf("set preferences: %w", err)
		}
		var err error
		if changed, err = s.preferences(ctx, q, actor); err != nil {
			return err
		}
		return audit(ctx, q, actor, AuditPreferencesChanged, &actor.Member.ID, map[string]any{"mail": changed.Mail})
	})
	return changed, err
}

// notification is all that a delivery says, and to whom.
type notification struct {
	delivery  Delivery
	companyID uuid.UUID
	company   string
	// incident and account are nil where it is about none.
	incident *Incident
	account  *dbgen.MediumAccount
	language Language
	channel  NotificationChannel
	// email is the member's, and place the endpoint's.
	email string
	place sealedEndpoint
	// revision is the endpoint's, as it was when it was read.
	revision *int32
}

// notification gathers it. It returns errAllWell where there is nothing left to tell, and a final SendError where there
// is nobody left.
func (s *Service) notification(ctx context.Context, row dbgen.Delivery) (notification, error) {
	q := s.of(row.CompanyID)
	to, err := q.Told(ctx, dbgen.ToldParams{CompanyID: row.CompanyID, MemberID: row.MemberID, EndpointID: row.EndpointID})
	if err != nil {
		return notification{}, fmt.Errorf("look up who is told: %w", err)
	}
	n := notification{delivery: delivery(row), companyID: row.CompanyID, company: to.CompanyName, channel: ChannelMail, revision: to.EndpointRevision}
	if to.EndpointChannel != nil {
		n.channel = NotificationChannel(*to.EndpointChannel)
	}
	switch {
	case !to.MemberHere && !to.EndpointHere:
		return n, &SendError{Trouble: TroubleRecipientGone, Final: true}
	case to.MemberHere:
		n.email, n.language = *to.MemberEmail, Language(*to.MemberLanguage)
	default:
		n.language = Language(*to.EndpointLanguage)
		if n.place, err = s.openEndpoint(row.CompanyID, *row.EndpointID, to.EndpointSealed); err != nil {
			return n, err
		}
	}
	if row.IncidentID == nil {
		return n, nil
	}
	incidents, err := q.IncidentsByID(ctx, dbgen.IncidentsByIDParams{CompanyID: row.CompanyID, Ids: []uuid.UUID{*row.IncidentID}})
	if err != nil || len(incidents) == 0 {
		return n, fmt.Errorf("read incident: %w", errors.Join(err, errNothing(len(incidents))))
	}
	n.incident = new(incident(incidents[0]))
	if n.incident.ResolvedAt != nil && n.delivery.Phase == PhaseOpened && n.delivery.Repeats == nil {
		return n, errAllWell
	}
	if n.incident.AccountID != nil {
		accounts, err := q.AccountsByID(ctx, dbgen.AccountsByIDParams{CompanyID: row.CompanyID, Ids: []uuid.UUID{*n.incident.AccountID}})
		if err != nil || len(accounts) == 0 {
			return n, fmt.Errorf("read account: %w", errors.Join(err, errNothing(len(accounts))))
		}
		n.account = &accounts[0]
	}
	return n, nil
}

// errNothing is ErrNotFound where nothing was found.
func errNothing(found int) error {
	if found == 0 {
		return ErrNotFound
	}
	return nil
}

// send puts it into words and hands it to the adapter.
func (s *Service) send(ctx context.Context, n notification) error {
	to := s.settings.Notifier
	if to == nil {
		return &SendError{Trouble: TroubleNotSetUp}
	}
	words := s.words(n)
	title, body := words.Title.In(n.language), words.body(n.language)
	switch n.channel {
	case ChannelSlack:
		return to.Slack(ctx, SlackPost{URL: NewSecret(n.place.URL), Title: title, Text: body})
	case ChannelWebhook:
		call, err := json.Marshal(s.webhookBody(n))
		if err != nil {
			return fmt.Errorf("encode webhook: %w", err)
		}
		return to.Webhook(ctx, WebhookCall{
			ID: n.delivery.MessageID(), URL: NewSecret(n.place.URL), Secrets: n.place.secrets(time.Now()), Body: call,
		})
	case ChannelMail:
	}
	return to.Mail(ctx, Mail{ID: n.delivery.MessageID(), To: n.email, Subject: title, Text: body})
}

// webhookMessage is the body of a webhook: the same at each try, ids and states alone.
type webhookMessage struct {
	Type      string      `json:"type"`
	Timestamp time.Time   `json:"timestamp"`
	Data      webhookData `json:"data"`
}

type webhookData struct {
	CompanyID uuid.UUID `json:"companyId"`
	Incident  *Incident `json:"incident,omitempty"`
	URL       string    `json:"url,omitempty"`
}

// webhookTypes name what has happened to a program.
var webhookTypes = map[DeliveryPhase]string{PhaseOpened: "incident.opened", PhaseResolved: "incident.resolved", PhaseTest: "test"}

func (s *Service) webhookBody(n notification) webhookMessage {
	m := webhookMessage{
		Type: webhookTypes[n.delivery.Phase], Timestamp: n.delivery.CreatedAt.UTC(),
		Data: webhookData{CompanyID: n.companyID, Incident: n.incident, URL: s.settings.PublicURL},
	}
	switch n.delivery.Phase {
	case PhaseOpened:
		// A repeat says what was said, not what came of it.
		opened := *n.incident
		opened.ResolvedAt, opened.Resolution = nil, nil
		m.Timestamp, m.Data.Incident = opened.OpenedAt.UTC(), &opened
	case PhaseResolved:
		m.Timestamp = n.incident.ResolvedAt.UTC()
	case PhaseTest:
	}
	return m
}
