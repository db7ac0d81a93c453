package notify

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"renkei/intake"
)

// Webhook implements intake.Notifier: the message's id, the instant of this try, and a signature by each of the secrets.
func (c *Client) Webhook(ctx context.Context, w intake.WebhookCall) error {
	id, at := w.ID.String(), time.Now()
	signatures := make([]string, len(w.Secrets))
	for i, secret := range w.Secrets {
		key, err := standardwebhooks.NewWebhook(secret.Reveal())
		if err != nil {
			// What it says may hold a part of the secret.
			return &intake.SendError{Trouble: intake.TroubleInternal, Final: true, Err: fmt.Errorf("secret %d is none", i)}
		}
		if signatures[i], err = key.Sign(id, at, w.Body); err != nil {
			return fmt.Errorf("sign webhook: %w", err)
		}
	}
	return c.post(ctx, w.URL, w.Body, map[string]string{
		standardwebhooks.HeaderWebhookID:        id,
		standardwebhooks.HeaderWebhookTimestamp: strconv.FormatInt(at.Unix(), 10),
		standardwebhooks.HeaderWebhookSignature: strings.Join(signatures, " "),
	})
}
