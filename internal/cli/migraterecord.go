package cli

import (
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/migrate"
	"github.com/keyconv/keyconv/internal/quote"
)

// moveRecord is what migrate did with a session.
type moveRecord struct {
	Program string   `json:"program"`
	Alias   string   `json:"alias,omitempty"`
	Host    string   `json:"host,omitempty"`
	Port    int      `json:"port,omitempty"`
	User    string   `json:"user,omitempty"`
	KeyFile string   `json:"key_file,omitempty"`
	Outcome string   `json:"outcome"`
	Why     string   `json:"why,omitempty"`
	Lost    []string `json:"lost,omitempty"`
}

// outcomeCodes are the outcomes of migrate in the report.
var outcomeCodes = lazy.Map[migrate.Outcome, string]{Make: func() map[migrate.Outcome]string {
	return map[migrate.Outcome]string{
		migrate.Added: "added", migrate.Replaced: "replaced", migrate.There: "already-there",
		migrate.ByHand: "changed-by-hand", migrate.Skipped: "skipped", migrate.NotMoved: "not-moved",
	}
}}

// recordMove prints the object of a session.
func (r *migrateReport) recordMove(m migrate.Move) {
	o := newRecord(quote.Name(quote.WithoutPassword(m.Name)))
	o.Skipped, o.DryRun = m.Outcome == migrate.Skipped, r.options.dryRun
	o.Move = &moveRecord{Program: m.Program.Name, Outcome: outcomeCodes.Get()[m.Outcome], Why: m.Why}
	if m.Outcome != migrate.Skipped && m.Outcome != migrate.NotMoved {
		o.Move.Alias, o.Move.Host, o.Move.Port, o.Move.User = quote.Name(m.Alias), quote.Name(m.Host), m.Port, quote.Name(m.User)
		o.Move.KeyFile, o.Move.Lost = input.PlainName(m.KeyFile), m.Lost
	}
	_ = o.print(r.stdout, m.Err, r.hidden) // stdout reports its error at the end
}
