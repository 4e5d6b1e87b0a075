package process

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"parley/hostagent/process/coop"
	"parley/hostagent/process/protocol"
)

// TestMain makes this test's program the programs that it supervises: one that finds a
// supervisor's socket is one of them.
func TestMain(m *testing.M) {
	if os.Getenv(protocol.EnvSocket) != "" {
		if err := programs[os.Args[1]](); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if dir := os.Getenv(envAgent); dir != "" {
		if err := agentMain(dir, os.Getenv(envAgent+"_NAME"), os.Getenv(envAgent+"_OTHER")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// programs are what a guest's first argument names.
var programs = map[string]func() error{
	"grep":    grep,
	"idle":    idle,
	"deaf":    deaf,
	"quit":    func() error { return errors.New("the disk is on fire") },
	"silent":  func() error { select {} },
	"liar":    liar,
	"flood":   flood,
	"huge":    huge,
	"refuses": refuses,
	"counter": counter,
	"busy":    busy,
	"twice":   twice,
	"lone":    lone,
	"late":    late,
	"tells":   tells,
	"stands":  stands,
	"counts":  counts,
	"echoes":  echoes,
}

// grep is the example.
func grep() error {
	p, err := coop.Join("grep")
	if err != nil {
		return err
	}
	text := []byte(p.Args()[1])
	in, err := p.Input(p.Args()[2])
	if err != nil {
		return err
	}
	out, err := p.Output(p.Args()[3])
	if err != nil {
		return err
	}
	for {
		p.Point()
		line, err := in.ReadBytes('\n')
		if bytes.Contains(line, text) {
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return p.Done(0)
		}
		if err != nil {
			return err
		}
	}
}

// idle comes to a safe point again and again.
func idle() error {
	p, err := coop.Join("idle")
	if err != nil {
		return err
	}
	for {
		p.Point()
		<-time.After(time.Millisecond)
	}
}

// busy uses a processor.
func busy() error {
	p, err := coop.Join("busy")
	if err != nil {
		return err
	}
	for {
		p.Point()
	}
}

// deaf says hello and comes to no safe point.
func deaf() error {
	if _, err := coop.Join("deaf"); err != nil {
		return err
	}
	select {}
}

// counter appends a line at each step, and says which host it came from. It stands at 40
// lines until the file of its third argument is there.
func counter() error {
	p, err := coop.Join("counter")
	if err != nil {
		return err
	}
	n := 0
	if err := p.Carry("n", &n); err != nil {
		return err
	}
	out, err := p.Output(p.Args()[1])
	if err != nil {
		return err
	}
	for n < 80 {
		p.Point()
		if n == 40 {
			if _, err := os.Stat(p.Args()[2]); err != nil {
				<-time.After(time.Millisecond)
				continue
			}
		}
		n++
		if _, err := fmt.Fprintln(out, n); err != nil {
			return err
		}
	}
	return p.Done(0)
}

// late comes to its safe point number N when the file is there that has the name of its
// second argument with N at its end.
func late() error {
	p, err := coop.Join("late")
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		for errors.Is(statErr(fmt.Sprint(p.Args()[1], n)), fs.ErrNotExist) {
			<-time.After(time.Millisecond)
		}
		p.Point()
	}
}

// tells writes at each call of its AfterMove where it came from.
func tells() error {
	p, err := coop.Join("tells")
	if err != nil {
		return err
	}
	p.AfterMove(func(from string) error {
		file, err := os.OpenFile(p.Args()[1], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = fmt.Fprintf(file, "%q\n", from)
			err = errors.Join(err, file.Close())
		}
		return err
	})
	for {
		p.Point()
		<-time.After(time.Millisecond)
	}
}

// stands stands for the first suspend only after it has read the second, and ignores what
// comes meanwhile.
func stands() error {
	conn, err := speak()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(conn)
	for _, step := range []struct{ told, says string }{
		{`{"start"`, ""}, {`{"suspend":1,`, ""}, {`{"suspend":2,`, `{"suspended":1,"state":0}`},
		{`{"resume":1`, ""}, {`{"suspend":2,`, `{"suspended":2,"state":0}`},
	} {
		for lines.Scan() && !strings.HasPrefix(lines.Text(), step.told) {
		}
		if step.says != "" {
			if _, err := fmt.Fprintln(conn, step.says); err != nil {
				return err
			}
		}
	}
	select {}
}

func statErr(path string) error {
	_, err := os.Stat(path)
	return err
}

func refuses() error {
	p, err := coop.Join("refuses")
	if err != nil {
		return err
	}
	p.BeforeMove(func() error { return errors.New("a call lasts") })
	for {
		p.Point()
		<-time.After(time.Millisecond)
	}
}

func huge() error {
	p, err := coop.Join("huge")
	if err != nil {
		return err
	}
	state := bytes.Repeat([]byte("x"), 3<<20)
	if err := p.Carry("state", &state); err != nil {
		return err
	}
	for {
		p.Point()
		<-time.After(time.Millisecond)
	}
}

// speak connects without the SDK.
func speak(lines ...string) (net.Conn, error) {
	conn, err := net.Dial("unix", os.Getenv(protocol.EnvSocket))
	if err != nil {
		return nil, err
	}
	hello := fmt.Sprintf(`{"hello":"x","v":1,"run":%q,"pid":%d,"at":"new"}`, os.Getenv(protocol.EnvRun), os.Getpid())
	_, err = io.WriteString(conn, strings.Join(append([]string{hello}, lines...), "\n")+"\n")
	return conn, err
}

// liar says that it stands in a way that breaks the protocol.
func liar() error {
	if _, err := speak(`{"suspended":1,"state":0,"files":{"../etc/passwd":{"at":1}}}`); err != nil {
		return err
	}
	select {}
}

func flood() error {
	conn, err := speak()
	if err != nil {
		return err
	}
	line := []byte(strings.Repeat("{\"beat\":1}\n", 1000))
	for {
		if _, err := conn.Write(line); err != nil {
			return err
		}
	}
}

// twice says hello on two connections at a time, and then again.
func twice() error {
	for {
		for range 2 {
			first, err := speak()
			if err != nil {
				return err
			}
			second, err := speak()
			if err != nil {
				return err
			}
			if err := errors.Join(first.Close(), second.Close()); err != nil {
				return err
			}
		}
		<-time.After(time.Millisecond)
	}
}
