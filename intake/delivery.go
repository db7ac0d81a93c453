package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// DeliveryTask is one try of a delivery. It counts only while so many were begun before it.
type DeliveryTask struct {
	CompanyID, DeliveryID uuid.UUID
	Attempt               int
	// ToEndpoint: what answers is a server of the company's choice, which may be slow.
	ToEndpoint bool
}

// DeliveryPhase is what a delivery tells: that something stands still, that it no longer does, or nothing at all.
type DeliveryPhase string

// The phases.
const (
	PhaseOpened   DeliveryPhase = "OPENED"
	PhaseResolved DeliveryPhase = "RESOLVED"
	PhaseTest     DeliveryPhase = "TEST"
)

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states. FAILED is tried again, GIVEN_UP is not; OVERTAKEN was never sent, since all was well again.
const (
	DeliveryPending   DeliveryState = "PENDING"
	DeliverySent      DeliveryState = "SENT"
	DeliveryFailed    DeliveryState = "FAILED"
	DeliveryGivenUp   DeliveryState = "GIVEN_UP"
	DeliveryOvertaken DeliveryState = "OVERTAKEN"
)

// Delivery is a message on its way to one of those who are told: a member by e-mail, or an endpoint.
type Delivery struct {
	ID         uuid.UUID
	IncidentID *uuid.UUID
	Phase      DeliveryPhase
	MemberID   *uuid.UUID
	EndpointID *uuid.UUID
	// Repeats is the first delivery of the message, where this one repeats it.
	Repeats  *uuid.UUID
	State    DeliveryState
	Attempts int
	// Trouble is what was wrong with the last try, and Status what the other side answered.
	Trouble   *DeliveryTrouble
	Status    *int
	CreatedAt time.Time
	TriedAt   *time.Time
	NextAt    *time.Time
	EndedAt   *time.Time
}

// MessageID stays the same over all tries and repeats of a message: the other side knows it by that.
func (d Delivery) MessageID() uuid.UUID {
	if d.Repeats != nil {
		return *d.Repeats
	}
	return d.ID
}

// Replayable reports whether ReplayDelivery would send it again.
func (d Delivery) Replayable() bool { return d.EndedAt != nil }

const (
	// sendTimeout bounds one try, and deliveryLease is when another may begin one: whoever sends has long ended.
	sendTimeout   = 30 * time.Second
	deliveryLease = 2 * time.Minute
	// turnDelay is when a delivery looks again whether its endpoint is told nothing else.
	turnDelay = 10 * time.Second
	// Tests are for people: so many of a company within testsWithin.
	maxTests    = 5
	testsWithin = time.Minute
)

// deliveryDelays are what lies between the tries of a delivery: a day and a half in all.
var deliveryDelays = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour}

// redelivery is when a delivery that failed n times (from 1) is tried again, if it is.
func (s *Service) redelivery(failures int) (time.Duration, bool) {
	if failures > len(deliveryDelays) {
		return 0, false
	}
	if s.settings.NotifyAgainAfter != nil {
		return s.settings.NotifyAgainAfter(failures), true
	}
	return spread(deliveryDelays[failures-1]), true
}

// Deliver sends a message once and keeps how that ended. A task that no longer counts does nothing. Where a process dies
// between sending and keeping, the message is sent again under the same id: a webhook's receiver and many mail
// readers know it by that. An error means that nothing could be stored.
func (s *Service) Deliver(ctx context.Context, task DeliveryTask) error {
	owner := uuid.New()
	row, err := s.of(task.CompanyID).ClaimDelivery(ctx, dbgen.ClaimDeliveryParams{
		CompanyID: task.CompanyID, ID: task.DeliveryID, Attempt: int32(task.Attempt), LeaseOwner: &owner, Lease: deliveryLease, //nolint:gosec // a few
	})
	if db.IsNoRows(err) || db.Violates(err, "deliveries_in_turn") {
		return s.postponeDelivery(ctx, task)
	}
	if err != nil {
		return fmt.Errorf("claim delivery: %w", err)
	}
	var n notification
	failure := s.catching(ctx, func() error {
		return s.acting(ctx, "send delivery", func(ctx context.Context) error { return s.sendClaimed(ctx, row, &n) })
	})
	stopped := ctx.Err() != nil
	ctx, cancel := storing(ctx)
	defer cancel()
	if stopped && failure != nil && !answered(failure) {
		return s.giveDeliveryBack(ctx, row)
	}
	return s.keepDelivery(ctx, row, n, failure)
}

// postponeDelivery has a task come back whose endpoint is being told something else. It does nothing for one that is out
// of date.
func (s *Service) postponeDelivery(ctx context.Context, task DeliveryTask) error {
	delay := spread(turnDelay)
	return s.begin(ctx, task.CompanyID, "postpone delivery", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		postponed, err := q.PostponeDelivery(ctx, dbgen.PostponeDeliveryParams{
			CompanyID: task.CompanyID, ID: task.DeliveryID, Attempt: int32(task.Attempt), Delay: delay, //nolint:gosec // a few
		})
		if err != nil {
			return fmt.Errorf("postpone delivery: %w", err)
		}
		if postponed == 0 {
			s.log.Debug().Ctx(ctx).Stringer("delivery", task.DeliveryID).Int("attempt", task.Attempt).Msg("delivery is out of date")
			return nil
		}
		return s.queue.Deliver(ctx, tx, []DeliveryTask{task}, delay)
	})
}

// giveDeliveryBack leaves to another process what this one was told to stop at: nobody on the other side is to blame.
func (s *Service) giveDeliveryBack(ctx context.Context, row dbgen.Delivery) error {
	return s.begin(ctx, row.CompanyID, "give delivery back", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		given, err := q.GiveDeliveryBack(ctx, dbgen.GiveDeliveryBackParams{CompanyID: row.CompanyID, ID: row.ID, LeaseOwner: row.LeaseOwner})
		if err != nil {
			return fmt.Errorf("give delivery back: %w", err)
		}
		if given == 0 {
			return nil
		}
		return s.queue.Deliver(ctx, tx, []DeliveryTask{deliveryTask(row.CompanyID, row.ID, row.EndpointID, row.Attempts-1)}, 0)
	})
}

func deliveryTask(companyID, id uuid.UUID, endpointID *uuid.UUID, attempts int32) DeliveryTask {
	return DeliveryTask{CompanyID: companyID, DeliveryID: id, Attempt: int(attempts), ToEndpoint: endpointID != nil}
}

// answered reports whether a failure was decided, by the other side or by what there is to send.
func answered(failure error) bool {
	trouble := asSendError(failure)
	return errors.Is(failure, errAllWell) || trouble.Status != 0 || trouble.Final
}

// errAllWell says that there is nothing to tell any more.
var errAllWell = errors.New("all is well again")

// sendClaimed sends what somebody has claimed, and says to whom.
func (s *Service) sendClaimed(ctx context.Context, row dbgen.Delivery, n *notification) (err error) {
	if int(row.Attempts) > len(deliveryDelays)+1 {
		// Whoever tried it last did not live to tell.
		return &SendError{Trouble: TroubleInternal, Final: true}
	}
	if *n, err = s.notification(ctx, row); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return s.send(ctx, *n)
}

// keepDelivery stores how a try ended and queues the next one.
func (s *Service) keepDelivery(ctx context.Context, row dbgen.Delivery, n notification, failure error) error {
	p := dbgen.FinishDeliveryParams{CompanyID: row.CompanyID, ID: row.ID, LeaseOwner: row.LeaseOwner, State: string(DeliverySent)}
	var gone bool
	switch {
	case errors.Is(failure, errAllWell):
		p.State = string(DeliveryOvertaken)
	case failure != nil:
		trouble := asSendError(failure)
		s.log.Info().Ctx(ctx).Err(trouble.Err).Stringer("delivery", row.ID).Str("trouble", string(trouble.Trouble)).Int("status", trouble.Status).Msg("delivery failed")
		delay, again := s.redelivery(int(row.Attempts))
		p.State, p.Trouble, p.Delay = string(DeliveryFailed), (*string)(&trouble.Trouble), max(delay, trouble.RetryAfter)
		if trouble.Final || !again {
			p.State = string(DeliveryGivenUp)
		}
		if trouble.Status != 0 {
			p.Status = new(int32(trouble.Status)) //nolint:gosec // three digits
		}
		gone = trouble.Gone
	}
	var kept int64
	channel := n.channel
	err := s.begin(ctx, row.CompanyID, "keep delivery", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		var err error
		if channel == "" {
			if channel, err = channelOf(ctx, q, row); err != nil {
				return err
			}
		}
		if kept, err = q.FinishDelivery(ctx, p); err != nil {
			return fmt.Errorf("keep delivery: %w", err)
		}
		if kept == 0 {
			s.log.Info().Ctx(ctx).Stringer("delivery", row.ID).Msg("result dropped: the delivery is no longer ours")
			return nil
		}
		if gone && row.EndpointID != nil {
			return disableGone(ctx, q, row.CompanyID, *row.EndpointID, n.revision)
		}
		if p.State != string(DeliveryFailed) {
			return nil
		}
		return s.queue.Deliver(ctx, tx, []DeliveryTask{deliveryTask(row.CompanyID, row.ID, row.EndpointID, row.Attempts)}, p.Delay)
	})
	if err == nil && kept > 0 {
		tried := DeliveryTry{Channel: channel, State: DeliveryState(p.State)}
		if p.Trouble != nil {
			tried.Trouble = DeliveryTrouble(*p.Trouble)
		}
		s.settings.Observer.DeliveryTried(tried)
	}
	return err
}

// channelOf is by which channel a delivery goes that got no further.
func channelOf(ctx context.Context, q *dbgen.Queries, row dbgen.Delivery) (NotificationChannel, error) {
	if row.EndpointID == nil {
		return ChannelMail, nil
	}
	endpoints, err := q.EndpointsByID(ctx, dbgen.EndpointsByIDParams{CompanyID: row.CompanyID, Ids: []uuid.UUID{*row.EndpointID}})
	if err != nil || len(endpoints) == 0 {
		return "", fmt.Errorf("read endpoint: %w", errors.Join(err, errNothing(len(endpoints))))
	}
	return NotificationChannel(endpoints[0].Channel), nil
}

// DeliveryFilter says which deliveries; the zero value means all.
type DeliveryFilter struct{ IncidentID, EndpointID *uuid.UUID }

// Deliveries returns what was sent, or is to be, the latest first.
func (s *Service) Deliveries(ctx context.Context, actor Actor, f DeliveryFilter, page Keyset) ([]Delivery, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, admins).Deliveries(ctx, dbgen.DeliveriesParams{
		CompanyID: actor.Company.ID, IncidentID: f.IncidentID, EndpointID: f.EndpointID, After: after, MaxRows: page.maxRows(),
	})
	return mapRows(rows, delivery), wrap("read deliveries", err)
}

// CountDeliveries counts what Deliveries would return in all.
func (s *Service) CountDeliveries(ctx context.Context, actor Actor, f DeliveryFilter) (int, error) {
	n, err := s.as(actor, admins).CountDeliveries(ctx, dbgen.CountDeliveriesParams{CompanyID: actor.Company.ID, IncidentID: f.IncidentID, EndpointID: f.EndpointID})
	return int(n), wrap("count deliveries", err)
}

// DeliveriesByID returns the deliveries among ids, by id.
func (s *Service) DeliveriesByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Delivery, error) {
	rows, err := s.as(actor, admins).DeliveriesByID(ctx, dbgen.DeliveriesByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	return byID(mapRows(rows, delivery), func(d Delivery) uuid.UUID { return d.ID }), nil
}

func delivery(r dbgen.Delivery) Delivery {
	d := Delivery{
		ID: r.ID, IncidentID: r.IncidentID, Phase: DeliveryPhase(r.Phase), MemberID: r.MemberID, EndpointID: r.EndpointID, Repeats: r.Repeats,
		State: DeliveryState(r.State), Attempts: int(r.Attempts), Trouble: (*DeliveryTrouble)(r.Trouble),
		CreatedAt: r.CreatedAt, TriedAt: r.TriedAt, NextAt: r.NextAt, EndedAt: r.EndedAt,
	}
	if r.Status != nil {
		d.Status = new(int(*r.Status))
	}
	return d
}

// ReplayDelivery sends a message once more, under the id that it had. UserErrors: NOT_FOUND, INVALID_STATE while it is
// still on its way, and where whom it goes to is told nothing any more.
func (s *Service) ReplayDelivery(ctx context.Context, actor Actor, id uuid.UUID) (Delivery, error) {
	var made Delivery
	err := s.change(ctx, actor, admins, "replay delivery", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		row, err := q.LockDelivery(ctx, dbgen.LockDeliveryParams{CompanyID: actor.Company.ID, ID: id})
		if db.IsNoRows(err) {
			return notFound("id")
		}
		if err != nil {
			return fmt.Errorf("lock delivery: %w", err)
		}
		first := delivery(row).MessageID()
		if first != id {
			// So that two who repeat the same message take turns.
			if _, err := q.LockDelivery(ctx, dbgen.LockDeliveryParams{CompanyID: actor.Company.ID, ID: first}); err != nil {
				return fmt.Errorf("lock first delivery: %w", err)
			}
		}
		under, err := q.CountRepeats(ctx, dbgen.CountRepeatsParams{CompanyID: actor.Company.ID, Repeats: &first})
		if err != nil {
			return fmt.Errorf("count repeats: %w", err)
		}
		if under > 0 || !delivery(row).Replayable() {
			return refuse(CodeInvalidState, Text{"この通知はまだ送信中です。", "This message is still on its way."}, "id")
		}
		made, err = s.insertDelivery(ctx, tx, q, actor, dbgen.InsertDeliveryParams{
			IncidentID: row.IncidentID, Phase: row.Phase, MemberID: row.MemberID, EndpointID: row.EndpointID, Repeats: &first,
		}, "id")
		if err != nil {
			return err
		}
		return audit(ctx, q, actor, AuditDeliveryReplayed, &made.ID, map[string]any{"message": first})
	})
	return made, err
}

// SendTest sends a message that says nothing, to an endpoint or, without one, to the actor by e-mail. UserErrors: NOT_FOUND,
// INVALID_STATE where nothing is sent there, or where the company has just sent several.
func (s *Service) SendTest(ctx context.Context, actor Actor, endpointID *uuid.UUID) (Delivery, error) {
	var made Delivery
	err := s.change(ctx, actor, admins, "send test", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		p := dbgen.InsertDeliveryParams{Phase: string(PhaseTest), EndpointID: endpointID}
		if endpointID == nil {
			p.MemberID = &actor.Member.ID
		} else if row, err := lockEndpoint(ctx, q, actor, *endpointID, "endpointId"); err != nil {
			return err
		} else if reason := endpoint(row).whyNot(ActionTestEndpoint); reason != nil {
			return refuse(CodeInvalidState, *reason, "endpointId")
		}
		if err := fewTests(ctx, q, actor); err != nil {
			return err
		}
		var err error
		if made, err = s.insertDelivery(ctx, tx, q, actor, p, "endpointId"); err != nil {
			return err
		}
		return audit(ctx, q, actor, AuditTestSent, endpointID, nil)
	})
	return made, err
}

// fewTests keeps a company from having this server call others all the time.
func fewTests(ctx context.Context, q *dbgen.Queries, actor Actor) error {
	if err := q.LockEndpoints(ctx, actor.Company.ID); err != nil {
		return fmt.Errorf("lock endpoints: %w", err)
	}
	sent, err := q.CountTests(ctx, dbgen.CountTestsParams{CompanyID: actor.Company.ID, Age: testsWithin})
	if err != nil {
		return fmt.Errorf("count tests: %w", err)
	}
	if sent >= maxTests {
		return refuse(CodeInvalidState, Text{"テスト通知は1分間に5件までです。しばらく待ってからお試しください。", "A company can send 5 tests a minute. Wait a moment."}, "endpointId")
	}
	return nil
}

// insertDelivery makes a delivery that somebody asked for, to whom may be told. field is to blame otherwise.
func (s *Service) insertDelivery(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, actor Actor, p dbgen.InsertDeliveryParams, field string) (Delivery, error) {
	p.CompanyID = actor.Company.ID
	to, err := q.Told(ctx, dbgen.ToldParams{CompanyID: p.CompanyID, MemberID: p.MemberID, EndpointID: p.EndpointID})
	switch {
	case err != nil:
		return Delivery{}, fmt.Errorf("look up who is told: %w", err)
	case p.MemberID != nil && !s.mails():
		return Delivery{}, refuse(CodeInvalidState, textNoMail, field)
	case p.MemberID != nil && !to.MemberHere, p.EndpointID != nil && !to.EndpointHere:
		return Delivery{}, refuse(CodeInvalidState, Text{"この宛先への通知は停止しています。", "Nothing is sent there any more."}, field)
	}
	row, err := q.InsertDelivery(ctx, p)
	if err != nil {
		return Delivery{}, fmt.Errorf("insert delivery: %w", err)
	}
	if err := s.queue.Deliver(ctx, tx, []DeliveryTask{deliveryTask(row.CompanyID, row.ID, row.EndpointID, 0)}, 0); err != nil {
		return Delivery{}, fmt.Errorf("queue delivery: %w", err)
	}
	return delivery(row), nil
}
