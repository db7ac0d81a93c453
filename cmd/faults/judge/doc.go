// Package judge compares what a medium served with what came of it, after something was broken. It reads Postgres by plain
// SQL, as a superuser, and the medium's journal over HTTP, and shares no code with the program that it judges.
//
// The invariants, as docs/operations.md names them:
//
//	I1  nothing is lost: what the medium served is what came in, field by field
//	I2  nothing is twice: no application, no person, no sign-in that an ended session does not explain; no page by
//	    somebody who held no lease
//	I3  the status is true: SUCCEEDED has all of it, RUNNING has somebody at work, a failure names its cause
//	I4  history never goes back: states and counters only move on, events have no gap, each run ends once for everybody
//	    who watches
//	I5  the queue agrees: no job that counts is running without an owner, waits for nobody, or was given up unexplained
//	I6  no secret is in a log, a row, a letter, a metric or an answer, and nothing of a company is with another
package judge
