package observe

import "renkei/intake"

// begin makes the series of what is rare, with nothing in them: the first of a kind would be no increase to an alert that
// has never seen a zero.
func (m *Metrics) begin(media []intake.Medium) {
	for _, kind := range []string{"query", "mutation", "subscription"} {
		for _, outcome := range []string{"ok", "refused", "unavailable", "failed"} {
			m.operations.WithLabelValues(kind, outcome)
		}
	}
	for _, code := range []string{"INTERNAL", "UNAVAILABLE", "RATE_LIMITED"} {
		m.errors.WithLabelValues(code)
	}
	for _, transport := range []string{"websocket", "sse"} {
		m.dropped.WithLabelValues(transport)
	}
	for _, work := range []intake.Work{intake.WorkVerification, intake.WorkImport, intake.WorkAccount, intake.WorkFile} {
		m.leasesLost.WithLabelValues(string(work))
	}
	for _, work := range []intake.Work{intake.WorkAccount, intake.WorkFile} {
		m.revived.WithLabelValues(string(work))
	}
	for _, status := range []intake.FileStatus{intake.FileSucceeded, intake.FileFailed} {
		m.files.WithLabelValues(string(status))
	}
	for _, channel := range []intake.NotificationChannel{intake.ChannelMail, intake.ChannelSlack, intake.ChannelWebhook} {
		m.deliveries.WithLabelValues(string(channel), string(intake.DeliverySent), "")
		for _, trouble := range []intake.DeliveryTrouble{
			intake.TroubleNotSetUp, intake.TroubleRecipientGone, intake.TroubleNotReached, intake.TroubleTimedOut, intake.TroubleRefused, intake.TroubleRedirected,
			intake.TroublePrivateAddress, intake.TroubleInsecure, intake.TroubleInternal,
		} {
			for _, state := range []intake.DeliveryState{intake.DeliveryFailed, intake.DeliveryGivenUp} {
				m.deliveries.WithLabelValues(string(channel), string(state), string(trouble))
			}
		}
	}
	for _, medium := range media {
		m.beginMedium(string(medium))
	}
}

func (m *Metrics) beginMedium(medium string) {
	for _, outcome := range []string{"accepted", "refused", "failed"} {
		m.mediumSignIns.WithLabelValues(medium, outcome)
	}
	for _, trigger := range []intake.ImportTrigger{intake.TriggerSchedule, intake.TriggerManual, intake.TriggerVerification} {
		m.runs.WithLabelValues(medium, string(trigger), string(intake.RunSucceeded), "")
		m.runs.WithLabelValues(medium, string(trigger), string(intake.RunQuarantined), string(intake.FailureUnexpectedResponse))
		m.runs.WithLabelValues(medium, string(trigger), string(intake.RunFailed), string(intake.FailureMediumUnavailable))
	}
	for _, reason := range []intake.FailureReason{
		intake.FailureMediumUnavailable, intake.FailureRateLimited, intake.FailureUnexpectedResponse, intake.FailureTimedOut, intake.FailureInternal,
	} {
		m.verifications.WithLabelValues(medium, string(intake.StatusSystemError), string(reason))
	}
	m.pages.WithLabelValues(medium)
	m.imported.WithLabelValues(medium)
	m.routed.WithLabelValues(medium)
	m.waiting.WithLabelValues(medium)
	m.invalid.WithLabelValues(medium)
}
