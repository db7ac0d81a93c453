package intake_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/notify"
)

// postOffice is a mail server on this machine.
type postOffice struct {
	mu     sync.Mutex
	letter []letter
	// refuse is asked first.
	refuse func(to string) error
}

type letter struct{ to, id, subject, text string }

// NewSession implements smtp.Backend.
func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &counter{office: p}, nil }

// counter is where one letter at a time is handed in.
type counter struct {
	office *postOffice
	to     string
}

func (c *counter) Reset()                               {}
func (c *counter) Logout() error                        { return nil }
func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	if c.office.refuse != nil {
		return c.office.refuse(to)
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(decoded(m))
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.letter = append(c.office.letter, letter{c.to, m.Header.Get("Message-ID"), subject, string(body)})
	return nil
}

func (p *postOffice) letters() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.letter)
}

// subjects are what the letters to somebody are about.
func (p *postOffice) subjects(to string) []string {
	var all []string
	for _, l := range p.letters() {
		if l.to == to {
			all = append(all, l.subject)
		}
	}
	return all
}

// informed is a company whose members are told by a real mail server, and whatever endpoints it has.
type informed struct {
	*testBundle
	office   *postOffice
	settings []func(*intake.Settings)
}

func setupTold(t *testing.T, change ...func(*intake.Settings)) informed {
	t.Helper()
	office := &postOffice{}
	server := smtp.NewServer(office)
	server.Domain = "localhost"
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := start(t, func() error { return server.Serve(socket) })
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.NoError(t, <-done)
	})
	notifier, err := notify.New(notify.Config{
		SMTP: intake.NewSecret("smtp://" + socket.Addr().String() + "?tls=off"), From: "Renkei <renkei@example.com>", Private: true, UserAgent: "renkei/test",
	})
	require.NoError(t, err)
	all := append([]func(*intake.Settings){func(s *intake.Settings) {
		s.Notifier, s.NotifyPrivate, s.PublicURL, s.Support = notifier, true, "https://renkei.example.com", "support@example.com"
		s.RetryAfter = func(int) time.Duration { return 0 }
	}}, change...)
	b := setup(t, all...)
	return informed{testBundle: b, office: office, settings: all}
}

// decoded reads a letter's text, however it was packed.
func decoded(m *mail.Message) io.Reader {
	switch m.Header.Get("Content-Transfer-Encoding") {
	case "quoted-printable":
		return quotedprintable.NewReader(m.Body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, m.Body)
	}
	return m.Body
}

// deliverAll works the deliveries that are queued, oldest first, until there are none, and returns how many.
func (b informed) deliverAll(t *testing.T) int {
	t.Helper()
	n := 0
	for {
		tasks := b.deliveries(t)
		if len(tasks) == 0 {
			return n
		}
		for _, task := range tasks {
			require.NoError(t, b.svc.Deliver(t.Context(), task))
			n++
		}
	}
}

// deliveries takes the queued ones out of the queue.
func (b informed) deliveries(t *testing.T) []intake.DeliveryTask {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), "WITH d AS (DELETE FROM river_job WHERE kind = 'deliver' RETURNING id, args) SELECT args FROM d ORDER BY id")
	require.NoError(t, err)
	defer rows.Close()
	var tasks []intake.DeliveryTask
	for rows.Next() {
		var raw []byte
		require.NoError(t, rows.Scan(&raw))
		var args struct {
			CompanyID  uuid.UUID `json:"company_id"`
			DeliveryID uuid.UUID `json:"delivery_id"`
			Attempt    int       `json:"attempt"`
		}
		require.NoError(t, json.Unmarshal(raw, &args))
		tasks = append(tasks, intake.DeliveryTask{CompanyID: args.CompanyID, DeliveryID: args.DeliveryID, Attempt: args.Attempt})
	}
	require.NoError(t, rows.Err())
	return tasks
}

// fails has the account's next verification refused.
func (b informed) fails(t *testing.T, email string, reason intake.FailureReason) intake.MediumAccount {
	t.Helper()
	b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
		return intake.Secret{}, trouble(reason)
	}
	defer func() { b.source.verify = nil }()
	account := b.register(t, email)
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	return b.account(t, account.ID)
}

// states are those of all deliveries, the oldest first.
func (b informed) states(t *testing.T) []string {
	t.Helper()
	all, err := b.svc.Deliveries(t.Context(), b.actor, intake.DeliveryFilter{}, intake.Keyset{First: 100})
	require.NoError(t, err)
	var states []string
	for _, d := range slices.Backward(all) {
		states = append(states, fmt.Sprint(d.Phase, " ", d.State))
	}
	return states
}

// receiver is a program that takes webhooks.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	calls []call
	// answer says what the nth call (from 1) is answered with.
	answer func(n int) int
}

type call struct {
	header http.Header
	body   []byte
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.mu.Lock()
		r.calls = append(r.calls, call{request.Header, body})
		n := len(r.calls)
		r.mu.Unlock()
		if r.answer != nil {
			w.WriteHeader(r.answer(n))
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (b informed) endpoint(t *testing.T, channel intake.NotificationChannel, address string) (intake.Endpoint, intake.Secret) {
	t.Helper()
	e, secret, err := b.svc.AddEndpoint(t.Context(), b.actor, channel, intake.EndpointInput{
		Name: "監視", URL: &address, Kinds: []intake.IncidentKind{intake.IncidentLinkFailed, intake.IncidentWaiting},
	})
	require.NoError(t, err)
	return e, secret
}

func TestALinkThatFailsAgainAndAgainIsToldOfOnceAndWhenItIsMended(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	for range 3 {
		b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
		b.deliverAll(t)
	}
	require.Len(t, b.office.letters(), 1)
	first := b.office.letters()[0]
	require.Equal(t, "sato@example.com", first.to)
	require.Equal(t, "【Renkei】Wantedlyとの連携が止まりました", first.subject)
	for _, said := range []string{"hr@example.com", "メールアドレスまたはパスワードが正しくありません", "貴社の管理者が対応できます", "もう一度登録してください", "株式会社サンプル", "https://renkei.example.com", "support@example.com", "発生: "} {
		require.Contains(t, first.text, said)
	}
	require.NotContains(t, first.text, password)

	b.fails(t, "hr@example.com", intake.FailureAccountLocked)
	b.deliverAll(t)
	require.Len(t, b.office.letters(), 2, "another reason is another incident, and no mail says that the first is over")
	b.linked(t, "hr@example.com")
	b.deliverAll(t)
	require.Equal(t, []string{first.subject, first.subject, "【Renkei】解消: Wantedlyとの連携が止まりました"}, b.office.subjects("sato@example.com"))
	open, err := b.svc.CountIncidents(t.Context(), b.actor, intake.IncidentFilter{Open: new(true)})
	require.NoError(t, err)
	require.Zero(t, open)
}

func TestWhatIsOverBeforeAnybodyWasToldIsNotToldOf(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	account := b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	b.deliverAll(t)
	require.Empty(t, b.office.letters())
	require.Equal(t, []string{"OPENED OVERTAKEN"}, b.states(t))
	incidents, err := b.svc.Incidents(t.Context(), b.actor, intake.IncidentFilter{}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Equal(t, intake.ResolvedStopped, *incidents[0].Resolution)
}

func TestWhatCannotBeQueuedLeavesNoIncident(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	b.exec(t, "ALTER TABLE river_job ADD CONSTRAINT none CHECK (kind <> 'deliver')")
	b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
		return intake.Secret{}, trouble(intake.FailureInvalidCredentials)
	}
	account := b.register(t, "hr@example.com")
	require.Error(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Zero(t, b.number(t, "SELECT count(*) FROM incidents"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM deliveries"))
	require.Equal(t, intake.StatusVerifying, b.account(t, account.ID).Status)
}

func TestTwinsSendOneMail(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	task := b.deliveries(t)[0]
	var twins []<-chan error
	for range 8 {
		twins = append(twins, start(t, func() error { return b.svc.Deliver(t.Context(), task) }))
	}
	for _, twin := range twins {
		require.NoError(t, await(t, twin))
	}
	require.Len(t, b.office.letters(), 1)
}

func TestADeliveryWhoseWorkerDiedIsSentAgainUnderItsId(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	task := b.deliveries(t)[0]
	require.NoError(t, b.svc.Deliver(t.Context(), task))
	// As if the process had died when the mail was out.
	b.exec(t, "UPDATE deliveries SET state = 'PENDING', ended_at = NULL, next_at = now() - interval '1 minute', lease_owner = gen_random_uuid(), lease_until = now() + interval '1 minute'")
	require.NoError(t, b.svc.Notice(t.Context()))
	require.Zero(t, b.deliverAll(t), "somebody may be at it")
	b.exec(t, "UPDATE deliveries SET lease_until = now() - interval '1 second'")
	require.NoError(t, b.svc.Deliver(t.Context(), task))
	require.Len(t, b.office.letters(), 1, "its old job counts no more")
	require.NoError(t, b.svc.Notice(t.Context()))
	require.Equal(t, 1, b.deliverAll(t))
	letters := b.office.letters()
	require.Len(t, letters, 2)
	require.Equal(t, letters[0].id, letters[1].id)
	require.Contains(t, letters[0].id, task.DeliveryID.String())
	require.Equal(t, []string{"OPENED SENT"}, b.states(t))
}

func TestAJobThatWasLostIsFound(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	require.Len(t, b.deliveries(t), 1)
	require.NoError(t, b.svc.Notice(t.Context()))
	require.Zero(t, b.deliverAll(t), "it may be on its way")
	b.exec(t, "UPDATE deliveries SET next_at = now() - interval '16 minutes'")
	require.NoError(t, b.svc.Notice(t.Context()))
	require.Equal(t, 1, b.deliverAll(t))
	require.Len(t, b.office.letters(), 1)
}

func TestAMailThatIsRefusedIsTriedAgainAndOneToNobodyIsNot(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	b.colleague(t, intake.RoleAdmin)
	busy := map[string]bool{}
	b.office.refuse = func(to string) error {
		b.office.mu.Lock()
		defer b.office.mu.Unlock()
		if to != "sato@example.com" {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name: " + to}
		}
		if !busy[to] {
			busy[to] = true
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "come back later"}
		}
		return nil
	}
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	require.Equal(t, 3, b.deliverAll(t))
	require.Len(t, b.office.letters(), 1)
	require.ElementsMatch(t, []string{"OPENED SENT", "OPENED GIVEN_UP"}, b.states(t))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM deliveries WHERE trouble = 'REFUSED' AND status = 550 AND attempts = 1"))
}

func TestOnlyWhoWantsToHearOfItAndCanComeInIsTold(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	// Whoever has left, or not yet come, hears nothing; nor does who chose not to, or whose roles have no part in it.
	gone := b.colleague(t, intake.RoleAdmin)
	_, err := b.svc.DisableMember(t.Context(), b.actor, gone.Member.ID, nil)
	require.NoError(t, err)
	b.invited(t, "invited@example.com", intake.RoleAdmin)
	b.colleague(t, intake.RoleRecruiter, intake.RoleCoordinator)
	silent, english := b.colleague(t, intake.RoleAdmin), b.colleague(t, intake.RoleCoordinator)
	_, err = b.svc.UpdatePreferences(t.Context(), silent, intake.PreferencesInput{Mail: []intake.IncidentKind{}})
	require.NoError(t, err)
	_, err = b.svc.UpdatePreferences(t.Context(), english, intake.PreferencesInput{Language: new(intake.English), Mail: []intake.IncidentKind{intake.IncidentLinkFailed}})
	require.NoError(t, err)
	p, err := b.svc.Preferences(t.Context(), b.actor)
	require.NoError(t, err)
	require.Equal(t, intake.NotificationPreferences{
		Language: intake.Japanese, ByDefault: true,
		Mail: []intake.IncidentKind{intake.IncidentLinkFailed, intake.IncidentStale, intake.IncidentWaiting, intake.IncidentQuarantined, intake.IncidentMediumOutage},
	}, p)

	b.fails(t, "hr@example.com", intake.FailureNoCandidatePermission)
	b.deliverAll(t)
	letters := b.office.letters()
	require.Len(t, letters, 2)
	require.Len(t, b.office.subjects("sato@example.com"), 1)
	require.Equal(t, []string{"[Renkei] The link to Wantedly has failed"}, b.office.subjects(english.Member.Email))
	for _, l := range letters {
		if l.to == english.Member.Email {
			require.Contains(t, l.text, "This account may not see candidates.")
			require.NotRegexp(t, `[ぁ-ん]`, strings.ReplaceAll(l.text, b.actor.Company.Name, ""))
		}
	}
	// Who leaves before it is sent, too.
	b.fails(t, "other@example.com", intake.FailureInvalidCredentials)
	_, err = b.svc.DisableMember(t.Context(), b.actor, english.Member.ID, nil)
	require.NoError(t, err)
	b.deliverAll(t)
	require.Len(t, b.office.subjects(english.Member.Email), 1)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM deliveries WHERE state = 'GIVEN_UP' AND trouble = 'RECIPIENT_GONE'"))
	_, err = b.svc.UpdatePreferences(t.Context(), silent, intake.PreferencesInput{Mail: []intake.IncidentKind{intake.IncidentStale}, ByDefault: true})
	requireUserErrors(t, err, "INVALID input.mail")
}

func TestALinkThatFallsSilentAndPeopleWhoWaitAreNoticed(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	account := b.imported(t, "hr@example.com", pageOf("2", applied(1, "営業"), applied(2, "営業")))
	require.NoError(t, b.svc.Notice(t.Context()))
	require.Zero(t, b.number(t, "SELECT count(*) FROM incidents"), "all is well")

	b.exec(t, "UPDATE inbox_entries SET decided_at = now() - interval '25 hours'")
	b.exec(t, "UPDATE medium_accounts SET linked_at = now() - interval '3 days', last_imported_at = now() - interval '13 hours'")
	for range 3 {
		require.NoError(t, b.svc.Notice(t.Context()))
		b.deliverAll(t)
	}
	require.ElementsMatch(t, []string{"【Renkei】Wantedlyからの取り込みが滞っています", "【Renkei】滞留している応募があります"}, b.office.subjects("sato@example.com"))
	for _, l := range b.office.letters() {
		require.NotContains(t, l.text, "応募者 person", "nobody is named")
		if strings.Contains(l.subject, "滞留している応募") {
			require.Contains(t, l.text, "2件の応募が24時間以上")
		}
	}

	b.importAgain(t, account.ID)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM incidents WHERE kind = 'STALE' AND resolution = 'MENDED'"), "with the import itself")
	b.rule(t, "営業", b.opening(t, "営業").ID)
	require.NoError(t, b.svc.Notice(t.Context()))
	b.deliverAll(t)
	require.Len(t, b.office.letters(), 4)
	require.Zero(t, b.number(t, "SELECT count(*) FROM incidents WHERE resolved_at IS NULL"))
}

// TestALinkIsNotStaleBeforeItsSecondSlotNorWhileSomebodyIsAtWorkOnIt: the first slot comes up to an interval after the link,
// and a first import may take longer than that.
func TestALinkIsNotStaleBeforeItsSecondSlotNorWhileSomebodyIsAtWorkOnIt(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	b.linked(t, "hr@example.com")
	stale := func() int {
		require.NoError(t, b.svc.Notice(t.Context()))
		vitals, err := b.svc.Vitals(t.Context())
		require.NoError(t, err)
		told := b.number(t, "SELECT count(*) FROM incidents WHERE kind = 'STALE' AND resolved_at IS NULL")
		require.Equal(t, told, vitals.Stale)
		return told
	}
	b.exec(t, "UPDATE medium_accounts SET linked_at = now() - interval '11 hours 59 minutes'")
	require.Zero(t, stale())
	b.exec(t, "UPDATE medium_accounts SET linked_at = now() - interval '13 hours', lease_owner = gen_random_uuid(), lease_until = now() + interval '10 seconds'")
	require.Zero(t, stale())
	b.exec(t, "UPDATE medium_accounts SET lease_until = now() - interval '1 second'")
	require.Equal(t, 1, stale())
}

func TestAQuarantineIsToldToTheCompanyAndOnceToTheOperator(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	operator := b.actor
	b.svc = b.process(b.source, func(s *intake.Settings) {
		*s = settingsOf(b)
		s.OperatingCompany = operator.Company.ID
	})
	for n := range 2 {
		b.actor = b.company(t, fmt.Sprint("会社", n))
		b.exec(t, "UPDATE members SET email = company_id || '@example.com' WHERE company_id = $1", b.actor.Company.ID)
		account := b.linked(t, "hr@example.com")
		b.source.read = readsUntil(trouble(intake.FailureUnexpectedResponse))
		require.Equal(t, intake.RunQuarantined, b.importNext(t, account.ID).Status)
		require.Equal(t, intake.RunQuarantined, b.importNext(t, account.ID).Status, "its retry")
		require.NoError(t, b.svc.Notice(t.Context()))
		b.deliverAll(t)
		require.Equal(t, []string{"【Renkei】Wantedlyからの取り込みを見合わせています"}, b.office.subjects(b.actor.Company.ID.String()+"@example.com"))
	}
	require.Equal(t, []string{"【Renkei】Wantedlyからの取り込みを見合わせています"}, b.office.subjects("sato@example.com"), "one for the medium, while it lasts")
	b.source.read = reads()
	for id := range b.accountsOfAll(t) {
		b.actor.Company.ID = id[0]
		b.importAgain(t, id[1])
	}
	require.NoError(t, b.svc.Notice(t.Context()))
	b.deliverAll(t)
	require.Len(t, b.office.subjects("sato@example.com"), 2)
	b.exec(t, "INSERT INTO medium_outages (medium) VALUES ('WANTEDLY')")
	require.NoError(t, b.svc.Notice(t.Context()))
	require.NoError(t, b.svc.Notice(t.Context()))
	b.deliverAll(t)
	b.exec(t, "UPDATE medium_outages SET ended_at = now()")
	require.NoError(t, b.svc.Notice(t.Context()))
	b.deliverAll(t)
	require.Equal(t, []string{"【Renkei】Wantedlyに接続できません", "【Renkei】解消: Wantedlyに接続できません"}, b.office.subjects("sato@example.com")[2:])
}

// settingsOf are those that a told company's service has.
func settingsOf(b informed) intake.Settings {
	var s intake.Settings
	for _, f := range b.settings {
		f(&s)
	}
	return s
}

// accountsOfAll are the company and id of each account.
func (b informed) accountsOfAll(t *testing.T) map[[2]uuid.UUID]bool {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), "SELECT company_id, id FROM medium_accounts")
	require.NoError(t, err)
	defer rows.Close()
	all := make(map[[2]uuid.UUID]bool)
	for rows.Next() {
		var company, id uuid.UUID
		require.NoError(t, rows.Scan(&company, &id))
		all[[2]uuid.UUID{company, id}] = true
	}
	require.NoError(t, rows.Err())
	return all
}

func TestAWebhookThatFailsIsTriedAgainUnderItsIdWithASignatureThatHolds(t *testing.T) {
	t.Parallel()
	b := setupTold(t, func(s *intake.Settings) { s.NotifyAgainAfter = func(int) time.Duration { return 0 } })
	r := newReceiver(t)
	r.answer = func(n int) int {
		return map[bool]int{true: http.StatusInternalServerError, false: http.StatusOK}[n <= 2]
	}
	e, secret := b.endpoint(t, intake.ChannelWebhook, r.URL+"/hook?key=opens")
	require.NotContains(t, fmt.Sprintf("%+v", e), "opens")
	account := b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	b.deliverAll(t)
	_, rotated, err := b.svc.RotateSecret(t.Context(), b.actor, e.ID)
	require.NoError(t, err)
	b.linked(t, "hr@example.com")
	b.deliverAll(t)
	require.Len(t, r.calls, 4)
	old, err := standardwebhooks.NewWebhook(secret.Reveal())
	require.NoError(t, err)
	fresh, err := standardwebhooks.NewWebhook(rotated.Reveal())
	require.NoError(t, err)
	for _, c := range r.calls {
		require.NoError(t, old.Verify(c.body, c.header), "also for a day behind the change")
		require.Error(t, old.Verify(append(bytes.Clone(c.body), ' '), c.header))
		require.NotContains(t, string(c.body), "@", "ids and states alone")
	}
	require.NoError(t, fresh.Verify(r.calls[3].body, r.calls[3].header))
	require.Error(t, fresh.Verify(r.calls[0].body, r.calls[0].header))
	id := r.calls[0].header.Get("webhook-id")
	require.Equal(t, id, r.calls[2].header.Get("webhook-id"))
	require.Equal(t, r.calls[0].body, r.calls[2].body)
	require.NotEqual(t, id, r.calls[3].header.Get("webhook-id"))
	var m struct {
		Type string
		Data struct{ Incident intake.Incident }
	}
	require.NoError(t, json.Unmarshal(r.calls[0].body, &m))
	require.Equal(t, "incident.opened", m.Type)
	require.Equal(t, account.ID, *m.Data.Incident.AccountID)
	require.Nil(t, m.Data.Incident.ResolvedAt)
	require.NoError(t, json.Unmarshal(r.calls[3].body, &m))
	require.Equal(t, "incident.resolved", m.Type)
	log, err := b.svc.Deliveries(t.Context(), b.actor, intake.DeliveryFilter{EndpointID: &e.ID}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, log, 2)
	require.Equal(t, 3, log[1].Attempts)

	// What was lost on the other side comes once more, as the message that it was.
	again, err := b.svc.ReplayDelivery(t.Context(), b.actor, log[1].ID)
	require.NoError(t, err)
	_, err = b.svc.ReplayDelivery(t.Context(), b.actor, log[1].ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	_, err = b.svc.ReplayDelivery(t.Context(), b.actor, again.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	_, err = b.svc.ReplayDelivery(t.Context(), b.actor, uuid.New())
	requireUserErrors(t, err, "NOT_FOUND id")
	b.deliverAll(t)
	require.Equal(t, id, r.calls[4].header.Get("webhook-id"))
	require.Equal(t, r.calls[0].body, r.calls[4].body)
}

func TestAWebhookThatNeverWorksIsGivenUpAndOneThatIsGoneIsDisabled(t *testing.T) {
	t.Parallel()
	b := setupTold(t, func(s *intake.Settings) { s.NotifyAgainAfter = func(int) time.Duration { return 0 } })
	never, gone := newReceiver(t), newReceiver(t)
	never.answer, gone.answer = func(int) int { return http.StatusBadGateway }, func(int) int { return http.StatusGone }
	b.endpoint(t, intake.ChannelWebhook, never.URL)
	e, _ := b.endpoint(t, intake.ChannelSlack, gone.URL)
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	b.deliverAll(t)
	require.Len(t, never.calls, 8)
	require.Len(t, gone.calls, 1)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM deliveries WHERE state = 'GIVEN_UP' AND status = 502 AND attempts = 8"))
	endpoints, err := b.svc.Endpoints(t.Context(), b.actor)
	require.NoError(t, err)
	require.Nil(t, endpoints[0].DisabledAt)
	require.NotNil(t, endpoints[1].DisabledAt)
	_, err = b.svc.SendTest(t.Context(), b.actor, &e.ID)
	requireUserErrors(t, err, "INVALID_STATE endpointId")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'ENDPOINT_DISABLED' AND actor = 'SYSTEM'"))
	b.linked(t, "hr@example.com")
	b.deliverAll(t)
	require.Len(t, never.calls, 8, "who heard nothing need not hear that it is over")
}

func TestAnEndpointIsCheckedChangedAndRemoved(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	strict := b.process(b.source)
	for bad, code := range map[string]string{
		"http://example.com/": "INVALID", "ftp://example.com": "INVALID", "https://": "INVALID", "https://user:pass@example.com": "INVALID", "x": "INVALID", "https://a/#b": "INVALID",
	} {
		_, _, err := strict.AddEndpoint(t.Context(), b.actor, intake.ChannelSlack, intake.EndpointInput{Name: "x", URL: &bad, Kinds: []intake.IncidentKind{intake.IncidentStale}})
		requireUserErrors(t, err, code+" input.url")
	}
	_, _, err := strict.AddEndpoint(t.Context(), b.actor, intake.ChannelSlack, intake.EndpointInput{})
	requireUserErrors(t, err, "INVALID input.name", "REQUIRED input.url", "REQUIRED input.kinds")
	require.Zero(t, b.number(t, "SELECT count(*) FROM notification_endpoints"))

	r := newReceiver(t)
	e, secret := b.endpoint(t, intake.ChannelSlack, r.URL+"/services/secret")
	require.True(t, secret.IsZero())
	_, _, err = b.svc.RotateSecret(t.Context(), b.actor, e.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	require.Zero(t, b.number(t, "SELECT count(*) FROM notification_endpoints WHERE notification_endpoints::text LIKE '%services%'"))
	_, err = b.svc.SendTest(t.Context(), b.actor, &e.ID)
	require.NoError(t, err)
	_, err = b.svc.SendTest(t.Context(), b.actor, nil)
	require.NoError(t, err)
	b.deliverAll(t)
	require.Equal(t, []string{"【Renkei】通知のテスト"}, b.office.subjects("sato@example.com"))
	var said struct {
		Text   string
		Blocks []any
	}
	require.NoError(t, json.Unmarshal(r.calls[0].body, &said))
	require.Contains(t, said.Text, "通知のテスト")
	require.Len(t, said.Blocks, 2)

	kinds := []intake.IncidentKind{intake.IncidentStale}
	changed, err := b.svc.UpdateEndpoint(t.Context(), b.actor, e.ID, intake.EndpointInput{Name: "別名", Kinds: kinds}, &e.Revision)
	require.NoError(t, err)
	require.Equal(t, kinds, changed.Kinds)
	require.Equal(t, e.Host, changed.Host)
	_, err = b.svc.UpdateEndpoint(t.Context(), b.actor, e.ID, intake.EndpointInput{Name: "別名", Kinds: kinds}, &e.Revision)
	requireUserErrors(t, err, "REVISION_CONFLICT expectedRevision")
	_, err = b.svc.EnableEndpoint(t.Context(), b.actor, e.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	_, err = b.svc.DisableEndpoint(t.Context(), b.actor, e.ID)
	require.NoError(t, err)
	_, err = b.svc.EnableEndpoint(t.Context(), b.actor, e.ID)
	require.NoError(t, err)
	_, err = b.svc.RemoveEndpoint(t.Context(), b.actor, e.ID)
	require.NoError(t, err)
	require.Zero(t, b.number(t, "SELECT count(*) FROM notification_endpoints WHERE sealed IS NOT NULL"))
	_, err = b.svc.DisableEndpoint(t.Context(), b.actor, e.ID)
	requireUserErrors(t, err, "NOT_FOUND id")
	for range 20 {
		b.endpoint(t, intake.ChannelWebhook, r.URL)
	}
	_, _, err = b.svc.AddEndpoint(t.Context(), b.actor, intake.ChannelWebhook, intake.EndpointInput{Name: "x", URL: &r.URL, Kinds: kinds})
	requireUserErrors(t, err, "INVALID_STATE input")
}

func TestWithoutAMailServerNobodyIsMailedAndTheyAreToldSo(t *testing.T) {
	t.Parallel()
	b := informed{testBundle: setup(t), office: &postOffice{}}
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	require.Zero(t, b.deliverAll(t))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM incidents WHERE resolved_at IS NULL"))
	p, err := b.svc.Preferences(t.Context(), b.actor)
	require.NoError(t, err)
	require.NotNil(t, p.WhyNoMail)
	_, err = b.svc.SendTest(t.Context(), b.actor, nil)
	requireUserErrors(t, err, "INVALID_STATE endpointId")
}

func TestWhatIsLongOverIsForgotten(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	account := b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	_, err := b.svc.SendTest(t.Context(), b.actor, nil)
	require.NoError(t, err)
	b.deliverAll(t)
	b.linked(t, "hr@example.com")
	b.deliverAll(t)
	require.NoError(t, b.svc.Prune(t.Context()))
	require.Equal(t, 3, b.number(t, "SELECT count(*) FROM deliveries"))
	b.exec(t, "UPDATE incidents SET resolved_at = now() - interval '91 days'")
	b.exec(t, "UPDATE deliveries SET ended_at = now() - interval '91 days'")
	require.NoError(t, b.svc.Prune(t.Context()))
	require.Zero(t, b.number(t, "SELECT count(*) FROM deliveries"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM incidents WHERE account_id = $1", account.ID))
}
