// Package jobs is the River door: it turns what the domain wants done into rows of Postgres' job
// queue, and works them. A job only wakes the domain up; what is to be done stands in the domain's
// own rows, so that a job that runs twice, dies or comes late does no harm.
package jobs
