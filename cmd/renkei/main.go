// Command renkei brings the people who apply on a job medium into a company's applicant tracking. See
// `renkei help`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"renkei/observe"
)

// version is set by the linker.
var version = "dev"

// The exit codes of the contract with operators.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	setUpLogging()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}, os.Getenv)
	stop()
	os.Exit(code)
}

// streams are what a command talks through.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// command is a subcommand, such as "token create".
type command struct {
	name  string
	args  string
	about string
	run   func(context.Context, *invocation) error
}

// invocation is one call of a command.
type invocation struct {
	streams
	config config
	// unfit is what is wrong with the settings; only the doctor comes to see it.
	unfit error
	log   zerolog.Logger
	args  []string
	flags *flag.FlagSet
}

var errUsage = errors.New("wrong usage")

func commands() []command {
	return []command{
		{"serve", "[--api-only | --workers-only]", "API and workers in one process", serveCommand},
		{"demo", "", "embedded Postgres, simulator, a sample company, and serve: what `make run` starts", demoCommand},
		{doctorName, "[--json]", "looks at settings, database, login, schema, keys, clock, queue and medium, says what to do, and changes nothing", doctorCommand},
		{"migrate up", "", "brings the schema and the job queue's tables up to date", migrateUp},
		{"migrate status", "", "lists the migrations, and which the database has", migrateStatus},
		{"company create", "NAME", "makes a company; prints its id as the last word", companyCreate},
		{"member create", "--company ID --email E --name N --roles ADMIN,RECRUITER", "adds a member, with the password typed or on standard input, if any; prints the id as the last word", memberCreate},
		{"token create", "--company ID --member ID [--name N] [--expires 720h]", "makes an API token, printed once, as the last word", tokenCreate},
		{"audit verify", "[--company ID] [--head COMPANY=N:HASH]...", "checks every company's audit log, or one's, line by line; prints each log's head, to be kept elsewhere and given as --head the next time, so that a log that lost its end is found out", auditVerify},
		{"keys new", "[--kms URI]", "prints a fresh master key; with --kms, one that only the KMS (aws-kms://ARN) can read", keysNew},
		{"keys rotate", "[--kms URI] | --promote [--key ID]", "a new master key for the vault; then, once every process has it, --promote: it seals, and all is re-sealed in the background", keysRotate},
		{"keys status", "", "lists the vault's keys, what is sealed under each, how far re-sealing is, and who holds them", keysStatus},
		{"keys forget", "ID", "gives up a key that is lost, and what it sealed", keysForget},
		{"medium check", "[--url URL] --email E", "signs in to Wantedly once, with the password typed or on standard input, and prints for each fact that the connector relies on whether it still holds; exit code 1 where one does not, or may not", mediumCheck},
		{"medium accept", "WANTEDLY", "takes the medium as it now looks for usual, after a quarantine that turned out to be harmless", mediumAccept},
		{"simulate-wantedly", "[--listen 127.0.0.1:8081] [--tickets 24] [--every 0s]", "the simulator of Wantedly alone", simulateCommand},
		{"version", "", "prints the version", printVersion},
		{"help", "", "prints this", nil},
	}
}

// run runs the command that args name and returns its exit code.
func run(ctx context.Context, args []string, std streams, getenv func(string) string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		printHelp(std.out)
		return exitDone
	}
	cmd, rest, found := find(args)
	if !found {
		fmt.Fprintf(std.err, "renkei: there is no command %q; `renkei help` lists them\n", strings.Join(args, " "))
		return exitUsage
	}
	conf, err := load(getenv)
	if err != nil && cmd.name != doctorName {
		fmt.Fprintf(std.err, "renkei: %s\n", oneLine(err))
		return exitUsage
	}
	call := &invocation{streams: std, config: conf, unfit: err, log: newLog(conf, std.err), args: rest}
	call.flags = flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	call.flags.SetOutput(io.Discard)
	err = cmd.run(ctx, call)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(std.out, "usage: renkei %s %s\n", cmd.name, cmd.args)
		return exitDone
	case errors.Is(err, errUsage):
		fmt.Fprintf(std.err, "renkei: %s\nusage: renkei %s %s\n", oneLine(err), cmd.name, cmd.args)
		return exitUsage
	case errors.Is(err, errSettings):
		fmt.Fprintf(std.err, "renkei: %s\n", oneLine(err))
		return exitUsage
	default:
		fmt.Fprintf(std.err, "renkei: %s\n", oneLine(err))
		return exitFailed
	}
}

// find takes the longest name that args begin with.
func find(args []string) (command, []string, bool) {
	for words := min(2, len(args)); words > 0; words-- {
		name := strings.Join(args[:words], " ")
		for _, c := range commands() {
			if c.name == name && c.run != nil {
				return c, args[words:], true
			}
		}
	}
	return command{}, nil, false
}

// parse reads the flags and returns the words that are left; there must be as many as wanted.
func (i *invocation) parse(wanted int) ([]string, error) {
	if err := i.flags.Parse(i.args); err != nil {
		return nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	if i.flags.NArg() != wanted {
		return nil, fmt.Errorf("%w: %d words expected, %d given", errUsage, wanted, i.flags.NArg())
	}
	return i.flags.Args(), nil
}

// oneLine is an error as a line that a person can act on.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// setUpLogging sets what holds for the whole process, before anything logs.
func setUpLogging() {
	zerolog.TimeFieldFormat = time.RFC3339Nano
	zerolog.TimestampFunc = func() time.Time { return time.Now().UTC() }
	// What libraries say through the standard logger is not ours to vouch for: gqlgen writes request
	// bodies to it.
	log.SetOutput(io.Discard)
}

func newLog(c config, w io.Writer) zerolog.Logger {
	if c.LogFormat == "console" {
		w = zerolog.ConsoleWriter{Out: w, TimeFormat: time.TimeOnly}
	}
	return zerolog.New(zerolog.SyncWriter(w)).Level(c.LogLevel).With().Timestamp().Logger().Hook(observe.LogTrace())
}

func printVersion(_ context.Context, i *invocation) error {
	_, err := fmt.Fprintln(i.out, version)
	return err
}

func printHelp(w io.Writer) {
	var b strings.Builder
	b.WriteString("renkei brings the people who apply on Wantedly into a company's applicant tracking.\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  renkei %s %s\n        %s\n", c.name, c.args, c.about)
	}
	b.WriteString("\nSettings, as environment variables:\n")
	for _, s := range settings {
		fmt.Fprintf(&b, "  %s (default: %s)\n        %s\n", s.name, s.byDefault, s.meaning)
	}
	b.WriteString("\nExit codes: 0 done, 1 failed, 2 wrong usage.\n")
	// Nobody is left to tell that standard output is closed.
	_, _ = io.WriteString(w, b.String())
}
