package main

import (
	"encoding/json"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"

	"renkei/intake"
)

// Surnames and given names, the frequent ones first: the first surname is 1.5 in a hundred, as 佐藤 is.
var (
	surnames = strings.Fields(`佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川
		山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 斉藤 福田 太田 西村 藤井 金子 岡本 藤原 中野 三浦 原田 中川 松田 竹内 小野 田村
		中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 髙橋 宮本 内藤 高木 安藤 谷口 大野 丸山 今井 河野 藤本 村田 武田 上野 杉山 増田 小島 平野 大塚
		千葉 久保 松井 岩崎 桜井 野口 松尾 木下 菊地 野村 新井 佐野 杉本 大西 古川 浜田 市川 小松 高野 水野 吉川 山内 西田 北村 五十嵐 東 永井 飯田 久保田`)
	givenNames = strings.Fields(`太郎 花子 翔太 美咲 大輔 陽菜 健一 さくら 拓也 愛 直樹 優子 達也 彩 健太 真由美 誠 由美子 亮 恵 翼 麻衣 浩 裕子 蓮 結衣 陸 葵
		樹 凛 悠真 芽依 湊 紬 朝陽 莉子 大和 杏 蒼 澪 隼人 七海 陽翔 心春 海斗 美月 颯太 千尋 和也 明美 学 香織 豊 久美子 進 智子 修 京子 茂 幸子`)
	occupations = strings.Fields(`バックエンドエンジニア フロントエンドエンジニア データエンジニア 営業 法人営業 人事 経理 デザイナー プロダクトマネージャー マーケター
		カスタマーサクセス 事務 コンサルタント 広報 店長 編集者 研究員 秘書 法務 購買`)
	schools = strings.Fields(`東京大学 京都大学 早稲田大学 慶應義塾大学 大阪大学 明治大学 法政大学 日本大学 立命館大学 同志社大学 北海道大学 九州大学 筑波大学 関西大学 神戸大学 専修大学`)
	majors  = strings.Fields(`情報工学 経済学 法学 文学 機械工学 経営学 教育学 心理学 化学 物理学 社会学 数学`)
	skills  = strings.Fields(`Go TypeScript React Python Java AWS SQL Excel PostgreSQL Docker Kubernetes Ruby PHP Swift Kotlin Figma Salesforce 英語 簿記 Tableau`)
	kana    = []rune("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンガグゴザジダデドバビブベボパピプー")
)

// crowd makes people as they apply.
type crowd struct {
	random *rand.Rand
	firms  []string
}

func newCrowd() *crowd {
	c := &crowd{random: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same people each time
	for range 5000 {
		name := make([]rune, 3+c.random.IntN(5))
		for i := range name {
			name[i] = kana[c.random.IntN(len(kana))]
		}
		c.firms = append(c.firms, "株式会社"+string(name))
	}
	return c
}

// oneOf prefers the first ones, mildly.
func (c *crowd) oneOf(list []string) string {
	return list[min(c.random.IntN(len(list)), c.random.IntN(len(list)+len(list)/3))%len(list)]
}

// person is one of many: most bear a frequent name, one in 200,000 is a 小鳥遊, one in 10,000 knows COBOL, three in ten
// are エンジニア.
func (c *crowd) person(n int) intake.Candidate {
	p := intake.Candidate{ID: uuid.Must(uuid.NewV7())}
	surname := c.oneOf(surnames)
	switch {
	case n%200_000 == 77:
		surname = "小鳥遊"
	case c.random.IntN(4) == 0:
		// A rare one: two characters that seldom meet.
		surname = string([]rune{'一' + c.random.Int32N(3000), '一' + c.random.Int32N(3000)})
	case c.random.IntN(200) < 2:
		surname = "佐藤"
	}
	p.Name = surname + " " + c.oneOf(givenNames)
	occupation := func() *string {
		if c.random.IntN(100) < 17 {
			return new(occupations[c.random.IntN(3)])
		}
		return new(occupations[3+c.random.IntN(len(occupations)-3)])
	}
	p.CurrentPosition = occupation()
	for range 1 + c.random.IntN(3) {
		p.WorkHistories = append(p.WorkHistories, intake.WorkHistory{CompanyName: &c.firms[c.random.IntN(len(c.firms))], Position: p.CurrentPosition})
	}
	if c.random.IntN(5) == 0 {
		p.WorkHistories[0].Position = occupation()
	}
	p.Educations = []intake.Education{{SchoolName: new(c.oneOf(schools)), Major: new(c.oneOf(majors))}}
	for range 2 + c.random.IntN(5) {
		p.Skills = append(p.Skills, c.oneOf(skills))
	}
	if n%10_000 == 33 {
		p.Skills = append(p.Skills, "COBOL")
	}
	return p
}

func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain lists of strings
	}
	return raw
}
