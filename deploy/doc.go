// Package deploy holds what runs Renkei elsewhere: see docs/operations.md. Its only code is a test, `make image`.
package deploy
