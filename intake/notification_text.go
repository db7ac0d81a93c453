package intake

import (
	"fmt"
	"strings"
	"time"
)

// IncidentWords say an incident to people: what happened, why, who can mend it and what to do.
type IncidentWords struct{ Title, What, Why, Who, Do Text }

// notificationWords are a whole message.
type notificationWords struct {
	IncidentWords
	// Rest is when it was, where to look, and whom to ask.
	Rest Text
}

// body puts it together in a language.
func (w notificationWords) body(l Language) string {
	var parts []string
	for _, part := range []Text{w.What, w.Why, w.Who, w.Do, w.Rest} {
		if text := part.In(l); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// tokyo is where people read Japanese. It has no summer time.
var tokyo = time.FixedZone("JST", 9*60*60)

// instant says when something was, to a minute.
func instant(at time.Time) Text {
	return Text{at.In(tokyo).Format("2006年1月2日 15:04（日本時間）"), at.UTC().Format("2 January 2006, 15:04 UTC")}
}

// words say what a delivery tells.
func (s *Service) words(n notification) notificationWords {
	if n.incident == nil {
		return notificationWords{
			IncidentWords: IncidentWords{
				Title: Text{"【Renkei】通知のテスト", "[Renkei] A test"},
				What:  Text{"これは" + n.company + "のRenkeiからのテスト通知です。対応は不要です。", "This is a test from the Renkei of " + n.company + ". There is nothing to do."},
			},
			Rest: s.rest(n),
		}
	}
	login := ""
	if n.account != nil {
		login = n.account.Email
	}
	w := notificationWords{IncidentWords: n.incident.words(login, s.settings.NotifyWaiting), Rest: s.rest(n)}
	if n.incident.Kind == IncidentStale && n.account != nil && n.account.FailureReason != nil {
		w.Why = FailureReason(*n.account.FailureReason).Text()
	}
	if n.delivery.Phase == PhaseResolved {
		w.IncidentWords = n.incident.over(w.Title)
	}
	w.Title = Text{"【Renkei】" + w.Title.JA, "[Renkei] " + w.Title.EN}
	return w
}

// over says how an incident of that title ended.
func (i Incident) over(title Text) IncidentWords {
	at := instant(*i.ResolvedAt)
	how := Text{"解消しました", "is over"}
	switch *i.Resolution {
	case ResolvedSuperseded:
		return IncidentWords{
			Title: Text{"更新: " + title.JA, "Updated: " + title.EN},
			What: Text{
				"「" + title.JA + "」は新しいお知らせに引き継がれました（" + at.JA + "）。新しいお知らせを確認してください。",
				fmt.Sprintf("Another message says more than “%s” (%s). Look at that one.", title.EN, at.EN),
			},
		}
	case ResolvedStopped:
		how = Text{"連携の停止により終了しました", "is over, since the link was stopped"}
	case ResolvedMended:
	}
	return IncidentWords{Title: Text{"解消: " + title.JA, "Resolved: " + title.EN}, What: Text{"「" + title.JA + "」は" + how.JA + "（" + at.JA + "）。対応は不要です。", fmt.Sprintf("“%s” %s (%s). There is nothing to do.", title.EN, how.EN, at.EN)}}
}

// rest is what every message ends with.
func (s *Service) rest(n notification) Text {
	ja, en := []string{"会社: " + n.company}, []string{"Company: " + n.company}
	if n.incident != nil {
		since := instant(n.incident.Since)
		ja, en = append(ja, "発生: "+since.JA), append(en, "Since: "+since.EN)
	}
	if s.settings.PublicURL != "" {
		ja, en = append(ja, "確認: "+s.settings.PublicURL), append(en, "Look at it: "+s.settings.PublicURL)
	}
	if s.settings.Support != "" {
		ja, en = append(ja, "お問い合わせ: "+s.settings.Support), append(en, "Support: "+s.settings.Support)
	}
	if n.channel == ChannelMail {
		ja, en = append(ja, "通知の設定はRenkeiの画面で変更できます。"), append(en, "What you are told, and in which language, is up to you: see your settings in Renkei.")
	}
	return Text{strings.Join(ja, "\n"), strings.Join(en, "\n")}
}

// Words say the incident; login is its account's, and patience how long people may wait before it is one.
func (s *Service) Words(i Incident, login string) IncidentWords {
	return i.words(login, s.settings.NotifyWaiting)
}

func (i Incident) words(login string, patience time.Duration) IncidentWords {
	medium := Text{}
	if i.Medium != nil {
		medium = i.Medium.Name()
	}
	why := Text{}
	if i.Reason != nil {
		why = i.Reason.Text()
	}
	account := Text{medium.JA + "のアカウント（" + login + "）", fmt.Sprintf("the %s account %s", medium.EN, login)}
	switch i.Kind {
	case IncidentLinkFailed:
		return i.linkFailed(medium, account, why)
	case IncidentStale:
		since := instant(i.Since)
		return IncidentWords{
			Title: Text{medium.JA + "からの取り込みが滞っています", "Nothing comes in from " + medium.EN},
			What:  Text{account.JA + "からの取り込みが" + since.JA + "以降成功していません。新しい応募が届いていない可能性があります。", "No import from " + account.EN + " has succeeded since " + since.EN + ". There may be applications that have not come in."},
			Why:   Text{"原因はまだ分かっていません。", "The cause is not known yet."},
			Who:   Text{"通常は自動で再開します。", "As a rule, importing goes on by itself."},
			Do:    Text{"急ぐ場合は媒体の画面で応募を確認し、続く場合はお問い合わせください。", "If it is urgent, look at the applications on the medium itself; contact support if this lasts."},
		}
	case IncidentWaiting:
		return i.waits(patience)
	case IncidentQuarantined:
		return i.quarantined(medium, account, why)
	case IncidentMediumOutage:
	}
	return IncidentWords{
		Title: Text{medium.JA + "に接続できません", medium.EN + " cannot be reached"},
		What:  Text{medium.JA + "に、複数の会社のアカウントから接続できません。復旧するまでアクセスを控えています。連携はそのままです。", medium.EN + " cannot be reached for the accounts of several companies. It is left alone until it is back; the links stay."},
		Why:   why,
		Who:   Text{"媒体の復旧を待つ必要があります。", "The medium has to come back."},
		Do:    Text{"媒体の障害情報を確認してください。復旧すると自動で再開します。", "Look at what the medium says of it. Importing goes on by itself once it is back."},
	}
}

func (i Incident) linkFailed(medium, account, why Text) IncidentWords {
	w := IncidentWords{
		Title: Text{medium.JA + "との連携が止まりました", "The link to " + medium.EN + " has failed"},
		What:  Text{account.JA + "との連携が止まりました。新しい応募は取り込まれません。", "The link to " + account.EN + " has failed. No applications come in from it."},
		Why:   why,
		Who:   Text{"媒体または運用元の対応が必要です。", "The medium, or whoever operates this server, has to mend it."},
		Do:    Text{"しばらくしてからもう一度登録してください。解決しない場合はお問い合わせください。", "Register the account again later; contact support if that does not help."},
	}
	if i.Reason != nil && i.Reason.PersonCanMend() {
		w.Who = Text{"貴社の管理者が対応できます。", "An administrator of your company can mend it."}
		w.Do = Text{"同じアカウントで媒体にログインできることを確かめてから、Renkeiの連携設定でもう一度登録してください。", "Make sure that the account can sign in to the medium, then register it again in Renkei."}
	}
	return w
}

func (i Incident) waits(patience time.Duration) IncidentWords {
	n := 0
	if i.Waiting != nil {
		n = *i.Waiting
	}
	long := span(patience)
	return IncidentWords{
		Title: Text{"滞留している応募があります", "Applications wait to be routed"},
		What:  Text{fmt.Sprintf("%d件の応募が%s以上、滞留しています。", n, long.JA), fmt.Sprintf("Applications have waited to be routed for more than %s: %d.", long.EN, n)},
		Why:   Text{"合う振り分けルールがないか、振り分け先の求人が終了しています。", "No rule fits them, or the opening that one leads to is closed."},
		Who:   Text{"採用担当者または採用コーディネーターが対応できます。", "A recruiter or a coordinator can see to it."},
		Do:    Text{"応募情報インポートを開いて振り分けるか、振り分けルールを追加してください。", "Open the inbox and route them, or add a rule."},
	}
}

func (i Incident) quarantined(medium, account, why Text) IncidentWords {
	w := IncidentWords{
		Title: Text{medium.JA + "からの取り込みを見合わせています", "Importing from " + medium.EN + " is held back"},
		What:  Text{account.JA + "から届いた情報がこれまでと異なる形のため、何も書き込まずに取り込みを見合わせました。", "What came from " + account.EN + " no longer looks as it did. Nothing of it was written."},
		Why:   why,
		Who:   Text{"運用元の対応が必要です。", "Whoever operates this server has to mend it."},
		Do:    Text{"対応が終わるまで、新しい応募は媒体の画面で確認してください。", "Until it is mended, look at new applications on the medium itself."},
	}
	if i.AccountID == nil {
		w.What = Text{medium.JA + "から届いた情報がこれまでと異なる形のため、取り込みを見合わせているアカウントがあります。", "What comes from " + medium.EN + " no longer looks as it did, for one account or more. Nothing of it was written."}
		w.Do = Text{"`renkei medium check` で、媒体の何が変わったかを確認してください。", "Run `renkei medium check` to see what has changed."}
	}
	return w
}

// span says how long something lasts, in days or hours.
func span(d time.Duration) Text {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return Text{fmt.Sprintf("%d日", d/(24*time.Hour)), fmt.Sprintf("%d days", d/(24*time.Hour))}
	case d >= 2*time.Hour && d%time.Hour == 0:
		return Text{fmt.Sprintf("%d時間", d/time.Hour), fmt.Sprintf("%d hours", d/time.Hour)}
	}
	return Text{d.String(), d.String()}
}
