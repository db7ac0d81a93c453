package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"renkei/intake"
)

func keysNew(ctx context.Context, i *invocation) error {
	kms := i.flags.String("kms", "", "")
	if _, err := i.parse(0); err != nil {
		return err
	}
	key, err := freshKey(ctx, *kms)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(i.out, key.Reveal())
	return err
}

// freshKey is a new master key, wrapped by a KMS where one is named.
func freshKey(ctx context.Context, kms string) (intake.Secret, error) {
	if kms == "" {
		return intake.NewSecret(intake.NewMasterKey()), nil
	}
	entry, err := intake.NewWrappedKey(ctx, kms)
	return intake.NewSecret(entry), err
}

func keysRotate(ctx context.Context, i *invocation) error {
	promote := i.flags.Bool("promote", false, "")
	which := i.flags.String("key", "", "")
	kms := i.flags.String("kms", "", "")
	if _, err := i.parse(0); err != nil {
		return err
	}
	switch {
	case *promote && *kms != "":
		return fmt.Errorf("%w: --promote makes no key, so that --kms has no meaning", errUsage)
	case *promote:
		return i.promoteKey(ctx, *which)
	case *which != "":
		return fmt.Errorf("%w: --key says which key to --promote", errUsage)
	case i.config.MasterKeysFile != "":
		return i.rotateFile(ctx, *kms)
	}
	key, err := freshKey(ctx, *kms)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(i.out, "Append this key, after a comma, to RENKEI_MASTER_KEYS of every process, and restart them one by one.\n"+
		"When all have it (`renkei keys status`), run `renkei keys rotate --promote`.\n%s\n", key.Reveal())
	return err
}

// rotateFile adds a key to the key file.
func (i *invocation) rotateFile(ctx context.Context, kms string) error {
	before, err := i.config.openVault(ctx)
	if err != nil {
		return err
	}
	return i.withService(ctx, func(s *intake.Service) error {
		key, err := freshKey(ctx, kms)
		if err != nil {
			return err
		}
		path := i.config.MasterKeysFile
		if err := intake.AppendKey(path, key); err != nil {
			return err
		}
		after, err := i.config.openVault(ctx)
		if err != nil {
			return err
		}
		added := slices.DeleteFunc(after.Keys(), func(id intake.KeyID) bool { return slices.Contains(before.Keys(), id) })
		if err := s.AddKeys(ctx, added...); err != nil {
			return err
		}
		_, err = fmt.Fprintf(i.out, "Key %s is the last line of %s now. Processes that use this file take it up within seconds; "+
			"copy it to where others run.\nWhen all have it (`renkei keys status`), run `renkei keys rotate --promote`.\n",
			joined(added), path)
		return err
	})
}

func (i *invocation) promoteKey(ctx context.Context, which string) error {
	var p intake.Promotion
	if which != "" {
		id, err := intake.ParseKeyID(which)
		if err != nil {
			return fmt.Errorf("%w: --key: %w", errUsage, err)
		}
		p.Key = &id
	}
	if i.config.given["RENKEI_MASTER_KEYS"] || i.config.given["RENKEI_MASTER_KEYS_FILE"] {
		vault, err := i.config.openVault(ctx)
		if err != nil {
			return err
		}
		p.Held = vault.Keys()
	}
	return i.withService(ctx, func(s *intake.Service) error {
		id, err := s.PromoteKey(ctx, p)
		if errors.Is(err, intake.ErrKeyRefused) {
			return fmt.Errorf("%w (a key file is read again within seconds, RENKEI_MASTER_KEYS at a restart)", err)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(i.out, "Key %s seals from now on. What others sealed is re-sealed in the background: `renkei keys status`.\n"+
			"Take an old key away once it is DISABLED there.\n", id)
		return err
	})
}

func keysForget(ctx context.Context, i *invocation) error {
	words, err := i.parse(1)
	if err != nil {
		return err
	}
	id, err := intake.ParseKeyID(words[0])
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return i.withService(ctx, func(s *intake.Service) error {
		loss, err := s.ForgetKey(ctx, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(i.out, "Key %s is disabled. %d values that it sealed are lost: accounts have to be stopped and registered again.\n", id, loss.Values)
		if loss.Erased > 0 {
			fmt.Fprintf(i.out, "The tombstones of %d erased people are gone: who registers an account again may import them once more, to be erased anew.\n", loss.Erased)
		}
		return nil
	})
}

func keysStatus(ctx context.Context, i *invocation) error {
	if _, err := i.parse(0); err != nil {
		return err
	}
	return i.withService(ctx, func(s *intake.Service) error {
		status, err := s.VaultStatus(ctx)
		if err != nil {
			return err
		}
		return printKeys(i.out, status)
	})
}

func printKeys(w io.Writer, status intake.VaultStatus) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "KEY\tSTATE\tSEALED\tMEANING")
	for _, k := range status.Keys {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\n", k.ID, k.State, k.Sealed, meaning(k))
	}
	fmt.Fprintln(table, "\nPROCESS\tSEALS WITH\tHOLDS\t")
	for _, h := range status.Holders {
		fmt.Fprintf(table, "%s\t%s\t%s\t\n", h.Name, h.SealsWith, joined(h.Keys))
	}
	return table.Flush()
}

func joined(ids []intake.KeyID) string {
	words := make([]string, len(ids))
	for n, id := range ids {
		words[n] = id.String()
	}
	return strings.Join(words, " ")
}

// meaning is what a key's state means to an operator.
func meaning(k intake.VaultKey) string {
	switch {
	case k.State == intake.KeyPrimary:
		return "seals"
	case k.State == intake.KeyDisabled && k.Sealed > 0:
		return "was given up, and what it sealed with it"
	case k.State == intake.KeyDisabled:
		return "may be taken away"
	case !k.Used:
		return "new: seals nothing yet (`renkei keys rotate --promote`)"
	case k.Reseal == nil:
		return "opens"
	}
	text := fmt.Sprintf("opens; %d of %d values are re-sealed", k.Reseal.Done, k.Reseal.Done+k.Sealed)
	if k.Reseal.Unreadable > 0 {
		text += fmt.Sprintf(", %d do not open", k.Reseal.Unreadable)
	}
	return text
}
