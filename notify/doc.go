// Package notify sends what people and programs are told: by e-mail, to Slack and what understands the same, and to
// webhooks as https://www.standardwebhooks.com has them. It implements intake.Notifier.
package notify
