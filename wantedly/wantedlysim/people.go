package wantedlysim

import (
	"fmt"
	"time"
)

const (
	kindScout = "SCOUT_REPLIED"
	kindOwn   = "APPLIED"

	// secret is in everything that must never be imported but addresses and ages.
	secret = "秘密のメッセージ"
)

var (
	titles = []string{
		"バックエンドエンジニア", "フロントエンドエンジニア", "プロダクトマネージャー", "カスタマーサクセス",
		"UIデザイナー", "SRE", "データエンジニア", "インサイドセールス",
	}
	families = []string{
		"佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤",
		"吉田", "山田", "佐々木", "山口", "松本", "井上", "木村", "林", "斎藤", "清水",
		"髙橋", "﨑山", "神谷", "五十嵐", "東海林", "長谷川", "西村", "藤原", "岡本", "三浦",
	}
	givens = []string{
		"陽翔", "蓮", "湊", "樹", "悠真", "大翔", "朝陽", "結月", "陽葵", "凛",
		"葵", "紬", "芽依", "さくら", "美咲", "健太", "拓海", "直樹", "翔太", "彩香",
		"優子", "真由美", "慎一郎", "かおり", "ひかり", "亮", "誠", "千尋", "光", "渚",
	}
	employers = []string{
		"株式会社ひなたソフト", "合同会社みなと技研", "北斗システムズ株式会社", "株式会社カモメロジ", "あおば総研株式会社",
		"株式会社つむぎ", "東雲クラウド株式会社", "㈱丸角データ", "株式会社やまびこ", "フリーランス",
	}
	schools = []string{
		"東都大学", "北陵工業大学", "西海大学大学院", "南山手女子大学", "湘北高等専門学校", "中央情報専門学校",
	}
	majors  = []string{"情報工学科", "経済学部", "デザイン学科", "理学研究科 数学専攻", "文学部 心理学科"}
	places  = []string{"東京都", "大阪府", "福岡県", "北海道", "愛知県", "京都府", "長野県松本市"}
	skills  = []string{"Go", "TypeScript", "React", "PostgreSQL", "AWS", "Kubernetes", "Figma", "SQL", "Python", "要件定義", "採用", "英語"}
	hopes   = []string{"使う人のそばで、長く愛されるものを作りたいです。", "小さなチームで0→1に挑戦したい！", "いずれはチームを率いる立場になりたいと考えています。"}
	taglns  = []string{"つくることが好きです", "ものづくりで人を笑顔に 😊", "よく寝て、よく書く。", "10年目のエンジニア"}
	certs   = []string{"基本情報技術者", "応用情報技術者", "日商簿記2級"}
	doneFor = []string{"受発注システムの設計と開発。", "社内の勤怠システムを刷新し、残業を3割減らしました。", "新規事業の立ち上げ。\n企画から運用まで。"}
)

// nameOf is the made-up name of the person whose first ticket has this number.
func (c *company) nameOf(number int) string {
	r := mix(c.seed, uint64(number)*131+1)
	name := pick(families, r) + " " + pick(givens, r>>16)
	if c.marked {
		name += " " + c.domain
	}
	return name
}

func pick(from []string, r uint64) string { return from[r%uint64(len(from))] }

// profile is what the hiring API tells of the person behind a ticket.
func (c *company) profile(t ticket, start time.Time) map[string]any {
	r := mix(c.seed, uint64(t.personID)*17+3)
	p := map[string]any{
		"user": map[string]any{
			"id": t.personID, "name": t.name, "age": 22 + r%30,
			"email": fmt.Sprintf("applicant%d@mail.invalid", t.personID), "avatar": nil,
		},
		"email":                 fmt.Sprintf("applicant%d@mail.invalid", t.personID),
		"location":              pick(places, r),
		"current_position":      pick(titles, r>>3) + " / " + pick(employers, r>>5),
		"tagline":               pick(taglns, r>>7),
		"introduction":          "はじめまして。" + pick(places, r) + "で" + pick(titles, r>>3) + "をしています。\n" + pick(doneFor, r>>9),
		"statement":             pick(hopes, r>>11),
		"working_histories":     histories(r, start),
		"academic_records":      academics(r, start),
		"skill_taggings":        taggings(r),
		"portfolio_items":       portfolio(r),
		"volunteerings":         []any{},
		"certificates":          []any{map[string]any{"qualified_on": "2019-06-01", "title": pick(certs, r>>13)}},
		"last_edit":             start.Add(-time.Duration(r%500) * time.Hour).In(jst).Format(time.RFC3339),
		"messages":              []any{map[string]any{"body": secret + " " + t.name + "です。よろしくお願いします。"}},
		"comments":              []any{map[string]any{"body": secret + "（社内コメント）"}},
		"recommendations_count": r % 5,
	}
	// Not everybody fills in everything: null, absent, empty.
	switch r % 7 {
	case 1:
		p["working_histories"], p["tagline"] = nil, nil
	case 2:
		delete(p, "portfolio_items")
		delete(p, "introduction")
	case 3:
		p["academic_records"], p["location"] = []any{}, ""
	}
	return p
}

func histories(r uint64, start time.Time) []any {
	year := start.Year()
	now := map[string]any{
		"started_on": fmt.Sprintf("%d-04-01", year-3-int(r%4)), "ended_on": nil,
		"company_name": pick(employers, r>>5), "position": pick(titles, r>>3), "description": pick(doneFor, r>>9),
	}
	before := map[string]any{
		"started_on": fmt.Sprintf("%d-04-01", year-9), "ended_on": fmt.Sprintf("%d-03-31", year-3-int(r%4)),
		"company_name": pick(employers, r>>17), "position": nil, "description": pick(doneFor, r>>19),
	}
	return []any{now, before}[:1+r>>21%2]
}

func academics(r uint64, start time.Time) []any {
	return []any{map[string]any{
		"graduated_on": fmt.Sprintf("%d-03-31", start.Year()-9), "school_name": pick(schools, r>>23),
		"major": pick(majors, r>>25), "description": nil,
	}}
}

func taggings(r uint64) []any {
	list := make([]any, 0, 5)
	for i := range 2 + r>>27%4 {
		tag := map[string]any{"id": i + 1, "name": skills[(r>>29+i*5)%uint64(len(skills))]}
		list = append(list, map[string]any{"tag": tag, "count": i})
	}
	return list
}

func portfolio(r uint64) []any {
	return []any{
		map[string]any{"title": "個人サイト", "url": fmt.Sprintf("https://portfolio.example/%d", r%10_000)},
		map[string]any{"title": "連絡先", "url": "mailto:someone@mail.invalid"},
	}
}
