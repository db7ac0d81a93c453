package access_test

import (
	"testing"

	"renkei/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
