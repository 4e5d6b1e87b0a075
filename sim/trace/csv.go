package trace

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// columns are the possible names in the first line of a table; the first three are
// required.
var columns = []string{"time", "guest", "cpu", "memory", "net"}

const columnsNeeded = 3

// CSV reads a table with a line for each guest and time. The first line names the
// columns, in any order:
//
//	time,guest,cpu,memory,net
//
// time is in seconds, with up to three decimals, from any origin: the earliest one in
// the file becomes 0. cpu is in cores, memory in bytes, net in bytes per second; memory
// and net are optional. Lines may be in any order. Each guest's samples are at even
// steps, which may differ between guests. The series are sorted by name. The error
// names the file and the line of up to ten faults; file is its name in errors.
func CSV(r io.Reader, file string) ([]Series, error) {
	table := csv.NewReader(r)
	table.ReuseRecord = true
	header, err := table.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: is empty; wanted a first line %q (memory and net may be left out)", file, strings.Join(columns, ","))
	}
	if err != nil {
		return nil, atLine(err, file)
	}
	at, err := headerColumns(header, file)
	if err != nil {
		return nil, err
	}
	fields := len(header)
	t := csvTable{file: file, at: at, guests: map[string][]csvRow{}}
	for {
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			t.faults.listed = append(t.faults.listed, atLine(err, file))
			return nil, t.faults.err() // where the next line begins is not known
		}
		line, _ := table.FieldPos(0)
		if err != nil {
			t.faults.add(file, line, "it has %d fields, and the first line names %d columns", len(record), fields)
			continue
		}
		t.add(record, line)
	}
	return t.finish()
}

// atLine is an error of the decoder with its place as other faults have it.
func atLine(err error, file string) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d: in column %d: %w", file, at.Line, at.Column, at.Err)
	}
	return fmt.Errorf("%s: %w", file, err)
}

// headerColumns returns the index of each of columns in a line, or -1.
func headerColumns(header []string, file string) ([]int, error) {
	at := make([]int, len(columns))
	for i := range at {
		at[i] = -1
	}
	var found faults
	for i, name := range header {
		name = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		switch which := slices.Index(columns, name); {
		case which < 0:
			found.add(file, 1, "there is no column %q", clip(name))
		case at[which] >= 0:
			found.add(file, 1, "column %q occurs twice", name)
		default:
			at[which] = i
		}
	}
	for i := range columnsNeeded {
		if at[i] < 0 {
			found.add(file, 1, "column %q is missing", columns[i])
		}
	}
	if err := found.err(); err != nil {
		return nil, fmt.Errorf("%w; wanted %q (memory and net may be left out)", err, strings.Join(columns, ","))
	}
	return at, nil
}

// csvRow is one line of a table.
type csvRow struct {
	line int
	at   time.Duration
	Sample
}

type csvTable struct {
	file   string
	at     []int
	guests map[string][]csvRow
	faults faults
}

func (t *csvTable) add(record []string, line int) {
	guest := strings.TrimSpace(record[t.at[1]])
	if guest == "" {
		t.faults.add(t.file, line, "the guest has no name")
		return
	}
	seconds, ok := t.number(record, 0, line)
	row := csvRow{line: line, at: time.Duration(math.Round(seconds*1000)) * time.Millisecond}
	if seconds > secondsMax {
		t.faults.add(t.file, line, "time %v is more than %v seconds; it is given in seconds", seconds, float64(secondsMax))
		ok = false
	}
	for i, to := range []*float64{&row.CPU, &row.Memory, &row.Net} {
		value, good := t.number(record, columnsNeeded-1+i, line)
		*to, ok = value, ok && good
	}
	if ok {
		t.guests[guest] = append(t.guests[guest], row)
	}
}

// secondsMax is the latest allowed time in seconds; it fits a time.Duration and is far
// above the present Unix time.
const secondsMax = 9e9

// number parses one of columns; a column that the table lacks is 0.
func (t *csvTable) number(record []string, column, line int) (float64, bool) {
	if t.at[column] < 0 {
		return 0, true
	}
	text := strings.TrimSpace(record[t.at[column]])
	value, err := strconv.ParseFloat(text, 64)
	switch {
	case text == "":
		t.faults.add(t.file, line, "%s is empty: a sample is missing", columns[column])
	case err != nil || math.IsNaN(value) || math.IsInf(value, 0):
		t.faults.add(t.file, line, "%s %q is not a number", columns[column], clip(text))
	case value < 0:
		t.faults.add(t.file, line, "%s is %s, below 0", columns[column], text)
	default:
		return value, true
	}
	return 0, false
}

func (t *csvTable) finish() ([]Series, error) {
	names := make([]string, 0, len(t.guests))
	begin := time.Duration(math.MaxInt64)
	for name, rows := range t.guests {
		names = append(names, name)
		for _, row := range rows {
			begin = min(begin, row.at)
		}
	}
	slices.Sort(names)
	if len(names) == 0 && len(t.faults.listed) == 0 {
		t.faults.add(t.file, 1, "has no line after the first; wanted one for each guest and time")
	}
	all := make([]Series, 0, len(names))
	if len(t.faults.listed) == 0 { // a line that could not be parsed would be reported again, as a gap
		for _, name := range names {
			all = append(all, t.series(name, begin))
		}
	}
	if err := t.faults.err(); err != nil {
		return nil, err
	}
	return all, nil
}

// series converts one guest's lines into a series, and checks it for gaps.
func (t *csvTable) series(name string, begin time.Duration) Series {
	rows := t.guests[name]
	slices.SortStableFunc(rows, func(a, b csvRow) int { return cmp.Compare(a.at, b.at) })
	s := Series{Name: name, Start: rows[0].at - begin}
	for i := 1; i < len(rows); i++ {
		if gap := rows[i].at - rows[i-1].at; gap > 0 && (s.Step == 0 || gap < s.Step) {
			s.Step = gap
		}
	}
	for i, row := range rows {
		if i > 0 {
			t.checkGap(name, rows[i-1], row, s.Step)
		}
		s.CPU = append(s.CPU, row.CPU)
		if t.at[3] >= 0 {
			s.Memory = append(s.Memory, row.Memory)
		}
		if t.at[4] >= 0 {
			s.Net = append(s.Net, row.Net)
		}
	}
	return s
}

func (t *csvTable) checkGap(name string, before, row csvRow, step time.Duration) {
	switch gap := row.at - before.at; {
	case gap == step && gap > 0:
	case gap == 0:
		t.faults.add(t.file, row.line, "guest %q has time %v s already in line %d", name, row.at.Seconds(), before.line)
	case gap%step == 0:
		t.faults.add(t.file, row.line, "guest %q has a hole: nothing between %v s (line %d) and %v s; its step is %v s",
			name, before.at.Seconds(), before.line, row.at.Seconds(), step.Seconds())
	default:
		t.faults.add(t.file, row.line, "guest %q has uneven steps: %v s after line %d, elsewhere %v s",
			name, gap.Seconds(), before.line, step.Seconds())
	}
}
