package api

import (
	"context"
	"net/http"
	"time"

	"parley/hostagent"
)

// Admission is a migration to this host that is about to begin, as JSON.
type Admission struct {
	Guest  string          `json:"guest"`
	Kind   string          `json:"kind,omitempty"` // "": vm
	Deal   string          `json:"deal,omitempty"`
	Token  string          `json:"token,omitempty"`
	CPU    float64         `json:"cpu_cores"`
	Memory int64           `json:"memory_bytes"`
	Disk   int64           `json:"disk_bytes,omitempty"`
	Rules  hostagent.Rules `json:"rules"`
}

// AdmissionTimeout bounds a platform's request, which delays a migration.
const AdmissionTimeout = 5 * time.Second

// Arriving asks whether a migration may begin; the error is a *Refused if it may not.
func (c Client) Arriving(ctx context.Context, a hostagent.AdmissionAsked) error {
	ctx, cancel := context.WithTimeout(ctx, AdmissionTimeout)
	defer cancel()
	var taken Admission
	return c.ask(ctx, http.MethodPost, PathAdmission, Admission{
		Guest: string(a.Guest), Kind: string(a.Kind), Deal: string(a.Deal), Token: a.Token,
		CPU: a.Need.CPU, Memory: a.Need.MemoryBytes, Disk: a.Need.DiskBytes, Rules: a.Rules,
	}, &taken)
}
