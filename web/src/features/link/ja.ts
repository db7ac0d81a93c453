export const ja = {
  title: "Wantedly連携",
};
