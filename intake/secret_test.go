package intake_test

import (
	"bytes"
	"database/sql/driver"
	"encoding"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// refusal is an error that carries a secret.
type refusal struct{ Password intake.Secret }

func (r refusal) Error() string { return fmt.Sprintf("%v was refused", r.Password) }

func TestASecretShowsItselfNowhere(t *testing.T) {
	t.Parallel()
	const canary = "hunter2-canary"
	secret := intake.NewSecret(canary)
	type holder struct {
		Name     string
		Password intake.Secret
		Inner    *intake.Secret
		Any      any
		Many     []intake.Secret
		ByName   map[string]intake.Secret
	}
	held := holder{"a", secret, &secret, secret, []intake.Secret{secret}, map[string]intake.Secret{"k": secret}}
	login := intake.Login{Credentials: intake.Credentials{Email: "a@example.com", Password: secret}, Session: secret}

	shown := make(map[string]string)
	for _, verb := range []string{"v", "+v", "#v", "s", "q", "x", "X", "d", "t", "e", "g", "b", "o", "O", "c", "U", "p", "T", "10s", "-20q", "#x", "% x", "08d", "w", "j"} {
		for name, value := range map[string]any{"secret": secret, "pointer": &secret, "struct": held, "pointer to struct": &held, "login": login, "slice": []any{secret}} {
			shown["%"+verb+" of "+name] = fmt.Sprintf("%"+verb, value)
		}
	}
	shown["Sprint"] = fmt.Sprint(secret, &held)
	shown["String"] = secret.String()
	shown["GoString"] = secret.GoString()
	shown["error"] = fmt.Errorf("sign in with %v: %w", secret, errors.New("refused")).Error()
	for name, value := range map[string]any{"secret": secret, "struct": held, "login": login} {
		encoded, err := json.Marshal(value)
		require.NoError(t, err)
		shown["JSON of "+name] = string(encoded)
	}
	asKey, err := json.Marshal(map[intake.Secret]int{secret: 1})
	require.NoError(t, err)
	shown["JSON key"] = string(asKey)
	type document struct {
		S intake.Secret
		A intake.Secret `xml:",attr"`
	}
	asXML, err := xml.Marshal(document{secret, secret})
	require.NoError(t, err)
	shown["XML"] = string(asXML)
	text, err := encoding.TextMarshaler(secret).MarshalText()
	require.NoError(t, err)
	shown["text"] = string(text)

	var out bytes.Buffer
	log := zerolog.New(&out)
	log.Info().Interface("i", held).Interface("s", secret).Stringer("str", secret).Object("o", secret).Any("any", &secret).
		Fields(map[string]any{"f": secret}).Msgf("%v %+v", secret, held)
	shown["zerolog"] = out.String()
	out = bytes.Buffer{}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil), zerolog.NewSlogHandler(log)} {
		slog.New(handler).Info("m", "secret", secret, "held", held, slog.Any("login", login), "pointer", &secret)
	}
	shown["slog"] = out.String()
	out = bytes.Buffer{}
	trouble := fmt.Errorf("sign in: %w", refusal{secret})
	log.Error().Err(trouble).AnErr("again", trouble).Errs("all", []error{trouble}).Array("many", zerolog.Arr().Interface(secret).Object(secret)).
		Dict("dict", zerolog.Dict().Any("in", []intake.Secret{secret})).EmbedObject(secret).Stack().Msg(trouble.Error())
	withContext := log.With().Interface("always", held).Stringer("s", secret).Any("map", map[string]any{"k": []any{&secret}}).Logger()
	withContext.Info().Send()
	shown["zerolog with errors, arrays and context"] = out.String()
	out = bytes.Buffer{}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil), zerolog.NewSlogHandler(log)} {
		slog.New(handler).With("always", secret).WithGroup("g").Error("m", "error", trouble,
			"many", []intake.Secret{secret}, "by name", map[string]intake.Secret{"k": secret}, slog.Group("in", "secret", secret, "pointer", &held))
	}
	shown["slog with errors, groups and collections"] = out.String()
	shown["LogValue"] = secret.LogValue().String()
	shown["joined errors"] = errors.Join(trouble, refusal{secret}).Error()
	for name, value := range map[string]any{
		"slice": []intake.Secret{secret}, "array": [1]intake.Secret{secret}, "map": map[string]intake.Secret{"k": secret},
		"key": map[intake.Secret]int{secret: 1}, "pointer to pointer": &held.Inner, "embedded": struct{ intake.Secret }{secret},
		"unexported": struct{ password intake.Secret }{secret}, "error": trouble, "channel's": struct{ c chan intake.Secret }{make(chan intake.Secret, 1)},
	} {
		for _, verb := range []string{"v", "+v", "#v", "s", "q", "x", "d", "p"} {
			shown["%"+verb+" of "+name] = fmt.Sprintf("%"+verb, value)
		}
	}
	func() {
		defer func() { shown["panic"] = fmt.Sprint(recover()) }()
		panic(secret)
	}()
	_, err = driver.DefaultParameterConverter.ConvertValue(secret)
	require.ErrorContains(t, err, "sealed", "nor does a database get it, or stars in its place")
	shown["statement"] = err.Error()
	out = bytes.Buffer{}
	require.NoError(t, template.Must(template.New("").Parse("{{.}} {{.Password}} {{printf \"%s\" .Inner}}")).Execute(&out, held))
	shown["template"] = out.String()
	out = bytes.Buffer{}
	_ = gob.NewEncoder(&out).Encode(secret)
	shown["gob"] = out.String()

	require.Greater(t, len(shown), 25)
	for where, text := range shown {
		require.NotContains(t, text, canary, where)
		for _, disguise := range []string{fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprintf("% x", canary)} {
			require.NotContains(t, text, disguise, where)
		}
	}
	require.Equal(t, canary, secret.Reveal())
	require.Equal(t, "***", fmt.Sprint(intake.Secret{}), "nor does it tell whether it is empty")
	require.True(t, intake.Secret{}.IsZero())
	require.False(t, secret.IsZero())
	require.GreaterOrEqual(t, strings.Count(shown["zerolog"], "***"), 8)
}
