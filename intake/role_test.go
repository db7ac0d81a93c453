package intake_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// Every method of the domain that takes an actor refuses one without a role, whatever the door has let in.
func TestNobodyWithoutARoleGetsAnything(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stranger := intake.Actor{Company: b.actor.Company, Member: b.actor.Member}
	stranger.Member.Roles = nil
	service := reflect.ValueOf(b.svc)
	tried := 0
	for i := range service.NumMethod() {
		name, method := service.Type().Method(i).Name, service.Method(i)
		if method.Type().NumIn() < 2 || method.Type().In(1) != reflect.TypeFor[intake.Actor]() {
			continue
		}
		tried++
		args := []reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(stranger)}
		for n := 2; n < method.Type().NumIn(); n++ {
			args = append(args, reflect.Zero(method.Type().In(n)))
		}
		results := method.Call(args)
		err, _ := reflect.TypeAssert[error](results[len(results)-1])
		require.ErrorIs(t, err, intake.ErrForbidden, name)
	}
	require.Greater(t, tried, 50)
}

// duties are the methods by what they are about, each with who may call it.
func TestEachRoleMayDoItsOwnAndNoMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	as := func(roles ...intake.Role) intake.Actor {
		a := b.actor
		a.Member.Roles = roles
		return a
	}
	page := intake.Keyset{First: 1}
	recruiting := []func(intake.Actor) error{
		func(a intake.Actor) error {
			_, err := b.svc.Inbox(t.Context(), a, intake.InboxFilter{}, page)
			return err
		},
		func(a intake.Actor) error {
			_, err := b.svc.Rules(t.Context(), a, intake.RuleFilter{}, page)
			return err
		},
		func(a intake.Actor) error {
			_, err := b.svc.Openings(t.Context(), a, intake.OpeningFilter{}, page)
			return err
		},
		func(a intake.Actor) error {
			_, err := b.svc.Applications(t.Context(), a, intake.ApplicationFilter{}, page)
			return err
		},
		func(a intake.Actor) error { _, err := b.svc.CandidatesByID(t.Context(), a, nil); return err },
		func(a intake.Actor) error { _, err := b.svc.WatchInbox(t.Context(), a, nil); return err },
		func(a intake.Actor) error {
			_, err := b.svc.CreateOpening(t.Context(), a, intake.OpeningInput{Name: "営業"})
			return err
		},
	}
	links := []func(intake.Actor) error{
		func(a intake.Actor) error {
			_, err := b.svc.Register(t.Context(), a, b.registration("a@example.com"))
			return err
		},
	}
	for _, try := range recruiting {
		require.NoError(t, try(as(intake.RoleRecruiter)))
		require.NoError(t, try(as(intake.RoleCoordinator)))
		require.ErrorIs(t, try(as(intake.RoleAdmin)), intake.ErrForbidden, "a pure 管理者 sees no applicant")
	}
	for _, try := range links {
		require.ErrorIs(t, try(as(intake.RoleRecruiter, intake.RoleCoordinator)), intake.ErrForbidden, "a pure 採用担当者 cannot touch a link")
		require.NoError(t, try(as(intake.RoleAdmin)))
	}
	for _, role := range []intake.Role{intake.RoleAdmin, intake.RoleRecruiter, intake.RoleCoordinator} {
		_, err := b.svc.Accounts(t.Context(), as(role), nil)
		require.NoError(t, err, "how a link is doing is everybody's business")
	}
}
