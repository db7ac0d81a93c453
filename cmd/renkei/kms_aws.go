package main

import (
	"context"
	"strings"

	"github.com/tink-crypto/tink-go-awskms/v3/integration/awskms"
	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Tink's list of those who can unwrap master keys is the whole process'.
func init() { registry.RegisterKMSClient(amazonKMS{}) }

// amazonKMS is AWS' for every region. Its client is made for the region that a URI names, with the credentials that
// the machine has, and not before it is needed.
type amazonKMS struct{}

const amazonScheme = "aws-kms://"

// Supported implements registry.KMSClient.
func (amazonKMS) Supported(uri string) bool { return strings.HasPrefix(uri, amazonScheme) }

// GetAEAD implements registry.KMSClient. Nothing is asked of AWS yet.
func (amazonKMS) GetAEAD(uri string) (tink.AEAD, error) {
	client, err := awskms.NewClientWithOptions(context.Background(), uri)
	if err != nil {
		return nil, err
	}
	return client.GetAEAD(uri)
}
