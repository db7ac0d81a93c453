package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/rs/zerolog"

	"renkei/intake"
)

type verifyAccount struct {
	river.WorkerDefaults[verifyAccountArgs]
	service *intake.Service
}

func (*verifyAccount) Timeout(*river.Job[verifyAccountArgs]) time.Duration { return verifyTimeout }

func (*verifyAccount) NextRetry(job *river.Job[verifyAccountArgs]) time.Time {
	return soon(job.Attempt)
}

func (w *verifyAccount) Work(ctx context.Context, job *river.Job[verifyAccountArgs]) error {
	return w.service.Verify(ctx, job.Args.task())
}

type importAccount struct {
	river.WorkerDefaults[importAccountArgs]
	service *intake.Service
}

func (*importAccount) Timeout(*river.Job[importAccountArgs]) time.Duration { return importTimeout }

func (*importAccount) NextRetry(job *river.Job[importAccountArgs]) time.Time {
	return soon(job.Attempt)
}

func (w *importAccount) Work(ctx context.Context, job *river.Job[importAccountArgs]) error {
	return w.service.Import(ctx, job.Args.task())
}

type importFile struct {
	river.WorkerDefaults[importFileArgs]
	service *intake.Service
}

func (*importFile) Timeout(*river.Job[importFileArgs]) time.Duration { return fileTimeout }

func (*importFile) NextRetry(job *river.Job[importFileArgs]) time.Time { return soon(job.Attempt) }

func (w *importFile) Work(ctx context.Context, job *river.Job[importFileArgs]) error {
	return w.service.WorkFile(ctx, intake.FileTask{CompanyID: job.Args.CompanyID, FileID: job.Args.FileID})
}

// soon is when a job whose outcome could not be stored runs again: the database was away, and comes
// back in seconds or minutes, which River's own default would answer with hours.
func soon(attempt int) time.Time {
	return time.Now().Add(min(time.Second<<min(attempt, 6), time.Minute))
}

type deliver struct {
	river.WorkerDefaults[deliverArgs]
	service *intake.Service
}

func (*deliver) Timeout(*river.Job[deliverArgs]) time.Duration { return deliverTimeout }

func (*deliver) NextRetry(job *river.Job[deliverArgs]) time.Time { return soon(job.Attempt) }

func (w *deliver) Work(ctx context.Context, job *river.Job[deliverArgs]) error {
	return w.service.Deliver(ctx, intake.DeliveryTask{
		CompanyID: job.Args.CompanyID, DeliveryID: job.Args.DeliveryID, Attempt: job.Args.Attempt, ToEndpoint: job.Queue == queueEndpoint,
	})
}

// notice looks for what time brings: see intake.Service.Notice.
type notice struct {
	river.WorkerDefaults[noticeArgs]
	service *intake.Service
}

func (*notice) Timeout(*river.Job[noticeArgs]) time.Duration { return sweepTimeout }

func (w *notice) Work(ctx context.Context, _ *river.Job[noticeArgs]) error {
	return w.service.Notice(ctx)
}

type sweep struct {
	river.WorkerDefaults[sweepArgs]
	service *intake.Service
}

func (*sweep) Timeout(*river.Job[sweepArgs]) time.Duration { return sweepTimeout }

func (w *sweep) Work(ctx context.Context, _ *river.Job[sweepArgs]) error {
	_, swept := w.service.Sweep(ctx)
	return errors.Join(swept, w.service.ExpireVerifications(ctx))
}

type prune struct {
	river.WorkerDefaults[pruneArgs]
	service *intake.Service
}

func (*prune) Timeout(*river.Job[pruneArgs]) time.Duration { return sweepTimeout }

func (w *prune) Work(ctx context.Context, _ *river.Job[pruneArgs]) error {
	return w.service.Prune(ctx)
}

// seal seals what versions before sealing left in plain; there comes a day when it finds nothing any more.
type seal struct {
	river.WorkerDefaults[sealArgs]
	service *intake.Service
	log     zerolog.Logger
}

func (*seal) Timeout(*river.Job[sealArgs]) time.Duration { return upkeepTimeout }

func (w *seal) Work(ctx context.Context, _ *river.Job[sealArgs]) error {
	n, err := w.service.SealStored(ctx)
	if n > 0 {
		w.log.Info().Int("rows", n).Msg("sealed what was stored in plain")
	}
	return err
}

type forget struct {
	river.WorkerDefaults[forgetArgs]
	service *intake.Service
	log     zerolog.Logger
}

func (*forget) Timeout(*river.Job[forgetArgs]) time.Duration { return upkeepTimeout }

func (w *forget) Work(ctx context.Context, _ *river.Job[forgetArgs]) error {
	n, err := w.service.Forget(ctx)
	if n > 0 {
		w.log.Info().Int("candidates", n).Msg("erased whom their companies keep no longer")
	}
	return err
}

// indexSearch keeps search fast: see intake.Service.IndexSearch.
type indexSearch struct {
	river.WorkerDefaults[indexSearchArgs]
	service *intake.Service
	log     zerolog.Logger
}

func (*indexSearch) Timeout(*river.Job[indexSearchArgs]) time.Duration { return upkeepTimeout }

func (w *indexSearch) Work(ctx context.Context, _ *river.Job[indexSearchArgs]) error {
	n, err := w.service.IndexSearch(ctx)
	if n > 0 {
		w.log.Info().Int("candidates", n).Msg("put candidates into the search's index")
	}
	return err
}

type reseal struct {
	river.WorkerDefaults[resealArgs]
	service *intake.Service
}

func (*reseal) Timeout(*river.Job[resealArgs]) time.Duration { return resealTimeout }

func (w *reseal) Work(ctx context.Context, _ *river.Job[resealArgs]) error {
	return w.service.Reseal(ctx)
}
