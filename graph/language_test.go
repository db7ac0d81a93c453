package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	emailMissing   = `mutation { registerAccount(input: {email: "", password: "p"}) { errors { message } } }`
	emailMissingJA = "メールアドレスを入力してください。"
	emailMissingEN = "Enter the e-mail address."
)

func TestAPersonIsSpokenToInTheLanguageOfTheRequest(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for language, want := range map[string]string{
		"":                         emailMissingJA,
		"ja":                       emailMissingJA,
		"ja-JP,ja;q=0.9,en;q=0.8":  emailMissingJA,
		"en":                       emailMissingEN,
		"en-GB":                    emailMissingEN,
		"EN-us":                    emailMissingEN,
		"fr,en;q=0.8,ja;q=0.5":     emailMissingEN,
		"fr":                       emailMissingJA,
		"*":                        emailMissingJA,
		"en;q=0.1,ja":              emailMissingJA,
		"en;q=0":                   emailMissingJA,
		"no such language; at all": emailMissingJA,
	} {
		spoken := c.speaking(language)
		require.Equal(t, want, digString(t, spoken.ask(t, emailMissing, nil), "registerAccount", "errors", 0, "message"), "%q", language)
		streamed := spoken.streamByPost(t, emailMissing, nil).receive(t).answer(t)
		require.Equal(t, want, digString(t, streamed.Data, "registerAccount", "errors", 0, "message"), "%q", language)
	}
}

func TestOnASocketItsParametersNameTheLanguageFirst(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, one := range []struct {
		header string
		params map[string]any
		want   string
	}{
		{"", nil, emailMissingJA},
		{"en", nil, emailMissingEN},
		{"", map[string]any{"acceptLanguage": "en"}, emailMissingEN},
		{"en", map[string]any{"acceptLanguage": "ja"}, emailMissingJA},
		{"en", map[string]any{"acceptLanguage": 7}, emailMissingEN},
	} {
		a := c.speaking(one.header).connect(t, one.params)
		answer := c.overSocket(t, a, emailMissing, nil)
		require.Equal(t, one.want, digString(t, answer.Data, "registerAccount", "errors", 0, "message"), "%v", one)
	}
}

func TestEverythingThatIsSaidIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	query := `query ($failing: ID!, $linked: ID!) {
		media { displayName }
		failing: account(id: $failing) { failure { message } availableActions { reason } }
		linked: account(id: $linked) { failure { message } availableActions { reason } importRuns { nodes { quarantine { message } invalidRecords { nodes { message availableActions { action } } } } } }
		inbox { nodes { explanation { summary decidedBy } availableActions { reason } } }
		applications { nodes { history { by } } }
	}`
	variables := vars{"failing": f.failing, "linked": f.account}
	ja, en := f.ask(t, query, variables), f.speaking("en").ask(t, query, variables)
	for _, path := range [][]any{
		{"failing", "failure", "message"},
		{"failing", "availableActions", 2, "reason"},
		{"linked", "availableActions", 0, "reason"},
		{"linked", "failure", "message"},
		{"linked", "importRuns", "nodes", 1, "quarantine", "message"},
		{"linked", "importRuns", "nodes", 2, "invalidRecords", "nodes", 0, "message"},
		{"linked", "importRuns", "nodes", 2, "invalidRecords", "nodes", 1, "message"},
		{"inbox", "nodes", 0, "explanation", "summary"},
		{"inbox", "nodes", 0, "explanation", "decidedBy"},
		{"inbox", "nodes", 0, "availableActions", 2, "reason"},
		{"inbox", "nodes", 3, "explanation", "summary"},
		{"inbox", "nodes", 4, "explanation", "summary"},
		{"inbox", "nodes", 5, "explanation", "summary"},
		{"applications", "nodes", 0, "history", 0, "by"},
	} {
		require.NotEqual(t, digString(t, ja, path...), digString(t, en, path...), "%v", path)
	}
	require.Equal(t, "山田花子", digString(t, en, "inbox", "nodes", 4, "explanation", "decidedBy"))
}
