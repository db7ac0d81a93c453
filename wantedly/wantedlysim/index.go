package wantedlysim

import (
	"html/template"
	"net/http"
)

var personas = []struct{ Word, What string }{
	{"ok", "連携できます。応募があり、頻度を設定すると新しい応募が届きます。"},
	{"noperm", "ログインできますが、採用ページは 403 です。"},
	{"twofactor", "2段階認証を求められます。"},
	{"locked", "アカウントがロックされています。"},
	{"captcha", "画像認証を求められます。"},
	{"slow", "どの応答も遅く返ります。"},
	{"flaky", "3回に1回 503 が返ります。"},
	{"down", "いつも 503 です。"},
	{"ratelimit", "いつも 429 と Retry-After です。"},
	{"drift", "最初の取り込みのあと、項目名が変わります。"},
	{"garbage", "JSON の代わりに HTML、途切れた JSON、50MB の本文、型違いが返ります。"},
	{"expire", "一覧の途中で一度セッションが切れます。"},
	{"changed", "最初の取り込みのあと、パスワードが使えなくなります。"},
	{"partial", "担当アカウント。番号が飛び飛びに見えます。"},
	{"big", "応募が1万件あります。"},
}

var indexPage = template.Must(template.New("index").Parse(`<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>Wantedly シミュレーター</title></head>
<body><h1>Wantedly シミュレーター</h1>
<p>本物の Wantedly ではありません。パスワードはどれも <code>password</code> です。
メールアドレスの最初の単語が動作を、ドメインが会社を決めます（<code>ok-2@acme.example</code> は <code>ok@acme.example</code> と同じ会社の別のアカウント）。</p>
<table><thead><tr><th>ログイン</th><th>動作</th></tr></thead><tbody>
{{range .Personas}}<tr><td><code>{{.Word}}@acme.example</code></td><td>{{.What}}</td></tr>
{{end}}</tbody></table>
<p><a href="/signin_or_signup">ログイン</a></p>
{{if .Control}}<p>操作用の API は <code>/_control</code> 以下にあります。</p>{{end}}
</body></html>
`))

// index says who does what.
func (s *Server) index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// The caller is gone if this fails.
	_ = indexPage.Execute(w, map[string]any{"Personas": personas, "Control": s.opts.Control})
}
