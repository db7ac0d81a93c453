export const ja = {
  title: "応募情報インポート",
};
