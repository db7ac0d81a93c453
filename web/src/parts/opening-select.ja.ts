export const ja = {
  suggested: "提案",
  all: "募集中の求人",
  closed: "{{name}}（終了）",
  nothing: "求人が見つかりません",
  nothingOpen: "該当する募集中の求人がありません",
  reading: "求人を探しています",
  clear: "求人の選択を解除",
  create: "「{{name}}」を新しい求人として登録",
  created: "求人「{{name}}」を登録しました。",
};
