package cli

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError has words of its own in place of Go's, and leaves out what may be a passphrase:
// the value of a flag for one, and the letters after a short flag that does not exist, as
// in -pSECRET.
func flagError(cmd *cobra.Command, err error) error {
	message, hint := err.Error(), cmd.CommandPath()+" --help lists what there is"
	switch {
	case strings.HasPrefix(message, "unknown flag: --passphrase"):
		hint = "what stands on a command line can be read by others; use --passphrase-file FILE, --passphrase-env NAME or --passphrase-fd N"
	case message == "unknown flag: --input-env":
		hint = "pem2ppk, ppk2pem, convert, inspect, public and check have it"
	}
	var value *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		message = fmt.Sprintf("unknown shorthand flag: '%s' in -%[1]s", unknown.GetSpecifiedName())
		hint = cmp.Or(otherFlags[unknown.GetSpecifiedName()], hint)
	case unknown != nil:
		// Quoted together with its flag, a value is a part of the name here.
		name, _, _ := strings.Cut(unknown.GetSpecifiedName(), " ")
		message = "unknown flag: --" + name
		hint = cmp.Or(otherFlags[unknown.GetSpecifiedName()], hint)
	case errors.As(err, &value):
		f := value.GetFlag()
		message = fmt.Sprintf("--%s takes %s", f.Name, takes(f))
		// A flag in place of the value may have a passphrase after it.
		if !strings.Contains(f.Name, "passphrase") && !strings.HasPrefix(value.GetValue(), "-") {
			message += ", not " + quote.Name(value.GetValue())
		}
		if f.Name == "new-passphrase" {
			hint = useNewPassphraseFile
		}
	}
	return usagef("%s", message).With(say("%s", hint))
}

// takes says what a flag with a value that is not text takes.
func takes(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		if f.Name == "help" {
			return "no value, or all"
		}
		return "no value"
	case "int":
		return "a number"
	case "size":
		return "a number of KiB, or one with a unit: 65536, 64M, 1G"
	}
	return "a number from 1 up to 18446744073709551615"
}
