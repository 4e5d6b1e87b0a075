package service

import (
	"errors"
	"io/fs"
	"os"

	"parley/hostagent"
)

// fileLooker looks for files that guests of other hosts need. A hanging file system
// must not block anything else, nor accumulate goroutines.
type fileLooker struct {
	stat func(string) (os.FileInfo, error)
	busy chan struct{} // one value for each search in flight
	post func(hostagent.Found)
}

// searchesMost is the largest number of searches in flight.
const searchesMost = 4

func newFileLooker(post func(hostagent.Found)) *fileLooker {
	return &fileLooker{stat: os.Stat, busy: make(chan struct{}, searchesMost), post: post}
}

// look answers a question asynchronously. With too many searches in flight it answers
// that no file is known to be missing: the platform decides in the end.
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

// missing returns the first file that does not exist here. A file that cannot be
// inspected, as for lack of permission, may exist: libvirt sees more than the agent.
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
