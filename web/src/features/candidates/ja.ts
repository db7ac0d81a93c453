export const ja = {
  title: "応募者",
};
