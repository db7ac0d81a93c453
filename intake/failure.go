package intake

// Text says why a link or a run does not work, and who can do what about it.
func (r FailureReason) Text() Text {
	switch r {
	case FailureInvalidCredentials:
		return Text{
			"メールアドレスまたはパスワードが正しくありません。正しい内容を入力し、もう一度登録してください。",
			"The e-mail address or password is wrong. Register again with the right ones.",
		}
	case FailureNoCandidatePermission:
		return Text{
			"このアカウントには候補者情報を閲覧する権限がありません。権限のあるアカウントで登録してください。",
			"This account may not see candidates. Register one that may.",
		}
	case FailureTwoFactorRequired:
		return Text{
			"媒体がログイン時に追加の確認（認証コードなど）を求めています。追加の確認が不要な状態にしてから、もう一度登録してください。",
			"The medium asks for a second step when signing in. Turn it off for this account, then register again.",
		}
	case FailureAccountLocked:
		return Text{
			"媒体のアカウントがロックされています。媒体でロックを解除してから、もう一度登録してください。",
			"The medium has locked this account. Unlock it there, then register again.",
		}
	case FailureMediumUnavailable:
		return Text{
			"媒体に接続できません。復旧すると自動で再開します。続く場合はお問い合わせください。",
			"The medium cannot be reached. Importing goes on by itself once it is back; contact support if this lasts.",
		}
	case FailureRateLimited:
		return Text{
			"媒体がアクセスを一時的に制限しています。しばらくしてから自動で再開します。",
			"The medium asks to be left alone for a while. Importing goes on by itself later.",
		}
	case FailureUnexpectedResponse:
		return Text{
			"媒体から想定外の応答がありました。媒体の仕様が変わった可能性があります。お問い合わせください。",
			"The medium answers with what we do not understand; it may have changed. Contact support.",
		}
	case FailureTimedOut:
		return Text{
			"媒体から時間内に応答がありませんでした。自動で再試行します。続く場合はお問い合わせください。",
			"The medium did not answer in time. It is tried again by itself; contact support if this lasts.",
		}
	case FailureInternal:
	}
	return Text{
		"システムの不具合により処理できませんでした。お問い合わせください。",
		"Something went wrong on our side. Contact support.",
	}
}
