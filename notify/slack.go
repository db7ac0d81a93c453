package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"renkei/intake"
)

// Slack takes no more in a block.
const maxBlock = 2900

type slackMessage struct {
	// Text is what a notification on a telephone shows, and all that others than Slack understand.
	Text   string       `json:"text"`
	Blocks []slackBlock `json:"blocks"`
}

type slackBlock struct {
	Type string    `json:"type"`
	Text slackText `json:"text"`
}

type slackText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// slackEscapes are what Slack asks for: no text of ours becomes a link, or calls a channel.
var slackEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Slack implements intake.Notifier.
func (c *Client) Slack(ctx context.Context, p intake.SlackPost) error {
	title, text := slackEscapes.Replace(p.Title), slackEscapes.Replace(p.Text)
	m := slackMessage{Text: title + "\n" + text}
	for _, part := range []string{"*" + title + "*", text} {
		m.Blocks = append(m.Blocks, slackBlock{Type: "section", Text: slackText{Type: "mrkdwn", Text: cut(part, maxBlock)}})
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return c.post(ctx, p.URL, body, nil)
}

// cut keeps so many characters.
func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
