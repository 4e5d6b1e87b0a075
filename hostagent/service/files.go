package service

import (
	"errors"
	"io/fs"
	"os"

	"parley/hostagent"
)

// fileLooker looks for files that guests of other hosts need. A file system that
// hangs must hold up nothing else, and not collect goroutines.
type fileLooker struct {
	stat func(string) (os.FileInfo, error)
	busy chan struct{} // holds a value for each search that is out
	post func(hostagent.Found)
}

// searchesMost is how many searches may be out.
const searchesMost = 4

func newFileLooker(post func(hostagent.Found)) *fileLooker {
	return &fileLooker{stat: os.Stat, busy: make(chan struct{}, searchesMost), post: post}
}

// look answers a question, later. With too many out it answers that nothing is
// known to be missing: the platform has the last word.
func (l *fileLooker) look(ask hostagent.LookFor) {
	select {
	case l.busy <- struct{}{}:
	default:
		go l.post(hostagent.Found{ID: ask.ID})
		return
	}
	go func() {
		missing := l.missing(ask.Files)
		<-l.busy
		l.post(hostagent.Found{ID: ask.ID, Missing: missing})
	}()
}

// missing is the first file that is not here. What cannot be seen, as for want of a
// permission, may be here: libvirt sees more than the agent.
func (l *fileLooker) missing(files []string) string {
	for _, name := range files {
		if !hostagent.Askable(name) {
			continue
		}
		info, err := l.stat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
			return name
		}
	}
	return ""
}
