package judge

// JudgeOn judges what a connection sees, be it in a transaction that never ends well.
var JudgeOn = judgeOn
