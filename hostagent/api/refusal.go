package api

import (
	"errors"
	"fmt"

	"parley/hostagent"
)

// Refusal says why the agent does not do something: a stable code for programs, which is
// one of hostagent.Codes or of bundle.Code, and the particulars for people. Package
// wording renders it. The zero value refuses nothing.
type Refusal struct {
	Code   string `json:"code,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Is says whether something is refused.
func (r Refusal) Is() bool { return r.Code != "" }

// ErrRefused is wrapped in the error of what the host does not carry out.
var ErrRefused = errors.New("refused")

// Refused is the error of what the host does not carry out. Over the socket it is a
// response with the status 409 and the Refusal as JSON.
type Refused struct {
	Why   Refusal
	Guest string // whom the order named; "" for none
}

func (r *Refused) Error() string { return fmt.Sprintf("%v: %s", ErrRefused, r.Why.Detail) }

// Unwrap makes it an ErrRefused.
func (r *Refused) Unwrap() error { return ErrRefused }

// Refuse returns a *Refused.
func Refuse(code hostagent.Code, format string, args ...any) error {
	return &Refused{Why: Refusal{string(code), fmt.Sprintf(format, args...)}}
}
