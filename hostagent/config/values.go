package config

import (
	"fmt"
	"math"
	"reflect"
	"time"
)

var duration = reflect.TypeFor[time.Duration]()

// timesAndNumbers is a hook of the decoder: it reads times, and refuses two things that
// the decoder would take without a word: a fraction in place of a whole number, which it
// cuts off, and a time without a unit, which it takes for nanoseconds.
func timesAndNumbers(from, to reflect.Type, value any) (any, error) {
	number, isNumber := float(value)
	text, isText := value.(string)
	switch {
	case isText && to == duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("%q is not a time: write one such as 500ms, 30s or 5m", text)
		}
		return d, nil
	case isNumber && to == duration && from != to && number != 0:
		return nil, fmt.Errorf("%v is not a time: write its unit, such as %[1]vs", value)
	case isNumber && to.Kind() >= reflect.Int && to.Kind() <= reflect.Uint64 && number != math.Trunc(number):
		return nil, fmt.Errorf("%v is not a whole number", value)
	}
	return value, nil
}

func float(value any) (float64, bool) {
	v := reflect.ValueOf(value)
	switch {
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	case v.CanFloat():
		return v.Float(), true
	}
	return 0, false
}
