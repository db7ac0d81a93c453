package observe

import "renkei/intake"

// RunEnded implements intake.Observer.
func (m *Metrics) RunEnded(r intake.RunEnd) {
	m.runs.WithLabelValues(string(r.Medium), string(r.Trigger), string(r.Status), string(r.Reason)).Inc()
	// The clocks of the database and of this process may differ a little.
	m.runSeconds.WithLabelValues(string(r.Medium), string(r.Status)).Observe(max(0, r.Took.Seconds()))
}

// PageStored implements intake.Observer.
func (m *Metrics) PageStored(p intake.PageCount) {
	medium := string(p.Medium)
	m.pages.WithLabelValues(medium).Inc()
	m.imported.WithLabelValues(medium).Add(float64(p.Imported))
	m.routed.WithLabelValues(medium).Add(float64(p.Routed))
	m.waiting.WithLabelValues(medium).Add(float64(p.Imported - p.Routed))
	m.invalid.WithLabelValues(medium).Add(float64(p.Invalid))
}

// VerificationEnded implements intake.Observer.
func (m *Metrics) VerificationEnded(v intake.VerificationEnd) {
	m.verifications.WithLabelValues(string(v.Medium), string(v.Status), string(v.Reason)).Inc()
	m.verifySeconds.WithLabelValues(string(v.Medium)).Observe(max(0, v.Took.Seconds()))
}

// FileEnded implements intake.Observer.
func (m *Metrics) FileEnded(status intake.FileStatus) { m.files.WithLabelValues(string(status)).Inc() }

// LeaseLost implements intake.Observer.
func (m *Metrics) LeaseLost(work intake.Work) { m.leasesLost.WithLabelValues(string(work)).Inc() }

// WorkRevived implements intake.Observer.
func (m *Metrics) WorkRevived(work intake.Work, n int) {
	m.revived.WithLabelValues(string(work)).Add(float64(n))
}

// DeliveryTried implements intake.Observer.
func (m *Metrics) DeliveryTried(d intake.DeliveryTry) {
	m.deliveries.WithLabelValues(string(d.Channel), string(d.State), string(d.Trouble)).Inc()
}

// PasswordHashed is intake.Settings.PasswordHashed.
func (m *Metrics) PasswordHashed() { m.passwordsHashed.Inc() }
